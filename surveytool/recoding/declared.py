"""What a study says of the variables of its file: labels per language, missing codes, the order of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from surveytool.errors import UsageError, no_answer
from surveytool.recoding.level_lookup import level_at, option_of
from surveytool.recoding.missing import recounted, with_missing
from surveytool.recoding.recode_result import level_of
from surveytool.recoding.recode_types import Declared
from surveytool.survey import Level, Survey, Text, Variable, code_text, level_of_code
from surveytool.survey.label import said, translations

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns


def declare(survey: Survey, name: str, declared: Declared) -> Survey:
    """The survey with a variable as it is declared; ``asked_when`` is applied by ``asked``.

    Raises ``UnknownVariable``, or ``UsageError`` with the setting in ``where``.
    """
    from surveytool.recoding.apply import described

    return described(survey, name, lambda columns: _declared(columns, name, declared))


def _declared(columns: Columns, name: str, declared: Declared) -> Variable:
    variable = columns.survey.codebook[name]
    if declared.label is not None:
        variable = replace(variable, label=said(declared.label), labels=translations(declared.label))
    if declared.missing:
        variable = with_missing(columns, variable, declared.missing)
    if declared.levels:
        variable = _labelled(columns, variable, declared.levels)
    if declared.order:
        variable = _ordered(variable, declared)
    if declared.sensitive is not None:
        personal = variable.personal and declared.sensitive
        variable = replace(variable, sensitive=declared.sensitive, personal=personal)
    return replace(
        variable, unit=said(declared.unit) or variable.unit, asked_when=declared.asked_when or variable.asked_when
    )  # fmt: skip


def _labelled(columns: Columns, variable: Variable, labels: Mapping[str, Text]) -> Variable:
    """The levels with their labels; a level that nobody chose yet is added."""
    levels = list(variable.levels)
    for code, text in labels.items():
        place = level_of_code(levels, code)
        if place is None and variable.kind == "multiple":
            place = _option(variable, code)
        if place is None:
            levels.append(_new(columns, variable, code, text))
        else:
            old = levels[place]
            others = {"": old.label, **old.labels, **translations(text)}
            levels[place] = replace(old, label=said(text), labels=others)
    made = replace(variable, levels=tuple(levels))
    return made if variable.kind == "multiple" else recounted(columns, made)


def _option(variable: Variable, code: str) -> int:
    names = [option_of(variable, column) for column in variable.columns]
    if code in names:
        return names.index(code)
    raise no_answer(
        variable.name, code, [*names, *(level.label for level in variable.valid_levels())], "levels", "option"
    )


def _new(columns: Columns, variable: Variable, code: str, text: Text) -> Level:
    """A level that the file does not know; of a column of numbers its code is one."""
    if variable.kind != "single":
        cure = 'Write kind = "single", or name missing codes only.'
        raise UsageError(f"{variable.name} is of kind {variable.kind} and has no answer {code!r}.", "levels", cure)
    if not columns.is_numeric(variable.name):
        return level_of(code, text)
    try:
        return level_of(float(code), text)
    except ValueError:
        known = (text for level in variable.levels for text in (level.label, code_text(level.code)))
        raise no_answer(variable.name, code, dict.fromkeys(known), "levels") from None


def _ordered(variable: Variable, declared: Declared) -> Variable:
    """The answers in the declared order, the others and the missing kinds after them."""
    valid = list(variable.valid_levels())
    first = list(dict.fromkeys(level_at(variable, code, "order") for code in declared.order))
    order = [*first, *(place for place in range(len(valid)) if place not in first)]
    levels = [*(valid[place] for place in order), *(level for level in variable.levels if level.missing is not None)]
    columns = variable.columns
    if variable.kind == "multiple" and variable.counted is not None:
        columns = tuple(variable.columns[place] for place in order)
    return replace(
        variable, alphabetical=False, columns=columns,
        levels=tuple(replace(each, order=index) for index, each in enumerate(levels)),
    )  # fmt: skip
