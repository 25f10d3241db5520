"""Corners of the gate: a range in both directions, one lone respondent, what no count tells."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control.attack import Attack
from surveytool.disclosure_control.equation_system import Rules, System
from surveytool.disclosure_control.joint_model import variable
from surveytool.disclosure_control.nested_equations import _nest
from surveytool.disclosure_control.protected_codebook import protected_codebook
from surveytool.disclosure_control.quality import assess
from surveytool.disclosure_control.table_conditions import TableConditions
from surveytool.disclosure_control.withheld_rows import _tells
from surveytool.estimate.result import Results
from surveytool.estimate.result import Test as Contrast
from surveytool.notes import note
from surveytool.reading import read
from surveytool.survey import Design, Provenance, Request
from surveytool.tabulation import tabulate
from surveytool.text import words

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


@pytest.mark.parametrize(("key", "values", "said"), [
    ("quality", {"scheme": "nchs", "n": 1, "withheld": 2}, "Reliability by nchs: 1 figure is marked, 2 withheld."),
    ("ci_few", {"n": 3}, "For 3 figures that rest on few respondents the interval is by Korn and Graubard."),
    ("none_chosen", {"n": 1}, "1 respondent chose no option and is in the base."),
    ("protected_blunt", {"tables": ("age",)},
     "To keep the answers of few people open, figures of age are told in wider steps than their digits say."),
])  # fmt: skip
def test_what_was_done_in_words(key: Any, values: dict[str, Any], said: str) -> None:
    assert words("en").say(note(key, **values)) == said


@pytest.mark.parametrize(("n", "differs", "sensitive"), [
    ((20, 18), True, 2), ((20, 18), False, None), ((20, 15), True, None), ((20, 16), True, 4), ((20, 20), True, None),
])  # fmt: skip
def test_the_few_between_two_groups_are_sensitive_where_the_groups_are_of_other_people(
    n: tuple[int, int], differs: bool, sensitive: int | None
) -> None:
    """A number's table: 20 people in a place, 18 of them under a condition."""
    system = System()
    whole, part = system.cell(n[0], 0.25, ("whole",)), system.cell(n[1], 0.125, ("part",))
    table: Any = SimpleNamespace(levels=(), question=("q",))
    fine, coarse = (SimpleNamespace(family=(where, ("g",))) for where in ("age > 5", None))
    system.made = {(("q",), fine.family): [[], [part]], (("q",), coarse.family): [[], [whole]]}
    _nest(system, (table, fine), (table, coarse), ([1], 1), Rules(cell=5, base=10, dominance=1.0), differs)  # type: ignore[arg-type]
    assert [system.value[cell] for cell in system.sensitive] == ([] if sensitive is None else [sensitive])


def test_the_few_between_two_groups_are_those_of_an_answer_where_there_are_answers() -> None:
    """20 people, 12 yes and 8 no; of the 18 inside 11 and 7: the one yes and the one no are sensitive, not the two."""
    system = System()
    whole = [system.cell(count, 0.25 * at, ("w", str(at))) for at, count in enumerate((20, 12, 8), 5)]
    part = [system.cell(count, 0.125 * at, ("p", str(at))) for at, count in enumerate((18, 11, 7), 11)]
    table: Any = SimpleNamespace(levels=("Yes", "No"), question=("q",))
    fine, coarse = (SimpleNamespace(family=(where, ("g",))) for where in ("age > 5", None))
    system.made = {(("q",), fine.family): [[], part], (("q",), coarse.family): [[], whole]}
    _nest(system, (table, fine), (table, coarse), ([1], 1), Rules(cell=5, base=10, dominance=1.0), True)  # type: ignore[arg-type]
    assert [system.value[cell] for cell in sorted(system.sensitive)] == [1, 1]


@pytest.mark.parametrize(("many", "counts", "whole", "found"), [
    (20, (15, 5), (60, 40), []), (20, (16, 4), (60, 40), [(4, 5)]), (4, (4, 0), (60, 40), [(4, 2), (0, 2)]),
    (4, (4, 0), (60, 0), [(4, 2)]), (0, (0, 0), (60, 40), []), (7, (7, 0), (60, 40), []),
    (1, (1, 0), (60, 40), [(1, 1), (0, 1)]),
])  # fmt: skip
def test_answers_of_the_few_who_are_in_no_group_stay_open(
    many: int, counts: tuple[int, int], whole: tuple[int, int], found: list[tuple[int, int]]
) -> None:
    """How open: for one whether it is this answer, for more half of them, and no more than the smallest count."""
    total = SimpleNamespace(family=(None, ()), count=np.array([[0, 0], whole]), n=[0, 100], overlapping=False)
    group = SimpleNamespace(family=(None, ("g",)), count=np.array([counts, whole]), n=[many, 100], overlapping=False)
    joint = SimpleNamespace(size=2, values={variable("g"): ("x",)}, targets=[], flag=lambda axis, value: np.ones(2))
    lines: Any = object.__new__(TableConditions)
    lines.joint, lines.levels, lines.domain, lines.axis = joint, range(2), np.ones(2), variable("q")
    lines.seen = SimpleNamespace(id="t", scopes=[total, group], printed={("g",)}, levels=("Yes", "No"))
    lines.frame = SimpleNamespace(cell=5, spare=0)
    lines.table = SimpleNamespace(estimates=SimpleNamespace(rows=()))
    lines._nobody()
    assert [(each.value, each.width) for each in joint.targets] == found


@pytest.mark.parametrize(("few", "shown"), [(3, False), (4, False), (6, True), (30, True)])
def test_a_mean_of_a_number_with_two_values_counts_the_larger(few: int, shown: bool) -> None:
    """1.5 and 2.5: a mean of 1.53 of a hundred is three people."""
    columns = {"g": ["x"] * 100 + ["y"] * 100 + ["z"] * 100, "q": [1.5] * (100 - few) + [2.5] * few + [1.5, 2.5] * 100}
    made = tabulate(guard(read(pa.table(columns)), RULES), [Request(variable="q", by=(("g",),), statistic="mean")])
    rows = {row.by.get("g"): row for row in made.estimates[0].rows}
    assert (rows["x"].flag is None) is shown and rows["z"].estimate == pytest.approx(2.0)
    if shown:
        assert rows["x"].estimate == pytest.approx(1.5 + few / 100, abs=0.06)
