"""``surveytool check``: everything wrong or suspicious before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.shared import DESIGN, OUTPUT, READING, design_of, reading_of, takes, target_of

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", rich_help_panel=o.TABLE, show_default=False,
                 help="Look for empty and small groups of a breakdown; repeat it; sex:age crosses two."),
]  # fmt: skip


@takes(DESIGN, OUTPUT, READING)
def check(source: o.Source, given: Mapping[str, Any], by: By = None) -> int:
    """Everything wrong or suspicious in a data file and its design, before anything is computed.

    Errors stop figures from being computed, warnings make them doubtful or
    harm respondents, notes are worth knowing. No respondent's answer is shown.

    Exit status 0: no errors; 2: an error in the study file; 3: the data
    cannot be read; 4: the design cannot be used.

    surveytool check transit.sav --weights weight --strata country_interview --psu site
    """
    from surveytool.check import check as checked
    from surveytool.check.report import render_findings
    from surveytool.reading import read
    from surveytool.run import breakdown
    from surveytool.survey import Request

    target = target_of(given, source)
    survey = read(source, **reading_of(given))
    from dataclasses import replace

    survey = replace(survey, design=design_of(given))
    requests = [Request(variable="", by=tuple(breakdown(survey, text) for text in by))] if by else []
    report = checked(survey, requests)
    dress = {"width": target.width, "colour": target.colour}
    target.write(render_findings(report, target.format, target.words, **dress))  # type: ignore[arg-type]
    return report.exit_status
