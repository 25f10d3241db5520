"""A population pyramid: bands of age up the middle, one group to each side, youngest at the bottom."""

from __future__ import annotations

from surveytool.charts.chart_choice import pair
from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scale import Scale, scale
from surveytool.charts.scene import Body, Box, Line, Mark

THICK, STEP = 14.0, 18.0


def fits(chart: Chart) -> bool:
    """Several bands, and one breakdown into two groups."""
    return pair(chart) and len(chart.levels) > 1


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """The first group grows to the left, the second to the right."""
    left, right = (row for group, row in zip(chart.groups, chart.data, strict=True) if not group.total)
    middle = min(tools.widest(chart.levels), tools.width * 0.3) + 14
    figure = tools.widest([datum.text for datum in (*left, *right)], bold=True) + 8
    side = (tools.width - middle) / 2
    ruled = scale((*left, *right), 0.0, side - figure, zero=True, share=chart.share)
    marks, y = _heads(chart, tools, side, middle)
    top = y
    for index in reversed(range(len(chart.levels))):
        lines = tools.wrap(chart.levels[index], middle - 10)
        height = max(STEP, tools.height(lines) + 4)
        centre = y + height / 2
        marks += tools.lines(side + middle / 2, centre, lines, align="center")
        marks += _bar(left[index], tools, ruled, side, centre, -1, tools.theme.series[0])
        marks += _bar(right[index], tools, ruled, side + middle, centre, 1, tools.theme.series[1])
        y += height
    marks += [
        Line(x=x, y=top, to_x=x, to_y=y, colour=tools.theme.whisker, width=0.6) for x in (side, side + middle)
    ]  # fmt: skip
    return Body(marks=tuple(marks), height=y)


def _heads(chart: Chart, tools: DrawingTools, side: float, middle: float) -> tuple[list[Mark], float]:
    """The groups' names with their n, next to the middle."""
    marks: list[Mark] = []
    texts = [f"{group.label} ({chart.n_label} = {group.n})" for group in chart.parts]
    wrapped = [tools.wrap(text, side - 4, bold=True) for text in texts]
    height = max(tools.height(lines) for lines in wrapped)
    marks += tools.lines(side, height / 2, wrapped[0], bold=True, align="right")
    marks += tools.lines(side + middle, height / 2, wrapped[1], bold=True)
    return marks, height + 4


def _bar(datum: Datum, tools: DrawingTools, ruled: Scale, zero: float, y: float, way: int, colour: str) -> list[Mark]:
    """A bar that grows to the left (-1) or the right (1), with its interval and its figure."""
    align = "right" if way < 0 else "left"
    if datum.value is None:
        return [tools.text(zero + way * 4, y, datum.mark, colour=tools.theme.muted, align=align)]  # type: ignore[arg-type]
    end = ruled.at(datum.value)
    x = zero - end if way < 0 else zero
    marks: list[Mark] = [Box(x=x, y=y - THICK / 2, width=end, height=THICK, colour=colour)]
    if datum.low is not None and datum.high is not None:
        low, high = ruled.at(datum.low), ruled.at(datum.high)
        marks += tools.over(zero + way * low, zero + way * end, zero + way * high, y, colour)
        end = max(end, high)
    marks.append(tools.text(zero + way * (end + 4), y, datum.text, bold=True, align=align))  # type: ignore[arg-type]
    return marks


PYRAMID = Drawing(draw=draw, fits=fits)
