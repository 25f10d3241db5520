"""Bars with intervals, level with their labels: of everybody, or of a few groups beside each other."""

from __future__ import annotations

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.grid import Grid, draw_grid
from surveytool.charts.kind import Drawing
from surveytool.charts.layout import rows_and_panels
from surveytool.charts.scale import Scale, scale
from surveytool.charts.scene import Body, Box, Line, Mark

MOST_BESIDE = 4
THICK, STEP, AIR = 9.2, 11.2, 8.0


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Clusters of a few groups, else a grid of panels."""
    if beside(chart):
        return _clusters(chart, tools)
    stubs, panels = rows_and_panels(chart)
    grid = Grid(
        stubs=stubs, panels=panels, axis=chart.axis, bars=True, share=chart.share, zero=chart.zero,
        n_label=chart.n_label,
    )  # fmt: skip
    return draw_grid(grid, tools)


def beside(chart: Chart) -> bool:
    """Whether the groups of one breakdown stand beside each other at every answer."""
    return len(chart.breakdowns) == 1 and 1 < len(chart.groups) <= MOST_BESIDE and len(chart.levels) > 1


def colours(chart: Chart, tools: DrawingTools) -> list[str]:
    """Grey for the total, the theme's series for the groups."""
    series = iter(tools.theme.series * 3)
    return [tools.theme.total if group.total else next(series) for group in chart.groups]


def _clusters(chart: Chart, tools: DrawingTools) -> Body:
    """A cluster an answer; the first one names its bars."""
    names = [group.label for group in chart.groups]
    direct = tools.widest(names) <= tools.width * 0.2
    left = min(tools.widest(chart.levels), tools.width * 0.36) + 10
    data = [datum for row in chart.data for datum in row]
    figures = tools.widest([datum.text for datum in data], bold=True) + 8
    named = tools.widest(names) + 6 if direct else 0.0
    ruled = scale(data, left, tools.width - figures - named, zero=True, share=chart.share)
    marks: list[Mark] = []
    y = 0.0
    if not direct:
        y = _key(marks, chart, tools)
    top = y
    for level, label in enumerate(chart.levels):
        lines = tools.wrap(label, left - 10)
        height = max(STEP * len(chart.groups), tools.height(lines))
        marks += tools.lines(0, y + height / 2, lines)
        marks += _cluster(chart, tools, level, y + (height - STEP * len(chart.groups)) / 2, ruled, direct and not level)
        y += height + AIR
    x = ruled.at(0.0)
    marks.append(Line(x=x, y=top, to_x=x, to_y=y - AIR, colour=tools.theme.whisker, width=0.6))
    return Body(marks=tuple(marks), height=y - AIR)


def _cluster(chart: Chart, tools: DrawingTools, level: int, y: float, ruled: Scale, named: bool) -> list[Mark]:
    marks: list[Mark] = []
    for group, datum, colour in zip(chart.groups, chart.column(level), colours(chart, tools), strict=True):
        middle = y + STEP / 2
        end = _bar(marks, datum, tools, ruled, middle, colour)
        if named:
            marks.append(tools.text(end + 5, middle, group.label, colour=tools.theme.muted))
        y += STEP
    return marks


def _bar(marks: list[Mark], datum: Datum, tools: DrawingTools, ruled: Scale, y: float, colour: str) -> float:
    """One bar with its figure; returns where the figure ends."""
    zero = ruled.at(0.0)
    if datum.value is None:
        marks.append(tools.mark(zero + 4, y, datum))
        return zero + 4 + tools.measure(datum.mark)
    value = end = ruled.at(datum.value)
    marks.append(Box(x=min(zero, value), y=y - THICK / 2, width=abs(value - zero), height=THICK, colour=colour))
    if datum.low is not None and datum.high is not None:
        end = max(end, ruled.at(datum.high))
        marks += tools.over(ruled.at(datum.low), value, ruled.at(datum.high), y, colour)
    marks.append(tools.text(end + 3, y, datum.text, bold=True))
    return end + 3 + tools.measure(datum.text, bold=True)


def _key(marks: list[Mark], chart: Chart, tools: DrawingTools) -> float:
    """Squares and names above the bars, where the names are too long to stand beside them."""
    y = 0.0
    for group, colour in zip(chart.groups, colours(chart, tools), strict=True):
        lines = tools.wrap(group.label, tools.width - 14)
        height = tools.height(lines)
        marks.append(Box(x=0, y=y + 1.5, width=7.5, height=7.5, colour=colour))
        marks += tools.lines(13, y + height / 2, lines)
        y += height + 2
    return y + 6


BARS = Drawing(draw=draw, focus=True)
