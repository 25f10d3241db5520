"""The first stage of a design as replicates see it: who belongs to which sampling unit, and the factors of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.sample import read_units, replicate_scales
from surveytool.errors import UnusableDesign
from surveytool.frozen import frozen
from surveytool.survey import Replicates
from surveytool.weighting.replicate_factors import (
    LARGEST_MATRIX,
    Factors,
    ReplicatePlan,
    SampledUnits,
    made_factors,
)

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys

FEW = 500  # units that a jackknife leaves out one by one


@frozen
class DrawnReplicates:
    """Replicates of the base weight [rows, R], the scale of each [R], and how they are read later on."""

    matrix: Floats
    scales: Floats
    settings: Replicates | None


def first_stage(run: Grouping) -> tuple[SampledUnits, Keys]:
    """The units of the first stage, and each row's [rows]; each row is a unit where the design names none."""
    design, weights = run.columns.survey.design, run.sample.weights
    unit, units, _ = read_units(run.columns, design, float(weights.sum()))
    stage = units.stages[0]
    fraction = np.where(np.isfinite(stage.population), stage.sampled / stage.population, 0.0)
    if stage.parent is None:
        return SampledUnits(stratum=unit, fraction=fraction, strata=units.strata), np.arange(len(unit))
    for later in reversed(units.stages[1:]):
        assert later.parent is not None
        unit = later.parent[unit]
    return SampledUnits(stratum=stage.parent, fraction=fraction, strata=units.strata), unit


def usual_replicates(run: Grouping) -> str:
    """The replicates of margins that are estimates, where none are named: a jackknife of few units, or a bootstrap."""
    units, _ = first_stage(run)
    return "jkn" if len(units.stratum) <= FEW else "bootstrap:200"


def drawn_replicates(run: Grouping, plan: ReplicatePlan | None, name: str) -> DrawnReplicates:
    """The replicates that the steps go through: those of the design, else those that the plan makes; else none.

    ``name`` is the new weight's; the replicates' columns begin with it. Raises ``UnusableDesign``.
    """
    sample, design = run.sample, run.columns.survey.design
    columns = (f"{name}_rep*",)
    if sample.replicates is not None and design.replicates is not None:
        if plan is not None:
            raise UnusableDesign("the design has replicate weights already.", "--replicates", "Leave one of them out.")
        rscales = np.ones(sample.replicates.shape[1]) if sample.rscales is None else sample.rscales
        kept = Factors(
            matrix=sample.replicates, method=design.replicates.method, scale=sample.scale, rscales=rscales,
            mse=sample.mse, fay_rho=design.replicates.fay_rho,
        )  # fmt: skip
        return DrawnReplicates(
            matrix=sample.replicates, scales=sample.scale * rscales, settings=settings_of(kept, columns)
        )
    if plan is None:
        return DrawnReplicates(matrix=np.empty((len(sample.weights), 0)), scales=np.empty(0), settings=None)
    units, place = first_stage(run)
    factors = made_factors(plan, units, design.lonely_psu)
    if factors.matrix.shape[1] * len(place) > LARGEST_MATRIX:
        raise UnusableDesign(
            f"{plan.method} makes {factors.matrix.shape[1]} replicates of {len(place)} rows, too many to write.",
            "--replicates", "Write bootstrap:500, or name the PSUs.",
        )  # fmt: skip
    return DrawnReplicates(
        matrix=factors.matrix[place] * sample.weights[:, None], scales=factors.scale * factors.rscales,
        settings=settings_of(factors, columns),
    )  # fmt: skip


def settings_of(factors: Factors, columns: tuple[str, ...], *, mse: bool | None = None) -> Replicates:
    """How the replicate columns are read: scales are written where they are not the method's own."""
    alike = bool(np.ptp(factors.rscales) <= 1e-12 * factors.rscales[0])
    given: dict[str, Any] = {"columns": columns, "method": factors.method, "fay_rho": factors.fay_rho}
    own = (
        1.0
        if factors.method in ("jkn", "other")
        else replicate_scales(Replicates(**given), len(factors.rscales), _none)[0]
    )
    scale = None if factors.method != "other" and np.isclose(own, factors.scale, rtol=1e-12) else factors.scale
    rscales = None if alike and factors.rscales[0] == 1.0 and factors.method != "jkn" else factors.rscales
    return Replicates(
        **given, scale=scale,
        rscales=None if rscales is None else tuple(float(each) for each in (rscales[:1] if alike else rscales)),
        mse=factors.mse if mse is None else mse,
    )  # fmt: skip


def _none() -> Floats:
    return np.empty(0)
