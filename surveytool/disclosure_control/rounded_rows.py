"""Rows of rounded counts: every figure is that of the rounded counts, and its interval holds the noise.

A percentage is the rounded count over the rounded n. Its variance is that of a
share of the rounded counts, times the design effect in coarse steps, and the
variance of the rounding itself, (base^2 - 1) / 6 a count. Standard errors,
degrees of freedom and tests of the true counts are not published. Means, totals
of numbers and quantiles are not functions of counts; they are withheld.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from surveytool.aggregate.cells import BaseCount
from surveytool.disclosure_control.equation_system import System
from surveytool.disclosure_control.printed_precision import interval_of, stepped, tied
from surveytool.disclosure_control.protection import Protection
from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.withheld_rows import SUPPRESSED, Held, blank, kept_notes, place_of
from surveytool.estimate.result import Estimates, Row
from surveytool.survey import Design


def rounded(
    estimates: Estimates, seen: PublishedCounts, held: Held, system: System, values: Mapping[int, int],
    rules: Protection, design: Design,
) -> Estimates:  # fmt: skip
    """One table with rounded counts; figures of too few respondents, and those that are no counts, are withheld."""
    decimals = 0 if seen.guessable else 1
    rows = tuple(_row(row, estimates, seen, held, system, values, (rules, decimals, design)) for row in estimates.rows)
    gone = [row for row in rows if row.flag == SUPPRESSED]
    base = system.bases.get((seen.id, (), 1))
    n = values[base] if base is not None else 0
    count = BaseCount(rows=estimates.base.rows, domain=0, base=0, withheld=True)
    if not held.base:
        count = BaseCount(rows=estimates.base.rows, domain=n, base=n)
    notes = tuple(kept_notes(estimates, rows, gone, rules, counted=False))
    return replace(estimates, rows=rows, base=count, notes=notes, decimals=decimals)


def _row(
    row: Row, estimates: Estimates, seen: PublishedCounts, held: Held, system: System, values: Mapping[int, int],
    rules: tuple[Protection, int, Design],
) -> Row:  # fmt: skip
    place = place_of(row, seen)
    base = system.bases.get(place[:3])
    if place in held.places or base is None or estimates.request.standard is not None:
        return blank(row)
    if row.n == 0:
        return row
    n, wanted = values[base], estimates.statistic == "proportion" and bool(seen.levels)
    if n == 0 or not wanted or row.count is None or row.estimate is None:
        return blank(row)
    return _share(row, estimates, (values[system.rows[place]], n), rules)


def _share(row: Row, estimates: Estimates, counts: tuple[int, int], rules: tuple[Protection, int, Design]) -> Row:
    """The share of rounded counts, with respondents of the answer as heavy as they are on average."""
    (count, n), (protection, decimals, design) = counts, rules
    assert row.count is not None and row.estimate is not None
    heavy = row.estimate * row.n / row.count if row.count and tied(design) else 1.0
    value = round(min(max(heavy * count / n, 0.0), 1.0), decimals + 2)
    made = replace(
        row, estimate=value, n=n, count=count, se=None, df=None, deff=None, cv=None,
        n_weighted=math.nan, ci_low=None, ci_high=None,
    )  # fmt: skip
    if row.ci_low is None:
        return made
    low, high = _interval(row, made, estimates, _noise(protection, value, n), decimals)
    return replace(made, ci_low=low, ci_high=high)


def _noise(rules: Protection, value: float, n: int) -> float:
    """The variance that rounding both counts adds to a share."""
    variance: float = (rules.multiple**2 - 1) / 6 / n**2 * (1 + value**2)
    return variance


def _interval(
    row: Row, made: Row, estimates: Estimates, noise: float, decimals: int
) -> tuple[float | None, float | None]:
    """The interval of what is printed."""
    assert row.estimate is not None and made.estimate is not None
    plain = row.estimate * (1 - row.estimate) / row.n
    effect = (row.se or 0.0) ** 2 / plain if plain > 0 else 1.0
    p = min(max(made.estimate, 0.5 / made.n), 1 - 0.5 / made.n)
    variance = p * (1 - p) / made.n * stepped(effect) + noise
    found = interval_of(p, variance, replace(made, df=float(made.n - 1)), estimates, decimals + 2)
    low, high = found
    if low is None or high is None:
        return found
    return (min(low, made.estimate), max(high, made.estimate))
