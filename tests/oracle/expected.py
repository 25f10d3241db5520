"""The numbers that are true, with plain arithmetic and no line of surveytool."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from oracle.truth import Flags, Floats

Figures = dict[Hashable, float]


def shares(tokens: Sequence[Hashable], inside: Flags, weights: Floats) -> Figures:
    """The weighted share of each answer among those inside."""
    kept = weights[inside]
    whole = kept.sum()
    out: Figures = {}
    for token, weight in zip([token for token, held in zip(tokens, inside, strict=True) if held], kept, strict=True):
        out[token] = out.get(token, 0.0) + float(weight)
    return {token: value / whole for token, value in out.items()} if whole > 0 else {}


def totals(tokens: Sequence[Hashable], inside: Flags, weights: Floats) -> Figures:
    """The weighted number of people of each answer among those inside."""
    whole = float(weights[inside].sum())
    return {token: value * whole for token, value in shares(tokens, inside, weights).items()}


def mean(values: Floats, inside: Flags, weights: Floats) -> float:
    """The weighted mean of those inside who have a value."""
    held = inside & ~np.isnan(values)
    return float((weights[held] * values[held]).sum() / weights[held].sum()) if held.any() else float("nan")


def medians(values: Floats, inside: Flags, weights: Floats) -> tuple[float, float]:
    """The least value that half of the weight lies at or below; and the next one, where exactly half lies there.

    Of two values that are equally right the sums' last digit decides, as in R.
    """
    held = inside & ~np.isnan(values)
    if not held.any():
        return float("nan"), float("nan")
    order = np.argsort(values[held], kind="stable")
    ordered, below = values[held][order], np.cumsum(np.rint(weights[held][order] * 1e6).astype(np.int64))
    at = int(np.searchsorted(2 * below, below[-1]))
    met = 2 * below[at] == below[-1]
    return float(ordered[at]), float(ordered[at + 1] if met else ordered[at])


def standard_error(values: Floats, inside: Flags, weights: Floats, strata: Floats, units: Floats) -> float:
    """Of a mean in a domain, by Taylor linearisation with the sampling units of every stratum (Wolter 2007, 6.5)."""
    held = inside & ~np.isnan(values)
    whole = weights[held].sum()
    centre = (weights[held] * values[held]).sum() / whole
    scores = np.where(held, weights * (np.where(held, values, 0.0) - centre) / whole, 0.0)
    variance = 0.0
    for stratum in np.unique(strata):
        there = strata == stratum
        sums = np.array([scores[there & (units == unit)].sum() for unit in np.unique(units[there])])
        variance += len(sums) / (len(sums) - 1) * float(((sums - sums.mean()) ** 2).sum())
    return variance**0.5


def slope(outcome: Floats, other: Floats, inside: Flags, weights: Floats) -> float:
    """The slope of a weighted straight line, from the normal equations."""
    held = inside & ~np.isnan(outcome) & ~np.isnan(other)
    root = np.sqrt(weights[held])
    matrix = np.column_stack([np.ones(held.sum()), other[held]]) * root[:, None]
    return float(np.linalg.lstsq(matrix, outcome[held] * root, rcond=None)[0][1])


def close(a: float, b: float, tolerance: float = 2e-6) -> bool:
    """Whether two figures are one but for the last digits that a file keeps."""
    return abs(a - b) <= tolerance * max(1e-3, abs(a), abs(b))


def same(asked: Mapping[Hashable, float], true: Mapping[Hashable, float]) -> bool:
    """Whether two tables hold the same figures; an answer that nobody gave may be there or not."""
    keys = {key for key, value in (*asked.items(), *true.items()) if abs(value) > 1e-12}
    return all(close(asked.get(key, 0.0), true.get(key, 0.0)) for key in keys)
