"""What is known of a number before it is summed: nothing, its value, that it is infinite, or that it is too large.

Sums of numbers are made of those that are known; how many there are of the others is
counted by their state, and a pattern's numbers stand in a table as their state says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.aggregate.encoded_columns import LARGEST, floats_of

if TYPE_CHECKING:
    from surveytool.arrays import Codes, Floats, Integers
    from surveytool.stream import Column


BLANK, KNOWN, INFINITE, HUGE = 0, 1, 2, 3
STATES = 4


def lookups(columns: Mapping[str, Column], numbers: Sequence[str]) -> dict[str, Floats]:
    """The numbers [codes + 1] behind the codes of columns that are summed, the blank's last; coded ones only."""
    import pyarrow as pa

    coded = [name for name in numbers if columns[name].coded]
    return {name: np.append(floats_of(pa.chunked_array([columns[name].values])), np.nan) for name in coded}


def state_of(values: Floats) -> Codes:
    """The state [rows] of numbers."""
    usable = np.abs(values) <= LARGEST
    state = usable.astype(np.int32)
    if not usable.all():
        state[np.isinf(values)] = INFINITE
        state[np.isfinite(values) & ~usable] = HUGE
    return state


def number_of(values: Floats, centre: float) -> tuple[Codes, Floats]:
    """State [rows] of a number, and its deviation from the centre [rows], 0 where it is not known."""
    state = state_of(values)
    return state, np.where(state == KNOWN, values - centre, 0.0)


def answer_table(
    columns: Mapping[str, Column], codes: Mapping[str, Integers], states: Mapping[str, Integers],
    centres: Mapping[str, float], rows: int,
) -> Any:  # fmt: skip
    """Combinations of answers as an Arrow table, a row each: from codes, -1 for blank, and states of numbers.

    Codes and states are [rows]. A number that is known stands as its centre.
    """
    import pyarrow as pa

    arrays = {name: arrow.taken(columns[name].values, coded) for name, coded in codes.items()}
    for name, state in states.items():
        stands = np.empty(STATES)
        stands[[BLANK, KNOWN, INFINITE, HUGE]] = np.nan, centres[name], np.inf, 2 * LARGEST
        values = stands[state]
        arrays[name] = arrow.fixed(values, ~np.isnan(values), pa.float64())
    return pa.table(arrays or {"": arrow.indices(np.zeros(rows))})
