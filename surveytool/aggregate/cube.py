"""Cubes: sums over the crossing of a few columns' codes and the design's units, made block by block.

A pattern is one combination of answers in the columns that a question and its
breakdowns look at. Whatever was asked, a respondent counts through his pattern
and his unit only, so patterns by units are all that the pass has to sum; which
pattern is in which group, level and domain is found out afterwards, on the few
patterns. Numbers are summed as deviations from a value amid them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.classes import Classes
from surveytool.aggregate.encoded_columns import LARGEST
from surveytool.aggregate.number_state import STATES, answer_table, number_of
from surveytool.errors import UsageError
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Floats, Keys
    from surveytool.stream import Column

    Block = Mapping[str, NDArray[Any]]

DENSE_PATTERNS = 1 << 15
MOST_PLACES = 64_000_000
FEW = 4  # places a row: beyond, clearing sums aside costs more than it brings


@dataclass(frozen=True, slots=True)
class Spec:
    """What a cube crosses: ``axes`` are coded columns, ``numbers`` columns whose values are summed."""

    axes: tuple[str, ...]
    numbers: tuple[str, ...] = ()


@frozen
class Terms:
    """Which sums the design needs; ``squares``: respondents are units, and squared weights are summed by unit too."""

    units: int
    squares: bool


@frozen
class Patterns:
    """A cube's sums: P patterns, U units, N numbers.

    ``codes`` [P, axes] are -1 for blank, ``states`` [P, N] blank, known or infinite,
    ``centres`` [N] what was taken from the numbers. ``rows`` and ``n`` [P] count
    respondents, ``n`` those with a positive weight, and ``weights`` [P] are their sum.
    ``classes`` are the patterns in every unit, or in the units where a query met them.
    """

    spec: Spec
    codes: Codes
    states: Codes
    centres: Floats
    rows: NDArray[np.int64]
    n: NDArray[np.int64]
    weights: Floats
    classes: Classes

    def table(self, columns: Mapping[str, Column]) -> Any:
        """The patterns as an Arrow table of answers, one row each; a number that was summed stands as its centre."""
        codes = dict(zip(self.spec.axes, self.codes.T, strict=True))
        states = dict(zip(self.spec.numbers, self.states.T, strict=True))
        centres = dict(zip(self.spec.numbers, self.centres.tolist(), strict=True))
        return answer_table(columns, codes, states, centres, len(self.n))


class Rows:
    """One block made ready for every cube: units, weights and their squares, once."""

    def __init__(self, block: Block, unit: Codes, weights: Floats) -> None:
        self.block, self.unit, self.weights = block, unit, weights
        self.squared = weights * weights
        positive = weights > 0
        self.positive = None if positive.all() else positive.astype(float)
        self._steps: dict[tuple[tuple[str, ...], int], Codes] = {}

    def key(self, axes: tuple[str, ...], sizes: Sequence[int], units: int = 1) -> Codes:
        """Mixed-radix number [rows] of the unit (where there are several) and the axes' codes, the first fastest."""
        if not axes:
            return self.unit if units > 1 else np.zeros(len(self.weights), dtype=np.int32)
        stride = units * prod(sizes[:-1])
        kind = np.dtype(np.int64 if stride * sizes[-1] * 16 > 2**31 - 1 else np.int32)
        key = np.multiply(self.block[axes[-1]], stride, dtype=kind)
        key += self.step(axes[:-1], sizes[:-1], units)
        return key

    def step(self, axes: tuple[str, ...], sizes: Sequence[int], units: int) -> Codes:
        """The key of the axes plus one step of the next axis, whose blank is -1; kept for all cubes that begin so."""
        if (axes, units) not in self._steps:
            self._steps[axes, units] = self.key(axes, sizes, units) + units * prod(sizes)
        return self._steps[axes, units]


def add_up(sums: Floats, places: Codes | Keys, values: Floats | float | None, few: int = FEW) -> None:
    """Add values [rows] to ``sums`` by place.

    Places that are ``few`` a row are summed aside, which leaves other threads free.
    """
    if sums.size > few * len(places):
        np.add.at(sums, places, 1.0 if values is None else values)
    else:
        sums += np.bincount(places, values, minlength=sums.size)


class Cube:
    """The running sums of one ``Spec``."""

    def __init__(self, spec: Spec, sizes: Sequence[int], terms: Terms, lookups: Mapping[str, Floats]) -> None:
        self.spec, self.terms, self.lookups = spec, terms, lookups
        self.sizes = (*sizes, *(STATES for _ in spec.numbers))
        self.plain = prod(sizes) <= DENSE_PATTERNS and not spec.numbers
        self.dense = prod(self.sizes) <= DENSE_PATTERNS
        self.patterns = prod(self.sizes) if self.dense else 0
        self.known: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.centres: list[float | None] = [None for _ in spec.numbers]
        many = 1 + len(spec.numbers)
        self.pairs = [(m, n) for m in range(many) for n in range(m + 1)]
        self.by_unit = many + (len(self.pairs) + 1 if terms.squares else 0)
        self.big = np.zeros((self.by_unit, self.patterns, terms.units))
        self.small = np.zeros((3 + sum(n > 0 for _, n in self.pairs), self.patterns))

    def add(self, rows: Rows) -> None:
        """Add a block; what is summed by pattern only is left to ``Crossing`` where the cube is plain."""
        if self.plain:
            self._add_plain(rows)
            return
        numbers = [self._deviation(index, name, rows.block) for index, name in enumerate(self.spec.numbers)]
        pattern = self._pattern(rows, [state for state, _ in numbers])
        deviations = [deviation for _, deviation in numbers]
        weighted = [rows.weights, *(rows.weights * deviation for deviation in deviations)]
        units = self.terms.units
        cell = pattern if units == 1 else pattern * units + rows.unit
        for sums, column in zip(self.big, self._by_unit(rows, weighted, deviations), strict=True):
            add_up(sums.reshape(-1), cell, column)
        for sums, values in zip(self.small, self._by_pattern(rows, weighted, deviations), strict=True):
            add_up(sums, pattern, values)

    def _add_plain(self, rows: Rows) -> None:
        """Add a block by pattern and unit."""
        key = rows.key(self.spec.axes, self.sizes, self.terms.units)
        for sums, column in zip(self.big, self._by_unit(rows, [rows.weights], []), strict=True):
            add_up(sums.reshape(-1), key, column)

    def _pattern(self, rows: Rows, states: Sequence[Codes]) -> Codes:
        """Pattern numbers [rows] of the axes' codes and the numbers' states."""
        key = rows.key(self.spec.axes, self.sizes[: len(self.spec.axes)])
        stride = prod(self.sizes[: len(self.spec.axes)])
        for state in states:
            key = key + state * np.asarray(stride, dtype=key.dtype)
            stride *= STATES
        return key.astype(np.int32, copy=False) if self.dense else self._placed(key)

    def _by_unit(self, rows: Rows, weighted: list[Floats], deviations: list[Floats]) -> list[Floats | None]:
        """What is summed by pattern and unit: moments, in element designs squares and respondents too."""
        if not self.terms.squares:
            return [*weighted]
        parts = [None, *deviations]
        squares = [_times(_times(rows.squared, parts[m]), parts[n]) for m, n in self.pairs]
        return [*weighted, *squares, rows.positive]

    def _by_pattern(self, rows: Rows, weighted: list[Floats], deviations: list[Floats]) -> list[Floats | None]:
        """What is summed by pattern only: respondents, those who count, squared weights, products of numbers."""
        products = [deviations[m - 1] * weighted[n] for m, n in self.pairs if n]
        return [None, rows.positive, rows.squared, *products]

    def _deviation(self, index: int, name: str, block: Block) -> tuple[Codes, Floats]:
        """State and deviation [rows] of a number; the centre is the median of the first block that has one."""
        lookup = self.lookups.get(name)
        values = block[name] if lookup is None else lookup[block[name]]
        if self.centres[index] is None:
            usable = np.abs(values) <= LARGEST
            self.centres[index] = float(np.median(values[usable])) if usable.any() else None
        return number_of(values, self.centres[index] or 0.0)

    def _placed(self, key: Codes) -> Codes:
        """Pattern numbers [rows] of keys too many to have a place each; new ones are added."""
        order = np.argsort(self.known, kind="stable")
        ordered = self.known[order]
        slot = np.searchsorted(ordered, key)
        there = slot < len(ordered)
        there[there] = ordered[slot[there]] == key[there]
        if not there.all():
            self._grow(np.setdiff1d(key[~there], ordered))
            return self._placed(key)
        return order[slot].astype(np.int32)

    def _grow(self, new: NDArray[np.int64]) -> None:
        """Make room for new patterns."""
        self.known = np.concatenate([self.known, new])
        more = len(new)
        self.patterns += more
        if self.patterns * self.terms.units * self.by_unit > MOST_PLACES:
            raise UsageError(
                "so many combinations of answers and units are too many for one pass.",
                "--by", "Cross fewer variables.",
            )  # fmt: skip
        self.big = np.concatenate([self.big, np.zeros((self.by_unit, more, self.terms.units))], axis=1)
        self.small = np.concatenate([self.small, np.zeros((len(self.small), more))], axis=1)

    def patterns_found(self) -> Patterns:
        """The patterns that somebody has, and their sums."""
        occurs = np.flatnonzero(self.small[0] > 0)
        whole = len(occurs) == self.patterns
        keys = occurs if self.dense else self.known[occurs]
        split = np.zeros((len(keys), 0))
        if self.sizes:
            split = np.stack(np.unravel_index(keys, self.sizes, order="F"), axis=1)
        axes = len(self.spec.axes)
        many = 1 + len(self.spec.numbers)
        big, small = (self.big, self.small) if whole else (self.big[:, occurs], self.small[:, occurs])
        first = big[:many]
        return Patterns(
            spec=self.spec,
            codes=(split[:, :axes] - 1).astype(np.int32),
            states=split[:, axes:].astype(np.int32),
            centres=np.array([centre or 0.0 for centre in self.centres]),
            rows=np.rint(small[0]).astype(np.int64),
            n=np.rint(small[1]).astype(np.int64),
            weights=first[0].sum(axis=1),
            classes=Classes(
                row=slice(None), unit=None, n=np.rint(small[1]), first=first, squared=small[2],
                second=self._square(big[many:-1], many) if self.terms.squares else None,
                cross=self._crossed(first.sum(axis=2), small[3:], many),
                present=np.rint(big[-1]) if self.terms.squares else first[0] > 0, numbers=self.spec.numbers,
            ),
        )  # fmt: skip

    def _square(self, sums: Floats, many: int) -> Floats:
        """Sums of pairs of moments as a matrix of moments [many, many, ...]."""
        square = np.zeros((many, many, *sums.shape[1:]))
        for index, (m, n) in enumerate(self.pairs):
            square[m, n] = square[n, m] = sums[index]
        return square

    def _crossed(self, totals: Floats, products: Floats, many: int) -> Floats:
        """The same of products without units; those with the constant are the totals."""
        crossed = np.zeros((many, many, totals.shape[1]))
        for m in range(many):
            crossed[m, 0] = crossed[0, m] = totals[m]
        for index, (m, n) in enumerate(pair for pair in self.pairs if pair[1]):
            crossed[m, n] = crossed[n, m] = products[index]
        return crossed


def _times(values: Floats, deviation: Floats | None) -> Floats:
    """Values [rows] times a number's deviations [rows]."""
    return values if deviation is None else values * deviation
