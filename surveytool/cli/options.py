"""Options that several commands share, each declared once, and the design that they make."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from surveytool.cli import completion
from surveytool.errors import UsageError
from surveytool.survey import (
    Base,
    Calibrated,
    Design,
    Kind,
    LonelyPsu,
    Recruitment,
    ReplicateMethod,
    Replicates,
    Rounds,
    Sample,
)
from surveytool.survey.setting import choice

DESIGN, TABLE, OUTPUT, READING = "Design", "Table", "Output", "Reading"

Source = Annotated[
    str,
    typer.Argument(
        help="Data file: sav, zsav, por, dta, sas7bdat, xpt, csv, tsv, xlsx, parquet, duckdb; a table of a database: "
        "data.duckdb::TABLE, postgresql://user@host/database::TABLE; or a study file: toml.",
        show_default=False,
    ),
]
Variables = Annotated[
    list[str] | None,
    typer.Argument(
        help="Variables to show; without one every question (a topline).",
        show_default=False,
        autocompletion=completion.variables,
    ),
]

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", rich_help_panel=TABLE, show_default=False,
                 help="A breakdown; repeat it for several side by side; sex:age crosses two.",
                 autocompletion=completion.breakdowns),
]  # fmt: skip
Stat = Annotated[
    str | None,
    typer.Option("--stat", metavar="S", rich_help_panel=TABLE, show_default=False,
                 help="proportion (categories), mean (numbers), total, median, p10 ... p99, ratio:DENOMINATOR."),
]  # fmt: skip
Stats = Annotated[
    list[str] | None,
    typer.Option("--stat", metavar="S", rich_help_panel=TABLE, show_default=False,
                 help="proportion (categories), mean (numbers), total, count, median, p10 ... p99, sd, min, max, iqr, "
                 "geometric-mean, ratio:DENOMINATOR. Repeat it for several in one table."),
]  # fmt: skip
Percent = Annotated[
    str,
    typer.Option("--percent", metavar="OF", rich_help_panel=TABLE,
                 help="Percentages of each group (column), of each answer's respondents (row) or of all (table)."),
]  # fmt: skip
SortOption = Annotated[
    str | None,
    typer.Option("--sort", metavar="ORDER", rich_help_panel=TABLE, show_default=False,
                 help="Answers in the order of the file, by value, -value (largest first) or label."),
]  # fmt: skip
SortBy = Annotated[
    str | None,
    typer.Option("--sort-by", metavar="ORDER", rich_help_panel=TABLE, show_default=False,
                 help="Groups in that order; by the first answer's figure or by the mean."),
]  # fmt: skip
LayoutOption = Annotated[
    str | None,
    typer.Option("--layout", metavar="LAYOUT", rich_help_panel=OUTPUT, show_default=False,
                 help="All questions in one table: table1 (n (%), mean (SD), median (IQR)), banner, topline; as "
                 "IMPACT's programs keep results (csv, xlsx): impact, wide."),
]  # fmt: skip
Where = Annotated[
    str | None,
    typer.Option("--where", metavar="EXPR", rich_help_panel=TABLE, show_default=False,
                 help="A domain: \"sex == 'Female' and age >= 18\". The variance keeps the whole design. "
                 "It joins the condition of a study's table."),
]  # fmt: skip
RosterOption = Annotated[
    str | None,
    typer.Option("--roster", metavar="NAME", rich_help_panel=TABLE, show_default=False,
                 help="Count the rows of a roster (a sheet, or one of a study's [[rosters]]) instead of respondents."),
]  # fmt: skip
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="ANSWER", rich_help_panel=TABLE, show_default=False,
                 help="An answer that leaves the base: who gave it is not counted; repeat it."),
]  # fmt: skip
BaseOption = Annotated[
    str,
    typer.Option("--base", metavar="BASE", rich_help_panel=TABLE, help="The denominator: asked, answered or all."),
]
Ci = Annotated[
    str | None,
    typer.Option("--ci", metavar="METHOD", rich_help_panel=TABLE, show_default="auto",
                 help="Interval for proportions: auto, logit, wilson, beta (Korn-Graubard), nchs, likelihood, "
                 "arcsine, wald; for quantiles wald (Woodruff), logit, beta, arcsine."),
]  # fmt: skip
QuantileRule = Annotated[
    str,
    typer.Option("--quantile-rule", metavar="RULE", rich_help_panel=TABLE,
                 help="Rule for medians and percentiles, as in R: math, school, hf1 to hf9."),
]  # fmt: skip
Level = Annotated[float, typer.Option("--level", rich_help_panel=TABLE, help="Confidence level.")]
Standardize = Annotated[
    str | None,
    typer.Option("--standardize", metavar="SHARES", rich_help_panel=TABLE, show_default=False,
                 help="Standardise to given shares: 'age_group: 18-35=0.6, 36 and over=0.4'."),
]  # fmt: skip
RouteOption = Annotated[
    list[str] | None,
    typer.Option("--route", metavar="ROUTE", rich_help_panel=TABLE, show_default=False,
                 help="A route from columns: 'journey: origin > route_* > destination'. Adds journey (its legs), "
                 "journey.stops, .origin, .destination, .length. End with ? for a destination not yet reached."),
]  # fmt: skip
Explain = Annotated[
    bool,
    typer.Option("--explain", rich_help_panel=TABLE,
                 help="After each table, how one of its figures was made, and the same in R and Stata code."),
]  # fmt: skip
BarsOption = Annotated[
    bool | None,
    typer.Option("--bars/--no-bars", rich_help_panel=OUTPUT, show_default=False,
                 help="Draw the intervals beside the table; by itself on screens of 100 columns and more."),
]  # fmt: skip
NoTotal = Annotated[bool, typer.Option("--no-total", rich_help_panel=TABLE, help="Leave the total over all out.")]

Weights = Annotated[
    str | None,
    typer.Option(
        "-w",
        "--weights",
        metavar="COLUMN",
        rich_help_panel=DESIGN,
        show_default=False,
        help="Weights.",
        autocompletion=completion.variables,
    ),
]
Strata = Annotated[
    str | None,
    typer.Option(
        "--strata",
        metavar="COLUMN",
        rich_help_panel=DESIGN,
        show_default=False,
        help="Strata.",
        autocompletion=completion.variables,
    ),
]
Psu = Annotated[
    list[str] | None,
    typer.Option("--psu", metavar="COLUMN", rich_help_panel=DESIGN, show_default=False,
                 help="Primary sampling units; repeat it for later stages."),
]  # fmt: skip
Fpc = Annotated[
    list[str] | None,
    typer.Option("--fpc", metavar="COLUMN", rich_help_panel=DESIGN, show_default=False,
                 help="Population sizes (above 1) or sampling fractions; repeat it for later stages."),
]  # fmt: skip
Nest = Annotated[
    bool,
    typer.Option("--nest/--no-nest", rich_help_panel=DESIGN,
                 help="PSU codes reused in several strata are different PSUs, or an error."),
]  # fmt: skip
ReplicateWeights = Annotated[
    str | None,
    typer.Option("--replicate-weights", metavar="PATTERN", rich_help_panel=DESIGN, show_default=False,
                 help="Replicate weights: a pattern such as 'rw*'."),
]  # fmt: skip
ReplicateMethodOption = Annotated[
    str | None,
    typer.Option("--replicate-method", metavar="METHOD", rich_help_panel=DESIGN, show_default=False,
                 help="brr, fay, jk1, jkn, bootstrap, sdr, other."),
]  # fmt: skip
FayRho = Annotated[
    float, typer.Option("--fay-rho", rich_help_panel=DESIGN, show_default=False, help="Fay's coefficient.")
]
ReplicateScale = Annotated[
    float | None,
    typer.Option("--replicate-scale", rich_help_panel=DESIGN, show_default=False,
                 help="Scale of the squares, where it is not the method's own."),
]  # fmt: skip
ReplicateRscales = Annotated[
    str | None,
    typer.Option("--replicate-rscales", metavar="NUMBERS", rich_help_panel=DESIGN, show_default=False,
                 help="Coefficients of the replicates' squares, separated by commas: one each, or one for all."),
]  # fmt: skip
ReplicateMse = Annotated[
    bool | None,
    typer.Option("--replicate-mse", rich_help_panel=DESIGN, show_default=False,
                 help="Squares about the full sample's estimate, not the replicates' mean."),
]  # fmt: skip
ReplicateFactors = Annotated[
    bool,
    typer.Option("--replicate-factors", rich_help_panel=DESIGN,
                 help="The columns are factors of the main weight, not whole weights."),
]  # fmt: skip
Df = Annotated[
    float | None,
    typer.Option("--df", rich_help_panel=DESIGN, show_default=False,
                 help="Degrees of freedom, instead of those of each row's domain."),
]  # fmt: skip
CalibratedTo = Annotated[
    list[str] | None,
    typer.Option("--calibrated-to", metavar="NAME", rich_help_panel=DESIGN, show_default=False,
                 help="A margin that the weights were made to meet: its part leaves the variance; repeat it."),
]  # fmt: skip
BaseWeights = Annotated[
    str | None,
    typer.Option("--base-weights", metavar="COLUMN", rich_help_panel=DESIGN, show_default=False,
                 help="The weights before they were calibrated."),
]  # fmt: skip
Lonely = Annotated[
    str,
    typer.Option("--lonely-psu", metavar="POLICY", rich_help_panel=DESIGN,
                 help="A stratum with one PSU: fail, remove, certainty, adjust, average."),
]  # fmt: skip
SampleOption = Annotated[
    str,
    typer.Option("--sample", metavar="KIND", rich_help_panel=DESIGN,
                 help="How respondents were found: probability, quota, convenience, census, rds, time-location."),
]  # fmt: skip

Format = Annotated[
    str | None,
    typer.Option("--format", metavar="F", rich_help_panel=OUTPUT, show_default=False,
                 help="terminal, csv, json, markdown, html, latex, xlsx, docx; -o alone decides by the suffix."),
]  # fmt: skip
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", rich_help_panel=OUTPUT, show_default=False, help="Write to a file."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", rich_help_panel=OUTPUT, help="Replace an existing file.")]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANGUAGE",
        rich_help_panel=OUTPUT,
        help="Language of the words: en, es, fr, a region such as es-HN with its number marks; ar, pt: labels only.",
    ),
]
Decimals = Annotated[
    int | None,
    typer.Option("--decimals", min=0, max=10, rich_help_panel=OUTPUT, show_default=False, help="Decimals shown."),
]

Encoding = Annotated[
    str | None,
    typer.Option("--encoding", rich_help_panel=READING, show_default=False, help="Text encoding of the file."),
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", rich_help_panel=READING, show_default=False, help="Sheet of a workbook."),
]
CodebookOption = Annotated[
    str | None,
    typer.Option("--codebook", metavar="FILE", rich_help_panel=READING, show_default=False,
                 help="Labels from a file of their own: SPSS syntax (.sps), Triple-S, DDI, our codebook (json, csv)."),
]  # fmt: skip
DecimalMark = Annotated[
    str | None,
    typer.Option("--decimal-mark", metavar="MARK", rich_help_panel=READING, show_default=False,
                 help="Decimal mark of a text file: . or , (else by all of its columns)."),
]  # fmt: skip
Header = Annotated[
    int | None,
    typer.Option("--header", metavar="N", min=1, max=20, rich_help_panel=READING, show_default=False,
                 help="Rows of the table's head: 1 names only, 2 names and labels."),
]  # fmt: skip
Skip = Annotated[
    int | None,
    typer.Option("--skip", metavar="N", min=0, max=1000, rich_help_panel=READING, show_default=False,
                 help="Rows above the table's head, blank ones not counted."),
]  # fmt: skip
Engine = Annotated[
    str,
    typer.Option("--engine", metavar="ENGINE", rich_help_panel=READING,
                 help="Who counts respondents: memory (here) or spark (Parquet; no models, routes, protection)."),
]  # fmt: skip
Spark = Annotated[
    str | None,
    typer.Option("--spark", metavar="URL", rich_help_panel=READING, show_default="local[*]",
                 help="The cluster: spark://host:7077, yarn, sc://host, local[4]."),
]  # fmt: skip
KeepMissing = Annotated[
    bool,
    typer.Option("--keep-missing", rich_help_panel=READING,
                 help="Count codes labelled \"Don't know\", \"Refused\" and the like as the numbers that they are."),
]  # fmt: skip
KindOption = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="NAME=KIND", rich_help_panel=READING, show_default=False,
                 help="Read a column as single, number, text, id or date."),
]  # fmt: skip


def base(value: str) -> Base:
    """``--base``, checked."""
    return choice(value, get_args(Base), "--base")  # type: ignore[return-value]


def kinds(values: list[str] | None) -> dict[str, Kind]:
    """``--kind NAME=KIND``, checked."""
    found: dict[str, Kind] = {}
    for value in values or []:
        name, sign, kind = value.rpartition("=")
        if not sign or not name:
            raise UsageError(f"{value!r} is not NAME=KIND.", "--kind", "Write for example --kind age=number")
        found[name] = choice(kind, get_args(Kind), "--kind")  # type: ignore[assignment]
    return found


def design(
    *, weights: str | None, strata: str | None, psu: list[str] | None, fpc: list[str] | None, nest: bool,
    replicates: Replicates | None, lonely_psu: str, sample: str, df: float | None,
    calibrated_to: list[str] | None = None, base_weights: str | None = None,
    recruitment: Recruitment | None = None, rounds: Rounds | None = None, as_if_random: bool = False,
) -> Design:  # fmt: skip
    """The design that the options describe."""
    if df is not None and not df > 0:
        raise UsageError("degrees of freedom must be above 0.", "--df")
    lonely = choice(lonely_psu, get_args(LonelyPsu), "--lonely-psu")
    kind = choice(sample, get_args(Sample), "--sample")
    if base_weights is not None and not calibrated_to:
        raise UsageError("needs the margins too.", "--base-weights", "Name them with --calibrated-to.")
    if calibrated_to and replicates is not None:
        raise UsageError(
            "replicate weights bring the margins with them.", "--calibrated-to", "Leave one of the two out."
        )
    calibrated = Calibrated(margins=tuple(calibrated_to), base_weights=base_weights) if calibrated_to else None
    return Design(
        weights=weights, strata=strata, psu=tuple(psu or ()), fpc=tuple(fpc or ()), nest=nest,
        replicates=replicates, lonely_psu=lonely, sample=kind, df=df, calibrated=calibrated,  # type: ignore[arg-type]
        recruitment=recruitment, rounds=rounds, as_if_random=as_if_random,
    )  # fmt: skip


def _numbers(text: str | None, option: str) -> tuple[float, ...] | None:
    """Numbers of 0 or more that commas separate; None where nothing is given."""
    if text is None:
        return None
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(0 <= number < float("inf") for number in found):
        raise UsageError(
            f"{text!r} is no list of numbers of 0 or more.", option, f"Write for example {option} 0.5,0.5,0.8"
        )
    return found


def replicates(
    pattern: str | None,
    method: str | None,
    *,
    fay_rho: float,
    scale: float | None,
    rscales: str | None,
    mse: bool | None,
    factors: bool,
) -> Replicates | None:
    """The replicate weights that the options describe, None where none is named."""
    if pattern is None:
        if method is not None:
            raise UsageError("needs --replicate-weights.", "--replicate-method", "Write --replicate-weights 'rw*'")
        return None
    if method is None:
        raise UsageError(
            "needs --replicate-method.",
            "--replicate-weights",
            f"One of: {', '.join(get_args(ReplicateMethod))}",
        )
    known = choice(method.lower(), get_args(ReplicateMethod), "--replicate-method")
    return Replicates(
        columns=(pattern,),
        method=known,  # type: ignore[arg-type]
        scale=scale,
        rscales=_numbers(rscales, "--replicate-rscales"),
        fay_rho=fay_rho,
        mse=mse,
        combined=not factors,
    )  # fmt: skip
