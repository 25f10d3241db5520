"""The attack on our own output: within which bounds does everything published hold a withheld count?

An attacker has every printed count and every equation between counts, and knows
that no count is negative. The bounds are two linear programmes a count (maximum
and minimum); the true table is one feasible point, so only deviations from it
are unknown. One programme that moves many counts at once certifies most of them;
only the rest is asked one by one. The dual values say which further counts would
widen a range that is too narrow (Fischetti and Salazar 2001).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.disclosure_control.equations import System
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


SMALL = 1e-6
ROUNDS = 6


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

    def narrow(self, unknown: Flags, needed: Iterable[int], width: float) -> Iterator[Range]:
        """The needed of the unknown cells [cells] whose range is narrower than ``width``, and what would widen it."""
        wanted = set(needed)
        for cells, rows in self.components(unknown):
            inside = [index for index, cell in enumerate(cells) if int(cell) in wanted]
            if inside:
                yield from _Component(self, cells, rows).narrow(inside, width)

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

    def __init__(self, attack: Attack, cells: Keys, rows: Keys) -> None:
        self.attack, self.cells, self.rows = attack, cells, rows
        self.all_columns = attack.matrix[rows]
        self.matrix = self.all_columns[:, cells]
        self.value = attack.value[cells]

    def narrow(self, inside: list[int], width: float) -> Iterator[Range]:
        up, down = np.zeros(len(self.cells)), np.zeros(len(self.cells))
        left = inside
        for _ in range(ROUNDS):
            left = self._uncertified(left, up, down, width)
            if not left:
                return
            moved = self._together(left, width)
            if moved is None:
                break
            before = len(left)
            np.maximum(up, moved, out=up)
            np.maximum(down, -moved, out=down)
            left = self._uncertified(left, up, down, width)
            if len(left) == before:
                break
        for place in left:
            if up[place] + down[place] >= width - SMALL:
                continue
            (high, rise), (low, fall) = (self.reach(place, sign, up, down) for sign in (1, -1))
            if high + low < width - SMALL:
                yield self._range(place, high, low, [(rise, 1), (fall, -1)])

    def _uncertified(self, places: list[int], up: Floats, down: Floats, width: float) -> list[int]:
        return [place for place in places if up[place] + down[place] < width - SMALL]

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

    def reach(self, place: int, sign: int, up: Floats | None = None, down: Floats | None = None) -> tuple[float, Any]:
        """How far one cell can go up (1) or down (-1), and the programme's result."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self.cells))
        goal[place] = -sign
        bounds = np.c_[-self.value, np.full(len(self.cells), self.attack.most)]
        done = linprog(goal, A_eq=self.matrix, b_eq=np.zeros(len(self.rows)), bounds=bounds, method="highs")
        if done.status != 0:
            return 0.0, None
        if up is not None and down is not None:
            np.maximum(up, done.x, out=up)
            np.maximum(down, -done.x, out=down)
        return float(-done.fun), done

    def _range(self, place: int, high: float, low: float, found: list[tuple[Any, int]]) -> Range:
        """The range with its gains: reduced costs of every cell in these equations (duality)."""
        gain = np.zeros(self.all_columns.shape[1])
        for done, sign in found:
            if done is None:
                continue
            goal = np.zeros(len(gain))
            goal[self.cells[place]] = -sign
            reduced = goal - self.all_columns.T @ done.eqlin.marginals
            gain += np.where(reduced < 0, -reduced * self.attack.most, reduced * self.attack.value)
        gain[np.abs(gain) < SMALL] = 0.0
        value = float(self.value[place])
        useful = {int(cell): float(gain[cell]) for cell in np.flatnonzero(gain > 0)}
        return Range(cell=int(self.cells[place]), low=value - low, high=value + high, gain=useful)
