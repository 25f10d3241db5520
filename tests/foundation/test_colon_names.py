"""A column whose name holds a colon is a breakdown like any other, in every door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import surveytool as st
from surveytool.cli.app import main

BY = ("--by", "a:b", "--by", "sex:a:b", "--by", "a:sex")
STUDY = """[data]
path = "data.csv"
[[tables]]
variable = "q"
by = ["a:b", "a:b:sex", "a:sex"]
[[claims]]
id = "group"
published = "{group}"
variable = "q"
level = "yes"
by = {{"a:b" = "x"}}
[[claims]]
id = "share"
published = "{share}"
variable = "a"
level = "1"
percent_of = "all"
by = {{b = "1"}}
"""


def table() -> pa.Table:
    """240 respondents with columns ``a``, ``b`` and ``a:b`` that all say something else."""
    rows = range(240)
    return pa.table({
        "q": ["yes" if row % 5 < 2 else "no" for row in rows],
        "a": [str(row // 3 % 2) for row in rows], "b": [str(row // 7 % 2) for row in rows],
        "a:b": ["x" if row % 4 else "y" for row in rows], "sex": ["m" if row % 2 else "f" for row in rows],
    })  # fmt: skip


def share(inside: Callable[[dict[str, Any]], bool], of: Callable[[dict[str, Any]], bool]) -> float:
    """The share of those inside among some respondents, counted by hand."""
    rows = [row for row in table().to_pylist() if of(row)]
    return sum(map(inside, rows)) / len(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pyarrow.csv.write_csv(table(), tmp_path / "data.csv")
    pa.parquet.write_table(table(), tmp_path / "data.parquet")
    group = share(lambda row: row["q"] == "yes", lambda row: row["a:b"] == "x")
    both = share(lambda row: row["a"] == "1" and row["b"] == "1", lambda row: True)
    text = STUDY.format(group=f"{group:.0%}", share=f"{both:.0%}")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return tmp_path


def rows_of(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> list[dict[str, Any]]:
    assert main([*arguments, "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capfdbinary.readouterr().out)["rows"]
    return found


@pytest.mark.parametrize("source", ["data.csv", "data.parquet", "study.toml"])
def test_a_colon_in_a_name_on_the_command_line(
    folder: Path, source: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = rows_of(
        capfdbinary, "summarize", str(folder / source), "q", "--by", "a:b", "--by", "sex:a:b", "--by", "a:sex"
    )
    assert {tuple(row["by"]) for row in rows} == {(), ("a:b",), ("sex", "a:b"), ("a", "sex")}
    (mine,) = [row for row in rows if row["by"] == {"a:b": "x"} and row["level"] == "yes"]
    assert mine["estimate"] == pytest.approx(share(lambda row: row["q"] == "yes", lambda row: row["a:b"] == "x"))


def test_a_colon_in_a_name_in_python(folder: Path) -> None:
    for source in (table(), folder / "data.csv", st.read(table())):
        rows = st.summarize(source, "q", by=["a:b", ("a", "b"), ("sex", "a:b")]).rows
        assert {tuple(row.by) for row in rows} == {(), ("a:b",), ("a", "b"), ("sex", "a:b")}


def test_a_colon_in_a_name_in_a_study_and_its_claims(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = rows_of(capfdbinary, "summarize", str(folder / "study.toml"))
    assert {tuple(row["by"]) for row in rows} == {(), ("a:b",), ("a:b", "sex"), ("a", "sex")}
    assert main(["reproduce", str(folder / "study.toml"), "--format", "json"]) == 0
    told = {claim["id"]: claim["verdict"] for claim in json.loads(capfdbinary.readouterr().out)["claims"]}
    assert told == {"group": "reproduced", "share": "reproduced"}


@pytest.mark.parametrize("source", ["data.csv", "study.toml"])
def test_a_colon_in_a_name_is_checked(folder: Path, source: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["check", str(folder / source), "--by", "a:b:sex", "--format", "json"]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert '"a:b:sex"' in told and "no variable named" not in told, "y × m has nobody"


def test_a_colon_in_a_name_passes_the_gate(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    arguments = ("compare", str(folder / "data.csv"), "q", "--by", "a:b", "--by", "a:b:sex", "--protect")
    assert main([*arguments, "--format", "json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert {test["by"] for test in told["tests"]} == {"a:b", "a:b:sex"}
    assert {tuple(row["by"]) for row in told["rows"]} == {(), ("a:b",), ("a:b", "sex")}


@pytest.mark.parametrize("source", ["data.csv", "data.parquet", "study.toml"])
def test_a_colon_in_a_name_of_a_standard(
    folder: Path, source: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:  # fmt: skip
    given = ("--standardize", "a:b: x=0.5, y=0.5")
    (row,) = [
        row for row in rows_of(capfdbinary, "summarize", str(folder / source), "q", *given)
        if row["level"] == "yes"
    ]  # fmt: skip
    parts = [share(lambda row: row["q"] == "yes", lambda row, own=own: row["a:b"] == own) for own in "xy"]
    assert row["estimate"] == pytest.approx(sum(parts) / 2)
    made = st.summarize(table(), "q", standardize=given[1]).rows
    assert next(row.estimate for row in made if row.level == "yes") == pytest.approx(row["estimate"])


def test_a_colon_in_a_name_of_a_margin(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    target = folder / "weighted.csv"
    assert main(["weight", str(folder / "data.csv"), "--margin", "a:b: x=0.5, y=0.5", "-o", str(target)]) == 0
    capfdbinary.readouterr()
    weighted = pyarrow.csv.read_csv(target).to_pylist()
    name = next(name for name in weighted[0] if name not in table().column_names)
    by = {own: sum(row[name] for row in weighted if row["a:b"] == own) for own in "xy"}
    assert by["x"] == pytest.approx(by["y"])
