"""The one variance door: cells and a gradient in, a variance for every row out.

Linearisation (Binder 1983; Wolter 2007, chapter 6): the linearised value of a
respondent is the gradient times his own moments, so unit totals of it are the
gradient applied to the unit's cells; ``stage_spread`` has the recursion over stages,
``replicate_spread`` the formula of replicate weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.estimate.freedom import by_group
from surveytool.estimate.gradient import Dense, Shares, gradient_of
from surveytool.estimate.lonely import design_notes
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.stage_spread import average_factor, lonely, reached_parents, scale, stage_spreads
from surveytool.estimate.statistic import Statistic
from surveytool.frozen import frozen
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from surveytool.arrays import Floats


NOISE = 64 * 2.220446049250313e-16


@frozen
class Variance:
    """Variances [G, R] and degrees of freedom [G] of one breakdown's rows."""

    variance: Floats
    df: Floats
    notes: tuple[Note, ...]


def variance(cells: Cells, statistic: Statistic, value: Floats) -> Variance:
    """Variance of ``value`` [G, R] by the design behind the cells.

    Raises ``UnusableDesign`` for a stratum with one PSU under the policy fail.
    """
    if cells.replication is not None:
        return _replication(cells, statistic, value)
    gradient = gradient_of(statistic, cells.totals(), cells.shift)
    notes = design_notes(cells)
    summed = _element(cells, gradient) if cells.units.element else _clustered(cells, gradient)
    return Variance(variance=summed, df=by_group(cells), notes=notes)


def _clustered(cells: Cells, gradient: Dense | Shares) -> Floats:
    """Sum over stages of the between-unit variance of linearised totals [G, R]."""
    total = np.zeros(())
    for stage in stage_spreads(cells.units, gradient.of(cells.varying()), cells.present):
        squares: Floats = np.tensordot(stage.weights, stage.deviations**2, axes=1)
        total = total + squares * stage.factor[:, None]
    return total


def _element(cells: Cells, gradient: Dense | Shares) -> Floats:
    """Respondents as units: sums of squares are quadratic forms of the second moments [G, R]."""
    assert cells.second is not None
    stage = cells.units.stages[0]
    sums = gradient.of(cells.first)
    squares = gradient.form(cells.second)
    size = gradient.size(cells.second)
    spread = squares - sums**2 / stage.sampled[:, None, None]
    alone = lonely(stage)
    spread[stage.sampled == 1] = 0.0
    if cells.units.lonely_psu == "adjust":
        spread[alone] = squares[alone]
    spread = np.where(spread > NOISE * size, spread, 0.0)
    summed: Floats = np.tensordot(scale(stage), spread, axes=1)
    factor = average_factor(cells.units, alone, reached_parents(cells.units, cells.present)[0])
    return np.where(np.isfinite(size).all(axis=0), summed * factor[:, None], np.nan)


def logit_error(cells: Cells, statistic: Statistic, value: Floats) -> Floats | None:
    """Standard error of log(p/(1-p)) [G, R] from replicates, as R's svyglm has it; None without replicates.

    NaN where the estimate or a replicate is 0 or 1.
    """
    if cells.replication is None:
        return None

    def transformed(totals: Floats, shift: float) -> Floats:
        share = statistic.value(totals, shift)
        inside = (share > 0) & (share < 1)
        held = np.where(inside, share, 0.5)
        return np.where(inside, np.log(held / (1 - held)), np.nan)

    centre = transformed(cells.totals(), cells.shift)
    logit = replace(statistic, value=transformed)
    on_logits = _replication(cells, logit, centre).variance
    return np.where(np.isnan(under_replicates(cells, logit)).any(axis=0), np.nan, np.sqrt(on_logits))


def under_replicates(cells: Cells, statistic: Statistic) -> Floats:
    """The statistic under every replicate weight [replicates, G, R]: replicates stand in line as groups do."""
    assert cells.replication is not None
    totals = cells.replication.totals
    replicates = len(totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = statistic.value(totals.reshape(-1, *totals.shape[2:]), cells.shift)
    return values.reshape(replicates, -1, *values.shape[1:])


def _replication(cells: Cells, statistic: Statistic, value: Floats) -> Variance:
    given = cells.replication
    assert given is not None
    replicates = spread(given, under_replicates(cells, statistic), value)
    squares = (replicates.deviations**2).sum(axis=0)
    bounded = (note("df_bounded"),) if given.bounded and not given.generic and len(cells.n) > 1 else ()
    notes = (*replicates.notes, *bounded)
    return Variance(variance=np.where(np.isnan(value), np.nan, squares), df=by_group(cells), notes=notes)
