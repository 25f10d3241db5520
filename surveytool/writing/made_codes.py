"""Categories that a study made, as whole numbers with labels: what SPSS and Stata sort, label and compute with.

In a survey the codes of a made category are texts; ``1``, ``2`` ... in the order of its answers stand for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from surveytool.survey import Codebook, Level, Survey, Variable, code_text

LABELLED_NUMBERS = (".sav", ".zsav", ".dta")


def numbered(survey: Survey, names: Iterable[str]) -> Survey:
    """The survey in memory with these categories' codes as numbers; those that have numbers, or no labels, stay.

    So do categories of texts whose reasons for no answer stand in a column of their own: a file holds them as codes.
    """
    book: dict[str, Variable] = dict(survey.codebook)
    frame: Any = survey.frame
    tagged = [name for name, variable in book.items() if variable.kind == "single" and variable.tags is not None]
    for name in dict.fromkeys([*names, *tagged]):
        variable = book.get(name)
        if variable is None or variable.kind != "single" or variable.columns != (name,) or not _texts(variable):
            continue
        codes = {code_text(level.code): _number(index, level) for index, level in enumerate(variable.levels, 1)}
        whole = _whole(frame, variable)
        if whole is None:
            continue
        frame = frame.set_column(frame.column_names.index(name), name, _column(whole, codes))
        levels = tuple(replace(level, code=codes[code_text(level.code)]) for level in variable.levels)
        book[name] = replace(variable, levels=levels, tags=None)
    for name, variable in book.items():
        if variable.kind in ("text", "date", "id") and variable.tags is not None:
            book[name] = replace(variable, tags=None, levels=())  # a blank is all that a file can say of them
    return replace(survey, frame=frame, codebook=Codebook(book))


def _whole(frame: Any, variable: Variable) -> Any:
    """The answers of a category, the reasons for none among them; None where they are numbers."""
    import pyarrow.types as types

    from surveytool import arrow

    column = frame.column(variable.name)
    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if variable.tags is None:
        return column
    if not types.is_string(kind) and not types.is_large_string(kind):
        return None
    texts, reasons = (arrow.cast(each, "string") for each in (column, frame.column(variable.tags)))
    return arrow.call("coalesce", texts, reasons)


def declared(survey: Survey, names: Iterable[str]) -> Survey:
    """The survey with every answer of these categories named by the file, so that their order goes along."""
    book: dict[str, Variable] = dict(survey.codebook)
    for name in names:
        variable = book.get(name)
        if variable is not None and variable.kind == "single":
            levels = tuple(replace(level, labels={**level.labels, "": level.label}) for level in variable.levels)
            book[name] = replace(variable, levels=levels)
    return replace(survey, codebook=Codebook(book))


def _texts(variable: Variable) -> bool:
    """Whether every code is a text that is no number by itself."""
    return bool(variable.levels) and all(isinstance(level.code, str) for level in variable.levels)


def _number(index: int, level: Level) -> float:
    """Answers count from 1, what is no answer from -1 downwards."""
    return float(index) if level.missing is None else float(-index)


def _column(values: Any, codes: dict[str, float]) -> Any:
    """The column of numbers [rows] for a column of codes; empty where it was."""
    import pyarrow as pa

    return pa.array([None if cell is None else codes[cell] for cell in values.to_pylist()], pa.float64())
