"""The sheets of a form as rows of named cells: an Excel workbook, or the sheets as csv files beside each other.

Headers are taken as collection tools take them: case, blanks, underscores and one or two colons do not matter.
A form of ten sheets opens in a few milliseconds; nothing is judged here but whether it is a form at all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.survey import code_text

SHEETS = ("survey", "choices", "settings", "external_choices")
LARGEST = 64 << 20
MOST_ROWS = 300_000
Cells = Mapping[str, str]


@frozen
class Line:
    """A row of a sheet with the number that the sheet shows, and its cells by header."""

    row: int
    cells: Cells

    def get(self, *names: str) -> str:
        """The first of these cells that holds something."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@frozen
class Sheet:
    """A sheet's headers as they are written, by their plain name, and its rows."""

    name: str
    headers: Mapping[str, str]
    lines: tuple[Line, ...]


def read_sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of a form by their names. Raises ``UnreadableData`` for a file that is no form."""
    from surveytool.reading import file_source

    file_source.check(path)
    if path.stat().st_size > LARGEST:
        raise UnreadableData("is too large for a form.", str(path), "Name the XLSForm, not the data.")
    if path.suffix.lower() == ".csv":
        return _of_csv(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise UnreadableData("is no XLSForm.", str(path), "Name an .xlsx or .xls file with a sheet survey.")
    return _of_workbook(path)


def _of_workbook(path: Path) -> dict[str, Sheet]:
    import python_calamine as calamine

    from surveytool.reading.file_source import broken
    from surveytool.reading.workbook import refuse_bomb

    refuse_bomb(path)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = {name.strip().lower().replace(" ", "_"): name for name in book.sheet_names}
        pages = {
            name: book.get_sheet_by_name(names[name]).to_python(skip_empty_area=False)
            for name in SHEETS
            if name in names
        }
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise broken(path, "an XLSForm") from error
    if "survey" not in pages:
        shown = ", ".join(map(str, book.sheet_names[:8]))
        raise UnreadableData(
            "has no sheet survey and is no XLSForm.", str(path), f"It has: {shown}. Name the form with --tool."
        )
    return {name: _sheet(name, rows, path) for name, rows in pages.items()}


def _of_csv(path: Path) -> dict[str, Sheet]:
    """The sheet survey of a csv, and the others where files of the same name beside it hold them."""
    beside = {name: path.with_name(re.sub("survey", name, path.name, flags=re.IGNORECASE)) for name in SHEETS[1:]}
    files = {"survey": path, **{name: file for name, file in beside.items() if file != path and file.is_file()}}
    return {name: _sheet(name, _csv_rows(file), path) for name, file in files.items()}


def _csv_rows(path: Path) -> list[list[Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = [list(row) for row in csv.reader(StringIO(text, newline=""))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableData(
            "is no form that can be read.", str(path), "Name the XLSForm (.xlsx), or its sheet survey as csv in UTF-8."
        ) from error
    marks = {"NA"} if sum(row.count("NA") for row in rows) > len(rows) else set()  # blanks as R writes them
    return [["" if cell in marks else cell for cell in row] for row in rows]


def _sheet(name: str, rows: Sequence[Sequence[Any]], path: Path) -> Sheet:
    if len(rows) > MOST_ROWS:
        raise UnreadableData(f"sheet {name} has over {MOST_ROWS} rows and is no form.", str(path))
    filled = next((index for index, row in enumerate(rows) if any(_text(cell) for cell in row)), None)
    if filled is None:
        if name == "survey":
            raise UnreadableData("sheet survey is empty.", str(path), "Name the XLSForm with its questions.")
        return Sheet(name=name, headers={}, lines=())
    written = [_text(cell) for cell in rows[filled]]
    plain = [_header(text) for text in written]
    lines = []
    for number, row in enumerate(rows[filled + 1 :], start=filled + 2):
        cells: dict[str, str] = {}
        for key, cell in zip(plain, row, strict=False):
            text = _text(cell)
            if key and text:
                cells.setdefault(key, text)
        if cells:
            lines.append(Line(row=number, cells=cells))
    return Sheet(name=name, headers=dict(zip(plain, written, strict=True)), lines=tuple(lines))


def _text(cell: Any) -> str:
    """A cell as a form's text: 1.0 is 1, blanks at its ends are none."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return code_text(cell)
    return str(cell).replace("\u00a0", " ").strip()


_ALIAS = {
    "list_name": ("listname", "list"), "relevant": ("relevance", "bindrelevant", "relevent"),
    "calculation": ("calculate", "bindcalculate"), "constraint": ("bindconstraint",), "required": ("bindrequired",),
    "choice_filter": ("choicefilter",), "repeat_count": ("repeatcount", "count"), "name": ("value",),
    "type": ("command",),
    "label": ("caption",), "form_title": ("formtitle", "title"), "default_language": ("defaultlanguage",),
    "allow_choice_duplicates": ("allowchoiceduplicates",),
}  # fmt: skip
_PLAIN = {other: name for name, others in _ALIAS.items() for other in (name.replace("_", ""), *others)}


def _header(text: str) -> str:
    """The plain name of a header; a language stays after two colons: ``label::English (en)``.

    >>> _header("List Name"), _header("label:English"), _header("bind::relevant")
    ('list_name', 'label::English', 'relevant')
    """
    first, sign, rest = text.partition(":")
    bare = re.sub(r"[\s_:]+", "", text.lower())
    if bare in _PLAIN:
        return _PLAIN[bare]
    stem = re.sub(r"[\s_]+", "_", first.strip().lower())
    stem = _PLAIN.get(stem.replace("_", ""), stem)
    language = rest.lstrip(":").strip()
    return f"{stem}::{language}" if sign and language else stem
