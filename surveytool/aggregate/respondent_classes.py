"""Who stands behind the answers of a stream: respondents, weights and fingerprints by combination and unit.

The gate must know of every group how many respondents it has, which (their
fingerprint, a sum of numbers that follow from the rows' places) and how much of
it one PSU holds. All are sums over rows, so they are made block by block,
and what is asked of respondents is asked of combinations afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.cube import Spec
from surveytool.aggregate.design_pass import StreamDesign
from surveytool.aggregate.encoded_columns import Columns
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.number_state import STATES, answer_table, lookups, state_of
from surveytool.aggregate.sample import Sample
from surveytool.frozen import frozen
from surveytool.stream import Block, Column, Combinations, Lookup, Stream
from surveytool.stream.derived_columns import WIDEST, mixed
from surveytool.survey import Survey

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Counts, Floats, Integers


DENSE = 1 << 22
MERGE = 1 << 21
HEAD = 1500


@frozen
class Classes:
    """Respondents with the same answers and the same unit, as one row each [C].

    ``counts`` are respondents with a positive weight, ``weights`` their sum, ``numbers`` the
    sum of their numbers, which stands in the first class of the same answers.
    """

    keys: Counts
    unit: Counts
    counts: Counts
    weights: Floats
    numbers: Floats


class RespondentCounts:
    """The running sums of one ``Spec`` by unit."""

    def __init__(self, spec: Spec, columns: Mapping[str, Column], units: int) -> None:
        self.spec, self.columns, self.units = spec, columns, units
        self.sizes = (*(len(columns[name].values) + 1 for name in spec.axes), *(STATES for _ in spec.numbers))
        self.values = lookups(columns, spec.numbers)
        self.dense = prod(self.sizes) * units <= DENSE
        places = prod(self.sizes) * units if self.dense else 0
        self.counts, self.weights = np.zeros(places, dtype=np.int64), np.zeros(places)
        self.numbers = np.zeros(prod(self.sizes) if self.dense else 0)
        self.parts: list[tuple[Counts, Counts, Floats, Floats]] = []

    def fits(self) -> bool:
        """Whether places can be numbered."""
        return prod(self.sizes) * self.units < WIDEST

    def add(self, block: Block, unit: Integers, weights: Floats, numbers: Floats) -> None:
        """Add the rows of a block, all of a positive weight."""
        key = self._key(block, len(weights))
        place_key = key * self.units + unit
        if self.dense:
            self.counts += np.bincount(place_key, minlength=len(self.counts))
            np.add.at(self.weights, place_key, weights)
            self.numbers += np.bincount(key, numbers, minlength=len(self.numbers))
            return
        self.parts.append(_summed(place_key, np.ones(len(place_key)), weights, numbers))
        if sum(len(part[0]) for part in self.parts[1:]) > MERGE:
            self.parts = [self._merged()]

    def _key(self, block: Block, rows: int) -> Counts:
        """The combination [rows] of answers: codes, and of a number whether it is known."""
        values = [self.values[name][block[name]] if name in self.values else block[name] for name in self.spec.numbers]
        codes = [*(block[name] for name in self.spec.axes), *(state_of(value) - 1 for value in values)]
        return mixed(codes, self.sizes) if codes else np.zeros(rows, dtype=np.int64)

    def _merged(self) -> tuple[Counts, Counts, Floats, Floats]:
        """What was added apart, as one."""
        places, counts, weights, numbers = (np.concatenate(parts) for parts in zip(*self.parts, strict=True))
        return _summed(places, counts, weights, numbers)

    def classes(self) -> Classes:
        """The classes that somebody is in, by combination and unit."""
        if not self.dense:
            places, counts, weights, numbers = self._merged()
            return Classes(
                keys=places // self.units, unit=places % self.units, counts=counts, weights=weights, numbers=numbers
            )
        places = np.flatnonzero(self.counts)
        keys = places // self.units
        first = np.r_[True, keys[1:] != keys[:-1]]
        return Classes(
            keys=keys, unit=places % self.units, counts=self.counts[places], weights=self.weights[places],
            numbers=np.where(first, self.numbers[keys], 0.0),
        )  # fmt: skip

    def table(self, keys: Counts) -> Any:
        """The answers of combinations [C] as an Arrow table; a number that is known stands as 0."""
        axes, numbers = self.spec.axes, self.spec.numbers
        places = np.unravel_index(keys, self.sizes) if self.sizes else ()
        codes = {name: code - 1 for name, code in zip(axes, places, strict=False)}
        states = dict(zip(numbers, places[len(axes) :], strict=True))
        return answer_table(self.columns, codes, states, dict.fromkeys(numbers, 0.0), len(keys))


def _summed(places: Counts, *values: Any) -> tuple[Counts, Counts, Floats, Floats]:
    """Distinct places, and the sums there of counts, weights and numbers."""
    distinct, at = np.unique(places, return_inverse=True)
    counts, weights, numbers = (np.asarray(np.bincount(at, numbers_of), dtype=np.float64) for numbers_of in values)
    return distinct, np.rint(counts).astype(np.int64), weights, numbers


class Told:
    """A number for every row of a stream that follows from its answers: looked up, never kept."""

    def __init__(self, stream: Stream, lookup: Lookup, weights: str | None, head: Block) -> None:
        self.stream, self.found, self.weights = stream, lookup, weights
        self.names = (*lookup.sources, *([weights] if weights else []))
        self.head = self.of(head)

    def of(self, block: Block) -> NDArray[np.int32]:
        """The numbers [rows] of a block; 0 for who has no weight."""
        codes = self.found.codes(block, 0)
        told = codes if self.weights is None else np.where(block[self.weights] > 0, codes, 0)
        return np.asarray(told, dtype=np.int32)


class View:
    """The classes of a crowd as if they were respondents: groups, domains and answers are asked of them."""

    def __init__(self, crowd: RespondentCounts, survey: Survey, watch: Watch) -> None:
        self.crowd, self.watch = crowd, watch
        self.classes = crowd.classes()
        classes = self.classes
        columns = Columns(survey, crowd.table(classes.keys), sizes=classes.counts)
        sample = Sample(
            weights=classes.weights, unit=classes.unit, units=watch.units, replicates=None, scale=1.0, rscales=None,
            mse=False, df=None, notes=(), sizes=classes.counts,
        )  # fmt: skip
        self.run = Grouping(columns, sample)

    def covers(self, names: Sequence[str]) -> bool:
        """Whether the classes tell these columns."""
        return set(names) <= set(self.crowd.spec.axes)

    def told(self, names: Sequence[str], numbers: Integers) -> Told:
        """Numbers [C] that follow from some columns, for every row of the stream."""
        axes = self.crowd.spec.axes
        codes = dict(zip(axes, np.unravel_index(self.classes.keys, self.crowd.sizes), strict=False)) if axes else {}
        told_axes = [name for name in axes if name in names]
        sizes = tuple(len(self.crowd.columns[name].values) + 1 for name in told_axes)
        key = mixed([codes[name] - 1 for name in told_axes], sizes)
        keys, first = np.unique(key, return_index=True)
        combinations = Combinations(
            names=tuple(told_axes), sizes=sizes, keys=keys, counts=np.ones(len(keys), dtype=np.int64)
        )
        return Told(self.watch.stream, Lookup(combinations, numbers[first]), self.watch.weights, self.watch.head)


class Watch:
    """What is added up for the gate in one pass of its own: a crowd for every cube, by the gate's own units."""

    def __init__(
        self, stream: Stream, weights: str | None, plan: StreamDesign, number: Callable[[int, int, int], Floats]
    ) -> None:
        self.stream, self.weights, self.plan, self.number = stream, weights, plan, number
        self.units, self.lookup = plan.units, plan.lookup()
        self.many = 1 if plan.units.element else plan.units.count
        self.crowds: dict[Spec, RespondentCounts] = {}
        self.head: dict[str, NDArray[Any]] = {}

    def take(self, spec: Spec) -> bool:
        """Watch a cube; false where it has too many places."""
        if spec not in self.crowds:
            self.crowds[spec] = RespondentCounts(spec, self.stream.columns, self.many)
        return self.crowds[spec].fits()

    @property
    def names(self) -> list[str]:
        """The columns that are looked at."""
        columns = [name for spec in self.crowds for name in (*spec.axes, *spec.numbers)]
        return list(dict.fromkeys([*columns, *self.lookup.names, *([self.weights] if self.weights else [])]))

    def run(self) -> None:
        """Add every block of the stream."""
        first = 0
        for block in self.stream.blocks(self.names, "protecting"):
            self.add(block, first)
            first += len(next(iter(block.values())))

    def add(self, block: Block, first: int) -> None:
        """Add a block whose first row has the number ``first``, from 0."""
        rows = len(next(iter(block.values())))
        weights = np.ones(rows) if self.weights is None else block[self.weights]
        if first < HEAD:
            self._remember(block)
        unit = np.zeros(rows, dtype=np.int32) if self.units.element else self.lookup.units(block, rows)
        numbers = self.number(self.stream.rows, first, rows)
        inside = weights > 0
        if not inside.all():
            block = {name: block[name][inside] for name in self.names}
            unit, weights, numbers = unit[inside], weights[inside], numbers[inside]
        for crowd in self.crowds.values():
            crowd.add(block, unit, weights, numbers)

    def _remember(self, block: Block) -> None:
        """Keep the first rows: they refute most nestings of groups at once."""
        for name in self.names:
            parts = [self.head[name], block[name]] if name in self.head else [block[name]]
            self.head[name] = np.concatenate(parts)[:HEAD]

    def views(self, survey: Survey) -> dict[Spec, View]:
        """The classes of every crowd, once all rows have gone by."""
        watched = replace(survey, design=self.plan.design)
        return {spec: View(crowd, watched, self) for spec, crowd in self.crowds.items()}
