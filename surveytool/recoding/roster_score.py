"""A roster brought up to its interviews: a share, a count, a sum, a greatest value of the rows of each.

An interview without rows has none of them: its count and its sum are 0, and a share or a greatest value is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError, unknown
from surveytool.notes import Note, note
from surveytool.recoding.recode_types import FromRoster, Score

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Codes, Floats
    from surveytool.survey.roster import RosterRows

VERBS = ("share", "count", "sum", "max", "min", "mean")
CONDITIONS = ("share", "count")


def roster_faults(recode: Score) -> Iterator[UsageError]:
    """None of the verbs or several; a condition that cannot be read."""
    from surveytool.aggregate.where_language import parse

    if recode.roster is None:
        return
    verbs = [verb for verb in VERBS if getattr(recode.roster, verb) is not None]
    if len(verbs) != 1:
        cure = f"Write one of {', '.join(VERBS)}."
        yield UsageError(f"roster has {' and '.join(verbs) or 'no verb'}.", "roster", cure)
        return
    if verbs[0] in CONDITIONS:
        try:
            parse(str(getattr(recode.roster, verbs[0])))
        except UsageError as error:
            yield UsageError(error.message, "roster", error.cure)


def of_roster(columns: Columns, recode: Score) -> tuple[Floats, tuple[Note, ...]]:
    """The number [rows] of each interview, and what must be told.

    Raises ``UsageError`` for a roster that there is not, ``UnknownVariable`` for a question that it does not have.
    """
    asked = recode.roster
    assert asked is not None
    rosters: tuple[RosterRows, ...] = columns.survey.rosters
    rows = next((roster for roster in rosters if roster.name == asked.source), None)
    if rows is None:
        names = [roster.name for roster in rosters]
        raise unknown("roster", asked.source, names, "roster", "Declare it: [[rosters]] name = ...")
    verb = next(verb for verb in VERBS if getattr(asked, verb) is not None)
    values = _row_values(rows, asked, verb)
    inside = rows.parent >= 0
    gathered, partly = _gathered(verb, values[inside], rows.parent[inside], columns.rows, recode.missing == "refuse")
    none = np.bincount(rows.parent[inside], minlength=columns.rows) == 0
    told = [note("score_no_rows", name=recode.name, roster=rows.name, n=int(none.sum()))] if none.any() else []
    told += [note(f"score_{recode.missing}", name=recode.name, n=partly)] if partly else []
    return gathered, tuple(told)


def _row_values(rows: RosterRows, asked: FromRoster, verb: str) -> Floats:
    """A number for each row [rows]: of a condition 1, 0 or NaN where it is unknown."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.aggregate.where_language import parse, renamed
    from surveytool.recoding.apply import table_of
    from surveytool.recoding.score_items import numbers_of

    def numbers_named(name: str) -> str:
        return rows.inner(name)

    columns = Columns(rows.survey, table_of(rows.survey))
    text = str(getattr(asked, verb))
    if verb not in CONDITIONS:
        return numbers_of(columns, numbers_named(text))
    truth = evaluate(parse(renamed(text, numbers_named)), columns)
    return np.where(truth < 0, np.nan, truth.astype(float))


def _gathered(verb: str, values: Floats, parent: Codes, many: int, refuse: bool) -> tuple[Floats, int]:
    """The rows' numbers as one an interview [many], and how many interviews have a row without one."""
    valid = ~np.isnan(values)
    rows = np.bincount(parent, minlength=many)
    given = np.bincount(parent[valid], minlength=many)
    filled: Any = np.where(valid, values, 0.0)
    total = np.bincount(parent, filled, minlength=many)
    if verb in ("sum", "count"):
        gathered = total
    elif verb in ("share", "mean"):
        gathered = np.where(given > 0, total / np.maximum(given, 1), np.nan)
    else:
        gathered = np.full(many, -np.inf if verb == "max" else np.inf)
        (np.maximum if verb == "max" else np.minimum).at(gathered, parent[valid], values[valid])
        gathered = np.where(given > 0, gathered, np.nan)
    lacking = rows > given
    whole: Floats = np.where(lacking & (refuse | (given == 0)), np.nan, gathered).astype(float)
    return whole, int((lacking & (given > 0)).sum())
