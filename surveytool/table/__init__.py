"""Estimates arranged for a reader: a table is a frozen value of named parts, built first, rendered after."""

from surveytool.table.arrange import arrange
from surveytool.table.codebook import CodebookReport, arrange_codebook
from surveytool.table.model import Cell, Column, Report, Table, TableRow
from surveytool.table.report import report

__all__ = [
    "Cell", "CodebookReport", "Column", "Report", "Table", "TableRow",
    "arrange", "arrange_codebook", "report",
]  # fmt: skip
