"""Excel workbooks (xlsx, xls, xlsb) and OpenDocument sheets through python-calamine.

A cell has its type in the file; a column with texts is typed as one of a csv, since
collection tools and people store numbers as texts, which is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData, unknown
from surveytool.notes import Note, note
from surveytool.reading import dummies
from surveytool.reading.blocks import stands_in_blocks
from surveytool.reading.clean_text import ERRORS
from surveytool.reading.file_source import broken, most_unzipped
from surveytool.reading.footer import MOST, footer
from surveytool.reading.header import Head, head_of, whole_names
from surveytool.reading.loaded import Choice, Loaded, Meta, Options
from surveytool.reading.missing_mark import CERTAIN, missing_marks
from surveytool.reading.number_marks import decided
from surveytool.reading.typed_text import Typed, examined, text_notes, type_notes, typed, without_codes
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.survey import code_text

FRAGILE = True
SAMPLE = 500
Rows = list[list[Any]]


def prepare() -> None:
    """Load the library, so that a copy of this process has it."""
    import pyarrow  # noqa: F401
    import python_calamine  # noqa: F401


def load(path: Path, options: Options) -> Loaded:
    """Read one sheet; the first one unless ``sheet`` names another. Raises ``UnreadableData``."""
    refuse_bomb(path)
    cells, merged, notes = _rows(path, options.sheet)
    rows = [row for row in cells if any(cell not in ("", None) for cell in row)]
    if not rows:
        raise UnreadableData("is empty.", str(path), "Name another sheet with --sheet.")
    shown = [[_shown(cell) for cell in row] for row in rows[:SAMPLE]]
    head = head_of(shown, options.dialect)
    width = max(len(head.names), *map(len, shown[head.skip :]), 0) if len(shown) > head.skip else len(head.names)
    names, repaired = whole_names([*head.names, *[""] * (width - len(head.names))])
    more = (*head.notes, note("repaired_names", names=repaired)) if repaired else head.notes
    last = [[_shown(cell) for cell in row] for row in rows[SAMPLE:][-MOST:]]
    below = footer([*shown[head.skip :], *last])
    data = rows[head.skip : len(rows) - below]
    more = (*more, note("rows_below", n=below)) if below else more
    if not data:
        raise UnreadableData("has a header but no respondents.", str(path), "Name another sheet with --sheet.")
    down = tuple(names[place] for place in merged if place < len(names))
    more = (*more, note("merged_down", variables=down)) if down else more
    loaded = _loaded(names, data, head, replace(options, wanted=columns_to_read(names, options.wanted, str(path))))
    loaded = replace(loaded, notes=(*notes, *more, *loaded.notes))
    if not options.kinds:
        return loaded
    from surveytool.reading.given_kinds import with_given_kinds

    mark = options.dialect.decimal_mark
    return with_given_kinds(loaded, options.kinds, lambda: _columns(names, data, names), ",", mark)


def _loaded(names: Sequence[str], rows: Rows, head: Head, options: Options) -> Loaded:
    """The columns with their types, and what the sheet says of them; texts are typed as in a csv."""
    import pyarrow as pa
    import pyarrow.types as types

    wanted = [] if options.wanted is None or isinstance(options.wanted, Choice) else list(options.wanted)
    columns = _columns(names, rows, [*wanted])
    looked = {name: examined(column) for name, column in columns.items() if types.is_string(column.type)}
    written = {name: each.written for name, each in looked.items()}
    unread = [name for name in names if name not in columns]
    if unread and any(each.open(",") for each in written.values()):
        others = _columns(names, rows, unread)
        written |= {name: examined(other).written for name, other in others.items() if types.is_string(other.type)}
    written = without_codes(written)
    marks = decided(written, ",", options.dialect.decimal_mark).of(looked)
    ready = {
        name: typed(each, None if name in options.texts else marks.chosen.get(name)) for name, each in looked.items()
    }  # fmt: skip
    marked = missing_marks([[_shown(cell) for cell in row] for row in rows[:SAMPLE]])
    titles = dict(zip(names, head.labels, strict=False)) if head.labels else {}
    table: dict[str, Any] = {}
    meta: dict[str, Meta] = {}
    for name in wanted:
        table[name] = ready[name].column if name in ready else columns[name]
        tags = ready[name].tags if name in ready else None
        table |= {} if tags is None else {f"__tag__{name}": tags}
        text = name in ready and ready[name].style is None
        meta[name] = Meta(
            label=titles.get(name, ""), tags=None if tags is None else f"__tag__{name}",
            missing=(*marked, *CERTAIN) if text else (), reasons={"NA": "user"},
        )  # fmt: skip
    whole, sets = dummies.with_sets(pa.table(table), titles)
    notes = (*type_notes(ready, written, marks), *text_notes(looked.items()), *_as_texts(ready, rows, names))
    apart = tuple(name for name, column in columns.items() if stands_in_blocks(column.to_pylist()))
    notes = (*notes, note("blocks", variables=apart)) if apart else notes
    return Loaded(table=whole, names=tuple(names), meta=meta, sets=sets, notes=notes)


def _as_texts(ready: Mapping[str, Typed], rows: Rows, names: Sequence[str]) -> list[Note]:
    """Which columns of numbers the workbook holds as texts, all or some of them."""
    places = {name: index for index, name in enumerate(names)}
    found = tuple(
        name for name, each in ready.items()
        if each.style is not None and any(isinstance(row[places[name]], str) and re.search(r"\d", row[places[name]])
                                          for row in rows if places[name] < len(row))
    )  # fmt: skip
    return [note("numbers_as_text", variables=found)] if found else []


def refuse_bomb(path: Path) -> None:
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


def _rows(path: Path, sheet: str | None) -> tuple[Rows, tuple[int, ...], tuple[Note, ...]]:
    """The cells of a sheet, those merged over several rows in each of them; the columns of those; what to say."""
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
        page = book.get_sheet_by_name(chosen)
        rows, ranges = page.to_python(skip_empty_area=True), page.merged_cell_ranges or ()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise broken(path, "an Excel workbook") from error
    others = len(names) > 1 and sheet is None
    rows = [[_tidy(cell) for cell in row] for row in rows]
    down = _filled_down(rows, ranges, page.start or (0, 0))
    return rows, down, (note("other_sheets", sheet=chosen, n=len(names)),) if others else ()


def _filled_down(rows: Rows, ranges: Iterable[Any], start: tuple[int, int]) -> tuple[int, ...]:
    """Write cells that are merged over several rows of one column into each of them; the columns where that was so."""
    found = set()
    for (top, left), (bottom, right) in ranges:
        first, place = top - start[0], left - start[1]
        if left != right or top == bottom or not 0 < first < len(rows) or not 0 <= place < len(rows[first]):
            continue
        for row in rows[first + 1 : bottom - start[0] + 1]:
            row[place] = rows[first][place]
        found.add(place)
    return tuple(sorted(found))


def _tidy(cell: Any) -> Any:
    return "" if isinstance(cell, str) and not cell.strip() else cell


def _shown(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    return code_text(cell) if isinstance(cell, (int, float)) else str(cell)


def _columns(names: Sequence[str], rows: Rows, wanted: Sequence[str]) -> dict[str, Any]:
    places = {name: index for index, name in enumerate(names)}
    return {name: _column([row[places[name]] if places[name] < len(row) else None for row in rows]) for name in wanted}


def _column(cells: list[Any]) -> Any:
    """Numbers if every filled cell is one, dates likewise, else text."""
    import pyarrow as pa

    filled = [cell for cell in cells if cell not in ("", None)]
    if filled and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        return pa.array([None if cell in ("", None) else float(cell) for cell in cells], pa.float64())
    days = [cell for cell in filled if cell not in ERRORS]
    if days and all(isinstance(cell, (date, datetime)) for cell in days):
        return pa.array([_moment(cell) if isinstance(cell, date) else None for cell in cells], pa.timestamp("s"))
    return pa.array([None if cell in ("", None) else _text(cell) for cell in cells], pa.string())


def _moment(cell: date) -> datetime:
    return cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)


def _text(cell: Any) -> str | None:
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return _shown(cell) or None
