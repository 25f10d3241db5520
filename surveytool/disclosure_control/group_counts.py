"""Counts of one breakdown with fingerprints, and how much of each one primary sampling unit or site holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Counts, Floats, Keys


MOST_SHARES = 20_000_000


@frozen
class Rows:
    """The rows at hand: their answers' places (``key``), numbers, weights, and their units with how many there are.

    ``sizes`` says how many respondents a row stands for; None where it is one.
    """

    key: Keys
    numbers: Floats
    weights: Floats
    units: Sequence[tuple[Keys, int]]
    sizes: Counts | None = None

    def taken(self, chosen: Any) -> Rows:
        """Some of the rows."""
        units = [(unit[chosen], many) for unit, many in self.units]
        return Rows(
            key=self.key[chosen], numbers=self.numbers[chosen], weights=self.weights[chosen], units=units,
            sizes=None if self.sizes is None else self.sizes[chosen],
        )  # fmt: skip


@frozen
class Counted:
    """Counts, fingerprints and largest shares [groups, answers], and of the groups as a whole [groups].

    ``masses`` [groups, answers, units] are respondents and weights by unit, so that
    groups can be added up; None where they would not fit.
    """

    count: Counts
    prints: Floats
    top: Floats
    n: Counts
    n_prints: Floats
    n_top: Floats
    masses: tuple[Floats, ...] | None = None

    def together(self) -> Counted:
        """All groups as one, after a place for nobody."""
        assert self.masses is not None

        def one(values: Any) -> Any:
            total = values.sum(axis=0, keepdims=True)
            return np.concatenate([np.zeros_like(total), total])

        masses = tuple(one(mass) for mass in self.masses)
        return Counted(
            count=one(self.count), prints=one(self.prints), top=_share(masses, one(self.count).shape), n=one(self.n),
            n_prints=one(self.n_prints), n_top=_whole_share(masses, 2), masses=masses,
        )  # fmt: skip


def counted(rows: Rows, held: Keys, size: int, depth: int) -> Counted:
    """Counts [size, depth] of the rows by group (``held`` [rows]) and answer."""
    cell = held * depth + rows.key if depth > 1 else held
    cells = size * depth
    prints = np.bincount(cell, rows.numbers, minlength=cells).astype(np.float64).reshape(size, depth)
    if sum(many for _, many in rows.units) * cells > MOST_SHARES:
        return _sparse(rows, held, cell, (size, depth), prints)
    masses = []
    for unit, many in rows.units:
        place = cell * many + unit
        for weights in (rows.sizes, rows.weights):
            mass = np.bincount(place, weights, minlength=cells * many).astype(np.float64)
            masses.append(mass.reshape(size, depth, many))
    count = masses[0].sum(axis=2) if masses else np.bincount(cell, rows.sizes, minlength=cells).reshape(size, depth)
    made: Counts = np.asarray(count, dtype=np.int64)
    return Counted(
        count=made, prints=prints, top=_share(masses, (size, depth)), n=made.sum(axis=1), n_prints=prints.sum(axis=1),
        n_top=_whole_share(masses, size), masses=tuple(masses),
    )  # fmt: skip


def _sparse(rows: Rows, held: Keys, cell: Keys, shape: tuple[int, int], prints: Floats) -> Counted:
    """The same where units by cells do not fit into an array."""
    cells, size = shape[0] * shape[1], shape[0]
    top, n_top = np.zeros(cells), np.zeros(size)
    for unit, many in rows.units:
        top = np.maximum(top, _largest(unit, many, cell, cells, rows))
        n_top = np.maximum(n_top, _largest(unit, many, held, size, rows))
    count: Counts = np.bincount(cell, rows.sizes, minlength=cells).astype(np.int64).reshape(shape)
    return Counted(
        count=count, prints=prints, top=top.reshape(shape), n=count.sum(axis=1), n_prints=prints.sum(axis=1),
        n_top=n_top,
    )  # fmt: skip


def _share(masses: Sequence[Floats], shape: tuple[int, ...]) -> Floats:
    """The largest share of each cell that one unit holds."""
    found = np.zeros(shape)
    for mass in masses:
        whole = mass.sum(axis=-1)
        part = np.divide(mass.max(axis=-1), whole, out=np.zeros(shape), where=whole > 0)
        found = np.maximum(found, part)
    return found


def _whole_share(masses: Sequence[Floats], size: int) -> Floats:
    """The same of groups as a whole."""
    return _share([mass.sum(axis=1) for mass in masses], (size,))


def _largest(unit: Keys, many: int, cell: Keys, cells: int, rows: Rows) -> Floats:
    """The largest share of a cell's respondents, or of their weight, in one unit, by the pairs that occur."""
    kept, place = np.unique(cell * many + unit, return_inverse=True)
    owner, share = kept // many, np.zeros(cells)
    for amount in (np.bincount(place, rows.sizes).astype(float), np.bincount(place, rows.weights)):
        whole, largest = np.bincount(owner, amount, minlength=cells), np.zeros(cells)
        np.maximum.at(largest, owner, amount)
        share = np.maximum(share, np.divide(largest, whole, out=np.zeros(cells), where=whole > 0))
    return share
