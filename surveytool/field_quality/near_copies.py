"""Interviews that are nearly copies of another: the share of equal answers of every pair.

The measure of Kuriakose and Robbins (2016), ``percentmatch``: over all questions, two blanks are equal too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats

BLOCK = 256
FEWEST = 20  # questions from which equal answers say something


@frozen
class NearCopies:
    """``most`` [rows] is each interview's greatest share of equal answers; ``pairs`` are rows above the threshold."""

    most: Floats
    pairs: tuple[tuple[int, int, float], ...]
    questions: int

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows in any pair, each once."""
        return tuple(sorted({row for first, second, _ in self.pairs for row in (first, second)}))


def near_copies(answers: NDArray[np.int32], threshold: float) -> NearCopies:
    """Pairs of codes [rows, questions] whose share of equal answers is above the threshold.

    >>> near_copies(np.array([[1, 2, 3, -1], [1, 2, 3, -1], [4, 5, 6, 7]], dtype=np.int32), 0.85).pairs
    ((0, 1, 1.0),)
    """
    rows, questions = answers.shape
    most = np.zeros(rows)
    pairs: list[tuple[int, int, float]] = []
    for first, shares in _blocks(answers):
        own = np.arange(len(shares))
        shares[own, first + own] = -1.0
        most[first : first + len(shares)] = shares.max(axis=1, initial=0.0)
        above, other = np.nonzero(shares > threshold)
        pairs += [(int(first + row), int(column), float(shares[row, column]))
                  for row, column in zip(above, other, strict=True) if first + row < column]  # fmt: skip
    return NearCopies(most=most, pairs=tuple(pairs), questions=questions)


def _blocks(answers: NDArray[np.int32]) -> Iterator[tuple[int, Floats]]:
    """Shares of equal answers of some rows with all [block, rows]."""
    rows, questions = answers.shape
    columns = np.ascontiguousarray(answers.T)
    for first in range(0, rows, BLOCK):
        equal = np.zeros((min(BLOCK, rows - first), rows), dtype=np.int32)
        for column in columns:
            equal += column[first : first + BLOCK, None] == column[None, :]
        yield first, equal / max(questions, 1)
