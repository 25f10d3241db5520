"""Weighted distributions and their quantiles, by the rules of Hyndman and Fan (1996) for weighted data.

The rules and their names are those of R's ``svyquantile``. ``math`` (the same as
``hf1``) is the inverse of the distribution function: the smallest value with at
least the wanted share at or below it. Where the cumulated weights meet the share
exactly, floating point decides as it does in R (sums in extended precision), so
that both give the same of two values that are equally right. Below the first
value's own share R gives the second value; here it is the first. Rules that
interpolate (hf4 to hf9) look at single respondents, and in R the result depends on
which of several with the same value stands first in the file; here it is always the
one with the smallest weight, as in R for a file sorted by value and weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import unknown
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


RULES = ("math", "school", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
_STEPS = {"math", "hf1", "school", "hf2", "hf3", "hf4"}


@frozen
class Distribution:
    """One group's values [n], sorted, with their weights and the weights cumulated."""

    values: Floats
    weights: Floats
    cumulated: Floats


def distribution(values: Floats, weights: Floats) -> Distribution:
    """Values [n] with positive weights [n], sorted; equal ones by weight: the order of rows changes no sum."""
    order = np.lexsort((weights, values))
    ordered = weights[order]
    cumulated = np.cumsum(ordered, dtype=np.longdouble).astype(np.float64)
    return Distribution(values=values[order], weights=ordered, cumulated=cumulated)


def rule_named(name: str) -> str:
    """The rule, if there is one of that name; raises ``UsageError``."""
    if name not in RULES:
        raise unknown("quantile rule", name, RULES, "--quantile-rule")
    return name


def quantile(given: Distribution, share: float, rule: str) -> float:
    """The value with ``share`` of the weight at or below it; NaN without respondents.

    >>> import numpy as np
    >>> quantile(distribution(np.array([3.0, 1.0, 2.0]), np.ones(3)), 0.5, "math")
    2.0
    """
    import math

    if not len(given.values) or math.isnan(share):
        return math.nan
    share = min(max(share, 0.0), 1.0)
    return _stepped(given, share, rule) if rule in _STEPS else _interpolated(given, share, rule)


def _stepped(given: Distribution, share: float, rule: str) -> float:
    """Rules that look where the distribution function reaches the share."""
    values, cumulated = given.values, given.cumulated
    if rule == "hf3":
        values, first_index = np.unique(values, return_index=True)
        cumulated = cumulated[np.r_[first_index[1:] - 1, len(cumulated) - 1]]
    total = float(cumulated[-1])
    target = share * total
    before = int(np.searchsorted(cumulated, target, side="right")) - 1
    met = before >= 0 and share - float(cumulated[before]) / total == 0.0
    at = before if met else min(before + 1, len(values) - 1)
    following = min(at + 1, len(values) - 1)
    if rule in ("hf2", "school"):
        return float(values[at] + values[following]) / 2 if met else float(values[at])
    if rule == "hf3":
        return float(values[at if not met or (at + 1) % 2 == 0 else following])
    if rule == "hf4" and not met and at:
        below = float(cumulated[at - 1])
        part = (target - below) / (float(cumulated[at]) - below)
        return float(values[at - 1] * (1 - part) + values[at] * part)
    return float(values[at])


def _interpolated(given: Distribution, share: float, rule: str) -> float:
    """Rules that interpolate between plotting positions."""
    cumulated, weights = given.cumulated, given.weights
    before, last = cumulated - weights, float(weights[-1])
    total = float(cumulated[-1])
    if rule == "hf7":
        if len(cumulated) == 1:
            return float(given.values[0])
        positions = np.r_[0.0, cumulated[:-1]] / cumulated[-2]
    elif rule == "hf5":
        positions = (cumulated - weights / 2) / total
    elif rule == "hf6":
        positions = cumulated / (total + last)
    elif rule == "hf8":
        positions = (before / 3 + cumulated * 2 / 3) / (total + last / 3)
    else:
        positions = (before * 3 / 8 + cumulated * 5 / 8) / (total + last / 4)
    return float(np.interp(share, positions, given.values))
