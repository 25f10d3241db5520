"""The options of ``surveytool weight``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surveytool.cli import options as o

PANEL = "Weights"
In = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A data file, a table of a database, or a study file.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", show_default=False, rich_help_panel=o.OUTPUT,
                 help="The file to write, with the new column: sav, zsav, dta, csv, tsv, xlsx, parquet."),
]  # fmt: skip
MarginOption = Annotated[
    list[str] | None,
    typer.Option("--margin", metavar="MARGIN", show_default=False, rich_help_panel=PANEL,
                 help="'sex: Male=0.55, Female=0.45' (shares, or numbers of people) or 'age=1250000' (the sum of a "
                 "number); with --margins-from only a name; repeat it."),
]  # fmt: skip
MarginsFile = Annotated[
    Path | None,
    typer.Option("--margins", metavar="FILE", show_default=False, rich_help_panel=PANEL,
                 help="Margins from a csv (variable, level, value, and se if they are estimates) or TOML file."),
]  # fmt: skip
Method = Annotated[
    str | None,
    typer.Option("--method", metavar="METHOD", show_default=False, rich_help_panel=PANEL,
                 help="rake, poststratify, linear, raking or logit. Default: rake, or raking with numbers."),
]  # fmt: skip
Bounds = Annotated[
    str | None,
    typer.Option("--bounds", metavar="LOW,HIGH", show_default=False, rich_help_panel=PANEL,
                 help="Least and most factor between new and old weight (linear, raking, logit)."),
]  # fmt: skip
Trim = Annotated[
    str | None,
    typer.Option("--trim", metavar="LOW,HIGH", show_default=False, rich_help_panel=PANEL,
                 help="Cut weights below LOW and above HIGH times their mean; the rest is shared out."),
]  # fmt: skip
Size = Annotated[
    float | None,
    typer.Option("--size", metavar="N", show_default=False, rich_help_panel=PANEL,
                 help="People in the population. Default: the sum of the weights."),
]  # fmt: skip
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="COLUMN", show_default=False, rich_help_panel=PANEL,
                 help="The name of the new column. Default: calibrated_weight."),
]  # fmt: skip
ReplicatesOption = Annotated[
    str | None,
    typer.Option("--replicates", metavar="METHOD[:N]", show_default=False, rich_help_panel=PANEL,
                 help="Make replicate weights that go through every step: bootstrap:200, jkn, jk1, brr, fay, sdr:64."),
]  # fmt: skip
Seed = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", min=0, show_default=False, rich_help_panel=PANEL,
                 help="Where drawing replicates begins. Default: 1."),
]  # fmt: skip
FayRho = Annotated[
    float | None,
    typer.Option("--fay-rho", metavar="RHO", show_default=False, rich_help_panel=PANEL,
                 help="Fay's coefficient of --replicates fay. Default: 0.5."),
]  # fmt: skip
ReportFile = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", show_default=False, rich_help_panel=o.OUTPUT,
                 help="A page about the weights: steps, balance, love plot, targets (html, or json)."),
]  # fmt: skip
Compare = Annotated[
    list[str] | None,
    typer.Option("--compare", metavar="VARIABLE", show_default=False, rich_help_panel=PANEL,
                 help="A variable whose balance the page shows though it is no margin; repeat it."),
]  # fmt: skip
MarginsFrom = Annotated[
    str | None,
    typer.Option("--margins-from", metavar="FILE", show_default=False, rich_help_panel=PANEL,
                 help="Take the margins from another survey, a data file or a study, with their uncertainty."),
]  # fmt: skip
Covariance = Annotated[
    str | None,
    typer.Option("--covariance", metavar="FILE", show_default=False, rich_help_panel=PANEL,
                 help="Covariances of the totals of --margins: a csv with a column margin and one a margin."),
]  # fmt: skip
ReferenceWeights = Annotated[
    str | None,
    typer.Option("--reference-weights", metavar="COLUMN", show_default=False, rich_help_panel=PANEL,
                 help="The weights of the reference survey."),
]  # fmt: skip
ReferencePsu = Annotated[
    list[str] | None,
    typer.Option("--reference-psu", metavar="COLUMN", show_default=False, rich_help_panel=PANEL,
                 help="The sampling units of the reference survey."),
]  # fmt: skip
ReferenceStrata = Annotated[
    str | None,
    typer.Option("--reference-strata", metavar="COLUMN", show_default=False, rich_help_panel=PANEL,
                 help="The strata of the reference survey."),
]  # fmt: skip
ReferenceMethod = Annotated[
    str | None,
    typer.Option("--reference-method", metavar="METHOD", show_default=False, rich_help_panel=PANEL,
                 help="How their uncertainty gets into the replicates: fuller (the default) or opsomer."),
]  # fmt: skip
CountsFile = Annotated[
    Path | None,
    typer.Option("--counts", metavar="FILE", show_default=False, rich_help_panel="Places and times",
                 help="A csv of the sessions of the period: the columns that name them in the data (point, day, "
                 "shift), count (people who passed), and if need be stratum and probability."),
]  # fmt: skip
Crossings = Annotated[
    str | None,
    typer.Option("--crossings", metavar="COLUMN", show_default=False, rich_help_panel="Places and times",
                 help="How often each respondent passes in the period: weights then count people, not crossings."),
]  # fmt: skip
