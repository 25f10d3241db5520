"""A statistic's gradient, applied: to unit totals, and in quadratic forms of second moments.

Of few levels it is the array [G, R, K, M] that it is. Of many levels that array
would be the square of their number, though a share's row has one entry of its own
only: ``(1[r = k] - p_r) / N``. ``Shares`` keeps p and N and multiplies out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveytool.estimate.statistic import Statistic, count_gradient, proportion_gradient, proportion_value

if TYPE_CHECKING:
    from surveytool.arrays import Floats


MANY = 100


@dataclass(frozen=True, slots=True)
class Dense:
    """The gradient [G, R, K, M] itself."""

    array: Floats

    def of(self, values: Floats) -> Floats:
        """Linearised totals [U, G, R] of unit totals [U, G, K, M]."""
        units, groups, depth, moments = values.shape
        flat = np.moveaxis(values, 0, -1).reshape(groups, depth * moments, units)
        return np.moveaxis(self.array.reshape(groups, self.array.shape[1], depth * moments) @ flat, -1, 0)

    def form(self, second: Floats) -> Floats:
        """Quadratic forms [..., G, R] in second moments [..., G, K, M, M]."""
        return quadratic(self.array, second)

    def size(self, second: Floats) -> Floats:
        """The forms [..., G, R] with all signs taken away: what rounding errors of ``form`` are measured by."""
        return quadratic(np.abs(self.array), np.abs(second))


@dataclass(frozen=True, slots=True)
class Shares:
    """The gradient of the shares p [G, R] of N [G, 1], one moment a level; p is 0 and N is 1 for counts."""

    share: Floats
    whole: Floats

    def of(self, values: Floats) -> Floats:
        """As of ``Dense``, [U, G, R]: what a level has, less its share of what all have."""
        values_of_rows = values[..., 0]
        linearised: Floats = (values_of_rows - self.share * values_of_rows.sum(axis=-1, keepdims=True)) / self.whole
        return linearised

    def form(self, second: Floats) -> Floats:
        """As of ``Dense``, [..., G, R]: (1 - p)^2 of the level's own, p^2 of the others'."""
        squares = second[..., 0, 0]
        others = np.maximum(squares.sum(axis=-1, keepdims=True) - squares, 0.0)
        quadratic: Floats = ((1 - self.share) ** 2 * squares + self.share**2 * others) / self.whole**2
        return quadratic

    def size(self, second: Floats) -> Floats:
        """As ``form`` [..., G, R]: second moments of one moment are squares, no sign is to be taken away."""
        return self.form(second)


def gradient_of(statistic: Statistic, totals: Floats, shift: float) -> Dense | Shares:
    """The gradient of a statistic at totals [G, K, M]."""
    many = totals.shape[1] >= MANY and totals.shape[2] == 1
    if many and statistic.gradient is proportion_gradient:
        whole = totals[..., 0].sum(axis=1)[:, None]
        return Shares(proportion_value(totals, shift), np.where(whole != 0, whole, np.nan))
    if many and statistic.gradient is count_gradient:
        return Shares(np.zeros(totals.shape[:2]), np.ones((len(totals), 1)))
    return Dense(statistic.gradient(totals, shift))


def quadratic(gradient: Floats, second: Floats) -> Floats:
    """Quadratic forms of each row's gradient [G, R, K, M] in moments [..., G, K, M, M]: [..., G, R]."""
    by_level = np.swapaxes(gradient, 1, 2)
    forms: Floats = ((by_level @ second) * by_level).sum(axis=(-1, -3))
    return forms
