"""The running sums of one question in one breakdown: classes are added as they come, and cells are made at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.answer_pairs import add_at, pairs_of, parts
from surveytool.aggregate.cells import Breakdown, Cells, ReplicateClasses, Replication
from surveytool.aggregate.classes import Classes, Placed, moment, product, total
from surveytool.aggregate.distribution import Distribution
from surveytool.aggregate.question import Answers
from surveytool.aggregate.sample import Sample
from surveytool.errors import UsageError
from surveytool.stream import BLOCK

if TYPE_CHECKING:
    from surveytool.aggregate.classes import Term
    from surveytool.arrays import Flags, Floats, Keys


MOST_CELLS = 200_000_000


class Sums:
    """The running sums of one question in one breakdown. ``sources`` [moments - 1] name numbers summed beforehand."""

    def __init__(
        self, sample: Sample, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (), sources: tuple[str | None, ...] = (),
    ) -> None:  # fmt: skip
        self.sample, self.ready, self.domain, self.distributions = sample, ready, domain, distributions
        self.sources = sources
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

    def add(self, classes: Classes) -> None:
        """Add classes of respondents to every sum."""
        key, group = self.ready.key[classes.row], self.keys[classes.row]
        chosen = np.flatnonzero(self.domain[classes.row] & (key >= 0) & (group >= 0))
        group = group[chosen]
        placed = Placed(
            chosen, group * self.ready.depth + key[chosen], self.count.shape[1], classes.unit, self.unit_count
        )
        groups = Placed(chosen, group, self.group_count, classes.unit, self.unit_count)
        self.squared += groups.by_cell((classes.squared, ()))
        self.present += np.rint(groups.by_unit((classes.present, ()))).astype(np.int64)
        values = list(self._moments(classes.row, chosen))
        for m, value in enumerate(values):
            self.first[m] += placed.by_unit(*moment(classes.first, self._source(classes, m), value))
            counted = () if value is None else (value == 1.0,)
            self.count[m] += np.rint(placed.by_cell((classes.n, counted))).astype(np.int64)
        if self.ready.indicators is None:
            self._products(classes, placed, values)
        else:
            self._options(classes, placed, self.ready.indicators[classes.row][chosen])
        if self.sample.ties is not None:
            self._explain(classes, placed, values)
        if classes.replicated is not None:
            self._replicate(classes, placed, values)
        if classes.alike is not None:
            self._mark(classes.alike, groups)

    def _moments(self, row: slice | Keys, chosen: Keys) -> Iterator[Floats | None]:
        """The values [c] of each moment; None for the constant 1."""
        yield None
        for values in self.ready.moments:
            yield values[row][chosen]
        if self.ready.indicators is not None:
            for option in self.ready.indicators[row][chosen].T:
                yield option.astype(float)

    def _source(self, classes: Classes, m: int) -> int:
        """Which summed number of the classes a moment is, from 1; 0 where it is none."""
        name = self.sources[m - 1] if 0 < m <= len(self.sources) else None
        return classes.numbers.index(name) + 1 if name in classes.numbers else 0

    def _products(self, classes: Classes, placed: Placed, values: list[Floats | None]) -> None:
        """Add the products of every two moments, with the weights and with their squares."""
        for m, left in enumerate(values):
            for n, right in enumerate(values[: m + 1]):
                sources, pair = (self._source(classes, m), self._source(classes, n)), (left, right)
                terms = product(classes.cross, sources, pair)
                added = [(self.cross, placed.by_cell(*terms))]
                if self.second is not None and classes.second is not None:
                    added.append((self.second, placed.by_unit(*product(classes.second, sources, pair))))
                elif self.second is not None:
                    added.append(
                        (self.second, placed.spread(classes.first[0][placed.chosen] * total(terms, placed.chosen)))
                    )
                for sums, more in added:
                    sums[m, n] += more
                    if m != n:
                        sums[n, m] += more

    def _options(self, classes: Classes, placed: Placed, flags: Flags) -> None:
        """Products of every two options, from the pairs that respondents chose: there may be hundreds of options."""
        flags = np.column_stack([np.ones(len(flags), dtype=bool), flags])  # the constant comes first
        for first, last in parts(flags):
            rows, one, other = pairs_of(flags[first:last])
            rows, at = rows + first, one * self.moments + other
            add_at(self.cross, at * placed.cells + placed.cell[rows], classes.cross[0, 0][placed.chosen[rows]])
            if self.second is None:
                continue
            if placed.place is not None:
                add_at(
                    self.second, at * self.second.shape[2] + placed.place[rows], classes.squared[placed.chosen[rows]]
                )
            elif classes.second is not None:
                cells = self.moments**2 * placed.cells
                pairs = Placed(placed.chosen[rows], at * placed.cells + placed.cell[rows], cells, None, placed.units)
                wide = pairs.wide((classes.second[0, 0], ())).reshape(-1, placed.cells, placed.units)
                self.second += wide.swapaxes(1, 2).reshape(self.second.shape)

    def _explain(self, classes: Classes, placed: Placed, values: list[Floats | None]) -> None:
        """Products of the moments with the margins' columns, under the weights of the margins' regression."""
        ties = self.sample.ties
        assert ties is not None
        weights = ties.weights[classes.row]
        for p, column in enumerate(ties.matrix[classes.row].T):
            for m, value in enumerate(values):
                factors = (column[placed.chosen],) if value is None else (value, column[placed.chosen])
                self.explained[p, m] += placed.by_cell((weights, factors))

    def _unexplained(self, first: Floats) -> Floats | None:
        """The unit totals without what the margins explain; None without margins."""
        ties, tied = self.sample.ties, self.sample.tied
        if ties is None or tied is None:
            return None
        columns = len(self.explained)
        coefficients = ties.coefficients(self.explained.reshape(columns, -1))
        shaped = coefficients.reshape(columns, self.moments, self.group_count, self.ready.depth)
        left: Floats = first - np.einsum("up,pmgk->ugkm", tied, shaped)
        return left

    def _replicate(self, classes: Classes, placed: Placed, values: list[Floats | None]) -> None:
        """Sums under each replicate weight."""
        assert classes.replicated is not None
        for m, value in enumerate(values):
            terms = moment(classes.replicated, self._source(classes, m), value)
            if placed.place is None:
                self.replicated[:, m] += placed.wide(*terms).T
            else:
                self._replicate_few(placed, terms, m)

    def _replicate_few(self, placed: Placed, terms: list[Term], m: int) -> None:
        """The same of respondents, a few columns at a time: all may be too wide for memory."""
        if not len(placed.chosen):
            return
        order = np.argsort(placed.cell, kind="stable")
        cell, chosen = placed.cell[order], placed.chosen[order]
        starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
        few = max(BLOCK // len(chosen), 1)
        for first in range(0, self.replicated.shape[0], few):
            some = slice(first, first + few)
            weighted = total(
                [(values[:, some], tuple(by[order][:, None] for by in factors)) for values, factors in terms], chosen
            )
            self.replicated[some, m, cell[starts]] += np.add.reduceat(weighted, starts, axis=0).T

    def _mark(self, alike: Keys | Flags, groups: Placed) -> None:
        """Which groups have respondents of which class of the same replicate factors."""
        if alike.ndim == 1:
            self.members[alike[groups.chosen] * self.group_count + groups.cell] = True
        else:
            self.members |= (groups.wide((alike.astype(np.float64), ())) > 0).T.ravel()

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
            bounded=sample.ranked and sample.alike is None, generic=sample.recruited is not None,
        )  # fmt: skip

    def _classes(self) -> ReplicateClasses | None:
        """Which classes of the same replicate factors every group has."""
        if self.sample.alike is None:
            return None
        members = self.members.reshape(len(self.sample.alike[1]), self.group_count)
        return ReplicateClasses(factors=self.sample.alike[1], members=members, ranks=self.sample.ranks)
