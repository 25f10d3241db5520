"""The geometric mean: exp of the weighted mean of logarithms, for numbers above 0 such as incomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.estimate.statistic import Statistic, mean_gradient, mean_value

if TYPE_CHECKING:
    from surveytool.arrays import Floats


def value(totals: Floats, shift: float) -> Floats:
    """exp(shift + sum w (log y - shift) / sum w); totals [G, 1, 2] of 1 and log y, the value [G, 1].

    >>> value(np.array([[[2.0, np.log(2.0) + np.log(8.0)]]]), 0.0).round(12)
    array([[4.]])
    """
    return np.exp(mean_value(totals, shift))


def gradient(totals: Floats, shift: float) -> Floats:
    """The geometric mean times the gradient of the mean of logarithms, as [G, 1, 1, 2]."""
    return value(totals, shift)[:, :, None, None] * mean_gradient(totals, shift)


GEOMETRIC_MEAN = Statistic(
    name="geometric-mean", measure="values", value=value, gradient=gradient, of=np.log, positive=True
)
