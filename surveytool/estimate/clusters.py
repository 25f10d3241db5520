"""What clusters do to the interval of a share: how far its variance may be trusted, and what stands in for the rest.

The variance of a share is estimated from as many numbers as there are sampling units. Where the answer is rare and
members of a unit are alike, few of these numbers say anything, and a sample with few who gave the answer has a small
share and a small variance at once. So the degrees of freedom of the variance are Satterthwaite's, by the kurtosis
of beta-binomial totals of the units; what they lack of the design's is made up by a variance under an intraclass
correlation of ``ALIKE``, as much as ``PRIOR`` degrees of freedom, the two averaged by their logarithms. Unequal
units lift the variance, whose linearisation takes the weights' sum as known. All of it fades as units come nearer
to single respondents, and is nothing for designs without clusters.

Constants and form were chosen by simulation: ``tests/benchmarks/coverage.py``.
Sources: Satterthwaite 1946; Korn and Graubard 1998; Dean and Pagano 2015; Franco, Little, Louis and Slud 2019.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Replication
from surveytool.estimate.stage_spread import roll
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Counts, Flags, Floats

ALIKE = 0.25  # the intraclass correlation that stands in for what the variance cannot tell
ALIKE_AT_BOUNDS = 0.1  # the same where nobody or everybody gave the answer
PRIOR = 8.0  # its degrees of freedom, where the variance has none
LARGEST = 50.0  # respondents of a unit beyond which it is taken as no larger
UNEVEN = 1 / 3  # the power of the units' evenness that the degrees of freedom lose
MOST_UNITS = 2.0  # units a degree of freedom that replicate weights may have
TINY = 1e-300


@frozen
class Clusters:
    """The sampling units behind shares, as arrays of one shape.

    ``units`` have respondents of the row's domain; ``kish`` is the effective n of the unequal weights; ``lift``
    divides the variance's expectation out of it where units are unequal, ``evenness`` is the part of the units that
    count when the largest do most: both 1 for equal ones.
    """

    units: Floats
    kish: Floats
    lift: Floats
    evenness: Floats

    def where(self, chosen: Flags) -> Clusters:
        """The chosen entries, flat; ``chosen`` is of one shape with them."""
        return Clusters(
            units=self.units[chosen], kish=self.kish[chosen], lift=self.lift[chosen], evenness=self.evenness[chosen]
        )


def clusters_of(cells: Cells, df: Floats, shape: tuple[int, ...]) -> Clusters:
    """The units of each group [G], spread over the shape [G, R].

    ``df`` [G] helps to tell their number under replicate weights.
    """
    return _spread_over(cells, df, cells.n, _kish(cells), cells.first[..., 0].sum(axis=-1), shape)


def standardised_clusters(cells: Cells, shares: Floats, df: Floats, shape: tuple[int, ...]) -> Clusters:
    """The same for standardised figures: ``cells`` are crossed with the standard's groups of these ``shares`` [A].

    A respondent weighs his weight times the standard's share over his group's; the effective n is that of a sum of
    independent groups, ``1 / sum_a P_a^2 / n_a``.
    """
    ages = max(len(shares), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        kish = 1 / np.nansum(shares**2 / _kish(cells).reshape(-1, ages), axis=1)
        factor = np.where(cells.n_weighted > 0, np.tile(shares, len(cells.n) // ages) / cells.n_weighted, 0.0)
    weights = (
        (cells.first[..., 0].sum(axis=-1) * factor).reshape(len(cells.first), len(cells.n) // ages, ages).sum(axis=-1)
    )
    return _spread_over(cells, df, cells.n.reshape(-1, ages).sum(axis=1), kish, weights, shape)


def _kish(cells: Cells) -> Floats:
    return np.asarray(cells.n_weighted**2 / np.where(cells.weights_squared > 0, cells.weights_squared, np.nan))


def _spread_over(
    cells: Cells, df: Floats, n: Counts, kish: Floats, weights: Floats, shape: tuple[int, ...]
) -> Clusters:  # fmt: skip
    """The units of groups of ``n`` [G], whose units weigh ``weights`` [U, G]."""
    lift = evenness = np.ones(len(n))
    if cells.replication is not None:
        units = _replicated(cells.replication, df, n)
    elif cells.units.element:
        units = n.astype(np.float64)
    else:
        units, lift, evenness = _sampled(cells, weights)
    columns = (np.broadcast_to(column[:, None], shape) for column in (units, kish, lift, evenness))
    units, kish, lift, evenness = columns
    return Clusters(units=units, kish=kish, lift=lift, evenness=evenness)


def _replicated(given: Replication, df: Floats, n: Counts) -> Floats:
    """Number of units by group [G], as replicate weights tell of them: members of a unit have the same factors.

    Half samples and stratified jackknives have up to twice as many units as degrees of freedom; where more factors
    differ, weights were calibrated or rounded, and the degrees of freedom are all that is told.
    """
    told = df + 1
    if given.classes is not None and len(n):
        told_of = given.classes.members
        members = told_of.reshape(len(told_of), len(n), told_of.shape[1] // len(n)).any(axis=2).sum(axis=0)
        told = np.where(members <= MOST_UNITS * told, np.maximum(members, told), told)
    return np.asarray(np.minimum(told, n), dtype=np.float64)


def _sampled(cells: Cells, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Number, lift and evenness of first-stage units by group [G], by what the finest units weigh [U, G]."""
    for stage in reversed(cells.units.stages[1:]):
        weights = roll(weights, stage)
    units = (weights > 0).sum(axis=0).astype(np.float64)
    share = weights / np.where(weights.sum(axis=0) > 0, weights.sum(axis=0), np.nan)
    second, third, fourth = ((share**power).sum(axis=0) for power in (2, 3, 4))
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = (1 - 1 / units) / np.maximum(1 + second - 2 * third / second, 0.3)
        evenness = np.clip((second**2 / fourth - 1) / (units - 1), 0.05, 1.0)
    alone = ~(units > 1)
    return units, np.where(alone, 1.0, np.maximum(lift, 1.0)), np.where(alone, 1.0, evenness)


def size_of(n: Floats, clusters: Clusters) -> Floats:
    """Respondents of a unit, at least 1 and at most ``LARGEST``; arrays of one shape."""
    size: Floats = np.clip(n / np.maximum(clusters.units, 1.0), 1.0, LARGEST)
    return size


def apart(n: Floats, clusters: Clusters) -> Floats:
    """How far units are from single respondents: 1 - 1/size, 0 where each is a unit; arrays of one shape."""
    return 1 - 1 / size_of(n, clusters)


def steadied(share: Floats, variance: Floats, df: Floats, n: Floats, clusters: Clusters) -> tuple[Floats, Floats]:
    """Variance and degrees of freedom of shares inside (0, 1), as clusters let them be trusted; arrays of one shape."""
    size, far = size_of(n, clusters), apart(n, clusters)
    effective, spread = np.minimum(clusters.kish, n), share * (1 - share)
    given = variance, df
    variance, df = variance * clusters.lift**far, df * clusters.evenness ** (far * UNEVEN)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = variance * effective / spread
        alike = np.where(size > 1, (deff - 1) / (size - 1), 0.0)
        own_df = 2 / (2 / df + np.maximum(kurtosis(share, alike, size), 0.0) * far / clusters.units)
        prior = PRIOR * (1 - own_df / df)
        assumed = spread / effective * (1 + (size - 1) * ALIKE)
        logs = own_df * np.log(np.maximum(variance, TINY)) + prior * np.log(np.maximum(assumed, TINY))
        pooled = np.exp(logs / (own_df + prior)), own_df + prior
    return np.where(far > 0, pooled[0], given[0]), np.where(far > 0, pooled[1], given[1])


def kurtosis(share: Floats, alike: Floats, size: Floats) -> Floats:
    """Excess kurtosis of how many of ``size`` have the answer: beta-binomial with this intraclass correlation.

    Arrays of one shape.


    >>> kurtosis(np.array([0.5]), np.array([0.0]), np.array([10.0])).round(4)
    array([-0.2])
    """
    alike = np.clip(alike, 1e-6, 1 - 1e-6)
    whole = (1 - alike) / alike
    product = share * (1 - share) * whole**2
    scale = whole**2 * (1 + whole) / (size * product * (whole + 2) * (whole + 3) * (whole + size))
    inner = whole * (whole - 1 + 6 * size) + 3 * product * (size - 2) + 6 * size**2
    inner = inner - 3 * product * size * (6 - size) / whole - 18 * product * size**2 / whole**2
    excess: Floats = scale * inner - 3
    return excess


def at_bounds(n: Floats, correction: Floats, clusters: Clusters) -> Floats:
    """The effective n where nobody or everybody gave the answer, and no variance tells of the clusters.

    Arrays of one shape.
    """
    size, far = size_of(n, clusters), apart(n, clusters)
    effective: Floats = np.minimum(n, clusters.kish) * correction ** (1 - far) / (1 + (size - 1) * ALIKE_AT_BOUNDS)
    return effective
