"""From a chart's groups and levels to rows and panels of a grid."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts.chart_data import Chart, Group
from surveytool.charts.grid import Panel, Stub

FEW = 4


def group_stubs(groups: Sequence[Group], *, counts: bool = True) -> tuple[Stub, ...]:
    """A row a group, below a head where its headings change."""
    stubs: list[Stub] = []
    above: tuple[str, ...] = ()
    for group in groups:
        for depth, head in enumerate(group.heads):
            if group.heads[: depth + 1] != above[: depth + 1]:
                stubs.append(Stub(label=head, depth=depth, head=True))
        above = group.heads
        n = group.n if counts else ""
        stubs.append(Stub(label=group.label, depth=len(group.heads), strong=group.total, n=n))
    return tuple(stubs)


def level_stubs(chart: Chart) -> tuple[Stub, ...]:
    """A row a level."""
    return tuple(Stub(label=level) for level in chart.levels)


def panel_title(group: Group, several: bool) -> str:
    """A group as the title of a panel; with its headings where there are several breakdowns."""
    inner = [*group.heads[1:], group.label]
    return ": ".join([*group.heads[:1], ", ".join(inner)] if several and group.heads else [", ".join(inner)])


def by_level(chart: Chart) -> tuple[tuple[Stub, ...], tuple[Panel, ...]]:
    """Groups down, a panel a level."""
    titles = chart.levels if len(chart.levels) > 1 else ("",)
    panels = tuple(Panel(title=title, data=chart.column(index)) for index, title in enumerate(titles))
    return group_stubs(chart.groups, counts=len(panels) == 1), panels


def by_group(chart: Chart) -> tuple[tuple[Stub, ...], tuple[Panel, ...]]:
    """Levels down, a panel a group."""
    several = len(chart.breakdowns) > 1
    single = len(chart.groups) == 1
    panels = tuple(
        Panel(title="" if single and group.total else panel_title(group, several), data=row)
        for group, row in zip(chart.groups, chart.data, strict=True)
    )
    return level_stubs(chart), panels


def rows_and_panels(chart: Chart) -> tuple[tuple[Stub, ...], tuple[Panel, ...]]:
    """Few levels stand side by side, many below each other; so do the levels of everybody."""
    if len(chart.levels) == 1 or (len(chart.levels) <= FEW and len(chart.groups) > 1):
        return by_level(chart)
    return by_group(chart)
