"""The running sums of one question in one breakdown: rows are added block by block, and cells are made at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.answer_pairs import add_at, pairs_of, parts
from surveytool.aggregate.cells import Breakdown, Cells, ReplicateClasses, Replication
from surveytool.aggregate.distribution import Distribution
from surveytool.aggregate.question import Answers
from surveytool.aggregate.sample import Sample
from surveytool.errors import UsageError
from surveytool.stream import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats, Keys


MOST_CELLS = 200_000_000


class Sums:
    """The running sums of one question in one breakdown."""

    def __init__(
        self, sample: Sample, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (),
    ) -> None:  # fmt: skip
        self.sample, self.ready, self.domain, self.distributions = sample, ready, domain, distributions
        self.keys, self.breakdown = keys, breakdown
        self.group_count = len(breakdown.groups)
        options = 0 if ready.indicators is None else ready.indicators.shape[1]
        self.moments = 1 + len(ready.moments) + options
        units = sample.units
        self.unit_count = units.count
        self.shape = (self.group_count, ready.depth)
        cells = self.group_count * ready.depth
        if self.unit_count * cells * self.moments > MOST_CELLS:
            raise UsageError(
                f"{' × '.join(breakdown.labels)} makes {self.group_count} groups, too many for this design.",
                "--by", "Cross fewer variables.",
            )  # fmt: skip
        one, many = self.unit_count * cells, self.moments
        self.first = np.zeros((many, one))
        self.second = np.zeros((many, many, one)) if units.element and sample.replicates is None else None
        self.cross = np.zeros((many, many, cells))
        self.squared = np.zeros(self.group_count)
        self.present = np.zeros(self.unit_count * self.group_count, dtype=np.int64)
        self.count = np.zeros((many, cells), dtype=np.int64)
        columns = 0 if sample.ties is None else sample.ties.matrix.shape[1]
        self.explained = np.zeros((columns, many, cells))
        reps = 0 if sample.replicates is None else sample.replicates.shape[1]
        self.replicated = np.zeros((reps, many, cells))
        alike = 0 if sample.alike is None else len(sample.alike[1])
        self.members = np.zeros(alike * self.group_count, dtype=bool)

    def add(self, block: slice) -> None:
        """Add a block of rows to every sum."""
        key, group = self.ready.key[block], self.keys[block]
        rows = np.flatnonzero(self.domain[block] & (key >= 0) & (group >= 0))
        cell = group[rows] * self.ready.depth + key[rows]
        unit = self.sample.unit[block][rows]
        weights = self.sample.weights[block][rows]
        place = unit * (self.group_count * self.ready.depth) + cell
        values = list(self._moments(block, rows))
        self.squared += np.bincount(group[rows], weights**2, minlength=self.group_count)
        self.present += np.bincount(unit * self.group_count + group[rows], minlength=len(self.present))
        for m, left in enumerate(values):
            weighted = weights if left is None else weights * left
            self.first[m] += np.bincount(place, weighted, minlength=self.first.shape[1])
            self.count[m] += _how_many(left, cell, self.count.shape[1])
            for n, right in enumerate(values[: m + 1] if self.ready.indicators is None else ()):
                self._square(m, n, weights, weighted if right is None else weighted * right, cell, place)
        if self.sample.ties is not None:
            self._explain(block, rows, cell, values)
        if self.ready.indicators is not None:
            self._products(self.ready.indicators[block][rows], weights, cell, place)
        if self.sample.replicates is not None:
            self._replicate(self.sample.replicates[block], rows, cell, values)
        if self.sample.alike is not None:
            self.members[self.sample.alike[0][block][rows] * self.group_count + group[rows]] = True

    def _products(self, chosen: Flags, weights: Floats, cell: Keys, place: Keys) -> None:
        """Products of every two options, from the pairs that respondents chose: there may be hundreds of options."""
        chosen = np.column_stack([np.ones(len(chosen), dtype=bool), chosen])  # the constant comes first
        for first, last in parts(chosen):
            rows, one, other = pairs_of(chosen[first:last])
            rows = rows + first
            at = one * self.moments + other
            add_at(self.cross, at * self.cross.shape[2] + cell[rows], weights[rows])
            if self.second is not None:
                add_at(self.second, at * self.second.shape[2] + place[rows], weights[rows] ** 2)

    def _moments(self, block: slice, rows: Keys) -> Iterator[Floats | None]:
        """The values [rows] of each moment; None for the constant 1."""
        yield None
        for moment in self.ready.moments:
            yield moment[block][rows]
        if self.ready.indicators is not None:
            for option in self.ready.indicators[block][rows].T:
                yield option.astype(float)

    def _square(self, m: int, n: int, weights: Floats, product: Floats, cell: Keys, place: Keys) -> None:
        """Add the product of two moments, with the weights and with their squares."""
        cross = np.bincount(cell, product, minlength=self.cross.shape[2])
        self.cross[m, n] += cross
        if m != n:
            self.cross[n, m] += cross
        if self.second is None:
            return
        second = np.bincount(place, weights * product, minlength=self.second.shape[2])
        self.second[m, n] += second
        if m != n:
            self.second[n, m] += second

    def _explain(self, block: slice, rows: Keys, cell: Keys, values: list[Floats | None]) -> None:
        """Products of the moments with the margins' columns, under the weights of the margins' regression."""
        ties = self.sample.ties
        assert ties is not None
        weights, matrix = ties.weights[block][rows], ties.matrix[block][rows]
        for m, value in enumerate(values):
            weighted = weights if value is None else weights * value
            for p, column in enumerate(matrix.T):
                self.explained[p, m] += np.bincount(cell, weighted * column, minlength=self.explained.shape[2])

    def _unexplained(self, first: Floats) -> Floats | None:
        """The unit totals without what the margins explain; None without margins."""
        ties, tied = self.sample.ties, self.sample.tied
        if ties is None or tied is None:
            return None
        columns = len(self.explained)
        found = ties.coefficients(self.explained.reshape(columns, -1))
        shaped = found.reshape(columns, self.moments, self.group_count, self.ready.depth)
        left: Floats = first - np.einsum("up,pmgk->ugkm", tied, shaped)
        return left

    def _replicate(self, matrix: Floats, rows: Keys, cell: Keys, values: list[Floats | None]) -> None:
        """Sums under each replicate weight, a few columns at a time: all may be too wide for memory."""
        if not len(rows):
            return
        order = np.argsort(cell, kind="stable")
        rows, cell = rows[order], cell[order]
        starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
        few = max(BLOCK // len(rows), 1)
        for first in range(0, matrix.shape[1], few):
            some = matrix[:, first : first + few][rows]
            for m, value in enumerate(values):
                weighted = some if value is None else some * value[order][:, None]
                self.replicated[first : first + few, m, cell[starts]] += np.add.reduceat(weighted, starts, axis=0).T

    def cells(self) -> Cells:
        """The sums as Cells, axes in their order."""
        groups, depth, many = self.group_count, self.ready.depth, self.moments
        first = np.moveaxis(self.first.reshape(many, self.unit_count, groups, depth), 0, -1)
        second = None
        if self.second is not None:
            shaped = self.second.reshape(many, many, self.unit_count, groups, depth)
            second = np.moveaxis(shaped, (0, 1), (-2, -1))
        cross = np.moveaxis(self.cross.reshape(many, many, groups, depth), (0, 1), (-2, -1))
        count = self.count.reshape(many, groups, depth)
        levels = count[1:, :, 0].T if self.ready.indicators is not None else count[0]
        totals = first.sum(axis=0)
        return Cells(
            breakdown=self.breakdown,
            units=self.sample.units,
            first=first,
            second=second,
            cross=cross,
            weights_squared=self.squared,
            present=self.present.reshape(self.unit_count, groups),
            count=levels if self.ready.levels or self.distributions else None,
            n=count[0].sum(axis=1),
            n_weighted=totals[..., 0].sum(axis=1),
            shift=self.ready.shift,
            replication=self._replication(),
            unexplained=self._unexplained(first),
            distributions=self.distributions,
        )

    def _replication(self) -> Replication | None:
        """The sums under replicate weights, and how to add their squares."""
        sample = self.sample
        if sample.replicates is None or sample.rscales is None:
            return None
        shaped = self.replicated.reshape(len(self.replicated), self.moments, self.group_count, self.ready.depth)
        return Replication(
            totals=np.moveaxis(shaped, 1, -1), scale=sample.scale, rscales=sample.rscales, mse=sample.mse,
            df=float(sample.df if sample.df is not None else np.nan), classes=self._classes(),
            bounded=sample.ranked and sample.alike is None,
        )  # fmt: skip

    def _classes(self) -> ReplicateClasses | None:
        """Which classes of the same replicate factors every group has."""
        if self.sample.alike is None:
            return None
        members = self.members.reshape(len(self.sample.alike[1]), self.group_count)
        return ReplicateClasses(factors=self.sample.alike[1], members=members)


def _how_many(value: Floats | None, cell: Keys, cells: int) -> NDArray[np.int64]:
    """Unweighted respondents a cell: all of them, or those with an option."""
    return np.bincount(cell if value is None else cell[value == 1.0], minlength=cells)
