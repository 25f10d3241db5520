"""Recodes of a stream: made once for each combination of answers, and looked up while the respondents go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from surveytool.recoding.level_lookup import known_columns
from surveytool.stream import Combinations, Derived, Stream, combinations, kept, looked_up
from surveytool.survey import Codebook, Survey, Variable

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.recoding.recode_result import Made


def made_of(survey: Survey, make: Callable[[Columns], Made], names: Iterable[str]) -> tuple[Made, Stream]:
    """What ``make`` finds in the columns of these variables, and the stream with its columns.

    Where the columns' combinations are too many, or one has no codes, these columns
    come into memory and only the new ones' codes stay.
    """
    combinations_seen, columns = look(survey, names)
    result, stream = make(columns), survey.frame
    if combinations_seen is None:
        return result, with_columns(stream, result.columns)
    return result, Derived(stream, looked_up(combinations_seen, result.columns)) if result.columns else stream


def look(survey: Survey, names: Iterable[str]) -> tuple[Combinations | None, Columns]:
    """The combinations of some variables' answers, a row each; or None, and a row for each respondent."""
    from surveytool.aggregate.encoded_columns import Columns

    stream: Stream = survey.frame
    columns = behind(survey.codebook, names)
    combined = combinations(stream, columns)
    if combined is None:
        return None, Columns(survey, stream.table(columns))
    return combined, Columns(survey, combined.table(stream.columns), sizes=combined.counts)


def with_columns(stream: Stream, columns: Mapping[str, Any]) -> Stream:
    """The stream with columns of all rows: Arrow arrays [rows] by name, kept as codes."""
    return Derived(stream, kept(columns)) if columns else stream


def behind(book: Codebook, names: Iterable[str]) -> list[str]:
    """The columns that say all about variables, columns or globs: answers, tags, who has an answer; of options too."""
    columns = known_columns(book)
    columns_behind: dict[str, None] = {}
    for name in names:
        if name in book:
            _add(columns_behind, book, book[name])
        for column in (column_name for column_name in columns if column_name == name or fnmatchcase(column_name, name)):
            _add(columns_behind, book, book.variables.get(column), column)
    return list(columns_behind)


def _add(columns: dict[str, None], book: Codebook, variable: Variable | None, column: str | None = None) -> None:
    """The columns of one variable, with those that tell why one of its own has no answer."""
    variable_columns: Sequence[str] = () if variable is None else variable.columns or (variable.name,)
    more = () if variable is None else (variable.tags, variable.parent)
    for column_name in (*([column] if column else []), *variable_columns):
        columns[column_name] = None
        member = book.variables.get(column_name)
        if member is not None and member.tags:
            columns[member.tags] = None
    columns.update(dict.fromkeys(extra for extra in more if extra))
