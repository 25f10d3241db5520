"""All checks over one survey."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.checks import CHECKS
from surveytool.checks.finding import CheckReport, Finding, finding, grouped, ordered
from surveytool.checks.raw_survey import RawSurvey
from surveytool.errors import SurveytoolError, UnknownVariable
from surveytool.lazy import registered
from surveytool.survey import Request, Survey, breakdown


def check(survey: Survey, requests: Sequence[Request] = (), before: Sequence[Finding] = ()) -> CheckReport:
    """Every finding about a survey; ``requests`` are the tables whose groups are looked at.

    ``before`` are findings from elsewhere (a study file's own problems). Nothing is
    computed and nothing is changed.
    """
    raw = RawSurvey(survey, requests)
    findings = [*before, *_unknown(survey)]
    for address in CHECKS.values():
        findings += registered("surveytool.checks", address)(raw)
    stopped = any(_explains(finding_) for finding_ in findings)
    kept = [finding_ for finding_ in findings if not (finding_.kind == "design_refused" and stopped)]
    return CheckReport(findings=ordered(grouped(kept)), source=survey.provenance, design=survey.design)


def breakdowns(by: Sequence[str], survey: Survey) -> list[Request]:
    """Breakdowns as they are typed, as something whose groups are looked at."""
    return [Request(variable="", by=tuple(breakdown(text, survey.codebook) for text in by))] if by else []


def _explains(finding: Finding) -> bool:
    """A design error that says more than the reader of designs does."""
    if finding.kind == "unknown_column":
        return True
    return (
        finding.severity == "error"
        and finding.part == "design"
        and finding.kind not in ("design_refused", "lonely_psu")
    )


def _unknown(survey: Survey) -> list[Finding]:
    """Design columns that the data do not have."""
    findings = []
    for name in survey.design.columns():
        if name not in survey.codebook:
            error = UnknownVariable(name, survey.codebook)
            findings.append(finding("error", "unknown_column", name, part="study", text=str(error)))
    return findings


def problem(error: SurveytoolError) -> Finding:
    """A problem of a study file as a finding: its own words, its place."""
    said = " ".join(f"{error.message} {error.cure}".split())
    return finding("error", "said", *([error.where] if error.where else []), part="study", text=said)
