"""What is published of a protected figure: the digits that are printed, and nothing that is finer.

Standard errors, degrees of freedom, design effects and weighted n are functions
of counts that are withheld, so they are not published at all. An interval is one
as well where weights, strata or clusters tie it to the split of a total: such an
interval is made anew from what is printed beside it (the percentage, n) and a
design effect in coarse steps, always rounded up, so that it is at least as wide.
How far up follows from who the respondents are (their fingerprint), which nobody
outside knows: a split that is tried by an attacker cannot be told by its step.
Where few sampling units are behind it the interval is not shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.withheld_rows import SUPPRESSED, blank, place_of
from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.interval import INTERVALS, Shares
from surveytool.estimate.result import Estimates, Results, Row, Test
from surveytool.frozen import frozen
from surveytool.survey import Design

SHARE_STEPS = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2)
STEP = 1.5  # one design effect to the next
SMALLEST_EFFECT = 1.0
FREEDOM = (1, 2, 3, 4, 5, 8, 12, 20, 30)
FEW = 8  # degrees of freedom, below which an interval that could tell is not shown
MANY = 1000  # respondents: from here on a tenth of a percent is a respondent or more
TEST_DIGITS = {"statistic": 2, "p": 3, "p_adjusted": 3}


def tied(design: Design) -> bool:
    """Whether errors depend on who is where: weights, strata, clusters, replicates."""
    plain = replace(Design(), lonely_psu=design.lonely_psu, nest=design.nest)
    return replace(design, sample="probability", as_if_random=False) != plain


@frozen
class Exposure:
    """What of a table could tell something that is withheld, and how much one respondent moves it.

    ``coarse`` asks for percentages and intervals in steps; ``guessable`` is the heaviest weight
    where weights can be reckoned; ``pull`` is what one respondent of the smallest group moves a
    standardised share; ``weighted`` says that counts tell more than the percentages do.
    """

    bound: bool
    coarse: bool
    cell: int
    weighted: bool = False
    guessable: float = 0.0
    pull: float = 0.0
    seen: PublishedCounts | None = None

    @classmethod
    def of(cls, seen: PublishedCounts, results: Results, exposed: bool, cell: int) -> Exposure:
        """The exposure of one table; ``exposed`` where something of its question is withheld."""
        standard = seen.request.standard
        bound = tied(results.design) or standard is not None
        return cls(
            bound=bound, coarse=exposed and bound, cell=cell, weighted=results.design.weights is not None,
            guessable=seen.guessable if exposed else 0.0,
            pull=_pull(seen) if standard is not None and exposed else 0.0, seen=seen,
        )  # fmt: skip

    def lift(self, row: Row) -> float:
        """By how much a row's design effect is raised before it is rounded up, from 1 to a step."""
        if self.seen is None:
            return 1.0
        _, names, group, level = place_of(row, self.seen)
        scope = next(scope for scope in self.seen.scopes if scope.family[1] == names)
        mark = int(scope.prints[group, level] if self.seen.levels else scope.n_prints[group])
        return 1.0 + (STEP - 1.0) * ((mark * 0x9E3779B97F4A7C15 >> 11) % 2**53) / 2.0**53

    def step(self, row: Row, unit: float) -> float | None:
        """The step of a row's share: as fine as is printed, and no finer than a respondent is; None where too wide."""
        least = self.cell * self.pull
        if self.guessable and row.n_weighted > 0:
            least = max(least, 2 * self.guessable / row.n_weighted)
        return next((max(step, unit) for step in SHARE_STEPS if step >= least - 1e-12), None)


def _pull(seen: PublishedCounts) -> float:
    """What one respondent of a group moves a standardised share, at most."""
    standard = seen.request.standard
    assert standard is not None
    whole = sum(share for _, share in standard.shares)
    scope = next((scope for scope in seen.scopes if standard.variable in scope.family[1]), None)
    if scope is None:
        return 1.0
    at = scope.family[1].index(standard.variable)
    shares = dict(standard.shares)
    found = [
        shares[group[at]] / whole / n for group, n in zip(scope.groups, scope.n[1:].tolist(), strict=True)
        if n and group[at] in shares
    ]  # fmt: skip
    return max(found, default=1.0)


def printed(
    estimates: Estimates, exposure: Exposure, steps: Mapping[int, float] | None = None
) -> tuple[Estimates, tuple[float, ...]]:
    """The table with the digits that are printed, and the step of every row; ``steps`` are the least of some rows."""
    decimals, steps = _decimals(estimates, exposure), steps or {}
    made = [
        (row, 0.0) if row.flag == SUPPRESSED else _row(row, estimates, decimals, exposure, steps.get(index, 0.0))
        for index, row in enumerate(estimates.rows)
    ]
    return replace(estimates, rows=tuple(row for row, _ in made), decimals=decimals), tuple(step for _, step in made)


def _decimals(estimates: Estimates, exposure: Exposure) -> int:
    """Decimals of percentages, or of the numbers: a figure's last digit is no finer than a respondent is."""
    own = decimals_of(estimates, None)
    n = min((row.n for row in estimates.rows if row.flag != SUPPRESSED and row.n), default=MANY)
    if estimates.statistic == "proportion":
        return own if n >= MANY or not exposure.coarse else 0
    return own


def _row(row: Row, estimates: Estimates, decimals: int, exposure: Exposure, least: float) -> tuple[Row, float]:
    """One row in its digits, or in steps of at least ``least``, and the step."""
    share = estimates.statistic == "proportion"
    digits = decimals + 2 if share else decimals
    hidden = exposure.coarse and (exposure.weighted or exposure.guessable) and estimates.levels
    made = replace(
        row, estimate=_rounded(row.estimate, digits), ci_low=_rounded(row.ci_low, digits),
        ci_high=_rounded(row.ci_high, digits), se=None, df=None, deff=None, cv=None, n_weighted=math.nan,
        count=None if hidden or least else row.count,
    )  # fmt: skip
    if row.estimate is None or not (least or (share and exposure.coarse)):
        open_ = estimates.levels and exposure.coarse  # errors of sums of answers tell their counts
        return (replace(made, ci_low=None, ci_high=None) if open_ else made), 0.0
    step = max(exposure.step(row, 10.0**-digits) or 0.0, least) if share else least
    if not step:
        return blank(row), 0.0
    made = replace(made, estimate=round(round(row.estimate / step) * step, digits) + 0.0)
    if row.ci_low is not None:
        low, high = public_interval(made, row, estimates, (digits, step, exposure.lift(row))) if share else (None, None)
        made = replace(made, ci_low=low, ci_high=high)
    return made, step


def public_interval(
    made: Row, row: Row, estimates: Estimates, at: tuple[int, float, float]
) -> tuple[float | None, float | None]:
    """The interval that follows from what is printed and a design effect in steps, rounded outward.

    ``at`` are the digits, the share's step, and by how much the design effect is raised first.
    """
    digits, unit, lift = at
    if row.estimate is None or row.df is None or row.df < FEW or row.se is None:
        return None, None
    p = min(max(made.estimate or 0.0, unit / 2), 1 - unit / 2)
    noise = unit**2 / 12 if unit > 0.01 else 0.0
    effect = row.se**2 * row.n / max(row.estimate * (1 - row.estimate), unit / 2)
    return interval_of(p, p * (1 - p) / row.n * stepped(effect * lift) + noise, row, estimates, digits)


def interval_of(
    p: float, variance: float, row: Row, estimates: Estimates, digits: int
) -> tuple[float | None, float | None]:
    """The table's own interval around a printed share with a printed variance, rounded outward."""
    df = max((each for each in FREEDOM if each <= (row.df or 0)), default=1)
    method = estimates.ci_method if estimates.ci_method in INTERVALS else "auto"
    return _outward(p, variance, (float(df), float(row.n), estimates.request.level), method, digits)


@lru_cache(maxsize=1 << 16)
def _outward(
    p: float, variance: float, at: tuple[float, float, float], method: str, digits: int
) -> tuple[float | None, float | None]:
    """An interval ``at`` df, n and level, rounded outward: many rows of a run have the same."""
    df, n, level = at
    shares = Shares(
        estimate=np.array([p]), se=np.array([math.sqrt(variance)]), df=np.array([df]), n=np.array([n]), level=level
    )
    low, high = INTERVALS[method](shares)
    if not (math.isfinite(low[0]) and math.isfinite(high[0])):
        return None, None
    scale = 10.0**digits
    ends = math.floor(low[0] * scale + 1e-9) / scale, math.ceil(high[0] * scale - 1e-9) / scale
    return round(min(max(ends[0], 0.0), p), digits), round(max(min(ends[1], 1.0), p), digits)


def stepped(effect: float) -> float:
    """The next design effect of the ladder 1, 1.5, 2.25 ...

    >>> stepped(0.8), stepped(1.2), stepped(1.5)
    (1.0, 1.5, 1.5)
    """
    step = SMALLEST_EFFECT
    while step < effect * (1 - 1e-9):
        step *= STEP
    return step


def printed_test(test: Test, estimates: Estimates) -> Test:
    """A test with the digits that are printed."""
    digits = (estimates.decimals or 0) + (2 if estimates.statistic == "proportion" else 0)
    ends: dict[str, Any] = {name: _rounded(getattr(test, name), digits) for name in ("estimate", "ci_low", "ci_high")}
    others: dict[str, Any] = {name: _rounded(getattr(test, name), places) for name, places in TEST_DIGITS.items()}
    df2 = None if test.df2 is None else float(round(test.df2))
    return replace(test, se=None, df2=df2, **ends, **others)


def _rounded(value: float | None, digits: int) -> float | None:
    """A figure in its digits; without decimals a whole number, so that no file prints 2.0 for what may be 2.4."""
    if value is None or not math.isfinite(value):
        return value
    return round(value, digits) + 0.0 if digits > 0 else round(round(value, digits))
