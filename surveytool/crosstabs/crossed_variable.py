"""One question made of several: its answers are the combinations of theirs, who lacks one has none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.stream import Pushed
from surveytool.survey import SEVERAL, Level, Survey

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.recoding.recode_result import Made

CROSS = "\x1f"  # no column of a file is named with it
LINK = " · "
Answer = tuple[str, str]  # label and code, as tables know it


@frozen
class Crossed:
    """The name of the question, the labels of its parts, and for the code of each answer those that it stands for."""

    name: str
    labels: tuple[str, ...]
    parts: dict[str, tuple[Answer, ...]]


def crossed(survey: Survey, names: Sequence[str]) -> tuple[Survey, Crossed]:
    """The survey with the combinations of some questions as one question. Raises ``UsageError``."""
    for name in names:
        if survey.codebook[name].kind in SEVERAL:
            raise UsageError(
                f"{name} is a question with several answers: its answers are no parts of a whole.", "--percent",
                "Name one of its columns.",
            )  # fmt: skip
    if isinstance(survey.frame, Pushed):
        raise UsageError("crossed percentages need the respondents.", "--percent", "Read the file into memory.")
    from surveytool.recoding.apply import extended

    combined = CROSS.join(names)
    parts: dict[str, tuple[Answer, ...]] = {}
    survey = extended(survey, partial(_crossed_column, name=combined, names=tuple(names), parts=parts), names)
    labels = tuple(survey.codebook[name].title() for name in names)
    return survey, Crossed(name=combined, labels=labels, parts=parts)


def _crossed_column(columns: Columns, name: str, names: tuple[str, ...], parts: dict[str, tuple[Answer, ...]]) -> Made:
    """The question's column and its answers, each known by its number."""
    from surveytool.aggregate.question import answers
    from surveytool.recoding.recode_result import category

    everybody = np.ones(columns.rows, dtype=bool)
    book = columns.survey.codebook
    ready = [answers(columns, book[part], "levels", "answered", None, everybody) for part in names]
    codes = np.zeros(columns.rows, dtype=np.int64)
    for answer in ready:
        codes = np.where((codes < 0) | (answer.key < 0), -1, codes * len(answer.levels) + answer.key)
    combinations = list(product(*(answers.levels for answers in ready)))
    parts.update({str(index): combination for index, combination in enumerate(combinations)})
    levels = [
        Level(code=str(index), label=LINK.join(label for label, _ in combination), order=index)
        for index, combination in enumerate(combinations)
    ]
    return category(name, "", levels, codes.astype(np.int32), sizes=columns.sizes)
