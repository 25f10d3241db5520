"""Student's t quantile, without loading scipy: df / (df + t^2) is a beta(df/2, 1/2) variable.

scipy has the same quantile, but loading it takes longer than everything else
that a table needs; the tests hold the two together to 1e-11.
"""

from __future__ import annotations

import math
from functools import lru_cache

from surveytool.estimate.beta import split


@lru_cache(maxsize=4096)
def quantile(df: float, level: float) -> float:
    """The two-sided t quantile: P(-t < T < t) = level. NaN where df is not positive.

    >>> round(quantile(10.0, 0.95), 9)
    2.228138852
    """
    if not df > 0:
        return math.nan
    df = min(float(df), 1e15)
    outside, inside = split(df / 2, 0.5, 1 - level)
    return math.sqrt(df * (inside / outside))
