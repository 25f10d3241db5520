"""A question with several answers from flags: one column an option, and one that says who has an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.recoding.recode_result import Gap, Made, by_code, flag_column, joined, level_of, phrase, text_column
from surveytool.survey import Level, Text, Variable, code_text
from surveytool.survey.label import said, translations

if TYPE_CHECKING:
    from surveytool.arrays import Counts, Flags


CHOSEN = 1.0
WHY = "{}//why"
ANSWERED = "{}//answered"


def options(
    name: str, label: Text | None, levels: Sequence[Level], chosen: Flags, answered: Flags,
    gaps: Sequence[Gap] = (), parts: Sequence[str] = (), sizes: Counts | None = None,
) -> Made:  # fmt: skip
    """A question of ``levels`` from ``chosen`` [rows, options]; who is not ``answered`` [rows] has none.

    ``parts`` name the options' columns (``NAME/PART``) where it is not by code; ``sizes``
    [rows] says how many respondents a row stands for.
    """
    places = range(len(levels))
    names = [f"{name}/{part}" for part in parts or [code_text(level.code) for level in levels]]
    flags = {column: flag_column(chosen[:, index], answered) for index, column in zip(places, names, strict=True)}
    counts_of_options = [respondents(chosen[:, at] & answered, sizes) for at in places]
    counted = [replace(level, order=at, count=counts_of_options[at]) for at, level in enumerate(levels)]
    whole, why = why_column(name, answered, gaps, sizes)
    n, rows = respondents(answered, sizes), respondents(answered | True, sizes)
    question = Variable(
        name=name, kind="multiple", label=said(label), labels=translations(label), levels=(*counted, *whole),
        columns=tuple(names), counted=CHOSEN, parent=ANSWERED.format(name), n=n, n_missing=rows - n,
        tags=WHY.format(name) if why is not None else None,
    )  # fmt: skip
    columns = {**flags, ANSWERED.format(name): flag_column(answered, answered)}
    columns |= {WHY.format(name): why} if why is not None else {}
    singles = [_single(column, level, n, rows) for column, level in zip(names, counted, strict=True)]
    return Made(variables=(question, *singles), columns=columns)


def respondents(flags: Flags, sizes: Counts | None) -> int:
    """How many respondents the flagged rows [rows] stand for."""
    return int(flags.sum() if sizes is None else sizes[flags].sum())


def why_column(
    name: str, answered: Flags, gaps: Sequence[Gap], sizes: Counts | None = None
) -> tuple[tuple[Level, ...], Any]:
    """Levels of the gaps and the column of their codes [rows]; nothing where there are no gaps."""
    if not gaps:
        return (), None
    nobody = np.where(answered, 0, -1).astype(np.int32)
    whole, levels = joined([Level(code="", label="")], nobody, gaps)
    code_counts = by_code(whole, len(levels), sizes)
    counted = tuple(replace(level, count=int(code_counts[at])) for at, level in enumerate(levels) if at)
    return counted, text_column(np.where(whole > 0, whole, -1).astype(np.int32), [str(level.code) for level in levels])


def _single(column: str, level: Level, n: int, rows: int) -> Variable:
    """The yes/no question of one option."""
    yes, no = level_of(CHOSEN, phrase("recode_yes")), level_of(0.0, phrase("recode_no"))
    return Variable(
        name=column, kind="single", label=level.label, labels=level.labels, columns=(column,), n=n, n_missing=rows - n,
        levels=(replace(no, order=0, count=n - level.count), replace(yes, order=1, count=level.count)),
    )  # fmt: skip
