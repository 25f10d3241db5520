"""The top of a text file: delimiter, names, rows above the data and marks, found by looking."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.header import header_rows, missing_mark, whole_names

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE = 1 << 17


@frozen
class Layout:
    """The top of a file: names, rows above the data, labels, columns without a name, the missing mark."""

    names: tuple[str, ...]
    skip: int
    delimiter: str
    labels: dict[str, str]
    blank: tuple[str, ...]
    mark: str | None
    notes: tuple[Note, ...]


def usual(path: Path) -> str:
    """The delimiter that a file's suffix says."""
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _first_rows(path: Path, text: str, delimiter: str, most: int = 1000) -> list[list[str]]:
    """The first records, read with one delimiter; a record cut by the sample's end is left out."""
    sample = text[:SAMPLE]
    limit = csv.field_size_limit()
    csv.field_size_limit(SAMPLE + 1)
    try:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), most))
    except csv.Error as error:
        raise UnreadableData("cannot be read as a table of text.", str(path), "Export it again as csv.") from error
    finally:
        csv.field_size_limit(limit)
    if len(text) > SAMPLE and 1 < len(rows) < most:
        rows = rows[:-1]
    return [row for row in rows if row]


def _sniff(path: Path, text: str) -> str:
    """The delimiter that gives most columns with all rows of one length."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = _first_rows(path, text, delimiter, 60)
        widths = [len(row) for row in rows]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        found = widths.count(usual) / len(widths) * min(usual, 100) if usual > 1 else 0.0
        if found > score:
            best, score = delimiter, found
    return best


def layout_of(path: Path, text: str, delimiter: str | None) -> Layout:
    """Names, header rows and marks from the top of a file. Raises ``UnreadableData``."""
    if not text.strip():
        raise UnreadableData("is empty.", str(path), "Export the data again.")
    delimiter = delimiter or _sniff(path, text)
    rows = _first_rows(path, text, delimiter)
    head, skip, labels, notes = header_rows(rows)
    widths = [len(row) for row in rows[skip:]]
    usual = max(set(widths), key=widths.count, default=len(head)) if widths else len(head)
    head = [*head, *[""] * (usual - len(head))]
    names, repaired = whole_names(head)
    blank = tuple(name for name, cell in zip(names, head, strict=True) if not cell.strip())
    renamed = tuple(name for name in repaired if name not in blank)
    if renamed:
        notes = (*notes, note("repaired_names", names=renamed))
    titles = dict(zip(names, labels, strict=False)) if labels else {}
    mark = missing_mark(rows[skip:])
    if mark:
        notes = (*notes, note("missing_mark", mark=mark))
    return Layout(names=names, skip=skip, delimiter=delimiter, labels=titles, blank=blank, mark=mark, notes=notes)
