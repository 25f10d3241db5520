"""A chart in a terminal: bars of block characters from the same values, texts and marks as the drawn chart.

Shares and means of each group stand under each other, the group named above its answers; journeys are a line each.
"""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.charts.chart_data import Chart, Datum, Group
from surveytool.charts.scale import Scale, scale
from surveytool.render.inert_text import clean, isolate_label
from surveytool.render.terminal_width import pad, width, wrap
from surveytool.text import Words

EIGHTHS = " ▏▎▍▌▋▊▉"
LABEL_SHARE, NARROWEST = 0.45, 10
GAP = 2
INDENT = "  "


def terminal_chart(chart: Chart, cells: int, words: Words) -> str:
    """The chart in lines of at most ``cells`` cells, without colour; figures that are held back stand as their mark."""
    body = list(_paths(chart, cells) if chart.paths else _groups(chart, cells, words))
    above = [isolate_label(line) for line in wrap(clean(chart.title), cells)]
    above += wrap(clean(chart.subtitle), cells) if chart.subtitle else []
    below = [line for text in (*chart.notes, chart.source) if text for line in wrap(clean(text), cells)]
    return "\n".join([*above, "", *body, "", *below]) + "\n"


def _groups(chart: Chart, cells: int, words: Words) -> Iterator[str]:
    """Each answer of each group; where there is one answer, a line a group."""
    single = len(chart.levels) < 2
    names = [group.label for group in chart.groups] if single else list(chart.levels)
    stub = min(max(map(width, map(clean, names)), default=0) + len(INDENT), int(cells * LABEL_SHARE))
    figures = max((width(_figure(datum, chart, words)) for row in chart.data for datum in row), default=0)
    room = max(cells - stub - figures - 2 * GAP, NARROWEST)
    ruled = scale([datum for row in chart.data for datum in row], 0.0, float(room), zero=chart.zero, share=chart.share)
    heads: tuple[str, ...] = ()
    for group, row in zip(chart.groups, chart.data, strict=True):
        yield from _heads(group, heads, cells)
        heads = group.heads
        if not single:
            yield from wrap(
                f"{clean(group.label)} ({chart.n_label} {group.n})" if group.n else clean(group.label), cells
            )
        for name, datum in zip([group.label] if single else chart.levels, row, strict=True):
            yield from _row(clean(name), datum, _figure(datum, chart, words), stub, ruled)


def _heads(group: Group, before: tuple[str, ...], cells: int) -> Iterator[str]:
    """The headings above a group that are not those of the group before."""
    if group.heads != before:
        yield ""
        for head in group.heads:
            yield from wrap(clean(head), cells)


def _row(name: str, datum: Datum, figure: str, stub: int, ruled: Scale) -> Iterator[str]:
    """A label, its bar, its figure; a long label takes further lines."""
    first, *rest = wrap(name, stub - len(INDENT))
    label = pad(INDENT + isolate_label(first), stub)
    drawn = bar(datum.value, ruled) if datum.value is not None else ""
    yield f"{label}{' ' * GAP}{f'{drawn} ' if drawn else ''}{figure}".rstrip()
    yield from (INDENT + isolate_label(line) for line in rest)


def bar(value: float, ruled: Scale) -> str:
    """A bar from the scale's zero (or its low end) to the value, to an eighth of a cell.

    >>> bar(0.5, Scale(low=0.0, high=1.0, start=0.0, stop=4.0))
    '██'
    """
    length = abs(ruled.at(value) - ruled.at(0.0 if ruled.low <= 0.0 <= ruled.high else ruled.low))
    whole, part = int(length), int((length % 1) * 8)
    return "█" * whole + (EIGHTHS[part] if part else "")


def _figure(datum: Datum, chart: Chart, words: Words) -> str:
    """The figure with its interval, or its mark."""
    if not datum.shown or datum.low is None:
        return datum.text if datum.shown else datum.mark
    digits = datum.text.rpartition(words.marks.decimal)[2] if words.marks.decimal in datum.text else ""
    decimals = sum(sign.isdigit() for sign in digits)
    return f"{datum.text} ({words.interval(datum.low, datum.high, decimals, chart.share)})"


def _paths(chart: Chart, cells: int) -> Iterator[str]:
    """The ways that people went, the most frequent first."""
    ruled = Scale(
        low=0.0, high=max((path.share for path in chart.paths), default=1.0) or 1.0, start=0.0, stop=cells / 3
    )
    for path in sorted(chart.paths, key=lambda path: -path.share):
        yield from wrap(clean(path.name or " → ".join(path.stops)), cells)
        if path.mark:
            yield INDENT + path.mark
        else:
            percent = (chart.axis.percent or "{}%").format(f"{100 * path.share:.0f}")
            yield f"{INDENT}{bar(path.share, ruled)} {percent}"
