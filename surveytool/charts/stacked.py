"""Bars of 100%: a row a group, a segment an answer, each with its figure; names stand above the first row."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.colour import sequence, written_on
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scene import Body, Box, Mark
from surveytool.charts.segments import Ruled, key, labels, row_height, rows

PAD = 3.0


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
    """Segments from left to right; a group with something held back is not drawn at all.

    Where one segment is hidden, the others would tell its size.
    """
    hidden = next((datum for datum in data if datum.value is None), None)
    if hidden is not None:
        return [tools.mark(start + 4, middle, hidden)]
    marks: list[Mark] = []
    x = start
    for datum, colour in zip(data, colours, strict=True):
        assert datum.value is not None
        width = datum.value * (stop - start)
        marks += segment(datum, tools, colour, x, width, middle)
        x += width
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
