"""Answers that leave the base: a request is asked among those who gave none of them, and their rows are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates
from surveytool.notes import note
from surveytool.survey import Request, Survey, Variable, code_text, find_level


def quoted(name: str) -> str:
    """A name as conditions write it."""
    return name if name.isidentifier() else f"`{name}`"


def among_others(survey: Survey, request: Request) -> Request:
    """The request among those who gave none of the answers that it excludes; of a number as it is."""
    if not request.exclude:
        return request
    codes = _codes(survey.codebook[request.variable], request.exclude)
    if not codes:
        return replace(request, exclude=())
    name = quoted(request.variable)
    given = ", ".join(_text(code) for code in codes)
    kept = f"(not {name} in ({given}) or {name} is missing)"
    where = f"({request.where}) and {kept}" if request.where else kept
    return replace(request, exclude=(), where=where)


def _text(code: str) -> str:
    sign = "'" if "'" not in code else '"'
    if sign in code:
        raise UsageError("an excluded answer holds both kinds of quotes.", "exclude", "Name it by its code.")
    return f"{sign}{code}{sign}"


def _codes(variable: Variable, answers: Sequence[str]) -> list[str]:
    """The codes of the answers that the question has, each once."""
    if variable.kind == "number":
        return []
    found = []
    for text in answers:
        place = find_level(variable.levels, text, variable.name)
        if place is not None and variable.levels[place].missing is None:
            found.append(code_text(variable.levels[place].code))
    return list(dict.fromkeys(found))


def without_excluded(estimates: Estimates, request: Request) -> Estimates:
    """The table as it was requested, without the rows of what it excludes; which those are is told."""
    left = set(request.exclude)
    gone = [
        (label, code) for label, code in estimates.answers() if label in left or code in left
    ]  # fmt: skip
    codes = {code for _, code in gone}
    kept = [(label, code) for label, code in estimates.answers() if code not in codes]
    told = tuple(label for label, _ in gone) or request.exclude
    more = note("excluded_answers" if gone else "excluded_nothing", answers=told)
    return replace(
        estimates, request=replace(request, id=estimates.request.id),
        rows=tuple(row for row in estimates.rows if row.level_code is None or row.level_code not in codes),
        levels=tuple(label for label, _ in kept), codes=tuple(code for _, code in kept),
        notes=(*(each for each in estimates.notes if each.code != "empty_level"), more),
    )  # fmt: skip
