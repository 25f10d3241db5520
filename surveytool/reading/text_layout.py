"""The top of a text file: delimiter, titles, names, rows above the data and marks, found by looking."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.header import head_of, whole_names
from surveytool.reading.loaded import Dialect, Meta
from surveytool.reading.missing_mark import CERTAIN, missing_marks

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE = 1 << 17
MOST_ROWS = 1000
Names = tuple[str, ...]
_EXCEL = re.compile(r'\ufeff?"?sep=([,;|\t])"?[,;\t]*\r?\n')  # the line by which Excel is told of a delimiter


@frozen
class Layout:
    """The top of a file: names, rows above the data, labels, columns without a name, the missing marks.

    ``above`` are the lines of the file above the names, ``skip`` the rows from the names to the data.
    """

    names: tuple[str, ...]
    skip: int
    delimiter: str
    labels: dict[str, str]
    blank: tuple[str, ...]
    marks: tuple[str, ...]
    notes: tuple[Note, ...]
    above: int = 0

    def meta(self, name: str, tags: str | None, text: bool) -> Meta:
        """What the file says of a column, one of ``text`` or not; NA says nothing of why an answer is missing."""
        missing = (*self.marks, *CERTAIN) if text else ()
        return Meta(label=self.labels.get(name, ""), tags=tags, missing=missing, reasons={"NA": "user"})

    def table(self, text: str) -> str:
        """The text from the line of names on."""
        place = 0
        for _ in range(self.above):
            place = text.index("\n", place) + 1
        return text[place:]


def usual(path: Path) -> str:
    """The delimiter that a file's suffix says."""
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _first_rows(path: Path, text: str, delimiter: str, most: int = MOST_ROWS) -> list[tuple[int, list[str]]]:
    """The first records with the lines above each; a record cut by the sample's end is left out."""
    sample = text[:SAMPLE]
    limit = csv.field_size_limit()
    csv.field_size_limit(SAMPLE + 1)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        above = 0
        for row in reader:
            rows.append((above, row))
            above = reader.line_num
            if len(rows) == most:
                break
    except csv.Error as error:
        raise UnreadableData("cannot be read as a table of text.", str(path), "Export it again as csv.") from error
    finally:
        csv.field_size_limit(limit)
    if len(text) > SAMPLE and 1 < len(rows) < most:
        rows = rows[:-1]
    return [(above, row) for above, row in rows if row]


def _sniff(path: Path, text: str) -> str:
    """The delimiter that gives most columns with all rows of one length."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for _, row in _first_rows(path, text, delimiter, 60)]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        found = widths.count(usual) / len(widths) * min(usual, 100) if usual > 1 else 0.0
        if found > score:
            best, score = delimiter, found
    return best


def layout_of(path: Path, text: str, delimiter: str | None, dialect: Dialect | None = None) -> Layout:
    """Names, header rows and marks from the top of a file. Raises ``UnreadableData``."""
    if not text.strip():
        raise UnreadableData("is empty.", str(path), "Export the data again.")
    excel = _EXCEL.match(text)
    if excel is not None:
        text, delimiter = text[excel.end() :], excel[1]
    delimiter = delimiter or _sniff(path, text)
    lines = _first_rows(path, text, delimiter)
    rows = [row for _, row in lines]
    if not rows:
        raise UnreadableData("is empty.", str(path), "Export the data again.")
    head = head_of(rows, dialect or Dialect())
    names, blank, notes = _names(head.names, [len(row) for row in rows[head.skip :]], head.notes)
    titles = dict(zip(names, head.labels, strict=False)) if head.labels else {}
    marks = missing_marks(rows[head.skip :])
    return Layout(
        names=names, skip=head.rows, delimiter=delimiter, labels=titles, blank=blank, marks=marks,
        notes=(*notes, *_mark_notes(marks)), above=lines[head.above][0] + (excel is not None),
    )  # fmt: skip


def _names(cells: list[str], widths: list[int], notes: tuple[Note, ...]) -> tuple[Names, Names, tuple[Note, ...]]:
    """A name for each column, those that had none, and what was repaired."""
    usual = max(set(widths), key=widths.count, default=len(cells)) if widths else len(cells)
    head = [*cells, *[""] * (usual - len(cells))]
    names, repaired = whole_names(head)
    blank = tuple(name for name, cell in zip(names, head, strict=True) if not cell.strip())
    renamed = tuple(name for name in repaired if name not in blank)
    return names, blank, (*notes, note("repaired_names", names=renamed)) if renamed else notes


def _mark_notes(marks: tuple[str, ...]) -> tuple[Note, ...]:
    others = tuple(mark for mark in marks if mark != "NA")
    notes = (note("missing_mark", mark="NA"),) if "NA" in marks else ()
    return (*notes, note("missing_marks", marks=others)) if others else notes
