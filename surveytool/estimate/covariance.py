"""Covariances across the groups and levels of one breakdown, through the same door as variances.

A contrast is any smooth function of all weighted totals of a breakdown: its
gradient [Q, G, K, M] turns unit totals into linearised values, whose covariance
is the design's (R: ``svycontrast`` on ``svyby(covmat = TRUE)``). Replicates give
the covariance of the replicated values instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Stage
from surveytool.estimate import variance as door

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


def covariance(cells: Cells, gradient: Floats, value: Callable[[Floats], Floats]) -> Floats:
    """Covariance [Q, Q] of Q functions of the totals.

    ``gradient`` [Q, G, K, M] is taken at the full sample's totals; ``value`` maps
    totals [G, K, M] to [Q] and is asked of each replicate. Lonely PSUs follow the
    design's policy; a stratum that the contrast's groups do not touch adds nothing.
    """
    if cells.replication is not None:
        return _replicated(cells, value)
    if cells.units.element:
        return _element(cells, gradient)
    return _clustered(cells, gradient)


def degrees_of_freedom(cells: Cells, groups: Flags) -> float:
    """PSUs minus strata with respondents in any of the groups [G]; given or by rank for replicates."""
    if cells.replication is not None:
        return float(cells.replication.df)
    if cells.units.df is not None:
        return float(cells.units.df)
    present = cells.present[:, groups].sum(axis=1, keepdims=True)
    return float(door.freedom(cells.units, present)[0])


def _replicated(cells: Cells, value: Callable[[Floats], Floats]) -> Floats:
    given = cells.replication
    assert given is not None
    values = np.stack([value(totals) for totals in given.totals])
    known = ~np.isnan(values).any(axis=1)
    active = known & (given.rscales > 0)
    centre = value(cells.totals()) if given.mse else values[active].mean(axis=0)
    spread = (values[known] - centre) * np.sqrt(given.scale * given.rscales[known])[:, None]
    found: Floats = spread.T @ spread
    return found


def _touched(cells: Cells, gradient: Floats) -> Flags:
    """Strata with respondents in a group that any contrast uses [H]."""
    groups = (gradient != 0).any(axis=(0, 2, 3))
    reached = door.reached(cells.units, cells.present)[:, groups]
    return np.asarray(reached.any(axis=1))


def _average(cells: Cells, gradient: Floats, alone: Flags) -> float:
    """The policy average's factor: strata touched over those of them with several PSUs."""
    if cells.units.lonely_psu != "average":
        return 1.0
    touched = _touched(cells, gradient)
    several = int((touched & ~alone).sum())
    return float(touched.sum()) / several if several else float("nan")


def _element(cells: Cells, gradient: Floats) -> Floats:
    """Respondents as units: products of linearised values from second moments."""
    assert cells.second is not None
    stage = cells.units.stages[0]
    alone, scale = door.lonely(stage), door.factor(stage)
    several = np.asarray(stage.sampled > 1)
    kept = np.logical_or(several, alone & (cells.units.lonely_psu == "adjust"))
    second = np.tensordot(np.where(kept, scale, 0.0), cells.second, axes=1)
    products = np.einsum("qgkm,gkmn,rgkn->qr", gradient, second, gradient, optimize=True)
    sums = cells.first.reshape(len(cells.first), -1) @ gradient.reshape(len(gradient), -1).T
    weight = np.where(several, scale / np.maximum(stage.sampled, 1), 0.0)
    found: Floats = (products - (sums * weight[:, None]).T @ sums) * _average(cells, gradient, alone)
    size = np.einsum("qgkm,gkmn,qgkn->q", np.abs(gradient), np.abs(second), np.abs(gradient), optimize=True)
    real = np.diag(found) > door.NOISE * size
    return np.where(real[:, None] & real, found, 0.0)


def _clustered(cells: Cells, gradient: Floats) -> Floats:
    """Sum over stages of the between-unit products of linearised totals."""
    stages = cells.units.stages
    levels = [cells.varying().reshape(len(cells.first), -1) @ gradient.reshape(len(gradient), -1).T]
    for stage in reversed(stages[1:]):
        levels.append(door.roll(levels[-1], stage))
    found = np.zeros((len(gradient), len(gradient)))
    inherited = np.ones(len(stages[0].sampled))
    for index, (stage, totals) in enumerate(zip(stages, reversed(levels), strict=True)):
        part = _between(stage, totals, inherited, cells.units.lonely_psu)
        found += part if index else part * _average(cells, gradient, door.lonely(stage))
        share = np.where(np.isinf(stage.population), 0.0, stage.sampled / stage.population)
        assert stage.parent is not None
        inherited = (inherited * share)[stage.parent]
    return found


def _between(stage: Stage, totals: Floats, inherited: Floats, policy: str) -> Floats:
    """One stage's covariance [Q, Q]: products about the parent's mean, scaled, times what is inherited."""
    assert stage.parent is not None
    mean = door.roll(totals, stage) / np.maximum(stage.sampled, 1)[:, None]
    if policy == "adjust":
        mean[door.lonely(stage)] = 0.0
    spread = (totals - mean[stage.parent]) * np.sqrt(door.factor(stage) * inherited)[stage.parent][:, None]
    found: Floats = spread.T @ spread
    return found
