"""The columns of a sheet: an estimate and the two ends of its interval stand in cells of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from surveytool.frozen import frozen
from surveytool.render.terminal_width import width
from surveytool.table import Cell, Table
from surveytool.text import Words

Part = Literal["value", "low", "high"]


@frozen
class Field:
    """One column of a sheet: a part of the table's column ``place``, under ``head`` where it is an end."""

    place: int
    part: Part
    head: str = ""
    width: int = 8
    alone: bool = False

    def number(self, cell: Cell) -> float | None:
        """The number to write; None where the cell shows none."""
        figure = getattr(cell.number, self.part) if cell.number is not None else None
        return None if figure is None or not math.isfinite(figure) else float(figure)

    def text(self, cell: Cell) -> str:
        """What stands there in place of a number."""
        return cell.text if self.part == "value" or self.alone else ""


def fields(table: Table, words: Words) -> tuple[Field, ...]:
    """The sheet's columns for a table's, in order."""
    return tuple(field for index in range(len(table.columns)) for field in _fields(table, index, words))


def _fields(table: Table, index: int, words: Words) -> Iterator[Field]:
    cells = [row.cells[index] for row in table.rows if row.cells]
    values = any(cell.number is not None and cell.number.value is not None for cell in cells)
    ends = any(cell.number is not None and cell.number.low is not None for cell in cells)
    column = table.columns[index]
    longest = max((width(cell.figure) + 2 for cell in cells), default=8)
    share = max(len(column.label), 8) if not ends else 8
    size = max(longest, min(share, 24)) if column.align != "left" else min(max(longest, len(column.label)), 50)
    if values or not ends:
        yield Field(place=index, part="value", head=words.word("estimate") if ends else "", width=size)
    for part in ("low", "high") if ends else ():
        head = words.word("lower" if part == "low" else "upper")
        alone = part == "low" and not values
        yield Field(place=index, part=part, head=head, width=max(len(head), 9), alone=alone)


def number_format(cell: Cell, field: Field) -> str:
    """A spreadsheet's format that shows what the table shows: decimals, percent sign, and the mark beside it."""
    number = cell.number
    assert number is not None
    if field.part == "value" and cell.value[:1] in ("<", ">"):
        return _quoted(f"{cell.value}%" if number.share else cell.value)
    digits = f".{'0' * number.decimals}" if number.decimals else ""
    shown = f"0{digits}%" if number.share else f"#,##0{digits}"
    return shown + (_quoted(cell.mark) if field.part == "value" and cell.mark else "")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'
