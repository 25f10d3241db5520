"""The one recursion over stages of sampling: what variances and covariances are sums of products of.

As R's ``svyrecvar``: ``sum_h (1 - f_h) n_h/(n_h - 1) sum_j (z_hj - zbar_h)^2`` plus, for each unit of a stage with a
finite population, its sampling fraction times the same sum one stage below. A parent with a single unit has no spread
to show; what it adds is the policy's (``lonely_psu``), at every stage alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Stage, Units
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Counts, Flags, Floats


@frozen
class StageSpread:
    """One stage: ``deviations`` [units, ...] about the parent's mean, ``weights`` [units] of their products.

    ``factor`` [G] is what the policy average multiplies the stage's sum with, 1 under the other policies.
    """

    deviations: Floats
    weights: Floats
    factor: Floats


def stage_spreads(units: Units, totals: Floats, present: Counts) -> Iterator[StageSpread]:
    """Every stage's spread of linearised totals [U, ...]; ``present`` [U, G] counts who is in the domain."""
    levels = [totals]
    for stage in reversed(units.stages[1:]):
        levels.append(roll(levels[-1], stage))
    inherited = np.ones(len(units.stages[0].sampled))
    reached = reached_parents(units, present)
    for stage, values, touched in zip(units.stages, reversed(levels), reached, strict=True):
        assert stage.parent is not None
        weights = (scale(stage) * inherited)[stage.parent]
        yield StageSpread(
            deviations=_deviations(stage, values, units.lonely_psu), weights=weights,
            factor=average_factor(units, lonely(stage), touched & (inherited > 0)[:, None]),
        )  # fmt: skip
        inherited = (inherited * _taken(stage))[stage.parent]


def _deviations(stage: Stage, totals: Floats, policy: str) -> Floats:
    """Unit totals about their parent's mean; about zero for the single unit of a parent under the policy adjust."""
    assert stage.parent is not None
    size = np.maximum(stage.sampled, 1).reshape(-1, *(1 for _ in totals.shape[1:]))
    mean = roll(totals, stage) / size
    if policy == "adjust":
        mean[lonely(stage)] = 0.0
    deviations: Floats = totals - mean[stage.parent]
    return deviations


def average_factor(units: Units, alone: Flags, touched: Flags) -> Floats:
    """Policy average: parents touched over parents touched that have several units [G]; NaN where none has.

    A parent with a single unit then adds what the stage's others add on average (Stata ``singleunit(scaled)``).
    """
    if units.lonely_psu != "average":
        return np.ones(touched.shape[1])
    several = (touched & ~alone[:, None]).sum(axis=0)
    ratio = np.where(several > 0, touched.sum(axis=0) / np.maximum(several, 1), np.nan)
    return np.where(touched.any(axis=0), ratio, 1.0)


def reached_parents(units: Units, present: Counts) -> list[Flags]:
    """Of each stage the parents with respondents in each group's domain [parents, G]."""
    if units.element:
        return [present > 0]
    reached, counts = [], present.astype(np.float64)
    for stage in reversed(units.stages):
        counts = roll(counts, stage)
        reached.append(counts > 0)
    return reached[::-1]


def psus_present(units: Units, present: Counts) -> Floats:
    """Respondents of the domain by PSU [PSUs, G]."""
    counts = present.astype(np.float64)
    for stage in reversed(units.stages[1:]):
        counts = roll(counts, stage)
    return counts


def freedom(units: Units, present: Counts) -> Floats:
    """PSUs minus strata with respondents, by group [G]; ``present`` [U, G] counts them."""
    psus = present.sum(axis=0) if units.element else (psus_present(units, present) > 0).sum(axis=0)
    return np.asarray(psus - reached_parents(units, present)[0].sum(axis=0), dtype=np.float64)


def roll(values: Floats, stage: Stage) -> Floats:
    """Totals [U, ...] of a stage's units added up to their parents [parents, ...]."""
    assert stage.parent is not None
    out = np.zeros((len(stage.sampled), *values.shape[1:]))
    parents = stage.parent
    if (parents[1:] < parents[:-1]).any():
        order = np.argsort(parents, kind="stable")
        parents, values = parents[order], values[order]
    if len(parents):
        starts = np.flatnonzero(np.r_[True, parents[1:] != parents[:-1]])
        out[parents[starts]] = np.add.reduceat(values, starts, axis=0)
    return out


def _taken(stage: Stage) -> Floats:
    """The sampling fraction f of each parent; 0 without finite population correction."""
    taken: Floats = np.where(np.isinf(stage.population), 0.0, stage.sampled / stage.population)
    return taken


def unsampled(stage: Stage) -> Floats:
    """1 - f of each parent [parents]; 1 without finite population correction, 0 where all were taken."""
    rest = 1.0 - _taken(stage)
    return np.where(rest < 1e-7, 0.0, rest)


def scale(stage: Stage) -> Floats:
    """(1 - f) n / (n - 1) of each parent [parents]; (1 - f) where it has one unit."""
    many = stage.sampled > 1
    return unsampled(stage) * np.where(many, stage.sampled / np.where(many, stage.sampled - 1, 1), 1.0)


def lonely(stage: Stage) -> Flags:
    """Parents [parents] with a single sampled unit that does not stand for itself."""
    flags: Flags = (stage.sampled == 1) & (unsampled(stage) > 0)
    return flags
