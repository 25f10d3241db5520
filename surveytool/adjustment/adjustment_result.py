"""What ``st.adjust`` returns: figures that print, save and become a frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.adjustment.adjusted_figures import AdjustedFigures, AdjustedRow, Coverage, flat
from surveytool.frozen import frozen
from surveytool.notes import Note

if TYPE_CHECKING:
    import pandas as pd


@frozen
class Adjustment:
    """Adjusted figures: ``rows``, how the samples overlap (``coverage``), and ``notes``."""

    figures: AdjustedFigures

    @property
    def rows(self) -> tuple[AdjustedRow, ...]:
        """Every figure: one row an estimate."""
        return self.figures.rows

    @property
    def coverage(self) -> Coverage | None:
        """How the samples overlap; None where nobody's chance is modelled."""
        return self.figures.coverage

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know."""
        return self.figures.notes

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame, a column a group's variable."""
        import pandas as pd

        return pd.DataFrame([flat(row, self.rows) for row in self.rows])

    def render(self, format: str = "terminal", *, decimals: int | None = None, width: int = 100) -> str:
        """The figures as text: terminal, csv, json, markdown, html or latex. Raises ``UsageError``."""
        from surveytool.adjustment.adjusted_tables import rendered

        return rendered(self.figures, format, decimals=decimals, width=width).decode("utf-8")

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the figures to a file; its suffix decides the format."""
        from surveytool.adjustment.adjusted_tables import rendered
        from surveytool.output_files import write
        from surveytool.render import format_of

        write(Path(path), rendered(self.figures, format_of(Path(path))), overwrite=overwrite)

    def _repr_html_(self) -> str:
        return self.render("html")

    def __repr__(self) -> str:
        """The tables as a terminal has them."""
        return self.render("terminal")
