"""Which columns of the frame a run reads: the answers, the breakdowns, the conditions and the design."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.aggregate.rounds import possible_units
from surveytool.aggregate.sample import replicate_columns
from surveytool.survey import Request, Survey, Variable


def needed(survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()) -> list[str]:
    """Every frame column that the requests and the design need, each once."""
    book = survey.codebook
    names = [*survey.design.columns(), *possible_units(survey.design, book), *denominators]
    for request in requests:
        names += [request.variable, *(name for by in request.by for name in by)]
        names += [request.standard.variable] if request.standard is not None else []
        names += _asked_about(request.where) if request.where else []
    columns: list[str] = []
    for name in dict.fromkeys(names):
        columns += columns_of(book[name])
    return list(dict.fromkeys(columns))


def columns_of(variable: Variable) -> list[str]:
    """The columns that say all about a variable: its answers, why there is none, who was asked."""
    names = list(variable.columns) or [variable.name]
    return names + [extra for extra in (variable.tags, variable.parent) if extra]


def _asked_about(text: str) -> list[str]:
    """The variables that a condition names."""
    from surveytool.aggregate.where_language import names, parse

    return list(names(parse(text)))


def columns_needed(
    survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()
) -> tuple[tuple[str, ...], list[str]]:
    """The replicate weights' columns, and every column that a run reads."""
    replicates = replicate_columns(survey.design, _frame_names(survey))
    return replicates, list(dict.fromkeys([*needed(survey, requests, denominators), *replicates]))


def _frame_names(survey: Survey) -> list[str]:
    """The columns among which replicate weights are looked for."""
    if survey.design.replicates is None:
        return []
    return [column for variable in survey.codebook.values() for column in variable.columns or (variable.name,)]
