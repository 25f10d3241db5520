"""``surveytool reproduce``: published figures against the data, and against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.output import Target
from surveytool.cli.protection import GATE, guarded
from surveytool.cli.shared import DESIGN, OUTPUT, READING, design_of, reading_of, takes, target_of
from surveytool.errors import UsageError
from surveytool.survey import Design, Request

if TYPE_CHECKING:
    from surveytool.claim import Claim, ClaimReport

NOT_REPRODUCED = 1
CLAIMS = "Claims"

Data = Annotated[
    str | None,
    typer.Argument(metavar="DATA", help="Data file; without one only the arithmetic is checked.", show_default=False),
]
ClaimsFile = Annotated[
    Path | None,
    typer.Option("--claims", metavar="FILE", rich_help_panel=CLAIMS, show_default=False,
                 help="Published figures: a csv, one row a figure (id, published, variable, level, by_NAME ...)."),
]  # fmt: skip
Failures = Annotated[
    bool, typer.Option("--failures", rich_help_panel=CLAIMS, help="Show only what was not reproduced.")
]


@takes(DESIGN, GATE, OUTPUT, READING)
def reproduce(
    given: Mapping[str, Any],
    source: Data = None,
    claims: ClaimsFile = None,
    failures: Failures = False,
    ci: o.Ci = None,
    level: o.Level = 0.95,
) -> int:
    """Check published figures against the data, and against each other.

    A figure is reproduced if the estimate rounds to it, consistent if it does
    not but the interval holds it. Where it does not come out, the reading that
    gives it is searched: unweighted, another base, row percent, and others.
    Without DATA the figures are only checked against each other.

    Exit status 1: a claim is not reproduced, or figures contradict each other.
    Consistent claims pass, and so do those that the data cannot be asked.

    surveytool reproduce transit.sav --claims claims.csv --weights weight
    """
    if claims is None:
        raise UsageError("no claims are named.", "reproduce", "Write for example: --claims claims.csv")
    pattern = Request(variable="", interval=ci, level=level)
    design, target = design_of(given), target_of(given, source or str(claims))
    return _reproduce(source, claims, design, given, target, pattern, failures)


def _reproduce(
    source: str | None, file: Path, design: Design, given: Mapping[str, Any], target: Target, pattern: Request,
    failures: bool,
) -> int:  # fmt: skip
    """The corridor of one file of claims."""
    from surveytool.claim import check, load_claims
    from surveytool.claim.output import render_claims
    from surveytool.claim.report import without_data

    claims = load_claims(file)
    if source is None:
        report = without_data(claims, check(claims, weighted=design.weights is not None))
    else:
        report = _against(source, claims, design, given, pattern)
    dress = {"width": target.width, "colour": target.colour, "failures": failures}
    target.write(render_claims(report, target.format, target.words, **dress))  # type: ignore[arg-type]
    return NOT_REPRODUCED if report.failed else 0


def _against(
    source: str, claims: Sequence[Claim], design: Design, given: Mapping[str, Any], pattern: Request
) -> ClaimReport:
    """Claims against a data file."""
    from surveytool.claim import ClaimReport, asker, check
    from surveytool.claim.judge import examine
    from surveytool.reading import read

    survey = guarded(read(source, design=design, **reading_of(given)), given)
    findings = check(claims, weighted=design.weights is not None, book=survey.codebook)
    ask = asker(survey, interval=pattern.interval, level=pattern.level)
    unweighted = asker(replace(survey, design=Design(sample=design.sample)))
    found = examine(claims, ask, unweighted, findings)
    return ClaimReport(verdicts=found.verdicts, findings=tuple(findings), results=found.results)
