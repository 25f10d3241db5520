"""The tool's formulas, written again from its documentation: what a candidate split of counts would have printed.

A total over groups that are strata, clusters, or differ by weight has a standard
error that depends on the split that is withheld. So have df, deff, cv and both
ends of the interval. Candidates are put through the formulas together and compared
with what was printed, digit by digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, t

from surveytool.arrays import Flags, Floats
from surveytool.disclosure_audit.printed_rows import Printed

FEW = 10


@dataclass(frozen=True, slots=True)
class Way:
    """The design: weights of the groups, whether they are strata or clusters."""

    weights: Floats
    strata: bool = False
    clusters: bool = False


def totals(gave: Floats, n: Floats, way: Way) -> dict[str, Floats]:
    """Figures of the total's row for candidates: ``gave`` out of ``n`` by group, both [candidates, groups].

    The variance of a ratio by its linearisation: between respondents, within strata, or between clusters.
    """
    w, many = way.weights, n.sum(axis=1)
    whole = n @ w
    with np.errstate(divide="ignore", invalid="ignore"):
        p = (gave @ w) / whole
        if way.clusters:
            groups = (n > 0).sum(axis=1)
            z = w * (gave - n * p[:, None]) / whole[:, None]
            variance, df = groups / (groups - 1.0) * (z * z).sum(axis=1), groups - 1.0
        elif way.strata:
            share = np.where(n > 0, gave / np.maximum(n, 1), 0.0)
            parts = (w / whole[:, None]) ** 2 * n * n / np.maximum(n - 1, 1) * share * (1 - share)
            variance, df = parts.sum(axis=1), many - (n > 0).sum(axis=1)
        else:
            squares = (w / whole[:, None]) ** 2 * (gave * (1 - p[:, None]) ** 2 + (n - gave) * p[:, None] ** 2)
            variance, df = many / (many - 1.0) * squares.sum(axis=1), many - 1.0
        se = np.sqrt(variance)
        plain = p * (1 - p) / (many - 1.0)
        return {
            "estimate": p, "se": se, "df": df, "count": gave.sum(axis=1), "n": many, "n_weighted": whole,
            "cv": se / p, "deff": variance / plain,
        }  # fmt: skip


def interval(p: float, se: float, df: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The logit interval, Korn and Graubard's where few effective respondents are behind it."""
    if not (se > 0 and 0 < p < 1 and df > 0):
        return (p, p)
    quantile = t.ppf((1 + level) / 2, df)
    effective = min(p * (1 - p) / se**2 * (t.ppf((1 + level) / 2, n - 1) / quantile) ** 2, n)
    if min(p, 1 - p) * effective < FEW:
        return korn_graubard(p * effective, effective, level)
    reach = quantile * se / (p * (1 - p))
    middle = np.log(p / (1 - p))
    low, high = (float(1 / (1 + np.exp(-(middle + sign * reach)))) for sign in (-1, 1))
    return low, high


def korn_graubard(x: float, n: float, level: float) -> tuple[float, float]:
    """The exact binomial interval of x among n, neither of them whole."""
    alpha = 1 - level
    low = beta.ppf(alpha / 2, x, n - x + 1) if x > 0 else 0.0
    high = beta.ppf(1 - alpha / 2, x + 1, n - x) if n - x > 0 else 1.0
    return (float(low), float(high))


def agreeing(figures: Mapping[str, Floats], numbers: Mapping[str, Printed]) -> Flags:
    """Which candidates [candidates] would have printed these numbers, the interval apart."""
    kept = np.ones(len(figures["n"]), dtype=bool)
    for key, values in figures.items():
        if key in numbers:
            slack = 1e-9 * (1 + abs(numbers[key].value))
            kept &= (values >= numbers[key].low - slack) & (values <= numbers[key].high + slack)
    return kept


def interval_agrees(figures: Mapping[str, Floats], at: int, numbers: Mapping[str, Printed]) -> bool:
    """Whether the interval of one candidate [candidates] is the printed one."""
    figure = {key: float(values[at]) for key, values in figures.items()}
    ends = interval(figure["estimate"], figure["se"], figure["df"], int(figure["n"]))
    return all(
        numbers[key].low - 1e-9 <= end <= numbers[key].high + 1e-9
        for key, end in zip(("ci_low", "ci_high"), ends, strict=True) if key in numbers
    )  # fmt: skip
