"""Routes as streams: a column a stage, a box a place, and bands as wide as the share of people who went that way.

It draws a plain list of weighted paths (``Chart.paths``). A path that ends
early ends in the column that it reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveytool.charts.chart_data import Chart, Path
from surveytool.charts.drawing_tools import LEADING, DrawingTools
from surveytool.charts.kind import Drawing
from surveytool.charts.scene import Band, Body, Box, Mark
from surveytool.charts.slope import apart
from surveytool.frozen import frozen

THICK, BETWEEN, TALL = 7.0, 6.0, 250.0
Node = tuple[int, str]


@frozen
class _Place:
    """A box: where its column stands, its top, its height."""

    x: float
    top: float
    height: float


def fits(chart: Chart) -> bool:
    """There are paths with a share."""
    return any(not path.mark and path.share > 0 and len(path.stops) > 1 for path in chart.paths)


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Boxes of every stage, largest first, and the bands between them in the colour of their origin."""
    paths = [path for path in chart.paths if not path.mark and path.share > 0]
    stages = max(len(path.stops) for path in paths)
    weights = _weights(paths, chart.rest)
    labels = min(tools.width * 0.19, (tools.width - THICK * stages) / stages - 10)
    heads, top = _heads(chart, tools, stages, labels)
    places, tall = _places(weights, tools, stages, labels, top + 6)
    marks = [*heads, *_bands(paths, weights, places, _colours(weights, chart.rest, tools))]
    marks += [
        Box(x=node.x, y=node.top, width=THICK, height=node.height, colour=tools.theme.ink)
        for node in places.values()
    ]  # fmt: skip
    names, low = _names(weights, places, chart.sizes, tools, stages, labels)
    return _hidden(chart, tools, [*marks, *names], max(tall, low))


def _weights(paths: Sequence[Path], rest: frozenset[str]) -> dict[Node, float]:
    """The share of each place by stage, largest first; what is no single place comes last."""
    weights: dict[Node, float] = {}
    for path in paths:
        for stage, stop in enumerate(path.stops):
            weights[stage, stop] = weights.get((stage, stop), 0.0) + path.share
    return dict(sorted(weights.items(), key=lambda entry: (entry[0][0], entry[0][1] in rest, -entry[1], entry[0][1])))


def _x(stage: int, stages: int, tools: DrawingTools, labels: float) -> float:
    """Columns from the left edge to where the last column's names begin."""
    span = tools.width - labels - 4 - THICK
    return span * stage / max(stages - 1, 1)


def _heads(chart: Chart, tools: DrawingTools, stages: int, labels: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    titles = [*chart.stages, *[""] * stages][:stages]
    step = (tools.width - labels - 4 - THICK) / max(stages - 1, 1)
    wrapped = [tools.wrap(title, min(step, labels + THICK) - 4, bold=True) if title else [] for title in titles]
    height = max((tools.height(lines) for lines in wrapped), default=0.0)
    for stage, lines in enumerate(wrapped):
        x = _x(stage, stages, tools, labels)
        marks += tools.lines(x, height - tools.height(lines) / 2, lines, bold=True, colour=tools.theme.muted)
    return marks, height


def _places(
    weights: Mapping[Node, float], tools: DrawingTools, stages: int, labels: float, top: float
) -> tuple[dict[Node, _Place], float]:  # fmt: skip
    """Boxes below each other in their column; all columns have one scale."""
    columns = [[node for node in weights if node[0] == stage] for stage in range(stages)]
    most = max(len(column) for column in columns)
    line = LEADING * (tools.theme.label - 0.6)
    tall = max(TALL, most * (line + 3))
    unit = (tall - BETWEEN * (most - 1)) / max(sum(weights[node] for node in column) for column in columns)
    places: dict[Node, _Place] = {}
    for stage, column in enumerate(columns):
        y = top
        for node in column:
            places[node] = _Place(x=_x(stage, stages, tools, labels), top=y, height=weights[node] * unit)
            y += weights[node] * unit + BETWEEN
    return places, top + tall


def _bands(
    paths: Sequence[Path], weights: Mapping[Node, float], places: Mapping[Node, _Place], colours: Mapping[str, str]
) -> list[Mark]:  # fmt: skip
    """A band a path and a step; in every box they lie in the order of their origins, so that they cross little."""
    used: dict[tuple[Node, str], float] = {}
    marks: list[Mark] = []
    order = list(weights)
    ranked = sorted(paths, key=lambda path: [order.index((stage, stop)) for stage, stop in enumerate(path.stops)])
    for stage in range(max(len(path.stops) for path in paths) - 1):
        for path in sorted(ranked, key=lambda p: _rank(p, stage, order)):
            if len(path.stops) < stage + 2:
                continue
            here, there = (stage, path.stops[stage]), (stage + 1, path.stops[stage + 1])
            one, other = places[here], places[there]
            height = path.share * one.height / weights[here]
            y = one.top + used.get((here, "out"), 0.0)
            to_y = other.top + used.get((there, "in"), 0.0)
            used[here, "out"] = used.get((here, "out"), 0.0) + height
            used[there, "in"] = used.get((there, "in"), 0.0) + height
            marks.append(
                Band(x=one.x + THICK, y=y, to_x=other.x, to_y=to_y, height=height, to_height=height,
                     colour=colours[path.stops[0]])
            )  # fmt: skip
    return marks


def _rank(path: Path, stage: int, order: Sequence[Node]) -> tuple[int, int, int]:
    if len(path.stops) < stage + 2:
        return (len(order), 0, 0)
    here, there = order.index((stage, path.stops[stage])), order.index((stage + 1, path.stops[stage + 1]))
    return here, there, order.index((0, path.stops[0]))


def _colours(weights: Mapping[Node, float], rest: frozenset[str], tools: DrawingTools) -> dict[str, str]:
    """A colour for each of the largest origins, grey for the others."""
    origins = [stop for stage, stop in weights if stage == 0]
    series = [*tools.theme.series, *[tools.theme.total] * len(origins)]
    colours = dict(zip((stop for stop in origins if stop not in rest), series, strict=False))
    return {stop: colours.get(stop, tools.theme.total) for stop in origins}


def _names(
    weights: Mapping[Node, float],
    places: Mapping[Node, _Place],
    sizes: Mapping[Node, str],
    tools: DrawingTools,
    stages: int,
    labels: float,
) -> tuple[list[Mark], float]:
    """The places' names with their shares, at the right of their boxes, apart from each other."""
    size = tools.theme.label - 0.6
    step = _x(1, stages, tools, labels) - THICK - 8 if stages > 1 else labels
    marks: list[Mark] = []
    low = 0.0
    for stage in range(stages):
        nodes = [node for node in weights if node[0] == stage]
        room = labels if stage == stages - 1 else min(labels, step)
        wrapped = [tools.wrap(f"{node[1]} {sizes.get(node, '')}".strip(), room, size) for node in nodes]
        heights = [tools.height(lines, size) + 1 for lines in wrapped]
        middles = apart([places[node].top + places[node].height / 2 for node in nodes], heights)
        lift = max(0.0, places[nodes[0]].top - 4 - (middles[0] - heights[0] / 2))
        for node, lines, middle, height in zip(nodes, wrapped, middles, heights, strict=True):
            marks += tools.lines(places[node].x + THICK + 3, middle + lift, lines, size=size)
            low = max(low, middle + lift + height / 2)
    return marks, low


def _hidden(chart: Chart, tools: DrawingTools, marks: list[Mark], y: float) -> Body:
    """Paths whose share is held back are said to be there, without a width."""
    signs = "".join(dict.fromkeys(path.mark for path in chart.paths if path.mark))
    if not signs:
        return Body(marks=tuple(marks), height=y)
    marks.append(tools.text(0, y + 8, signs, colour=tools.theme.muted))
    return Body(marks=tuple(marks), height=y + 14)


ALLUVIAL = Drawing(draw=draw, fits=fits, intervals=False)
