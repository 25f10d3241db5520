"""A survey as interviews: who asked, when, and the answers as codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UnknownVariable, UsageError
from surveytool.frozen import frozen
from surveytool.survey import Survey
from surveytool.survey.field_work import FieldWork
from surveytool.survey.name_pattern import is_pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Codes, Floats

WORDS = {
    "enumerator": r"(enum|enumerator|interviewer|encuestador|enqueteur|surveyor)(_?(id|num|code|name))?",
    "start": r"start(time|_time)?|inicio|debut", "end": r"end(time|_time)?|fin",
    "id": r"_?uuid|key|instanceid|_id|respondent_?id",
}  # fmt: skip
AGES = re.compile(r"(^|[_/. ])(age|edad|idade)($|[_ ])", re.IGNORECASE)
SMALLEST, MOST_ANSWERS = 5, 11


@frozen
class Interviews:
    """What is looked at: codes [rows, questions] of the answers (-1 blank), enumerators [rows] as codes with names.

    ``begun`` and ``ended`` are minutes [rows], NaN where there is none; ``ids`` [rows] name the interviews.
    """

    survey: Survey
    columns: Any
    settings: FieldWork
    ids: tuple[str, ...]
    enumerator: Codes
    names: tuple[str, ...]
    begun: Floats
    ended: Floats
    questions: tuple[str, ...]
    answers: NDArray[np.int32]
    batteries: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        """How many interviews."""
        return len(self.enumerator)


def interviews_of(survey: Survey, settings: FieldWork) -> Interviews:
    """The interviews of a survey that took place. Raises ``UsageError`` where nobody says who asked."""
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.recoding.apply import table_of

    survey = _consenting(survey, settings)
    settings = _completed(survey, settings)
    columns = Columns(survey, table_of(survey))
    if settings.enumerator is None:
        cure = 'Name it with --enumerator, or [field] enumerator = "COLUMN".'
        raise UsageError("no column says who asked.", survey.provenance.path or "", cure)
    enumerator, names = _keys(columns, settings.enumerator)
    questions, answers = _answers(survey, columns, settings)
    return Interviews(
        survey=survey, columns=columns, settings=settings, ids=_ids(columns, settings), enumerator=enumerator,
        names=names, begun=_minutes(columns, settings.start), ended=_minutes(columns, settings.end),
        questions=questions, answers=answers, batteries=_batteries(survey, columns, settings),
    )  # fmt: skip


def _consenting(survey: Survey, settings: FieldWork) -> Survey:
    """The survey with the interviews that the condition keeps."""
    if settings.consent is None:
        return survey
    from dataclasses import replace

    import pyarrow as pa

    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.aggregate.where_language import parse
    from surveytool.recoding.apply import table_of

    table = table_of(survey)
    kept = evaluate(parse(settings.consent), Columns(survey, table)) == 1
    return replace(survey, frame=table.filter(pa.array(kept)))


def _completed(survey: Survey, settings: FieldWork) -> FieldWork:
    """The settings with columns found by name where none is given. Raises ``UnknownVariable``."""
    from dataclasses import replace

    found: dict[str, Any] = {}
    for part, words in WORDS.items():
        given = getattr(settings, part)
        if given is not None:
            if given not in survey.codebook:
                raise UnknownVariable(given, survey.codebook, f"[field] {part}")
            continue
        pattern = re.compile(words, re.IGNORECASE)
        names = (name for name in survey.codebook if pattern.fullmatch(name.rpartition("/")[2]))
        found[part] = next(names, None)
    if not settings.heaping:
        found["heaping"] = tuple(name for name, each in survey.codebook.items()
                                 if each.kind == "number" and AGES.search(name))  # fmt: skip
    return replace(settings, **found)


def _keys(columns: Columns, name: str) -> tuple[Codes, tuple[str, ...]]:
    """A column as codes [rows] and the texts that they stand for, in the order of the alphabet; blank is one too."""
    from surveytool.aggregate.encoded_columns import keys_of
    from surveytool.survey import code_text

    keys, values = keys_of(columns.raw(_column(columns, name)))
    texts = [code_text(value) for value in values]
    order = sorted(range(len(texts)), key=lambda place: texts[place])
    rank = np.empty(len(texts) + 1, dtype=np.int32)
    rank[order] = np.arange(len(texts))
    rank[-1] = len(texts) if (np.asarray(keys) < 0).any() else -1
    names = [texts[place] for place in order] + ([""] if rank[-1] >= 0 else [])
    return rank[np.asarray(keys)], tuple(names)


def _column(columns: Columns, name: str) -> str:
    variable = columns.survey.codebook[name]
    return variable.columns[0] if variable.columns else name


def _ids(columns: Columns, settings: FieldWork) -> tuple[str, ...]:
    """What names each interview; its row's number where no column does."""
    if settings.id is None:
        return tuple(str(row) for row in range(1, columns.rows + 1))
    return tuple(str(value) for value in columns.raw(_column(columns, settings.id)).to_pylist())


def _minutes(columns: Columns, name: str | None) -> Floats:
    """Moments of a column in minutes [rows], NaN where there is none."""
    empty = np.full(columns.rows, np.nan)
    if name is None:
        return empty
    from datetime import datetime

    made = empty.copy()
    for row, value in enumerate(columns.raw(_column(columns, name)).to_pylist()):
        moment = value
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
            except ValueError:
                continue
        if isinstance(moment, datetime):
            plain = moment.replace(tzinfo=None)  # the clock of the place
            made[row] = (plain - datetime(1970, 1, 1)).total_seconds() / 60
    return made


def _answers(survey: Survey, columns: Columns, settings: FieldWork) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The columns that are answers, and their codes [rows, questions], -1 for a blank."""
    from surveytool.aggregate.encoded_columns import keys_of
    from surveytool.reading import own_columns

    names = columns.table.column_names
    design = survey.design.columns()
    left = {settings.enumerator, settings.start, settings.end, settings.id, *settings.places, *design}
    left |= set(own_columns(names))
    kept, codes = [], []
    for name in names:
        if name in left or name.startswith("__"):
            continue
        keys = np.asarray(keys_of(columns.raw(name))[0])
        if (keys >= 0).any():
            kept.append(name)
            codes.append(keys.astype(np.int32))
    return tuple(kept), np.stack(codes, axis=1) if codes else np.empty((columns.rows, 0), dtype=np.int32)


def _batteries(survey: Survey, columns: Columns, settings: FieldWork) -> tuple[tuple[str, ...], ...]:
    """The batteries as they are given, else runs of numbered questions with one scale. Raises ``UnknownVariable``."""
    if settings.batteries:
        return tuple(tuple(_meant(survey, battery)) for battery in settings.batteries)
    runs: dict[str, list[str]] = {}
    for name, variable in survey.codebook.items():
        stem = re.fullmatch(r"(.*?)\d+", name)
        if stem is not None and variable.kind in ("single", "number"):
            runs.setdefault(stem[1], []).append(name)
    return tuple(tuple(names) for names in runs.values() if _one_scale(columns, names))


def _one_scale(columns: Columns, names: Sequence[str]) -> bool:
    """Whether questions share a scale of three to eleven answers."""
    if len(names) < SMALLEST:
        return False
    found = [set(filter(lambda value: value is not None, columns.raw(_column(columns, name)).to_pylist()))
             for name in names]  # fmt: skip
    whole = set().union(*found)
    return 3 <= len(whole) <= MOST_ANSWERS and all(len(each) >= min(3, len(whole)) for each in found)


def _meant(survey: Survey, names: Iterable[str]) -> Iterable[str]:
    from fnmatch import fnmatchcase

    for name in names:
        matches = [each for each in survey.codebook if fnmatchcase(each, name)] if is_pattern(name) else [name]
        if not matches or any(each not in survey.codebook for each in matches):
            raise UnknownVariable(name, survey.codebook, "[field] batteries")
        yield from matches
