"""The items of a score as numbers: codes of answers, values, days; what is out of range is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.recoding.recode_types import Score

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Floats


DAY = 86_400.0


@frozen
class Items:
    """Values [rows, items] of the named items, NaN where there is none; notes on values that were left out."""

    values: Floats
    names: tuple[str, ...]
    notes: tuple[Note, ...]


def items_of(columns: Columns, recode: Score, names: Sequence[str]) -> Items:
    """The items of a score. Raises ``UsageError`` for one that holds no numbers, ``UnknownVariable``."""
    values = np.stack([numbers_of(columns, name) for name in names], axis=1)
    if not recode.valid:
        return Items(values=values, names=tuple(names), notes=())
    low, high = recode.valid
    outside = (values < low) | (values > high)
    n = columns.count(np.any(outside, axis=1))
    told = (note("score_outside", name=recode.name, low=low, high=high, n=n),) if n else ()
    return Items(values=np.where(outside, np.nan, values), names=tuple(names), notes=told)


def numbers_of(columns: Columns, name: str) -> Floats:
    """The values [rows] of an item: of a category its codes, which must be numbers. Raises ``UsageError``."""
    variable = columns.survey.codebook[name]
    if variable.kind in ("multiple", "route"):
        raise UsageError(
            f"{name} is a question with several answers and no item of a score.",
            cure=f"Count its answers: count = {{of = [{name!r}], when = ...}}, or name its columns.",
        )
    if variable.kind in ("number", "single") and columns.is_numeric(name):
        return columns.numbers(name)
    raise UsageError(
        f"{name} holds {'dates' if variable.kind == 'date' else 'text'}, no numbers.",
        cure="Name a column of numbers, or count its answers: count = {of = [...], when = ...}.",
    )


def dates_of(columns: Columns, name: str) -> Floats:
    """Days [rows] since 1970 of a column of dates, NaN where there is none. Raises ``UsageError``."""
    import pyarrow as pa
    import pyarrow.types as types

    from surveytool import arrow

    variable = columns.survey.codebook[name]
    column: Any = columns.raw(variable.columns[0] if variable.columns else name)
    if not (types.is_date(column.type) or types.is_timestamp(column.type)):
        raise UsageError(f"{name} holds no dates.", cure=f"Read it as dates: --kind {name}=date.")
    if types.is_date(column.type):
        days = arrow.cast(arrow.cast(column, pa.date32()), pa.int32())
        return _floats(days)
    whole = arrow.cast(column, pa.timestamp("us"))
    return np.floor(_floats(arrow.cast(whole, pa.int64())) / (DAY * 1e6))


def _floats(column: Any) -> Floats:
    from surveytool.aggregate.encoded_columns import floats_of

    return floats_of(column)
