"""The standard deviation of a population, estimated: the root of R's ``svyvar``.

Of totals of (y - c)^2 and y - c the variance is S / N - (Y / N)^2; ``figures`` multiplies its root by
sqrt(n / (n - 1)) with the unweighted n, as ``svyvar`` multiplies the variance (Lumley 2010, section 2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.estimate.statistic import Statistic, divided

if TYPE_CHECKING:
    from surveytool.arrays import Floats

ROUNDING = 1e-14  # the share of the mean square below which a variance is 0 but for rounding


def value(totals: Floats, shift: float) -> Floats:
    """sqrt(S / N - (Y / N)^2); totals [G, 1, 3] of 1, (y - c)^2 and y - c, the value [G, 1].

    >>> value(np.array([[[2.0, 10.0, 4.0]]]), 0.0)
    array([[1.]])
    """
    square, mean = divided(totals[:, :, 1], totals[:, :, 0]), divided(totals[:, :, 2], totals[:, :, 0])
    spread = square - mean**2
    return np.sqrt(np.where(spread > ROUNDING * square, spread, np.where(np.isnan(spread), np.nan, 0.0)))


def gradient(totals: Floats, shift: float) -> Floats:
    """With m = Y / N: d s = (dS - 2 m dY + (2 m^2 - S / N) dN) / (2 s N), as [G, 1, 1, 3]; 0 where s is."""
    size = totals[:, :, 0]
    square, mean = divided(totals[:, :, 1], size), divided(totals[:, :, 2], size)
    parts = np.stack([2 * mean**2 - square, np.ones_like(mean), -2 * mean], axis=-1)
    deviation = value(totals, shift)
    slope = np.where(deviation == 0, 0.0, divided(np.ones_like(deviation), 2 * deviation * size))
    return (parts * slope[:, :, None])[:, :, None, :]


SD = Statistic(name="sd", measure="squares", value=value, gradient=gradient, positive=True, corrected=True)
