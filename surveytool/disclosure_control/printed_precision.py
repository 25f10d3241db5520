"""What is published of a protected figure: the digits that are printed, and nothing that is finer.

Standard errors, degrees of freedom, design effects and weighted n are functions
of counts that are withheld, so they are not published at all. An interval is one
as well where weights, strata or clusters tie it to the split of a total: such an
interval is made anew from what is printed beside it (the percentage, n) and a
design effect in coarse steps, always rounded up, so that it is at least as wide.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.interval import INTERVALS, Shares
from surveytool.estimate.result import Estimates, Row, Test
from surveytool.survey import Design

STEP = 1.5  # one design effect to the next
SMALLEST_EFFECT = 1.0
FREEDOM = (1, 2, 3, 4, 5, 8, 12, 20, 30)
MANY = 1000  # respondents: from here on a tenth of a percent is a respondent or more
SUPPRESSED = "suppressed"
TEST_DIGITS = {"statistic": 2, "p": 3, "p_adjusted": 3}


def tied(design: Design) -> bool:
    """Whether errors depend on who is where: weights, strata, clusters, replicates."""
    plain = Design(sample=design.sample, lonely_psu=design.lonely_psu, nest=design.nest)
    return design != plain


def printed(estimates: Estimates, *, exposed: bool, design: Design) -> Estimates:
    """The table with the digits that are printed; ``exposed`` where something of its question is withheld."""
    bound = tied(design) or estimates.request.standard is not None
    coarse = exposed and bound
    decimals = _decimals(estimates, coarse)
    rows = tuple(
        row if row.flag == SUPPRESSED else _row(row, estimates, decimals, coarse=coarse, bound=bound)
        for row in estimates.rows
    )
    return replace(estimates, rows=rows, decimals=decimals)


def _decimals(estimates: Estimates, coarse: bool) -> int:
    """Decimals of percentages, or of the numbers: a figure's last digit is no finer than a respondent is."""
    own = decimals_of(estimates, None)
    if estimates.statistic != "proportion" or not coarse:
        return own
    n = [row.n for row in estimates.rows if row.flag != SUPPRESSED and row.n]
    return own if min(n, default=MANY) >= MANY else 0


def _row(row: Row, estimates: Estimates, decimals: int, *, coarse: bool, bound: bool) -> Row:
    share = estimates.statistic == "proportion"
    digits = decimals + 2 if share else decimals
    made = replace(
        row, estimate=_rounded(row.estimate, digits), ci_low=_rounded(row.ci_low, digits),
        ci_high=_rounded(row.ci_high, digits), se=None, df=None, deff=None, cv=None, n_weighted=math.nan,
        count=None if bound and estimates.levels else row.count,
    )  # fmt: skip
    if share and coarse and row.ci_low is not None:
        low, high = public_interval(made, row, estimates, digits)
        made = replace(made, ci_low=low, ci_high=high)
    return made


def public_interval(made: Row, row: Row, estimates: Estimates, digits: int) -> tuple[float | None, float | None]:
    """The interval that follows from what is printed and a design effect in steps, rounded outward."""
    unit = 10.0**-digits
    if row.estimate is None or row.df is None or row.df <= 0 or row.se is None:
        return None, None
    p = min(max(made.estimate or 0.0, unit / 2), 1 - unit / 2)
    spread = p * (1 - p) / row.n
    effect = row.se**2 * row.n / max(row.estimate * (1 - row.estimate), unit / 2)
    return interval_of(p, spread * stepped(effect), row, estimates, digits)


def interval_of(
    p: float, variance: float, row: Row, estimates: Estimates, digits: int
) -> tuple[float | None, float | None]:
    """The table's own interval around a printed share with a printed variance, rounded outward."""
    df = max((each for each in FREEDOM if each <= (row.df or 0)), default=1)
    shares = Shares(
        estimate=np.array([p]), se=np.array([math.sqrt(variance)]), df=np.array([float(df)]),
        n=np.array([float(row.n)]), level=estimates.request.level,
    )  # fmt: skip
    low, high = INTERVALS[estimates.ci_method if estimates.ci_method in INTERVALS else "auto"](shares)
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
    ends = {name: _rounded(getattr(test, name), digits) for name in ("estimate", "ci_low", "ci_high")}
    others = {name: _rounded(getattr(test, name), places) for name, places in TEST_DIGITS.items()}
    df2 = None if test.df2 is None else float(round(test.df2))
    return replace(test, se=None, df2=df2, **ends, **others)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0
