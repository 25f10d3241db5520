"""``surveytool chart``: the tables of ``summarize``, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.errors import UsageError
from surveytool.survey import Design, Request

if TYPE_CHECKING:
    from surveytool.chart.model import Chart
    from surveytool.estimate.result import Estimates, Results
    from surveytool.text import Words

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", rich_help_panel="Chart", show_default="auto",
                 help="dots, bars, stacked, diverging, multiples, slope, heat, pyramid, auto. "
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
        from surveytool.output import check_target

        file = self.file(name)
        if file is None:
            return
        beside = [file.with_suffix(ALT)] if self.alt else []
        beside += [file.with_suffix(DATA)] if self.data else []
        for path in (file, *beside):
            check_target(path, overwrite=self.overwrite, source=self.source)


def chart(
    source: o.Source,
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    where: o.Where = None,
    base: o.BaseOption = "answered",
    ci: o.Ci = None,
    level: o.Level = 0.95,
    no_total: o.NoTotal = False,
    weights: o.Weights = None,
    strata: o.Strata = None,
    psu: o.Psu = None,
    fpc: o.Fpc = None,
    nest: o.Nest = True,
    replicate_weights: o.ReplicateWeights = None,
    replicate_method: o.ReplicateMethodOption = None,
    fay_rho: o.FayRho = 0.0,
    replicate_scale: o.ReplicateScale = None,
    replicate_mse: o.ReplicateMse = None,
    replicate_factors: o.ReplicateFactors = False,
    df: o.Df = None,
    lonely_psu: o.Lonely = "fail",
    sample: o.SampleOption = "probability",
    kind: Kinds = None,
    theme: Theme = "plain",
    title: Title = None,
    answer: Answers = None,
    alt: Alt = False,
    data: Data = False,
    format: Format = None,
    output: Output = None,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
    decimals: o.Decimals = None,
    encoding: o.Encoding = None,
    sheet: o.Sheet = None,
) -> None:
    """Charts of weighted percentages and means with their intervals, ready for a report.

    surveytool chart transit.sav social_media --by sex --by age_group -w weight -o chart.svg
    """
    from surveytool.chart import drawing
    from surveytool.chart.build import Options
    from surveytool.chart.theme import theme as dress
    from surveytool.text import words

    replicates = o.replicates(
        replicate_weights, replicate_method, fay_rho=fay_rho, scale=replicate_scale, mse=replicate_mse,
        factors=replicate_factors,
    )  # fmt: skip
    design = o.design(
        weights=weights, strata=strata, psu=psu, fpc=fpc, nest=nest, replicates=replicates,
        lonely_psu=lonely_psu, sample=sample, df=df,
    )  # fmt: skip
    pattern = Request(
        variable="", statistic=stat, where=where, base=o.base(base), interval=ci, level=level, total=not no_total
    )
    drawn, columns = _kinds(kind or [])
    if drawn != "auto":
        drawing(drawn)
    dress(theme)
    options = Options(kind=drawn, decimals=decimals, answers=tuple(answer or ()), title=title)
    named = _format(output, format)
    folder = output is not None and (output.is_dir() or not output.suffix)
    place = Place(
        output=output, format=named, folder=folder, overwrite=overwrite, source=Path(source), alt=alt, data=data
    )
    if not folder:
        place.check("")
    reading = {"encoding": encoding, "sheet": sheet, "kinds": o.kinds(columns) or None}
    results = _results(source, design, variables, by or [], pattern, reading, place, title)
    for made, estimates in _charts(results, words(lang), options):
        _write(made, estimates, results, place, theme, words(lang))


def _kinds(values: Sequence[str]) -> tuple[str, list[str]]:
    """``--kind dots`` is the chart's; ``--kind age=number`` is a column's."""
    own = [value for value in values if "=" not in value]
    if len(own) > 1:
        raise UsageError("was given more than one chart.", "--kind", "Name one.")
    return (own[0] if own else "auto"), [value for value in values if "=" in value]


def _format(output: Path | None, named: str | None) -> str:
    """The format that is named, else that of the suffix, else png; ``UsageError`` for none that is known."""
    from surveytool.chart import FORMATS, SUFFIXES

    if named is not None:
        o.choice(named, FORMATS, "--format")
    if output is None and (named is None or screen.colour()):
        raise UsageError("a chart needs a file.", "-o", "Write for example -o chart.png")
    if output is None or output.is_dir() or not output.suffix:
        return named or "png"
    suffix = output.suffix.lower()
    if named is None and suffix not in SUFFIXES:
        cure = f"Use one of: {', '.join(SUFFIXES)}, or name a folder."
        raise UsageError(f"no chart format has the suffix {suffix!r}.", str(output), cure)
    return named or SUFFIXES[suffix]


def _results(
    source: str, design: Design, variables: list[str] | None, by: list[str], pattern: Request,
    reading: Mapping[str, Any], place: Place, title: str | None,
) -> Results:  # fmt: skip
    """The numbers of every chart, once it is known that all of them can be written."""
    from surveytool.reading import read
    from surveytool.run import requests_for, table_ids, tabulate, wanted_columns

    columns = wanted_columns(variables, by, pattern.statistic, pattern.where)
    survey = read(source, design=design, columns=columns, stream=True, **reading)
    requests, notes = requests_for(survey, variables, by, pattern)
    if len(requests) > 1 and not place.folder:
        raise UsageError(f"{len(requests)} charts do not go into one file.", "-o", "Name a folder.")
    if len(requests) > 1 and title:
        raise UsageError("is for one chart.", "--title", "Name one variable.")
    if place.folder and place.output is not None:
        place.output.mkdir(parents=True, exist_ok=True)
        for name in table_ids(requests):
            place.check(name)
    results = tabulate(survey, requests)
    return replace(results, notes=(*results.notes, *notes))


def _charts(results: Results, words: Words, options: Any) -> Iterator[tuple[Chart, Estimates]]:
    """A chart a table; which kind was chosen is said."""
    from surveytool.chart.build import chart_of

    for estimates in results.estimates:
        made = chart_of(estimates, results, words, options)
        if options.kind == "auto":
            screen.remark(words.fill("chart_chosen", name=made.id, kind=made.kind))
        elif made.kind != options.kind:
            screen.remark(words.fill("chart_instead", name=made.id, asked=options.kind, kind=made.kind))
        yield made, estimates


def _write(
    made: Chart, estimates: Estimates, results: Results, place: Place, theme: str, said: Words
) -> None:  # fmt: skip
    """The chart, and beside it what was asked for."""
    from surveytool.chart import draw
    from surveytool.chart.measure import lacking
    from surveytool.output import write

    letters = lacking(made.alt + "".join(made.notes))
    if letters:
        screen.remark(said.fill("chart_letters", name=made.id, letters=letters))
    file = place.file(made.id)
    content = draw(made, place.format, theme)
    if file is None:
        screen.out(content)
        return
    write(file, content, overwrite=place.overwrite)
    if place.alt:
        write(file.with_suffix(ALT), f"{made.alt}\n".encode(), overwrite=place.overwrite)
    if place.data:
        write(file.with_suffix(DATA), _rows(estimates, results, said), overwrite=place.overwrite)


def _rows(estimates: Estimates, results: Results, words: Words) -> bytes:
    """The chart's rows as csv, in full precision."""
    from surveytool.render import render
    from surveytool.table import Report

    return render(Report(tables=(), results=replace(results, estimates=(estimates,))), "csv", words)
