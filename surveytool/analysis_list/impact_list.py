"""IMPACT's lists: those of analysistools (analysis_type, analysis_var, group_var) and of humind (analysis, var)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from surveytool.analysis_list.analysis_line import AnalysisLine, AnalysisList, Kind, Refused
from surveytool.analysis_list.list_cells import ListSheet, Row, cell, level_of, yes
from surveytool.errors import UsageError

KINDS: Mapping[str, Kind] = {
    "prop_select_one": "select_one", "select_one": "select_one", "prop_select_multiple": "select_multiple",
    "select_multiple": "select_multiple", "mean": "mean", "median": "median", "ratio": "ratio",
}  # fmt: skip
MAIN = ("", "main")


def lines_of(path: Path, sheet: ListSheet) -> AnalysisList:
    """The lines of a sheet. Raises ``UsageError`` for a kind of analysis that there is not."""
    lines: list[AnalysisLine] = []
    refused: list[Refused] = []
    for number, row in sheet.rows:
        for made in line_of(path, sheet.title, number, row):
            (lines if isinstance(made, AnalysisLine) else refused).append(made)  # type: ignore[arg-type]
    return AnalysisList(path=str(path), lines=tuple(lines), refused=tuple(refused))


def line_of(path: Path, title: str, number: int, row: Row) -> Iterator[AnalysisLine | Refused]:
    """A row as a line, or why it is none; a row without kind and variable says nothing.

    Raises ``UsageError`` for a kind of analysis that there is not.
    """
    where = f"{path.name}, {title}, row {number}"
    written = cell(row, "analysis_type") or cell(row, "analysis")
    variable = cell(row, "analysis_var") or cell(row, "var")
    if not written:
        if variable:
            yield Refused(sheet=title, row=number, why="no kind of analysis")
        return
    kind = KINDS.get(written.lower())
    if kind is None:
        cure = f"Known: {', '.join(KINDS)}."
        raise UsageError(f"no analysis is called {written!r}.", where, cure)
    above, below = _ratio(kind, variable, row)
    if not above or (kind == "ratio" and not below):
        yield Refused(sheet=title, row=number, why="no variable" if kind != "ratio" else "no numerator or denominator")
        return
    if kind == "ratio" and cell(row, "na_rm") and not yes(cell(row, "na_rm"), default=True):
        yield Refused(sheet=title, row=number, why="na_rm = no: a mean of missing values is missing")
        return
    groups = tuple(part.strip() for part in cell(row, "group_var").split(",") if part.strip())
    dataset = cell(row, "dataset")
    yield AnalysisLine(
        sheet=title, row=number, kind=kind, variable=above, denominator=below,
        blank_is_zero=kind == "ratio" and yes(cell(row, "numerator_na_to_0"), default=True),
        no_zero=kind == "ratio" and yes(cell(row, "filter_denominator_0"), default=True),
        breakdowns=(groups,) if groups else (), total=not groups, level=level_of(cell(row, "level"), where),
        roster=None if dataset.lower() in MAIN else dataset, title=cell(row, "indicator"),
        unweighted=not yes(cell(row, "weighted"), default=True),
    )  # fmt: skip


def _ratio(kind: Kind, variable: str, row: Row) -> tuple[str, str | None]:
    """What stands above and below; humind writes both with a comma between."""
    if kind != "ratio":
        return variable, None
    above, below = cell(row, "analysis_var_numerator"), cell(row, "analysis_var_denominator")
    if not above and "," in variable:
        above, _, below = (part.strip() for part in variable.partition(","))
    return above, below or None
