"""Weights cut off at limits, on [rows, R]: alone, or with margins that still have to be met.

Alone, what is cut off is shared out among the others, so that the sum stays. With margins the nearest weights within
the limits that meet them are looked for (range-restricted raking): both hold, or it is said that they cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats

STEPS = 80


@frozen
class TrimmingRule:
    """Limits of weights: ``low`` and ``high`` times their mean or median; or the median and ``iqr`` times their range.

    The range is that between the quartiles, upwards only (Potter 1990; Chowdhury and others 2007 use 6 for it).
    """

    low: float | None = None
    high: float | None = None
    of: str = "mean"
    iqr: float | None = None

    def limits(self, weights: Floats) -> tuple[Floats, Floats]:
        """The least and the most weight [R] of each column of weights [rows, R]; weights of 0 stay out."""
        least, most = [], []
        for column in weights.T:
            used = column[column > 0]
            middle = float(used.mean() if self.of == "mean" else np.median(used))
            floor = self.low * middle if self.low is not None else 0.0
            ceiling = self.high * middle if self.high is not None else np.inf
            if self.iqr is not None:
                low, median, high = np.quantile(used, (0.25, 0.5, 0.75))
                ceiling = min(ceiling, float(median + self.iqr * (high - low)))
            least.append(floor)
            most.append(ceiling)
        return np.array(least), np.array(most)


def shared_out(weights: Floats, least: Floats, most: Floats) -> Floats:
    """Weights [rows, R] within the limits [R] with the sums they had: one factor a column before they are cut."""
    sums = weights.sum(axis=0)
    used = (weights > 0).sum(axis=0)
    ceiling = np.where(np.isfinite(most), most, np.maximum(weights.max(axis=0), sums))
    reachable = (least * used <= sums * (1 + 1e-12)) & (ceiling * used >= sums * (1 - 1e-12))
    small = np.where(weights > 0, weights, np.inf).min(axis=0)
    lower, upper = np.zeros(len(sums)), np.maximum(ceiling / small, 1.0) + 1.0
    for _ in range(STEPS):
        middle = (lower + upper) / 2
        low = np.where(weights > 0, np.clip(weights * middle, least, ceiling), 0.0).sum(axis=0) < sums
        lower, upper = np.where(low, middle, lower), np.where(low, upper, middle)
    made = np.where(weights > 0, np.clip(weights * (lower + upper) / 2, least, ceiling), 0.0)
    return made if reachable.all() else np.where(reachable, made, weights)
