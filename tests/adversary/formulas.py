"""The tool's formulas, written again from its documentation: what a candidate split of counts would have printed.

A total over groups that are strata, clusters, or differ by weight has a standard
error that depends on the split that is withheld. So have df, deff, cv and both
ends of the interval. Each candidate is put through the formula and compared with
what was printed, digit by digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from bytes_read import Printed
from scipy.special import betaincinv, stdtrit  # twenty times as fast as those of scipy.stats

FEW = 10


@dataclass(frozen=True, slots=True)
class Way:
    """The design: weights of the groups, whether they are strata or clusters."""

    weights: np.ndarray
    strata: bool = False
    clusters: bool = False


def total(gave: np.ndarray, n: np.ndarray, way: Way) -> dict[str, float]:
    """Every figure of the total's row, of ``gave`` [groups] out of ``n`` [groups]."""
    w, kept = way.weights, n > 0
    gave, n, w = gave[kept], n[kept], w[kept]
    whole = float(w @ n)
    p = float(w @ gave) / whole
    if way.clusters:
        z = w * (gave - n * p) / whole
        many = len(n)
        variance, df = many / (many - 1) * float(z @ z), many - 1
    elif way.strata:
        share = gave / n
        parts = (w / whole) ** 2 * n * n / np.maximum(n - 1, 1) * share * (1 - share)
        variance, df = float(parts.sum()), int(n.sum()) - len(n)
    else:
        many = int(n.sum())
        squares = (w / whole) ** 2 * (gave * (1 - p) ** 2 + (n - gave) * p**2)
        variance, df = many / (many - 1) * float(squares.sum()), many - 1
    se = variance**0.5
    many = int(n.sum())
    plain = p * (1 - p) / (many - 1) if many > 1 else 0.0
    found = {"estimate": p, "se": se, "df": float(df), "count": float(gave.sum()), "n": float(many),
              "n_weighted": whole, "cv": se / p if p else np.inf,
              "deff": variance / plain if plain else np.inf}  # fmt: skip
    low, high = interval(p, se, df, many)
    return {**found, "ci_low": low, "ci_high": high}


def interval(p: float, se: float, df: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The logit interval, Korn and Graubard's where few effective respondents are behind it."""
    if se <= 0 or not 0 < p < 1:
        return (p, p)
    quantile = stdtrit(df, (1 + level) / 2)
    effective = min(p * (1 - p) / se**2 * (stdtrit(n - 1, (1 + level) / 2) / quantile) ** 2, n)
    if min(p, 1 - p) * effective < FEW:
        return korn_graubard(p * effective, effective, level)
    reach = quantile * se / (p * (1 - p))
    middle = np.log(p / (1 - p))
    return tuple(float(1 / (1 + np.exp(-(middle + sign * reach)))) for sign in (-1, 1))  # type: ignore[return-value]


def korn_graubard(x: float, n: float, level: float) -> tuple[float, float]:
    alpha = 1 - level
    low = betaincinv(x, n - x + 1, alpha / 2) if x > 0 else 0.0
    high = betaincinv(x + 1, n - x, 1 - alpha / 2) if n - x > 0 else 1.0
    return (float(low), float(high))


def agrees(made: dict[str, float], printed: dict[str, Printed], keys: tuple[str, ...]) -> bool:
    """Whether a candidate would have printed these numbers."""
    return all(printed[key].low - 1e-9 <= made[key] <= printed[key].high + 1e-9 for key in keys if key in printed)
