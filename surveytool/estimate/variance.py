"""The one variance door: cells and a gradient in, a variance for every row out.

Linearisation (Binder 1983; Wolter 2007, chapter 6): the linearised value of a
respondent is the gradient times his own moments, so unit totals of it are the
gradient applied to the unit's cells. Over stages as R's ``svyrecvar``:
``sum_h (1 - f_h) n_h/(n_h - 1) sum_j (z_hj - zbar_h)^2`` plus, for each unit of
a stage with a finite population, its sampling fraction times the same sum one
stage below. Replication: ``scale * sum_r rscales_r (theta_r - centre)^2``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Stage, Units
from surveytool.errors import UnusableDesign
from surveytool.estimate.gradient import Dense, Shares, gradient_of
from surveytool.estimate.statistic import Statistic
from surveytool.frozen import frozen
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Counts = NDArray[np.int64]

LONELY_CURE = (
    "Choose a policy with --lonely-psu: certainty or remove (it adds no variance; Stata certainty), "
    "adjust (centred at zero, the sample's mean; Stata centered), "
    "average (the mean of the other strata; Stata scaled)."
)
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
    touched = reached(cells.units, cells.present)
    notes = design_notes(cells)
    found = _element(cells, gradient, touched) if cells.units.element else _clustered(cells, gradient, touched)
    return Variance(variance=found, df=degrees_of_freedom(cells), notes=notes)


def design_notes(cells: Cells) -> tuple[Note, ...]:
    """What the design does to these cells; raises ``UnusableDesign`` for a lonely PSU under the policy fail."""
    if cells.replication is not None:
        return ()
    return (*_lonely(cells, reached(cells.units, cells.present)), *_lonely_in_domain(cells))


def degrees_of_freedom(cells: Cells) -> Floats:
    """PSUs minus strata with respondents in each group's domain [G]; replicates: rank minus 1 or given."""
    if cells.replication is not None:
        return np.full(len(cells.n), cells.replication.df)
    if cells.units.df is not None:
        return np.full(len(cells.n), float(cells.units.df))
    return freedom(cells.units, cells.present)


def freedom(units: Units, present: Counts) -> Floats:
    """PSUs minus strata with respondents, by group [G]; ``present`` [U, G] counts them."""
    psus = present.sum(axis=0) if units.element else (_first_stage_present(units, present) > 0).sum(axis=0)
    return np.asarray(psus - reached(units, present).sum(axis=0), dtype=np.float64)


def _first_stage_present(units: Units, present: Counts) -> Floats:
    """Respondents of the domain by PSU [PSUs, G]."""
    counts = present.astype(np.float64)
    for stage in reversed(units.stages[1:]):
        counts = roll(counts, stage)
    return counts


def reached(units: Units, present: Counts) -> Flags:
    """Strata with respondents in each group's domain [H, G]."""
    if units.element:
        return present > 0
    return roll(_first_stage_present(units, present), units.stages[0]) > 0


def roll(values: Floats, stage: Stage) -> Floats:
    """Totals of a stage's units added up to their parents."""
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


def _unsampled(stage: Stage) -> Floats:
    """1 - f of each parent; 1 without finite population correction, 0 where all were taken."""
    share = np.where(np.isinf(stage.population), 0.0, stage.sampled / stage.population)
    rest = 1.0 - share
    return np.where(rest < 1e-7, 0.0, rest)


def factor(stage: Stage) -> Floats:
    """(1 - f) n / (n - 1) of each parent; (1 - f) where it has one unit."""
    many = stage.sampled > 1
    return _unsampled(stage) * np.where(many, stage.sampled / np.where(many, stage.sampled - 1, 1), 1.0)


def lonely(stage: Stage) -> Flags:
    """Parents with a single sampled unit that does not stand for itself."""
    flags: Flags = (stage.sampled == 1) & (_unsampled(stage) > 0)
    return flags


def _lonely(cells: Cells, touched: Flags) -> list[Note]:
    """Refuse or name the strata with one PSU that the domain touches."""
    units = cells.units
    alone = lonely(units.stages[0]) & touched.any(axis=1)
    deeper = [stage for stage in units.stages[1:] if lonely(stage).any()]
    if units.lonely_psu == "fail" and deeper:
        raise UnusableDesign(
            f"{sum(int(lonely(each).sum()) for each in deeper)} units have one unit at the next stage.",
            cure=LONELY_CURE,
        )
    if not alone.any():
        return []
    names = tuple(label for label, flag in zip(units.strata, alone, strict=True) if flag)
    if len(names) == len(units.strata) == 1:
        raise UnusableDesign(
            "the whole sample is one PSU, so no variance can be estimated.",
            cure="Check --psu; at least two primary sampling units (or respondents) are needed.",
        )
    if units.lonely_psu == "fail":
        shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        word = "stratum has" if len(names) == 1 else "strata have"
        raise UnusableDesign(f"{len(names)} {word} only one PSU: {shown}.", where="--strata", cure=LONELY_CURE)
    return [note("lonely_psu", policy=units.lonely_psu, strata=names[:20], n=len(names))]


def _lonely_in_domain(cells: Cells) -> list[Note]:
    """Strata where one of several PSUs has respondents in some row's domain; the others count as zero."""
    if cells.units.element:
        return []
    stage = cells.units.stages[0]
    assert stage.parent is not None
    reached = roll((_first_stage_present(cells.units, cells.present) > 0).astype(np.float64), stage)
    alone = ((reached == 1) & (stage.sampled > 1)[:, None]).any(axis=1)
    names = tuple(label for label, flag in zip(cells.units.strata, alone, strict=True) if flag)
    return [note("lonely_in_domain", strata=names[:20], n=len(names))] if names else []


def _clustered(cells: Cells, gradient: Dense | Shares, touched: Flags) -> Floats:
    """Sum over stages of the between-unit variance of linearised totals [G, R]."""
    levels = [gradient.of(cells.varying())]
    for stage in reversed(cells.units.stages[1:]):
        levels.append(roll(levels[-1], stage))
    levels.reverse()
    out = np.zeros(levels[0].shape[1:])
    inherited = np.ones(len(cells.units.stages[0].sampled))
    for index, (stage, totals) in enumerate(zip(cells.units.stages, levels, strict=True)):
        out += _stage(stage, totals, inherited, cells.units.lonely_psu, touched if index == 0 else None)
        share = np.where(np.isinf(stage.population), 0.0, stage.sampled / stage.population)
        assert stage.parent is not None
        inherited = (inherited * share)[stage.parent]
    return out


def _stage(stage: Stage, totals: Floats, inherited: Floats, policy: str, touched: Flags | None) -> Floats:
    """One stage's variance [G, R]: squares about the parent's mean, scaled, times what is inherited."""
    assert stage.parent is not None
    mean = roll(totals, stage) / stage.sampled[:, None, None]
    alone = lonely(stage)
    if policy == "adjust":
        mean[alone] = 0.0
    squares = roll((totals - mean[stage.parent]) ** 2, stage)
    found: Floats = np.tensordot(factor(stage) * inherited, squares, axes=1)
    if policy == "average" and touched is not None:
        found = found * _average_factor(alone, touched)[:, None]
    return found


def _average_factor(alone: Flags, touched: Flags) -> Floats:
    """Policy average: strata touched over strata touched that have several PSUs [G]."""
    all_touched = touched.sum(axis=0)
    several = (touched & ~alone[:, None]).sum(axis=0)
    return np.where(several > 0, all_touched / np.maximum(several, 1), np.nan)


def _element(cells: Cells, gradient: Dense | Shares, touched: Flags) -> Floats:
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
    found: Floats = np.tensordot(factor(stage), spread, axes=1)
    if cells.units.lonely_psu == "average":
        found = found * _average_factor(alone, touched)[:, None]
    return np.where(np.isfinite(size).all(axis=0), found, np.nan)


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
    found = _replication(cells, logit, centre).variance
    return np.where(np.isnan(_under_replicates(cells, logit)).any(axis=0), np.nan, np.sqrt(found))


def _under_replicates(cells: Cells, statistic: Statistic) -> Floats:
    """The statistic under every replicate weight [replicates, G, R]: replicates stand in line as groups do."""
    assert cells.replication is not None
    totals = cells.replication.totals
    replicates, groups = totals.shape[:2]
    values = statistic.value(totals.reshape(-1, *totals.shape[2:]), cells.shift)
    return values.reshape(replicates, groups, *values.shape[1:])


def _replication(cells: Cells, statistic: Statistic, value: Floats) -> Variance:
    given = cells.replication
    assert given is not None
    replicated = _under_replicates(cells, statistic)
    known = ~np.isnan(replicated)
    active = known & (given.rscales > 0)[:, None, None]
    filled = np.where(known, replicated, 0.0)
    centre = value if given.mse else _divide(np.where(active, filled, 0.0).sum(axis=0), active.sum(axis=0))
    squares = np.where(known, (filled - centre) ** 2, 0.0)
    shares = given.scale * np.tensordot(given.rscales, squares, axes=1)
    shares = np.where(np.isnan(value), np.nan, shares)
    dropped = int((~known & ~np.isnan(value)).any(axis=(1, 2)).sum())
    notes = (note("replicates_dropped", n=dropped),) if dropped else ()
    return Variance(variance=shares, df=degrees_of_freedom(cells), notes=notes)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.where(below > 0, above / np.maximum(below, 1), np.nan)
