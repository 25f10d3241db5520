"""Estimates arranged for a reader: a table is a frozen value of named parts, built first, rendered after.

Names are imported on first use: csv and json need the report's rows, not its arrangement.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveytool.table.arrangement import arrange
    from surveytool.table.assemble import report
    from surveytool.table.codebook import CodebookReport, arrange_codebook
    from surveytool.table.model import Cell, Column, Number, Report, Table, TableRow

__all__ = [
    "Cell", "CodebookReport", "Column", "Number", "Report", "Table", "TableRow", "arrange", "arrange_codebook",
    "report",
]  # fmt: skip

_HOMES = {
    "arrange": "arrangement", "CodebookReport": "codebook", "arrange_codebook": "codebook", "report": "assemble",
    "Cell": "model", "Column": "model", "Number": "model", "Report": "model", "Table": "model", "TableRow": "model",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'surveytool.table' has no attribute {name!r}")
    return getattr(import_module(f"surveytool.table.{_HOMES[name]}"), name)
