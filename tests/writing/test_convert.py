"""There and back: what a file says of its respondents is the same in every format, or the difference is told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from surveytool import read
from surveytool.survey import Survey, Variable, code_text
from surveytool.writing import FORMATS
from surveytool.writing.names import allowed

SUFFIXES = list(FORMATS)


def shape(variable: Variable, *, codes: bool = True) -> tuple[Any, ...]:
    """What a question is: kind, label, counts, levels; missing codes left out where a format gives them new ones."""
    levels = [
        (code_text(each.code) if codes or each.missing is None else "", each.label, each.missing, each.count)
        for each in variable.levels
    ]  # fmt: skip
    return variable.kind, variable.label, variable.n, variable.n_missing, tuple(levels)


def shapes(survey: Survey, *, codes: bool = True) -> dict[str, tuple[Any, ...]]:
    return {name: shape(each, codes=codes) for name, each in survey.codebook.items()}


def values(survey: Survey, name: str) -> list[Any]:
    return survey.frame.column(name).to_pylist()


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A Stata file with tagged missing kinds, dates, texts and long labels."""
    frame = pd.DataFrame({
        "income": pd.Series([100.5, "a", 300.0, "b", None, 250.0] * 6, dtype=object),
        "answer": pd.Series([1.0, 2.0, "a", 1.0, 2.0, None] * 6, dtype=object),
        "day": pd.to_datetime(["2023-01-05", "2023-02-08", None, "2022-12-31", "2023-01-01", "2023-01-02"] * 6),
        "place": ["Tapachula", "Ciudad Hidalgo", "", "007", "Tapachula", "Metapa"] * 6,
    })  # fmt: skip
    path = tmp_path / "tagged.dta"
    pyreadstat.write_dta(
        frame, str(path), column_labels=["Income", "An answer", "A day", "A place"],
        variable_value_labels={"answer": {1: "Yes", 2: "No", "a": "Refused"},
                               "income": {"a": "Don't know", "b": "Refused"}},
        missing_user_values={"income": ["a", "b"], "answer": ["a"]},
    )  # fmt: skip
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_example_there_and_back(suffix: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    """transit.sav in every format, and back: the same questions, answers, labels, missing kinds, counts and sets."""
    there, back = tmp_path / f"there{suffix}", tmp_path / "back.sav"
    assert run("convert", example / "transit.sav", there).status == 0
    assert run("convert", there, back).status == 0
    first, middle, last = read(example / "transit.sav"), read(there), read(back)
    keeps = suffix != ".dta"  # there declared codes become .a, .b ...
    assert shapes(middle, codes=keeps) == shapes(first, codes=keeps)
    assert shapes(last, codes=keeps) == shapes(first, codes=keeps)
    for name in ("age", "weight", "sex", "site", "interview_date", "platforms_whatsapp"):
        assert values(middle, name) == values(first, name) == values(last, name)
    assert last.codebook["platforms"].columns == first.codebook["platforms"].columns


def rows(text: str) -> list[dict[str, str]]:
    """Rows of csv; codes of options are names of columns, which may be others."""
    return [{**row, "level_code": ""} for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_tables_come_out(suffix: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / f"data{suffix}"
    run("convert", example / "transit.csv", target)
    for names in (("social_media",), ("platforms",), ("age",), ("education",)):
        asked = ("--by", "sex", "-w", "weight", "--format", "csv")
        before, after = (rows(run("summarize", path, *names, *asked).out) for path in (example / "transit.csv", target))
        assert before == after, names


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tagged_missing_kinds_and_dates(suffix: str, tagged: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    there, back = tmp_path / f"there{suffix}", tmp_path / "back.dta"
    assert run("convert", tagged, there).status == 0
    assert run("convert", there, back).status == 0
    first = read(tagged)
    keeps = suffix not in (".sav", ".zsav")  # SPSS has no tags: they get codes of their own
    for other in (read(there), read(back)):
        assert shapes(other, codes=keeps) == shapes(first, codes=keeps)
        assert values(other, "place") == values(first, "place")
        assert [str(each)[:10] for each in values(other, "day")] == [str(each)[:10] for each in values(first, "day")]
    assert values(read(back), "income") == values(first, "income")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_bytes_each_time(suffix: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    made = []
    for _ in range(2):
        target = tmp_path / f"data{suffix}"
        run("convert", example / "transit.sav", target, "--overwrite")
        made.append([each.read_bytes() for each in sorted(tmp_path.iterdir())])
    assert made[0] == made[1]


def test_who_was_asked_survives_without_the_list(tmp_path: Path, run: Callable[..., Any]) -> None:
    """Kobo writes 0 where a question was not asked; SPSS has no list to tell, so the dummies become blank there."""
    path = tmp_path / "kobo.csv"
    path.write_text("apps,apps/a,apps/b\n" + "a,1,0\na b,1,1\n,0,0\n" * 8, "utf-8")
    target = tmp_path / "kobo.sav"
    run("convert", path, target)
    found = read(target).codebook["apps"]
    assert (found.kind, found.n, found.n_missing) == ("multiple", 16, 8)
    assert [each.count for each in found.levels] == [16, 8]


def test_many_missing_codes_become_a_range(tmp_path: Path, run: Callable[..., Any]) -> None:
    path, target = tmp_path / "data.csv", tmp_path / "data.sav"
    path.write_text("q\n" + "1\n2\n95\n96\n97\n98\n99\n" * 5, "utf-8")
    levels = [{"code": code, "label": f"Label {code}", "missing": "refused" if code > 90 else None}
              for code in (1, 2, 95, 96, 97, 98, 99)]  # fmt: skip
    book = {"schema": 1, "variables": [{"name": "q", "kind": "single", "type": "number", "levels": levels}], "sets": []}
    path.with_name("data.csv.codebook.json").write_text(json.dumps(book), "utf-8")
    run("convert", path, target)
    found = read(target).codebook["q"]
    assert found.n == 10 and [code_text(each.code) for each in found.levels if each.missing] == [
        "95", "96", "97", "98", "99",
    ]  # fmt: skip


PEOPLE = "id,apellidos,telefono,q1\n" + "".join(f"{row},Perez{row},+502 5512 {row:04d},yes\n" for row in range(30))


def test_it_stops_before_names_and_phones(tmp_path: Path, run: Callable[..., Any]) -> None:
    path, target = tmp_path / "people.csv", tmp_path / "people.sav"
    path.write_text(PEOPLE, "utf-8")
    done = run("convert", path, target)
    assert done.status == 2 and not target.exists()
    assert "--drop apellidos --drop telefono" in done.err and "--with-identifiers" in done.err
    assert "Perez" not in done.err and "5512" not in done.err
    assert run("convert", path, target, "--drop", "apellidos", "--drop", "telef*").status == 0
    assert list(read(target).codebook) == ["id", "q1"]
    assert run("convert", path, target, "--with-identifiers", "--overwrite").status == 0
    assert "apellidos" in read(target).codebook
    assert run("convert", path, target, "--drop", "telefno", "--overwrite").status == 2


def test_dropping_a_question_drops_its_columns(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "data.parquet"
    run("convert", example / "transit.sav", target, "--drop", "platforms", "--drop", "route_*")
    names = list(read(target).codebook)
    assert not [name for name in names if name.startswith(("platforms", "route_"))] and "route" in names


def test_the_codebook_beside_holds_no_answers(tmp_path: Path, run: Callable[..., Any]) -> None:
    path, target = tmp_path / "people.csv", tmp_path / "out.xlsx"
    path.write_text(PEOPLE, "utf-8")
    run("convert", path, target, "--with-identifiers")
    text = (tmp_path / "out.xlsx.codebook.json").read_text("utf-8")
    assert "Perez" not in text and "5512" not in text and '"count"' not in text


def test_texts_stay_texts(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('code,q\n007,=1+1\n010,"=HYPERLINK(""x"")"\n099,-5\n', "utf-8")
    done = run("convert", path, tmp_path / "odd.xlsx")
    assert done.status == 0
    found = read(tmp_path / "odd.xlsx")
    assert values(found, "code") == ["007", "010", "099"] and values(found, "q")[0] == "=1+1"
    again = run("convert", tmp_path / "odd.xlsx", tmp_path / "again.csv")
    assert "'=1+1" in (tmp_path / "again.csv").read_text("utf-8") and "apostrophe" in again.err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"variables": 1, "sets": []}', '{"variables": [{}], "sets": []}',
                                     '{"variables": [{"name": "q", "levels": [{}]}], "sets": []}', "\x00",
                                     '{"variables": [], "sets": [{"name": "x"}]}'])  # fmt: skip
def test_a_broken_codebook_is_one_line(content: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    path = tmp_path / "data.csv"
    path.write_text("q\n1\n2\n", "utf-8")
    path.with_name("data.csv.codebook.json").write_text(content, "utf-8")
    done = run("codebook", path)
    assert done.status == 3 and len(done.err.splitlines()) == 1 and "codebook" in done.err


def test_only_the_columns_asked_for_are_read(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    for suffix in (".csv", ".parquet", ".dta"):
        target = tmp_path / f"data{suffix}"
        run("convert", example / "transit.sav", target)
        found = read(target, columns=["platforms", "sex"])
        assert found.codebook["platforms"].kind == "multiple" and "age" not in found.codebook
        assert run("summarize", target, "platforms", "--by", "sex").status == 0


def test_names_are_made_fit_and_stay_apart() -> None:
    names = ["a b", "a_b", "a-b", "1x", "ñandú", "x" * 80, "x" * 90, "and", "", "A_B"]
    for longest, ascii_only in ((64, False), (32, True)):
        found = allowed(names, longest=longest, ascii_only=ascii_only)
        assert found["a_b"] == "a_b"
        assert len({each.lower() for each in found.values()}) == len(names) - 1  # a_b and A_B are one name there
        assert all(0 < len(each.encode()) <= longest for each in found.values())


def test_what_a_note_says_goes_along(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    run("convert", example / "transit.sav", tmp_path / "a.dta")
    assert "Synthetic data" in run("summarize", tmp_path / "a.dta", "sex").out
    (tmp_path / "b.dta.note").write_text("mine", "utf-8")
    assert run("convert", example / "transit.sav", tmp_path / "b.dta").status == 2
    assert (tmp_path / "b.dta.note").read_text("utf-8") == "mine" and not (tmp_path / "b.dta").exists()


def test_refusals(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    source = example / "transit.csv"
    assert run("convert", source, tmp_path / "x.pdf").status == 2
    assert run("convert", source, tmp_path / "no" / "x.sav").status == 2
    assert run("convert", tmp_path / "none.csv", tmp_path / "x.sav").status == 3
    (tmp_path / "x.sav").write_bytes(b"x")
    assert run("convert", source, tmp_path / "x.sav").status == 2 and (tmp_path / "x.sav").read_bytes() == b"x"
    assert run("convert", source, source).status == 2
    assert run("convert", source, tmp_path / "y.sav", "--drop", "*").status == 2
