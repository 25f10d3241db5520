"""What stacked and diverging bars share: rows of labels at the left, n at the right, and the names of the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.drawing_tools import LEADING, DrawingTools
from surveytool.charts.grid import AIR, INDENT, Stub
from surveytool.charts.layout import group_stubs
from surveytool.charts.scene import Box, Mark
from surveytool.frozen import frozen

SQUARE = 7.5
NEAR, OVER, MOST_LINES = 4.0, 8.0, 3


@frozen
class Ruled:
    """Where the bars lie, in points from the left."""

    start: float
    stop: float

    @classmethod
    def of(cls, chart: Chart, tools: DrawingTools) -> Ruled:
        """Between the labels and the column of n."""
        stubs = [stub for stub in group_stubs(chart.groups) if not stub.head]
        widths = [tools.measure(stub.label, bold=stub.strong) + INDENT * stub.depth for stub in stubs]
        n = tools.widest([chart.n_label, *(stub.n for stub in stubs)], tools.theme.label - 0.6)
        return cls(start=min(max(widths), tools.width * 0.36) + 10, stop=tools.width - n - 8)


@frozen
class Row:
    """One row: its label in lines, its data (None for a head), where it lies."""

    stub: Stub
    lines: tuple[str, ...]
    data: tuple[Datum, ...] | None
    middle: float
    bottom: float


def row_height(tools: DrawingTools) -> float:
    """How thick a bar is."""
    return tools.theme.label * 1.75


def rows(chart: Chart, tools: DrawingTools, ruled: Ruled, top: float) -> Iterator[Row]:
    """The groups below their heads."""
    data = iter(chart.data)
    for index, stub in enumerate(group_stubs(chart.groups)):
        room = (tools.width if stub.head else ruled.start - 8) - INDENT * stub.depth
        lines = tools.wrap(stub.label, room, bold=stub.strong or (stub.head and not stub.depth))
        top += 4.0 if stub.head and index else 0.0
        height = tools.height(lines) + 3.0 if stub.head else max(tools.height(lines) + AIR, row_height(tools) + 4)
        yield Row(
            stub=stub, lines=tuple(lines), data=None if stub.head else next(data),
            middle=top + height / 2, bottom=top + height,
        )  # fmt: skip
        top += height


def labels(row: Row, chart: Chart, tools: DrawingTools) -> list[Mark]:
    """The row's label, and n at the right."""
    stub = row.stub
    bold = stub.strong or (stub.head and not stub.depth)
    colour = tools.theme.muted if stub.head else tools.theme.ink
    marks = tools.lines(INDENT * stub.depth, row.middle, row.lines, bold=bold, colour=colour)
    if stub.n:
        size = tools.theme.label - 0.6
        marks.append(tools.text(tools.width, row.middle, stub.n, size=size, colour=tools.theme.muted, align="right"))
    return marks


def key(marks: list[Mark], chart: Chart, tools: DrawingTools, ruled: Ruled, colours: Sequence[str]) -> float:
    """The answers' names: above the first bar's segments where they fit, else as a line of squares."""
    size = tools.theme.label - 0.6
    placed = _direct(chart, tools, ruled, size)
    if placed:
        bottom = max(tools.height(lines, size) for _, lines in placed)
        for x, lines in placed:
            middle = bottom - tools.height(lines, size) / 2
            marks += tools.lines(x, middle, lines, size=size, colour=tools.theme.muted, align="center")
        y = bottom - LEADING * size / 2
    else:
        y = _squares(marks, chart, tools, ruled, colours, size)
    marks.append(tools.text(tools.width, y, chart.n_label, size=size, colour=tools.theme.muted, align="right"))
    return y + LEADING * size / 2 + (1 if placed else 4)


def _direct(chart: Chart, tools: DrawingTools, ruled: Ruled, size: float) -> list[tuple[float, list[str]]]:
    """Middle and lines of each name, if all fit above the segments of the first bar; else nothing."""
    if chart.kind != "stacked" or not chart.data or any(datum.value is None for datum in chart.data[0]):
        return []
    places: list[tuple[float, list[str]]] = []
    x, free = ruled.start, ruled.start - NEAR
    for datum, level in zip(chart.data[0], chart.levels, strict=True):
        width = (datum.value or 0.0) * (ruled.stop - ruled.start)
        room = width + 2 * OVER
        lines = tools.wrap(level, room, size)
        half = tools.widest(lines, size) / 2
        middle = min(max(x + width / 2, free + NEAR + half), ruled.stop - half)
        astray = abs(middle - x - width / 2) > OVER or tools.widest(level.split(), size) > room
        if astray or len(lines) > MOST_LINES or middle - half < free + NEAR - 0.01:
            return []
        places.append((middle, lines))
        free, x = middle + half, x + width
    return places


def _squares(
    marks: list[Mark], chart: Chart, tools: DrawingTools, ruled: Ruled, colours: Sequence[str], size: float
) -> float:  # fmt: skip
    """Squares and names from the left, on as many lines as they need; returns the last line's middle."""
    stop = ruled.stop - 4
    x, y = 0.0, LEADING * size / 2
    for level, colour in zip(chart.levels, colours, strict=True):
        lines = tools.wrap(level, stop - SQUARE - 4, size)
        width = SQUARE + 4 + tools.widest(lines, size)
        if x and x + width > stop:
            x, y = 0.0, y + LEADING * size + 2
        marks.append(Box(x=x, y=y - SQUARE / 2, width=SQUARE, height=SQUARE, colour=colour))
        marks += tools.lines(x + SQUARE + 4, y + LEADING * size * (len(lines) - 1) / 2, lines, size=size)
        y += LEADING * size * (len(lines) - 1)
        x += width + 12
        if len(lines) > 1:
            x = stop
    return y
