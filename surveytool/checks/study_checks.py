"""A study checked whole: every problem of its file, and every finding about its data, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from surveytool.checks.finding import CheckReport, Finding, finding, ordered
from surveytool.checks.run_checks import breakdowns, check
from surveytool.errors import SurveytoolError, UnreadableData
from surveytool.notes import note
from surveytool.study import Problem, StudyError, open_study
from surveytool.study.load import Draft
from surveytool.study.rules import conditions
from surveytool.study.study_file import Study
from surveytool.study.study_survey import Reading
from surveytool.survey import Design, Provenance, Request, Survey


def check_study(
    draft: Draft, *, reading: Reading | None = None, language: str | None = None, by: Sequence[str] = ()
) -> CheckReport:
    """Findings about a study as far as it could be read; ``by`` are breakdowns beside those of its tables.

    Where names of the study do not fit, the data are checked as they stand in the file.
    Raises ``UnreadableData`` where nothing but the data is wrong.
    """
    study, asked = draft.study, reading or Reading()
    problems = list(draft.problems)
    unread: UnreadableData | None = None
    survey: Survey | None = None
    try:
        survey = open_study(readable(study), language=language, reading=asked, gate=False, stream=True)
    except StudyError as error:
        problems += [problem for problem in error.problems if not _made_elsewhere(problem, study)]
        survey, unread = _as_it_stands(study, asked)
    except UnreadableData as error:
        unread = error
    except SurveytoolError as error:
        problems += [] if problems else [Problem(message=error.message, cure=error.cure)]
        survey, unread = _as_it_stands(study, asked)
    findings = [_finding(problem) for problem in sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)]
    if unread is not None:
        if not findings:
            raise unread
        findings.append(finding("error", "said", unread.where, text=f"{unread.message} {unread.cure}".strip()))
    if survey is None:
        design = asked.design or study.design
        return CheckReport(findings=ordered(findings), source=Provenance(path=str(study.path)), design=design)
    return check(survey, [*_requests(study, survey), *breakdowns(by, survey)], findings)


def readable(study: Study) -> Study:
    """The study without recodes and conditions that cannot be read, so that the rest of it can meet the data."""
    from surveytool.recoding import faults

    bad = {spot[:2] for spot, text in conditions(study) if not _reads(text)}
    bad |= {("recodes", number) for number, recode in study.entries("recodes") if faults(recode)}
    kept: dict[str, Any] = {}
    numbers: dict[str, tuple[int, ...]] = {}
    for section in ("recodes", "tables", "charts"):
        sound = [(number, entry) for number, entry in study.entries(section) if (section, number) not in bad]
        kept[section] = tuple(entry for _, entry in sound)
        numbers[section] = tuple(number for number, _ in sound)
    kept["variables"] = {
        name: replace(variable, asked_when=None) if ("variables", name) in bad else variable
        for name, variable in study.variables.items()
    }
    return replace(study, **kept, numbers={**study.numbers, **numbers})


def _made_elsewhere(problem: Problem, study: Study) -> bool:
    """Whether a name is only unknown because the recode that makes it has a fault of its own."""
    return any(f"no variable named {name!r}" in problem.message for name in study.promised)


def _reads(text: str) -> bool:
    from surveytool.aggregate.where_language import parse

    try:
        parse(text)
    except SurveytoolError:
        return False
    return True


def _as_it_stands(study: Study, reading: Reading) -> tuple[Survey | None, UnreadableData | None]:
    """The data without the study's variables and recodes, and without design columns that there are not."""
    from surveytool.reading import read

    if study.data is None:
        return None, None
    try:
        survey = read(
            str(study.data_source), design=Design(), encoding=reading.encoding or study.data.encoding,
            sheet=reading.sheet or study.data.sheet, stream=True, dialect=reading.over(study.data),
        )  # fmt: skip
    except UnreadableData as error:
        return None, error
    design = reading.design or study.design
    complete = all(name in survey.codebook for name in design.columns())
    return replace(survey, design=design if complete else Design()), None


def _finding(problem: Problem) -> Finding:
    """A problem as a finding: its setting and its line are the place."""
    line = f"line {problem.line}" if problem.line is not None else ""
    where = [", ".join(part for part in (problem.setting, line) if part)]
    cure = note("check_said", text=problem.cure) if problem.cure else None
    return Finding(
        severity="error", kind="study", part="study", where=tuple(part for part in where if part),
        what=note("check_said", text=problem.message), cure=cure,
    )  # fmt: skip


def _requests(study: Study, survey: Survey) -> list[Request]:
    """The breakdowns of the study's tables and charts whose variables there are."""
    requests = [request for entry in (*study.tables, *study.charts) for request in entry.requests(survey.codebook)]
    return [request for request in requests if all(name in survey.codebook for names in request.by for name in names)]
