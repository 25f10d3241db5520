"""Intervals drawn in a table's last column, where the screen has room: ``│   ──●──     │``.

The bars show the first column that has estimates with intervals, on one scale for
the whole table; its ends stand above. A figure that is not shown has no bar.
"""

from __future__ import annotations

import math
from dataclasses import replace

from surveytool.frozen import frozen
from surveytool.render.format_options import Options
from surveytool.render.terminal_panel import GAP, Panel
from surveytool.render.terminal_width import pad, width
from surveytool.table import Number, Table, TableRow
from surveytool.text import Words

ENOUGH = 100  # columns of a screen from which on bars are drawn unasked
NARROWEST, WIDEST = 18, 40
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@frozen
class Bars:
    """The scale from ``low`` to ``high`` over ``cells`` cells, and the heads above it."""

    place: int
    low: float
    high: float
    cells: int
    head: str

    def draw(self, row: TableRow) -> tuple[str, str, str]:
        """One bar in three parts: before the dot, the dot, after it; blank where there is no figure."""
        number = number_of(row, self.place)
        inside = self.cells - 2
        if number is None or number.value is None:
            return f"│{' ' * inside}│", "", ""
        at = self._cell(number.value, inside)
        first, last = at, at
        if number.low is not None and number.high is not None:
            first, last = self._cell(number.low, inside), self._cell(number.high, inside)
        before = " " * first + "─" * (at - first)
        after = "─" * (last - at) + " " * (inside - 1 - last)
        return f"│{before}", "●", f"{after}│"

    def _cell(self, value: float, inside: int) -> int:
        share = (value - self.low) / (self.high - self.low)
        return min(max(math.floor(share * inside), 0), inside - 1)


def bars_for(table: Table, panel: Panel, words: Words, options: Options) -> Bars | None:
    """The bars of a table that stands in one panel; None where there is no room or nothing to draw."""
    asked = options.width >= ENOUGH if options.bars is None else options.bars
    cells = min(options.width - panel.width - GAP, WIDEST)
    if not asked or cells < NARROWEST or table.estimates is None:
        return None
    for index in range(len(table.columns)):
        numbers = [number for row in table.rows if (number := number_of(row, index)) is not None]
        drawn = [number for number in numbers if number.value is not None and number.low is not None]
        if len(drawn) < 2:
            continue
        low, high = _scale(numbers)
        label = table.columns[index].label
        if high > low:
            return Bars(
                place=index, low=low, high=high, cells=cells, head=_head(label, low, high, drawn[0], words, cells)
            )
    return None


def number_of(row: TableRow, index: int) -> Number | None:
    """The number of a column with its interval, which may stand in the column beside it."""
    if index >= len(row.cells) or row.kind == "n" or row.cells[index].number is None:
        return None
    number = row.cells[index].number
    beside = row.cells[index + 1].number if index + 1 < len(row.cells) else None
    if number is not None and number.low is None and beside is not None and beside.value is None:
        return replace(number, low=beside.low, high=beside.high)
    return number


def _scale(numbers: list[Number]) -> tuple[float, float]:
    """Round ends around every figure and interval; shares and totals start at 0."""
    ends = [end for number in numbers for end in (number.value, number.low, number.high) if end is not None]
    if not ends or not all(map(math.isfinite, ends)):
        return 0.0, 0.0
    share = all(number.share for number in numbers)
    least, most = min(ends), max(ends)
    low = 0.0 if share and least >= 0 else least
    step = _step(most - low)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step
    return low, min(high, 1.0) if share else high


def _step(span: float) -> float:
    """A round step, about five of them in the span."""
    rough = span / 5 or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _head(label: str, low: float, high: float, one: Number, words: Words, cells: int) -> str:
    """Both ends of the scale, and between them what is drawn."""
    digits = 0 if one.share or (float(low).is_integer() and float(high).is_integer()) else max(one.decimals, 1)
    left, right = (words.percent(x, 0) if one.share else words.number(x, digits) for x in (low, high))
    room = cells - width(left) - width(right) - 2
    middle = label if width(label) <= room else ""
    return f"{left} {pad(middle, room, 'centre')} {right}"
