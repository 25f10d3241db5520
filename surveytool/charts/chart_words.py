"""The words around a chart: what is drawn, caveats, where it comes from, and the whole said in text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from surveytool.charts.chart_data import Chart, Datum, Group
from surveytool.estimate.result import Estimates, Results
from surveytool.notes import unique
from surveytool.render.inert_text import clean
from surveytool.survey import Design
from surveytool.table import table_words
from surveytool.table.figure import EXPLAINED, FLAG_MARK, SUPPRESSED, SUPPRESSED_MARK
from surveytool.text import NOTHING, Words

NOT_ABOUT_CHARTS = {"skipped_variables", "skipped_sensitive", "deff_with_replacement"}
ABOUT_INTERVALS = {"ci_at_bounds", "ci_few", "ci_clustered", "ci_lopsided", "no_df", "given_df", "quantile_open"}
MOST_WAYS = 12
Intervals = Literal["none", "drawn", "written"]
NO_PLACE = ("no_respondents", "undefined")


def subtitle(
    chart: Chart, estimates: Estimates, design: Design, words: Words, *, question: str, intervals: Intervals
) -> str:
    """The question where the title is a headline, the statistic, and what the thin lines or the brackets are."""
    text = _statistic(estimates, design, words)
    if estimates.levels and len(chart.levels) == 1:
        text = words.fill("chart_answering", statistic=text, level=chart.levels[0])
    if chart.crossed or (chart.breakdowns and chart.kind in ("slope", "pyramid")):
        text = words.fill("chart_by", text=text, names=", ".join(chart.breakdowns))
    if chart.kind == "pyramid":
        text = words.fill("chart_each_side", text=text) if chart.share else text
    if intervals != "none" and any(datum.low is not None for row in chart.data for datum in row):
        random = design.sample in table_words.RANDOM
        level = words.level(estimates.request.level)
        key = f"chart_{'interval' if random else 'indicative'}{'_written' if intervals == 'written' else ''}"
        text = words.fill(key, text=text, level=level)
    return clean(f"{question} · {text}" if question else text)


def _statistic(estimates: Estimates, design: Design, words: Words) -> str:
    """``Weighted percent``, ``Weighted mean (years)``."""
    weighted = design.weighted
    stem, _, rest = estimates.statistic.partition(":")
    if stem[:1] == "p" and stem[1:].isdigit():
        stem, rest = "percentile", stem[1:]
    share = "percent" if estimates.request.percent == "column" else f"percent_{estimates.request.percent}"
    key = f"{'weighted' if weighted else 'unweighted'}_{share if stem == 'proportion' else stem}"
    text = words.fill(key, n=rest, denominator=rest)
    return f"{text} ({estimates.unit})" if estimates.unit and stem != "proportion" else text


def chart_notes(
    chart: Chart, estimates: Estimates, results: Results, words: Words, *, intervals: bool
) -> tuple[str, ...]:  # fmt: skip
    """Every caveat of the table that touches the chart, in one paragraph; the signs and what they mean first."""
    left_out = NOT_ABOUT_CHARTS | (set() if intervals else ABOUT_INTERVALS)
    notes = [
        note for note in unique([*estimates.notes, *results.notes]) if note.code not in (*left_out, table_words.SOURCE)
    ]
    said = [*_signs(chart, estimates, words), *(words.say(note) for note in notes)]
    if chart.kind in ("stacked", "diverging"):
        said.append(words.word("chart_rounding"))
    return (words.fill("chart_notes", notes=clean(" ".join(said))),) if said else ()


def _signs(chart: Chart, estimates: Estimates, words: Words) -> Iterator[str]:
    """What the signs in place of figures mean: only those that the chart has."""
    drawn = {datum.mark for row in chart.data for datum in row}
    flags = dict.fromkeys(row.flag for row in estimates.rows if row.flag)
    if SUPPRESSED_MARK in drawn:
        yield words.fill("mark_suppressed", mark=SUPPRESSED_MARK)
    reasons = [flag for flag in flags if flag != SUPPRESSED and flag not in NO_PLACE]
    if FLAG_MARK in drawn and reasons:
        yield words.fill("chart_mark", mark=FLAG_MARK, reason=", ".join(_reason(flag, words) for flag in reasons))
    if NOTHING in drawn:
        absent = [flag for flag in flags if flag in NO_PLACE] or ["undefined"]
        yield words.fill("chart_mark", mark=NOTHING, reason=", ".join(_reason(flag, words) for flag in absent))


def _reason(flag: str, words: Words) -> str:
    key = f"chart_flag_{flag}" if flag in EXPLAINED else f"flag_{flag}"
    return words.terms.get(key, flag)


def base_and_source(estimates: Estimates, results: Results, words: Words) -> str:
    """Base and n, file and design, and how respondents were found."""
    sample = words.word(f"chart_sample_{results.design.sample}")
    source = table_words.source(results, words)
    return clean(f"{table_words.base(estimates, words)}. {source} {sample}")


def alt(chart: Chart, words: Words) -> str:
    """The chart in words for people who do not see it: every figure that is drawn, no other."""
    parts = [f"{words.word(f'chart_kind_{chart.kind}')}: {chart.title}.", f"{chart.subtitle}."]
    for group, row in zip(chart.groups, chart.data, strict=True):
        figures = [_said(level, datum, words) for level, datum in zip(chart.levels, row, strict=True)]
        parts.append(f"{_name(group)}: {', '.join(figures)}.")
    parts += _ways(chart, words)
    return clean(" ".join([*parts, chart.source]))


def _ways(chart: Chart, words: Words) -> Iterator[str]:
    """An alluvial chart: the share of each place by stage, then the largest paths."""
    for stage, title in enumerate(chart.stages):
        places = [f"{stop} {size}" for (stage_of_stop, stop), size in chart.sizes.items() if stage_of_stop == stage]
        if places:
            yield f"{title}: {', '.join(places)}."
    for path in chart.paths[:MOST_WAYS]:
        yield f"{path.name or ' → '.join(path.stops)}: {path.mark or words.percent(path.share, 0)}."
    if len(chart.paths) > MOST_WAYS:
        yield f"{words.fill('more', n=len(chart.paths) - MOST_WAYS)}."


def _name(group: Group) -> str:
    return ", ".join([*group.heads, group.label]) if group.heads else group.label


def _said(level: str, datum: Datum, words: Words) -> str:
    figure = datum.text if datum.shown else words.word("chart_not_shown")
    return f"{level} {figure}" if level else figure
