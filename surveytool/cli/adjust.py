"""``surveytool adjust``: a sample that chose itself, adjusted to a population that a reference survey knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.command_source import typed
from surveytool.cli.option_groups import OUTPUT, READING, reading_of, takes, target_of

PANEL = "Adjustment"


def _text(name: str, metavar: str, told: str) -> Any:
    """An option that is a text."""
    return typer.Option(name, metavar=metavar, show_default=False, rich_help_panel=PANEL, help=told)


Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The sample: a data file, or a study file.", show_default=False)
]
Reference = Annotated[
    str | None, _text("--reference", "FILE", "A survey of the population: a data file, or a study with its own design.")
]
Totals = Annotated[
    str | None, _text("--totals", "FILE", "Instead of a survey: totals of the population (variable, level, value).")
]
ReferenceWeights = Annotated[
    str | None, _text("--reference-weights", "COLUMN", "The reference's weights, which sum to the population.")
]
ReferencePsu = Annotated[list[str] | None, _text("--reference-psu", "NAME", "The reference's sampling units.")]
ReferenceStrata = Annotated[str | None, _text("--reference-strata", "COLUMN", "The reference's strata.")]
By = Annotated[
    list[str] | None, _text("--by", "NAME", "A variable that both have, by which the sample is adjusted; repeat it.")
]
Outcome = Annotated[list[str] | None, _text("--outcome", "NAME", "What is estimated; repeat it.")]
GroupOption = Annotated[
    list[str] | None,
    _text("--group", "NAME", "Figures of each group of this variable too, which both have; repeat it."),
]
Method = Annotated[
    str | None, _text("--method", "METHOD", "ipw (inverse chances), impute, or dr (doubly robust). Default: all.")
]
Participation = Annotated[
    str | None, _text("--participation", "HOW", "How chances are estimated: ml or calibrated. Default: ml.")
]
Link = Annotated[
    str | None, _text("--link", "LINK", "The link of the chances: logit, probit or cloglog. Default: logit.")
]
FamilyOption = Annotated[
    str | None,
    _text(
        "--family",
        "FAMILY",
        "The outcome's model: linear, logistic or poisson. Default: logistic to impute shares, else linear.",
    ),
]
OwnSize = Annotated[
    bool,
    typer.Option("--own-size", rich_help_panel=PANEL, help="Divide by the weights' own sum, not the population's."),
]
Variance = Annotated[
    str | None, _text("--variance", "WHICH", "nonprobsvy (as R's package prints it; the default) or linearised.")
]


@takes(OUTPUT, READING)
def adjust(
    source: Source,
    given: Mapping[str, Any],
    reference: Reference = None,
    totals: Totals = None,
    reference_weights: ReferenceWeights = None,
    reference_psu: ReferencePsu = None,
    reference_strata: ReferenceStrata = None,
    by: By = None,
    outcome: Outcome = None,
    group: GroupOption = None,
    method: Method = None,
    participation: Participation = None,
    link: Link = None,
    family: FamilyOption = None,
    own_size: OwnSize = False,
    variance: Variance = None,
    level: o.Level = 0.95,
) -> None:
    """A sample that chose itself, adjusted: inverse chances to take part, imputation, or both (doubly robust).

    surveytool adjust online.csv --reference survey.csv --reference-weights w --by sex --by age --outcome works
    """
    from surveytool.adjustment.adjusted import adjusted, plan_of
    from surveytool.adjustment.adjusted_tables import rendered

    asked = {
        "reference": reference, "totals": totals, "reference_weights": reference_weights, "by": tuple(by or ()),
        "reference_psu": tuple(reference_psu or ()), "reference_strata": reference_strata, "method": method,
        "outcome": tuple(outcome or ()), "group": tuple(group or ()), "participation": participation, "link": link,
        "family": family, "own_size": own_size or None, "variance": variance,
        "level": level if typed("level") else None,
    }  # fmt: skip
    target = target_of(given, source)
    language = given["lang"] if typed("lang") else None
    reading = {name: value for name, value in reading_of(given).items() if value is not None}
    survey, plan, study = plan_of(source, asked, language, **reading)
    folder = study.path.parent if study is not None and reference is None and totals is None else Path()
    spoken = given["lang"] if study is None or typed("lang") else study.language
    made = adjusted(survey, plan, folder, study=study, language=spoken)
    target.write(rendered(made, target.format, decimals=given["decimals"], width=target.width, colour=target.colour))
