"""Classes of respondents with the same replicate factors, found while the columns of replicate weights go by.

A column is looked at by itself, so a row is known by a sum of random numbers times its weights (its fingerprint). Of
each new fingerprint one row is read whole. Which groups have respondents of which class gives the degrees of freedom
of every domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.replicate_rank import fingerprint, projection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats, Keys


MOST = 1 << 23  # factors that are kept
STRIDE = 1 << 24  # above the number of every class
MERGE = 1 << 20


class ReplicateClassesFound:
    """The classes met so far; ``whole`` turns false where there are too many of them to be kept."""

    def __init__(self, replicates: int) -> None:
        self.projection = projection(replicates)
        self.met: Floats = np.zeros(0)
        self.numbers: Keys = np.zeros(0, dtype=np.intp)
        self.rows: list[Floats] = []
        self.whole = True

    def new(self, shown: Floats) -> Keys:
        """The first row of each class that was not met before; ``shown`` [rows] are projected factors."""
        prints = fingerprint(shown)
        unmet = np.flatnonzero(np.append(self.met, np.nan)[np.searchsorted(self.met, prints)] != prints)
        fresh, first = np.unique(prints[unmet], return_index=True)
        if (len(self.met) + len(fresh)) * len(self.projection) > MOST:
            self.whole = False
            self.rows = []
        keys = np.concatenate([self.met, fresh])
        numbers = np.concatenate([self.numbers, len(self.numbers) + np.arange(len(fresh))])
        order = np.argsort(keys, kind="stable")
        self.met, self.numbers = keys[order], numbers[order].astype(np.intp)
        return unmet[first].astype(np.intp)

    def of(self, shown: Floats) -> Keys:
        """The class [rows] of rows that were met."""
        numbers: Keys = self.numbers[np.searchsorted(self.met, fingerprint(shown))]
        return numbers

    @property
    def factors(self) -> Floats | None:
        """Every class's factors [C, R]; None where there are too many classes."""
        if not self.whole:
            return None
        return np.concatenate(self.rows) if self.rows else np.zeros((0, len(self.projection)))


class Members:
    """Which places have respondents of which class."""

    def __init__(self) -> None:
        self.parts: list[NDArray[np.int64]] = []

    def add(self, places: Keys, classes: Keys) -> None:
        """Add rows, with their places [rows] and classes [rows]."""
        self.parts.append(distinct(places.astype(np.int64) * STRIDE + classes))
        if sum(len(part) for part in self.parts[1:]) > MERGE:
            self.parts = [distinct(np.concatenate(self.parts))]

    def pairs(self) -> tuple[Keys, Keys]:
        """Distinct places [pairs] and classes [pairs] that met."""
        if len(self.parts) > 1:
            self.parts = [distinct(np.concatenate(self.parts))]
        packed = self.parts[0] if self.parts else np.zeros(0, dtype=np.int64)
        return (packed // STRIDE).astype(np.intp), (packed % STRIDE).astype(np.intp)


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct numbers [n] in order: by sorting, for numpy's hashes take ten times as long where most are distinct.

    >>> distinct(np.array([3, 1, 3])).tolist(), distinct(np.zeros(0, dtype=np.int64)).tolist()
    ([1, 3], [])
    """
    ordered = np.sort(numbers)
    changes = np.append(np.ones(min(len(ordered), 1), dtype=bool), ordered[1:] != ordered[:-1])
    return np.asarray(ordered[changes])


def marked(patterns: Keys, classes: Keys, shape: tuple[int, int]) -> Flags:
    """Flags [P, C] of the patterns and classes that met."""
    flags = np.zeros(shape, dtype=bool)
    flags[patterns, classes] = True
    return flags
