"""A table becomes a chart: its rows the data, its words the text; then the kind is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from surveytool.charts import drawing
from surveytool.charts.chart_choice import choose
from surveytool.charts.chart_data import Axis, Chart, Datum, Group, Path
from surveytool.charts.chart_words import NO_PLACE, Intervals, alt, base_and_source, chart_notes, subtitle
from surveytool.errors import no_answer
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.frozen import frozen
from surveytool.recoding.flow import NO_PLACES
from surveytool.recoding.path import ARROW, SKIPPED
from surveytool.render.inert_text import clean
from surveytool.table import table_words
from surveytool.table.figure import FLAG_MARK, SUPPRESSED, SUPPRESSED_MARK, Figures, figures
from surveytool.table.printed_intervals import as_printed
from surveytool.text import NOTHING, Words

WHOLE = 1 - 1e-9


@frozen
class Options:
    """What a reader may choose: the kind, decimals, the answers to draw, a headline of their own.

    ``written`` is for a terminal: intervals are written beside the figures, not drawn.
    """

    kind: str = "auto"
    decimals: int | None = None
    answers: tuple[str, ...] = ()
    title: str | None = None
    written: bool = False


def chart_of(estimates: Estimates, results: Results, words: Words, options: Options | None = None) -> Chart:
    """The chart of one table.

    Percentages have no decimals unless asked for. ``kind`` ``auto`` chooses, and a
    kind that cannot show the table gives way to that choice; ``Chart.kind`` tells.
    Raises ``UsageError`` for an unknown kind or answer.
    """
    options, estimates = options or Options(), as_printed(estimates, results.design)
    decimals = 0 if options.decimals is None and estimates.statistic == "proportion" else options.decimals
    shown = figures(estimates, words, decimals)
    chart = _paths(shown) if estimates.stages else _levels(_peopled(_bare(shown), estimates), options.answers)
    kind = options.kind if options.kind != "auto" and drawing(options.kind).fits(chart) else choose(chart, estimates)
    return _worded(replace(chart, kind=kind), estimates, results, words, options)


def _bare(shown: Figures) -> Chart:
    """Groups, levels and data, without words around them."""
    estimates, words = shown.estimates, shown.words
    answers: Sequence[tuple[str | None, str | None]] = estimates.answers() or ((None, None),)
    groups = _groups(shown)
    return Chart(
        id=estimates.id,
        title=clean(estimates.label or estimates.request.variable),
        groups=groups,
        levels=tuple(clean(table_words.label(level, words)) if level is not None else "" for level, _ in answers),
        data=tuple(tuple(_datum(shown, shown.row(group.pairs, code)) for _, code in answers) for group in groups),
        share=shown.share,
        zero=shown.share or estimates.statistic == "total",
        whole=_is_whole(estimates, shown) and len(answers) > 1,
        axis=_axis(shown),
        n_label=words.word("n"),
    )  # fmt: skip


def _is_whole(estimates: Estimates, shown: Figures) -> bool:
    """Whether the answers of one group are parts of a hundred percent."""
    return shown.share and not estimates.multiple and estimates.request.percent == "column"


def _paths(shown: Figures) -> Chart:
    """Levels that are paths, as streams; a share that is held back leaves its mark only."""
    estimates = shown.estimates
    paths: list[Path] = []
    rest: set[str] = set()
    for level, code in estimates.answers():
        row = shown.row((), code)
        datum = _datum(shown, row)
        stops = tuple(clean(stop) for stop in re.split(f"{ARROW}|{SKIPPED}", level))
        paths.append(Path(stops=stops, share=datum.value or 0.0, mark=datum.mark, name=clean(level)))
        codes = (row.level_code or "").split(">") if row is not None else []
        rest |= {stop for stop, code in zip(stops, codes, strict=False) if code in NO_PLACES}
    return Chart(
        id=estimates.id, title=clean(estimates.label), paths=tuple(paths), axis=_axis(shown),
        stages=tuple(clean(stage) for stage in estimates.stages), sizes=_sizes(paths, shown), rest=frozenset(rest),
    )  # fmt: skip


def _sizes(paths: Sequence[Path], shown: Figures) -> dict[tuple[int, str], str]:
    """The share of each place of each stage as text; none where a path is held back."""
    if any(path.mark for path in paths):
        return {}
    sums: dict[tuple[int, str], float] = {}
    for path in paths:
        for stage, stop in enumerate(path.stops):
            sums[stage, stop] = sums.get((stage, stop), 0.0) + path.share
    ranked = sorted(sums.items(), key=lambda sized: (sized[0][0], -sized[1], sized[0][1]))
    return {box: shown.words.percent(1.0 if share > WHOLE else share, shown.decimals) for box, share in ranked}


def _axis(shown: Figures) -> Axis:
    marks = shown.words.marks
    percent = marks.percent if shown.share else None
    return Axis(decimal=marks.decimal, thousands=marks.thousands, percent=percent)


def _groups(shown: Figures) -> tuple[Group, ...]:
    """The total, if it was asked for, then every group of every breakdown."""
    estimates, words = shown.estimates, shown.words
    total = any(not row.by for row in estimates.rows) and estimates.request.percent != "row"  # there it is 100%
    groups = [Group(label=words.word("total"), n=_n(shown, ()))] if total else []
    for breakdown in estimates.breakdowns:
        heading = clean(table_words.heading(breakdown))
        for pairs, texts in breakdown.members():
            *outer, label = (clean(table_words.label(text, words)) for text in texts)
            groups.append(Group(label=label, heads=(heading, *outer), pairs=pairs, n=_n(shown, pairs)))
    return tuple(groups)


def _n(shown: Figures, pairs: tuple[tuple[str, str], ...]) -> str:
    return shown.base(shown.row(pairs, code) for code in shown.estimates.codes or (None,)).figure


def _datum(shown: Figures, row: Row | None) -> Datum:
    """A figure; a sign and no number where the row is flagged or has no estimate."""
    cell = shown.value(row)
    if row is None or row.estimate is None or row.flag is not None or not cell.value:
        return Datum(mark=_sign(row))
    text = shown.words.marks.percent.format(cell.value) if shown.share else cell.value
    return Datum(value=row.estimate, low=row.ci_low, high=row.ci_high, text=text)


def _sign(row: Row | None) -> str:
    """What stands in place of a figure: held back, flagged, or not there."""
    if row is None or row.flag is None or row.flag in NO_PLACE:
        return NOTHING
    return SUPPRESSED_MARK if row.flag == SUPPRESSED else FLAG_MARK


def _peopled(chart: Chart, estimates: Estimates) -> Chart:
    """Without groups that nobody belongs to: a note names them, and an empty row would show nothing."""
    people = {row.group for row in estimates.rows if row.n > 0 or row.flag == SUPPRESSED}
    kept = [index for index, group in enumerate(chart.groups) if group.pairs in people]
    if not any(chart.groups[index].pairs for index in kept):
        return chart
    groups, data = tuple(chart.groups[index] for index in kept), tuple(chart.data[index] for index in kept)
    return replace(chart, groups=groups, data=data)


def _levels(chart: Chart, answers: Sequence[str]) -> Chart:
    """Only the answers asked for."""
    if not answers:
        return chart
    for answer in answers:
        if answer not in chart.levels:
            raise no_answer(chart.id, answer, chart.levels, "--answer")
    return _kept(chart, [chart.levels.index(answer) for answer in answers])


def _kept(chart: Chart, places: Sequence[int]) -> Chart:
    return replace(
        chart,
        levels=tuple(chart.levels[index] for index in places),
        data=tuple(tuple(row[index] for index in places) for row in chart.data),
        whole=False,
    )


def _worded(chart: Chart, estimates: Estimates, results: Results, words: Words, options: Options) -> Chart:
    """With its subtitle, notes, source line and alternative text."""
    kind, title = drawing(chart.kind), options.title
    intervals: Intervals = "written" if options.written else "drawn" if kind.intervals else "none"
    focused = kind.focus and chart.whole and len(chart.levels) == 2
    chart = _kept(chart, [0]) if focused else chart
    question = chart.title if title else ""
    chart = replace(
        chart,
        title=clean(title) if title else chart.title,
        subtitle=subtitle(chart, estimates, results.design, words, question=question, intervals=intervals),
        notes=chart_notes(chart, estimates, results, words, intervals=intervals != "none"),
        source=base_and_source(estimates, results, words),
    )
    return replace(chart, alt=alt(chart, words))
