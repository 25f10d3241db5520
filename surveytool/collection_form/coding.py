"""Cells of an export as the form's codes: exported as codes, as labels of any language, joined in lists or apart.

A column is read by its distinct values. A value that is a code is one; else a label names its code, where one answer of
the list alone bears it. What is neither stays as it stands and is told: a code outside of the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.collection_form.form import OTHER, FormQuestion
from surveytool.collection_form.matching import exact, letters
from surveytool.frozen import frozen
from surveytool.reading.option_families import NO, YES
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags

BLANKS = frozenset({"", "n/a", "na", "#n/a", "null"})
LIMESURVEY_OTHER = "-oth-"
_TRUE = {"true": "yes", "false": "no"}
_SEPARATORS = (";", "|", "\n", ",", " ")


@frozen
class Cells:
    """A column as texts: ``keys`` [rows] into ``values``, -1 for a blank; numbers and truths as forms write them."""

    keys: Any
    values: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How often each text stands."""
        seen = np.bincount(self.keys[self.keys >= 0], minlength=len(self.values))
        return {text: int(n) for text, n in zip(self.values, seen, strict=True)}

    def numbers(self) -> Any:
        """The texts as numbers [rows], NaN for blanks and what is none."""
        table = np.array([*map(_number, self.values), np.nan])
        return table[self.keys]


@frozen
class Coded:
    """A column in the form's codes; ``outside`` are texts that the list does not have, with how often."""

    cells: Cells
    outside: Mapping[str, int]


def cells_of(column: Any, tags: Any = None, blanks: frozenset[str] = BLANKS) -> Cells:
    """The texts of an Arrow column; ``tags`` are those of a column of numbers whose other texts stand apart."""
    from surveytool.aggregate.encoded_columns import keys_of

    keys, values = keys_of(_hashed(column))
    texts = [_text(value) for value in values]
    if tags is not None:
        more, others = keys_of(tags)
        keys = np.where(keys < 0, np.where(more >= 0, more + len(texts), -1), keys)
        texts += [str(other).strip() for other in others]
    places: dict[str, int] = {}
    table = [-1 if text.lower() in blanks else places.setdefault(text, len(places)) for text in texts]
    return Cells(keys=np.array([*table, -1], dtype=np.int32)[keys], values=tuple(places))


def _hashed(column: Any) -> Any:
    """A column of numbers by its distinct values, which is faster than to sort them."""
    import pyarrow.types as types

    numbers = types.is_floating(column.type) or types.is_integer(column.type)
    return arrow.encode(column) if numbers else column


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return code_text(value) if isinstance(value, int | float) else str(value).strip()


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


class Names:
    """Codes of a question's list by everything that a cell may call them."""

    def __init__(self, question: FormQuestion) -> None:
        self.codes = {choice.code for choice in question.choices}
        self.named: dict[str, str | None] = {}
        for choice in question.choices:
            for said in {form(text) for text in choice.labels.values() for form in (exact, letters)} - {""}:
                self.named[said] = choice.code if self.named.get(said, choice.code) == choice.code else None
        self.folded = {code.casefold(): code for code in self.codes}
        self.amounts = {number: code for code in self.codes if (number := _number(code)) == number}
        self.truths = {"true": "yes", "false": "no"} if {"yes", "no"} <= self.codes else {}

    def code(self, text: str) -> str | None:
        """The code that a text means, None where it is none of the list."""
        if text in self.codes:
            return text
        said = self.named.get(exact(text)) or self.named.get(letters(text)) or self.folded.get(text.casefold())
        if said is None and self.amounts:
            said = self.amounts.get(_number(text))
        if said is None and text.casefold() in self.truths:
            said = self.truths[text.casefold()]
        if said is None and text == LIMESURVEY_OTHER and OTHER in self.codes:
            said = OTHER
        return said


def coded(cells: Cells, question: FormQuestion) -> Coded:
    """A question's answers by its codes; texts outside of the list stay."""
    if not question.choices:
        return Coded(cells=cells, outside={})
    names = Names(question)
    labelled = any(text not in names.codes for text in cells.values)
    places: dict[str, int] = {}
    table, outside = [], {}
    counts = cells.counts()
    for text in cells.values:
        code = names.code(text) if labelled else text
        if code is None:
            outside[text] = counts[text]
        table.append(places.setdefault(code if code is not None else text, len(places)))
    return Coded(
        cells=Cells(keys=np.array([*table, -1], dtype=np.int32)[cells.keys], values=tuple(places)), outside=outside
    )


@frozen
class Listed:
    """Lists of answers taken apart: ``chosen`` [rows, codes] of a question's list, ``told`` [rows] says something."""

    chosen: Any
    told: Any
    outside: Mapping[str, int]


def lists(cells: Cells, question: FormQuestion, codes: Sequence[str]) -> Listed:
    """Cells with several answers by the codes of the list: joined codes, or joined labels that may hold signs."""
    names = Names(question)
    counts = cells.counts()
    table = np.zeros((len(cells.values) + 1, len(codes)), dtype=bool)
    place = {code: at for at, code in enumerate(codes)}
    outside: dict[str, int] = {}
    for row, text in enumerate(cells.values):
        found, rest = taken_apart(text, names)
        for code in found:
            if code in place:
                table[row, place[code]] = True
        if rest:
            if OTHER in place and not found & {OTHER}:
                table[row, place[OTHER]] = True  # what people wrote in its place
            else:
                for word in rest:
                    outside[word] = outside.get(word, 0) + counts[text]
    return Listed(chosen=table[cells.keys], told=cells.keys >= 0, outside=outside)


def taken_apart(text: str, names: Names) -> tuple[set[str], list[str]]:
    """The codes in a cell, and what is none of them.

    Words that are all codes are a list of codes; else labels are taken out, the longest first, as they may hold
    blanks, commas and each other.
    """
    words = text.split()
    if all(word in names.codes for word in words):
        return set(words), []
    whole = names.code(text)
    if whole is not None:
        return {whole}, []
    found, rest = _labels_in(text, names, names.named)
    if not rest:
        return found, []
    for sign in _SEPARATORS:
        parts = [part.strip() for part in text.split(sign) if part.strip()]
        known = [names.code(part) for part in parts]
        if len(parts) > 1 and all(code is not None for code in known):
            return {code for code in known if code is not None}, []
    return _labels_in(text, names, {**names.folded, **names.named})


def _labels_in(text: str, names: Names, called: Mapping[str, str | None]) -> tuple[set[str], list[str]]:
    """Labels taken out of a text, the longest first; what is left between signs is something else."""
    rest = f" {exact(text)} "
    found: set[str] = set()
    for said in sorted((said for said in called if said), key=len, reverse=True):
        code = called[said]
        pattern = rf"(?<!\w){re.escape(said)}(?!\w)" if said[0].isalnum() and said[-1].isalnum() else re.escape(said)
        if code is not None and re.search(pattern, rest):
            found.add(code)
            rest = re.sub(pattern, " ; ", rest)
    return found, [part.strip() for part in re.split(r"[;,|\n]", rest) if part.strip()]


def marks(cells: Cells, question: FormQuestion, code: str) -> tuple[Flags, Flags, Mapping[str, int]]:
    """A column of one option: who chose it [rows], of whom it says something [rows], and texts that are no mark.

    1, 0, yes, no, TRUE, FALSE, or the option's own code or label where it was chosen; in the column of ``other`` also
    what people wrote.
    """
    own = {code.casefold(), *(exact(text) for choice in question.choices if choice.code == code
                              for text in choice.labels.values())}  # fmt: skip
    counts = cells.counts()
    chosen, outside = np.zeros(len(cells.values) + 1, dtype=bool), {}
    told = np.ones(len(cells.values) + 1, dtype=bool)
    told[-1] = False
    for index, text in enumerate(cells.values):
        said = text.casefold()
        chosen[index] = said in own or said in YES or (code == OTHER and said not in NO)
        if not chosen[index] and said not in NO:
            outside[text] = counts[text]
    return chosen[cells.keys], told[cells.keys], outside
