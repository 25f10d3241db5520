"""xlsx through XlsxWriter: texts are texts, never formulas; the codebook beside says what codes mean."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from surveytool.errors import UsageError
from surveytool.writing.cell_values import cells
from surveytool.writing.codebook_file import codebook
from surveytool.writing.sheet import Saved, Sheet

MOST_ROWS, MOST_COLUMNS, LONGEST = 1_048_576, 16_384, 32_767
MADE = datetime(2000, 1, 1)


def save(sheet: Sheet) -> Saved:
    """One sheet, "data"; ``UsageError`` where Excel has no room."""
    import xlsxwriter

    if sheet.rows + 1 > MOST_ROWS or len(sheet.columns) > MOST_COLUMNS:
        raise UsageError("Excel has no room for so many rows or columns.", cure="Write .parquet or .csv.")
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": MADE})
    page = book.add_worksheet("data")
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column.name[:LONGEST])
        for row, cell in enumerate(cells(column), start=1):
            _write(page, row, index, cell, day, moment)
    book.close()
    return Saved(content=out.getvalue(), codebook=codebook(sheet))


def _write(page: Any, row: int, column: int, cell: Any, day: Any, moment: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell[:LONGEST])
    elif isinstance(cell, (int, float)):
        page.write_number(row, column, cell)
    elif isinstance(cell, date):
        time = isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) != (0, 0, 0)
        bare = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
        page.write_datetime(row, column, bare, moment if time else day)
