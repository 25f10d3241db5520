"""What a report says of its tables: whether intervals meet, who is highest and lowest, and when it is silent."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from surveytool.reports.sentences import findings
from surveytool.survey import Design
from surveytool.text import words

EN = words("en")


def said(
    samples: ModuleType, ends: dict[str, tuple[float | None, float, float | None]], **design: Any
) -> tuple[str, ...]:
    """The sentences on a mean by age group with these lows, estimates and highs."""
    made = samples.means((samples.AGE,))
    rows = [made.rows[0]]
    for row in made.rows[1:]:
        low, value, high = ends.get(row.by["age_group"], (30.0, 31.0, 32.0))
        rows.append(replace(row, estimate=value, ci_low=low, ci_high=high))
    results = samples.results(replace(made, rows=tuple(rows)), design=Design(**design) if design else None)
    return findings(results.estimates[0], results, EN)


@pytest.mark.parametrize(
    ("low_end", "high_start", "key"),
    [(29.0, 33.0, "find_apart"), (33.0, 33.0, "find_meet"), (34.0, 33.0, "find_meet"), (32.99, 33.0, "find_apart")],
)
def test_intervals_meet_where_the_lower_ends_above_the_start_of_the_higher(
    samples: ModuleType, low_end: float, high_start: float, key: str
) -> None:
    (_, told) = said(samples, {"18-25": (27.0, 28.0, low_end), "46 and over": (high_start, 35.0, 39.0)})
    assert EN.word(key).strip(" .") in told
    other = {"find_apart": "find_meet", "find_meet": "find_apart"}[key]
    assert EN.word(other).strip(" .") not in told
    assert "28.0" in told and "35.0" in told and "18-25" in told and "46 and over" in told


def test_the_lowest_and_the_highest_are_named_with_their_n(samples: ModuleType) -> None:
    (_, told) = said(samples, {"26-35": (27.0, 28.0, 29.0), "36-45": (33.0, 35.0, 39.0)})
    made = samples.means((samples.AGE,))
    n = {row.by["age_group"]: row.n for row in made.rows if row.by}
    assert told.index("26-35") > told.index("28.0") and told.index("36-45") > told.index("35.0")
    assert str(n["26-35"]) in told and str(n["36-45"]) in told


def test_without_an_interval_it_says_so(samples: ModuleType) -> None:
    (_, told) = said(samples, {"18-25": (None, 28.0, None), "46 and over": (33.0, 35.0, 39.0)})
    assert EN.word("find_no_interval").strip(" .") in told


def test_groups_that_print_the_same_are_not_ranked(samples: ModuleType) -> None:
    assert len(said(samples, {})) == 1


def test_a_sample_that_is_not_random_is_called_indicative(samples: ModuleType) -> None:
    assert EN.word("find_indicative") in said(samples, {}, sample="convenience")[0]
    assert EN.word("find_indicative") not in said(samples, {}, sample="probability")[0]


def test_answers_are_ranked_from_the_most_frequent(samples: ModuleType) -> None:
    levels = ("Rare", "Common", "Middle", "Third")
    rows = [
        samples.share("use", level, {}, value, 531) for level, value in zip(levels, (0.05, 0.6, 0.25, 0.1), strict=True)
    ]
    made = samples.shares("use", "Use", levels, rows=rows)
    results = samples.results(made)
    (told,) = findings(results.estimates[0], results, EN)
    places = [told.index(level) for level in ("Common", "Middle", "Third")]
    assert places == sorted(places) and "Rare" not in told
    assert "60.0%" in told and "25.0%" in told and "10.0%" in told


def test_of_two_answers_the_first_is_told(samples: ModuleType) -> None:
    rows = [samples.share("plan", "Yes", {}, 0.3, 531), samples.share("plan", "No", {}, 0.7, 531)]
    results = samples.results(samples.shares("plan", "Plan", ("Yes", "No"), rows=rows))
    (told,) = findings(results.estimates[0], results, EN)
    assert "30.0%" in told and "70.0%" not in told and "531" in told


def test_flagged_rows_are_not_spoken_of(samples: ModuleType) -> None:
    rows = [samples.share("plan", "Yes", {}, 0.3, 531, flag="suppressed"), samples.share("plan", "No", {}, 0.7, 531)]
    results = samples.results(samples.shares("plan", "Plan", ("Yes", "No"), rows=rows))
    assert "30.0" not in " ".join(findings(results.estimates[0], results, EN))
