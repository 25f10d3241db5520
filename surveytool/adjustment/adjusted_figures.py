"""What an adjustment found: figures by method, how the two samples overlap, and what cannot be repaired."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey.survey import Provenance


@frozen
class AdjustedRow:
    """One figure: a share of a level, or a mean, by one method; its error from the sample and from the reference.

    ``unadjusted`` is the sample's own figure. ``n`` counts the sample's respondents, ``count`` those with the level.
    ``se_linearised`` stands beside an error that is not linearised. Numbers are None where they are withheld.
    """

    outcome: str
    level: str | None
    by: dict[str, str] = field(default_factory=dict)
    method: str
    estimate: float | None
    se: float | None
    se_sample: float | None
    se_reference: float | None
    se_linearised: float | None
    ci_low: float | None
    ci_high: float | None
    unadjusted: float | None
    n: int | None
    count: int | None
    flag: str | None = None


@frozen
class CoveredColumn:
    """A covariate's group (or number): its mean in the population, in the sample, and in the weighted sample."""

    name: str
    population: float
    before: float
    after: float
    difference_before: float
    difference_after: float


@frozen
class Coverage:
    """How the samples overlap: chances of the sample, effective n of their inverses, and people beyond it.

    ``beyond`` is the share of the population with a smaller chance than anybody in the sample.
    """

    n: int
    size: float
    least: float
    most: float
    effective_n: float
    weight_sum: float
    beyond: float | None
    columns: tuple[CoveredColumn, ...]


@frozen
class AdjustedFigures:
    """What an adjustment found: ``rows``, ``coverage`` (None where nobody's chance is modelled), ``notes``."""

    rows: tuple[AdjustedRow, ...]
    coverage: Coverage | None
    notes: tuple[Note, ...]
    level: float = 0.95
    language: str = "en"
    source: Provenance = field(default_factory=Provenance)
    settings: dict[str, Any] = field(default_factory=dict)


def flat(row: AdjustedRow, rows: tuple[AdjustedRow, ...]) -> dict[str, Any]:
    """A row with a column a group's variable."""
    names = dict.fromkeys(name for each in rows for name in each.by)
    made = asdict(row)
    del made["by"]
    return {
        "outcome": made.pop("outcome"),
        "level": made.pop("level"),
        **{f"by_{name}": row.by.get(name) for name in names},
        **made,
    }
