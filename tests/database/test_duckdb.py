"""Tables of DuckDB files: schemas and views, comments, and types that no answer is kept in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import surveytool as st
from surveytool.reading import database

MADE = (
    "create schema field",
    "create type band as enum ('young', 'middle', 'old', 'nobody')",
    "create table field.people as select i as id, (['old', 'young', 'middle'])[1 + i % 3]::band as band, "
    "cast(((i % 40) * 5) / 100.0 as decimal(8, 2)) as share, sum(i % 2) over (order by i) as many, "
    "(1701411834604692317316873037158841::hugeint + i % 2) as huge, cast(i % 4 as decimal(4, 0)) as whole, "
    "date '2020-01-01' + i::int as day, [i % 2, 1] as list, {'a': i % 2} as record, '10:00:00'::time as hour, "
    "interval 1 day as span, i % 2 = 0 as flag, 1 + i % 5 as w from range(400) r(i)",
    "comment on column field.people.band is 'Age band'",
    "create view field.young as select * from field.people where band = 'young'",
    "create table notes as select 1 as a from range(2)",
    "create table field.notes as select 2 as a from range(2)",
    "create table gone as select 1 as a",
    "create view broken as select * from gone",
    "drop table gone",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "all.duckdb"
    with duckdb.connect(str(path)) as made:
        for statement in MADE:
            made.execute(statement)
    return path


@pytest.mark.parametrize("large", [database.LARGE, 0])
def test_types_become_what_an_answer_is(file: Path, large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LARGE", large)
    survey = st.read(f"{file}::field.people", stream=True)
    assert (type(survey.frame).__name__ == "Stream") is (large == 0)
    book = survey.codebook
    assert book["band"].label == "Age band"
    labels = {name: [level.label for level in each.levels] for name, each in book.items()}
    assert labels["band"] == ["young", "middle", "old", "nobody"]
    assert labels["whole"] == ["0", "1", "2", "3"]
    assert (labels["list"], labels["hour"], labels["span"]) == (["[0, 1]", "[1, 1]"], ["10:00:00"], ["1 day"])
    assert [level.count for level in book["huge"].levels] == [200, 200]  # two numbers that no float tells apart
    assert [book[name].kind for name in ("share", "many", "day")] == ["number", "number", "date"]
    assert st.summarize(survey, ["many"], stat="mean").rows[0].estimate == 100.0
    for number in (7, 14, 28, 29):
        assert st.summarize(survey, ["band"], where=f"share == {number * 5 / 100}").rows[0].n == 10


def test_schemas_and_views(file: Path, run: Callable[..., Any]) -> None:
    assert st.read(f"{file}::field.young").provenance.rows == 133
    for name, value in (("notes", 1.0), ("main.notes", 1.0), ("field.notes", 2.0)):
        assert st.summarize(f"{file}::{name}", ["a"], stat="mean").rows[0].estimate == value
    several = run("codebook", file)
    assert several.status == 3 and "broken, notes, field.notes, field.people, field.young" in several.err
    wrong = run("codebook", f"{file}::field.peple")
    assert wrong.status == 3 and "Did you mean 'field.people'?" in wrong.err
    broken = run("codebook", f"{file}::broken")
    assert broken.status == 3 and "broken: has a view that cannot be computed" in broken.err


def test_a_manifest_knows_the_file_again(file: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    manifest, source = tmp_path / "m.json", f"{file}::field.people"
    assert run("summarize", source, "band", "-w", "w", "--manifest", manifest).status == 0
    found = json.loads(manifest.read_text("utf-8"))["data"]
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert found == {"name": "all.duckdb::field.people", "sha256": sha256, "rows": 400, "parts": {}}
    for named in ((source,), ()):
        same = run("reproduce", "--against", manifest, *named, "--format", "json")
        assert same.status == 0 and same.json["same"] is True, same.err
    with duckdb.connect(str(file)) as made:
        made.execute("delete from field.people where id < 10")
    other = run("reproduce", "--against", manifest, "--format", "json")
    assert other.status == 1 and other.json["changes"][0]["kind"] == "data_rows"


def test_columns_are_completed(file: Path, tmp_path: Path) -> None:
    from surveytool.cli.completion import names

    assert names(f"{file}::field.people")[:3] == ["id", "band", "share"]
    assert names(f"{file}::nothing") == []
    alone = tmp_path / "alone.duckdb"
    with pytest.importorskip("duckdb").connect(str(alone)) as made:
        made.execute("create table people as select 1 as sex, 2 as age")
    assert names(alone) == ["sex", "age"]


def test_the_scripts_for_other_programs_read_an_export(file: Path, run: Callable[..., Any]) -> None:
    done = run("summarize", f"{file}::field.people", "band", "--explain")
    assert done.status == 0, done.err
    command = f'surveytool convert "{file}::field.people" people.csv --with-identifiers'
    assert f"# first: {command}" in done.out and f"* first: {command}" in done.out
    assert 'read.csv("people.csv"' in done.out and 'import delimited "people.csv"' in done.out
