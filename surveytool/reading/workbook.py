"""Excel workbooks (xlsx, xls, xlsb) and OpenDocument sheets through python-calamine.

A cell has its type in the file; text stays text, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData, unknown
from surveytool.notes import Note, note
from surveytool.reading import dummies
from surveytool.reading.file_source import broken, most_unzipped
from surveytool.reading.header import header_rows, whole_names
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.survey import code_text

FRAGILE = True


def prepare() -> None:
    """Load the library, so that a copy of this process has it."""
    import pyarrow  # noqa: F401
    import python_calamine  # noqa: F401


def load(path: Path, options: Options) -> Loaded:
    """Read one sheet; the first one unless ``sheet`` names another. Raises ``UnreadableData``."""
    _refuse_bomb(path)
    rows, notes = _rows(path, options.sheet)
    rows = [row for row in rows if any(cell not in ("", None) for cell in row)]
    if not rows:
        raise UnreadableData("is empty.", str(path), "Name another sheet with --sheet.")
    head, skip, labels, more = header_rows([[_shown(cell) for cell in row] for row in rows[:12]])
    names, repaired = whole_names(head)
    if repaired:
        more = (*more, note("repaired_names", names=repaired))
    if len(rows) <= skip:
        raise UnreadableData("has a header but no respondents.", str(path), "Name another sheet with --sheet.")
    wanted = columns_to_read(names, options.wanted, str(path))
    table = _table(names, rows[skip:], wanted)
    titles = dict(zip(names, labels, strict=False)) if labels else {}
    meta = {name: Meta(label=titles.get(name, "")) for name in wanted}
    return Loaded(table=table, names=names, meta=meta, sets=dummies.sets(table, titles), notes=(*notes, *more))


def _refuse_bomb(path: Path) -> None:
    """Refuse an archive whose parts claim more than an honest workbook of its size could hold."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            claimed = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return  # an old .xls, or broken: the reader will tell
    most = most_unzipped(path.stat().st_size)
    if claimed > most:
        raise UnreadableData(f"unpacks to more than {most >> 20} MB.", str(path), "Export it again as csv.")


def _rows(path: Path, sheet: str | None) -> tuple[list[list[Any]], tuple[Note, ...]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise broken(path, "an Excel workbook") from error
    if not names:
        raise UnreadableData("has no sheets.", str(path))
    if sheet is not None and sheet not in names:
        raise unknown("sheet", sheet, names, str(path), f"It has: {', '.join(names[:8])}")
    chosen = sheet or names[0]
    try:
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=True)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise broken(path, "an Excel workbook") from error
    others = len(names) > 1 and sheet is None
    return rows, (note("other_sheets", sheet=chosen, n=len(names)),) if others else ()


def _shown(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    return code_text(cell) if isinstance(cell, (int, float)) else str(cell)


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]], wanted: Sequence[str]) -> Any:
    import pyarrow as pa

    places = {name: index for index, name in enumerate(names)}
    columns = {}
    for name in wanted:
        place = places[name]
        columns[name] = _column([row[place] if place < len(row) else None for row in rows])
    return pa.table(columns)


def _column(cells: list[Any]) -> Any:
    """Numbers if every filled cell is one, dates likewise, else text."""
    import pyarrow as pa

    filled = [cell for cell in cells if cell not in ("", None)]
    if filled and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        return pa.array([None if cell in ("", None) else float(cell) for cell in cells], pa.float64())
    if filled and all(isinstance(cell, (date, datetime)) for cell in filled):
        return pa.array([None if cell in ("", None) else _moment(cell) for cell in cells], pa.timestamp("s"))
    return pa.array([None if cell in ("", None) else _text(cell) for cell in cells], pa.string())


def _moment(cell: date) -> datetime:
    return cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)


def _text(cell: Any) -> str | None:
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return _shown(cell) or None
