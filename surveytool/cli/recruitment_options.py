"""Options of how respondents were found: by one another, again in later rounds, or by no chance that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.errors import UsageError
from surveytool.survey import Recruitment, Rounds

if TYPE_CHECKING:
    from surveytool.cli.option_groups import Group

PANEL = "Recruitment"
Respondent = Annotated[
    str | None,
    typer.Option("--respondent", metavar="COLUMN", rich_help_panel=PANEL, show_default=False,
                 help="The respondents' identifiers, where respondents recruited one another."),
]  # fmt: skip
RecruiterOption = Annotated[
    str | None,
    typer.Option("--recruiter", metavar="COLUMN", rich_help_panel=PANEL, show_default=False,
                 help="The identifier of who recruited each respondent; blank or 'seed' where nobody did."),
]  # fmt: skip
Coupon = Annotated[
    str | None,
    typer.Option("--coupon", metavar="COLUMN", rich_help_panel=PANEL, show_default=False,
                 help="The coupon that each respondent brought, instead of a recruiter."),
]  # fmt: skip
Coupons = Annotated[
    list[str] | None,
    typer.Option("--coupons", metavar="COLUMN", rich_help_panel=PANEL, show_default=False,
                 help="A coupon that each respondent was given; repeat it."),
]  # fmt: skip
Degree = Annotated[
    str | None,
    typer.Option("--degree", metavar="COLUMN", rich_help_panel=PANEL, show_default=False,
                 help="How many people of the population each respondent knows."),
]  # fmt: skip
MissingDegreeOption = Annotated[
    str,
    typer.Option("--missing-degree", metavar="CHOICE", rich_help_panel=PANEL,
                 help="Where the degree is missing or 0: fail, leave-out, mean (harmonic), largest."),
]  # fmt: skip
OrphansOption = Annotated[
    str,
    typer.Option("--orphans", metavar="CHOICE", rich_help_panel=PANEL,
                 help="Respondents whose recruiter is not in the file: fail, or seed (taken as seeds)."),
]  # fmt: skip
Population = Annotated[
    float | None,
    typer.Option("--population", metavar="N", rich_help_panel=PANEL, show_default=False,
                 help="The size of the population, for gile-ss and for totals of people."),
]  # fmt: skip
EstimatorOption = Annotated[
    str,
    typer.Option("--estimator", metavar="NAME", rich_help_panel=PANEL, help="rds-i, rds-ii, gile-ss, none."),
]
RecruitmentVarianceOption = Annotated[
    str,
    typer.Option("--recruitment-variance", metavar="METHOD", rich_help_panel=PANEL,
                 help="How samples are drawn anew: tree, neighbourhood, salganik."),
]  # fmt: skip
ReplicatesOption = Annotated[
    int,
    typer.Option("--replicates", metavar="N", rich_help_panel=PANEL, help="How many samples are drawn anew."),
]
SeedOption = Annotated[
    int,
    typer.Option("--seed", metavar="N", rich_help_panel=PANEL, help="The seed of their random numbers."),
]
RoundOption = Annotated[
    str | None,
    typer.Option("--round", metavar="COLUMN", rich_help_panel=o.DESIGN, show_default=False,
                 help="The column of the round, where a survey comes again."),
]  # fmt: skip
UnitOption = Annotated[
    str | None,
    typer.Option("--unit", metavar="COLUMN", rich_help_panel=o.DESIGN, show_default=False,
                 help="Who may be in several rounds: the column of the person or household."),
]  # fmt: skip
AsIfRandom = Annotated[
    bool,
    typer.Option("--as-if-random", rich_help_panel=o.DESIGN,
                 help="Print intervals of a quota or convenience sample, as of a random sample of the same design."),
]  # fmt: skip

ChangeOption = Annotated[
    str | None,
    typer.Option("--change", metavar="FROM", rich_help_panel=o.TABLE, show_default=False,
                 help="Changes between the rounds of a breakdown: from the previous one, from the first, or from so "
                 "many rounds before (12: the same month a year before)."),
]  # fmt: skip
RECRUITMENT: Group = {
    "respondent": (Respondent, None),
    "recruiter": (RecruiterOption, None),
    "coupon": (Coupon, None),
    "coupons": (Coupons, None),
    "degree": (Degree, None),
    "missing_degree": (MissingDegreeOption, "fail"),
    "orphans": (OrphansOption, "fail"),
    "population": (Population, None),
    "estimator": (EstimatorOption, "rds-ii"),
    "recruitment_variance": (RecruitmentVarianceOption, "tree"),
    "replicates": (ReplicatesOption, 500),
    "seed": (SeedOption, 1),
    "round": (RoundOption, None),
    "unit": (UnitOption, None),
    "as_if_random": (AsIfRandom, False),
}
OPTION = {"id": "respondent", "variance": "recruitment_variance"}  # of a setting, where it has another name


def recruitment_of(
    given: Mapping[str, Any], typed: Callable[[str], bool], usual: Recruitment | None
) -> Recruitment | None:
    """Who recruited whom by the options, over what the study says. Raises ``UsageError``."""
    options = {field.name: OPTION.get(field.name, field.name) for field in fields(Recruitment)}
    said = {name: given[option] for name, option in options.items() if option in given and typed(option)}
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    if not said:
        return usual
    try:
        return Recruitment(**said) if usual is None else replace(usual, **said)
    except UsageError as error:
        option = OPTION.get(error.where, error.where).replace("_", "-")
        raise UsageError(error.message, f"--{option}", error.cure) from None


def rounds_of(given: Mapping[str, Any], typed: Callable[[str], bool], usual: Rounds | None) -> Rounds | None:
    """The rounds by the options, over what the study says. Raises ``UsageError``."""
    said = {name: given[name] for name in ("round", "unit") if name in given and typed(name)}
    if not said:
        return usual
    if usual is None and "round" not in said:
        raise UsageError("needs the column of the round.", "--unit", "Write for example --round wave --unit person")
    return Rounds(**said) if usual is None else replace(usual, **said)
