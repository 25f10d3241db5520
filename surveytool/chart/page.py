"""A page of a report around a drawing: title and subtitle above, notes and source below."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.chart import measure
from surveytool.chart.model import Chart
from surveytool.chart.pen import LEADING, RISE, Pen
from surveytool.chart.scene import Body, Mark, Scene, Text, moved
from surveytool.chart.theme import Theme

GAP = 9.0


def page(chart: Chart, body: Body, theme: Theme) -> Scene:
    """The scene of a whole chart."""
    pen = Pen(theme=theme, width=theme.width - 2 * theme.margin)
    marks: list[Mark] = []
    y = 3.0
    if theme.bar:
        marks.append(pen.rule(0, 0, pen.width, colour=theme.accent, width=2.2))
        y = 9.0
    y = _block(marks, pen, y, measure.wrap(chart.title, theme.title, pen.width, True),
               size=theme.title, bold=True, colour=theme.title_colour)  # fmt: skip
    y = _block(marks, pen, y + 1.5, measure.filled(chart.subtitle, theme.subtitle, pen.width),
               size=theme.subtitle, colour=theme.muted)  # fmt: skip
    y += GAP
    marks += moved(body.marks, 0, y)
    y += body.height + GAP
    marks.append(pen.rule(0, y, pen.width))
    y += 4
    for text in (*chart.notes, chart.source):
        y = _block(marks, pen, y, measure.filled(text, theme.small, pen.width) if text else [],
                   size=theme.small, colour=theme.muted) + 1.5  # fmt: skip
    return Scene(
        width=theme.width,
        height=round(y + theme.margin * 1.5, 1),
        marks=tuple(moved(marks, theme.margin, theme.margin)),
    )


def _block(
    marks: list[Mark], pen: Pen, y: float, lines: Sequence[str], *, size: float, colour: str, bold: bool = False
) -> float:
    """Lines from a top down; returns where the next thing may begin."""
    for line in lines:
        if line:
            marks.append(Text(x=0, y=y + RISE * size, text=line, size=size, bold=bold, colour=colour))
            y += LEADING * size
    return y
