"""Recodes applied one after the other: each sees what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from surveytool.errors import UsageError
from surveytool.lazy import registered
from surveytool.notes import DOUBTS, Note, unique
from surveytool.recoding import RECODES
from surveytool.recoding.recode_result import Made
from surveytool.recoding.recode_types import MissingCodes, Recode
from surveytool.stream import Pushed, Stream
from surveytool.survey import Codebook, Survey, Variable

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns


def faults(recode: Recode) -> list[UsageError]:
    """What is wrong with a recode by itself; ``where`` of each is its setting."""
    usage_errors: list[UsageError] = list(_module(recode).faults(recode))
    return usage_errors


def sources(recode: Recode) -> tuple[str, ...]:
    """The variables, columns or globs that a recode is made of."""
    names: tuple[str, ...] = _module(recode).sources(recode)
    return names


def recode(survey: Survey, recodes: Iterable[Recode]) -> Survey:
    """The survey with a question more for every recode, in their order; its frame is not changed.

    Levels, counts and labels of the new questions stand in its codebook; missing
    kinds, those of not being asked too, are carried through. Raises ``UsageError``
    with the setting in ``where``, ``UnknownVariable`` for a name that there is not.
    """
    for recode_asked in recodes:
        for fault in faults(recode_asked):
            raise fault
        name = getattr(recode_asked, "name", None)
        if name is not None and name in survey.codebook:
            raise UsageError(f"the data have a variable {name!r} already.", "name", "Give the recode another name.")
        for names, make in _steps(survey, recode_asked):
            survey = extended(survey, make, names)
    return survey


def _steps(survey: Survey, recode: Recode) -> list[tuple[tuple[str, ...], Callable[[Columns], Made]]]:
    """A recode as steps, each with the variables that it looks at together."""
    module = _module(recode)
    if isinstance(recode, MissingCodes):
        return [((name,), partial(module.made_missing, recode, name)) for name in module.meant(recode, survey.codebook)]
    return [(module.sources(recode), lambda columns: module.make(columns, recode))]


def _module(recode: Recode) -> Any:
    return registered("surveytool.recoding", RECODES[recode.type])


def extended(survey: Survey, make: Callable[[Columns], Made], names: Iterable[str]) -> Survey:
    """The survey with what ``make`` finds in the columns of ``names``: new questions after, changed ones in place."""
    frame: Any
    if isinstance(survey.frame, Stream):
        from surveytool.recoding.stream_recodes import made_of

        result, frame = made_of(survey, make, names)
    else:
        from surveytool.aggregate.encoded_columns import Columns

        table = table_of(survey)
        result = make(Columns(survey, table))
        frame = with_columns(table, result.columns)
    book: dict[str, Variable] = dict(survey.codebook)
    book.update({variable.name: variable for variable in result.variables})
    kept = [_inherited(note, set(names), result) for note in survey.notes]
    return replace(survey, frame=frame, codebook=Codebook(book), notes=unique([*kept, *result.notes]))


def _inherited(note: Note, names: set[str], result: Made) -> Note:
    """A doubt about variables that is one about what is made of them too."""
    about = dict(note.values).get("variables")
    if note.code not in DOUBTS or not isinstance(about, tuple) or not names & set(about):
        return note
    values = {**dict(note.values), "variables": (*about, *(variable.name for variable in result.variables))}
    return Note(note.code, tuple(values.items()))


def looking_at(survey: Survey) -> Callable[[Iterable[str]], Columns]:
    """A way to the columns of some variables: all in memory, or of a stream the combinations of their answers.

    Of respondents on a cluster there are no rows, only the names and answers of the codebook.
    """
    if isinstance(survey.frame, Stream):
        from surveytool.recoding.stream_recodes import look

        return lambda names: look(survey, names)[1]
    from surveytool.aggregate.encoded_columns import Columns

    whole = Columns(survey, survey.frame.nobody() if isinstance(survey.frame, Pushed) else table_of(survey))
    return lambda names: whole


def with_columns(frame: Any, columns: Mapping[str, Any]) -> Any:
    """An Arrow table, or a stream, with new columns (Arrow arrays [rows]) or others in the place of old ones."""
    if isinstance(frame, Stream):
        from surveytool.recoding.stream_recodes import with_columns as streamed

        return streamed(frame, columns)
    for name, column in columns.items():
        if name in frame.column_names:
            frame = frame.set_column(frame.column_names.index(name), name, column)
        else:
            frame = frame.append_column(name, column)
    return frame


def described(survey: Survey, name: str, make: Callable[[Columns], Variable]) -> Survey:
    """The survey with a question described anew: labels, missing codes and order, which need its counts only."""
    if not isinstance(survey.frame, Pushed):
        return extended(survey, lambda columns: Made(variables=(make(columns),)), (name,))
    from surveytool.aggregate.encoded_columns import Columns

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
    from surveytool.aggregate.encoded_columns import arrow_table, frame_names

    return arrow_table(survey.frame, frame_names(survey.frame))
