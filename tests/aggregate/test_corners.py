"""Options in order, folded columns, keys of odd numbers, and what cannot be asked: small cases by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.aggregate.collect import collect
from surveytool.aggregate.encoded_columns import keys_of, same_code
from surveytool.aggregate.grouping import start
from surveytool.aggregate.level_order import ranked
from surveytool.aggregate.number_state import BLANK, HUGE, INFINITE, KNOWN, state_of
from surveytool.aggregate.question import Question, _counts_in
from surveytool.aggregate.replicate_rank import alike, draws, fold
from surveytool.aggregate.sample import _reused
from surveytool.errors import UnusableDesign, UsageError
from surveytool.survey import Design, Level, Request

WHY = {"w": [1.0, 1.0, 1.0, 5.0, 1.0], "sex": ["F", "F", "M", "M", "M"], "why": ["a b", "a", "a b", "c", "a"],
       "why/a": [1, 1, 1, 0, 1], "why/b": [1, 0, 1, 0, 0], "why/c": [0, 0, 0, 1, 0],
       "why/d": [0, 0, 0, 0, 0]}  # fmt: skip


def options(by: tuple[tuple[str, ...], ...] = (), where: str | None = None) -> Any:
    survey = st.read(pa.table(WHY), design=Design(weights="w"))
    request = Request(variable="why", by=by, where=where)
    tallies, _ = collect(survey, [Question(request=request, id="why", statistic="proportion", measure="options")])
    (tally,) = tallies
    return tally


def test_options_come_by_their_weight_and_those_of_nobody_are_left_out() -> None:
    """c has one respondent of weight 5, a four of 1, b two of 1, d none."""
    tally = ranked(options())
    assert [label for label, _ in tally.levels] == ["c", "a", "b"]
    assert tally.cells[0].totals()[0, 0, 1:].tolist() == [5.0, 4.0, 2.0]
    assert tally.cells[0].count is not None and tally.cells[0].count[0].tolist() == [1, 4, 2]
    assert len(options().levels) == 4


def test_the_order_of_options_is_that_of_the_total() -> None:
    tally = ranked(options(by=((), ("sex",))))
    assert [label for label, _ in tally.levels] == ["c", "a", "b"]
    women = ranked(options(where="sex == 'F'"))
    assert [label for label, _ in women.levels] == ["a", "b"]


@pytest.mark.parametrize("blocks", [(23,), (5, 18), (7, 7, 9), (1,) * 23, (16, 7), (3, 20)])
def test_a_column_folded_in_blocks_is_folded_whole(blocks: tuple[int, ...]) -> None:
    """Row r times its number goes to place r mod 7, whatever the blocks."""
    rng = np.random.default_rng(1)
    column, drawn = rng.random(23), draws(23)
    expected = np.bincount(np.arange(23) % 7, column * drawn, minlength=7)
    sketch, first = np.zeros(7), 0
    for rows in blocks:
        fold(sketch, column[first : first + rows], drawn[first : first + rows], first)
        first += rows
    np.testing.assert_allclose(sketch, expected, rtol=1e-12)


def test_replicate_factors_alike_are_one_class() -> None:
    matrix = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 1.0], [9.0, 9.0], [0.5, 1.0]])
    classes, factors = alike(matrix, np.array([1.0, 2.0, 1.0, 0.0, 0.5]))
    assert classes[3] == -1 and classes[0] == classes[1] == classes[4] != classes[2]
    np.testing.assert_allclose(factors[classes[0]], [1.0, 2.0])
    np.testing.assert_allclose(factors[classes[2]], [3.0, 1.0])


@pytest.mark.parametrize(("values", "kind", "keys", "distinct"), [
    ([2, None, 1, 2], pa.int64(), [1, -1, 0, 1], [1, 2]),
    ([2**53 + 1, 2**53, None], pa.int64(), [1, 0, -1], [2**53, 2**53 + 1]),
    ([2**64 - 1, 0], pa.uint64(), [1, 0], [0, 2**64 - 1]),
    ([2.5, None, float("nan"), -1.0], pa.float64(), [1, -1, -1, 0], [-1.0, 2.5]),
    (["b", None, "a", "b"], pa.string(), [0, -1, 1, 0], ["b", "a"]),
    ([None, None], pa.null(), [-1, -1], []),
])  # fmt: skip
def test_keys_of_a_column(values: list[Any], kind: Any, keys: list[int], distinct: list[Any]) -> None:
    found, known = keys_of(pa.chunked_array([pa.array(values, kind)]))
    assert found.tolist() == keys and known == distinct


@pytest.mark.parametrize(("value", "code", "same"), [
    (1, 1.0, True), (1.0, 1, True), ("1", 1, True), (1, 2, False), ("a", "a", True), (True, "True", True),
    (1.5, "1.5", True),
])  # fmt: skip
def test_a_value_is_a_code_by_number_or_by_text(value: object, code: object, same: bool) -> None:
    assert same_code(value, code) is same


def test_states_of_numbers() -> None:
    values = np.array([1.0, np.nan, np.inf, -np.inf, 1e200, -1e200, 0.0])
    assert state_of(values).tolist() == [KNOWN, BLANK, INFINITE, INFINITE, HUGE, HUGE, KNOWN]
    assert state_of(np.array([1.0, 2.0])).tolist() == [1, 1]
    assert len({BLANK, KNOWN, INFINITE, HUGE}) == 4


@pytest.mark.parametrize(("psu", "stratum", "reused"), [
    ([0, 1, 2, 3], [0, 0, 1, 1], 0), ([0, 1, 0, 1], [0, 0, 1, 1], 2), ([0, 1, 1, 2], [0, 0, 1, 1], 1), ([0, 0, 1, 1],
    [0, 0, 0, 0], 0),
])  # fmt: skip
def test_psu_codes_of_several_strata_are_counted(psu: list[int], stratum: list[int], reused: int) -> None:
    keys = np.array(psu, dtype=np.intp), np.array(stratum, dtype=np.intp)
    notes = _reused(Design(strata="h", psu="p"), "p", *keys)
    assert [dict(each.values)["n"] for each in notes] == ([reused] if reused else [])
    if reused:
        with pytest.raises(UnusableDesign, match=f"{reused} PSU codes stand in more than one stratum"):
            _reused(Design(strata="h", psu="p", nest=False), "p", *keys)


@pytest.mark.parametrize(("name", "words", "cure"), [
    ("note", "note is a text and cannot be a breakdown.", "Name a question with few answers."),
    ("why", "why is a question with several answers and cannot be used here.",
     "Name one of its columns: why/a, why/b, why/c, why/d"),
])  # fmt: skip
def test_what_cannot_be_a_breakdown_says_why(name: str, words: str, cure: str) -> None:
    survey = st.read(pa.table({**WHY, "note": [f"text {place}" for place in range(5)]}), kinds={"note": "text"})
    with pytest.raises(UsageError) as refused:
        start(survey, [Request(variable="sex")]).single(name)
    assert words in str(refused.value) and refused.value.cure == cure


def test_groups_of_two_variables_are_numbered_one_after_the_other() -> None:
    survey = st.read(pa.table({"a": ["x", "y", "x", None, "y"], "b": ["u", "v", "w", "u", "u"]}))
    keys, breakdown = start(survey, [Request(variable="a", by=(("a", "b"),))]).groups(("a", "b"))
    assert [breakdown.groups[key] if key >= 0 else None for key in keys] == [
        ("x", "u"), ("y", "v"), ("x", "w"), None, ("y", "u"),
    ]  # fmt: skip
    assert len(breakdown.groups) == 6


def test_a_number_with_labelled_values_may_be_a_table_whatever_it_holds() -> None:
    """More different values than a table has room for, but the codebook lists what counts."""
    from dataclasses import replace

    from surveytool.survey import Codebook, Level

    values = [float(place) for place in range(1200)]
    survey = st.read(pa.table({"y": values}), kinds={"y": "number"})
    with pytest.raises(UsageError, match="y has 1200 different values, too many for a table"):
        st.summarize(survey, "y", stat="proportion")
    level = Level(code=7.0, label="Seven")
    book = Codebook({"y": replace(survey.codebook["y"], levels=(level,))})
    rows = st.summarize(replace(survey, codebook=book), "y", stat="proportion").rows
    assert [(row.level, row.count) for row in rows] == [("Seven", 1)]


@pytest.mark.parametrize(("blank", "role"), [("p", "PSU"), ("q", "unit of stage 2")])
def test_a_blank_unit_is_called_by_its_stage(blank: str, role: str) -> None:
    data: dict[str, Any] = {"p": [1, 1, 2, 2], "q": [1, 2, 3, 4], "y": [1.0, 2.0, 3.0, 4.0], "n": [9.0] * 4}
    data[blank] = [1, None, 2, 3]
    with pytest.raises(UnusableDesign) as refused:
        st.summarize(st.read(pa.table(data), design=Design(psu=("p", "q"), fpc=("n", "n")), kinds={"y": "number"}), "y")
    assert role in str(refused.value) and blank in str(refused.value)


def test_several_answers_and_infinite_numbers_in_words() -> None:
    from surveytool.text import words

    data = {**WHY, "y": [1.0, float("inf"), 2.0, float("-inf"), 3.0]}
    survey = st.read(pa.table(data), kinds={"y": "number"})
    said = words("en")
    several = st.summarize(survey, "why").results.estimates[0].notes
    assert "Percent of respondents; answers may add to more than 100%." in [said.say(note) for note in several]
    number = st.summarize(survey, "y").results
    told = [said.say(note) for note in (*number.notes, *number.estimates[0].notes)]
    assert "2 infinite values of y are left out." in told and number.estimates[0].rows[0].estimate == 2.0


@pytest.mark.parametrize(("missing", "base", "counts"), [
    (None, "answered", True), ("refused", "answered", False), ("refused", "asked", True), ("not_asked", "asked", False),
    ("not_asked", "all", True), ("refused", "all", True), (None, "asked", True), ("blank", "asked", True),
])  # fmt: skip
def test_who_is_in_the_base(missing: Any, base: Any, counts: bool) -> None:
    assert _counts_in(Level(code=1.0, label="x", missing=missing), base) is counts
