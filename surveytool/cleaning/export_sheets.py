"""A raw export as sheets of cells: what a cleaning log changes, and nothing of types or labels.

Of a text file every cell is text as it stands there; of a workbook a cell is what the workbook says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.errors import UnreadableData
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.reading.loaded import Dialect

TEXTS = (".csv", ".tsv", ".txt", ".gz")
BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
BLANK = ("", None)


@dataclass(slots=True)
class Sheet:
    """A table of cells: ``head`` are the rows above the data as they stand, ``names`` those of the columns."""

    title: str
    names: list[str]
    head: list[list[Any]]
    rows: list[list[Any]]

    def column(self, name: str) -> int:
        """The place of a column."""
        return self.names.index(name)


@dataclass(slots=True)
class Export:
    """A file's sheets, the first one that of the interviews; ``above`` are the lines of a text over its names."""

    path: Path
    sheets: list[Sheet]
    delimiter: str = ","
    above: str = ""

    @property
    def main(self) -> Sheet:
        """The sheet of the interviews."""
        return self.sheets[0]


def read_export(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, dialect: Dialect | None = None
) -> Export:
    """The cells of a csv or a workbook; ``sheet`` names that of the interviews. Raises ``UnreadableData``."""
    from surveytool.reading import file_source

    file_source.check(path)
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        return _text(path, encoding, dialect)
    if suffix in BOOKS:
        return _book(path, sheet, dialect)
    cure = f"Export it as one of {', '.join((*TEXTS[:3], *BOOKS))}, or convert it first."
    raise UnreadableData(f"a file {suffix or 'without a suffix'} has no cells to clean.", str(path), cure)


def _text(path: Path, encoding: str | None, dialect: Dialect | None) -> Export:
    from surveytool.reading.delimited import unzipped
    from surveytool.reading.file_source import refuse_binary
    from surveytool.reading.text_encoding import decoded
    from surveytool.reading.text_layout import layout_of

    content = path.read_bytes()
    content = unzipped(path, content) if path.suffix.lower() == ".gz" else content
    refuse_binary(path, content)
    text, _ = decoded(path, content, encoding)
    layout = layout_of(path, text, "\t" if path.suffix.lower() == ".tsv" else None, dialect)
    csv.field_size_limit(1 << 27)
    try:
        table = layout.table(text)
        reader = csv.reader(io.StringIO(table, newline=""), delimiter=layout.delimiter)
        rows: list[list[Any]] = [row for row in reader if row]
    except csv.Error as error:
        raise UnreadableData("cannot be read as a table of text.", str(path), "Export it again as csv.") from error
    head, data = rows[: layout.skip], rows[layout.skip :]
    sheet = Sheet(path.stem, list(layout.names), head, _even(data, len(layout.names)))
    return Export(path, [sheet], layout.delimiter, text[: len(text) - len(table)])


def _even(rows: list[list[Any]], width: int) -> list[list[Any]]:
    """Rows of one width; what is missing at the end of a row is blank."""
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _book(path: Path, chosen: str | None, dialect: Dialect | None) -> Export:
    from surveytool.errors import unknown

    cells = sheets_of(path)
    if chosen is not None and chosen not in cells:
        raise unknown("sheet", chosen, list(cells), str(path))
    titles = sorted(cells, key=lambda title: title != chosen)
    sheets = [made for title in titles if (made := _sheet(title, cells[title], dialect)) is not None]
    if not sheets or (chosen is not None and sheets[0].title != chosen):
        raise UnreadableData("is empty.", str(path), "Name another sheet with --sheet.")
    return Export(path, sheets)


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """All sheets of a workbook by title, the cells as the workbook has them. Raises ``UnreadableData``."""
    import python_calamine as calamine

    from surveytool.reading.file_source import broken

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=True) for title in book.sheet_names}
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise broken(path, "an Excel workbook") from error


def _sheet(title: str, cells: list[list[Any]], dialect: Dialect | None) -> Sheet | None:
    """A sheet with its head; None where it has no rows."""
    from surveytool.reading.header import head_of, whole_names
    from surveytool.reading.loaded import Dialect

    rows = [row for row in cells if any(cell not in BLANK for cell in row)]
    if not rows:
        return None
    head = head_of([[shown(cell) for cell in row] for row in rows[:500]], dialect or Dialect())
    width = max(len(row) for row in rows)
    names, _ = whole_names([*head.names, *[""] * (width - len(head.names))])
    return Sheet(title, list(names), rows[: head.skip], _even(rows[head.skip :], width))


def shown(cell: Any) -> str:
    """A cell as text: numbers without a needless point, days as ISO, blank as nothing."""
    from datetime import date, datetime

    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return code_text(cell)
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def typed(value: str, cells: Sequence[Any]) -> Any:
    """A text of a log as the other cells of its column are: a number, a day, or text."""
    from datetime import date, datetime

    if value == "":
        return ""
    filled = [cell for cell in cells if cell not in BLANK]
    if filled and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        try:
            return float(value)
        except ValueError:
            return value
    if filled and all(isinstance(cell, date) for cell in filled):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def content(export: Export, suffix: str) -> bytes:
    """The export as a file: csv (utf-8) of one sheet, or a workbook of all. Raises ``UsageError``."""
    from surveytool.errors import UsageError

    if suffix in (".csv", ".tsv", ".txt"):
        if len(export.sheets) > 1:
            raise UsageError("a text file holds one sheet.", suffix, "Write -o CLEAN.xlsx, which holds rosters too.")
        return _csv(export, "\t" if suffix == ".tsv" else export.delimiter)
    if suffix == ".xlsx":
        return _xlsx(export)
    raise UsageError(f"cannot be written as {suffix or 'a file without a suffix'}.", "-o", "Name a .csv or an .xlsx.")


def _csv(export: Export, delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    text.write(export.above)
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    for row in [*export.main.head, *export.main.rows]:
        writer.writerow([shown(cell) for cell in row])
    return text.getvalue().encode("utf-8")


def _xlsx(export: Export) -> bytes:
    from datetime import date, datetime

    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": datetime(2000, 1, 1)})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for sheet in export.sheets:
        page = book.add_worksheet(sheet.title[:31])
        for down, row in enumerate([*sheet.head, *sheet.rows]):
            for across, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(down, across, cell.replace(tzinfo=None), moment)
                elif isinstance(cell, date):
                    page.write_datetime(down, across, cell, day)
                elif isinstance(cell, bool):
                    page.write_boolean(down, across, cell)
                elif isinstance(cell, (int, float)):
                    page.write_number(down, across, cell)
                elif cell not in BLANK:
                    page.write_string(down, across, str(cell))
    book.close()
    return target.getvalue()
