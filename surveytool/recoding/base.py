"""Who was asked: a question's condition tells apart who was not asked from who did not answer.

Who fulfils the condition and has no answer is "not answered", who does not is
"not asked". An answer stays an answer, also where nobody should have given one: a
note counts them. Where the condition is unknown, a blank stays a blank.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.notes import Note, note
from surveytool.recoding.answer_options import why_column
from surveytool.recoding.recode_result import Gap, Made, flag_column, gaps_of, joined, level_of, phrase, text_column
from surveytool.survey import Level, Survey, Variable

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Flags, Truth


ASKED, WHY = "{}//asked", "{}//gaps"


def asked(survey: Survey, name: str) -> Survey:
    """The survey with a variable's ``asked_when`` worked in. Raises ``UsageError`` for a condition of other data."""
    from surveytool.aggregate.where_language import names, parse
    from surveytool.recoding.apply import extended

    variable = survey.codebook[name]
    about = [name, *names(parse(variable.asked_when or ""))]
    return extended(survey, lambda columns: _asked(columns, variable), about)


def asked_by(survey: Survey, name: str, truth: Truth) -> Survey:
    """The survey with who was asked a question worked in: 1, 0 or -1 (nobody knows) for each row [rows]."""
    from surveytool.recoding.apply import extended

    variable = survey.codebook[name]
    work = _several if variable.kind == "multiple" else _one
    return extended(survey, lambda columns: work(columns, variable, truth), (name,))


def _asked(columns: Columns, variable: Variable) -> Made:
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import parse

    assert variable.asked_when is not None
    truth = evaluate(parse(variable.asked_when), columns)
    if variable.kind == "multiple":
        return _several(columns, variable, truth)
    return _one(columns, variable, truth)


def _gaps(truth: Truth, open_rows: Flags) -> list[Gap]:
    """Open rows [rows] that were not asked, and those that were."""
    not_asked = level_of(".not asked", phrase("recode_not_asked"), missing="not_asked")
    unanswered = level_of(".no answer", phrase("recode_no_answer"), missing="not_answered")
    found = [Gap(level=not_asked, rows=open_rows & (truth == 0)), Gap(level=unanswered, rows=open_rows & (truth == 1))]
    return [each for each in found if each.rows.any()]


def _strays(columns: Columns, variable: Variable, answered: Flags, truth: Truth) -> tuple[Note, ...]:
    """Answers of people who should not have been asked."""
    n = columns.count(answered & (truth == 0))
    if not n:
        return ()
    return (note("recode_answered_unasked", variable=variable.name, n=n, variables=(variable.name,)),)


def _one(columns: Columns, variable: Variable, truth: Truth) -> Made:
    """Blanks get their reason in a column of their own; the answers' column stays as it is."""
    from surveytool.aggregate.encoded_columns import keys_of

    keys, _ = keys_of(columns.raw(variable.columns[0] if variable.columns else variable.name))
    gaps = gaps_of(columns, variable)
    blank = keys < 0
    for gap in gaps:
        blank = blank & ~gap.rows
    answered = (keys >= 0) & ~np.any([gap.rows for gap in gaps], axis=0) if gaps else keys >= 0
    found = _gaps(truth, blank)
    notes = _strays(columns, variable, answered, truth)
    if not found:
        return Made(variables=(variable,), notes=notes)
    tagged = [gap for gap in gaps if gap.level.code in _tags(columns, variable)]
    codes, levels = joined([], np.full(columns.rows, -1, dtype=np.int32), [*tagged, *found])
    new = [replace(each, count=columns.count(codes == index)) for index, each in enumerate(levels)][len(tagged) :]
    whole = [*variable.levels, *new]
    made = replace(
        variable, levels=tuple(replace(each, order=at) for at, each in enumerate(whole)), tags=WHY.format(variable.name)
    )
    return Made(
        variables=(made,),
        columns={WHY.format(variable.name): text_column(codes, [str(level.code) for level in levels])},
        notes=notes,
    )


def _tags(columns: Columns, variable: Variable) -> set[object]:
    """The tagged missing kinds of a file that has them."""
    from surveytool.aggregate.encoded_columns import keys_of

    return set() if variable.tags is None else set(keys_of(columns.raw(variable.tags))[1])


def _several(columns: Columns, variable: Variable, truth: Truth) -> Made:
    """Of several answers, those of people who were asked count; 0 in a column nobody was asked about is no answer."""
    chosen, answered = columns.chosen(variable)
    gaps = gaps_of(columns, variable)
    said_something = chosen.any(axis=1)
    real = answered & ((truth == 1) | said_something)
    found = [*gaps, *_gaps(truth, ~real & _untold(gaps, truth))]
    levels, why = why_column(variable.name, real, found, columns.sizes)
    n = columns.count(real)
    counted = _recounted(columns, variable, chosen & real[:, None])
    made = replace(
        variable, levels=(*counted, *levels), parent=ASKED.format(variable.name), n=n,
        n_missing=columns.respondents - n, tags=WHY.format(variable.name) if why is not None else None,
    )  # fmt: skip
    made_columns = {ASKED.format(variable.name): flag_column(real, real)}
    made_columns |= {WHY.format(variable.name): why} if why is not None else {}
    strays = _strays(columns, variable, said_something & answered, truth)
    return Made(variables=(made,), columns=made_columns, notes=strays)


def _untold(gaps: list[Gap], truth: Truth) -> Flags:
    """Rows whose gap has no reason yet."""
    told: Flags = np.zeros(len(truth), dtype=bool)
    for gap in gaps:
        told = told | gap.rows
    return ~told


def _recounted(columns: Columns, variable: Variable, chosen: Flags) -> tuple[Level, ...]:
    return tuple(
        replace(each, count=columns.count(chosen[:, index])) for index, each in enumerate(variable.valid_levels())
    )  # fmt: skip
