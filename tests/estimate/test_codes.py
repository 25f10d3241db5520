"""Rows are known by the codes of their levels: labels may change, or be the same, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.disclosure_control import Protection, guard
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.result import Results, Row
from surveytool.survey import Codebook, Level, Request
from surveytool.tabulation import compare, tabulate

LABELS = {"q": {"1": "Yes", "2": "No", "3": "Perhaps"}, "g": {"1": "North", "2": "South", "3": "West"}}
SPANISH = {"q": {"1": "Sí", "2": "No", "3": "Quizás"}, "g": {"1": "Norte", "2": "Sur", "3": "Oeste"}}
ONE = {"q": dict.fromkeys("123", "Other"), "g": dict.fromkeys("123", "Other")}
REQUEST = Request(variable="q", by=(("g",), ("g", "s")))


def survey(labels: dict[str, dict[str, str]]) -> st.Survey:
    """300 respondents, small groups among them; the answers have these labels."""
    rows = range(300)
    data = {
        "q": [str(1 + row * row % 7 % 3) for row in rows], "s": ["m" if row % 2 else "f" for row in rows],
        "g": ["3" if row < 8 else str(1 + row % 2) for row in rows], "w": [1.0 + row % 4 for row in rows],
    }  # fmt: skip
    read = st.read(pa.table(data), design=st.Design(weights="w"))
    book = dict(read.codebook)
    for name, texts in labels.items():
        levels = tuple(Level(code=code, label=text, order=n) for n, (code, text) in enumerate(texts.items()))
        book[name] = replace(book[name], levels=levels, kind="single")
    return replace(read, codebook=Codebook(book))


def numbers(results: Results) -> list[tuple[object, ...]]:
    """Rows without their labels."""
    blank: list[Row] = [replace(row, by={}, level=None) for estimate in results.estimates for row in estimate.rows]
    return [(row,) for row in blank]


@pytest.mark.parametrize("labels", [SPANISH, ONE], ids=["another language", "one label"])
def test_numbers_are_the_same_under_other_labels(labels: dict[str, dict[str, str]]) -> None:
    assert numbers(tabulate(survey(LABELS), [REQUEST])) == numbers(tabulate(survey(labels), [REQUEST]))


@pytest.mark.parametrize("labels", [SPANISH, ONE], ids=["another language", "one label"])
def test_the_gate_holds_back_the_same_under_other_labels(labels: dict[str, dict[str, str]]) -> None:
    shown = [tabulate(guard(survey(each), Protection(active=True)), [REQUEST]) for each in (LABELS, labels)]
    assert numbers(shown[0]) == numbers(shown[1])
    held = [row for row in shown[0].estimates[0].rows if row.flag == "suppressed"]
    assert held and len(held) < len(shown[0].estimates[0].rows), "something is held back, and not everything"


def test_pairs_are_known_by_codes() -> None:
    request, wanted = replace(REQUEST, by=(("g",),)), Comparison(tests=("difference",))
    ours, theirs = (compare(survey(each), [request], wanted).tests for each in (LABELS, SPANISH))
    assert [test.groups for test in ours] != [test.groups for test in theirs]
    plain = [[replace(test, groups=None, level=None) for test in tests] for tests in (ours, theirs)]
    assert plain[0] == plain[1]
    assert {test.pair for test in ours} >= {((("g", "1"),), (("g", "2"),))}


def test_json_tells_codes() -> None:
    made = json.loads(st.summarize(survey(LABELS), "q", by=["g", ("g", "s")]).render("json"))
    row = next(row for row in made["rows"] if row["by"] == {"g": "South", "s": "m"} and row["level"] == "Yes")
    assert row["by_code"] == {"g": "2", "s": "m"} and row["level_code"] == "1" and row["statistic"] == "proportion"
    assert made["rows"][0]["by_code"] == {}
