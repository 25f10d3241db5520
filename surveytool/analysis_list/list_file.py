"""A list of analysis read: its dialect is known by its sheets and columns.

What would make a wrong table stops (an unknown sheet, setting or kind of analysis); what only makes less is told.
"""

from __future__ import annotations

import re
from pathlib import Path

from surveytool.analysis_list.analysis_line import AnalysisList
from surveytool.analysis_list.list_cells import ListSheet
from surveytool.errors import UsageError


def read_list(path: Path) -> AnalysisList:
    """The lines of a csv or workbook. Raises ``UsageError`` with sheet, row and cure, ``UnreadableData``."""
    from surveytool.analysis_list.impact_list import lines_of as impact
    from surveytool.analysis_list.workbook_list import BOOK
    from surveytool.analysis_list.workbook_list import lines_of as workbook

    sheets = _sheets(path)
    if "analysis" in sheets and set(sheets) & {*BOOK}:
        return workbook(path, sheets)
    for sheet in sheets.values():
        if {"analysis_type", "analysis_var"} <= set(sheet.columns) or {"analysis", "var"} <= set(sheet.columns):
            return impact(path, sheet)
    cure = "It needs the columns analysis_type and analysis_var, or analysis and var."
    raise UsageError("is no list of analysis.", str(path), cure)


def _sheets(path: Path) -> dict[str, ListSheet]:
    """The sheets by plain name, those for people left out."""
    from surveytool.cleaning.export_sheets import read_export, shown

    found = {}
    for sheet in read_export(path).sheets:
        plain = re.sub(r"[\s-]+", "_", sheet.title.strip().lower())
        names = tuple(re.sub(r"[\s-]+", "_", name.strip().lower()) for name in sheet.names)
        first = len(sheet.head) + 1
        rows = tuple(
            (number, dict(zip(names, (_text(shown(cell)) for cell in row), strict=False)))
            for number, row in enumerate(sheet.rows, start=first)
        )
        found[plain] = ListSheet(
            title=sheet.title, columns=names, rows=tuple(row for row in rows if any(row[1].values()))
        )
    return found


def _text(cell: str) -> str:
    plain = cell.strip()
    return "" if plain in ("NA", "NULL", "N/A") else plain
