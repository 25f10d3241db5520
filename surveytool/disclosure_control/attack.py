"""The attack on our own output: within which bounds does everything published hold a withheld count?

An attacker has every printed count and every equation between counts, and knows
that no count is negative. The bounds are two linear programmes a count (maximum
and minimum); the true table is one feasible point, so only deviations from it
are unknown. One programme that moves many counts at once certifies most of them;
only the rest is asked one by one. The dual values say which further counts would
widen a range that is too narrow (Fischetti and Salazar 2001).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.equation_system import System
from surveytool.disclosure_control.linear_programme import Optimum, Programme
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


SMALL = 1e-6
ROUNDS = 6
LARGE = 300  # cells that hang together
FEW = 4  # counts that are asked for one by one at once


@frozen
class Range:
    """The bounds of one count; ``gain`` is what each other cell (by number) would add to the width if withheld."""

    cell: int
    low: float
    high: float
    gain: dict[int, float]

    @property
    def width(self) -> float:
        """How far apart the bounds are."""
        return self.high - self.low


@dataclass(slots=True)
class Moved:
    """How far every cell is known to go up and down [cells] from its true count.

    More cells that are unknown take nothing of that back.
    """

    up: Floats
    down: Floats

    @classmethod
    def nothing(cls, size: int) -> Moved:
        """No cell has moved yet."""
        return cls(np.zeros(size), np.zeros(size))

    def to(self, cells: Keys, deviation: Floats) -> None:
        """Some cells can have this deviation, all at once."""
        self.up[cells] = np.maximum(self.up[cells], deviation)
        self.down[cells] = np.maximum(self.down[cells], -deviation)


class Attack:
    """The equations of a system, ready to be attacked under any pattern of withheld cells."""

    def __init__(self, system: System, most: float) -> None:
        from scipy.sparse import csr_matrix

        self.value = np.array(system.value, dtype=float)
        self.most = most
        rows, columns, signs = [], [], []
        for index, (parent, parts) in enumerate(system.relations):
            rows += [index] * (1 + len(parts))
            columns += [parent, *parts]
            signs += [1.0, *([-1.0] * len(parts))]
        shape = (len(system.relations), len(self.value))
        self.matrix = csr_matrix((signs, (rows, columns)), shape=shape)
        self.matrix.sum_duplicates()

    def components(self, unknown: Flags) -> Iterator[tuple[Keys, Keys]]:
        """Of unknown cells [cells] those that hang together, and the equations that hold them."""
        from scipy.sparse.csgraph import connected_components

        cells = np.flatnonzero(unknown)
        part = self.matrix[:, cells].tocsc()
        used = np.flatnonzero(np.diff(part.tocsr().indptr))
        part = part.tocsr()[used]
        count, label = connected_components(part.T @ part, directed=False)
        owner = label[part.indices[part.indptr[:-1]]] if len(used) else np.zeros(0, dtype=int)
        order, rows = np.argsort(label, kind="stable"), np.argsort(owner, kind="stable")
        ends = np.cumsum(np.bincount(label, minlength=count))[:-1]
        row_ends = np.cumsum(np.bincount(owner, minlength=count))[:-1]
        for each, lines in zip(np.split(order, ends), np.split(used[rows], row_ends), strict=True):
            yield cells[each], lines

    def narrow(
        self, unknown: Flags, needed: Iterable[int], width: float, moved: Moved | None = None,
        later: Container[int] = (),
    ) -> Iterator[Range]:  # fmt: skip
        """The needed of the unknown cells [cells] whose range is narrower than ``width``, and what would widen it.

        ``moved`` is how far cells went when fewer were unknown; it is kept up to date. Cells that are in ``later``
        once their turn comes are passed over.
        """
        moved = moved or Moved.nothing(len(self.value))
        wanted = {cell for cell in needed if moved.up[cell] + moved.down[cell] < width - SMALL}
        for cells, rows in self.components(unknown) if wanted else ():
            inside = [index for index, cell in enumerate(cells.tolist()) if cell in wanted]
            if inside:
                yield from _Component(self, cells, rows, moved).narrow(inside, width, later)

    def ranges(self, unknown: Flags, needed: Iterable[int]) -> dict[int, tuple[float, float]]:
        """The bounds of every needed one of the unknown cells [cells], by number."""
        wanted, found = set(needed), {}
        for cells, rows in self.components(unknown):
            part = None
            for index, cell in enumerate(cells):
                if int(cell) in wanted:
                    part = part or _Component(self, cells, rows)
                    (high, _), (low, _) = part.reach(index, 1), part.reach(index, -1)
                    found[int(cell)] = (float(self.value[cell] - low), float(self.value[cell] + high))
        return found


class _Component:
    """Unknown cells that hang together: deviations from the truth that keep every equation."""

    def __init__(self, attack: Attack, cells: Keys, rows: Keys, moved: Moved | None = None) -> None:
        self.attack, self.cells, self.rows = attack, cells, rows
        self.all_columns = attack.matrix[rows]
        self.matrix = self.all_columns[:, cells]
        self.value = attack.value[cells]
        self.moved = moved or Moved.nothing(len(attack.value))
        self._programme: Programme | None = None

    def narrow(self, inside: list[int], width: float, later: Container[int]) -> Iterator[Range]:
        left = inside
        for _ in range(ROUNDS if len(inside) > FEW else 0):
            together = self._together(left, width)
            if together is None:
                break
            before = len(left)
            self.moved.to(self.cells, together)
            left = self._uncertified(left, width)
            if not left or len(left) == before:
                break
        for place in left:
            if int(self.cells[place]) in later or not self._uncertified([place], width):
                continue
            (high, rise), (low, fall) = (self.reach(place, sign) for sign in (1, -1))
            if high + low < width - SMALL:
                yield self._range(place, high, low, [(rise, 1), (fall, -1)])

    def _uncertified(self, places: list[int], width: float) -> list[int]:
        reached = (self.moved.up + self.moved.down)[self.cells[places]]
        return [place for place, far in zip(places, reached.tolist(), strict=True) if far < width - SMALL]

    def _together(self, places: list[int], width: float) -> Floats | None:
        """A feasible deviation that raises as many of these cells as it can, each up to ``width``."""
        from scipy.optimize import linprog
        from scipy.sparse import bmat, csr_matrix, hstack

        size, many = len(self.cells), len(places)
        pick = csr_matrix((np.ones(many), (np.arange(many), places)), shape=(many, size))
        upper = bmat([[-pick, csr_matrix(np.eye(many))]], format="csr")
        equal = hstack([self.matrix, csr_matrix((self.matrix.shape[0], many))], format="csr")
        goal = np.r_[np.zeros(size), -np.ones(many)]
        low, high = np.r_[-self.value, np.full(many, -width)], np.full(size + many, self.attack.most)
        high[size:] = width
        done = linprog(
            goal, A_ub=upper, b_ub=np.zeros(many), A_eq=equal, b_eq=np.zeros(equal.shape[0]),
            bounds=np.c_[low, high], method="highs",
        )  # fmt: skip
        return done.x[:size] if done.status == 0 else None

    def reach(self, place: int, sign: int) -> tuple[float, Optimum | None]:
        """How far one cell can go up (1) or down (-1), and the programme's result."""
        done = self._moves().least({place: -float(sign)})
        if done is None:
            return 0.0, None
        self.moved.to(self.cells, done.at)
        return -done.value, done

    def _moves(self) -> Programme:
        """The deviations that keep every equation, as a programme that is set up once."""
        if self._programme is None:
            nothing, most = np.zeros(len(self.rows)), np.full(len(self.cells), self.attack.most)
            large = len(self.cells) > LARGE
            self._programme = Programme(self.matrix, (nothing, nothing), (-self.value, most), warm=large)
        return self._programme

    def _range(self, place: int, high: float, low: float, found: list[tuple[Optimum | None, int]]) -> Range:
        """The range with its gains: reduced costs of every cell in these equations (duality)."""
        gain = np.zeros(self.all_columns.shape[1])
        for done, sign in found:
            if done is None:
                continue
            goal = np.zeros(len(gain))
            goal[self.cells[place]] = -sign
            reduced = goal - self.all_columns.T @ done.prices
            gain += np.where(reduced < 0, -reduced * self.attack.most, reduced * self.attack.value)
        gain[np.abs(gain) < SMALL] = 0.0
        value = float(self.value[place])
        useful = {int(cell): float(gain[cell]) for cell in np.flatnonzero(gain > 0)}
        return Range(cell=int(self.cells[place]), low=value - low, high=value + high, gain=useful)
