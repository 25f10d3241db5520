"""From patterns to cells: the few patterns of a cube are grouped, and their sums over the units added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.cells import Breakdown
from surveytool.aggregate.cube import Patterns
from surveytool.aggregate.distribution import Distribution
from surveytool.aggregate.number_state import answer_table
from surveytool.aggregate.question import Answers
from surveytool.aggregate.sample import Sample
from surveytool.aggregate.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from surveytool.arrays import Flags, Floats, Keys
    from surveytool.stream import Column


def pattern_table(patterns: Patterns, columns: Mapping[str, Column]) -> Any:
    """The patterns as a table of answers, one row each; a number that was summed stands as its centre."""
    axes, numbers = patterns.spec.axes, patterns.spec.numbers
    codes, states = (dict(zip(names, own.T, strict=True)) for names, own in
                     ((axes, patterns.codes), (numbers, patterns.states)))  # fmt: skip
    centres = dict(zip(numbers, patterns.centres.tolist(), strict=True))
    return answer_table(columns, codes, states, centres, len(patterns.n))


def gathered(values: Floats, place: Keys, size: int) -> Floats:
    """Sums [size, ...] of rows of ``values`` [rows, ...] by place."""
    found = np.zeros((size, *values.shape[1:]))
    for row, own in zip(values, place.tolist(), strict=True):
        found[own] += row
    return found


def picked(values: Floats, rows: Keys, place: Keys, size: int) -> Floats:
    """``gathered`` [size, ...] of some rows only, without a copy of them."""
    found = np.zeros((size, *values.shape[1:]))
    for row, own in zip(rows.tolist(), place.tolist(), strict=True):
        found[own] += values[row]
    return found


class PatternSums(Sums):
    """The sums of one question in one breakdown, from patterns. ``sources`` [moments - 1] name summed numbers."""

    def __init__(
        self, sample: Sample, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (), *, patterns: Patterns, sources: tuple[str | None, ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(sample, ready, domain, keys, breakdown, distributions)
        self.patterns = patterns
        numbers = patterns.spec.numbers
        named = [None, *sources, *(None for _ in range(self.moments))][: self.moments]
        self.source = [0 if name is None or name not in numbers else numbers.index(name) + 1 for name in named]
        rows = np.flatnonzero(domain & (ready.key >= 0) & (keys >= 0))
        self._fill(rows, keys[rows], keys[rows] * ready.depth + ready.key[rows])

    def add(self, block: slice) -> None:
        """Nothing is left to add: patterns come whole."""

    def _fill(self, rows: Keys, group: Keys, cell: Keys) -> None:
        """Add the patterns [rows] up by group and by cell."""
        cells = self.count.shape[1]
        given = self.patterns
        values = [np.ones(len(rows)) if moment is None else moment for moment in self._moments(slice(None), rows)]
        everyone = given.n[rows].astype(float)
        self.squared += gathered(given.squared[rows], group, self.group_count)
        present = picked(given.present, rows, group, self.group_count)
        self.present = np.rint(present).astype(np.int64).T.ravel()
        if self.sample.alike is not None and given.members is not None:
            self.members = (picked(given.members.astype(np.float64), rows, group, self.group_count) > 0).T.ravel()
        for m, value in enumerate(values):
            self.first[m] = self._first(rows, cell, m, value).T.ravel()
            self.count[m] = np.rint(gathered(everyone * (value == 1.0), cell, cells))
            for n in range(m + 1):
                self._product(rows, cell, (m, n), (value, values[n]))
            if given.replicated is not None:
                self.replicated[:, m] = gathered(self._under_replicates(rows, m, value), cell, cells).T

    def _first(self, rows: Keys, cell: Keys, m: int, value: Floats) -> Floats:
        """Weighted sums [cells, U] of a moment: its value times the weights, and the deviations of a summed number."""
        cells = self.count.shape[1]
        if m == 0:
            return picked(self.patterns.first[0], rows, cell, cells)
        sums: Floats = self.patterns.first[0][rows] * value[:, None]
        if self.source[m]:
            sums += self.patterns.first[self.source[m]][rows]
        return gathered(sums, cell, cells)

    def _under_replicates(self, rows: Keys, m: int, value: Floats) -> Floats:
        """Sums [rows, R] of a moment under each replicate weight."""
        assert self.patterns.replicated is not None
        sums: Floats = self.patterns.replicated[0][rows] * value[:, None]
        if self.source[m]:
            sums += self.patterns.replicated[self.source[m]][rows]
        return sums

    def _product(self, rows: Keys, cell: Keys, moments: tuple[int, int], values: tuple[Floats, Floats]) -> None:
        """Sums of the product of two moments, with the weights and with their squares."""
        m, n = moments
        cells = self.count.shape[1]
        found = gathered(self._mixed(self.patterns.cross, rows, moments, values), cell, cells)
        self.cross[m, n] = self.cross[n, m] = found
        if self.second is not None and self.patterns.second is not None:
            squares = gathered(self._mixed(self.patterns.second, rows, moments, values), cell, cells)
            self.second[m, n] = self.second[n, m] = squares.T.ravel()

    def _mixed(self, sums: Floats, rows: Keys, moments: tuple[int, int], values: tuple[Floats, Floats]) -> Floats:
        """(a + d)(b + e) summed: a and b are the moments' values, d and e deviations of summed numbers."""
        a, b = values
        d, e = (self.source[moment] for moment in moments)
        if sums.ndim == 4:
            a, b = a[:, None], b[:, None]
        found: Floats = sums[0, 0][rows] * (a * b)
        if d:
            found += sums[0, d][rows] * b
        if e:
            found += sums[0, e][rows] * a
        if d and e:
            found += sums[d, e][rows]
        return found
