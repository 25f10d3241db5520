"""A number for every row, and so a fingerprint for every group of rows: the sum of its rows' numbers.

Equal groups have equal sums, the sum of disjoint groups is the sum of their
union, and nothing can be read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from surveytool.arrays import Floats


MOST_BITS = 52


def numbers(rows: int, first: int = 0, count: int | None = None) -> Floats:
    """A number a row that follows from its place (splitmix64), small enough that sums of all ``rows`` stay exact.

    ``first`` and ``count`` give those of some rows, counted from 0.
    """
    bits = MOST_BITS - max(rows, 1).bit_length()
    last = rows if count is None else first + count
    with np.errstate(over="ignore"):
        mixed = (np.arange(first + 1, last + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - bits)).astype(np.float64)
