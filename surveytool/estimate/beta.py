"""The beta distribution's quantile, without loading scipy.

With u = log(x / (1 - x)) the density of u is the kernel ``x^a (1 - x)^b / B(a, b)``, and the logarithm of a
tail's probability is concave in u. So Halley's steps on the tail that is asked for arrive, mostly in three. A
tail over its kernel is a continued fraction (Didonato and Morris 1992); the kernel is taken about the mean, which
keeps its digits for any shape. scipy has the same quantile, but loading it takes longer than a whole table; it is
asked where both shapes are large and the fraction is slow. The tests hold the two together to 1e-12.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from surveytool.arrays import Floats


LARGE = 3000.0
TERMS = 1000
STEPS = 80
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def quantile(a: Floats, b: Floats, probability: float) -> Floats:
    """The x below which a beta(a, b) variable lies with the probability; arrays of one dimension.

    >>> import numpy as np
    >>> quantile(np.array([1.0]), np.array([1.0]), 0.25).round(12)
    array([0.25])
    """
    quantiles: Floats = np.full(a.shape, np.nan)
    large = np.minimum(a, b) > LARGE
    if large.any():
        from scipy.special import betaincinv

        quantiles[large] = betaincinv(a[large], b[large], probability)
    for index in np.flatnonzero((a > 0) & (b > 0) & np.isfinite(a + b) & ~large):
        quantiles[index] = split(float(a[index]), float(b[index]), probability)[0]
    return quantiles


def split(a: float, b: float, probability: float) -> tuple[float, float]:
    """The x below which a beta(a, b) variable lies with the probability, and 1 - x; by the smaller tail."""
    if probability > 0.5:
        return _solve(b, a, 1 - probability)[::-1]
    return _solve(a, b, probability)


def _solve(a: float, b: float, target: float) -> tuple[float, float]:
    """The x, and 1 - x, below which the probability ``target`` lies."""
    x, y = _start(a, b, target)
    size = _size(a, b)
    for _ in range(STEPS):
        if x == 0 or y == 0:  # too near an end for a float
            break
        ratio, tail = _tail(a, b, x, y, size)
        newton = (math.log(target) - tail) * ratio
        bend = a * y - b * x - 1 / ratio
        step = newton / max(1 + newton * bend / 2, 0.5)
        x, y = _moved(x, y, step)
        if abs(step) < 1e-3 and abs(step * bend) < 1e-6:
            break
    return x, y


def _start(a: float, b: float, target: float) -> tuple[float, float]:
    """A first x, and 1 - x: by the normal (Abramowitz and Stegun 26.5.22), below shapes of 1 by the power of x."""
    middle = (a + 1) / (a + b + 2)
    if a < 1 or b < 1:
        power = (math.log(target * a) + math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)) / a
        x = math.exp(min(power, math.log(middle)))
        return x, 1 - x
    t = math.sqrt(-2 * math.log(target))
    z = t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t))
    p, q = 1 / (2 * a - 1), 1 / (2 * b - 1)
    spread, bend = 2 / (p + q), (z * z - 3) / 6
    w = z * math.sqrt(spread + bend) / spread - (q - p) * (bend + 5 / 6 - 2 / (3 * spread))
    return _moved(a / (a + b), b / (a + b), -2 * w)


def _moved(x: float, y: float, step: float) -> tuple[float, float]:
    """x and 1 - x after a step of log(x / (1 - x))."""
    if step > 0:
        x, y = y, x
    factor = math.exp(-abs(step))
    whole = x * factor + y
    x, y = x * factor / whole, y / whole
    return (y, x) if step > 0 else (x, y)


def _tail(a: float, b: float, x: float, y: float, size: float) -> tuple[float, float]:
    """The probability below x over the kernel there, and its logarithm."""
    kernel = size + a * _against(x, y, a, b) + b * _against(y, x, b, a)
    if x * (a + b + 2) <= a + 1 or (min(a, b) < 1 and x < 0.9):  # from the other side a small tail has no digits
        ratio = _fraction(a, b, x, y)
        return ratio, kernel + math.log(ratio)
    below = 1 - math.exp(kernel) * _fraction(b, a, y, x)
    return below / max(math.exp(kernel), 1e-300), math.log(below)


def _against(x: float, y: float, a: float, b: float) -> float:
    """log(x / mean), by the distance to the mean where x is near it."""
    mean, other = a / (a + b), b / (a + b)
    if abs(x - mean) > mean / 2:
        return math.log(x / mean)
    return math.log1p((x - mean if x < 0.5 else other - y) / mean)


def _size(a: float, b: float) -> float:
    """Logarithm of the kernel at the mean."""
    level = math.log(a / (a + b) * b / (2 * math.pi)) / 2
    return level + _stirling(a + b) - _stirling(a) - _stirling(b)


def _stirling(n: float) -> float:
    """log Gamma(n + 1) less Stirling's formula; by its series where both are large."""
    if n > 15:
        return sum(coefficient / n ** (2 * index + 1) for index, coefficient in enumerate(STIRLING))
    return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - math.log(2 * math.pi) / 2


def _fraction(a: float, b: float, x: float, y: float) -> float:
    """The probability below x over the kernel there: the even part of the continued fraction, by Lentz's method."""
    shift = a * y - b * x + 1
    value = c = a / (a + 1) * shift
    d = 0.0
    for m in range(1, TERMS):
        odd, whole = a + 2 * m - 1, a + 2 * m
        top = (a + m - 1) / odd * ((a + b + m - 1) / odd) * m * (b - m) * x * x
        bottom = m + m * (b - m) * x / odd + (a + m) / (whole + 1) * (shift + m * (1 + y))
        d = 1 / (bottom + top * d)
        c = bottom + top / c
        value *= c * d
        if abs(c * d - 1) < 2e-16:
            break
    return 1 / value
