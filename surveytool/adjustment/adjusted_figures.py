"""What an adjustment found: figures by method, how the two samples overlap, and what cannot be repaired."""

from __future__ import annotations

from dataclasses import asdict, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey.survey import Provenance

if TYPE_CHECKING:
    import pandas as pd


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
class Adjustment:
    """What ``adjust`` found: ``rows``, ``coverage`` (None where nobody's chance is modelled), ``notes``."""

    rows: tuple[AdjustedRow, ...]
    coverage: Coverage | None
    notes: tuple[Note, ...]
    level: float = 0.95
    language: str = "en"
    source: Provenance = field(default_factory=Provenance)
    settings: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame, a column a group's variable."""
        import pandas as pd

        return pd.DataFrame([flat(row, self.rows) for row in self.rows])

    def render(self, format: str = "terminal", *, decimals: int | None = None, width: int = 100) -> str:
        """The figures as text: terminal, csv, json, markdown, html or latex. Raises ``UsageError``."""
        from surveytool.adjustment.adjusted_tables import rendered

        return rendered(self, format, decimals=decimals, width=width).decode("utf-8")

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the figures to a file; its suffix decides the format."""
        from surveytool.adjustment.adjusted_tables import rendered
        from surveytool.output_files import write
        from surveytool.render import format_of

        write(Path(path), rendered(self, format_of(Path(path))), overwrite=overwrite)

    def _repr_html_(self) -> str:
        return self.render("html")

    def __repr__(self) -> str:
        return self.render("terminal")


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
