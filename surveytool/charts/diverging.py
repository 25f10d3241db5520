"""Agreement scales: bars that grow to both sides of the middle answer."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.colour import diverging
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scene import Body, Line, Mark
from surveytool.charts.segments import Ruled, key, labels, rows
from surveytool.charts.stacked import fits, segment


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Every group as one bar about a common middle line."""
    colours = diverging(tools.theme.warm, tools.theme.accent, tools.theme.total, len(chart.levels))
    ruled = Ruled.of(chart, tools)
    shown = [row for row in chart.data if all(datum.shown for datum in row)]
    left = max((_left(row) for row in shown), default=0.5)
    right = max((sum(_values(row)) - _left(row) for row in shown), default=0.5)
    unit = (ruled.stop - ruled.start) / max(left + right, 1e-9)
    middle = ruled.start + left * unit
    marks: list[Mark] = []
    top = y = key(marks, chart, tools, ruled, colours)
    for row in rows(chart, tools, ruled, y):
        marks += labels(row, chart, tools)
        if row.data is not None:
            marks += _bar(row.data, tools, colours, middle, unit, row.middle)
        y = row.bottom
    if len(chart.levels) % 2 == 0:
        marks.append(Line(x=middle, y=top, to_x=middle, to_y=y, colour=tools.theme.ink, width=0.7))
    return Body(marks=tuple(marks), height=y)


def _values(row: Sequence[Datum]) -> list[float]:
    return [datum.value or 0.0 for datum in row]


def _left(row: Sequence[Datum]) -> float:
    """What lies left of the middle: the first half, and half of a middle answer."""
    values, half = _values(row), len(row) // 2
    return sum(values[:half]) + (values[half] / 2 if len(row) % 2 else 0.0)


def _bar(
    row: Sequence[Datum], tools: DrawingTools, colours: Sequence[str], zero: float, unit: float, middle: float
) -> list[Mark]:  # fmt: skip
    hidden = next((datum for datum in row if datum.value is None), None)
    if hidden is not None:
        return [tools.mark(zero + 4, middle, hidden)]
    marks: list[Mark] = []
    x = zero - _left(row) * unit
    for datum, value, colour in zip(row, _values(row), colours, strict=True):
        marks += segment(datum, tools, colour, x, value * unit, middle)
        x += value * unit
    return marks


DIVERGING = Drawing(draw=draw, fits=fits, intervals=False)
