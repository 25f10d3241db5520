"""Slopes: two groups at two uprights, a line an answer between them; steep lines are the differences."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_choice import pair
from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.drawing_tools import LEADING, DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scale import Scale, scale
from surveytool.charts.scene import Body, Line, Mark

TALL, EACH = 90.0, 24.0
LEFT, RIGHT = 0.4, 0.9  # where the uprights stand, in shares of the width


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """The two groups of one breakdown; answers not shown in both are listed below the lines."""
    before, after = (row for group, row in zip(chart.groups, chart.data, strict=True) if not group.total)
    shown = [index for index in range(len(chart.levels)) if before[index].shown and after[index].shown]
    left, right = tools.width * LEFT, tools.width * RIGHT
    marks, top = _heads(chart, tools, left, right)
    tall = TALL + EACH * len(shown)
    ends = [datum for index in shown for datum in (before[index], after[index])]
    ruled = scale([Datum(value=datum.value) for datum in ends], 0.0, tall, zero=False, share=False)
    marks += [Line(x=x, y=top, to_x=x, to_y=top + tall, colour=tools.theme.rule, width=0.8) for x in (left, right)]
    for index in shown:
        marks += _slope(tools, before[index], after[index], ruled, top + tall, left, right)
    bottom = top + tall
    low = _side(marks, chart, tools, shown, before, ruled, bottom, left - 7, named=True)
    low = max(low, _side(marks, chart, tools, shown, after, ruled, bottom, right + 7, named=False))
    return _rest(marks, chart, tools, before, after, max(bottom, low))


def _heads(chart: Chart, tools: DrawingTools, left: float, right: float) -> tuple[list[Mark], float]:
    room = (right - left) / 2 - 4
    lines = [tools.wrap(f"{group.label} ({chart.n_label} = {group.n})", room, bold=True) for group in chart.parts]
    height = max(tools.height(line) for line in lines)
    marks = tools.lines(left, height / 2, lines[0], bold=True)
    marks += tools.lines(right, height / 2, lines[1], bold=True, align="right")
    return marks, height + 6


def _slope(
    tools: DrawingTools, before: Datum, after: Datum, ruled: Scale, bottom: float, left: float, right: float
) -> list[Mark]:  # fmt: skip
    """A line with its ends; an interval upright at each."""
    assert before.value is not None and after.value is not None
    y, to_y = bottom - ruled.at(before.value), bottom - ruled.at(after.value)
    line = Line(x=left, y=y, to_x=right, to_y=to_y, colour=tools.theme.accent, width=1.5)
    return [line, tools.dot(left, y), tools.dot(right, to_y)]


def _side(
    marks: list[Mark], chart: Chart, tools: DrawingTools, shown: Sequence[int], data: Sequence[Datum], ruled: Scale,
    bottom: float, x: float, *, named: bool,
) -> float:  # fmt: skip
    """Figures at one upright, with the answers' names at the left one; apart where values are close."""
    room = x - 4 - tools.widest([datum.text for datum in data], bold=True) - 4
    lines = {index: tools.wrap(chart.levels[index], room) if named else [""] for index in shown}
    heights = {index: max(tools.height(lines[index]), LEADING * tools.theme.label) for index in shown}
    order = sorted(shown, key=lambda index: -(data[index].value or 0.0))
    targets = [bottom - ruled.at(data[index].value or 0.0) for index in order]
    middles = apart(targets, [heights[index] for index in order])
    for index, middle in zip(order, middles, strict=True):
        marks.append(tools.text(x, middle, data[index].text, bold=True, align="right" if named else "left"))
        if named:
            end = x - tools.measure(data[index].text, bold=True) - 5
            marks += tools.lines(end, middle, lines[index], align="right")
    return max((m + heights[p] / 2 for p, m in zip(order, middles, strict=True)), default=0.0)


def apart(targets: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles as near as can be to those wanted (ascending), so that nothing overlaps: blocks that touch are joined.

    >>> apart([10, 12], [10, 10])
    [6.0, 16.0]
    """
    blocks: list[tuple[float, float, list[float]]] = []  # middle, height, heights inside
    for want, height in zip(targets, heights, strict=True):
        middle, tall, inside = want, height, [height]
        while blocks and blocks[-1][0] + blocks[-1][1] / 2 > middle - tall / 2:
            above, tall_above, inside_above = blocks.pop()
            weight = len(inside_above), len(inside)
            top = above - tall_above / 2, middle - tall / 2 - tall_above
            start = (top[0] * weight[0] + top[1] * weight[1]) / sum(weight)
            tall, inside = tall + tall_above, inside_above + inside
            middle = start + tall / 2
        blocks.append((middle, tall, inside))
    return [middle for block in blocks for middle in _inside(*block)]


def _inside(middle: float, tall: float, heights: Sequence[float]) -> list[float]:
    top, places = middle - tall / 2, []
    for height in heights:
        places.append(top + height / 2)
        top += height
    return places


def _rest(
    marks: list[Mark], chart: Chart, tools: DrawingTools, before: Sequence[Datum], after: Sequence[Datum], y: float
) -> Body:  # fmt: skip
    """Answers without a slope: a sign in place of each figure that is held back."""
    for level, one, other in zip(chart.levels, before, after, strict=True):
        if one.shown and other.shown:
            continue
        lines = tools.wrap(level or chart.title, tools.width * LEFT - 47)
        height = tools.height(lines) + 3
        for datum, x, align in ((one, tools.width * LEFT - 7, "right"), (other, tools.width * RIGHT + 7, "left")):
            text = datum.text if datum.shown else datum.mark
            marks.append(tools.text(x, y + height / 2, text, colour=tools.theme.muted, align=align))  # type: ignore[arg-type]
        marks += tools.lines(tools.width * LEFT - 41, y + height / 2, lines, colour=tools.theme.muted, align="right")
        y += height
    return Body(marks=tuple(marks), height=y)


SLOPE = Drawing(draw=draw, fits=pair, focus=True, intervals=False)
