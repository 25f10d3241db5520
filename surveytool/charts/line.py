"""Lines over rounds: a panel an answer, the groups of one breakdown from left to right, an upright at each interval."""

from __future__ import annotations

from itertools import pairwise

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scale import Scale, scale, tick_text
from surveytool.charts.scene import Body, Line, Mark

TALL, ABOVE = 62.0, 12.0  # a panel's height, and the room above it for figures
LETTER, ROOM, MOST = 5.6, 400.0, 14  # points a letter, what rounds share, how many of them


def fits(chart: Chart) -> bool:
    """Whether the groups are a series: of one breakdown, two or more, whose names have room side by side."""
    parts = chart.parts
    if chart.paths or len(chart.breakdowns) != 1 or chart.crossed or not 2 <= len(parts) <= MOST:
        return False
    longest = max((len(word) for group in parts for word in group.label.split()), default=0)
    return longest * LETTER <= ROOM / len(parts)


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """A panel a level with one scale for all; names of the groups below each."""
    rows = [row for group, row in zip(chart.groups, chart.data, strict=True) if not group.total]
    ruled = scale([datum for row in rows for datum in row], 0.0, TALL, zero=chart.zero, share=chart.share, most=3)
    left = tools.widest([tick_text(tick, chart.axis) for tick in ruled.ticks]) + 8
    slot = (tools.width - left) / len(rows)
    middles = [left + slot * (place + 0.5) for place in range(len(rows))]
    marks: list[Mark] = []
    y = 0.0
    for level, label in enumerate(chart.levels):
        lines = tools.wrap(label, tools.width, bold=True) if label else []
        marks += tools.lines(0, y + tools.height(lines) / 2, lines, bold=True)
        y += tools.height(lines) + ABOVE
        _frame(marks, tools, chart, ruled, left, y + TALL)
        _series(marks, tools, [row[level] for row in rows], ruled, middles, y + TALL)
        y = _names(marks, tools, chart, middles, slot, y + TALL + 5) + 9
    return Body(marks=tuple(marks), height=y - 9)


def _frame(marks: list[Mark], tools: DrawingTools, chart: Chart, ruled: Scale, left: float, bottom: float) -> None:
    for tick in ruled.ticks:
        at = bottom - ruled.at(tick)
        marks.append(tools.rule(left, at, tools.width))
        marks.append(tools.text(left - 5, at, tick_text(tick, chart.axis), align="right", colour=tools.theme.muted))


def _series(
    marks: list[Mark], tools: DrawingTools, data: list[Datum], ruled: Scale, middles: list[float], bottom: float
) -> None:
    """The line with its points, intervals and figures; a gap and a sign where a figure is held back."""
    points = [None if datum.value is None else bottom - ruled.at(datum.value) for datum in data]
    for (x, y), (to_x, to_y) in pairwise(zip(middles, points, strict=True)):
        if y is not None and to_y is not None:
            marks.append(Line(x=x, y=y, to_x=to_x, to_y=to_y, colour=tools.theme.accent, width=1.3))
    for x, y, datum in zip(middles, points, data, strict=True):
        if y is None:
            marks.append(tools.text(x, bottom - TALL / 2, datum.mark, align="center", colour=tools.theme.muted))
            continue
        top = y
        if datum.low is not None and datum.high is not None:
            top = bottom - ruled.at(datum.high)
            low = bottom - ruled.at(datum.low)
            marks.append(Line(x=x, y=low, to_x=x, to_y=top, colour=tools.theme.whisker, width=1.0))
        marks.append(tools.dot(x, y, radius=2.6))
        marks.append(tools.text(x, min(top, y) - 7, datum.text, bold=True, align="center", size=tools.theme.small))


def _names(
    marks: list[Mark], tools: DrawingTools, chart: Chart, middles: list[float], slot: float, top: float
) -> float:  # fmt: skip
    """The groups' names under a panel; returns where they end."""
    size = tools.theme.small
    named = [tools.wrap(f"{group.label} ({chart.n_label} = {group.n})", slot - 3, size) for group in chart.parts]
    height = max(tools.height(lines, size) for lines in named)
    for x, lines in zip(middles, named, strict=True):
        middle = top + tools.height(lines, size) / 2
        marks += tools.lines(x, middle, lines, size=size, align="center", colour=tools.theme.muted)
    return top + height


LINE = Drawing(draw=draw, fits=fits, focus=True)
