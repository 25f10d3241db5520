"""Writes beta_points.csv and student_points.csv: quantiles by mpmath to 25 digits, the oracle.

python tests/estimate/beta_points.py

scipy's betaincinv is up to 1e-8 away at tiny shapes and 1e-12 at some ordinary ones (a=2, b=140702, p=0.95), so
it cannot judge a quantile that holds to 1e-15. The equation P(X < x) = p is solved here by Newton's steps, with a power
series for P in 45 digits; mpmath's own betainc agrees where it converges (main checks a few).
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import mpmath

FOLDER = Path(__file__).parent
SHAPES = (0.01, 0.05, 0.3, 0.5, 0.9, 1.0, 1.5, 2.0, 3.7, 10.0, 14.9, 15.1, 42.0, 317.5, 2999.0)
HUGE = (140702.0, 2.5e6, 1e8)
PROBABILITIES = (0.0005, 0.005, 0.025, 0.05, 0.95, 0.975, 0.995, 0.9995)
DEGREES = (0.7, 1.0, 1.5, 2.0, 3.0, 7.3, 29.0, 31.0, 99.0, 530.0, 4999.0, 123456.0, 1e7)
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
Number = mpmath.mpf


def series(a: Number, b: Number, x: Number) -> Number:
    """P(X < x) by the power series with positive terms only (Abramowitz and Stegun 26.5.4)."""
    term = total = mpmath.exp(a * mpmath.log(x) + b * mpmath.log1p(-x)) / (a * mpmath.beta(a, b))
    n = 0
    while term > total * mpmath.eps:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return total


def below(a: Number, b: Number, x: Number) -> Number:
    """P(X < x) of a beta(a, b) variable; from the other side above one half, where the series is long."""
    return series(a, b, x) if x < 0.5 else 1 - series(b, a, 1 - x)


def solved(a: float, b: float, p: float) -> Number:
    """The x with P(X < x) = p: Newton's steps, and a half of the bracket (of its logarithm) where one leaves it."""
    shape, other, wanted = Number(a), Number(b), Number(p)
    low, high = Number("1e-1200"), Number(1)
    x = shape / (shape + other)
    size = mpmath.log(mpmath.beta(shape, other))
    for _ in range(2000):
        gap = below(shape, other, x) - wanted
        low, high = (low, x) if gap > 0 else (x, high)
        density = mpmath.exp((shape - 1) * mpmath.log(x) + (other - 1) * mpmath.log1p(-x) - size)
        after = x - gap / density
        if abs(after - x) < x * Number(10) ** -32:
            return after
        middle = mpmath.sqrt(low * high) if low < high / 4 else (low + high) / 2
        x = after if low < after < high else middle
    raise ArithmeticError(f"no quantile for {a}, {b}, {p}")


def written(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerows([head, *rows])
    print(path.name, len(rows), file=sys.stderr)


def beta_rows() -> list[tuple[str, ...]]:
    pairs = [(a, b) for a in SHAPES for b in SHAPES]
    pairs += [(small, huge) for small in (0.5, 2.0, 10.0, 42.0) for huge in HUGE]
    pairs += [(huge, small) for small in (0.5, 2.0) for huge in HUGE[:2]]
    picked = random.Random(20231206)
    rows = []
    for a, b in pairs:
        for p in picked.sample(PROBABILITIES, 4) if (a, b) != (2.0, 140702.0) else PROBABILITIES:
            x = solved(a, b, p)
            if x > Number("1e-300") and 1 - x > Number("1e-15"):
                rows.append((repr(a), repr(b), repr(p), mpmath.nstr(x, 25)))
    return rows


def student_rows() -> list[tuple[str, ...]]:
    rows = []
    for df in DEGREES:
        for level in LEVELS:
            inside = solved(df / 2, 0.5, 1 - level)  # df / (df + t^2), whose lower tail is both of t's
            rows.append((repr(df), repr(level), mpmath.nstr(mpmath.sqrt(Number(df) * (1 - inside) / inside), 25)))
    return rows


def main() -> None:
    mpmath.mp.dps = 45
    for a, b, x in ((0.3, 2.0, 0.1), (3.7, 42.0, 0.2), (14.9, 2.0, 0.99)):
        gap = below(Number(a), Number(b), Number(x)) - mpmath.betainc(a, b, 0, x, regularized=True)
        assert abs(gap) < Number(10) ** -40, gap
    written(FOLDER / "student_points.csv", ("df", "level", "t"), student_rows())
    written(FOLDER / "beta_points.csv", ("a", "b", "probability", "x"), beta_rows())


if __name__ == "__main__":
    main()
