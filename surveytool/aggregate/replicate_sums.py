"""Sums under replicate weights: one column after the other, so that they are never in memory together.

A column is decoded, checked and summed by one thread while another is under way.
Questions share the look at it: their columns are crossed in one grid as long as
its sums are few, so that a column is added up once for several questions, and
each question's sums are margins of the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from surveytool.aggregate.cube import Patterns, Spec, add_up
from surveytool.aggregate.number_state import STATES, lookups, number_of
from surveytool.aggregate.replicate_classes import Members, ReplicateClassesFound, marked
from surveytool.aggregate.replicates import ReplicatePass, unusable
from surveytool.stream import Column, Stream
from surveytool.stream.derived_columns import mixed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats, Keys

    Block = Mapping[str, NDArray[Any]]
    Places = tuple[Keys, list[Floats]]
    Read = Callable[[Sequence[str]], list[NDArray[Any]]]

MOST_SUMS = 1 << 21  # of one grid; its part of one column stays in the processor's memory
AT_ONCE = 1 << 24  # bytes of columns that a thread holds
MOST_THREADS = 8
ONE = 1  # place a row: up to it a column is summed aside


class Sums(Protocol):
    """Where columns of replicate weights are added up."""

    def places(self, block: Block, counts: Flags) -> Places:
        """The place of each row [rows], the last one for who does not count; deviations of the numbers [rows]."""
        ...

    def add(self, replicate: int, places: Places, weights: Floats) -> None:
        """Add a column [rows]."""
        ...

    def of(self, patterns: Patterns) -> Floats:
        """The sums [1 + N, P, R] of a cube's patterns."""
        ...

    @property
    def members(self) -> Members:
        """Which places have respondents of which class."""
        ...

    def patterns_of(self, patterns: Patterns, places: Keys) -> Keys:
        """The pattern of each of the places [N]."""
        ...


class Grid:
    """Sums over the crossing of some columns' codes, blank among them."""

    def __init__(self, axes: Sequence[str], sizes: Sequence[int], replicates: int) -> None:
        self.axes, self.sizes = axes, sizes
        self.sums = np.zeros((replicates, prod(sizes) + 1))
        self.members = Members()

    def places(self, block: Block, counts: Flags) -> Places:
        """The crossing's place of each row; there are no numbers."""
        return _key([block[name] for name in self.axes], self.sizes, counts), []

    def add(self, replicate: int, places: Places, weights: Floats) -> None:
        """Add a column [rows]."""
        add_up(self.sums[replicate], places[0], weights, ONE)

    def of(self, patterns: Patterns) -> Floats:
        """The margin of a cube's own columns."""
        named = patterns.spec.axes
        others = tuple(index + 1 for index, name in enumerate(self.axes) if name not in named)
        margin = self.sums[:, :-1].reshape(len(self.sums), *self.sizes).sum(axis=others)
        codes = [patterns.codes[:, named.index(name)] + 1 for name in self.axes if name in named]
        cells: Floats = margin[(slice(None), *codes)].reshape(1, len(self.sums), -1).swapaxes(1, 2)
        return cells

    def patterns_of(self, patterns: Patterns, places: Keys) -> Keys:
        """The pattern of each place [places], by the cube's own columns."""
        named = patterns.spec.axes
        indices = [self.axes.index(name) for name in named]
        sizes = [self.sizes[index] for index in indices]
        split = np.unravel_index(places, self.sizes) if self.sizes else ()
        keys = _ravelled([split[index] for index in indices], sizes, len(places))
        pattern_keys = _ravelled(list((patterns.codes + 1).T), sizes, len(patterns.n))
        order = np.argsort(pattern_keys, kind="stable")
        patterns_found: Keys = order[np.searchsorted(pattern_keys[order], keys)]
        return patterns_found


class Apart:
    """Sums by the patterns of one cube: with numbers, or too many for a grid."""

    def __init__(
        self, patterns: Patterns, sizes: Sequence[int], lookups: Mapping[str, Floats], replicates: int
    ) -> None:
        self.spec, self.centres, self.lookups = patterns.spec, patterns.centres, lookups
        self.sizes = (*sizes, *(STATES for _ in self.spec.numbers))
        columns = [*patterns.codes.T, *(patterns.states.T - 1)]
        keys = _key(columns, self.sizes, np.ones(len(patterns.n), dtype=bool))
        self.order = np.argsort(keys, kind="stable")
        self.ordered = keys[self.order]
        self.sums = np.zeros((1 + len(self.spec.numbers), replicates, len(keys) + 1))
        self.members = Members()

    def places(self, block: Block, counts: Flags) -> Places:
        """The pattern of each row, and the deviations of its numbers."""
        states, deviations = [], []
        for name, centre in zip(self.spec.numbers, self.centres.tolist(), strict=True):
            lookup = self.lookups.get(name)
            state, deviation = number_of(block[name] if lookup is None else lookup[block[name]], centre)
            states.append(state - 1)
            deviations.append(deviation)
        key = _key([*(block[name] for name in self.spec.axes), *states], self.sizes, counts)
        slot = np.searchsorted(self.ordered, key)
        return np.where(counts, np.append(self.order, 0)[slot], len(self.order)), deviations

    def add(self, replicate: int, places: Places, weights: Floats) -> None:
        """Add a column [rows], and its products with the numbers."""
        key, deviations = places
        for sums, deviation in zip(self.sums, [None, *deviations], strict=True):
            add_up(sums[replicate], key, weights if deviation is None else weights * deviation, ONE)

    def of(self, patterns: Patterns) -> Floats:
        """The sums as they are: its patterns are the cube's."""
        return self.sums[:, :, :-1].swapaxes(1, 2)

    def patterns_of(self, patterns: Patterns, places: Keys) -> Keys:
        """The places as they are."""
        return places


def _ravelled(codes: Sequence[NDArray[Any]], sizes: Sequence[int], count: int) -> Keys:
    """One number [count] for the codes of several columns."""
    flat = np.ravel_multi_index(tuple(codes), tuple(sizes)) if sizes else np.zeros(count, dtype=np.intp)
    return np.asarray(flat, dtype=np.intp)


def _key(codes: Sequence[NDArray[Any]], sizes: Sequence[int], counts: Flags) -> Keys:
    """Mixed-radix number [rows] of codes from -1 on; the number past all of them for who does not count."""
    key = mixed(codes, sizes) if codes else np.zeros(len(counts), dtype=np.intp)
    return key if counts.all() else np.where(counts, key, prod(sizes))


def replicated(
    stream: Stream, weights: str | None, cubes: Mapping[Spec, Patterns], seen: ReplicatePass
) -> dict[Spec, Patterns]:
    """The cubes with their sums under every replicate weight; raises ``UnusableDesign`` for weights that are none."""
    from concurrent.futures import ThreadPoolExecutor

    serving = _serving(stream.columns, cubes, len(seen.names))
    sums = list(dict.fromkeys(serving.values()))
    names = [name for spec in cubes for name in (*spec.axes, *spec.numbers)] + ([weights] if weights else [])
    done = 0
    with ThreadPoolExecutor(_threads()) as pool:
        for block, read in stream.beside(names, seen.names):
            part = _Part(block, read, weights, sums, seen, done)
            part.add(pool)
            done += part.rows
    seen.refuse_faults()
    return {spec: _with_sums(cubes[spec], sums, seen) for spec, sums in serving.items()}


def _with_sums(patterns: Patterns, sums: Sums, seen: ReplicatePass) -> Patterns:
    """A cube with its sums under replicate weights, and with the classes of its patterns."""
    members, factors = None, None if seen.classes is None else seen.classes.factors
    if factors is not None:
        places, classes = sums.members.pairs()
        members = marked(sums.patterns_of(patterns, places), classes, (len(patterns.n), len(factors)))
    return replace(patterns, classes=replace(patterns.classes, replicated=sums.of(patterns), alike=members))


def _threads() -> int:
    """How many columns are under way at once."""
    import pyarrow as pa

    return min(int(pa.cpu_count()), MOST_THREADS)


class _Part:
    """The replicate weights of some rows."""

    def __init__(
        self, block: Block, read: Read, weights: str | None, sums: Sequence[Sums], seen: ReplicatePass, first: int
    ) -> None:  # fmt: skip
        self.rows = len(next(iter(block.values())))
        self.read, self.sums, self.seen, self.first = read, sums, seen, first
        self.ready = seen.rows(np.ones(self.rows) if weights is None else block[weights], first)
        self.places = [summed.places(block, self.ready.positive) for summed in sums]

    def add(self, pool: Executor) -> None:
        """Add every column; a few at a time, each few by one thread."""
        many, few = len(self.seen.names), max(AT_ONCE // (8 * self.rows), 1)
        bad, shown = np.zeros(self.rows, dtype=bool), np.zeros(self.rows)
        for flags_list, part in pool.map(self._add, (range(at, min(at + few, many)) for at in range(0, many, few))):
            for flags in flags_list:
                bad |= flags
            shown += 0.0 if part is None else part
        self.seen.faults.add(bad, self.first)
        if self.seen.classes is not None and self.seen.classes.whole and not bad.any():
            self._classify(self.seen.classes, shown)

    def _classify(self, classes: ReplicateClassesFound, shown: Floats) -> None:
        """The class of every row that counts, and where it stands; of a new class one row is read whole."""
        counted = np.flatnonzero(self.ready.positive)
        weights = self.ready.weights[counted]
        projected = shown[counted] / weights
        new = classes.new(projected)
        if not classes.whole:
            return
        if len(new):
            factors = np.empty((len(new), len(self.seen.names)))
            for index, name in enumerate(self.seen.names):
                column = self.read([name])[0][counted[new]]
                factors[:, index] = column / weights[new] if self.seen.given.combined else column
            classes.rows.append(factors)
        classified = classes.of(projected)
        for sums, places in zip(self.sums, self.places, strict=True):
            sums.members.add(places[0][counted], classified)

    def _add(self, replicates: range) -> tuple[list[Flags], Floats | None]:
        """Add some columns; of those with faults which rows have one, and what tells rows apart."""
        bad = []
        shown = None if self.seen.classes is None else np.zeros(self.rows)
        columns = self.read([self.seen.names[replicate] for replicate in replicates])
        for replicate, column in zip(replicates, columns, strict=True):
            faults = unusable(column)
            if faults is not None:
                bad.append(faults)
                continue
            weights = self.seen.whole(replicate, column, self.ready)
            if shown is not None and self.seen.classes is not None:
                shown += weights * self.seen.classes.projection[replicate]
            for summed, places in zip(self.sums, self.places, strict=True):
                summed.add(replicate, places, weights)
        return bad, shown


def _serving(columns: Mapping[str, Column], cubes: Mapping[Spec, Patterns], replicates: int) -> dict[Spec, Sums]:
    """What sums for which cube: as few grids as their sizes allow, the other cubes apart."""

    def sizes(axes: Sequence[str]) -> list[int]:
        return [len(columns[name].values) + 1 for name in axes]

    def fit(specs: Sequence[Spec]) -> bool:
        return prod(sizes(_axes(specs))) * replicates <= MOST_SUMS

    serving: dict[Spec, Sums] = {}
    groups: list[list[Spec]] = []
    for spec, patterns in cubes.items():
        if spec.numbers or not fit([spec]):
            serving[spec] = Apart(patterns, sizes(spec.axes), lookups(columns, spec.numbers), replicates)
        elif groups and fit([*groups[-1], spec]):
            groups[-1].append(spec)
        else:
            groups.append([spec])
    for specs in groups:
        axes = _axes(specs)
        serving |= dict.fromkeys(specs, Grid(axes, sizes(axes), replicates))
    return serving


def _axes(specs: Sequence[Spec]) -> tuple[str, ...]:
    """The columns of some cubes, each once."""
    return tuple(dict.fromkeys(name for spec in specs for name in spec.axes))
