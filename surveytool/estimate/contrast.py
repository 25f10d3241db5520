"""Contrasts of groups: differences, ratios, joint Wald tests and trends, from one covariance matrix.

A group's estimates are functions of its own totals; what two groups have in
common (PSUs, strata) is in the covariance (R: ``svycontrast``, ``svyttest``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.estimate.covariance import covariance
from surveytool.estimate.interval import t_quantile
from surveytool.estimate.statistic import Statistic
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


ADJUSTMENTS = ("holm", "bonferroni", "none")
NOISE = 1e-12


@frozen
class Contrast:
    """An estimate with its standard error, interval and two-sided t test; NaN where undefined."""

    estimate: float
    se: float
    low: float
    high: float
    statistic: float
    df: float
    p: float


@frozen
class Groups:
    """One level's estimate in every group [G], and their covariance [G, G]."""

    estimate: Floats
    covariance: Floats


def groups(cells: Cells, statistic: Statistic, level: int, *, linear: bool = False) -> Groups:
    """Estimates of one level by group with their covariance; NaN and 0 in groups without respondents.

    ``linear`` asks replicates for the linearised figure's total instead of the figure, as R's rank tests do.
    """
    totals = cells.totals()
    gradient = np.nan_to_num(statistic.gradient(totals, cells.shift)[:, level])
    count = len(gradient)
    spread = np.zeros((count, *gradient.shape))
    spread[np.arange(count), np.arange(count)] = gradient

    def value(changed: Floats) -> Floats:
        if linear:
            return np.einsum("qgkm,gkm->q", spread, changed)  # type: ignore[no-any-return]
        return statistic.value(changed, cells.shift)[:, level]

    return Groups(
        estimate=statistic.value(totals, cells.shift)[:, level], covariance=covariance(cells, spread, value)
    )  # fmt: skip


def tested(estimate: float, variance: float, df: float, level: float, *, size: float = 1.0) -> Contrast:
    """A t test against zero and its interval; ``size`` tells floating noise from a variance."""
    se = math.sqrt(variance) if variance > (NOISE * size) ** 2 else (0.0 if variance > -NOISE else math.nan)
    if not (se > 0 and df > 0):
        return Contrast(
            estimate=estimate, se=se, low=math.nan, high=math.nan, statistic=math.nan, df=df, p=math.nan
        )  # fmt: skip
    half = float(t_quantile(np.array([df]), level)[0]) * se
    statistic = estimate / se
    return Contrast(
        estimate=estimate, se=se, low=estimate - half, high=estimate + half, statistic=statistic, df=df,
        p=two_sided(statistic, df),
    )  # fmt: skip


def two_sided(statistic: float, df: float) -> float:
    """Student's two-sided p value."""
    from scipy.special import stdtr

    return 2 * float(stdtr(df, -abs(statistic)))


def difference(groups: Groups, pair: tuple[int, int], df: float, level: float) -> Contrast:
    """First minus second."""
    a, b = pair
    cov = groups.covariance
    size = abs(float(groups.estimate[a])) + abs(float(groups.estimate[b]))
    variance = float(cov[a, a] + cov[b, b] - 2 * cov[a, b])
    return tested(float(groups.estimate[a] - groups.estimate[b]), variance, df, level, size=size)


def ratio(groups: Groups, pair: tuple[int, int], df: float, level: float) -> Contrast:
    """First over second; interval and test on the log scale, the standard error by the delta method."""
    a, b = pair
    above, below = float(groups.estimate[a]), float(groups.estimate[b])
    if not (above > 0 and below > 0):
        nan = math.nan
        return Contrast(estimate=nan, se=nan, low=nan, high=nan, statistic=nan, df=df, p=nan)
    cov = groups.covariance
    variance = float(cov[a, a] / above**2 + cov[b, b] / below**2 - 2 * cov[a, b] / (above * below))
    logged = tested(math.log(above / below), variance, df, level)
    value = above / below
    return Contrast(
        estimate=value, se=value * logged.se, low=math.exp(logged.low), high=math.exp(logged.high),
        statistic=logged.statistic, df=df, p=logged.p,
    )  # fmt: skip


def all_equal(groups: Groups, kept: list[int], df: float) -> tuple[float, float, float, float] | None:
    """Wald's F that the kept groups' estimates are equal: statistic, df1, df2, p (R ``regTermTest``)."""
    from scipy.special import fdtrc

    first, *others = kept
    contrast = np.zeros((len(others), len(groups.estimate)))
    contrast[np.arange(len(others)), others] = 1.0
    contrast[:, first] = -1.0
    apart = contrast @ np.where(np.isnan(groups.estimate), 0.0, groups.estimate)
    block = contrast @ groups.covariance @ contrast.T
    df1, df2 = float(len(others)), df - len(others)
    if df2 <= 0 or np.linalg.matrix_rank(block, hermitian=True) < len(others):
        return None
    statistic = float(apart @ np.linalg.solve(block, apart)) / df1
    return statistic, df1, df2, float(fdtrc(df1, df2, statistic))


def trend(cells: Cells, maps: tuple[Floats, Floats], scores: Floats, df: float, level: float) -> Contrast:
    """Slope of the outcome on the groups' scores, one step a group (R ``svyglm(y ~ score)``).

    ``maps`` [G, G, K, M] make each group's weighted count and weighted sum of the
    outcome from the totals.
    """

    def sums(totals: Floats) -> tuple[Floats, Floats]:
        totals_by_map = [np.einsum("hgkm,gkm->h", weights, totals) for weights in maps]
        return totals_by_map[0], totals_by_map[1]

    def slope(totals: Floats) -> Floats:
        counts, outcome = sums(totals)
        middle = counts @ scores / counts.sum()
        return np.array([((scores - middle) @ outcome) / (counts @ (scores - middle) ** 2)])

    totals = cells.totals()
    counts, outcome = sums(totals)
    middle, size = counts @ scores / counts.sum(), counts.sum()
    spread = float(counts @ (scores - middle) ** 2)
    steepness = float(slope(totals)[0])
    fitted = outcome.sum() / size + steepness * (scores - middle)
    gradient = np.einsum("h,hgkm->gkm", (scores - middle) / spread, maps[1])
    gradient -= np.einsum("h,hgkm->gkm", (scores - middle) * fitted / spread, maps[0])
    variance = float(covariance(cells, gradient[None], slope)[0, 0])
    return tested(steepness, variance, df - 1, level)


def adjusted(p: list[float], method: str) -> list[float]:
    """p values of one family, adjusted: Holm (1979), Bonferroni or none; NaN stays and does not count.

    >>> adjusted([0.01, 0.04, 0.03], "holm")
    [0.03, 0.06, 0.06]
    """
    finite = [value for value in p if not math.isnan(value)]
    if method == "none":
        return p
    if method == "bonferroni":
        return [min(1.0, value * len(finite)) for value in p]
    largest, adjusted_by_p = 0.0, {}
    for index, value in enumerate(sorted(finite)):
        largest = max(largest, min(1.0, (len(finite) - index) * value))
        adjusted_by_p[value] = largest
    return [adjusted_by_p.get(value, math.nan) for value in p]
