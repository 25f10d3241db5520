"""Small multiples: the same little chart for every group of the second variable."""

from __future__ import annotations

from surveytool.charts.chart_data import Chart, Datum, Group
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.grid import Grid, Panel, Stub, draw_grid
from surveytool.charts.kind import Drawing
from surveytool.charts.layout import by_group
from surveytool.charts.scene import Body

NOWHERE = Datum(mark="–")


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Panels of the inner variable of a crossing, else a panel a group."""
    stubs, panels = _crossed(chart) if chart.crossed else by_group(chart)
    grid = Grid(stubs=stubs, panels=panels, axis=chart.axis, bars=chart.share, share=chart.share, zero=chart.zero)
    return draw_grid(grid, tools)


def _crossed(chart: Chart) -> tuple[tuple[Stub, ...], tuple[Panel, ...]]:
    """Rows are the outer groups below each level, panels the groups of the last variable."""
    row_of_pairs = {group.pairs: row for group, row in zip(chart.groups, chart.data, strict=True)}
    outer = {group.pairs[:-1]: _outer(group) for group in chart.parts}
    inner = {group.pairs[-1]: group.label for group in chart.parts}
    stubs: list[Stub] = []
    for level in chart.levels:
        several = len(chart.levels) > 1
        stubs += [Stub(label=level, head=True)] if several else []
        stubs += [Stub(label=label, depth=int(several)) for label in outer.values()]
    panels = []
    for last, title in inner.items():
        rows = [row_of_pairs.get((*first, last)) for first in outer]
        data = [row[level] if row else NOWHERE for level in range(len(chart.levels)) for row in rows]
        panels.append(Panel(title=title, data=tuple(data)))
    return tuple(stubs), tuple(panels)


def _outer(group: Group) -> str:
    return ", ".join(group.heads[1:])


MULTIPLES = Drawing(draw=draw, focus=True, fits=lambda chart: len(chart.groups) > 1)
