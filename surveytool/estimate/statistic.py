"""Statistics as data: a name, what must be summed for it, its value and its gradient.

``value`` and ``gradient`` are functions of weighted totals ``T`` [G, K, M]
(groups, cell levels, moments; moment 0 is the constant 1). The value is [G, R]
and the gradient [G, R, K, M]: the derivative of row r with respect to each
total, which is all that linearisation needs (Binder 1983; Woodruff 1971).
Numbers are shifted by a constant before they are summed; ``shift`` gives it back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


Measure = Literal["levels", "values", "squares", "pair", "options", "quantile"]


@frozen
class Statistic:
    """A statistic: ``share`` says that it lives in [0, 1], ``additive`` that it is a total.

    ``of`` turns the numbers [rows] before they are summed, say into logarithms; NaN where they cannot be turned.
    Such respondents leave the base, and the line of the base counts them. ``positive`` says that it is above 0, and
    its interval that of its logarithm; ``corrected`` that it is multiplied by sqrt(n / (n - 1)), with its error.
    ``ends`` are the shares whose quantiles make it, 0 and 1 the smallest and largest value; it has no error.
    """

    name: str
    measure: Measure
    value: Callable[[Floats, float], Floats]
    gradient: Callable[[Floats, float], Floats]
    share: bool = False
    additive: bool = False
    of: Callable[[Floats], Floats] | None = None
    positive: bool = False
    corrected: bool = False
    ends: tuple[float, ...] = ()


def divided(above: Floats, below: Floats) -> Floats:
    """Quotient, NaN where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = np.where(below != 0, above / np.where(below != 0, below, 1.0), np.nan)
    return quotient


def proportion_value(totals: Floats, shift: float) -> Floats:
    """Share of each level [G, R]: N_k / N.

    >>> import numpy as np
    >>> proportion_value(np.array([[[3.0], [1.0]]]), 0.0)
    array([[0.75, 0.25]])
    """
    counts = totals[..., 0]
    return divided(counts, counts.sum(axis=1, keepdims=True))


def proportion_gradient(totals: Floats, shift: float) -> Floats:
    """d p_r / d N_k = (1[r = k] - p_r) / N, as [G, R, K, 1]."""
    shares = proportion_value(totals, shift)
    size = totals[..., 0].sum(axis=1)[:, None, None]
    return divided(np.eye(shares.shape[1]) - shares[:, :, None], size)[..., None]


def option_value(totals: Floats, shift: float) -> Floats:
    """Share of respondents who chose each option [G, R]: N_option / N."""
    return divided(totals[:, 0, 1:], totals[:, 0, :1])


def option_gradient(totals: Floats, shift: float) -> Floats:
    """d p_o / d N = -p_o / N and d p_o / d N_o = 1 / N, as [G, R, 1, M]."""
    shares = option_value(totals, shift)
    size = totals[:, 0, :1]
    count = shares.shape[1]
    out = np.zeros((len(totals), count, 1, count + 1))
    out[:, :, 0, 0] = divided(-shares, size)
    out[:, np.arange(count), 0, np.arange(count) + 1] = divided(np.ones_like(size), size)
    return out


def mean_value(totals: Floats, shift: float) -> Floats:
    """Weighted mean [G, 1]: shift + sum w (y - shift) / sum w."""
    return shift + divided(totals[:, :, 1], totals[:, :, 0])


def mean_gradient(totals: Floats, shift: float) -> Floats:
    """d m / d N = -(m - shift) / N and d m / d Y = 1 / N, as [G, 1, 1, 2]."""
    size = totals[:, :, 0]
    return np.stack([divided(-(mean_value(totals, shift) - shift), size), divided(np.ones_like(size), size)], axis=-1)[
        :, :, None, :
    ]


def total_value(totals: Floats, shift: float) -> Floats:
    """Weighted total [G, 1]: sum w (y - shift) + shift * sum w."""
    return totals[:, :, 1] + shift * totals[:, :, 0]


def total_gradient(totals: Floats, shift: float) -> Floats:
    """Linear: (shift, 1), as [G, 1, 1, 2]."""
    out = np.ones((len(totals), 1, 1, 2))
    out[..., 0] = shift
    return out


def count_value(totals: Floats, shift: float) -> Floats:
    """Weighted count of each level [G, R]."""
    counts: Floats = totals[..., 0]
    return counts


def count_gradient(totals: Floats, shift: float) -> Floats:
    """d N_r / d N_k = 1[r = k], as [G, R, K, 1]."""
    groups, levels = totals.shape[:2]
    return np.broadcast_to(np.eye(levels)[None, :, :, None], (groups, levels, levels, 1))


def option_count_value(totals: Floats, shift: float) -> Floats:
    """Weighted count of respondents who chose each option [G, R]."""
    counts: Floats = totals[:, 0, 1:]
    return counts


def option_count_gradient(totals: Floats, shift: float) -> Floats:
    """d N_r / d N_o = 1[r = o], as [G, R, 1, M]."""
    groups, moments = len(totals), totals.shape[2]
    return np.broadcast_to(np.eye(moments)[None, 1:, None, :], (groups, moments - 1, 1, moments))


def ratio_value(totals: Floats, shift: float) -> Floats:
    """Ratio of two weighted totals [G, 1]: Y / X."""
    return divided(totals[:, :, 2], totals[:, :, 1])


def ratio_gradient(totals: Floats, shift: float) -> Floats:
    """d r / d X = -r / X and d r / d Y = 1 / X, as [G, 1, 1, 3]."""
    below = totals[:, :, 1]
    parts = [
        np.zeros_like(below),
        divided(-ratio_value(totals, shift), below),
        divided(np.ones_like(below), below),
    ]
    return np.stack(parts, axis=-1)[:, :, None, :]


PROPORTION = Statistic(
    name="proportion", measure="levels", value=proportion_value, gradient=proportion_gradient, share=True
)
OPTION = Statistic(name="proportion", measure="options", value=option_value, gradient=option_gradient, share=True)
MEAN = Statistic(name="mean", measure="values", value=mean_value, gradient=mean_gradient)
TOTAL = Statistic(name="total", measure="values", value=total_value, gradient=total_gradient, additive=True)
COUNT = Statistic(name="total", measure="levels", value=count_value, gradient=count_gradient, additive=True)
OPTION_COUNT = Statistic(
    name="total", measure="options", value=option_count_value, gradient=option_count_gradient, additive=True
)
QUANTILE = Statistic(name="quantile", measure="quantile", value=proportion_value, gradient=proportion_gradient)
MIN, MAX, IQR = (
    Statistic(name=name, measure="quantile", value=proportion_value, gradient=proportion_gradient, ends=ends)
    for name, ends in (("min", (0.0,)), ("max", (1.0,)), ("iqr", (0.25, 0.75)))
)
RATIO = Statistic(name="ratio", measure="pair", value=ratio_value, gradient=ratio_gradient)
