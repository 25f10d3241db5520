"""How many decimals a table has where none are asked for.

Percentages have one, totals none, quantiles of whole numbers none, and means,
ratios and other quantiles as many as show two digits of their typical standard
error. A protected table has settled its own.
"""

from __future__ import annotations

import math
from statistics import median

from surveytool.estimate import quantile_share
from surveytool.estimate.result import Estimates, Row

MOST_DECIMALS = 6


def decimals_of(estimates: Estimates, asked: int | None) -> int:
    """Decimals of a table: those asked for, else the statistic's own; never more than it was rounded to."""
    if estimates.decimals is not None:
        return estimates.decimals if asked is None else min(asked, estimates.decimals)
    if asked is not None:
        return asked
    if estimates.statistic == "proportion":
        return 1
    values = [abs(row.estimate) for row in estimates.rows if row.estimate is not None]
    if estimates.statistic == "total":
        whole = all(value.is_integer() for value in map(float, values))
        return 0 if whole or max(values, default=0.0) >= 10 else 1
    if quantile_share(estimates.statistic) is not None and all(map(_whole, estimates.rows)):
        return 0
    errors = [row.se for row in estimates.rows if row.se and row.estimate is not None]
    if not errors:
        return 0 if all(float(value).is_integer() for value in values) else 2
    return min(max(1 - math.floor(math.log10(median(errors))), 0), MOST_DECIMALS)


def _whole(row: Row) -> bool:
    """Whether a row's figure and its interval are whole numbers."""
    return all(number is None or number.is_integer() for number in (row.estimate, row.ci_low, row.ci_high))
