"""Tables of a list of analysis: a line becomes an entry of [[tables]], or is told with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.analysis_list.analysis_line import AnalysisLine, AnalysisList
from surveytool.notes import Note, note
from surveytool.study.sections import TableEntry

if TYPE_CHECKING:
    from surveytool.study.study_file import Study
    from surveytool.survey import Kind, Survey

OR_ZERO, SELECTIONS, COMBINATIONS = "_or_0", "_selections", "_combinations"
STATISTICS = {"mean": "mean", "median": "median"}


def entries_of(entry: TableEntry, lists: AnalysisList) -> tuple[TableEntry, ...]:
    """An entry a line, with the other settings of the table that names the list."""
    return tuple(_entry(entry, line) for line in lists.lines)


def _entry(entry: TableEntry, line: AnalysisLine) -> TableEntry:
    by = tuple(":".join(names) for names in line.breakdowns) or entry.by
    name = line.variable
    statistic: str | None = STATISTICS.get(line.kind)
    where = entry.where
    if line.kind == "ratio":
        statistic = f"ratio:{line.denominator}"
        name = f"{name}{OR_ZERO}" if line.blank_is_zero else name
        if line.no_zero:
            more = f"{_quoted(str(line.denominator))} != 0"
            where = f"({where}) and {more}" if where else more
    name = f"{name}{SELECTIONS}" if line.kind == "selections" else name
    name = f"{name}{COMBINATIONS}" if line.kind == "combinations" else name
    return replace(
        entry, variable=name, loa=None, listed=line, by=by, total=line.total if line.breakdowns else True,
        level=line.level, statistic=statistic if statistic is not None else entry.statistic, where=where,
        exclude=(*entry.exclude, *line.exclude), roster=line.roster or entry.roster, title=line.title or entry.title,
        id=None,
    )  # fmt: skip


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"


def kinds_of(study: Study) -> dict[str, Kind]:
    """Columns that a list asks the answers of, and no mean: a number that is one is a category."""
    lines = [entry.listed for entry in study.tables if entry.listed is not None]
    numbers = {name for line in lines if line.kind in ("mean", "median", "ratio")
               for name in (line.variable, line.denominator)}  # fmt: skip
    return {line.variable: "single" for line in lines if line.kind == "select_one" and line.variable not in numbers}


def refusal(survey: Survey, line: AnalysisLine) -> str | None:
    """Why a line cannot be made of these data; None where it can."""
    rosters = {each.name for each in survey.rosters}
    if line.roster is not None and line.roster not in rosters:
        return f"no roster {line.roster}"
    prefix = f"{line.roster}." if line.roster is not None else ""
    for name in (line.variable, line.denominator, *(name for by in line.breakdowns for name in by)):
        if name is not None and f"{prefix}{name}" not in survey.codebook and name not in survey.codebook:
            return f"no variable {name}"
    if line.unweighted and survey.design.weights is not None:
        return "asks for no weights, and the design has some"
    own = f"{prefix}{line.variable}"
    variable = survey.codebook[own if own in survey.codebook else line.variable]
    if line.kind in ("select_multiple", "selections", "combinations") and variable.kind != "multiple":
        return f"{line.variable} is no question with several answers"
    if line.kind == "select_one" and variable.kind != "single":
        return f"{line.variable} is {variable.kind}, no question with one answer"
    if line.kind in ("mean", "median", "ratio") and variable.kind != "number":
        return f"{line.variable} is {variable.kind}, no number"
    return None


def made_of(survey: Survey, entries: Sequence[TableEntry]) -> list[TableEntry]:
    """The entries without those of a list that cannot be made."""
    return [each for each in entries if each.listed is None or refusal(survey, each.listed) is None]


def with_made_variables(study: Study, survey: Survey) -> Survey:
    """The survey with the questions that lists need and the data do not have."""
    from surveytool.study.listed_variables import combinations, or_zero, selections

    settings = {key: value for each in study.lists for key, value in each.settings.items()}
    for entry in study.tables:
        line = entry.listed
        if line is None or refusal(survey, line) is not None or line.roster is not None:
            continue
        name = str(entry.variable)
        if name in survey.codebook:
            continue
        if line.kind == "ratio":
            survey = or_zero(survey, name, line.variable)
        elif line.kind == "selections":
            survey = selections(survey, name, line, settings)
        elif line.kind == "combinations":
            survey = combinations(survey, name, line, settings)
    return survey


def list_notes(study: Study, survey: Survey) -> tuple[Note, ...]:
    """What is made of each list, and the lines that are not with their reasons."""
    return tuple(_list_notes(study, survey))


def _list_notes(study: Study, survey: Survey) -> Iterator[Note]:
    for each in study.lists:
        name = Path(each.path).name
        lines = [(line.sheet, line.row, why) for line in each.lines if (why := refusal(survey, line)) is not None]
        left = [*((own.sheet, own.row, own.why) for own in each.refused), *lines]
        total = len(each.lines) + len(each.refused)
        yield note("loa_made", list=name, made=total - len(left), n=total)
        if left:
            told = [f"{sheet} {row} ({why})" for sheet, row, why in sorted(left, key=lambda own: (own[0], own[1]))]
            yield note("loa_refused", list=name, n=len(left), lines=tuple(told))
