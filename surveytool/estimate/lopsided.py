"""Where a few sampling units decide a mean, a total or a ratio: its t interval then misses mostly on one side.

The first term by which t's coverage errs is the skewness of the units' linearised totals over the square root of
their number, ``|sum d^3| / (sum d^2)^1.5`` (Hall 1992, section 3.5). Of few units that number is mostly chance; values
that cannot be negative, such as incomes, are skewed where the coefficient of variation is large too, so the
rule asks for both. Jackknife replicates show the same number in their deviations, those of a bootstrap too, less
what chance makes of so many. Units of two a
stratum are set against all others, as two numbers have no skewness; respondents as units keep no third powers, and
balanced half samples have none: there is no telling.

The constants were chosen by simulation: ``tests/benchmarks/skewed_coverage.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.estimate.gradient import gradient_of
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.stage_spread import roll
from surveytool.estimate.statistic import Statistic
from surveytool.estimate.variance import under_replicates

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats

LEAST = 0.05  # the skewness over the root of the units' number from which it counts
PRODUCT = 0.02  # the same times the coefficient of variation (at most 1)
LEAST_DF = 3.0  # degrees of freedom below which chance decides the skewness
ONE_UNIT = 0.4  # the scale of a replicate that leaves out one unit, at least
FEW_UNITS = 4  # units a stratum on average, below which units are set against all others


def lopsided(cells: Cells, statistic: Statistic, value: Floats, se: Floats, df: Floats) -> Flags:
    """The figures [G, R] with ``df`` [G] whose interval a few sampling units decide."""
    if cells.replication is None and (cells.units.element or not len(cells.n)):
        return np.zeros(value.shape, dtype=bool)
    skewness = _replicated(cells, statistic, value) if cells.replication is not None else _units(cells, statistic)
    with np.errstate(divide="ignore", invalid="ignore"):
        variation = np.minimum(se / np.abs(value), 1.0)
        flags: Flags = (se > 0) & (df >= LEAST_DF)[:, None] & (skewness > LEAST) & (skewness * variation > PRODUCT)
    return flags


def skewness_of(deviations: Floats, weights: Floats) -> Floats:
    """Third powers of deviations [units, ...] over their spread: skewness over the root of the units' number [...].

    0 where nothing deviates.

    >>> round(float(skewness_of(np.array([-1.0, -1.0, -1.0, 3.0]), np.ones(4))), 3)
    0.577
    """
    size = np.abs(deviations).max(axis=0, initial=0.0)
    scaled = deviations / np.where(size > 0, size, 1.0)
    squares = np.asarray(np.tensordot(weights, scaled**2, axes=1))
    cubes = np.abs(np.tensordot(weights, scaled**3, axes=1))
    return np.asarray(cubes / np.where(squares > 0, squares, 1.0) ** 1.5)


def _units(cells: Cells, statistic: Statistic) -> Floats:
    """Of first-stage units [G, R], within strata where these have several."""
    totals = gradient_of(statistic, cells.totals(), cells.shift).of(cells.varying())
    for stage in reversed(cells.units.stages[1:]):
        totals = roll(totals, stage)
    first = cells.units.stages[0]
    assert first.parent is not None
    strata = np.unique(first.parent, return_counts=True)[1]
    if len(strata) and strata.mean() >= FEW_UNITS:
        mean = roll(totals, first) / np.maximum(first.sampled, 1)[:, None, None]
        return skewness_of(totals - mean[first.parent], np.ones(len(totals)))
    return skewness_of(totals - totals.mean(axis=0), np.ones(len(totals)))


def _replicated(cells: Cells, statistic: Statistic, value: Floats) -> Floats:
    """Of deviations under replicate weights [G, R]."""
    given = cells.replication
    assert given is not None
    scale = given.scale * given.rscales
    used = scale > 0
    deviations = spread(given, under_replicates(cells, statistic), value).deviations[used]
    told = skewness_of(deviations / np.sqrt(scale[used])[:, None, None], scale[used])
    several = used.any() and float(scale[used].max()) < ONE_UNIT
    chance = 2 * np.sqrt(6 / used.sum()) if several else 0.0  # the error of a skewness of so many numbers, twice
    return np.maximum(told - chance, 0.0)
