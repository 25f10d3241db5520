"""``surveytool chart``: the tables of ``summarize``, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.command_source import CommandSource, typed
from surveytool.cli.option_groups import (
    DESIGN,
    ENGINE,
    ORDER,
    OUTPUT,
    ROSTERS,
    ROUTES,
    SHAPE,
    TABLE,
    Group,
    pattern_of,
    takes,
)
from surveytool.cli.option_groups import READING as COLUMNS
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import RECRUITMENT
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import Request
from surveytool.survey.setting import choice

if TYPE_CHECKING:
    from surveytool.charts.build import Options
    from surveytool.charts.chart_data import Chart
    from surveytool.estimate.result import Estimates, Results
    from surveytool.text import Words

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", rich_help_panel="Chart", show_default="auto",
                 help="dots, bars, stacked, diverging, multiples, slope, heat, pyramid, line, alluvial (routes), auto. "
                 "NAME=KIND reads a column as single, number, text, id or date."),
]  # fmt: skip
Theme = Annotated[str, typer.Option("--theme", rich_help_panel="Chart", help="plain, iom or unhcr.")]
Title = Annotated[
    str | None,
    typer.Option("--title", rich_help_panel="Chart", show_default=False, help="A headline; the question goes below."),
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", metavar="LABEL", rich_help_panel="Chart", show_default=False,
                 help="Draw this answer only; repeat it for several."),
]  # fmt: skip
Alt = Annotated[bool, typer.Option("--alt", rich_help_panel="Chart", help="Write the alternative text beside it.")]
Data = Annotated[bool, typer.Option("--data", rich_help_panel="Chart", help="Write the chart's numbers as csv.")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="F", rich_help_panel=o.OUTPUT, show_default=False,
                 help="png, svg, pdf; -o alone decides by the suffix."),
]  # fmt: skip
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE|FOLDER", rich_help_panel=o.OUTPUT, show_default=False,
                 help="A file, or a folder for several charts."),
]  # fmt: skip

ALT, DATA = ".alt.txt", ".csv"
PAGE: Group = {**OUTPUT, "format": (Format, None), "output": (Output, None)}
READING: Group = {**COLUMNS, "kind": (Kinds, None)}
PERCENT: Group = {"percent": SHAPE["percent"]}


@frozen
class Place:
    """Where charts go: a file, a folder (a file a chart), or standard output."""

    output: Path | None
    format: str
    folder: bool
    overwrite: bool
    source: Path
    alt: bool
    data: bool

    def file(self, name: str) -> Path | None:
        """The file of a chart; None for standard output."""
        if self.output is None or not self.folder:
            return self.output
        safe = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
        return self.output / f"{safe}.{self.format}"

    def check(self, name: str) -> None:
        """Refuse a file that cannot be written: the chart's, and those beside it."""
        from surveytool.output_files import check_target

        file = self.file(name)
        if file is None:
            return
        beside = [file.with_suffix(ALT)] if self.alt else []
        beside += [file.with_suffix(DATA)] if self.data else []
        for path in (file, *beside):
            check_target(path, overwrite=self.overwrite, source=self.source)


SCREEN = "terminal"  # no file: bars of block characters


@frozen
class Job:
    """How one chart is drawn."""

    options: Options
    theme: str


@takes(TABLE, ORDER, PERCENT, ROUTES, ROSTERS, DESIGN, RECRUITMENT, GATE, PAGE, READING, ENGINE)
def chart(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    no_total: o.NoTotal = False,
    theme: Theme = "plain",
    title: Title = None,
    answer: Answers = None,
    alt: Alt = False,
    data: Data = False,
) -> None:
    """Charts of weighted percentages and means with their intervals, ready for a report.

    Without -o it is drawn in the terminal. Of a study file without variables its charts, into a folder.

    surveytool chart transit.sav social_media --by sex --by age_group -w weight -o chart.svg
    """
    from surveytool.charts import drawing
    from surveytool.charts.build import Options
    from surveytool.charts.theme import theme as dress
    from surveytool.text import words

    drawn, columns = _kinds(given["kind"] or [])
    way = CommandSource(source, {**given, "kind": columns, "theme": theme, "stat": stat, "no_total": no_total})
    way.given["flow"] = drawn in ("auto", "alluvial") and not answer
    if drawn != "auto":
        drawing(drawn)
    dress(way.given["theme"])
    output = given["output"]
    folder = output is not None and (output.is_dir() or not output.suffix)
    name = (variables or ["chart"])[0]
    place = Place(
        output=output, format=_format(output, given["format"], name), folder=folder, overwrite=given["overwrite"],
        source=Path(source), alt=alt, data=data,
    )  # fmt: skip
    if not folder:
        place.check("")
    options = Options(kind=drawn, decimals=way.given["decimals"], answers=tuple(answer or ()), title=title,
                      written=place.format == SCREEN)  # fmt: skip
    if way.study is not None and way.study.charts and not variables:
        jobs, results = of_study(way, by, options, place)
    else:
        pattern = pattern_of(way.given, stat=stat, total=not no_total)
        results = _results(way, variables, by or [], pattern, place, title)
        jobs = [Job(options=options, theme=way.given["theme"]) for _ in results.estimates]
    said = words(way.language)
    screen.borrowed(said)
    given["ledger"].counted(results)
    way.audit([results])
    for job, (made, estimates) in zip(jobs, _charts(results, said, jobs), strict=True):
        _write(made, estimates, results, place, job.theme, said)
        file = place.file(made.id)
        given["ledger"].outputs += [file] if file is not None else []


def _kinds(values: Sequence[str]) -> tuple[str, list[str]]:
    """``--kind dots`` is the chart's; ``--kind age=number`` is a column's."""
    own = [value for value in values if "=" not in value]
    if len(own) > 1:
        raise UsageError("was given more than one chart.", "--kind", "Name one.")
    return (own[0] if own else "auto"), [value for value in values if "=" in value]


def _format(output: Path | None, named: str | None, name: str) -> str:
    """The format that is named, else that of the suffix, else png; ``UsageError`` for none that is known."""
    from surveytool.charts import FORMATS, SUFFIXES

    if named is not None:
        choice(named, FORMATS, "--format")
    if output is None and named is None:
        return SCREEN
    if output is None and screen.colour():
        raise UsageError(f"{named} is no text for a screen.", "-o", f"Write for example -o {name}.{named}")
    if output is None or output.is_dir() or not output.suffix:
        return named or "png"
    suffix = output.suffix.lower()
    if named is None and suffix not in SUFFIXES:
        cure = f"Use one of: {', '.join(SUFFIXES)}, or name a folder."
        raise UsageError(f"no chart format has the suffix {suffix!r}.", str(output), cure)
    return named or SUFFIXES[suffix]


def of_study(way: CommandSource, by: Sequence[str] | None, options: Options, place: Place) -> tuple[list[Job], Results]:
    """The study's charts, each as its entry says; what was typed wins over each of them."""
    from surveytool.study.sections import ChartEntry
    from surveytool.study.study_tables import answers_of, asked, flowing, titled
    from surveytool.tabulation import tabulate

    assert way.study is not None
    survey = way.survey(None)
    wanted = asked(survey, way.study.charts, way.typed_request(), by if typed("by") else None)
    if not options.answers:
        survey, wanted = flowing(survey, wanted, way.language, options.kind)
    _places(place, [each.request.id or "" for each in wanted], options.title)
    results = titled(tabulate(survey, [each.request for each in wanted]), wanted, way.language)
    jobs = []
    for each in wanted:
        entry = each.entry
        assert isinstance(entry, ChartEntry)
        answers = options.answers or answers_of(survey, each.request.variable, entry.answers)
        own = replace(
            options, kind=options.kind if options.kind != "auto" else entry.kind, answers=answers,
            decimals=way.given["decimals"] if typed("decimals") or entry.decimals is None else entry.decimals,
            title=options.title or entry.headline(way.language),
        )  # fmt: skip
        jobs.append(Job(options=own, theme=way.given["theme"] if typed("theme") or not entry.theme else entry.theme))
    return jobs, results


def _results(
    way: CommandSource,
    variables: Sequence[str] | None,
    by: Sequence[str],
    pattern: Request,
    place: Place,
    title: str | None,
) -> Results:
    """The numbers of every chart, once it is known that all of them can be written."""
    from surveytool.request_text import requests_for, wanted_columns
    from surveytool.tabulation import flows, table_ids, tabulate

    survey = way.survey(wanted_columns(variables, by, pattern.statistic, pattern.where))
    requests, notes = requests_for(survey, variables, by, pattern)
    survey, requests = flows(survey, requests, way.language) if way.given["flow"] else (survey, requests)
    _places(place, table_ids(requests), title)
    results = tabulate(survey, requests)
    return replace(results, notes=(*results.notes, *notes))


def _places(place: Place, names: Sequence[str], title: str | None) -> None:
    """Refuse what cannot be written: several charts in one file, files that exist."""
    if len(names) > 1 and not place.folder and place.format != SCREEN:
        raise UsageError(f"{len(names)} charts do not go into one file.", "-o", "Name a folder.")
    if len(names) > 1 and title:
        raise UsageError("is for one chart.", "--title", "Name one variable.")
    if place.folder and place.output is not None:
        from surveytool.output_files import ready_folder

        ready_folder(place.output)
        for name in names:
            place.check(name)


def _charts(results: Results, words: Words, jobs: Sequence[Job]) -> Iterator[tuple[Chart, Estimates]]:
    """A chart a table; which kind was chosen is said."""
    from surveytool.charts.build import chart_of

    for estimates, job in zip(results.estimates, jobs, strict=True):
        made = chart_of(estimates, results, words, job.options)
        if job.options.kind == "auto":
            screen.remark(words.fill("chart_chosen", name=made.id, kind=made.kind))
        elif made.kind != job.options.kind:
            needs = words.terms.get(f"chart_needs_{job.options.kind}", "")
            told = words.fill("chart_instead", name=made.id, asked=job.options.kind, kind=made.kind)
            screen.remark(f"{told} {needs}".rstrip())
        yield made, estimates


def _write(
    chart: Chart, estimates: Estimates, results: Results, place: Place, theme: str, said: Words
) -> None:  # fmt: skip
    """The chart, and beside it what was asked for."""
    from surveytool.charts import draw
    from surveytool.charts.machine_fonts import shapeless
    from surveytool.charts.text_width import lacking
    from surveytool.output_files import write

    if place.format == SCREEN:
        from surveytool.charts.terminal_chart import terminal_chart

        screen.out(f"{terminal_chart(chart, screen.width(), said)}\n".encode())
        return
    letters = shapeless(frozenset(lacking(chart.alt + "".join(chart.notes))))
    if letters:
        screen.remark(said.fill("chart_letters", name=chart.id, letters=letters))
    file = place.file(chart.id)
    content = draw(chart, place.format, theme)
    if file is None:
        screen.out(content)
        return
    write(file, content, overwrite=place.overwrite)
    if place.alt:
        write(file.with_suffix(ALT), f"{chart.alt}\n".encode(), overwrite=place.overwrite)
    if place.data:
        write(file.with_suffix(DATA), _rows(estimates, results, said), overwrite=place.overwrite)


def _rows(estimates: Estimates, results: Results, words: Words) -> bytes:
    """The chart's rows as csv, in full precision."""
    from surveytool.render import render
    from surveytool.table import Report

    return render(Report(tables=(), results=replace(results, estimates=(estimates,))), "csv", words)
