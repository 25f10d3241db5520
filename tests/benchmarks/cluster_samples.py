"""Many simulated cluster samples at once: only the sums of each sampling unit are drawn and kept.

A unit's count of answers is beta-binomial: its rate varies about the share with the intraclass correlation (a
logit-normal rate has the same share and correlation, and another shape). Weights do not depend on the answer, so the
weighted count of k among n is the sum of the first k of n weights.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from surveytool.estimate.clusters import Clusters
from surveytool.estimate.interval import Shares

Array = Any
POOL, LONGEST = 8192, 260
SPREAD = 0.5  # sigma of lognormal weights
UNEQUAL = 0.6  # coefficient of variation of the sizes of unequal units


class Setting(NamedTuple):
    """What is sampled: ``kind`` is equal, unequal (sizes, and weights within units) or weighted (weights by unit)."""

    kind: str
    units: int
    size: int
    alike: float
    share: float


class Samples(NamedTuple):
    """Sums by unit, [draws, units]: answers, respondents, and their weights and squared weights."""

    counts: Array
    sizes: Array
    answers: Array
    weights: Array
    squares: Array
    strata: int


@cache
def running(sigma: float) -> tuple[Array, Array]:
    """Running sums of weights and of their squares, a pool of them."""
    weights = np.random.default_rng(1).lognormal(0, sigma, (POOL, LONGEST)) if sigma else np.ones((POOL, LONGEST))
    start = np.zeros((POOL, 1))
    return np.hstack([start, weights.cumsum(axis=1)]), np.hstack([start, (weights**2).cumsum(axis=1)])


def drawn(setting: Setting, draws: int, dice: np.random.Generator, *, strata: int = 1, law: str = "beta") -> Samples:
    """Samples of a setting."""
    shape = (draws, setting.units)
    sizes = np.full(shape, setting.size)
    if setting.kind == "unequal":
        form = UNEQUAL**-2
        sizes = np.clip(np.rint(dice.gamma(form, setting.size / form, shape)), 1, LONGEST - 1).astype(int)
    counts = dice.binomial(sizes, rates(setting.share, setting.alike, shape, law, dice))
    weights, squares = running(SPREAD if setting.kind == "unequal" else 0.0)
    place = dice.integers(0, POOL, shape)
    own = dice.lognormal(0, SPREAD, shape) if setting.kind == "weighted" else np.ones(shape)
    return Samples(
        counts, sizes, weights[place, counts] * own, weights[place, sizes] * own, squares[place, sizes] * own**2, strata
    )


def rates(share: float, alike: float, shape: tuple[int, ...], law: str, dice: np.random.Generator) -> Array:
    """Each unit's rate."""
    if alike == 0:
        return np.full(shape, share)
    if law == "beta":
        scale = (1 - alike) / alike
        return dice.beta(share * scale, (1 - share) * scale, shape)
    middle, spread = logit_normal(share, alike)
    return 1 / (1 + np.exp(-middle - spread * dice.standard_normal(shape)))


@cache
def logit_normal(share: float, alike: float) -> tuple[float, float]:
    """Mean and standard deviation of the logit for a mean rate and an intraclass correlation, by bisection."""
    points, mass = np.polynomial.hermite_e.hermegauss(201)
    mass = mass / mass.sum()

    def middle(spread: float) -> float:
        low, high = -200.0, 200.0
        for _ in range(80):
            half = (low + high) / 2
            below = (mass / (1 + np.exp(-half - spread * points))).sum() < share
            low, high = (half, high) if below else (low, half)
        return (low + high) / 2

    least, most = 0.0, 40.0
    for _ in range(50):
        spread = (least + most) / 2
        rate = 1 / (1 + np.exp(-middle(spread) - spread * points))
        more = (mass * rate**2).sum() - share**2 > alike * share * (1 - share)
        least, most = (least, spread) if more else (spread, most)
    return middle(spread), spread


def shares_of(samples: Samples, *, jackknife: bool = False) -> tuple[Shares, Array, Array]:
    """Estimates with their clusters, Kish's effective n, and which draws have nobody or everybody."""
    draws, units = samples.counts.shape
    total = samples.weights.sum(axis=1)
    share = samples.answers.sum(axis=1) / total
    part = (samples.answers - share[:, None] * samples.weights) / total[:, None]
    n, counts = samples.sizes.sum(axis=1).astype(float), samples.counts.sum(axis=1)
    kish = total**2 / samples.squares.sum(axis=1)
    if jackknife:
        without = (samples.answers.sum(axis=1, keepdims=True) - samples.answers) / (total[:, None] - samples.weights)
        variance = (units - 1) * without.var(axis=1)
    else:
        several = units // samples.strata
        variance = several / (several - 1) * several * part.reshape(draws, -1, several).var(axis=2).sum(axis=1)
    lift, evenness = (np.ones(draws), np.ones(draws)) if jackknife else unevenness(samples.weights / total[:, None])
    clusters = Clusters(units=np.full(draws, float(units)), kish=kish, lift=lift, evenness=evenness)
    made = Shares(
        estimate=share, se=np.sqrt(variance), df=np.full(draws, float(units - samples.strata)), n=n, level=0.95,
        clusters=clusters,
    )  # fmt: skip
    return made, kish, (counts == 0) | (counts == n)


def unevenness(share: Array) -> tuple[Array, Array]:
    """Lift and evenness by the units' shares of the weights; written anew, not the product's."""
    units = share.shape[1]
    second, third, fourth = ((share**power).sum(axis=1) for power in (2, 3, 4))
    lift = (1 - 1 / units) / np.maximum(1 + second - 2 * third / second, 0.3)
    return np.maximum(lift, 1.0), np.clip((second**2 / fourth - 1) / (units - 1), 0.05, 1.0)
