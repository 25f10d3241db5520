"""The rank of a tall matrix, from a small one that has the same: replicate weights of any number of respondents.

Every row, times its random number, is added to one of few rows (a sketch, Woodruff
2014); the products of all pairs of columns would cost more than all tables. Rows
take turns, so that no place is looked up, and each column is folded by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats


BUCKETS = 4096
SAME = 9  # binary mantissa's decimals to which projections of the same factors are equal


def size_for(columns: int) -> int:
    """The rows that a sketch of so many columns has."""
    return max(BUCKETS, 2 * columns)


def draws(rows: int, first: int = 0) -> Floats:
    """The rows' random numbers [rows]; they follow from the number of rows before them."""
    return np.random.default_rng(first).standard_normal(rows)


def fold(sketch: Floats, column: Floats, drawn: Floats, first: int = 0) -> None:
    """Add a column [rows], times its rows' random numbers, to its sketch [size]; ``first`` rows went before.

    Rows take turns over all blocks: of short blocks only the sketch's first rows would be used.
    """
    size, turn = len(sketch), first % len(sketch)
    if turn:
        some = min(size - turn, len(column))
        sketch[turn : turn + some] += column[:some] * drawn[:some]
        column, drawn = column[some:], drawn[some:]
    whole = len(column) // size * size
    sketch += np.einsum("ij,ij->j", column[:whole].reshape(-1, size), drawn[:whole].reshape(-1, size))
    sketch[: len(column) - whole] += column[whole:] * drawn[whole:]


def rank(matrix: Floats) -> float:
    """Rank of the columns of a matrix [rows, columns], scaled to length 1, with tolerance 1e-5 as R's degf."""
    size = size_for(matrix.shape[1])
    if len(matrix) > 4 * size:
        tall, drawn = matrix, draws(len(matrix))
        matrix = np.zeros((size, tall.shape[1]), order="F")
        for small, column in zip(matrix.T, tall.T, strict=True):
            fold(small, column, drawn)
    length = np.sqrt((matrix**2).sum(axis=0))
    scaled = matrix / np.where(length > 0, length, 1)
    wide = scaled.shape[0] < scaled.shape[1]  # the smaller of two products with the same eigenvalues but for zeros
    values = np.linalg.eigvalsh(scaled @ scaled.T if wide else scaled.T @ scaled)
    return float((values > 1e-10 * values.max()).sum())


def projection(columns: int) -> Floats:
    """Random numbers [columns] whose sum with a row's replicate weights tells rows apart."""
    return np.random.default_rng(columns).standard_normal(columns)


def fingerprint(shown: Floats) -> Floats:
    """Projected factors [rows] without the digits that floating point leaves open: the same for the same factors."""
    mantissa, exponent = np.frexp(shown)
    return np.asarray(np.round(mantissa, SAME) + exponent, dtype=np.float64)


def alike(matrix: Floats, weights: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Rows whose replicate weights are the same but for one factor: each row's class [rows], a class's factors [C, R].

    Factors are replicate weights [rows, R] over the main weight [rows]. A random projection tells rows apart; rows
    without a main weight are the class -1.
    """
    positive = np.flatnonzero(weights > 0)
    shown = matrix[positive] @ projection(matrix.shape[1]) / weights[positive]
    _, first, class_ = np.unique(fingerprint(shown), return_index=True, return_inverse=True)
    classes = np.full(len(weights), -1, dtype=np.intp)
    classes[positive] = class_
    return classes, matrix[positive[first]] / weights[positive[first], None]
