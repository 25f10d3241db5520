"""Comparisons in words, nested heads and simulated coverage: each side of an edge, with values by hand."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from surveytool.estimate.doubt import Doubt, Doubts
from surveytool.estimate.result import Breakdown, Estimates, Results
from surveytool.estimate.result import Test as Contrast
from surveytool.survey import Design
from surveytool.table.arrangement import arrange
from surveytool.table.comparison import _statistic, arrange_tests, p_text, sentence, sentences
from surveytool.table.doubt_table import arrange_doubts, short
from surveytool.text import words

EN = words("en")


@pytest.fixture
def results(samples: ModuleType) -> Results:
    made: Results = samples.shapes()["two_levels"]
    return made


def pair(results: Results, **changes: Any) -> Contrast:
    """The difference of the two sexes for the first answer of the table."""
    made = results.estimates[0]
    first, second = [row for row in made.rows if row.level_code == made.codes[0] and "sex" in row.by][:2]
    values: dict[str, Any] = {
        "table": made.id, "variable": made.request.variable, "by": ("sex",), "test": "difference",
        "level": made.levels[0], "level_code": made.codes[0], "groups": (first.by["sex"], second.by["sex"]),
        "pair": (first.group, second.group), "statistic": 2.5, "df2": 38.4, "p": 0.0134,
        "estimate": 0.12, "ci_low": 0.034, "ci_high": 0.205,
    }  # fmt: skip
    return Contrast(**{**values, **changes})


@pytest.mark.parametrize(("changes", "words"), [
    ({}, "12.0 points more (95% CI 3.4 to 20.5, p = 0.013)"),
    ({"estimate": -0.12, "ci_low": -0.205, "ci_high": -0.034}, "12.0 points less (95% CI 3.4 to 20.5, p = 0.013)"),
    ({"estimate": 0.0, "ci_low": -0.1, "ci_high": 0.2}, "0.0 points more (95% CI -10.0 to 20.0, p = 0.013)"),
    ({"p": 0.0004}, "p <0.001)"),
    ({"p_adjusted": 0.04}, "p = 0.040)"),
])  # fmt: skip
def test_a_difference_in_words(results: Results, changes: dict[str, Any], words: str) -> None:
    made = results.estimates[0]
    test = pair(results, **changes)
    said = sentence(test, made, results, EN, 1)
    figures = [row.estimate for row in made.rows if row.level_code == made.codes[0] and "sex" in row.by][:2]
    assert words in said
    assert test.groups is not None
    for name, figure in zip(test.groups, figures, strict=True):
        assert f"{name} {EN.percent(figure, 1)}".lower() in said.lower()
    assert said.index(EN.percent(figures[0], 1)) < said.index(EN.percent(figures[1], 1))


@pytest.mark.parametrize("changes", [
    {"test": "ratio"}, {"groups": None}, {"estimate": None}, {"ci_low": None}, {"pair": (("nobody",), ("none",))},
])  # fmt: skip
def test_what_has_no_difference_has_no_sentence(results: Results, changes: dict[str, Any]) -> None:
    assert sentence(pair(results, **changes), results.estimates[0], results, EN, 1) == ""


def many(results: Results, count: int, clear: int) -> Results:
    """So many pairs of differences, the first ones with an adjusted p of 0.049, the others of 0.051."""
    tests = [pair(results, p_adjusted=0.049 if place < clear else 0.051) for place in range(count)]
    return replace(results, tests=tuple(tests))


@pytest.mark.parametrize(("count", "clear", "rows", "hidden"), [(30, 3, 30, False), (31, 3, 3, True), (31, 0, 0, True)])
def test_of_many_pairs_only_clear_ones_are_shown(
    results: Results, count: int, clear: int, rows: int, hidden: bool
) -> None:
    made = many(results, count, clear)
    table = arrange_tests(made.estimates[0], made, EN)
    assert table is not None
    assert sum(bool(row.cells) for row in table.rows) == rows
    left_out = f"{count - clear} pairs without a clear difference are left out here; csv and json have them all."
    assert (left_out in table.notes) == hidden


@pytest.mark.parametrize(("count", "clear", "told"), [(8, 2, 8), (9, 2, 2), (20, 12, 8)])
def test_of_many_differences_only_clear_ones_are_said(results: Results, count: int, clear: int, told: int) -> None:
    made = many(results, count, clear)
    assert len(sentences(made.estimates[0], made, EN)) == told


def test_tests_of_other_tables_are_not_shown(results: Results) -> None:
    other = replace(results, tests=(pair(results, table="other"),))
    assert arrange_tests(other.estimates[0], other, EN) is None
    assert sentences(other.estimates[0], other, EN) == ()


def test_two_answers_mirror_each_other_and_are_compared_once(results: Results) -> None:
    made = results.estimates[0]
    both = tuple(pair(results, level=level, level_code=code) for level, code in made.answers())
    whole = replace(results, tests=both)
    assert len(sentences(made, whole, EN)) == 1
    several = replace(made, multiple=True)
    assert len(sentences(several, replace(whole, estimates=(several,)), EN)) == 2


@pytest.mark.parametrize(("changes", "text"), [
    ({"test": "difference", "df2": 196.0, "statistic": 2.104}, "t(196) = 2.10"),
    ({"test": "rank", "groups": ("a", "b"), "df2": 38.44, "statistic": -1.5}, "t(38.4) = -1.50"),
    ({"test": "rank", "groups": None, "df1": 2.0, "df2": 38.44, "statistic": 1.5}, "F(2, 38.4) = 1.50"),
    ({"test": "rao-scott-f", "df1": 1.7, "df2": 300.0, "statistic": 13.5}, "F(1.7, 300) = 13.50"),
    ({"test": "rao-scott-chisq", "df1": 2.0, "df2": None, "statistic": 26.2}, "X²(2) = 26.20"),
    ({"statistic": None}, "–"),
])  # fmt: skip
def test_a_statistic_with_its_degrees_of_freedom(results: Results, changes: dict[str, Any], text: str) -> None:
    assert _statistic(pair(results, **changes), EN) == text


def test_a_comma_as_decimal_sign_needs_a_semicolon(results: Results) -> None:
    test = pair(results, test="rao-scott-f", df1=1.7, df2=300.0, statistic=13.5)
    assert _statistic(test, words("es-ES")) == "F(1,7; 300) = 13,50"


def test_a_test_of_all_groups_or_of_a_pair_shows_its_statistic(results: Results) -> None:
    shown = {}
    for name, groups in (("rao-scott-f", None), ("t", ("Male", "Female")), ("difference", ("Male", "Female"))):
        made = replace(results, tests=(pair(results, test=name, groups=groups, df1=1.0, df2=9.0),))
        table = arrange_tests(made.estimates[0], made, EN)
        assert table is not None
        shown[name] = table.rows[-1].label
    assert "F(1, 9) = 2.50" in shown["rao-scott-f"] and "t(9) = 2.50" in shown["t"]
    assert "=" not in shown["difference"]


@pytest.mark.parametrize(("p", "text"), [(0.001, "0.001"), (0.00099, "<0.001"), (1.0, "1.000"), (None, "–")])
def test_a_p_value_has_three_decimals(p: float | None, text: str) -> None:
    assert p_text(p, EN) == text


def test_three_crossed_variables_name_each_head_once(samples: ModuleType) -> None:
    """Sex by area by age: the head of the sex stands once, that of the area under each sex."""
    groups = tuple((s, a, g) for s in ("Male", "Female") for a in ("North", "South") for g in ("18-25", "26+"))
    crossed = Breakdown(names=("sex", "area", "age"), labels=("Sex", "Area", "Age"), groups=groups, codes=groups)
    results: Results = samples.shapes()["mean_by"]
    (made,) = results.estimates
    row = made.rows[0]
    by = [dict(zip(crossed.names, group, strict=True)) for group in groups]
    rows = tuple(replace(row, by=each, by_code=each) for each in by)
    estimates: Estimates = replace(made, breakdowns=(crossed,), rows=rows)
    table = arrange(estimates, EN, results=replace(results, estimates=(estimates,)))
    lines = [(each.label, each.indent) for each in table.rows if each.kind == "group_head"][1:]
    assert lines == [("Male", 1), ("North", 2), ("South", 2), ("Female", 1), ("North", 2), ("South", 2)]
    assert {each.indent for each in table.rows if each.cells} == {3}


@pytest.mark.parametrize(("covered", "level", "drawn", "less"), [
    (0.906, 0.95, 100, True),  # 2 sqrt(.95 * .05 / 100) = .0436, so the edge is .9064
    (0.907, 0.95, 100, False),
    (0.935, 0.95, 1000, True),  # the edge is .9362
    (0.937, 0.95, 1000, False),
    (0.0, 0.5, 4, False),  # the edge itself: .5 - 2 sqrt(.25 / 4) = 0
    (None, 0.95, 100, False),
    (0.3, 0.95, 0, True),  # as one sample: .95 - .436
])  # fmt: skip
def test_coverage_is_short_beyond_the_noise_of_the_simulation(
    results: Results, covered: float | None, level: float, drawn: int, less: bool
) -> None:
    doubt = Doubt(row=results.estimates[0].rows[0], covered=covered, samples=drawn)
    assert short(doubt, level) is less


def test_one_row_that_is_short_is_explained(results: Results) -> None:
    rows = results.estimates[0].rows[:3]
    doubts = tuple(
        Doubt(row=row, covered=covered, below=0.01, above=0.02, samples=1000)
        for row, covered in zip(rows, (0.95, 0.8, None), strict=True)
    )
    report = arrange_doubts(Doubts(results=results, rows=doubts, draws=1000, seed=7, units=50), EN)
    marks = [row.cells[2].mark for row in report.tables[0].rows]
    assert [bool(mark) for mark in marks] == [False, True, False]
    assert EN.fill("doubt_short", mark="*") in report.notes and EN.word("doubt_nothing") in report.notes
    fine = arrange_doubts(Doubts(results=results, rows=doubts[:1], draws=1000, seed=7, units=50), EN)
    assert EN.fill("doubt_short", mark="*") not in fine.notes and EN.word("doubt_nothing") not in fine.notes
    assert EN.word("doubt_simplified") not in fine.notes
    design = replace(results, design=Design(fpc=("n",), psu=("p",)))
    simple = arrange_doubts(Doubts(results=design, rows=doubts[:1], draws=1000, seed=7, units=50), EN)
    assert EN.word("doubt_simplified") in simple.notes
