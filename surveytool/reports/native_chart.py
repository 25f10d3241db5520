"""A chart that can be restyled in PowerPoint: bars of the chart's own numbers, intervals as error bars.

A figure that is held back is no number here either; a chart of journeys has no native form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveytool.charts.chart_data import Chart, Datum
from surveytool.charts.colour import sequence, written_on
from surveytool.charts.theme import theme
from surveytool.render.inert_text import clean, isolate_label

LABEL_POINTS, AXIS_POINTS = 10, 11
WHOLES = ("stacked", "diverging")


def has_native_form(chart: Chart) -> bool:
    """Whether bars can say what the chart says."""
    return not chart.paths and bool(chart.data) and bool(chart.levels)


def add_native_chart(slide: Any, chart: Chart, theme_name: str, frame: Sequence[Any]) -> Any:
    """The chart on a slide, in a frame of left, top, width and height; its description for screen readers."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    whole = chart.kind in WHOLES
    across = len(chart.levels) > 1 and not whole
    names = list(chart.levels) if across else [_group(chart, place) for place in range(len(chart.groups))]
    series = [_group(chart, place) for place in range(len(chart.groups))] if across else list(chart.levels)
    values = chart.data if across else tuple(zip(*chart.data, strict=True))
    data = CategoryChartData(number_format=_number_format(chart))
    data.categories = [isolate_label(clean(name)) for name in names]
    for name, row in zip(series, values, strict=True):
        data.add_series(isolate_label(clean(name)) or clean(chart.title), [datum.value for datum in row])
    kind = XL_CHART_TYPE.BAR_STACKED_100 if whole else XL_CHART_TYPE.BAR_CLUSTERED
    shape = slide.shapes.add_chart(kind, *frame, data)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", clean(chart.alt))
    _dress(shape.chart, chart, theme_name, whole=whole)
    if not whole:
        for drawn, row in zip(shape.chart.plots[0].series, values, strict=True):
            _error_bars(drawn, row)
    return shape


def _group(chart: Chart, place: int) -> str:
    group = chart.groups[place]
    parts = (*group.heads[1:], group.label) if group.heads else (group.label,)
    return ", ".join(part for part in parts if part)


def _number_format(chart: Chart) -> str:
    """As many decimals as the drawn figures have."""
    texts = [datum.text for row in chart.data for datum in row if datum.shown]
    mark = chart.axis.decimal
    decimals = max(
        (sum(sign.isdigit() for sign in text.rpartition(mark)[2]) for text in texts if mark in text), default=0
    )
    digits = f"0.{'0' * decimals}" if decimals else "0"
    return f"{digits}%" if chart.share else f"#,##{digits}"


def _dress(drawn: Any, chart: Chart, theme_name: str, *, whole: bool) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    look = theme(theme_name)
    plot = drawn.plots[0]
    count = len(plot.series)
    colours = sequence(look.accent, count) if whole else [look.total, *look.series] if count > 1 else [look.accent]
    for number, series in enumerate(plot.series):
        series.format.fill.solid()
        colour = colours[number % len(colours)]
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#"))
        labels = series.data_labels  # within the bar, where no interval runs through them
        labels.font.size, labels.show_value, labels.number_format = Pt(LABEL_POINTS), True, _number_format(chart)
        labels.number_format_is_linked = False
        labels.position = XL_LABEL_POSITION.CENTER if whole else XL_LABEL_POSITION.INSIDE_BASE
        labels.font.color.rgb = RGBColor.from_string(written_on(colour, look.ink).lstrip("#"))
    plot.gap_width, plot.overlap = 60, 100 if whole else -5
    drawn.has_title = False
    drawn.has_legend = count > 1
    if count > 1:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        drawn.legend.font.size = Pt(AXIS_POINTS)
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_labels.font.size = Pt(AXIS_POINTS)
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    drawn.value_axis.visible = False
    if chart.zero:
        drawn.value_axis.minimum_scale = min([0.0, *(datum.low or 0.0 for row in chart.data for datum in row)])


def _error_bars(series: Any, row: Sequence[Datum]) -> None:
    """Both ends of the intervals, as custom error values."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    ends = [(datum.value, datum.low, datum.high) if datum.shown else (None, None, None) for datum in row]
    if all(low is None for _, low, _ in ends):
        return

    def side(name: str, lengths: Sequence[float]) -> str:
        points = "".join(f'<c:pt idx="{place}"><c:v>{length!r}</c:v></c:pt>' for place, length in enumerate(lengths))
        return f'<c:{name}><c:numLit><c:ptCount val="{len(lengths)}"/>{points}</c:numLit></c:{name}>'

    plus = [high - value if None not in (value, high) else 0.0 for value, _, high in ends]  # type: ignore[operator]
    minus = [value - low if None not in (value, low) else 0.0 for value, low, _ in ends]  # type: ignore[operator]
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"{side('plus', plus)}{side('minus', minus)}"
        '<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="7F8388"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series._element.find(qn("c:cat")).addprevious(bars)
