"""``surveytool check``: everything wrong or suspicious before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import completion
from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource, is_study
from surveytool.cli.field_options import FIELD, field_check
from surveytool.cli.option_groups import DESIGN, OUTPUT, READING, read_whole, reading_of, takes
from surveytool.cli.recruitment_options import RECRUITMENT

if TYPE_CHECKING:
    from surveytool.checks import CheckReport
    from surveytool.study.load import Draft

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", rich_help_panel=o.TABLE, show_default=False,
                 help="Look for empty and small groups of a breakdown; repeat it; sex:age crosses two.",
                 autocompletion=completion.breakdowns),
]  # fmt: skip

RISK = "Risk"
RiskFlag = Annotated[
    bool,
    typer.Option("--risk", rich_help_panel=RISK,
                 help="Instead: how far the file gives respondents away (k-anonymity, special uniques)."),
]  # fmt: skip
RiskOn = Annotated[
    list[str] | None,
    typer.Option("--risk-on", metavar="NAME", rich_help_panel=RISK, show_default=False,
                 help="What others may know of a respondent; repeat it. Default: proposed by name.",
                 autocompletion=completion.variables),
]  # fmt: skip
Least = Annotated[int, typer.Option("--k", rich_help_panel=RISK, help="Classes smaller than this are at risk.")]
Fraction = Annotated[
    float | None,
    typer.Option("--fraction", metavar="SHARE", rich_help_panel=RISK, show_default=False,
                 help="The sampling fraction. Default: n over the sum of weights that count people."),
]  # fmt: skip


@takes(FIELD, DESIGN, RECRUITMENT, OUTPUT, READING)
def check(
    source: o.Source,
    given: Mapping[str, Any],
    by: By = None,
    risk: RiskFlag = False,
    risk_on: RiskOn = None,
    k: Least = 3,
    fraction: Fraction = None,
) -> int:
    """Everything wrong or suspicious in a study, a design, a data file, before anything is computed.

    Errors stop figures from being computed, warnings make them doubtful or
    harm respondents, notes are worth knowing. No respondent's answer is shown.

    Exit status 0: no errors; 2: an error in the study file; 3: the data
    cannot be read; 4: the design cannot be used.

    surveytool check study.toml

    surveytool check transit.sav --weights weight --strata country_interview --psu site
    """
    from surveytool.checks.finding_table import render_findings

    draft = _draft(source)
    way = CommandSource(source, given, draft.study if draft is not None else None)
    way.advice = False
    target = way.target()
    dress: dict[str, Any] = {"width": target.width, "colour": target.colour}
    if given["field"]:
        return field_check(way, draft, target)
    if risk or risk_on:
        from surveytool.disclosure_risk import assess
        from surveytool.disclosure_risk.risk_table import render_risk

        assessed = assess(way.survey(None), risk_on or (), k=k, fraction=fraction)
        target.write(render_risk(assessed, target.format, target.words, **dress))
        return 0
    report = _of_study(way, draft, by or []) if draft is not None else _of_data(way, by or [])
    target.write(render_findings(report, target.format, target.words, **dress))
    return report.exit_status


def _draft(source: str) -> Draft | None:
    """A study file as far as it can be read; None for a data file."""
    if not is_study(source):
        return None
    from surveytool.study.load import examine

    return examine(source)


def _of_study(way: CommandSource, draft: Draft, by: list[str]) -> CheckReport:
    from surveytool.checks.study_checks import check_study
    from surveytool.study.study_survey import Reading

    asked = reading_of(way.given)
    reading = Reading(
        design=way.design, encoding=asked["encoding"], sheet=asked["sheet"], kinds=asked["kinds"] or {},
        dialect=asked["dialect"],
        keep_missing=asked["keep_missing"], codebook=asked["codebook"],
    )  # fmt: skip
    return check_study(draft, reading=reading, language=way.language, by=by)


def _of_data(way: CommandSource, by: list[str]) -> CheckReport:
    """A data file is read whole before its design is looked up, so that a wrong name is one finding among others."""
    from surveytool.checks import check as checked
    from surveytool.checks.run_checks import breakdowns

    streams = not way.design.needs_respondents
    survey = replace(read_whole(way.source, way.given, stream=streams), design=way.design)
    return checked(survey, breakdowns(by, survey))
