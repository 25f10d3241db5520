"""Rows of numbers that may be seen: no sum that is one respondent's, no quantile that is one respondent's answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from surveytool.disclosure_control.number_facts import NumberFacts, dominated_groups, in_steps
from surveytool.disclosure_control.protection import Protection
from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.withheld_rows import SUPPRESSED, blank
from surveytool.estimate import quantile_share
from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.result import Estimates, Row
from surveytool.notes import note

ENDS = ("min", "max")
SPREADS = ("iqr", "sd", "geometric-mean")


def told_numbers(estimates: Estimates, facts: NumberFacts | None, rules: Protection) -> Estimates:
    """The table of a number without what one respondent's answer is behind."""
    if estimates.statistic in (*ENDS, *SPREADS):
        return _withheld(estimates)
    if facts is None:
        return estimates
    if quantile_share(estimates.statistic) is not None:
        return _quantiles(estimates, facts, rules)
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for row in estimates.rows:
        if row.flag != SUPPRESSED and row.n:
            groups.setdefault(tuple(row.by), []).append(tuple(row.by.values()))
    gone = {
        (names, group) for names, held in groups.items()
        for group in dominated_groups(facts, names, list(dict.fromkeys(held)))
    }  # fmt: skip
    rows = tuple(blank(row) if _place(row) in gone else row for row in estimates.rows)
    return replace(estimates, rows=rows)


def _withheld(estimates: Estimates) -> Estimates:
    """A table without figures: its smallest value is somebody's, and spreads beside means tell of single answers."""
    told = note("protected_statistic")
    return replace(estimates, rows=tuple(map(blank, estimates.rows)), notes=(*estimates.notes, told))


Place = tuple[tuple[str, ...], tuple[str, ...]]


def _place(row: Row) -> Place:
    return tuple(row.by), tuple(row.by.values())


def _quantiles(estimates: Estimates, facts: NumberFacts, rules: Protection) -> Estimates:
    digits = decimals_of(estimates, None)
    rows = tuple(
        row if row.flag == SUPPRESSED or row.estimate is None else _quantile(row, facts, rules.cell, digits)
        for row in estimates.rows
    )
    return replace(estimates, rows=rows)


def _quantile(row: Row, facts: NumberFacts, least: int, digits: int) -> Row:
    """A quantile and both ends of its interval in steps that enough respondents' answers are in."""
    values = facts.values.get(_place(row))
    told = None if values is None or row.estimate is None else in_steps(row.estimate, values, least, digits)
    if told is None or values is None:
        return blank(row)
    low = None if row.ci_low is None else in_steps(row.ci_low, values, least, digits)
    high = None if row.ci_high is None else in_steps(row.ci_high, values, least, digits)
    if low is None or high is None:
        return replace(row, estimate=told, ci_low=None, ci_high=None)
    return replace(row, estimate=told, ci_low=min(low, told), ci_high=max(high, told))


def linked_rows(
    estimates: Estimates, seen: PublishedCounts, others: Sequence[tuple[Estimates, PublishedCounts]], least: int
) -> Estimates:
    """A number that is a count of answers, in digits that leave open what is withheld of these answers.

    Rows where no digits do are withheld.
    """
    facts = seen.numbers
    if facts is None or not facts.whole or estimates.statistic not in ("mean", "total"):
        return estimates
    gone: set[Place] = set()
    digits, found = decimals_of(estimates, None), False
    for other, counted in others:
        for row in estimates.rows:
            told = _hidden_sum(row, facts, (other, counted), least)
            if told is not None:
                found = True
                fitting = _digits(row, told, least, digits, estimates.statistic == "mean")
                digits, gone = (digits, {*gone, _place(row)}) if fitting is None else (min(digits, fitting), gone)
    rows = tuple(blank(row) if _place(row) in gone else row for row in estimates.rows)
    return replace(estimates, rows=rows, decimals=digits) if found else estimates


def _hidden_sum(
    row: Row, facts: NumberFacts, options: tuple[Estimates, PublishedCounts], least: int
) -> tuple[int, int] | None:
    """Counts of a group's options that are shown and withheld, where the number counts them; None elsewhere.

    Rare options that were put together count once where somebody chose two of them: nearly the same sum is the same.
    """
    other, counted = options
    if not counted.multiple or row.flag == SUPPRESSED or _place(row) not in facts.values:
        return None
    names, group = _place(row)
    scope = next((scope for scope in counted.scopes if scope.family[1] == names), None)
    if scope is None or group not in scope.groups:
        return None
    counts = scope.count[scope.groups.index(group) + 1]
    whole = int(facts.values[_place(row)].sum())
    if not 0 <= whole - int(counts.sum()) <= 2 * least:
        return None
    gone = {row.level for row in other.rows if _place(row) == (names, group) and row.flag == SUPPRESSED}
    hidden = sum(count for count, level in zip(counts.tolist(), counted.levels, strict=True) if level in gone)
    shown = int(counts.sum()) - hidden
    return (shown, whole - shown) if gone else None


def _digits(row: Row, told: tuple[int, int], least: int, digits: int, mean: bool) -> int | None:
    """The most decimals of a number at which the sum of withheld counts keeps its range."""
    shown, hidden = told
    many = row.n if mean else 1
    for places in range(digits, -4 if not mean else -1, -1):
        value, half = round((shown + hidden) / many, places), 0.5 * 10.0**-places
        low, high = max((value - half) * many - shown, 0.0), (value + half) * many - shown
        if math.floor(high + 1e-9) - math.ceil(low - 1e-9) >= least:
            return places
    return None
