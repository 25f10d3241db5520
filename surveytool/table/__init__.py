"""Estimates arranged for a reader: a table is a frozen value of named parts, built first, rendered after.

Names are imported on first use: csv and json need the report's rows, not its arrangement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.table.arrangement import arrange
    from surveytool.table.assemble import report
    from surveytool.table.codebook_table import CodebookReport, arrange_codebook
    from surveytool.table.sheet import STATISTICS, layout_named
    from surveytool.table.table_parts import Cell, Column, Number, Report, Table, TableRow

__all__ = [
    "STATISTICS", "Cell", "CodebookReport", "Column", "Number", "Report", "Table", "TableRow", "arrange",
    "arrange_codebook", "layout_named", "report",
]  # fmt: skip


__getattr__ = lazy_names(
    __name__,
    {
        "arrangement": ["arrange"],
        "codebook_table": ["CodebookReport", "arrange_codebook"],
        "assemble": ["report"],
        "sheet": ["STATISTICS", "layout_named"],
        "table_parts": ["Cell", "Column", "Number", "Report", "Table", "TableRow"],
    },
)
