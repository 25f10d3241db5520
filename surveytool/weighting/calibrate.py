"""Weights near the old ones that meet totals: the arithmetic, on arrays.

``rake`` goes from margin to margin (Deming and Stephan 1940); ``calibrate`` solves
for the factors g of a distance (Deville and Sarndal 1992): ``linear`` g = 1 + u,
``raking`` g = exp(u), ``logit`` between two bounds. Bounds cut the first two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


CLOSE = 1e-12
ROUNDS = 10_000
STEPS = 200
CURE = "Merge small groups, widen the bounds, or take margins out."


def rake(weights: Floats, groups: Sequence[tuple[Keys, Floats]]) -> Floats:
    """Weights [rows] whose sums meet every margin's targets [groups], margin by margin until all do.

    Raises ``UsageError`` where they cannot all be met.
    """
    found = weights.copy()
    for _ in range(ROUNDS):
        gap = 0.0
        for keys, targets in groups:
            sums = np.bincount(keys, found, minlength=len(targets))
            gap = max(gap, float(np.abs(sums - targets).max() / targets.sum()))
            found = found * np.where(sums > 0, targets / np.where(sums > 0, sums, 1.0), 1.0)[keys]
        if gap < CLOSE:
            return found
    raise UsageError("the margins cannot all be met.", "--margin", CURE)


def calibrate(
    weights: Floats, matrix: Floats, totals: Floats, distance: str, bounds: tuple[float, float] | None = None
) -> Floats:
    """Weights [rows] with ``matrix.T @ weights == totals`` [P]; ``bounds`` on the factors new/old.

    Raises ``UsageError`` where no weights within the bounds meet the totals.
    """
    scale = np.maximum(np.abs(totals), (np.abs(matrix) * weights[:, None]).sum(axis=0))
    x = matrix / np.where(scale > 0, scale, 1.0)
    wanted = totals / np.where(scale > 0, scale, 1.0)
    lagrange = np.zeros(x.shape[1])
    gap, step = np.inf, np.zeros(x.shape[1])
    for _ in range(STEPS):
        factor, slope = factors_of(x @ lagrange, distance, bounds)
        left = wanted - x.T @ (weights * factor)
        size = float(np.abs(left).max())
        if size < CLOSE:
            found: Floats = weights * factor
            return found
        if np.isfinite(size) and size < gap:
            gap = size
            jacobian = x.T @ (x * (weights * slope)[:, None])
            step = np.linalg.pinv(jacobian, rcond=1e-13, hermitian=True) @ left
        else:  # too far: half the step back
            step = step / 2
            lagrange = lagrange - step
            continue
        lagrange = lagrange + step
    if gap < 1e-9:  # as near as the numbers allow
        return weights * factors_of(x @ lagrange, distance, bounds)[0]
    raise UsageError("no weights within the bounds meet the totals.", "--margin", CURE)


def factors_of(u: Floats, distance: str, bounds: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """New over old weight and its derivative, for each respondent's u."""
    if distance == "logit":
        assert bounds is not None
        low, high = bounds
        steep = (high - low) / ((1 - low) * (high - 1))
        grown = np.exp(np.clip(steep * u, -300, 300))  # squared below
        below = (high - 1) + (1 - low) * grown
        factor = (low * (high - 1) + high * (1 - low) * grown) / below
        return factor, grown * (1 - low) * (high - 1) * steep * (high - low) / below**2
    factor = np.exp(np.clip(u, -500, 500)) if distance == "raking" else 1 + u
    slope = factor if distance == "raking" else np.ones_like(u)
    if bounds is None:
        return factor, slope
    inside = (factor > bounds[0]) & (factor < bounds[1])
    return np.clip(factor, *bounds), np.where(inside, slope, 0.0)


def trimmed(weights: Floats, low: float, high: float) -> Floats:
    """Weights [rows] between ``low`` and ``high`` times their mean; what is cut off is shared out among others.

    The sum stays. Weights of 0 stay 0.
    """
    positive = weights > 0
    own = weights[positive]
    floor, ceiling = low * own.mean(), high * own.mean()
    least, most = floor / own.max(), ceiling / own.min()
    for _ in range(STEPS):  # one factor for all before they are cut: the sum rises with it
        factor = (least + most) / 2
        if np.clip(factor * own, floor, ceiling).sum() < own.sum():
            least = factor
        else:
            most = factor
    found = np.zeros_like(weights)
    found[positive] = np.clip((least + most) / 2 * own, floor, ceiling)
    return found
