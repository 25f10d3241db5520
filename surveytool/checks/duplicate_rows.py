"""Respondents that come twice, and rows that hold nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design, looks_like_identifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import LongKeys


_HOUSEHOLD = re.compile(r"menage|hogar|household|(^|_)hh|famil|vivienda|dwelling|domicil|cluster|grappe|village", re.I)
MOST_TRIED, FEWEST = 12, 4
NEARLY_ALL = 0.9
MOST_NUMBERS = 2**62


def identifiers(raw: RawSurvey) -> Iterator[Finding]:
    """Columns that number respondents and hold a number twice."""
    taken = set(raw.design.columns())
    for name in raw.names:
        if name in taken or looks_like_design(name) or not looks_like_identifier(name) or _HOUSEHOLD.search(name):
            continue
        keys, values = raw.keys(name)
        answered = keys[keys >= 0]
        if len(answered) < 0.5 * raw.rows or len(values) < NEARLY_ALL * len(answered) or len(values) == len(answered):
            continue
        twice = np.bincount(answered)
        repeated = int(twice[twice > 1].sum())
        yield finding("warning", "repeated_ids", name, cure="repeated_ids", n=repeated, ids=int((twice > 1).sum()))


def duplicates(raw: RawSurvey) -> Iterator[Finding]:
    """Rows that are the same in every column, and rows with the same answers to every question."""
    asked = questions(raw)
    full = _answered(raw, asked)
    same = _copies(raw, raw.names, full)
    if same:
        yield finding("warning", "same_rows", cure="same_rows", n=same)
    repeated = _copies(raw, asked, full)
    if repeated > same:
        yield finding("warning", "same_answers", cure="same_answers", n=repeated, columns=len(asked))


def _copies(raw: RawSurvey, names: Sequence[str], full: NDArray[np.bool_]) -> int:
    """How many rows repeat an earlier one in every column; 0 where that is no wonder."""
    copies = groups(raw, names)[full]
    repeats = len(copies) - len(_sizes(copies))
    return repeats if repeats and not _by_chance(raw, names, copies, full) else 0


def questions(raw: RawSurvey) -> list[str]:
    """The columns that hold answers: no identifiers, dates, personal or design columns, no dummies of a list."""
    taken = set(raw.design.columns())
    taken |= {column for variable in raw.book.values() if variable.parent for column in variable.columns}
    left = []
    for name in raw.names:
        variable = raw.variable(name)
        if variable is not None and (variable.sensitive or variable.kind in ("id", "date")):
            continue
        if name in taken or looks_like_design(name) or looks_like_identifier(name):
            continue
        left.append(name)
    return left


def groups(raw: RawSurvey, names: Sequence[str]) -> LongKeys:
    """Numbers [rows]: rows with the same number are the same in every one of the columns.

    Each column is a digit of the number; the longest come first, so that rows that are all
    different end the search, and numbers are only counted anew where the digits run out.
    """
    group_keys: LongKeys = np.zeros(raw.rows, dtype=np.int64)
    most = 1
    for name in sorted(names, key=lambda column: -len(raw.keys(column)[1])):
        keys, values = raw.keys(name)
        if most * (len(values) + 1) > MOST_NUMBERS:
            different, group_keys = np.unique(group_keys, return_inverse=True)
            most = len(different)
            if most == raw.rows:
                break
        group_keys *= len(values) + 1
        group_keys += keys
        group_keys += 1
        most *= len(values) + 1
    return group_keys


def _sizes(group_keys: LongKeys) -> LongKeys:
    """How many rows each number has; sorting is several times faster here than a table of hashes."""
    ordered = np.sort(group_keys)
    firsts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return np.diff(firsts, append=len(ordered))


def _answered(raw: RawSurvey, names: Sequence[str]) -> NDArray[np.bool_]:
    """Rows with at least three answers: blank rows are told elsewhere."""
    counts = np.zeros(raw.rows, dtype=np.int64)
    for name in names:
        counts += raw.keys(name)[0] >= 0
    answered: NDArray[np.bool_] = counts >= 3
    return answered


def _by_chance(raw: RawSurvey, names: Sequence[str], group_keys: LongKeys, full: NDArray[np.bool_]) -> bool:
    """Whether equal rows are no wonder: then many more pairs of rows differ in one question only.

    Copies stand alone: no row is nearly theirs. The idea is that of Kuriakose and Robbins
    (2016), who look at the share of answers that two interviews have in common.
    """
    told = [name for name in names if len(raw.keys(name)[1]) > 1]
    tried = told[:: max(1, len(told) // MOST_TRIED)]
    if len(tried) < FEWEST:
        return True
    equal, near = _pairs(group_keys), 0
    for name in tried:
        near += _pairs(groups(raw, [each for each in told if each != name])[full]) - equal
        if near * len(told) / len(tried) >= equal:
            return True  # the others can only add pairs
    return False


def _pairs(group_keys: LongKeys) -> int:
    """How many pairs of rows are equal."""
    counts = _sizes(group_keys)
    return int((counts * (counts - 1) // 2).sum())


def blanks(raw: RawSurvey) -> Iterator[Finding]:
    """Rows without any value, and rows without an answer to any question."""
    if raw.rows == 0:
        return
    empty = np.ones(raw.rows, dtype=bool)
    for name in raw.names:
        empty &= raw.keys(name)[0] < 0
    if empty.any():
        yield finding("warning", "blank_rows", cure="blank_rows", n=int(empty.sum()))
    asked = questions(raw)
    silent = ~empty
    for name in asked:
        silent &= raw.keys(name)[0] < 0
    if len(asked) >= FEWEST and silent.any():
        yield finding("warning", "no_answers", cure="no_answers", n=int(silent.sum()))
    nothing = [name for name in raw.names if not raw.keys(name)[1]]
    if nothing:
        yield finding("note", "blank_columns", *nothing, n=len(nothing))
