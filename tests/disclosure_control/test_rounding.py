"""Controlled rounding: sums hold, nothing moves by a whole base, no small count is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.estimate.result import Results
from surveytool.reading import read
from surveytool.survey import Design, Request, Survey
from surveytool.tabulation import tabulate

RULES = Protection(active=True, method="rounding", dominance=1.0)


def survey(rows: int = 173, *, weighted: bool = False) -> Survey:
    random = np.random.default_rng(3)
    columns = {
        "q": random.choice(["a", "b", "c"], rows, p=[0.7, 0.27, 0.03]),
        "sex": random.choice(["Male", "Female"], rows),
        "g": random.choice(["x", "y", "z"], rows, p=[0.6, 0.37, 0.03]),
        "w": random.uniform(0.5, 2.0, rows) if weighted else np.ones(rows),
    }
    return read(pa.table({name: list(values) for name, values in columns.items()}), design=Design(weights="w"))


ASKED = [Request(variable="q", by=(("sex",), ("g",))), Request(variable="g", by=(("sex",),))]


@pytest.mark.parametrize("weighted", [False, True])
def test_counts_are_multiples_that_add_up_and_stay_near(weighted: bool) -> None:
    before = tabulate(survey(weighted=weighted), ASKED)
    after = tabulate(guard(survey(weighted=weighted), RULES), ASKED)
    assert "rounded" in [each.code for each in after.notes]
    for old, new in zip(before.estimates, after.estimates, strict=True):
        counts: dict[tuple[str, ...], list[int]] = {}
        for known, row in zip(old.rows, new.rows, strict=True):
            if row.flag == "suppressed":
                assert 0 < known.n < 10
                continue
            assert row.n % 6 == 0 and row.count is not None and row.count % 6 == 0
            assert abs(row.n - known.n) < 6 and abs(row.count - (known.count or 0)) < 6
            assert row.estimate is not None and row.ci_low is not None and row.ci_high is not None
            assert 0 <= row.ci_low <= row.estimate <= row.ci_high <= 1 and row.deff is None and row.cv is None
            counts.setdefault(tuple(row.by.values()), []).append(row.count)
            if not weighted:
                assert row.estimate == pytest.approx(row.count / row.n, abs=0.0006)
        by_group = {tuple(row.by.values()): row.n for row in new.rows if row.flag != "suppressed"}
        assert all(sum(parts) == by_group[group] for group, parts in counts.items())
        assert by_group[("Male",)] + by_group[("Female",)] == by_group[()]


def test_the_base_line_is_rounded_and_exact_notes_are_gone() -> None:
    made = tabulate(guard(survey(), RULES), ASKED).estimates[0]
    assert made.base.base % 6 == 0 and not made.base.excluded
    assert not {"missing_by", "none_chosen"} & {each.code for each in made.notes}


def test_a_later_table_keeps_the_rounding_of_an_earlier_one() -> None:
    def shown(results: Results) -> dict[frozenset[str], int | None]:
        return {
            frozenset([row.level or "", *row.by.values()]): row.count
            for row in results.estimates[0].rows if row.by and row.flag is None
        }  # fmt: skip

    shut = guard(survey(), RULES)
    first = shown(tabulate(shut, [Request(variable="sex", by=(("q",),))]))
    second = shown(tabulate(shut, [Request(variable="q", by=(("sex",),))]))
    both = first.keys() & second.keys()
    assert len(both) >= 4 and all(first[each] == second[each] for each in both)


def test_without_time_figures_are_withheld_instead() -> None:
    made = tabulate(guard(survey(), replace(RULES, rounding=2)), ASKED)
    codes = [each.code for each in made.notes]
    assert "rounded" in codes or {"rounding_failed", "protected"} <= set(codes)


@pytest.mark.parametrize(("cell", "asked", "multiple"), [(5, 5, 6), (5, 10, 10), (3, 5, 5), (10, 5, 11)])
def test_a_printed_zero_leaves_as_wide_a_range_as_any_withheld_count(cell: int, asked: int, multiple: int) -> None:
    """Multiples of 5 leave 0 to 4 behind a printed 0: four apart, where five were promised."""
    rules = Protection(method="rounding", cell=cell, base=20, rounding=asked)
    assert rules.multiple == multiple and rules.multiple - 1 >= cell
