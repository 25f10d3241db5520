"""``surveytool summarize``: weighted tables of a data file or a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource, typed
from surveytool.cli.option_groups import (
    DESIGN,
    ENGINE,
    ORDER,
    OUTPUT,
    READING,
    ROSTERS,
    ROUTES,
    SHAPE,
    TABLE,
    pattern_of,
    takes,
)
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import RECRUITMENT, ChangeOption
from surveytool.errors import UsageError
from surveytool.survey import Request, Survey

if TYPE_CHECKING:
    from surveytool.cli.output_target import Target
    from surveytool.estimate.result import Results
    from surveytool.replication_code.explanation import Explanation
    from surveytool.table.sheet import Layout

EXPLAINED = ("terminal", "markdown", "html", "latex", "docx", "json")


@takes(TABLE, ORDER, SHAPE, ROUTES, ROSTERS, DESIGN, RECRUITMENT, GATE, OUTPUT, READING, ENGINE)
def summarize(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stats = None,
    standardize: o.Standardize = None,
    no_total: o.NoTotal = False,
    explain: o.Explain = False,
    change: ChangeOption = None,
    bars: o.BarsOption = None,
) -> None:
    """Weighted tables with intervals: percentages, means, totals, medians and ratios by any breakdown.

    Of a study file without variables its tables; with variables tables with its design, labels and recodes.

    surveytool summarize transit.sav social_media --by sex --by age_group --weights weight
    """
    from surveytool.disclosure_audit import audited
    from surveytool.render import ROWS_ONLY, render
    from surveytool.render.analysis_results import LAYOUTS, render_analysis
    from surveytool.request_text import statistics_of
    from surveytool.table import Report

    way = CommandSource(source, {**given, "change": change})
    given, target = way.given, way.target()
    if explain and target.format not in EXPLAINED:
        raise UsageError(f"needs one of the formats {', '.join(EXPLAINED)}.", "--explain")
    layout = layout_of(given)
    survey, results = asked_tables(way, variables, by, standardize, statistics_of(stat), total=not no_total)
    results = audited(survey, results, target.words)
    given["ledger"].counted(results)
    if layout in LAYOUTS:
        target.write(render_analysis(results, layout, target.format if target.path is not None else "csv"))
        return
    if target.format in ROWS_ONLY:
        made = Report(tables=(), results=results)
    else:
        from surveytool.table import report

        made = report(results, target.words, decimals=given["decimals"], layout=layout)
    if explain:
        made = replace(made, explanations=_explained(way, survey, results, target))
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour, bars=bars))


def layout_of(given: Mapping[str, Any]) -> Layout | None:
    """The layout that was asked for. Raises ``UsageError``."""
    if given["layout"] is None:
        return None
    from surveytool.table import layout_named

    return layout_named(given["layout"])


def _explained(way: CommandSource, survey: Survey, results: Results, target: Target) -> tuple[Explanation, ...]:
    """How one figure of each table was made."""
    from surveytool.replication_code import explain as explained

    told = explained(results, survey.codebook, target.words)
    if way.study is None:
        return told
    from surveytool.study.study_tables import with_what_is_made

    return with_what_is_made(told, results, way.study, target.words)


def asked_tables(
    way: CommandSource, variables: Sequence[str] | None, by: Sequence[str] | None, standardize: str | None,
    statistics: Sequence[str], *, total: bool,
) -> tuple[Survey, Results]:  # fmt: skip
    """The study's tables where no variable is named, else tables of the variables."""
    if way.study is not None and way.study.tables and not variables:
        changes = {**way.typed_request(), **({} if total else {"total": False})}
        return of_study(way, by, standardize, changes, statistics)
    pattern = pattern_of(way.given, stat=None, total=total)
    return of_variables(way, variables, by or [], pattern, standardize, statistics)


def of_study(
    way: CommandSource, by: Sequence[str] | None, standardize: str | None, changes: Mapping[str, Any],
    statistics: Sequence[str],
) -> tuple[Survey, Results]:  # fmt: skip
    """The study's tables; what was typed wins over each of them."""
    from surveytool.study.study_tables import asked, titled
    from surveytool.tabulation import tabulate_changes

    assert way.study is not None
    survey = way.survey(None)
    chosen = _chosen(way, statistics)
    wanted = asked(survey, way.study.tables, changes, by if typed("by") else None, standardize, statistics=chosen)
    return survey, titled(
        tabulate_changes(survey, [each.request for each in wanted], way.given.get("change")), wanted, way.language
    )


def of_variables(
    way: CommandSource, variables: Sequence[str] | None, by: Sequence[str], pattern: Request, standardize: str | None,
    statistics: Sequence[str],
) -> tuple[Survey, Results]:  # fmt: skip
    """Tables of the variables named, or of every question."""
    from surveytool.request_text import requests_for, standard, standard_columns, wanted_columns
    from surveytool.tabulation import tabulate_changes

    survey = way.survey(wanted_columns(variables, [*by, *standard_columns(standardize)], statistics, pattern.where))
    pattern = replace(pattern, standard=standard(survey, standardize))
    requests, notes = requests_for(survey, variables, by, pattern, *_chosen(way, statistics))
    results = tabulate_changes(survey, requests, way.given.get("change"))
    return survey, replace(results, notes=(*results.notes, *notes))


def _chosen(way: CommandSource, statistics: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The statistics of answers and of numbers: those typed, else those of the layout."""
    if statistics or way.given.get("layout") is None:
        return statistics, ()
    from surveytool.table import STATISTICS

    return STATISTICS.get(way.given["layout"], ((), ()))
