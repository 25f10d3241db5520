"""Pairs of answers that stand together: sums over few pairs a respondent, where all pairs of options would be many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


MOST_PAIRS = 1 << 22


def parts(chosen: Flags) -> Iterator[tuple[int, int]]:
    """Runs of rows with a few million pairs of flags [rows, options] each, as their ends."""
    pairs = np.cumsum(chosen.sum(axis=1, dtype=np.int64) ** 2)
    ends = np.searchsorted(pairs, np.arange(MOST_PAIRS, pairs[-1] if len(pairs) else 0, MOST_PAIRS))
    return pairwise([0, *(int(end) for end in ends), len(chosen)])


def pairs_of(chosen: Flags) -> tuple[Keys, Keys, Keys]:
    """Every ordered pair of flags that stand in the same row [rows, options]: row, one, other."""
    rows, options = np.nonzero(chosen)
    sizes = np.bincount(rows, minlength=len(chosen))
    starts = np.cumsum(sizes) - sizes
    often = sizes[rows]
    one = np.repeat(np.arange(len(rows)), often)
    step = np.arange(len(one)) - np.repeat(np.cumsum(often) - often, often)
    return rows[one], options[one], options[starts[rows[one]] + step]


def add_at(sums: Floats, at: Keys, values: Floats) -> None:
    """Add values [N] at flat places [N] of an array, which may be much larger than they are many."""
    flat = sums.reshape(-1)
    if sums.size <= 4 * len(at):
        flat += np.bincount(at, values, minlength=sums.size)
    else:
        places, index = np.unique(at, return_inverse=True)
        flat[places] += np.bincount(index, values, minlength=len(places))
