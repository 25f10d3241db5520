"""Rows of labels, and beside them one or more panels of dots or bars with intervals.

Several kinds of chart are this grid: one panel of groups, a panel an answer, a
panel a group. All panels have one scale; they stand side by side and go on
below where the page is too narrow for all.
"""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_data import Axis, Datum
from surveytool.charts.drawing_tools import LEADING, DrawingTools
from surveytool.charts.scale import Scale, scale, tick_text
from surveytool.charts.scene import Body, Box, Line, Mark
from surveytool.frozen import frozen

INDENT = 8.0
AIR = 6.5
NARROWEST = 92.0
BETWEEN = 12.0
MOST_LABEL, MOST_BESIDE_MANY = 0.38, 0.26


@frozen
class Stub:
    """The label of one row; a head has no data; ``n`` stands at the right of a single panel."""

    label: str
    depth: int = 0
    head: bool = False
    strong: bool = False
    n: str = ""


@frozen
class Panel:
    """One panel: a datum a row that is no head."""

    title: str
    data: tuple[Datum, ...]
    colour: str | None = None


@frozen
class Grid:
    """What to draw: ``bars`` or dots, ``zero`` whether the scale holds 0, ``axis`` how its numbers look."""

    stubs: tuple[Stub, ...]
    panels: tuple[Panel, ...]
    axis: Axis
    bars: bool = False
    share: bool = True
    zero: bool = True
    n_label: str = ""


@frozen
class _Row:
    stub: Stub
    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def draw_grid(grid: Grid, tools: DrawingTools) -> Body:
    """The marks of a grid."""
    left = _label_width(grid, tools)
    n_width = _n_width(grid, tools)
    room = tools.width - left - n_width
    across = min(len(grid.panels), max(1, int((room + BETWEEN) / (NARROWEST + BETWEEN))))
    across = -(-len(grid.panels) // -(-len(grid.panels) // across))  # bands of even length
    wide = (room - BETWEEN * (across - 1)) / across
    marks: list[Mark] = []
    y = 0.0
    for start in range(0, len(grid.panels), across):
        band = grid.panels[start : start + across]
        part = _band(grid, band, tools, left, wide, n_width, y + (10 if start else 0))
        marks += part.marks
        y = part.height
    return Body(marks=tuple(marks), height=y)


def _label_width(grid: Grid, tools: DrawingTools) -> float:
    """Room for the labels as they break; heads count too, so that none runs over the panels."""
    most = tools.width * (MOST_LABEL if len(grid.panels) < 3 else MOST_BESIDE_MANY)
    widths = []
    for stub in grid.stubs:
        bold, indent = stub.strong or stub.head, INDENT * stub.depth
        widths.append(tools.widest(tools.wrap(stub.label, most - indent, bold=bold), bold=bold) + indent)
    return max(widths, default=0.0) + 10


def _n_width(grid: Grid, tools: DrawingTools) -> float:
    if len(grid.panels) != 1 or not any(stub.n for stub in grid.stubs):
        return 0.0
    return tools.widest([grid.n_label, *(stub.n for stub in grid.stubs)], tools.theme.label - 0.6) + 8


def _band(
    grid: Grid, panels: Sequence[Panel], tools: DrawingTools, left: float, wide: float, n_width: float, top: float
) -> Body:  # fmt: skip
    """One line of panels with the labels before them; the body's height is where it ends."""
    titles = [tools.wrap(panel.title, wide, bold=True) if panel.title else [] for panel in panels]
    head = max(tools.height(lines) for lines in titles) + (4 if any(titles) else 0)
    head = max(head, 11.0 if n_width else 0.0)
    rows = _rows(grid, tools, left, top + head)
    bottom = rows[-1].top + rows[-1].height
    marks = _labels(rows, tools, left)
    if n_width:
        marks += _counts(grid, rows, tools, top + head - 6)
    ruled = _scale(grid, tools, wide)
    for index, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        start = left + index * (wide + BETWEEN)
        measured = Scale(
            low=ruled.low, high=ruled.high, start=start, stop=start + ruled.stop - ruled.start, ticks=ruled.ticks
        )
        middle = top + head - 4 - tools.height(title) / 2
        marks += tools.lines(start, middle, title, bold=True, colour=tools.theme.ink)
        marks += _panel(grid, panel, rows, tools, measured, bottom)
    return Body(marks=tuple(marks), height=bottom + (13 if not grid.bars else 0))


def _rows(grid: Grid, tools: DrawingTools, left: float, top: float) -> list[_Row]:
    rows = []
    for index, stub in enumerate(grid.stubs):
        room = left - 8 - INDENT * stub.depth
        lines = tools.wrap(stub.label, room, bold=stub.strong or (stub.head and not stub.depth))
        above = 5.0 if stub.head and index else 0.0
        height = tools.height(lines) + (3.5 if stub.head else AIR)
        rows.append(_Row(stub=stub, lines=tuple(lines), top=top + above, height=height))
        top += above + height
    return rows


def _labels(rows: Sequence[_Row], tools: DrawingTools, left: float) -> list[Mark]:
    marks: list[Mark] = []
    for row in rows:
        bold = row.stub.strong or (row.stub.head and not row.stub.depth)
        colour = tools.theme.muted if row.stub.head else tools.theme.ink
        marks += tools.lines(INDENT * row.stub.depth, row.middle, row.lines, bold=bold, colour=colour)
    return marks


def _counts(grid: Grid, rows: Sequence[_Row], tools: DrawingTools, head: float) -> list[Mark]:
    size = tools.theme.label - 0.6
    texts = [(head, grid.n_label), *((row.middle, row.stub.n) for row in rows if row.stub.n)]
    return [tools.text(tools.width, y, text, size=size, colour=tools.theme.muted, align="right") for y, text in texts]


def _scale(grid: Grid, tools: DrawingTools, wide: float) -> Scale:
    """One scale for all panels, with room for the widest figure at the right."""
    data = [datum for panel in grid.panels for datum in panel.data]
    figure = tools.widest([datum.text for datum in data], bold=True) + 8
    stop = max(wide - figure, wide * 0.3)
    most = max(2, int(stop / 42))
    return scale(data, 0.0, stop, zero=grid.bars or grid.zero, share=grid.share, most=min(most, 6))


def _panel(
    grid: Grid, panel: Panel, rows: Sequence[_Row], tools: DrawingTools, ruled: Scale, bottom: float
) -> list[Mark]:
    filled = [row for row in rows if not row.stub.head]
    top = min((row.top for row in filled), default=0.0)
    marks = _upright(ruled, tools, top, bottom) if grid.bars else _ruling(grid, ruled, tools, top, bottom)
    for row, datum in zip(filled, panel.data, strict=True):
        colour = panel.colour or tools.theme.accent
        marks += _figure(grid, row, datum, tools, ruled, colour)
    return marks


def _upright(ruled: Scale, tools: DrawingTools, top: float, bottom: float) -> list[Mark]:
    x = ruled.at(0.0)
    return [Line(x=x, y=top, to_x=x, to_y=bottom, colour=tools.theme.whisker, width=0.6)]


def _ruling(grid: Grid, ruled: Scale, tools: DrawingTools, top: float, bottom: float) -> list[Mark]:
    """Light uprights at the ticks, their numbers below; numbers that would touch are left out."""
    marks: list[Mark] = []
    size = tools.theme.small
    free = float("-inf")
    for index, tick in enumerate(ruled.ticks):
        x = ruled.at(tick)
        colour = tools.theme.rule if index else tools.theme.whisker
        marks.append(Line(x=x, y=top, to_x=x, to_y=bottom, colour=colour, width=0.5))
        text = tick_text(tick, grid.axis)
        half = tools.measure(text, size) / 2
        if x - half > free:
            marks.append(tools.text(x, bottom + 7, text, size=size, colour=tools.theme.muted, align="center"))
            free = x + half + 3
    return marks


def _figure(grid: Grid, row: _Row, datum: Datum, tools: DrawingTools, ruled: Scale, colour: str) -> list[Mark]:
    """A dot or a bar, its interval, its figure; or the sign that there is none to show."""
    y = row.middle
    if datum.value is None:
        return [tools.mark(ruled.start + 4, y, datum)]
    marks: list[Mark] = []
    value, end = ruled.at(datum.value), ruled.at(datum.value)
    if grid.bars:
        zero = ruled.at(0.0)
        thick = LEADING * tools.theme.label * 0.84
        marks.append(Box(x=min(zero, value), y=y - thick / 2, width=abs(value - zero), height=thick, colour=colour))
    if datum.low is not None and datum.high is not None:
        end = max(end, ruled.at(datum.high))
        low, high = ruled.at(datum.low), ruled.at(datum.high)
        marks += tools.over(low, value, high, y, colour) if grid.bars else [tools.whisker(low, high, y)]
    end = end + 3 if grid.bars else max(end + 3, value + 5.5)
    if not grid.bars:
        marks += [tools.dot(value, y, colour), tools.raw(end, y, datum.text)]
    marks.append(tools.text(end, y, datum.text, bold=True, colour=tools.theme.ink))
    return marks
