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

from surveytool.aggregate.cells import Cells
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.stage_spread import average_factor, lonely, reached_parents, scale, stage_spreads
from surveytool.estimate.variance import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats


def covariance(cells: Cells, gradient: Floats, value: Callable[[Floats], Floats]) -> Floats:
    """Covariance [Q, Q] of Q functions of the totals.

    ``gradient`` [Q, G, K, M] is taken at the full sample's totals; ``value`` maps
    totals [G, K, M] to [Q] and is asked of each replicate. Lonely PSUs follow the
    design's policy; a stratum that the contrast's groups do not touch adds nothing. A
    replicate without a value of one function is left out for all.
    """
    if cells.replication is not None:
        return replicated(cells, value)[0]
    if cells.units.element:
        return _element(cells, gradient)
    return _clustered(cells, gradient)


def replicated(cells: Cells, value: Callable[[Floats], Floats]) -> tuple[Floats, int]:
    """Covariance [Q, Q] of functions of the totals under replicate weights, and how many replicates have no value."""
    given = cells.replication
    assert given is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.stack([value(totals) for totals in given.totals])
        replicates = spread(given, values, value(cells.totals()), together=True)
    matrix: Floats = replicates.deviations.T @ replicates.deviations
    return matrix, replicates.dropped


def _present(cells: Cells, gradient: Floats) -> NDArray[np.int64]:
    """Respondents of the groups that any contrast uses, by unit [U, 1]."""
    groups = (gradient != 0).any(axis=(0, 2, 3))
    present: NDArray[np.int64] = cells.present[:, groups].sum(axis=1, keepdims=True)
    return present


def _element(cells: Cells, gradient: Floats) -> Floats:
    """Respondents as units: products of linearised values from second moments."""
    assert cells.second is not None
    stage = cells.units.stages[0]
    alone, scaled = lonely(stage), scale(stage)
    several = np.asarray(stage.sampled > 1)
    kept = np.logical_or(several, alone & (cells.units.lonely_psu == "adjust"))
    second = np.tensordot(np.where(kept, scaled, 0.0), cells.second, axes=1)
    products = np.einsum("qgkm,gkmn,rgkn->qr", gradient, second, gradient, optimize=True)
    sums = cells.first.reshape(len(cells.first), -1) @ gradient.reshape(len(gradient), -1).T
    weight = np.where(several, scaled / np.maximum(stage.sampled, 1), 0.0)
    touched = reached_parents(cells.units, _present(cells, gradient))[0]
    matrix: Floats = (products - (sums * weight[:, None]).T @ sums) * average_factor(cells.units, alone, touched)[0]
    size = np.einsum("qgkm,gkmn,qgkn->q", np.abs(gradient), np.abs(second), np.abs(gradient), optimize=True)
    real = np.diag(matrix) > NOISE * size
    return np.where(real[:, None] & real, matrix, 0.0)


def _clustered(cells: Cells, gradient: Floats) -> Floats:
    """Sum over stages of the between-unit products of linearised totals."""
    totals = cells.varying().reshape(len(cells.first), -1) @ gradient.reshape(len(gradient), -1).T
    matrix = np.zeros((len(gradient), len(gradient)))
    for stage in stage_spreads(cells.units, totals, _present(cells, gradient)):
        matrix += stage.deviations.T @ (stage.deviations * stage.weights[:, None]) * stage.factor[0]
    return matrix
