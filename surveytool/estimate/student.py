"""Student's t quantile, without loading scipy.

With t = sqrt(df) tan(a), the probability within (0, t) is
``c * integral of cos(x)^(df - 1) over (0, a)``, c = Gamma((df + 1)/2) / (sqrt(pi) Gamma(df/2)).
The integral is concave and, for whole df and from 3 on, smooth to the order that counts, so Simpson's rule and
Newton's steps from zero find the angle to full precision. scipy has the same
quantile, but loading it takes longer than everything else that a table needs;
the tests hold the two together to 1e-11.
"""

from __future__ import annotations

import math
from functools import lru_cache

POINTS = 2000
STEPS = 200


@lru_cache(maxsize=4096)
def quantile(df: float, level: float) -> float:
    """The two-sided t quantile: P(-t < T < t) = level. NaN where df is not positive.

    >>> round(quantile(10.0, 0.95), 9)
    2.228138852
    """
    df = float(df)
    if not df > 0:
        return math.nan
    if math.isinf(df):
        df = 1e15
    if df < 3 and not df.is_integer():
        from scipy.special import stdtrit

        return float(stdtrit(df, (1 + level) / 2))
    return math.sqrt(df) * math.tan(_angle(df, level / 2))


def _angle(df: float, half: float) -> float:
    """The angle with probability ``half`` below it."""
    import numpy as np

    constant = _constant(df)
    weights = np.ones(POINTS + 1)
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    grid = np.linspace(0.0, 1.0, POINTS + 1)
    angle = 0.0
    for _ in range(STEPS):
        heights = np.exp((df - 1) / 2 * np.log1p(-(np.sin(angle * grid) ** 2)))
        below = constant * angle / (3 * POINTS) * float(weights @ heights)
        step = (half - below) / (constant * float(heights[-1]))
        angle += step
        if abs(step) <= 1e-15 * angle:
            break
    return angle


def _constant(df: float) -> float:
    """Gamma((df + 1)/2) / (sqrt(pi) Gamma(df/2)); by its series where the gammas are large."""
    a = df / 2
    if a <= 300:
        ratio = math.exp(math.lgamma(a + 0.5) - math.lgamma(a))
    else:
        ratio = math.sqrt(a) * (1 - 1 / (8 * a) + 1 / (128 * a**2) + 5 / (1024 * a**3) - 21 / (32768 * a**4))
    return ratio / math.sqrt(math.pi)
