"""Recodes applied one after the other: each sees what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from surveytool.errors import UsageError
from surveytool.notes import unique
from surveytool.recode import RECODES
from surveytool.recode.made import Made
from surveytool.recode.model import Recode
from surveytool.survey import Codebook, Survey, Variable

if TYPE_CHECKING:
    from surveytool.aggregate.columns import Columns


def faults(recode: Recode) -> list[UsageError]:
    """What is wrong with a recode by itself; ``where`` of each is its setting."""
    found: list[UsageError] = list(_module(recode).faults(recode))
    return found


def sources(recode: Recode) -> tuple[str, ...]:
    """The variables, columns or globs that a recode is made of."""
    found: tuple[str, ...] = _module(recode).sources(recode)
    return found


def recode(survey: Survey, recodes: Iterable[Recode]) -> Survey:
    """The survey with a question more for every recode, in their order; its frame is not changed.

    Levels, counts and labels of the new questions stand in its codebook; missing
    kinds, those of not being asked too, are carried through. Raises ``UsageError``
    with the setting in ``where``, ``UnknownVariable`` for a name that there is not.
    """
    for each in recodes:
        for fault in faults(each):
            raise fault
        name = getattr(each, "name", None)
        if name is not None and name in survey.codebook:
            raise UsageError(f"the data have a variable {name!r} already.", "name", "Give the recode another name.")
        survey = extended(survey, _maker(each))
    return survey


def _maker(each: Recode) -> Callable[[Columns], Made]:
    module = _module(each)
    return lambda columns: module.make(columns, each)


def _module(recode: Recode) -> Any:
    return import_module(f"surveytool.recode.{RECODES[recode.type]}")


def extended(survey: Survey, make: Callable[[Columns], Made]) -> Survey:
    """The survey with what ``make`` finds from its columns: new questions after, changed ones in their place."""
    from surveytool.aggregate.columns import Columns

    table = table_of(survey)
    made = make(Columns(survey, table))
    for name, column in made.columns.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    book: dict[str, Variable] = dict(survey.codebook)
    book.update({each.name: each for each in made.variables})
    return replace(survey, frame=table, codebook=Codebook(book), notes=unique([*survey.notes, *made.notes]))


def described(survey: Survey, name: str, make: Callable[[Columns], Variable]) -> Survey:
    """The survey with a question described anew: labels, missing codes and order, which need its counts only."""
    from surveytool.stream import Pushed

    if not isinstance(survey.frame, Pushed):
        return extended(survey, lambda columns: Made(variables=(make(columns),)))
    from surveytool.aggregate.columns import Columns

    variable = survey.codebook[name]
    single = variable.columns if len(variable.columns) == 1 else ()
    table, sizes = survey.frame.counted([*single, *([variable.tags] if variable.tags and single else [])])
    made = make(Columns(survey, table, sizes))
    return replace(survey, codebook=Codebook({**survey.codebook, name: made}))


def table_of(survey: Survey) -> Any:
    """The survey's frame as an Arrow table."""
    import pyarrow as pa

    if isinstance(survey.frame, pa.Table):
        return survey.frame
    from surveytool.aggregate.columns import arrow_table, frame_names

    return arrow_table(survey.frame, frame_names(survey.frame))
