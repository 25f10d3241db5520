"""Each enumerator against the rest, with shrinkage: teams differ honestly, and few interviews prove nothing.

The others' shares say how much enumerators differ (a beta-binomial by moments, its spread at the upper end of what
the data allow). An enumerator is named where his own count would come up less than once in ``RARE`` among such
people, for all measures together, and the difference is large after it is drawn towards the others'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags

RARE = 1000
FEWEST_OTHERS = 4
CAUTION = 0.02  # how unlikely it is that enumerators differ more than is allowed for
LEAST_SPREAD = 1 / 61  # the correlation within enumerators that honest teams have at least
LARGE = 0.10  # the least difference of shares that is told


@frozen
class Comparison:
    """One enumerator in one measure: ``count`` of ``n`` interviews, his share ``shrunken`` to the ``rest``'s."""

    enumerator: int
    kind: str
    count: int
    n: int
    share: float
    shrunken: float
    rest: float
    p: float
    named: bool


def compared(
    kind: str, flags: Flags, known: Flags, enumerator: NDArray[np.int32], *, measures: int, least: int
) -> list[Comparison]:
    """Every enumerator in one measure, of flags [rows] where they are known [rows].

    ``measures`` is how many are looked at in all, ``least`` the interviews that somebody needs to be named.
    """
    people = int(enumerator.max(initial=-1)) + 1
    n = np.bincount(enumerator[known], minlength=people).astype(float)
    count = np.bincount(enumerator[known & flags], minlength=people).astype(float)
    made = []
    for who in range(people):
        if n[who] == 0:
            continue
        others = (np.arange(people) != who) & (n > 0)
        rest, a, b = _others(count[others], n[others])
        shrunken = (count[who] + a) / (n[who] + a + b)
        p = _tail(int(count[who]), int(n[who]), a, b)
        enough = n[who] >= max(least, 11) and others.sum() >= FEWEST_OTHERS
        named = bool(enough and p < 1 / (RARE * measures) and shrunken - rest >= LARGE)
        made.append(
            Comparison(
                enumerator=who, kind=kind, count=int(count[who]), n=int(n[who]), share=count[who] / n[who],
                shrunken=float(shrunken), rest=float(rest), p=p, named=named,
            )
        )  # fmt: skip
    return made


def _others(count: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, float, float]:
    """The others' share, and the beta distribution of shares of people like them."""
    from scipy.stats import chi2

    total, successes = float(n.sum()), float(count.sum())
    share = (successes + 0.5) / (total + 1.0)
    df = len(n) - 1
    if df < 1:
        return share, share, 1 - share
    usual = float(((count - n * share) ** 2 / (n * share * (1 - share))).sum())
    upper = usual / float(chi2.ppf(CAUTION, df))
    size = (total - float((n**2).sum()) / total) / df
    rho = min(max((upper - 1) / max(size - 1, 1e-9), LEAST_SPREAD), 0.9)
    strength = 1 / rho - 1
    return share, share * strength, (1 - share) * strength


def _tail(count: int, n: int, a: float, b: float) -> float:
    """The chance of this count or more."""
    from scipy.stats import betabinom

    return float(betabinom.sf(count - 1, n, a, b)) if count > 0 else 1.0
