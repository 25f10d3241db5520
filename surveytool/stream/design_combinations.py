"""Which strata, units and population sizes come together, how often, and what is wrong with the weights.

The design of a sample is a small table of distinct combinations, however many
respondents there are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import LongKeys
    from surveytool.survey import Design


DENSE = 1 << 22
MOST = 1_000_000
BITS = 21
FIRST_ROWS = 5
LARGEST = 1e75  # squares of weighted values beyond it leave the range of floats


FAULTS = {
    "missing": "are missing", "infinite": "are infinite", "huge": f"are above {LARGEST:g}", "negative": "are negative",
}  # fmt: skip


def weight_faults(weights: NDArray[np.float64]) -> dict[str, NDArray[np.bool_]]:
    """What is wrong with weights, and the rows [rows] that have it; nothing where all of them can be used.

    >>> sorted(weight_faults(np.array([1.0, np.nan, -1.0]))), weight_faults(np.array([0.0, 2.5]))
    (['huge', 'infinite', 'missing', 'negative'], {})
    """
    if weights.min(initial=0.0) >= 0 and weights.max(initial=0.0) <= LARGEST:
        return {}
    return fault_flags(weights, np.isnan(weights), np.isinf(weights))


def fault_flags(weights: Any, blank: Any, infinite: Any) -> dict[str, Any]:
    """What no weight may be, by the key of ``FAULTS``: of arrays [rows], or of expressions of a query."""
    number = ~blank & ~infinite
    return {
        "missing": blank, "infinite": ~blank & infinite,
        "huge": number & (weights > LARGEST), "negative": number & (weights < 0),
    }  # fmt: skip


class Faults:
    """Rows with a fault: how many, and the first ones' numbers counted from 1."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[int] = []

    def add(self, flags: NDArray[np.bool_], start: int) -> None:
        count = int(flags.sum())
        if count and len(self.first) < FIRST_ROWS:
            self.first += [int(row) + start + 1 for row in np.flatnonzero(flags)[: FIRST_ROWS - len(self.first)]]
        self.count += count


class Combos:
    """Distinct combinations of a design's columns, and sums of its weights.

    ``too_many`` says that they are as good as one a respondent: no small table.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        named = (design.strata, *design.psu, *design.fpc)
        self.keys = tuple(dict.fromkeys(name for name in named if name is not None))
        self.names = (*self.keys, *((design.weights,) if design.weights else ()))
        self.rows, self.zeros, self.weight = 0, 0, 0.0
        self.faults = {kind: Faults() for kind in FAULTS}
        self.too_many = len(self.keys) > 3
        self._parts: list[tuple[LongKeys, LongKeys]] = []
        self._size = 0
        self._ready: tuple[LongKeys, LongKeys] | None = None

    def add(self, block: Mapping[str, NDArray[Any]], first: int) -> None:
        """Add a block of rows; ``first`` is the number of rows before it."""
        if not block or not set(self.names) <= set(block):
            self.rows += len(next(iter(block.values()), ()))
            return
        self.rows += len(next(iter(block.values())))
        if self.design.weights is not None:
            self._weigh(block[self.design.weights], first)
        if self.keys and not self.too_many:
            self._ready = None
            self._combine([block[name] for name in self.keys])

    def _weigh(self, weights: NDArray[np.float64], first: int) -> None:
        faults = weight_faults(weights)
        for kind, flags in faults.items():
            self.faults[kind].add(flags, first)
        self.weight += 0.0 if faults else float(weights.sum())
        self.zeros += int((weights == 0).sum())

    def _combine(self, codes: list[NDArray[Any]]) -> None:
        """Count a block's combinations, one number a combination: 21 bits a column, blank is 0."""
        sizes = [int(code.max(initial=-1)) + 2 for code in codes]
        if max(sizes) > 1 << BITS:
            self.too_many = True
            return
        if math.prod(sizes) <= DENSE:
            key = np.zeros(len(codes[0]), dtype=np.intp)
            for array, size in zip(codes, sizes, strict=True):
                key *= size
                key += array
                key += 1
            counts = np.bincount(key)
            present = np.flatnonzero(counts)
            counts = counts[present]
            packed = np.zeros(len(present), dtype=np.int64)
            for index, part in enumerate(np.unravel_index(present, sizes)):
                packed |= part.astype(np.int64) << (BITS * (len(sizes) - 1 - index))
        else:
            packed = np.zeros(len(codes[0]), dtype=np.int64)
            for array in codes:
                packed = (packed << BITS) | (array.astype(np.int64) + 1)
            packed, counts = np.unique(packed, return_counts=True)
        self._parts.append((packed, counts))
        self._size += len(packed)
        if self._size > 4 * MOST:
            self._merge()
            self.too_many = self._size > MOST

    def take(self, codes: list[NDArray[Any]], counts: LongKeys) -> None:
        """Combinations that were counted elsewhere: one array of codes a column, -1 for blank."""
        self.too_many = self.too_many or any(int(code.max(initial=-1)) + 2 > 1 << BITS for code in codes)
        packed = np.zeros(len(counts), dtype=np.int64)
        for code in codes:
            packed = (packed << BITS) | (code.astype(np.int64) + 1)
        if not self.too_many:
            self._parts.append((packed, counts))

    def _merge(self) -> None:
        """The parts as one, each combination once, in order."""
        packed, slot = np.unique(np.concatenate([packed_part for packed_part, _ in self._parts]), return_inverse=True)
        counts = np.bincount(slot, np.concatenate([part_counts for _, part_counts in self._parts]))
        self._parts, self._size = [(packed, np.rint(counts).astype(np.int64))], len(packed)

    def found(self) -> tuple[LongKeys, LongKeys]:
        """The combinations' codes [combinations, keys] (-1 blank) and their counts [combinations]."""
        if self._ready is None:
            self._merge()
            packed, counts = self._parts[0]
            shifts = [BITS * (len(self.keys) - 1 - index) for index in range(len(self.keys))]
            codes = np.stack([(packed >> shift & ((1 << BITS) - 1)) - 1 for shift in shifts], axis=1)
            self._ready = codes, counts
        return self._ready
