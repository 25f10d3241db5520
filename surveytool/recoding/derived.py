"""Yes or no from other answers: any, all or none of the parts hold.

Logic is three-valued, as everywhere: an unknown part leaves the answer unknown
unless the others decide it. Who stays unknown is missing for the reason of the
first question, in the order of the parts, that is missing for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.recoding.level_lookup import level_at
from surveytool.recoding.recode_result import Gap, Made, category, first_reasons, gaps_of, level_of, phrase
from surveytool.recoding.recode_types import Answered, Derived

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Truth


Part = str | Answered
CURE = 'Write any = [...], all = [...] or none = [...] with conditions such as "age >= 18".'


def faults(recode: Derived) -> Iterator[UsageError]:
    """None of any, all and none, or several; an answer without levels, a condition that cannot be read."""
    given = [how for how in ("any", "all", "none") if getattr(recode, how)]
    if len(given) != 1:
        told = f"has {' and '.join(given)}." if given else "has none of any, all and none."
        yield UsageError(told, "", CURE)
    for part in parts(recode):
        where = given[0] if given else ""
        if isinstance(part, Answered):
            if not part.levels:
                yield UsageError(f"names no levels of {part.variable}.", where, CURE)
            continue
        try:
            _names(part)
        except UsageError as error:
            yield UsageError(error.message, where, error.cure)


def parts(recode: Derived) -> tuple[Part, ...]:
    """The parts of whichever of the three is given."""
    return (*recode.any, *recode.all, *recode.none)


def sources(recode: Derived) -> tuple[str, ...]:
    """Every variable that the parts ask about; none of a condition that cannot be read."""
    names_by_order: dict[str, None] = {}
    for part in parts(recode):
        with suppress(UsageError):
            names_by_order |= dict.fromkeys(_names(part))
    return tuple(names_by_order)


def _names(part: Part) -> Sequence[str]:
    from surveytool.aggregate.where_language import names, parse

    return (part.variable,) if isinstance(part, Answered) else list(names(parse(part)))


def make(columns: Columns, recode: Derived) -> Made:
    """The yes/no question."""
    truths = np.stack([truth(columns, part) for part in parts(recode)])
    decisive = 0 if recode.all else 1
    decided, unknown = (truths == decisive).any(axis=0), (truths < 0).any(axis=0)
    holds = np.where(decided, decisive, np.where(unknown, -1, 1 - decisive))
    if recode.none:
        holds = np.where(holds < 0, -1, 1 - holds)
    levels = [
        level_of("yes", recode.yes or phrase("recode_yes")),
        level_of("no", recode.no or phrase("recode_no")),
    ]
    codes = np.where(holds < 0, -1, 1 - holds).astype(np.int32)
    return category(recode.name, recode.label, levels, codes, _gaps(columns, recode), columns.sizes)


def truth(columns: Columns, part: Part) -> Truth:
    """1, 0 or -1 (unknown) [rows]."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import parse

    if isinstance(part, str):
        return evaluate(parse(part), columns)
    variable = columns.survey.codebook[part.variable]
    options = [level_at(variable, code, "levels") for code in part.levels]
    if variable.kind == "multiple":
        chosen, answered = columns.chosen(variable)
        return np.where(answered, chosen[:, options].any(axis=1), -1).astype(np.int8)
    codes, levels = columns.codes(variable.name)
    valid = [index for index, level in enumerate(levels) if level.missing is None]
    isin = np.isin(codes, valid)
    hit = np.isin(codes, [valid[index] for index in options])
    return np.where(isin, hit, -1).astype(np.int8)


def _gaps(columns: Columns, recode: Derived) -> list[Gap]:
    """Why the parts' questions are missing; a reason that two share is told once."""
    book = columns.survey.codebook
    every = (gap for name in sources(recode) for gap in gaps_of(columns, book[name]))
    return first_reasons(every, lambda level: (level.missing, level.label))
