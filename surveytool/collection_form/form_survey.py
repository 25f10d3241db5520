"""A survey with its form: labels in every language, codes of options, and who was asked each question.

A question was asked where its own ``relevant`` and those of all groups above it hold. Who was asked and has no answer
is "no answer", who was not is "not asked"; an answer of somebody who should not have been asked stays one, and is told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.collection_form.condition_functions import judge_of
from surveytool.collection_form.condition_values import UNKNOWN, Options, Texts, Unknowable
from surveytool.collection_form.form import Choice, FormQuestion, Labels
from surveytool.collection_form.form_versions import versions_of
from surveytool.collection_form.labels import DEFAULT
from surveytool.collection_form.prepared import FormReading
from surveytool.errors import UsageError
from surveytool.notes import Note
from surveytool.survey import Codebook, Level, Survey, Variable

if TYPE_CHECKING:
    from surveytool.arrays import Truth


def with_form(survey: Survey, reading: FormReading, but: Container[str] = ()) -> Survey:
    """The survey of an export that was read with a form; ``but`` are questions whose filters a study says itself."""
    book = {name: _spoken(variable, reading.questions.get(name), reading) for name, variable in survey.codebook.items()}
    survey = replace(survey, codebook=Codebook(book), notes=tuple(_certain(survey.notes, reading)))
    filters = Filters(survey.frame, reading)
    survey = replace(survey, form=reading)
    for key, question in reading.questions.items():
        if key in survey.codebook and key not in but:
            survey = _asked(survey, key, question, filters)
    return survey


# what a reader guesses of columns, and the form knows
GUESSES = frozenset({"one_answer", "integers_as_categories", "option_base", "no_parent_named", "options_not_asked"})


def _certain(notes: Iterable[Note], reading: FormReading) -> Iterator[Note]:
    """The notes without guesses on questions that the form explains."""
    for note in notes:
        about = dict(note.values).get("variables")
        if note.code not in GUESSES or not isinstance(about, tuple):
            yield note
            continue
        left = tuple(name for name in about if not _known(name, reading))
        if left:
            yield Note(note.code, tuple((key, left if key == "variables" else value) for key, value in note.values))


def _known(name: str, reading: FormReading) -> bool:
    return name in reading.questions or name.rpartition("/")[0] in reading.questions


def _asked(survey: Survey, key: str, question: FormQuestion, filters: Filters) -> Survey:
    from surveytool.recoding import asked_by

    variable = survey.codebook[key]
    if question.use == "calculated" or (not question.conditions and not variable.n_missing):
        return survey
    truth = filters.asked(question)
    if filters.versions is not None and variable.n_missing and not question.name.startswith("_"):
        truth = _of_versions(survey, key, truth, filters)
    return survey if (truth == UNKNOWN).all() else asked_by(survey, key, truth)


def _of_versions(survey: Survey, key: str, truth: Truth, filters: Filters) -> Truth:
    """Who was asked, without interviews of a version that does not have the question; those are kept for ``check``."""
    assert filters.versions is not None
    said = np.asarray(filters.table.column(key).combine_chunks().is_valid())
    lacking = filters.versions.lacking(said, truth)
    if not lacking:
        return truth
    filters.reading.lacking[key] = {name: int((rows & (truth == 1)).sum()) for name, rows in lacking.items()}
    gone = np.logical_or.reduce(list(lacking.values()))
    return np.where(gone, 0, truth).astype(np.int8)


def _spoken(variable: Variable, question: FormQuestion | None, reading: FormReading) -> Variable:
    """A question with its labels by language, and its levels with theirs."""
    if question is None:
        return variable
    labels = _by_language(question.labels)
    choices = {choice.code: choice for choice in question.choices}
    if variable.kind == "multiple":
        codes = [column.removeprefix(f"{variable.name}/") for column in variable.columns]
        places = dict(zip((id(level) for level in variable.valid_levels()), codes, strict=False))
        levels = tuple(_option(level, choices.get(places.get(id(level), ""))) for level in variable.levels)
    else:
        levels = tuple(_level(level, choices) for level in variable.levels)
    return replace(variable, label=variable.label or reading.label(question.labels), labels=labels, levels=levels)


def _option(level: Level, choice: Choice | None) -> Level:
    """An option with its code and its labels; a reason for no answer stays."""
    if choice is None:
        return level
    return replace(level, code=choice.code, labels={**level.labels, **_by_language(choice.labels)})


def _level(level: Level, choices: Any) -> Level:
    choice = choices.get(level.code)
    return level if choice is None else replace(level, labels={**level.labels, **_by_language(choice.labels)})


def _by_language(labels: Labels) -> dict[str, str]:
    """Labels of several languages, one without a language first; nothing where the form has that one only."""
    if set(labels) == {DEFAULT}:
        return {}
    return {language: labels[language] for language in sorted(labels, key=lambda language: language != DEFAULT)}


class Filters:
    """Who was asked what, from the columns of a table [rows]; answers are looked up once."""

    def __init__(self, table: Any, reading: FormReading) -> None:
        self.table, self.reading = table, reading
        self.names = set(table.column_names)
        self.keyed = reading.form.keys()
        self.by_name: dict[str, list[str]] = {}
        for key, question in self.keyed.items():
            self.by_name.setdefault(question.name, []).append(key)
        self.values: dict[str, Any] = {}
        self.truths: dict[str, Truth] = {}
        self.unknown: dict[str, str] = {}
        self.versions = versions_of(table)
        self.judge = judge_of(table.num_rows, self.answers)

    def asked(self, question: FormQuestion) -> Truth:
        """1, 0 or -1 for each row [rows]: whether all conditions of a question hold."""
        truth: Truth = np.ones(self.table.num_rows, dtype=np.int8)
        for text in question.conditions_below(self.reading.sheet):
            part = self.truth(text)
            truth = np.where((truth == 0) | (part == 0), 0, np.minimum(truth, part)).astype(np.int8)
        return truth

    def truth(self, text: str, current: str = "") -> Truth:
        """One condition; unknown of all where it cannot be read (the form's check tells)."""
        if current:
            return judge_of(self.table.num_rows, self.answers, current).truth(text)
        if text not in self.truths:
            try:
                self.truths[text] = self.judge.truth(text)
            except UsageError:
                self.truths[text] = np.full(self.table.num_rows, UNKNOWN, dtype=np.int8)
        return self.truths[text]

    def answers(self, name: str) -> Any:
        """The answers of a question by its name. Raises ``Unknowable`` where the export does not have them."""
        if name not in self.values:
            self.values[name] = self._held(name)
        value = self.values[name]
        if isinstance(value, Unknowable):
            raise value
        return value

    def _held(self, name: str) -> Any:
        keys = [key for key in self.by_name.get(name, ()) if self.keyed[key].repeat == self.reading.sheet]
        if len(keys) != 1:
            return Unknowable(f"no answers of {name} in this sheet")
        key = keys[0]
        question = self.keyed[key]
        self.values[name] = Unknowable(f"{name} leads back to itself")
        if key in self.names and not self._is_empty(key, question):
            return self._column(key, question)
        if question.use in ("calculated", "text") and question.calculation:
            try:
                return self.judge.value(question.calculation)
            except (Unknowable, UsageError):
                return Unknowable(f"the calculation of {name}")
        if question.conditions and not (self.asked(question) != 0).any():
            return Texts(codes=np.full(self.table.num_rows, -1, dtype=np.int32), values=())  # nobody was asked
        return Unknowable(f"no column of {name}")

    def _is_empty(self, key: str, question: FormQuestion) -> bool:
        """Whether a calculation was exported without a result: what it gave is not known."""
        column = self.table.column(key)
        return question.use == "calculated" and column.null_count == len(column)

    def _column(self, key: str, question: FormQuestion) -> Any:
        from surveytool.aggregate.encoded_columns import floats_of
        from surveytool.collection_form.coding import cells_of
        from surveytool.reading.infer import is_number

        column = self.table.column(key)
        if question.use == "multiple" and question.choices:
            codes = [choice.code for choice in question.choices if f"{key}/{choice.code}" in self.names]
            flags = np.column_stack([floats_of(self.table.column(f"{key}/{code}")) == 1.0 for code in codes])
            answered = np.asarray(column.combine_chunks().is_valid())
            return Options(chosen=flags, codes=tuple(codes), answered=answered)
        if is_number(column) and question.use in ("number", "calculated"):
            return floats_of(column)
        cells = cells_of(column)
        return Texts(codes=cells.keys, values=cells.values)
