"""Stata: value labels of whole numbers and tagged missing kinds (.a to .z) stand in the file itself.

Codes that a file declares missing become tags, in the order of the codes. The
codebook beside keeps labels of texts and questions with several answers.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from typing import Any

from surveytool.notes import Note, note
from surveytool.survey import Code, Level
from surveytool.writing.cell_values import cells
from surveytool.writing.codebook_file import codebook
from surveytool.writing.names import allowed
from surveytool.writing.pandas_frame import bytes_of, frame_of
from surveytool.writing.sheet import Column, Saved, Sheet
from surveytool.writing.spss import is_tag, tags_of
from surveytool.writing.spss_sets import cut

LONGEST_NAME = 32
LONGEST_LABEL = 80
FEW_INTEGERS = 10
JUDGED = 100  # cells by which pyreadstat judges a column


def save(sheet: Sheet) -> Saved:
    """A .dta file."""
    import pyreadstat

    columns = [_with_tags(column) for column in sheet.columns]
    names = allowed([column.name for column in columns], longest=LONGEST_NAME, ascii_only=True)
    values = {
        names[column.name]: _letters([_untagged(cell) for cell in cells(column)])
        if column.tags is not None
        else cells(column)
        for column in columns
    }
    frame = frame_of(values, frozenset(names[column.name] for column in columns if column.type == "text"))
    content = bytes_of(
        lambda path: pyreadstat.write_dta(
            frame, path, column_labels={names[column.name]: cut(column.label, LONGEST_LABEL) for column in columns},
            variable_value_labels={names[column.name]: labels for column in columns if (labels := _labels(column))},
            missing_user_values={
                names[column.name]: [tag[1] for tag in tags_of(column)] for column in columns if column.tags is not None
            },
        ),
        ".dta",
    )  # fmt: skip
    whole = replace(sheet, columns=tuple(columns))
    lost = (
        bool(sheet.sets)
        or any(_seems_coded(column) for column in columns)
        or any(_left(column) for column in columns)
        or any(len(column.label) > LONGEST_LABEL for column in columns)
    )
    return Saved(content=_fixed(content), codebook=codebook(whole, names) if lost else None, notes=_notes(names))


def _notes(names: dict[str, str]) -> tuple[Note, ...]:
    renamed = tuple(f"{old} → {new}" for old, new in names.items() if old != new)
    return (note("convert_renamed", names=renamed, n=len(renamed)),) if renamed else ()


def _with_tags(column: Column) -> Column:
    """Declared missing codes of numbers as tags that are free."""
    codes = [level for level in column.missing() if not is_tag(level)]
    if column.type != "number" or not codes:
        return column
    old = column.tags.to_pylist() if column.tags is not None else [None] * len(column.values)
    taken = {str(level.code) for level in column.levels if is_tag(level)} | set(filter(None, old))
    free = [f".{letter}" for letter in string.ascii_lowercase if f".{letter}" not in taken]
    # 99 stands among the numbers, "n/a" of a text file beside them
    tags = {_number(code.code): tag for code, tag in zip(codes, free, strict=False)}
    cells_ = column.values.to_pylist()
    import pyarrow as pa

    tagged = [
        tags.get(tag or "", tag) if cell is None else tags.get(float(cell), tag)
        for cell, tag in zip(cells_, old, strict=True)
    ]
    left = [None if cell is None or float(cell) in tags else float(cell) for cell in cells_]
    levels = tuple(
        replace(level, code=tags[_number(level.code)])
        if level.missing is not None and _number(level.code) in tags else level
        for level in column.levels
    )  # fmt: skip
    return replace(column, values=pa.array(left, pa.float64()), tags=pa.array(tagged, pa.string()), levels=levels)


def _number(code: Code) -> Code:
    return code if isinstance(code, str) else float(code)


class Letter(bytes):
    """A tag that is no text: pyreadstat takes a column whose first hundred cells are texts for a column of text."""

    def __eq__(self, other: object) -> bool:
        return self.decode() == (other.decode() if isinstance(other, bytes) else other)

    def __hash__(self) -> int:
        return hash(self.decode())


def _letters(cells: list[Any]) -> list[Any]:
    """Numbers and tags so that their column stays one of numbers."""
    first = [cell for cell in cells if cell is not None][:JUDGED]
    if not first or not all(isinstance(cell, str) for cell in first):
        return cells
    return [Letter(cell.encode()) if isinstance(cell, str) else cell for cell in cells]


def _untagged(cell: Any) -> Any:
    return cell[1] if isinstance(cell, str) else cell


def _holds(column: Column, level: Level) -> bool:
    """Whether Stata can label this level: a whole number of 32 bits, or a tag."""
    if column.type != "number":
        return False
    if isinstance(level.code, str):
        return is_tag(level)
    return float(level.code).is_integer() and abs(level.code) < 2**31 - 1


def _labels(column: Column) -> dict[Any, str]:
    return {
        level.code[1] if isinstance(level.code, str) else int(level.code): level.label
        for level in column.levels if _holds(column, level)
    }  # fmt: skip


def _left(column: Column) -> bool:
    """Whether a level cannot stand in the file."""
    return any(not _holds(column, level) for level in column.levels)


def _seems_coded(column: Column) -> bool:
    """Whether a number is of so few whole values that it would be read as a category: Stata has no measure to say."""
    if column.kind != "number" or column.type != "number":
        return False
    held = {cell for cell in column.values.unique().to_pylist() if cell is not None}
    return len(held) <= FEW_INTEGERS and all(float(cell).is_integer() for cell in held)


def _fixed(content: bytes) -> bytes:
    """The time of making made constant."""
    timestamp = b"01 Jan 2000 00:00"
    return re.sub(
        rb"<timestamp>.(?:.{17})?</timestamp>",
        b"<timestamp>\x11" + timestamp + b"</timestamp>",
        content,
        count=1,
        flags=re.S,
    )
