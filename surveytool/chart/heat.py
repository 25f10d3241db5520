"""A heat table: the figures of a wide table on a ground that darkens with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surveytool.chart.colour import mixed, shade, written_on
from surveytool.chart.grid import INDENT, Stub
from surveytool.chart.kind import Drawing
from surveytool.chart.layout import group_stubs, level_stubs
from surveytool.chart.model import Chart, Datum
from surveytool.chart.pen import LEADING, RISE, Pen
from surveytool.chart.scene import Body, Box, Mark, Text
from surveytool.frozen import frozen

LIGHTEST, DARKEST = 95.0, 28.0
NARROWEST, WIDEST = 23.0, 74.0


@frozen
class _Columns:
    """The columns' names, and their heads where they stand under breakdowns."""

    labels: tuple[str, ...]
    heads: tuple[str, ...]
    start: float
    width: float


def draw(chart: Chart, pen: Pen) -> Body:
    """Levels down and groups across; the other way round where the groups are too many for the page.

    Where neither way fits, the table goes on below with the columns that are left.
    """
    across, down = (_columns(chart, pen, groups_across=way) for way in (True, False))
    fits = across.width >= NARROWEST or across.width >= down.width
    if fits and len(chart.levels) > 1:
        return _parts(chart, pen, across, level_stubs(chart), tuple(zip(*chart.data, strict=True)))
    return _parts(chart, pen, down, group_stubs(chart.groups, counts=False), chart.data)


def _parts(
    chart: Chart, pen: Pen, columns: _Columns, stubs: Sequence[Stub], data: Sequence[Sequence[Datum]]
) -> Body:  # fmt: skip
    """The table, in as many parts as the page is too narrow for."""
    most = max(int((pen.width - columns.start) / NARROWEST), 1)
    each = -(-len(columns.labels) // -(-len(columns.labels) // most))
    marks: list[Mark] = []
    y = 0.0
    for first in range(0, len(columns.labels), each):
        part = slice(first, first + each)
        width = min((pen.width - columns.start) / each, WIDEST)
        some = replace(columns, labels=columns.labels[part], heads=columns.heads[part], width=width)
        body = _table(chart, pen, some, stubs, [row[part] for row in data], y + (12 if first else 0))
        marks += body.marks
        y = body.height
    return Body(marks=tuple(marks), height=y)


def _columns(chart: Chart, pen: Pen, *, groups_across: bool) -> _Columns:
    stubs = level_stubs(chart) if groups_across else group_stubs(chart.groups)
    widths = [pen.measure(stub.label, bold=stub.strong) + INDENT * stub.depth for stub in stubs if not stub.head]
    start = min(max(widths, default=0.0), pen.width * 0.36) + 8
    several = len(chart.breakdowns) > 1 or chart.crossed
    labels = tuple(group.label for group in chart.groups) if groups_across else chart.levels
    shown = [group.heads[1:] if chart.crossed else group.heads for group in chart.groups]
    heads = tuple(map(", ".join, shown)) if groups_across and several else ("",) * len(labels)
    return _Columns(labels=labels, heads=heads, start=start, width=min((pen.width - start) / len(labels), WIDEST))


def _table(
    chart: Chart, pen: Pen, columns: _Columns, stubs: Sequence[Stub], data: Sequence[Sequence[Datum]], top: float
) -> Body:  # fmt: skip
    """One part; the body's height is where it ends."""
    marks: list[Mark] = []
    y = _heads(marks, pen, columns, top)
    values = [datum.value for row in chart.data for datum in row if datum.value is not None]
    ends = (0.0 if chart.share else min(values, default=0.0)), max(values, default=1.0)
    rows = iter(data)
    for stub in stubs:
        room = (pen.width if stub.head else columns.start - 6) - INDENT * stub.depth
        lines = pen.wrap(stub.label, room, bold=stub.strong or stub.head)
        height = max(pen.height(lines) + 4, 15.0)
        colour = pen.theme.muted if stub.head else pen.theme.ink
        marks += pen.lines(INDENT * stub.depth, y + height / 2, lines, bold=stub.strong or stub.head, colour=colour)
        if not stub.head:
            marks += _row(next(rows), pen, columns, y, height, ends)
        y += height
    return Body(marks=tuple(marks), height=y)


def _row(
    data: Sequence[Datum], pen: Pen, columns: _Columns, y: float, height: float, ends: tuple[float, float]
) -> list[Mark]:
    marks: list[Mark] = []
    size = _size(pen, columns)
    for place, datum in enumerate(data):
        x = columns.start + place * columns.width
        ground = _ground(datum, pen, ends)
        marks.append(Box(x=x + 0.5, y=y + 0.5, width=columns.width - 1, height=height - 1, colour=ground))
        text = datum.text if datum.shown else datum.mark
        ink = written_on(ground, pen.theme.ink) if datum.shown else pen.theme.muted
        text = _short(text, pen, columns, size)
        marks.append(pen.text(x + columns.width / 2, y + height / 2, text, size=size, colour=ink, align="center"))
    return marks


def _size(pen: Pen, columns: _Columns) -> float:
    return pen.theme.label if columns.width > 30 else pen.theme.label - 1


def _short(text: str, pen: Pen, columns: _Columns, size: float) -> str:
    """Without a percent sign where the column is too narrow for one."""
    return text if pen.measure(text, size) <= columns.width - 3 else text.rstrip("%\u00a0\u202f ")


def _ground(datum: Datum, pen: Pen, ends: tuple[float, float]) -> str:
    """A tint by value; paper for what is held back."""
    if datum.value is None:
        return mixed(pen.theme.paper, pen.theme.grid, 0.5)
    low, high = ends
    share = (datum.value - low) / (high - low) if high > low else 0.5
    return shade(pen.theme.accent, LIGHTEST + (DARKEST - LIGHTEST) * min(max(share, 0.0), 1.0))


def _heads(marks: list[Mark], pen: Pen, columns: _Columns, top: float) -> float:
    """Breakdowns over their columns, then the columns' names: level where they fit, else reading upwards."""
    y = _spanners(marks, pen, columns, top)
    size = pen.theme.label - 0.6
    words = [word for label in columns.labels for word in label.split()]
    room = columns.width - 4
    if pen.widest(words, size) <= room:
        wrapped = [pen.wrap(label, room, size) for label in columns.labels]
        height = max(pen.height(lines, size) for lines in wrapped)
        for place, lines in enumerate(wrapped):
            x = columns.start + (place + 0.5) * columns.width
            middle = y + height - pen.height(lines, size) / 2
            marks += pen.lines(x, middle, lines, size=size, colour=pen.theme.muted, align="center")
        return y + height + 3
    return _turned(marks, pen, columns, size, y)


def _turned(marks: list[Mark], pen: Pen, columns: _Columns, size: float, y: float) -> float:
    """Names that read upwards, in as many lines as a column is wide."""
    most = max(int((columns.width - 1) / (LEADING * size)), 1)
    longest = 90.0
    wrapped = [pen.wrap(label, longest, size) for label in columns.labels]
    while any(len(lines) > most for lines in wrapped):
        longest += 20
        wrapped = [pen.wrap(label, longest, size) for label in columns.labels]
    height = max(pen.widest(lines, size) for lines in wrapped)
    for place, lines in enumerate(wrapped):
        middle = columns.start + (place + 0.5) * columns.width
        left = middle - LEADING * size * len(lines) / 2
        for line, text in enumerate(lines):
            x = left + LEADING * size * line + RISE * size
            marks.append(Text(x=x, y=y + height, text=text, size=size, colour=pen.theme.muted, turned=True))
    return y + height + 5


def _spanners(marks: list[Mark], pen: Pen, columns: _Columns, top: float) -> float:
    """A name over a run of columns with the same head, with a line below it."""
    runs: list[tuple[str, int, int]] = []
    for place, head in enumerate(columns.heads):
        if runs and runs[-1][0] == head:
            runs[-1] = (head, runs[-1][1], place + 1)
        else:
            runs.append((head, place, place + 1))
    size = pen.theme.label - 0.6
    named = [(pen.wrap(head, (stop - start) * columns.width - 6, size, True), start, stop)
             for head, start, stop in runs if head]  # fmt: skip
    if not named:
        return top
    height = top + max(pen.height(lines, size) for lines, _, _ in named)
    for lines, start, stop in named:
        x, to_x = columns.start + start * columns.width, columns.start + stop * columns.width
        marks += pen.lines((x + to_x) / 2, height - pen.height(lines, size) / 2, lines, size=size, bold=True,
                           colour=pen.theme.ink, align="center")  # fmt: skip
        marks.append(pen.rule(x + 2, height + 1.5, to_x - 2))
    return height + 5


HEAT = Drawing(draw=draw, intervals=False)
