"""A population pyramid: bands of age up the middle, one group to each side, youngest at the bottom."""

from __future__ import annotations

from surveytool.chart.choose import pair
from surveytool.chart.kind import Drawing
from surveytool.chart.model import Chart, Datum
from surveytool.chart.pen import Pen
from surveytool.chart.scale import Scale, scale
from surveytool.chart.scene import Body, Box, Line, Mark

THICK, STEP = 14.0, 18.0


def fits(chart: Chart) -> bool:
    """Several bands, and one breakdown into two groups."""
    return pair(chart) and len(chart.levels) > 1


def draw(chart: Chart, pen: Pen) -> Body:
    """The first group grows to the left, the second to the right."""
    left, right = (row for group, row in zip(chart.groups, chart.data, strict=True) if not group.total)
    middle = min(pen.widest(chart.levels), pen.width * 0.3) + 14
    figure = pen.widest([datum.text for datum in (*left, *right)], bold=True) + 8
    side = (pen.width - middle) / 2
    ruled = scale((*left, *right), 0.0, side - figure, zero=True, share=chart.share)
    marks, y = _heads(chart, pen, side, middle)
    top = y
    for place in reversed(range(len(chart.levels))):
        lines = pen.wrap(chart.levels[place], middle - 10)
        height = max(STEP, pen.height(lines) + 4)
        centre = y + height / 2
        marks += pen.lines(side + middle / 2, centre, lines, align="center")
        marks += _bar(left[place], pen, ruled, side, centre, -1, pen.theme.series[0])
        marks += _bar(right[place], pen, ruled, side + middle, centre, 1, pen.theme.series[1])
        y += height
    marks += [
        Line(x=x, y=top, to_x=x, to_y=y, colour=pen.theme.whisker, width=0.6) for x in (side, side + middle)
    ]  # fmt: skip
    return Body(marks=tuple(marks), height=y)


def _heads(chart: Chart, pen: Pen, side: float, middle: float) -> tuple[list[Mark], float]:
    """The groups' names with their n, next to the middle."""
    marks: list[Mark] = []
    texts = [f"{group.label} ({chart.n_label} = {group.n})" for group in chart.parts]
    wrapped = [pen.wrap(text, side - 4, bold=True) for text in texts]
    height = max(pen.height(lines) for lines in wrapped)
    marks += pen.lines(side, height / 2, wrapped[0], bold=True, align="right")
    marks += pen.lines(side + middle, height / 2, wrapped[1], bold=True)
    return marks, height + 4


def _bar(datum: Datum, pen: Pen, ruled: Scale, zero: float, y: float, way: int, colour: str) -> list[Mark]:
    """A bar that grows to the left (-1) or the right (1), with its interval and its figure."""
    align = "right" if way < 0 else "left"
    if datum.value is None:
        return [pen.text(zero + way * 4, y, datum.mark, colour=pen.theme.muted, align=align)]  # type: ignore[arg-type]
    end = ruled.at(datum.value)
    x = zero - end if way < 0 else zero
    marks: list[Mark] = [Box(x=x, y=y - THICK / 2, width=end, height=THICK, colour=colour)]
    if datum.low is not None and datum.high is not None:
        low, high = ruled.at(datum.low), ruled.at(datum.high)
        marks += pen.over(zero + way * low, zero + way * end, zero + way * high, y, colour)
        end = max(end, high)
    marks.append(pen.text(zero + way * (end + 4), y, datum.text, bold=True, align=align))  # type: ignore[arg-type]
    return marks


PYRAMID = Drawing(draw=draw, fits=fits)
