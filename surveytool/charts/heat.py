"""A heat table: the figures of a wide table on a ground that darkens with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.colour import mixed, shade, written_on
from surveytool.charts.drawing_tools import LEADING, RISE, DrawingTools
from surveytool.charts.grid import INDENT, Stub
from surveytool.charts.kind import Drawing
from surveytool.charts.layout import group_stubs, level_stubs
from surveytool.charts.scene import Body, Box, Mark, Text
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


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Levels down and groups across; the other way round where the groups are too many for the page.

    Where neither way fits, the table goes on below with the columns that are left.
    """
    across, down = (_columns(chart, tools, groups_across=way) for way in (True, False))
    fits = across.width >= NARROWEST or across.width >= down.width
    if fits and len(chart.levels) > 1:
        return _parts(chart, tools, across, level_stubs(chart), tuple(zip(*chart.data, strict=True)))
    return _parts(chart, tools, down, group_stubs(chart.groups, counts=False), chart.data)


def _parts(
    chart: Chart, tools: DrawingTools, columns: _Columns, stubs: Sequence[Stub], data: Sequence[Sequence[Datum]]
) -> Body:  # fmt: skip
    """The table, in as many parts as the page is too narrow for."""
    most = max(int((tools.width - columns.start) / NARROWEST), 1)
    part_size = -(-len(columns.labels) // -(-len(columns.labels) // most))
    marks: list[Mark] = []
    y = 0.0
    for first in range(0, len(columns.labels), part_size):
        part = slice(first, first + part_size)
        width = min((tools.width - columns.start) / part_size, WIDEST)
        some = replace(columns, labels=columns.labels[part], heads=columns.heads[part], width=width)
        body = _table(chart, tools, some, stubs, [row[part] for row in data], y + (12 if first else 0))
        marks += body.marks
        y = body.height
    return Body(marks=tuple(marks), height=y)


def _columns(chart: Chart, tools: DrawingTools, *, groups_across: bool) -> _Columns:
    stubs = level_stubs(chart) if groups_across else group_stubs(chart.groups)
    widths = [tools.measure(stub.label, bold=stub.strong) + INDENT * stub.depth for stub in stubs if not stub.head]
    start = min(max(widths, default=0.0), tools.width * 0.36) + 8
    several = len(chart.breakdowns) > 1 or chart.crossed
    labels = tuple(group.label for group in chart.groups) if groups_across else chart.levels
    shown = [group.heads[1:] if chart.crossed else group.heads for group in chart.groups]
    heads = tuple(map(", ".join, shown)) if groups_across and several else ("",) * len(labels)
    return _Columns(labels=labels, heads=heads, start=start, width=min((tools.width - start) / len(labels), WIDEST))


def _table(
    chart: Chart,
    tools: DrawingTools,
    columns: _Columns,
    stubs: Sequence[Stub],
    data: Sequence[Sequence[Datum]],
    top: float,
) -> Body:
    """One part; the body's height is where it ends."""
    marks: list[Mark] = []
    y = _heads(marks, tools, columns, top)
    values = [datum.value for row in chart.data for datum in row if datum.value is not None]
    ends = (0.0 if chart.share else min(values, default=0.0)), max(values, default=1.0)
    rows = iter(data)
    for stub in stubs:
        room = (tools.width if stub.head else columns.start - 6) - INDENT * stub.depth
        lines = tools.wrap(stub.label, room, bold=stub.strong or stub.head)
        height = max(tools.height(lines) + 4, 15.0)
        colour = tools.theme.muted if stub.head else tools.theme.ink
        marks += tools.lines(INDENT * stub.depth, y + height / 2, lines, bold=stub.strong or stub.head, colour=colour)
        if not stub.head:
            marks += _row(next(rows), tools, columns, y, height, ends)
        y += height
    return Body(marks=tuple(marks), height=y)


def _row(
    data: Sequence[Datum], tools: DrawingTools, columns: _Columns, y: float, height: float, ends: tuple[float, float]
) -> list[Mark]:
    marks: list[Mark] = []
    size = _size(tools, columns)
    for index, datum in enumerate(data):
        x = columns.start + index * columns.width
        raw = _ground(datum, tools, ends)
        marks.append(Box(x=x + 0.5, y=y + 0.5, width=columns.width - 1, height=height - 1, colour=raw))
        text = datum.text if datum.shown else datum.mark
        ink = written_on(raw, tools.theme.ink) if datum.shown else tools.theme.muted
        text = _short(text, tools, columns, size)
        marks.append(tools.text(x + columns.width / 2, y + height / 2, text, size=size, colour=ink, align="center"))
    return marks


def _size(tools: DrawingTools, columns: _Columns) -> float:
    return tools.theme.label if columns.width > 30 else tools.theme.label - 1


def _short(text: str, tools: DrawingTools, columns: _Columns, size: float) -> str:
    """Without a percent sign where the column is too narrow for one."""
    return text if tools.measure(text, size) <= columns.width - 3 else text.rstrip("%\u00a0\u202f ")


def _ground(datum: Datum, tools: DrawingTools, ends: tuple[float, float]) -> str:
    """A tint by value; paper for what is held back."""
    if datum.value is None:
        return mixed(tools.theme.paper, tools.theme.grid, 0.5)
    low, high = ends
    share = (datum.value - low) / (high - low) if high > low else 0.5
    return shade(tools.theme.accent, LIGHTEST + (DARKEST - LIGHTEST) * min(max(share, 0.0), 1.0))


def _heads(marks: list[Mark], tools: DrawingTools, columns: _Columns, top: float) -> float:
    """Breakdowns over their columns, then the columns' names: level where they fit, else reading upwards."""
    y = _spanners(marks, tools, columns, top)
    size = tools.theme.label - 0.6
    words = [word for label in columns.labels for word in label.split()]
    room = columns.width - 4
    if tools.widest(words, size) <= room:
        wrapped = [tools.wrap(label, room, size) for label in columns.labels]
        height = max(tools.height(lines, size) for lines in wrapped)
        for index, lines in enumerate(wrapped):
            x = columns.start + (index + 0.5) * columns.width
            middle = y + height - tools.height(lines, size) / 2
            marks += tools.lines(x, middle, lines, size=size, colour=tools.theme.muted, align="center")
        return y + height + 3
    return _turned(marks, tools, columns, size, y)


def _turned(marks: list[Mark], tools: DrawingTools, columns: _Columns, size: float, y: float) -> float:
    """Names that read upwards, in as many lines as a column is wide."""
    most = max(int((columns.width - 1) / (LEADING * size)), 1)
    longest = 90.0
    wrapped = [tools.wrap(label, longest, size) for label in columns.labels]
    while any(len(lines) > most for lines in wrapped):
        longest += 20
        wrapped = [tools.wrap(label, longest, size) for label in columns.labels]
    height = max(tools.widest(lines, size) for lines in wrapped)
    for index, lines in enumerate(wrapped):
        middle = columns.start + (index + 0.5) * columns.width
        left = middle - LEADING * size * len(lines) / 2
        for line, text in enumerate(lines):
            x = left + LEADING * size * line + RISE * size
            marks.append(Text(x=x, y=y + height, text=text, size=size, colour=tools.theme.muted, turned=True))
    return y + height + 5


def _spanners(marks: list[Mark], tools: DrawingTools, columns: _Columns, top: float) -> float:
    """A name over a run of columns with the same head, with a line below it."""
    runs: list[tuple[str, int, int]] = []
    for index, head in enumerate(columns.heads):
        if runs and runs[-1][0] == head:
            runs[-1] = (head, runs[-1][1], index + 1)
        else:
            runs.append((head, index, index + 1))
    size = tools.theme.label - 0.6
    named = [(tools.wrap(head, (stop - start) * columns.width - 6, size, True), start, stop)
             for head, start, stop in runs if head]  # fmt: skip
    if not named:
        return top
    height = top + max(tools.height(lines, size) for lines, _, _ in named)
    for lines, start, stop in named:
        x, to_x = columns.start + start * columns.width, columns.start + stop * columns.width
        marks += tools.lines((x + to_x) / 2, height - tools.height(lines, size) / 2, lines, size=size, bold=True,
                           colour=tools.theme.ink, align="center")  # fmt: skip
        marks.append(tools.rule(x + 2, height + 1.5, to_x - 2))
    return height + 5


HEAT = Drawing(draw=draw, intervals=False)
