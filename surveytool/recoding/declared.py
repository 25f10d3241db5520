"""What a study says of the variables of its file: labels per language, missing codes, the order of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from surveytool.errors import UsageError, no_answer
from surveytool.notes import Note, note, unique
from surveytool.recoding.level_lookup import level_at, option_of
from surveytool.recoding.missing import recounted, with_missing
from surveytool.recoding.recode_result import level_of
from surveytool.recoding.recode_types import Declared
from surveytool.survey import Level, Survey, Text, Variable, code_text, level_of_code
from surveytool.survey.label import said, translations
from surveytool.survey.non_answers import non_answers

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns


FEWEST = 2  # labelled values that make a category of a column of numbers


def declare(survey: Survey, name: str, declared: Declared) -> Survey:
    """The survey with a variable as it is declared; ``asked_when`` is applied by ``asked``.

    Raises ``UnknownVariable``, or ``UsageError`` with the setting in ``where``.
    """
    from surveytool.recoding.apply import described

    declared_survey = described(survey, name, lambda columns: _declared(columns, name, declared))
    return _told(declared_survey, survey.codebook[name], declared_survey.codebook[name], declared)


def _told(survey: Survey, before: Variable, after: Variable, declared: Declared) -> Survey:
    """The survey with what labels say of the kind of a column: a guess that they confirm is no caveat any more."""
    if not declared.levels or after.kind != "single":
        return survey
    notes = [_without(note, after.name) for note in survey.notes]
    more = [note("labels_make_categories", variables=(after.name,))] if before.kind == "number" else []
    return replace(survey, notes=unique([*(note for note in notes if note is not None), *more]))


def _without(told_note: Note, name: str) -> Note | None:
    """A note on columns that were guessed, without one of them; None where none is left."""
    values = dict(told_note.values)
    names = values.get("variables")
    if told_note.code != "integers_as_categories" or not isinstance(names, tuple) or name not in names:
        return told_note
    left = tuple(other for other in names if other != name)
    return note(told_note.code, **{**values, "variables": left}) if left else None


def _declared(columns: Columns, name: str, declared: Declared) -> Variable:
    variable = columns.survey.codebook[name]
    if declared.label is not None:
        variable = replace(variable, label=said(declared.label), labels=translations(declared.label))
    if declared.missing:
        variable = with_missing(columns, variable, declared.missing)
    if declared.levels:
        variable = _as_category(columns, variable, declared)
        variable = _labelled(columns, variable, declared.levels)
    if declared.order:
        variable = _ordered(variable, declared)
    if declared.sensitive is not None:
        personal = variable.personal and declared.sensitive
        variable = replace(variable, sensitive=declared.sensitive, personal=personal)
    return replace(
        variable, unit=said(declared.unit) or variable.unit, asked_when=declared.asked_when or variable.asked_when
    )  # fmt: skip


def _as_category(columns: Columns, variable: Variable, declared: Declared) -> Variable:
    """A column of numbers whose values are labelled is a category: who names 26 countries means them.

    Labels of missing codes only say nothing of the others; so do labels of less than half of the values.
    """
    if variable.kind != "number" or declared.kind == "number" or variable.valid_levels():
        return variable
    gone = {code_text(code) for codes in declared.missing.values() for code in codes}
    texts = [said(text) for text in declared.levels.values()]
    labelled = [
        code for code, kind in zip(declared.levels, non_answers(texts), strict=True)
        if kind is None and code_text(code) not in gone
    ]  # fmt: skip
    if len(labelled) < FEWEST:
        return variable
    bare = replace(variable, kind="single", levels=())
    try:
        levels = [*columns.found_levels(bare)]
    except UsageError:
        return variable  # far more values than a table could show
    missing = {code_text(level.code): level for level in variable.levels}
    if 2 * sum(code_text(level.code) in labelled for level in levels) < len(levels) - len(missing):
        return variable
    first = [level for level in levels if code_text(level.code) not in missing]
    return replace(bare, levels=(*first, *variable.levels))


def _labelled(columns: Columns, variable: Variable, labels: Mapping[str, Text]) -> Variable:
    """The levels with their labels; a level that nobody chose yet is added."""
    levels = list(variable.levels)
    for code, text in labels.items():
        level = level_of_code(levels, code)
        if level is None and variable.kind == "multiple":
            level = _option(variable, code)
        if level is None:
            levels.append(_new(columns, variable, code, text))
        else:
            old = levels[level]
            others = {"": old.label, **old.labels, **translations(text)}
            levels[level] = replace(old, label=said(text), labels=others)
    labelled_variable = replace(variable, levels=tuple(levels))
    return labelled_variable if variable.kind == "multiple" else recounted(columns, labelled_variable)


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
        texts = (text for level in variable.levels for text in (level.label, code_text(level.code)))
        raise no_answer(variable.name, code, dict.fromkeys(texts), "levels") from None


def _ordered(variable: Variable, declared: Declared) -> Variable:
    """The answers in the declared order, the others and the missing kinds after them.

    Words that the order leaves out have no place among the others: the order stays that of the alphabet.
    """
    valid = list(variable.valid_levels())
    first = list(dict.fromkeys(level_at(variable, code, "order") for code in declared.order))
    order = [*first, *(index for index in range(len(valid)) if index not in first)]
    levels = [*(valid[index] for index in order), *(level for level in variable.levels if level.missing is not None)]
    columns = variable.columns
    if variable.kind == "multiple" and variable.counted is not None:
        columns = tuple(variable.columns[index] for index in order)
    return replace(
        variable, alphabetical=variable.alphabetical and len(first) < len(valid), columns=columns,
        levels=tuple(replace(level, order=index) for index, level in enumerate(levels)),
    )  # fmt: skip
