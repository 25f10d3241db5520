"""Questions with several answers: parents and dummies that disagree, "none" chosen beside others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.labels import plain
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading.missing_kind import kind_of_missing
from surveytool.survey import Variable, code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags


_NONE = r"\b(none|no one|nobody|nothing|ninguno|ninguna|nada|aucun|aucune|rien|nenhum|nenhuma)\b"


def multiple(raw: RawSurvey) -> Iterator[Finding]:
    """Every question whose options are dummies."""
    unasked: list[str] = []
    for note in raw.survey.notes:
        values: dict[str, Any] = dict(note.values)
        unasked += values["variables"] if note.code == "options_not_asked" else ()
    for variable in raw.book.values():
        if variable.kind != "multiple" or variable.counted is None:
            continue
        if any(column not in raw.names for column in variable.columns):
            continue
        chosen, told = _dummies(raw, variable)
        if _lists(raw, variable):
            assert variable.parent is not None
            asked = raw.keys(variable.parent)[0] >= 0
            yield from _parent(raw, variable, chosen, told)
            again = (~asked & told.any(axis=1) & ~chosen.any(axis=1)).any()
            unasked += [variable.name] if again and variable.name not in unasked else []
        yield from _exclusive(variable, chosen)
    if unasked:
        yield finding("note", "dummies_not_asked", *unasked, cure="dummies_not_asked", n=len(unasked))


def _lists(raw: RawSurvey, variable: Variable) -> bool:
    """Whether the parent is a list of the options' names, as Kobo writes it, and no flag of a recode."""
    parent = variable.parent
    if parent is None or parent not in raw.names or raw.is_number(parent):
        return False
    return all(column.startswith(tuple(f"{parent}{sign}" for sign in "/._-:")) for column in variable.columns)


def _dummies(raw: RawSurvey, variable: Variable) -> tuple[Flags, Flags]:
    """Chosen [rows, options] and filled in [rows, options], by the dummies alone."""
    chosen = np.zeros((raw.rows, len(variable.columns)), dtype=bool)
    told = np.zeros_like(chosen)
    counted = code_text(variable.counted) if variable.counted is not None else ""
    for place, column in enumerate(variable.columns):
        keys, values = raw.keys(column)
        hits = [index for index, value in enumerate(values) if code_text(_plain(value)) == counted]
        chosen[:, place] = np.isin(keys, hits)
        told[:, place] = keys >= 0
    return chosen, told


def _plain(value: object) -> str | float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _parent(raw: RawSurvey, variable: Variable, chosen: Flags, told: Flags) -> Iterator[Finding]:
    """The parent's words against the dummies, row by row; one finding a kind of disagreement."""
    assert variable.parent is not None
    keys, values = raw.keys(variable.parent)
    options = [column[len(variable.parent) + 1 :] for column in variable.columns]
    labels = [level.label for level in variable.levels[: len(options)]]
    told_apart = {} if raw.is_number(variable.parent) else split_by(options, labels, [str(value) for value in values])
    named = np.zeros((len(values) + 1, len(options)), dtype=bool)
    for index, value in enumerate(values):
        words = told_apart.get(str(value), set())
        named[index] = [option in words for option in options]
    expected = named[keys]
    asked = keys >= 0
    differ = int((asked & (told & (expected != chosen)).any(axis=1)).sum())
    if differ:
        yield finding("warning", "parent_differs", variable.name, cure="parent_differs", n=differ)
    stray = int((~asked & chosen.any(axis=1)).sum())
    if stray:
        yield finding("warning", "parent_blank", variable.name, cure="parent_differs", n=stray)


def split_by(options: Sequence[str], labels: Sequence[str], texts: Iterable[str]) -> dict[str, set[str]]:
    """The options that lists name: by their names, or by their labels whatever joins them, longest first.

    >>> split_by(["a", "b"], ["SMS", "SMS, calls"], ["a b", "SMS, calls SMS"]) == {
    ...     "a b": {"a", "b"}, "SMS, calls SMS": {"a", "b"}}
    True
    """
    option_of_text = dict(zip(labels, options, strict=True)) | dict(zip(options, options, strict=True))
    options_of_text = {}
    for text in texts:
        words = set(text.split())
        rest, held = f" {text} ", set()
        for name in sorted(option_of_text, key=len, reverse=True) if not words <= set(options) else ():
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            held |= {option_of_text[name]} if re.search(pattern, rest) else set()
            rest = re.sub(pattern, " ", rest)
        options_of_text[text] = held or words
    return options_of_text


def _exclusive(variable: Variable, chosen: Flags) -> Iterator[Finding]:
    """An option that excludes the others, chosen with one of them."""
    alone = [
        index for index, level in enumerate(variable.levels[: chosen.shape[1]])
        if re.search(_NONE, plain(level.label)) or kind_of_missing(level.label) in ("dont_know", "refused")
    ]  # fmt: skip
    if not alone or len(alone) == chosen.shape[1]:
        return
    others = np.delete(chosen, alone, axis=1).any(axis=1)
    for place in alone:
        both = int((chosen[:, place] & others).sum())
        if both:
            label = variable.levels[place].label
            yield finding("warning", "exclusive", variable.name, cure="exclusive", n=both, level=label)
