"""Corners of the gate: a range in both directions, one lone respondent, what no count tells."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control.attack import Attack
from surveytool.disclosure_control.equations import System
from surveytool.disclosure_control.protected_codebook import protected_codebook
from surveytool.disclosure_control.quality import assess
from surveytool.disclosure_control.withheld_rows import _tells
from surveytool.estimate.result import Results
from surveytool.estimate.result import Test as Contrast
from surveytool.reading import read
from surveytool.survey import Design, Provenance, Request
from surveytool.tabulation import tabulate

RULES = Protection(active=True, cell=5, base=10, dominance=1.0)


def split(whole: int, *parts: int) -> tuple[System, int, list[int]]:
    """A known count and its parts."""
    system = System()
    total = system.cell(whole, 0.0, ("whole",))
    numbers = [system.cell(part, float(place + 1), (str(place),)) for place, part in enumerate(parts)]
    system.relate(total, numbers)
    return system, total, numbers


@pytest.mark.parametrize("parts", [(5, 5), (7, 3), (1, 9)])
def test_two_counts_of_a_known_sum_are_each_anything_from_none_to_all(parts: tuple[int, int]) -> None:
    system, total, numbers = split(10, *parts)
    unknown = np.array([cell != total for cell in range(len(system.value))])
    found = Attack(system, 1000.0).ranges(unknown, numbers)
    assert [found[number] for number in numbers] == [pytest.approx((0, 10))] * 2


def test_one_count_of_a_known_sum_is_known() -> None:
    system, _, numbers = split(10, 4, 6)
    unknown = np.array([cell == numbers[0] for cell in range(len(system.value))])
    assert Attack(system, 1000.0).ranges(unknown, numbers) == {numbers[0]: pytest.approx((4, 4))}


def test_a_cell_that_nobody_prints_costs_nothing_to_withhold() -> None:
    system, _, _ = split(10, 4, 6)
    assert system.cost == [0, 0, 0] and system.hidden == [True, True, True]


def test_a_group_of_one_respondent_is_withheld() -> None:
    columns = {"g": ["x"] + ["y"] * 60, "q": ["a"] * 31 + ["b"] * 30}
    made = tabulate(guard(read(pa.table(columns)), replace(RULES, cell=1)), [Request(variable="q", by=(("g",),))])
    rows = [row for row in made.estimates[0].rows if row.by == {"g": "x"}]
    assert rows and all(row.flag == "suppressed" and row.estimate is None for row in rows)


def test_a_count_that_may_not_be_seen_is_none_in_the_codebook() -> None:
    columns = {"status": ["a"] * 2 + ["b"] * 30 + ["c"] * 90, "few": ["x"] * 7 + [None] * 115}
    made = protected_codebook(guard(read(pa.table(columns)), RULES)).codebook
    gone = [level for name in columns for level in made[name].levels if level.withheld]
    assert len(gone) >= 3 and {level.count for level in gone} == {0}


MALE, FEMALE, OTHER = ((("sex", code),) for code in ("Male", "Female", "Other"))


def contrast(pair: Any, level: str | None, by: tuple[str, ...] = ("sex",)) -> Contrast:
    return Contrast(table="q", variable="q", by=by, test="difference", level_code=level, pair=pair)


def test_a_scheme_takes_the_tests_of_the_figures_that_it_withholds_and_no_others(samples: ModuleType) -> None:
    """Statistics Canada withholds a coefficient of variation above a third."""
    rows = [replace(samples.share("q", "Yes", {"sex": sex}, 0.4, 500, se=se), by_code={"sex": sex}, level_code="Yes",
                    cv=se / 0.4)
            for sex, se in (("Male", 0.02), ("Female", 0.02), ("Other", 0.3))]  # fmt: skip
    table = replace(samples.shares("q", "Q", ("Yes",), (samples.SEX,), rows=rows), statistic="mean")
    tests = (contrast((MALE, FEMALE), "Yes"), contrast((MALE, OTHER), "Yes"), contrast(None, None))
    made = assess(Results(estimates=(table,), source=Provenance(), design=Design(), tests=tests), "statcan")
    assert [row.estimate is None for row in made.estimates[0].rows] == [False, False, True]
    assert made.tests == (tests[0], tests[2])


@pytest.mark.parametrize(("test", "told"), [
    (contrast((MALE, FEMALE), "Yes"), True), (contrast((MALE, FEMALE), "No"), False),
    (contrast((FEMALE, OTHER), "Yes"), False), (contrast(None, None), True), (contrast(None, "No"), False),
    (contrast(None, None, ("age",)), False), (contrast((MALE, FEMALE), None), True),
])  # fmt: skip
def test_a_test_tells_of_a_withheld_row_that_it_is_made_of(samples: ModuleType, test: Contrast, told: bool) -> None:
    row = replace(samples.share("q", "Yes", {"sex": "Male"}, 0.4, 50), by_code={"sex": "Male"}, level_code="Yes")
    assert _tells(test, [row]) is told
