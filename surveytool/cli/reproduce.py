"""``surveytool reproduce``: published figures against the data, and against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource, is_study
from surveytool.cli.option_groups import DESIGN, ENGINE, OUTPUT, READING, takes
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import RECRUITMENT
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.published_figures import Claim, ClaimReport
    from surveytool.survey import Survey

NOT_REPRODUCED = 1
CLAIMS = "Claims"

Data = Annotated[
    str | None,
    typer.Argument(
        metavar="STUDY|DATA",
        show_default=False,
        help="A study file, or a data file; without data only the arithmetic is checked.",
    ),
]
ClaimsFile = Annotated[
    Path | None,
    typer.Option("--claims", metavar="FILE", rich_help_panel=CLAIMS, show_default=False,
                 help="Published figures: a csv, one row a figure (id, published, variable, level, by_NAME ...)."),
]  # fmt: skip
Failures = Annotated[
    bool, typer.Option("--failures", rich_help_panel=CLAIMS, help="Show only what was not reproduced.")
]
Against = Annotated[
    Path | None,
    typer.Option("--against", metavar="MANIFEST.json", rich_help_panel=CLAIMS, show_default=False,
                 help="Instead: what has changed since a manifest was written (by --manifest); SOURCE is the "
                 "study, the data, or a second manifest."),
]  # fmt: skip


@takes(DESIGN, RECRUITMENT, GATE, OUTPUT, READING, ENGINE)
def reproduce(
    given: Mapping[str, Any],
    source: Data = None,
    claims: ClaimsFile = None,
    failures: Failures = False,
    against: Against = None,
    ci: o.Ci = None,
    level: o.Level = 0.95,
) -> int:
    """Check published figures against the data, and against each other.

    A figure is reproduced if the estimate rounds to it, consistent if it does
    not but the interval holds it. Where it does not come out, the reading that
    gives it is searched: unweighted, another base, row percent, and others.
    Without data the figures are only checked against each other.

    Exit status 1: a claim is not reproduced, or figures contradict each other.
    Consistent claims pass, and so do those that the data cannot be asked, and
    sets that a study marks as disputed.

    surveytool reproduce study.toml

    surveytool reproduce transit.sav --claims claims.csv --weights weight

    surveytool reproduce --against manifest.json study.toml
    """
    from surveytool.published_figures.claim_output import render_claims

    if against is not None:
        return _since(against, source, given)
    if claims is None and (source is None or not is_study(source)):
        raise UsageError("no claims are named.", "reproduce", "Name a study file, or write: --claims claims.csv")
    way = CommandSource(source or str(claims), given)
    target = way.target()
    given["ledger"].claims = claims
    report = _report(way, claims, source is not None, ci, level)
    given["ledger"].counted(*report.results)
    way.audit(report.results)
    dress: dict[str, Any] = {"width": target.width, "colour": target.colour, "failures": failures}
    target.write(render_claims(report, target.format, target.words, **dress))
    return NOT_REPRODUCED if report.failed else 0


def _since(against: Path, source: str | None, given: Mapping[str, Any]) -> int:
    """What has changed since a manifest; 1 where numbers may have."""
    from surveytool.cli.option_groups import target_of
    from surveytool.manifest import changes, read_manifest
    from surveytool.manifest.change_table import render_changes
    from surveytool.manifest.present_state import now

    target = target_of(given, source or str(against))
    then = read_manifest(against)
    second = source is not None and source.lower().endswith(".json")
    current = read_manifest(Path(str(source))) if second else now(then, against, source)
    found = changes(then, current, numbers=second)
    target.write(render_changes(found, target.format, target.words, width=target.width, colour=target.colour))
    return NOT_REPRODUCED if any(each.matters for each in found) else 0


def _report(way: CommandSource, file: Path | None, has_data: bool, ci: str | None, level: float) -> ClaimReport:
    """Every claim of the study or of the csv, with a verdict."""
    from surveytool.published_figures import check, load_claims
    from surveytool.published_figures.claim_table import without_data
    from surveytool.study.study_claims import judge

    study, weighted = way.study, way.design.weighted
    named = load_claims(file) if file is not None else []
    if study is None:
        if not has_data:
            return without_data(named, check(named, weighted=weighted))
        return _against(way.survey(None), named, ci, level)
    claims = named if file is not None else study.claims_in(way.language)
    if not claims:
        raise UsageError("has no claims.", way.source, "Write [[claims]], or claims_file in [study].")
    if study.data is None:
        return judge(study, claims, weighted=weighted, language=way.language)
    survey = way.survey(None)
    ask, plain = _askers(survey, ci, level)
    return judge(
        study, claims, weighted=weighted, language=way.language, book=survey.codebook, ask=ask, unweighted=plain
    )  # fmt: skip


def _against(survey: Survey, claims: Sequence[Claim], ci: str | None, level: float) -> ClaimReport:
    """Claims of a csv against a data file."""
    from surveytool.published_figures import ClaimReport, check
    from surveytool.published_figures.judge import examine

    findings = check(claims, weighted=survey.design.weighted, book=survey.codebook)
    found = examine(claims, *_askers(survey, ci, level), findings)
    return ClaimReport(verdicts=found.verdicts, findings=tuple(findings), results=found.results)


def _askers(survey: Survey, ci: str | None, level: float) -> tuple[Any, Any]:
    """What the claims ask: the survey with its weights, and without."""
    from surveytool.published_figures import asker

    plain = replace(survey, design=survey.design.unweighted())
    return asker(survey, interval=ci, level=level), asker(plain)
