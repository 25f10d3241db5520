"""A first look at the numbers of a column: where they lie, how many there are, how they are spread. Unweighted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.stream import Pushed, Stream
from surveytool.survey import Codebook, Survey, Variable

if TYPE_CHECKING:
    from surveytool.arrays import Floats

BINS = 8
TOGETHER = 16  # columns of large data that come into memory at once
QUARTERS = (0.25, 0.5, 0.75)


@frozen
class FirstLook:
    """What a column of numbers holds: ends, mean, quartiles, how many values differ, and counts in equal bins."""

    least: float
    most: float
    mean: float
    quartiles: tuple[float, float, float]
    distinct: int
    bins: tuple[int, ...]


def first_looks(survey: Survey, shown: Callable[[Survey, str], bool]) -> dict[str, FirstLook]:
    """First looks at the columns of numbers that may be shown; none of a cluster's, which stay where they are.

    ``shown`` is asked with a survey in memory. Raises nothing for a column without numbers: it is left out.
    Large data come into memory some columns at a time.
    """
    if isinstance(survey.frame, Pushed):
        return {}
    numbers = [
        variable
        for variable in survey.codebook.values()
        if variable.kind == "number" and variable.n and not variable.sensitive
    ]
    looks: dict[str, FirstLook] = {}
    for start in range(0, len(numbers), TOGETHER):
        some = numbers[start : start + TOGETHER]
        held = _in_memory(survey, some)
        columns = Columns(held, held.frame)
        by_name = {
            variable.name: of_values(_numbers(columns, variable)) for variable in some if shown(held, variable.name)
        }
        looks |= {name: look for name, look in by_name.items() if look is not None}
    return looks


def _in_memory(survey: Survey, variables: Sequence[Variable]) -> Survey:
    """The survey of some questions, their columns in memory after one read."""
    names = [
        name
        for variable in variables
        for name in (*(variable.columns or (variable.name,)), *([variable.tags] if variable.tags else []))
    ]
    distinct = list(dict.fromkeys(names))
    stream = isinstance(survey.frame, Stream)
    table = survey.frame.table(distinct) if stream else arrow_table(survey.frame, distinct)
    return replace(survey, frame=table, codebook=Codebook({variable.name: variable for variable in variables}))


def _numbers(columns: Columns, variable: Variable) -> Floats:
    """The answers [n] of a question of numbers, without what is none; nothing of a column that holds texts."""
    try:
        values = columns.numbers(variable.name)
    except UsageError:
        return np.zeros(0)
    finite: Floats = values[np.isfinite(values)]
    return finite


def of_values(values: Floats) -> FirstLook | None:
    """The first look at numbers [n]; quartiles are values that occur (R's type 1). None of no numbers.

    >>> of_values(np.array([1.0, 2.0, 2.0, 4.0])).quartiles
    (1.0, 2.0, 2.0)
    """
    if not len(values):
        return None
    least, most = float(values.min()), float(values.max())
    quartiles = np.quantile(values, QUARTERS, method="inverted_cdf")
    bins = np.histogram(values, bins=BINS, range=(least, most) if least < most else (least - 0.5, most + 0.5))[0]
    return FirstLook(
        least=least, most=most, mean=float(values.mean()), quartiles=tuple(map(float, quartiles)),  # type: ignore[arg-type]
        distinct=len(np.unique(values)), bins=tuple(map(int, bins)),
    )  # fmt: skip
