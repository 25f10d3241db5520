"""Classes: respondents with the same answers and the same unit, as whoever has read them hands them over.

A respondent is a class of one. The patterns of a cube are classes that stand in every unit at once, a row of a
grouped query is a class, and so is what the gate counts of a stream. Whatever they are, they are placed into cells
here, and nowhere else are they summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

    Term = tuple[Floats, tuple[Floats, ...]]  # sums of classes [C, ...], and factors [c] of those that are placed


@frozen
class Classes:
    """C classes, N numbers whose deviations d from a value amid them were summed.

    ``row`` says where their answers stand, ``unit`` [C] is their unit; None where every class has a place for every
    unit, and sums by unit are [..., C, U]. ``n`` [C] counts respondents with a positive weight. ``first`` [1 + N, C]
    sums w and w d, ``cross`` [1 + N, 1 + N, C] w, w d, w d d, ``squared`` [C] w w; ``second``
    [1 + N, 1 + N, C] w w, w w d, w w d d, None where a class is one respondent or nobody asks. ``present`` [C] is
    above 0 where the unit has the class. ``replicated`` [1 + N, C, R] are the first sums under each replicate weight,
    ``alike`` [C] the class of the same replicate factors, or flags [C, K] of those that a class has.
    """

    row: slice | Keys
    unit: Keys | None
    n: Floats
    first: Floats
    cross: Floats
    squared: Floats
    present: Floats
    second: Floats | None = None
    replicated: Floats | None = None
    alike: Keys | Flags | None = None
    numbers: tuple[str, ...] = ()


class Placed:
    """Some classes [c] on their way into cells [c]."""

    def __init__(self, chosen: Keys, cell: Keys, cells: int, unit: Keys | None, units: int) -> None:
        self.chosen, self.cell, self.cells, self.units = chosen, cell, cells, units
        self.place = None if unit is None else unit[chosen] * cells + cell

    def by_cell(self, *terms: Term) -> Floats:
        """Sums [cells]."""
        return np.asarray(np.bincount(self.cell, total(terms, self.chosen), minlength=self.cells), dtype=np.float64)

    def by_unit(self, *terms: Term) -> Floats:
        """Sums [U * cells]."""
        if self.place is None:
            return self.wide(*terms).T.ravel()
        return self.spread(total(terms, self.chosen))

    def spread(self, values: Floats) -> Floats:
        """Sums [U * cells] of values [c] of classes that have a unit each."""
        assert self.place is not None
        return np.asarray(np.bincount(self.place, values, minlength=self.units * self.cells), dtype=np.float64)

    def wide(self, *terms: Term) -> Floats:
        """Sums [cells, U] of terms [C, U], class by class, so that none is copied as a whole."""
        sums = np.zeros((self.cells, terms[0][0].shape[1]))
        rows, cells = self.chosen.tolist(), self.cell.tolist()
        if len(terms) == 1 and not terms[0][1]:
            values = terms[0][0]
            for row, cell in zip(rows, cells, strict=True):
                sums[cell] += values[row]
            return sums
        for index, (row, cell) in enumerate(zip(rows, cells, strict=True)):
            sums[cell] += total([(values, tuple(by[index] for by in factors)) for values, factors in terms], row)
        return sums


def total(terms: Sequence[Term], at: Keys | int) -> Floats:
    """The sum of terms at some classes: each its values times its factors, in their order.

    >>> total([(np.array([2.0, 3.0]), (np.array([10.0]),)), (np.array([0.5, 0.25]), ())], np.array([1]))
    array([30.25])
    """
    parts = []
    for values, factors in terms:
        part = values[at]
        for factor in factors:
            part = part * factor
        parts.append(part)
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def moment(sums: Floats, source: int, value: Floats | None) -> list[Term]:
    """The terms of one moment, its value a [c] plus the deviation d of a summed number (its ``source``, 0 for none)."""
    terms: list[Term] = [(sums[0], () if value is None else (value,))]
    return [*terms, (sums[source], ())] if source else terms


def product(sums: Floats, sources: tuple[int, int], values: tuple[Floats | None, Floats | None]) -> list[Term]:
    """The terms of (a + d)(b + e): a and b [c] are the moments' values, d and e deviations of summed numbers."""
    a, b = (() if value is None else (value,) for value in values)
    d, e = sources
    terms: list[Term] = [(sums[0, 0], (*a, *b))]
    terms += [(sums[0, d], b)] if d else []
    terms += [(sums[0, e], a)] if e else []
    return [*terms, (sums[d, e], ())] if d and e else terms
