"""The beta distribution's quantile, without loading scipy.

The distribution function is the continued fraction of Abramowitz and Stegun
26.5.8; Newton's steps, held between bounds that only tighten, turn it round.
scipy has the same quantile, but loading it takes longer than a whole table;
it is asked where the fraction would be slow (large parameters). The tests hold
the two together to 1e-10.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGE = 3000.0
TERMS = 400
STEPS = 80


def quantile(a: Floats, b: Floats, probability: float) -> Floats:
    """The x below which a beta(a, b) variable lies with the probability; arrays of one dimension.

    >>> import numpy as np
    >>> quantile(np.array([1.0]), np.array([1.0]), 0.25).round(12)
    array([0.25])
    """
    import numpy as np

    found: Floats = np.full(a.shape, np.nan)
    known = ~(np.isnan(a) | np.isnan(b))
    large = known & (np.maximum(a, b) > LARGE)
    if large.any():
        from scipy.special import betaincinv

        found[large] = betaincinv(a[large], b[large], probability)
    small = known & ~large
    if small.any():
        found[small] = _inverse(a[small], b[small], probability)
    return found


def _inverse(a: Floats, b: Floats, probability: float) -> Floats:
    import numpy as np

    low, high = np.zeros_like(a), np.ones_like(a)
    x = a / (a + b)
    logged = np.array([math.lgamma(p + q) - math.lgamma(p) - math.lgamma(q) for p, q in zip(a, b, strict=True)])
    for _ in range(STEPS):
        gap = _below(x, a, b, logged) - probability
        low, high = np.where(gap < 0, x, low), np.where(gap < 0, high, x)
        with np.errstate(all="ignore"):
            density = np.exp(logged + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x))
            step = x - gap / density
        following = np.where((step > low) & (step < high), step, (low + high) / 2)
        if (np.abs(following - x) <= 4e-16 * x).all():
            return following
        x = following
    return x


def _below(x: Floats, a: Floats, b: Floats, logged: Floats) -> Floats:
    """The probability below x."""
    import numpy as np

    turned = x > (a + 1) / (a + b + 2)
    p, q, y = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1 - x, x)
    with np.errstate(all="ignore"):
        front = np.exp(logged + p * np.log(y) + q * np.log1p(-y)) / p
    tail = np.where((y <= 0) | (y >= 1), np.where(y <= 0, 0.0, 1.0), front * _fraction(y, p, q))
    below: Floats = np.where(turned, 1 - tail, tail)
    return below


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """The continued fraction by Lentz's method."""
    import numpy as np

    tiny = 1e-300
    c = np.ones_like(x)
    d = 1 - (a + b) * x / (a + 1)
    d = 1 / np.where(np.abs(d) < tiny, tiny, d)
    value = d.copy()
    for m in range(1, TERMS):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 + top * d, 1 + top / c
            d = 1 / np.where(np.abs(d) < tiny, tiny, d)
            c = np.where(np.abs(c) < tiny, tiny, c)
            change = c * d
            value = value * change
        if (np.abs(change - 1) < 1e-15).all():
            break
    return value
