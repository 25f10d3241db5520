"""A first look at the numbers of a column: where they lie, how many there are, how they are spread. Unweighted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.frozen import frozen
from surveytool.stream import Pushed, Stream
from surveytool.survey import Survey, Variable

if TYPE_CHECKING:
    from surveytool.arrays import Floats

BINS = 8
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


def first_looks(survey: Survey, names: Iterable[str]) -> dict[str, FirstLook]:
    """First looks at the columns of numbers among some variables; none of a cluster's, which stay where they are.

    Raises nothing for a column without numbers: it is left out. Large data come into memory a column at a time.
    """
    if isinstance(survey.frame, Pushed):
        return {}
    found: dict[str, FirstLook] = {}
    for name in names:
        variable = survey.codebook[name]
        if variable.kind == "number" and variable.n and not variable.sensitive:
            look = of_values(_numbers(survey, variable))
            found |= {name: look} if look is not None else {}
    return found


def _numbers(survey: Survey, variable: Variable) -> Floats:
    """The answers [n] of a question of numbers, without what is none."""
    columns = [*(variable.columns or (variable.name,)), *([variable.tags] if variable.tags else [])]
    stream = isinstance(survey.frame, Stream)
    table = survey.frame.table(columns) if stream else arrow_table(survey.frame, columns)
    values = Columns(survey, table).numbers(variable.name)
    known: Floats = values[np.isfinite(values)]
    return known


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
