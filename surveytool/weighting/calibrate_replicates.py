"""The main weight and every replicate calibrated at once: Newton's method on [rows, R] weights.

Respondents who are alike on all margins share a factor, so that they are one class; the equations are solved for all
replicates together. The distances are those of ``calibrate`` (Deville and Sarndal 1992); limits on the weights
themselves cut them (range-restricted calibration).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen
from surveytool.weighting.calibrate import factors_of

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats

CLOSE = 1e-11
NEAR = 1e-8
STEPS = 60
HALVES = 30
RIDGE = 1e-11
AT_ONCE = 250


@frozen
class Distance:
    """How far new weights may be from old ones: a distance, and bounds on their factors."""

    name: str
    bounds: tuple[float, float] | None = None


def calibrated(
    weights: Floats, matrix: Floats, totals: Floats, distance: Distance, limits: tuple[Floats, Floats] | None = None
) -> tuple[Floats, Floats]:
    """Weights [rows, R] with ``matrix.T @ weights == totals.T``, and how far each column misses [R], in shares.

    ``matrix`` [rows, P], ``totals`` [R, P]; ``limits`` are the least and most weight [R] of each column.
    """
    made, missed = np.empty_like(weights), np.empty(weights.shape[1])
    whole = np.abs(matrix).T @ weights[:, :1]
    scale = np.maximum(np.abs(totals).max(axis=0), whole[:, 0])
    scale = np.where(scale > 0, scale, 1.0)
    classes = Classes(matrix / scale, merge=limits is None)
    for first in range(0, weights.shape[1], AT_ONCE):
        block = slice(first, first + AT_ONCE)
        cut = None if limits is None else (limits[0][block], limits[1][block])
        solver = _Newton(classes, weights[:, block], totals[block] / scale, distance, cut)
        made[:, block], missed[block] = solver.solve()
    return made, missed


class Classes:
    """Rows that are alike: their columns [C, P], the products of these by pairs [C, P (P + 1) / 2]."""

    def __init__(self, matrix: Floats, *, merge: bool) -> None:
        self.place = np.arange(len(matrix))
        self.matrix = matrix
        if merge:
            _, first, place = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
            if len(first) < len(matrix):
                self.place, self.matrix = place.reshape(-1), matrix[first]
        self.merged = len(self.matrix) < len(matrix)
        self.left, self.right = np.triu_indices(matrix.shape[1])
        self.pairs = self.matrix[:, self.left] * self.matrix[:, self.right]
        if self.merged:
            self.order = np.argsort(self.place, kind="stable")
            self.starts = np.searchsorted(self.place[self.order], np.arange(len(self.matrix)))

    def sums(self, weights: Floats) -> Floats:
        """Weights [rows, R] by class [C, R]."""
        return np.add.reduceat(weights[self.order], self.starts, axis=0) if self.merged else weights

    def jacobians(self, slopes: Floats) -> Floats:
        """x' diag(slopes) x of every column [R, P, P]."""
        size = self.matrix.shape[1]
        flat = (self.pairs.T @ slopes).T
        made = np.empty((len(flat), size, size))
        made[:, self.left, self.right] = flat
        made[:, self.right, self.left] = flat
        return made


def solve_all(jacobians: Floats, left: Floats) -> Floats:
    """The solutions [R, P] of R systems of equations; a trace of a ridge lets columns repeat each other."""
    size = jacobians.shape[1]
    root = np.sqrt(np.einsum("rpp->rp", jacobians))
    root = np.where(root > 0, root, 1.0)
    scaled = jacobians / (root[:, :, None] * root[:, None, :])
    scaled[:, np.arange(size), np.arange(size)] += RIDGE
    solved: Floats = np.linalg.solve(scaled, (left / root)[:, :, None])[:, :, 0] / root
    return solved


class _Newton:
    """One block of columns on its way to its totals."""

    def __init__(
        self, classes: Classes, weights: Floats, totals: Floats, distance: Distance,
        limits: tuple[Floats, Floats] | None,
    ) -> None:  # fmt: skip
        self.classes, self.weights, self.distance, self.limits = classes, weights, distance, limits
        self.sums, self.totals = classes.sums(weights), totals
        self.lagrange = np.zeros_like(totals)

    def state(self, lagrange: Floats, columns: Flags) -> tuple[Floats, Floats, Floats]:
        """New weights by class, their slopes (both [C, r]) and what is left to the totals [r, P]."""
        u = self.classes.matrix @ lagrange.T
        factor, slope = factors_of(u, self.distance.name, self.distance.bounds)
        made, slopes = self.sums[:, columns] * factor, self.sums[:, columns] * slope
        if self.limits is not None:
            low, high = self.limits[0][columns], self.limits[1][columns]
            free = (made > low) & (made < high)
            made = np.where(self.sums[:, columns] > 0, np.clip(made, low, high), 0.0)
            slopes = np.where(free, slopes, 0.0)
        return made, slopes, self.totals[columns] - made.T @ self.classes.matrix

    def solve(self) -> tuple[Floats, Floats]:
        """Weights [rows, r] and the largest miss [r]."""
        gap = np.full(len(self.totals), np.inf)
        active = np.ones(len(self.totals), dtype=bool)
        made, slopes, left = self.state(self.lagrange, active)
        gap = np.abs(left).max(axis=1)
        for _ in range(STEPS):
            active = gap > CLOSE
            if not active.any():
                break
            step = solve_all(self.classes.jacobians(slopes[:, active]), left[active])
            improved = self._search(step, active, gap, (made, slopes, left))
            if not improved:
                break
        if self.limits is not None:
            return made, gap
        factor, _ = factors_of(self.classes.matrix @ self.lagrange.T, self.distance.name, self.distance.bounds)
        return self.weights * factor[self.classes.place], gap

    def _search(self, step: Floats, active: Flags, gap: Floats, kept: tuple[Floats, Floats, Floats]) -> bool:
        """Go a step, halved where it leads away; whether any column came nearer."""
        made, slopes, left = kept
        waiting = np.flatnonzero(active)
        improved = False
        for _ in range(HALVES):
            columns = np.zeros_like(active)
            columns[waiting] = True
            tried = self.lagrange[waiting] + step
            new, steep, rest = self.state(tried, columns)
            size = np.abs(rest).max(axis=1)
            good = np.isfinite(size) & (size < gap[waiting])
            if good.any():
                improved = True
                done = waiting[good]
                self.lagrange[done], gap[done], left[done] = tried[good], size[good], rest[good]
                made[:, done], slopes[:, done] = new[:, good], steep[:, good]
            waiting, step = waiting[~good], step[~good] / 2
            if not len(waiting):
                break
        return improved
