"""A table on a real PostgreSQL server: the numbers of the file, from one state of the table, without changing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from database.conftest import ENCODED, PASSWORD, Postgres

import surveytool as st
from surveytool.reading import database
from surveytool.reading.address import parsed
from surveytool.reading.database import DatabaseSource
from surveytool.reading.server import Server

DESIGN = ("-w", "weight", "--strata", "country_interview", "--psu", "site", "--lonely-psu", "adjust")
VARIABLES = ["social_media", "age", "education", "platforms", "weeks_travel", "interview_lang", "n_transit"]
DESCRIBED = st.Design(weights="weight", strata="country_interview", psu=("site",), lonely_psu="adjust")


def test_the_numbers_are_those_of_the_file(postgres: Postgres, transit: str, example: Path, tmp_path: Path) -> None:
    """To the last digit where the rows lie in the same order; the server need not keep a file's own."""
    ordered = tmp_path / "transit.csv"
    postgres.sql(f"\\copy (select * from {transit}) to '{ordered}' csv header")
    found = []
    for source in (postgres.address(transit), ordered, example / "transit.csv"):
        survey = st.read(source, design=DESCRIBED)
        made = st.summarize(survey, VARIABLES, by=["sex", ("age_group", "route")])
        found.append([asdict(row) for row in made.rows])
    ours, same, theirs = found
    assert len(ours) > 200 and ours == same
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == {name: _near(value) for name, value in other.items()}


def test_a_stream_gives_the_same(
    postgres: Postgres, transit: str, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("summarize", postgres.address(transit), "social_media", "age", "platforms", "--by", "sex", *DESIGN)
    whole = run(*command, "--format", "json")
    assert whole.status == 0, whole.err
    monkeypatch.setattr(database, "LARGE", 0)
    streamed = st.read(postgres.address(transit), stream=True)
    assert type(streamed.frame).__name__ == "Stream"
    batches = run(*command, "--format", "json")
    assert whole.json["source"] == {"path": postgres.address(transit), "sha256": None, "rows": 531}
    assert batches.json["tables"] == whole.json["tables"]
    for mine, theirs in zip(batches.json["rows"], whole.json["rows"], strict=True):
        assert mine == {name: _near(value) for name, value in theirs.items()}


def _near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value


def test_the_order_of_the_rows_changes_nothing(postgres: Postgres, transit: str, run: Callable[..., Any]) -> None:
    postgres.sql(
        "drop table if exists shuffled; create table shuffled as select * from field.transit order by random();"
    )
    options = ("social_media", "education", "age", "--by", "sex", "--by", "age_group", *DESIGN, "--format", "json")
    found = [run("summarize", postgres.address(table), *options).json["rows"] for table in (transit, "shuffled")]
    for mine, theirs in zip(*found, strict=True):
        assert mine == {name: _near(value) for name, value in theirs.items()}


def test_every_command_reads_it_and_none_tells_the_password(
    postgres: Postgres, transit: str, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PGPASSWORD")
    source = postgres.secret(transit)
    Path("claims.csv").write_text("id,published,variable,level\nc,42%,social_media,Yes\n", "utf-8")
    commands: tuple[tuple[str, ...], ...] = (
        ("codebook", source), ("check", source), ("summarize", source, "social_media", "--explain", *DESIGN),
        ("summarize", source, "age", "-w", "weight", "-o", "t.json", "--manifest", "summarize.json"),
        ("compare", source, "social_media", "--by", "sex", *DESIGN), ("model", source, "age ~ sex", "-w", "weight"),
        ("chart", source, "social_media", "--by", "sex", "-o", "c.svg", "--manifest", "chart.json"),
        ("reproduce", source, "--claims", "claims.csv", "-w", "weight"),
        ("convert", source, "out.csv", "--with-identifiers"),
        ("weight", source, "--margin", "sex: Male=0.55, Female=0.45", "-o", "weights.csv", "--with-identifiers"),
        ("new", source, "-o", "study.toml"),
    )  # fmt: skip
    told = ""
    for command in commands:
        done = run(*command)
        assert done.status == 0, (command[0], done.err)
        told += done.out + done.err
    told += "".join(each.read_text("utf-8") for each in tmp_path.iterdir())
    assert postgres.address(transit) in told
    assert PASSWORD not in told and ENCODED not in told and "sesame" not in told


def test_a_study_names_it(
    postgres: Postgres, transit: str, run: Callable[..., Any], tmp_path: Path, example: Path
) -> None:
    studies = {}
    for name, path in (("table", postgres.secret(transit)), ("file", str(example / "transit.csv"))):
        studies[name] = tmp_path / f"{name}.toml"
        studies[name].write_text(
            f'[data]\npath = "{path}"\n[design]\nweights = "weight"\n'
            '[[tables]]\nvariable = "social_media"\nby = ["sex"]\n',
            "utf-8",
        )
    table, file = (run("summarize", each, "--format", "json").json["rows"] for each in studies.values())
    for mine, other in zip(table, file, strict=True):
        assert mine == {name: _near(value) for name, value in other.items()}
    assert run("check", studies["table"]).status == 0
    report = run("report", studies["table"], "-o", tmp_path / "report.html")
    assert report.status == 0, report.err
    assert "sesame" not in (tmp_path / "report.html").read_text("utf-8") + report.err
    studies["table"].write_text(studies["table"].read_text("utf-8").replace(transit, "field.transt"), "utf-8")
    wrong = run("summarize", studies["table"])
    assert wrong.status == 3 and "table.toml, line 2" in wrong.err and "Did you mean 'field.transit'?" in wrong.err
    assert "sesame" not in wrong.err


def test_a_manifest_says_that_the_table_lives(postgres: Postgres, run: Callable[..., Any], tmp_path: Path) -> None:
    postgres.sql("drop table if exists living; create table living as select g % 2 as q from generate_series(1, 40) g;")
    source, file = postgres.address("living"), tmp_path / "m.json"
    assert run("summarize", source, "q", "--manifest", file).status == 0
    found = json.loads(file.read_text("utf-8"))["data"]
    assert (found["name"], found["sha256"], found["rows"]) == (source, None, 40)
    assert found["time"].endswith("+00:00")
    same = run("reproduce", "--against", file, source, "--format", "json")
    assert same.status == 0 and same.json["same"] is None and same.json["changes"][0]["kind"] == "data_live"
    away = run("reproduce", "--against", file, "--format", "json")
    assert away.status == 1 and away.json["changes"][0]["kind"] == "data_away"
    postgres.sql("insert into living values (1);")
    more = run("reproduce", "--against", file, source, "--format", "json")
    assert more.status == 1 and more.json["changes"][0]["kind"] == "data_rows"


def test_all_readings_see_one_state_of_the_table(postgres: Postgres) -> None:
    postgres.sql("drop table if exists moving; create table moving as select g as a from generate_series(1, 30) g;")
    source = DatabaseSource(Server(parsed(postgres.address("moving"))), "moving")
    postgres.sql("insert into moving select 99 from generate_series(1, 30); update moving set a = 7;")
    values = [value for batch in source.batches(["a"], 1000) for value in batch.column("a").to_pylist()]
    assert source.rows == 30 and sorted(values) == list(range(1, 31))
    assert DatabaseSource(Server(parsed(postgres.address("moving"))), "moving").rows == 60


def test_nothing_can_be_written(postgres: Postgres, transit: str) -> None:
    import duckdb

    for query in ('create table "source".public.made (a int)', 'delete from "source".field.transit'):
        with pytest.raises(duckdb.Error, match="read-only"):
            Server(parsed(postgres.address())).connection.execute(query)


def test_a_table_that_is_named_in_part_or_not_at_all(postgres: Postgres, run: Callable[..., Any]) -> None:
    postgres.sql(
        "drop schema if exists one cascade; drop schema if exists two cascade; create schema one; create schema two;"
        "create table one.answers as select 1 as a; create table two.answers as select 2 as a;"
        'create table one."Odd.na""me" as select 3 as "Q 1"; create view one.seen as select a from one.answers;'
        "create table one.parts (a int) partition by range (a);"
        "create table one.parts_low partition of one.parts for values from (0) to (100);"
        "insert into one.parts select generate_series(1, 20); create materialized view one.kept as table one.parts;"
    )
    for name, rows in (("two.answers", 1), ('one.Odd.na"me', 1), ("seen", 1), ("kept", 20), ("parts", 20)):
        assert st.read(postgres.address(name)).provenance.rows == rows
    several = run("codebook", postgres.address("answers"))
    assert several.status == 3 and "Name one of: one.answers, two.answers" in several.err
    unnamed = run("codebook", postgres.address())
    assert unnamed.status == 3 and "tables: " in unnamed.err and f"Name one: {postgres.address()}::TABLE" in unnamed.err
    postgres.sql("drop database if exists alone;", "create database alone;")
    postgres.sql("create table answers as select 5 as a;", database="alone")
    assert st.read(postgres.address(database="alone")).provenance.path == postgres.address("answers", database="alone")


TYPES = """
drop table if exists types; drop type if exists band; create type band as enum ('young', 'middle', 'old');
create table types as select g as id, (array['old', 'young', 'middle'])[1 + g % 3]::band as band,
    ((g % 40) * 5 / 100.0)::numeric(8, 2) as share, ((g % 40) * 5 / 100.0)::numeric as free, 'ab'::char(5) as fixed,
    g::numeric(25, 0) as wide, (123456789012345678901 + g % 2)::numeric(25, 0) as wider, array[g % 2, 1] as list,
    '1 day'::interval as span, '2020-01-01'::date + g as day, g % 2 = 0 as flag from generate_series(1, 400) g;
comment on column types.band is 'Age band'; comment on column types.share is 'Share of ''income''';
"""


def test_types_become_what_an_answer_is(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres.sql(TYPES)
    for large in (database.LARGE, 0):
        monkeypatch.setattr(database, "LARGE", large)
        survey = st.read(postgres.address("types"), stream=True)
        book = survey.codebook
        assert (book["band"].label, book["share"].label) == ("Age band", "Share of 'income'")
        assert [level.label for level in book["band"].levels] == ["young", "middle", "old"]
        assert [book[name].kind for name in ("share", "free", "wide", "day")] == ["number", "number", "number", "date"]
        assert [level.label for level in book["fixed"].levels] == ["ab"]
        assert [level.count for level in book["wider"].levels] == [200, 200]  # two numbers that no float tells apart
        assert [level.label for level in book["list"].levels] == ["[0, 1]", "[1, 1]"]
        assert [level.label for level in book["span"].levels] == ["1 day"]
        assert [level.count for level in book["flag"].levels] == [200, 200]
        for number in (7, 14, 28, 29):
            for name in ("share", "free"):
                asked = st.summarize(survey, ["band"], where=f"{name} == {number * 5 / 100}")
                assert asked.rows[0].n == 10, (name, number)


def test_numbers_that_are_none_are_refused_not_read_as_zero(postgres: Postgres, run: Callable[..., Any]) -> None:
    postgres.sql(
        "drop table if exists nan; create table nan (a numeric(8, 2), b numeric, c double precision, d int);"
        "insert into nan values ('NaN', 1, 'NaN', 1), (1, 'Infinity', 2, 2), (2, 2, 3, 3);"
    )
    for name in ("a", "b"):
        found = run("summarize", postgres.address("nan"), name, "--stat", "mean")
        assert found.status == 3 and f"{name} is NaN or infinite in 1 rows" in found.err
    assert st.summarize(postgres.address("nan"), ["c"], stat="mean").rows[0].estimate == 2.5  # NaN is no answer
    assert run("summarize", postgres.address("nan"), "d").status == 0
