"""Scores: what is reckoned is what the arithmetic says, and nobody without a part gets a score in silence."""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as strategy

import surveytool as st
from surveytool.errors import SurveytoolError, UsageError
from surveytool.recoding import faults, recode
from surveytool.recoding.recode_types import Case, CountOf, Declared, Score
from surveytool.survey import Survey

KINDS: Any = {"a": "number", "b": "number", "c": "number"}


def survey_of(**columns: Sequence[Any]) -> Survey:
    return st.read(pa.table(dict(columns)), kinds={name: kind for name, kind in KINDS.items() if name in columns})


def values_of(survey: Survey, name: str = "score") -> list[float | None]:
    return list(survey.frame.column(name).to_pylist())


def notes_of(survey: Survey) -> dict[str, dict[str, Any]]:
    return {note.code: dict(note.values) for note in survey.notes if note.code.startswith("score_")}


def score(**given: Any) -> Score:
    return Score(name="score", type="score", **given)


THREE = {"a": [1.0, 2.0, None, None, 5.0], "b": [4.0, None, 3.0, None, 0.0], "c": [7.0, 1.0, 2.0, None, 9.0]}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ({"sum": {"a": 2, "b": 1, "c": 0.5}}, [9.5, None, None, None, 14.5]),
        ({"sum": {"a": 2, "b": 1, "c": 0.5}, "missing": "zero"}, [9.5, 4.5, 4.0, None, 14.5]),
        ({"sum": {"a": 2, "b": 1, "c": 0.5}, "missing": "mean"}, [9.5, 4.5 * 3.5 / 2.5, 4 * 3.5 / 1.5, None, 14.5]),
        ({"mean": ("a", "b", "c")}, [4.0, None, None, None, 14 / 3]),
        ({"mean": ("a", "b", "c"), "missing": "zero"}, [4.0, 1.0, 5 / 3, None, 14 / 3]),
        ({"mean": ("a", "b", "c"), "missing": "mean"}, [4.0, 1.5, 2.5, None, 14 / 3]),
        ({"max": ("a", "b")}, [4.0, None, None, None, 5.0]),
        ({"min": ("a", "b"), "missing": "zero"}, [1.0, 0.0, 0.0, None, 0.0]),
        ({"ratio": ("a", "b")}, [0.25, None, None, None, None]),
        ({"count": CountOf(of=("a", "c"), when=">= 2")}, [1.0, 1.0, None, None, 2.0]),
        ({"count": CountOf(of=("a", "c"), when=(1, 7))}, [2.0, 1.0, None, None, 0.0]),
    ],
)
def test_every_formula_by_hand(formula: dict[str, Any], expected: list[float | None]) -> None:
    made = recode(survey_of(**THREE), [score(**formula)])
    for value, right in zip(values_of(made), expected, strict=True):
        assert value == (right if right is None else pytest.approx(right, abs=1e-12))
    book = made.codebook["score"]
    assert (book.kind, book.n, book.n_missing) == ("number", 5 - expected.count(None), expected.count(None))


def test_who_is_left_out_is_counted() -> None:
    made = recode(survey_of(**THREE), [score(sum={"a": 1, "b": 1})])
    assert notes_of(made) == {"score_refuse": {"name": "score", "n": 2}}, "the fourth has no answer at all"
    zero = recode(survey_of(**THREE), [score(sum={"a": 1, "b": 1}, missing="zero")])
    assert notes_of(zero) == {"score_zero": {"name": "score", "n": 2}}
    divided = recode(survey_of(**THREE), [score(ratio=("a", "b"))])
    assert notes_of(divided)["score_division"] == {"name": "score", "below": "b", "n": 1}
    ranged = recode(survey_of(**THREE), [score(mean=("a", "c"), valid=(0, 7))])
    assert notes_of(ranged)["score_outside"]["n"] == 1
    assert values_of(ranged) == [4.0, 1.5, None, None, None]


def test_days_and_cases() -> None:
    day = datetime.date
    survey = st.read(pa.table({
        "start": pa.array([day(2023, 1, 1), day(2023, 2, 1), None], pa.date32()),
        "end": pa.array([datetime.datetime(2023, 3, 1, 23), datetime.datetime(2023, 1, 31), None], pa.timestamp("us")),
        "a": [1.0, 50.0, None],
    }), kinds=KINDS)  # fmt: skip
    made = recode(survey, [score(days=("start", "end"))])
    assert values_of(made) == [59.0, -1.0, None]
    assert notes_of(made)["score_backward"]["n"] == 1
    cases = (Case(when="a <= 10", then="few"), Case(when="a > 90", then="many"))
    grouped = recode(survey, [score(case=cases)])
    assert values_of(grouped) == ["few", None, None]
    assert [level.label for level in grouped.codebook["score"].valid_levels()] == ["few", "many"]
    assert notes_of(grouped)["score_no_case"]["n"] == 1
    numbered = recode(survey, [score(case=(Case(when="a <= 10", then=2), Case(then=9)))])
    assert values_of(numbered) == [2.0, 9.0, None], "an unknown condition does not fall through to what is left"


def test_the_reason_of_a_missing_item_goes_through() -> None:
    from surveytool.recoding import declare

    survey = st.read(pa.table({"a": [1.0, 98.0, 3.0], "b": [97.0, 1.0, 1.0]}), kinds=KINDS)
    for name, code in (("a", 98), ("b", 50)):
        survey = declare(survey, name, Declared(missing={"dont_know": (code,)}))
    made = recode(survey, [score(sum={"a": 1, "b": 1})])
    book = made.codebook["score"]
    assert [(level.missing, level.count) for level in book.levels] == [("dont_know", 1)]
    assert values_of(made) == [98.0, None, 4.0], "a score that equals a missing code of an item is a score"
    assert st.summarize(made, "score").rows[0].estimate == pytest.approx(51.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "has no formula"),
        ({"sum": {"a": 1}, "mean": ("a",)}, "has sum and mean"),
        ({"ratio": ("a",)}, "ratio needs two names"),
        ({"max": ("a",), "missing": "mean"}, "which max cannot have"),
        ({"sum": {"a": 1}, "valid": (7, 0)}, "valid is no range"),
        ({"case": (Case(then=1), Case(when="a > 1", then=2))}, "not the last"),
        ({"case": (Case(when="a >", then=1),)}, "a >"),
        ({"case": (Case(when="a > 1", then=1), Case(then="x"))}, "text in one case"),
    ],
)
def test_what_cannot_be_reckoned_is_told(given: dict[str, Any], message: str) -> None:
    told = list(faults(score(**given)))
    assert told
    assert message in str(told[0])
    with pytest.raises(UsageError):
        recode(survey_of(**THREE), [score(**given)])


def test_items_that_hold_no_numbers_are_named() -> None:
    survey = st.read(pa.table({"a": [1.0, 2.0], "town": ["x", "y"]}), kinds=KINDS)
    with pytest.raises(SurveytoolError, match="town holds text, no numbers"):
        recode(survey, [score(sum={"a": 1, "town": 1})])
    with pytest.raises(SurveytoolError, match="nope"):
        recode(survey, [score(sum={"a": 1, "nope": 1})])
    with pytest.raises(SurveytoolError, match="town holds no dates"):
        recode(survey, [score(days=("town", "town"))])


@given(
    strategy.lists(strategy.tuples(*[strategy.sampled_from([0.0, 1.0, 2.5, 7.0, None])] * 3), min_size=3, max_size=30),
    strategy.permutations([0, 1, 2]),
)
def test_the_order_of_items_changes_nothing(rows: list[tuple[float | None, ...]], order: list[int]) -> None:
    columns = {name: pa.array([row[place] for row in rows], pa.float64()) for place, name in enumerate("abc")}
    survey = survey_of(**columns)
    weights: Mapping[str, float] = {"a": 2.0, "b": 0.5, "c": 1.0}
    other = {"abc"[place]: weights["abc"[place]] for place in order}
    for missing in ("refuse", "zero", "mean"):
        one = values_of(recode(survey, [score(sum=weights, missing=missing)]))
        two = values_of(recode(survey, [score(sum=other, missing=missing)]))
        for x, y in zip(one, two, strict=True):
            assert (x is None) == (y is None)
            assert x is None or (y is not None and math.isclose(x, y, rel_tol=1e-12, abs_tol=1e-12))


def test_a_stream_has_the_same_scores(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = 60_000
    table = pa.table({
        "a": pa.array(rng.integers(0, 8, rows), mask=rng.random(rows) < 0.05),
        "b": pa.array(rng.integers(0, 8, rows), mask=rng.random(rows) < 0.05),
        "w": rng.random(rows) + 0.5, "g": pa.array(np.array(["x", "y"])[rng.integers(0, 2, rows)]),
    })  # fmt: skip
    path = tmp_path / "people.parquet"
    pq.write_table(table, path)
    study = tmp_path / "study.toml"
    study.write_text(
        '[data]\npath = "people.parquet"\n[design]\nweights = "w"\n'
        '[[recodes]]\nname = "total"\ntype = "score"\nsum = {a = 2, b = 0.5}\n'
        '[[recodes]]\nname = "group"\ntype = "score"\ncase = [{when = "total <= 6", then = "low"}, {then = "high"}]\n'
    )
    opened = st.load_study(study)
    for name in ("total", "group"):
        here = st.summarize(st.open_study(opened, stream=False), name, by=["g"])
        there = st.summarize(st.open_study(opened, stream=True), name, by=["g"])
        for x, y in zip(here.rows, there.rows, strict=True):
            assert (x.level, x.n, x.count) == (y.level, y.n, y.count)
            assert x.estimate == pytest.approx(y.estimate, rel=1e-12)
            assert x.se == pytest.approx(y.se, rel=1e-9)


def test_the_food_consumption_score_row_for_row(shared: Path) -> None:
    folder = shared / "golden_methods" / "wfp"
    if not folder.is_dir():
        pytest.skip("the reference numbers of scores are not beside the project")
    weights = {"FCSStap": 2, "FCSPulse": 3, "FCSDairy": 4, "FCSPr": 4, "FCSVeg": 1, "FCSFruit": 1, "FCSFat": 0.5,
               "FCSSugar": 0.5}  # fmt: skip
    made = recode(st.read(folder / "FCS_Sample_Survey.csv"), [Score(name="fcs", type="score", sum=weights)])
    with (folder / "fcs_out.csv").open(encoding="utf-8") as file:
        right = [float(row["FCS"]) for row in csv.DictReader(file)]
    assert values_of(made, "fcs") == right
