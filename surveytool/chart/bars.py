"""Bars with intervals, level with their labels: of everybody, or of a few groups beside each other."""

from __future__ import annotations

from surveytool.chart.grid import Grid, draw_grid
from surveytool.chart.kind import Drawing
from surveytool.chart.layout import rows_and_panels
from surveytool.chart.model import Chart, Datum
from surveytool.chart.pen import Pen
from surveytool.chart.scale import Scale, scale
from surveytool.chart.scene import Body, Box, Line, Mark

MOST_BESIDE = 4
THICK, STEP, AIR = 9.2, 11.2, 8.0


def draw(chart: Chart, pen: Pen) -> Body:
    """Clusters of a few groups, else a grid of panels."""
    if beside(chart):
        return _clusters(chart, pen)
    stubs, panels = rows_and_panels(chart)
    grid = Grid(
        stubs=stubs, panels=panels, axis=chart.axis, bars=True, share=chart.share, zero=chart.zero,
        n_label=chart.n_label,
    )  # fmt: skip
    return draw_grid(grid, pen)


def beside(chart: Chart) -> bool:
    """Whether the groups of one breakdown stand beside each other at every answer."""
    return len(chart.breakdowns) == 1 and 1 < len(chart.groups) <= MOST_BESIDE and len(chart.levels) > 1


def colours(chart: Chart, pen: Pen) -> list[str]:
    """Grey for the total, the theme's series for the groups."""
    series = iter(pen.theme.series * 3)
    return [pen.theme.total if group.total else next(series) for group in chart.groups]


def _clusters(chart: Chart, pen: Pen) -> Body:
    """A cluster an answer; the first one names its bars."""
    names = [group.label for group in chart.groups]
    direct = pen.widest(names) <= pen.width * 0.2
    left = min(pen.widest(chart.levels), pen.width * 0.36) + 10
    data = [datum for row in chart.data for datum in row]
    figures = pen.widest([datum.text for datum in data], bold=True) + 8
    named = pen.widest(names) + 6 if direct else 0.0
    ruled = scale(data, left, pen.width - figures - named, zero=True, share=chart.share)
    marks: list[Mark] = []
    y = 0.0
    if not direct:
        y = _key(marks, chart, pen)
    top = y
    for level, label in enumerate(chart.levels):
        lines = pen.wrap(label, left - 10)
        height = max(STEP * len(chart.groups), pen.height(lines))
        marks += pen.lines(0, y + height / 2, lines)
        marks += _cluster(chart, pen, level, y + (height - STEP * len(chart.groups)) / 2, ruled, direct and not level)
        y += height + AIR
    x = ruled.at(0.0)
    marks.append(Line(x=x, y=top, to_x=x, to_y=y - AIR, colour=pen.theme.whisker, width=0.6))
    return Body(marks=tuple(marks), height=y - AIR)


def _cluster(chart: Chart, pen: Pen, level: int, y: float, ruled: Scale, named: bool) -> list[Mark]:
    marks: list[Mark] = []
    for group, datum, colour in zip(chart.groups, chart.column(level), colours(chart, pen), strict=True):
        middle = y + STEP / 2
        end = _bar(marks, datum, pen, ruled, middle, colour)
        if named:
            marks.append(pen.text(end + 5, middle, group.label, colour=pen.theme.muted))
        y += STEP
    return marks


def _bar(marks: list[Mark], datum: Datum, pen: Pen, ruled: Scale, y: float, colour: str) -> float:
    """One bar with its figure; returns where the figure ends."""
    zero = ruled.at(0.0)
    if datum.value is None:
        marks.append(pen.mark(zero + 4, y, datum))
        return zero + 4 + pen.measure(datum.mark)
    value = end = ruled.at(datum.value)
    marks.append(Box(x=min(zero, value), y=y - THICK / 2, width=abs(value - zero), height=THICK, colour=colour))
    if datum.low is not None and datum.high is not None:
        end = max(end, ruled.at(datum.high))
        marks += pen.over(ruled.at(datum.low), value, ruled.at(datum.high), y, colour)
    marks.append(pen.text(end + 3, y, datum.text, bold=True))
    return end + 3 + pen.measure(datum.text, bold=True)


def _key(marks: list[Mark], chart: Chart, pen: Pen) -> float:
    """Squares and names above the bars, where the names are too long to stand beside them."""
    y = 0.0
    for group, colour in zip(chart.groups, colours(chart, pen), strict=True):
        lines = pen.wrap(group.label, pen.width - 14)
        height = pen.height(lines)
        marks.append(Box(x=0, y=y + 1.5, width=7.5, height=7.5, colour=colour))
        marks += pen.lines(13, y + height / 2, lines)
        y += height + 2
    return y + 6


BARS = Drawing(draw=draw, focus=True)
