"""Bars of 100%: a row a group, a segment an answer, each with its figure; names stand above the first row."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.colour import sequence, written_on
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scene import Body, Box, Line, Mark
from surveytool.charts.segments import Ruled, key, labels, row_height, rows

PAD = 3.0
HATCH = 4.0


def fits(chart: Chart) -> bool:
    """Answers that add up to all respondents."""
    return chart.whole


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Every group as one bar from 0 to 100%."""
    colours = sequence(tools.theme.accent, len(chart.levels))
    ruled = Ruled.of(chart, tools)
    marks: list[Mark] = []
    y = key(marks, chart, tools, ruled, colours)
    for row in rows(chart, tools, ruled, y):
        marks += labels(row, chart, tools)
        if row.data is not None:
            marks += bar(row.data, tools, colours, ruled.start, ruled.stop, row.middle)
        y = row.bottom
    return Body(marks=tuple(marks), height=y)


def bar(
    data: Sequence[Datum], tools: DrawingTools, colours: Sequence[str], start: float, stop: float, middle: float
) -> list[Mark]:
    """Segments from left to right; what is held back of a group is one hatched piece at the end.

    It is 100% less what is shown, which everybody can reckon. A single answer that is held back would be told by it:
    then nothing of the group is drawn.
    """
    hidden = [datum for datum in data if datum.value is None]
    if len(hidden) == 1 or len(hidden) == len(data) > 0:
        return [tools.mark(start + 4, middle, hidden[0])]
    marks: list[Mark] = []
    x = start
    for datum, colour in zip(data, colours, strict=True):
        if datum.value is None:
            continue
        width = datum.value * (stop - start)
        marks += segment(datum, tools, colour, x, width, middle)
        x += width
    return [*marks, *hatched(hidden[0], tools, x, stop - x, middle)] if hidden and stop > x else marks


def hatched(datum: Datum, tools: DrawingTools, x: float, width: float, middle: float) -> list[Mark]:
    """A piece that stands for several answers that are not shown, with their sign where it fits."""
    height, colour = row_height(tools), tools.theme.muted
    hair = min(0.5, width / 4)
    left, right, top, bottom = x + hair, x + width - hair, middle - height / 2, middle + height / 2
    marks: list[Mark] = [Box(x=left, y=top, width=right - left, height=height, colour="#FFFFFF", edge=colour)]
    at = left - height + HATCH
    while at < right:  # from the bottom upwards to the right, within the piece
        low, high = max(at, left), min(at + height, right)
        marks.append(Line(x=low, y=bottom - (low - at), to_x=high, to_y=bottom - (high - at), colour=colour, width=0.4))
        at += HATCH
    if tools.measure(datum.mark, bold=True) + 2 * PAD <= width:
        size = tools.measure(datum.mark, bold=True) + PAD
        marks.append(Box(x=x + width / 2 - size / 2, y=top + 1, width=size, height=height - 2, colour="#FFFFFF"))
        marks.append(tools.text(x + width / 2, middle, datum.mark, bold=True, colour=colour, align="center"))
    return marks


def segment(datum: Datum, tools: DrawingTools, colour: str, x: float, width: float, middle: float) -> list[Mark]:
    """One segment with a hair of paper at its sides; its figure where it fits."""
    height = row_height(tools)
    hair = min(0.5, width / 4)
    marks: list[Mark] = [Box(x=x + hair, y=middle - height / 2, width=width - 2 * hair, height=height, colour=colour)]
    if tools.measure(datum.text, bold=True) + PAD <= width:
        ink = written_on(colour, tools.theme.ink)
        marks.append(tools.text(x + width / 2, middle, datum.text, bold=True, colour=ink, align="center"))
    return marks


STACKED = Drawing(draw=draw, fits=fits, intervals=False)
