"""A table fitted to a width: which columns stand together, how wide each is, one line or two a cell.

A table that is too wide is dealt over panels which repeat the stub. Columns
under one spanner stay together where they can. ``inline`` sets an interval
beside its figure, ``stacked`` below it; the shape that needs fewer panels wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from surveytool.frozen import frozen
from surveytool.render.inert_text import clean
from surveytool.render.terminal_width import width
from surveytool.table import Cell, Column, Table

Shape = Literal["inline", "stacked"]
GAP = 2
LONGEST_WORD, SHORT_HEAD = 18, 12
NARROWEST_STUB = 8
SENTENCE = 64
INDENT = 2


@frozen
class Slot:
    """One column on screen: its place in the table and its cells of width."""

    place: int
    column: Column
    figure: int
    interval: int
    width: int


@frozen
class Panel:
    """Columns that stand side by side after the stub."""

    stub: int
    slots: tuple[Slot, ...]
    shape: Shape

    @property
    def width(self) -> int:
        """Cells from the stub to the last column."""
        return self.stub + _room(self.slots)


def cleaned(table: Table) -> Table:
    """The table with every text made inert, before it is measured."""
    columns = (replace(column, label=clean(column.label), spanner=clean(column.spanner)) for column in table.columns)
    rows = (
        replace(row, label=clean(row.label), cells=tuple(_clean_cell(cell) for cell in row.cells)) for row in table.rows
    )
    return replace(
        table, title=clean(table.title), subtitle=clean(table.subtitle), stub_head=clean(table.stub_head),
        base=clean(table.base), notes=tuple(map(clean, table.notes)), columns=tuple(columns), rows=tuple(rows),
    )  # fmt: skip


def _clean_cell(cell: Cell) -> Cell:
    apart = " " if cell.mark.startswith(" ") else ""  # letters stand off their figure
    return replace(cell, value=clean(cell.value), interval=clean(cell.interval), mark=apart + clean(cell.mark))


def panels(table: Table, cells: int) -> list[Panel]:
    """The table in as few panels as its width allows; digits are never broken."""
    natural = _natural_stub(table)
    stub = min(natural, max(NARROWEST_STUB, cells // 4))
    plans = [(shape, _dealt(table, shape, cells - stub)) for shape in ("inline", "stacked")]
    shape, plan = min(plans, key=lambda shape_and_plan: len(shape_and_plan[1]))
    widest = max((_room(slots) for slots in plan), default=0)
    stub = max(stub, min(natural, cells - widest), min(_sentence(table), SENTENCE, cells) - widest)
    return [Panel(stub=stub, slots=tuple(slots), shape=shape) for slots in plan]  # type: ignore[arg-type]


def _natural_stub(table: Table) -> int:
    labels = [INDENT * row.indent + width(row.label) for row in table.rows if row.cells]
    return max([*labels, width(table.stub_head), 1])


def _sentence(table: Table) -> int:
    """The longest text that stands alone in its row below a place: it wants the room that a sentence needs."""
    texts = (row for row in table.rows if not row.cells and row.kind != "group_head")
    return max((INDENT * row.indent + width(row.label) for row in texts), default=0)


def _room(slots: Sequence[Slot]) -> int:
    return sum(GAP + slot.width for slot in slots)


def _slot(table: Table, index: int, shape: str) -> Slot:
    column = table.columns[index]
    cells = [row.cells[index] for row in table.rows if row.cells]
    figure = max((width(cell.figure) for cell in cells), default=0)
    interval = max((width(cell.interval) + 2 for cell in cells if cell.interval), default=0)
    beside = figure + (1 + interval if interval else 0)
    words = max((width(word) for word in column.label.split(" ")), default=0)
    head = max(min(words, LONGEST_WORD), min(width(column.label), SHORT_HEAD))
    content = beside if shape == "inline" else max(figure, interval)
    return Slot(place=index, column=column, figure=figure, interval=interval, width=max(content, head))


def _dealt(table: Table, shape: str, room: int) -> list[list[Slot]]:
    """Columns dealt over panels: whole blocks where each fits, else evenly."""
    slots = [_slot(table, index, shape) for index in range(len(table.columns))]
    blocks = [list(block) for _, block in groupby(slots, key=lambda slot: slot.column.spanner)]
    pieces = [piece for block in blocks for piece in _pieces(block, room)]
    dealt: list[list[Slot]] = []
    for piece in pieces:
        if dealt and _room([*dealt[-1], *piece]) <= room:
            dealt[-1] += piece
        else:
            dealt.append(list(piece))
    return dealt


def _pieces(block: list[Slot], room: int) -> list[list[Slot]]:
    """A block that is too wide in the fewest even pieces that fit."""
    for count in range(1, len(block) + 1):
        size = -(-len(block) // count)
        pieces = [block[start : start + size] for start in range(0, len(block), size)]
        if all(_room(piece) <= room for piece in pieces):
            return pieces
    return [[slot] for slot in block]
