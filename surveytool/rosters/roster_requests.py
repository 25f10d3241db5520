"""Requests that are of a roster, by the names in them: each kind is counted among its own rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Results
from surveytool.notes import unique
from surveytool.rosters.joined_rows import of_rows
from surveytool.survey import Request, Survey

Count = Callable[[Survey, Sequence[Request]], Results]


def roster_of(survey: Survey, request: Request) -> str | None:
    """The roster whose questions a request names, None where it names none. Raises ``UsageError`` for two of them."""
    from surveytool.aggregate.where_language import names, parse

    named = [request.variable, *(name for by in request.by for name in by)]
    named += [(request.statistic or "").partition("ratio:")[2]]
    named += list(names(parse(request.where))) if request.where else []
    found = {
        roster.name for roster in survey.rosters for name in named
        if name not in survey.codebook.variables and name.startswith(roster.prefix)
    }  # fmt: skip
    if len(found) > 1:
        told = " and ".join(sorted(found))
        raise UsageError(f"names questions of {told}.", request.variable, "A table is of the rows of one roster.")
    return next(iter(found), None)


def spread(survey: Survey, requests: Sequence[Request], count: Count) -> Results | None:
    """Results in the order of the requests, each counted among the rows that it is of; None where none is of a roster.

    ``count`` is the corridor for one survey.
    """
    owners = [roster_of(survey, request) for request in requests]
    if not any(owners):
        return None
    parts: dict[str | None, Results] = {}
    for owner in dict.fromkeys(owners):
        rows = (
            survey
            if owner is None
            else of_rows(survey, next(roster for roster in survey.rosters if roster.name == owner))
        )
        asked = [request for request, own in zip(requests, owners, strict=True) if own == owner]
        parts[owner] = count(replace(rows, rosters=()), asked)
    return parts[None] if len(parts) == 1 and None in parts else _together(parts, owners, requests)


def _together(parts: dict[str | None, Results], owners: Sequence[str | None], requests: Sequence[Request]) -> Results:
    """The parts as one: what is said of a roster's rows stands under its tables."""
    first = parts.get(None) or next(iter(parts.values()))
    if len(parts) == 1:
        return first
    left = {owner: list(results.estimates) for owner, results in parts.items()}
    estimates: list[Estimates] = []
    for owner in owners:
        table = left[owner].pop(0)
        own = parts[owner]
        said = [note for note in own.notes if note not in first.notes] if own is not first else []
        estimates.append(replace(table, notes=unique([*table.notes, *said])))
    tests = tuple(test for results in parts.values() for test in results.tests)
    return replace(first, estimates=tuple(estimates), tests=tests)


def asked_of_roster(name: str, roster: str, known: Container[str]) -> str:
    """A name as the roster's own question where it has one, else as it is: a question of the interviews."""
    return f"{roster}.{name}" if f"{roster}.{name}" in known else name
