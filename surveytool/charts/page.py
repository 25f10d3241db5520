"""A page of a report around a drawing: title and subtitle above, notes and source below."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts import text_width
from surveytool.charts.chart_data import Chart
from surveytool.charts.drawing_tools import LEADING, RISE, DrawingTools
from surveytool.charts.scene import Body, Mark, Scene, Text, moved
from surveytool.charts.theme import Theme

GAP = 9.0


def page(chart: Chart, body: Body, theme: Theme) -> Scene:
    """The scene of a whole chart."""
    tools = DrawingTools(theme=theme, width=theme.width - 2 * theme.margin)
    marks: list[Mark] = []
    y = 3.0
    if theme.bar:
        marks.append(tools.rule(0, 0, tools.width, colour=theme.accent, width=2.2))
        y = 9.0
    y = _block(marks, tools, y, text_width.wrap(chart.title, theme.title, tools.width, True),
               size=theme.title, bold=True, colour=theme.title_colour)  # fmt: skip
    y = _block(marks, tools, y + 1.5, text_width.filled(chart.subtitle, theme.subtitle, tools.width),
               size=theme.subtitle, colour=theme.muted)  # fmt: skip
    y += GAP
    marks += moved(body.marks, 0, y)
    y += body.height + GAP
    marks.append(tools.rule(0, y, tools.width))
    y += 4
    for text in (*chart.notes, chart.source):
        y = _block(marks, tools, y, text_width.filled(text, theme.small, tools.width) if text else [],
                   size=theme.small, colour=theme.muted) + 1.5  # fmt: skip
    return Scene(
        width=theme.width,
        height=round(y + theme.margin * 1.5, 1),
        marks=tuple(moved(marks, theme.margin, theme.margin)),
    )


def _block(
    marks: list[Mark],
    tools: DrawingTools,
    y: float,
    lines: Sequence[str],
    *,
    size: float,
    colour: str,
    bold: bool = False,
) -> float:
    """Lines from a top down; returns where the next thing may begin."""
    for line in lines:
        if line:
            marks.append(Text(x=0, y=y + RISE * size, text=line, size=size, bold=bold, colour=colour))
            y += LEADING * size
    return y
