"""What stacked and diverging bars share: rows of labels at the left, n at the right, and the names of the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveytool.chart.grid import AIR, INDENT, Stub
from surveytool.chart.layout import group_stubs
from surveytool.chart.model import Chart, Datum
from surveytool.chart.pen import LEADING, Pen
from surveytool.chart.scene import Box, Mark
from surveytool.frozen import frozen

SQUARE = 7.5
NEAR, OVER, MOST_LINES = 4.0, 8.0, 3


@frozen
class Ruled:
    """Where the bars lie, in points from the left."""

    start: float
    stop: float

    @classmethod
    def of(cls, chart: Chart, pen: Pen) -> Ruled:
        """Between the labels and the column of n."""
        stubs = [stub for stub in group_stubs(chart.groups) if not stub.head]
        widths = [pen.measure(stub.label, bold=stub.strong) + INDENT * stub.depth for stub in stubs]
        n = pen.widest([chart.n_label, *(stub.n for stub in stubs)], pen.theme.label - 0.6)
        return cls(start=min(max(widths), pen.width * 0.36) + 10, stop=pen.width - n - 8)


@frozen
class Row:
    """One row: its label in lines, its data (None for a head), where it lies."""

    stub: Stub
    lines: tuple[str, ...]
    data: tuple[Datum, ...] | None
    middle: float
    bottom: float


def row_height(pen: Pen) -> float:
    """How thick a bar is."""
    return pen.theme.label * 1.75


def rows(chart: Chart, pen: Pen, ruled: Ruled, top: float) -> Iterator[Row]:
    """The groups below their heads."""
    data = iter(chart.data)
    for place, stub in enumerate(group_stubs(chart.groups)):
        room = (pen.width if stub.head else ruled.start - 8) - INDENT * stub.depth
        lines = pen.wrap(stub.label, room, bold=stub.strong or (stub.head and not stub.depth))
        top += 4.0 if stub.head and place else 0.0
        height = pen.height(lines) + 3.0 if stub.head else max(pen.height(lines) + AIR, row_height(pen) + 4)
        yield Row(
            stub=stub, lines=tuple(lines), data=None if stub.head else next(data),
            middle=top + height / 2, bottom=top + height,
        )  # fmt: skip
        top += height


def labels(row: Row, chart: Chart, pen: Pen) -> list[Mark]:
    """The row's label, and n at the right."""
    stub = row.stub
    bold = stub.strong or (stub.head and not stub.depth)
    colour = pen.theme.muted if stub.head else pen.theme.ink
    marks = pen.lines(INDENT * stub.depth, row.middle, row.lines, bold=bold, colour=colour)
    if stub.n:
        size = pen.theme.label - 0.6
        marks.append(pen.text(pen.width, row.middle, stub.n, size=size, colour=pen.theme.muted, align="right"))
    return marks


def key(marks: list[Mark], chart: Chart, pen: Pen, ruled: Ruled, colours: Sequence[str]) -> float:
    """The answers' names: above the first bar's segments where they fit, else as a line of squares."""
    size = pen.theme.label - 0.6
    placed = _direct(chart, pen, ruled, size)
    if placed:
        bottom = max(pen.height(lines, size) for _, lines in placed)
        for x, lines in placed:
            middle = bottom - pen.height(lines, size) / 2
            marks += pen.lines(x, middle, lines, size=size, colour=pen.theme.muted, align="center")
        y = bottom - LEADING * size / 2
    else:
        y = _squares(marks, chart, pen, ruled, colours, size)
    marks.append(pen.text(pen.width, y, chart.n_label, size=size, colour=pen.theme.muted, align="right"))
    return y + LEADING * size / 2 + (1 if placed else 4)


def _direct(chart: Chart, pen: Pen, ruled: Ruled, size: float) -> list[tuple[float, list[str]]]:
    """Middle and lines of each name, if all fit above the segments of the first bar; else nothing."""
    if chart.kind != "stacked" or not chart.data or any(datum.value is None for datum in chart.data[0]):
        return []
    places: list[tuple[float, list[str]]] = []
    x, free = ruled.start, ruled.start - NEAR
    for datum, level in zip(chart.data[0], chart.levels, strict=True):
        width = (datum.value or 0.0) * (ruled.stop - ruled.start)
        room = width + 2 * OVER
        lines = pen.wrap(level, room, size)
        half = pen.widest(lines, size) / 2
        middle = min(max(x + width / 2, free + NEAR + half), ruled.stop - half)
        astray = abs(middle - x - width / 2) > OVER or pen.widest(level.split(), size) > room
        if astray or len(lines) > MOST_LINES or middle - half < free + NEAR - 0.01:
            return []
        places.append((middle, lines))
        free, x = middle + half, x + width
    return places


def _squares(
    marks: list[Mark], chart: Chart, pen: Pen, ruled: Ruled, colours: Sequence[str], size: float
) -> float:  # fmt: skip
    """Squares and names from the left, on as many lines as they need; returns the last line's middle."""
    stop = ruled.stop - 4
    x, y = 0.0, LEADING * size / 2
    for level, colour in zip(chart.levels, colours, strict=True):
        lines = pen.wrap(level, stop - SQUARE - 4, size)
        width = SQUARE + 4 + pen.widest(lines, size)
        if x and x + width > stop:
            x, y = 0.0, y + LEADING * size + 2
        marks.append(Box(x=x, y=y - SQUARE / 2, width=SQUARE, height=SQUARE, colour=colour))
        marks += pen.lines(x + SQUARE + 4, y + LEADING * size * (len(lines) - 1) / 2, lines, size=size)
        y += LEADING * size * (len(lines) - 1)
        x += width + 12
        if len(lines) > 1:
            x = stop
    return y
