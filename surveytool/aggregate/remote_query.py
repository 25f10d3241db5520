"""The one pass where the respondents are: each cube is one grouped query, and its sums by unit come back.

The groups are the distinct answers of a cube's columns by the design's units;
sums are those of ``cube``: of weights, their squares and the deviations of
numbers. From the cells on nothing differs from a stream.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.classes import Classes
from surveytool.aggregate.cube import Patterns, Spec, Terms
from surveytool.aggregate.design_pass import StreamDesign
from surveytool.aggregate.number_state import BLANK, HUGE, INFINITE, KNOWN
from surveytool.aggregate.replicates import ReplicatePass
from surveytool.aggregate.sample import bad_replicates
from surveytool.errors import UsageError
from surveytool.stream import LARGEST
from surveytool.stream.remote import COUNT, Pushed

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


W = "__w"
RANK_ROWS = 5_000


def fill_pushed(
    frame: Pushed, design: StreamDesign, specs: Sequence[Spec], terms: Terms, replicates: ReplicatePass | None
) -> dict[Spec, Patterns]:
    """Every cube from one query each."""
    if replicates is not None:
        _look_at(frame, design, replicates)
    return {spec: _Query(frame, design, spec, terms, replicates).patterns() for spec in specs}


class _Query:
    """One cube as a grouped query."""

    def __init__(
        self, frame: Pushed, design: StreamDesign, spec: Spec, terms: Terms, replicates: ReplicatePass | None
    ) -> None:
        self.frame, self.design, self.spec, self.terms = frame, design, spec, terms
        self.replicates = replicates
        self.lookup = design.lookup()
        self.many = 1 + len(spec.numbers)
        self.pairs = [(m, n) for m in range(self.many) for n in range(m + 1)]
        self.states = [f"__state{index}" for index in range(len(spec.numbers))]

    def patterns(self) -> Patterns:
        """The patterns that somebody has, and their sums."""
        answer = self._answer()
        columns = [self.frame.codes(answer, name) for name in self.spec.axes]
        columns += [np.array(answer.column(name).to_pylist(), dtype=np.int32) for name in self.states]
        codes = np.stack(columns, axis=1) if columns else np.zeros((answer.num_rows, 0), dtype=np.int32)
        distinct, row = np.unique(codes, axis=0, return_inverse=True)
        block = {name: self.frame.codes(answer, name) for name in self.lookup.names}
        row = row.reshape(-1)
        classes = self._classes(answer, row, self.lookup.units(block, answer.num_rows).astype(np.intp))
        axes, count = len(self.spec.axes), len(distinct)

        def summed(values: Floats) -> Floats:
            return np.asarray(np.bincount(row, values, minlength=count), dtype=np.float64)

        return Patterns(
            spec=self.spec, codes=distinct[:, :axes], states=distinct[:, axes:],
            centres=np.array([self.frame.centre(name) for name in self.spec.numbers]),
            rows=np.rint(summed(_floats(answer, COUNT))).astype(np.int64),
            n=np.rint(summed(classes.n)).astype(np.int64), weights=summed(classes.first[0]), classes=classes,
        )  # fmt: skip

    def _classes(self, answer: Any, row: Keys, unit: Keys) -> Classes:
        """Every row of the answer is a class, by the place of its pattern [C] and its unit [C]."""
        rows = answer.num_rows
        cross = np.zeros((self.many, self.many, rows))
        second = np.zeros((self.many, self.many, rows)) if self.terms.squares else None
        for m, n in self.pairs:
            cross[m, n] = cross[n, m] = _floats(answer, f"__x{m}_{n}")
            if second is not None:
                second[m, n] = second[n, m] = _floats(answer, f"__s{m}_{n}")
        replicated = None
        if self.replicates is not None:
            columns = range(len(self.replicates.names))
            replicated = np.stack(
                [np.stack([_floats(answer, f"__r{m}_{r}") for r in columns], axis=1) for m in range(self.many)]
            )
        return Classes(
            row=row, unit=unit, n=_floats(answer, "__n"), first=cross[:, 0], cross=cross,
            squared=_floats(answer, "__w2"), second=second,
            present=_floats(answer, "__n"), replicated=replicated, numbers=self.spec.numbers,
        )  # fmt: skip

    def _answer(self) -> Any:
        import narwhals as nw

        frame, weights = self.frame, self.design.design.weights
        ready = frame.lazy.with_columns((nw.lit(1.0) if weights is None else nw.col(weights).cast(nw.Float64)).alias(W))
        for index, name in enumerate(self.spec.numbers):
            ready = ready.with_columns(self._state(name).alias(self.states[index]))
        deviations = []
        for index, name in enumerate(self.spec.numbers):
            number = nw.col(name).cast(nw.Float64) - frame.centre(name)
            deviation = nw.when(nw.col(self.states[index]) == KNOWN).then(number).otherwise(0.0)
            ready = ready.with_columns(deviation.alias(f"__d{index + 1}"))
            deviations.append(nw.col(f"__d{index + 1}"))
        keys = list(dict.fromkeys([*self.spec.axes, *self.lookup.names, *self.states]))
        sums = self._sums([None, *deviations])
        if keys:
            return frame.collect(ready.group_by(*keys).agg(*sums))
        return frame.collect(ready.select(*sums))

    def _state(self, name: str) -> Any:
        import narwhals as nw

        column = nw.col(name)
        size = column.abs()
        state = nw.when(size <= LARGEST).then(KNOWN).otherwise(HUGE)
        finite = nw.when(size == float("inf")).then(INFINITE).otherwise(state)
        return nw.when(self.frame.blank(name)).then(BLANK).otherwise(finite)

    def _sums(self, deviations: Sequence[Any]) -> list[Any]:
        """Every sum of a cube by its name."""
        import narwhals as nw

        weight = nw.col(W)
        columns = [
            nw.len().alias(COUNT),
            (weight > 0).cast(nw.Int64).sum().alias("__n"),
            (weight * weight).sum().alias("__w2"),
        ]
        for m, n in self.pairs:
            product = _times(_times(weight, deviations[m]), deviations[n])
            columns.append(product.sum().alias(f"__x{m}_{n}"))
            if self.terms.squares:
                columns.append((weight * product).sum().alias(f"__s{m}_{n}"))
        if self.replicates is not None:
            for r, name in enumerate(self.replicates.names):
                share = nw.when(weight > 0).then(nw.col(name)).otherwise(0.0)
                share = share if self.replicates.given.combined else share * weight
                for m, deviation in enumerate(deviations):
                    columns.append(_times(share, deviation).sum().alias(f"__r{m}_{r}"))
        return columns


def _times(values: Any, deviation: Any) -> Any:
    return values if deviation is None else values * deviation


def _floats(answer: Any, name: str) -> Floats:
    return np.asarray(answer.column(name).fill_null(0).to_numpy(), dtype=np.float64)


def _look_at(frame: Pushed, design: StreamDesign, replicates: ReplicatePass) -> None:
    """Faults and largest factors of replicate weights, and their rank from the first rows."""
    import narwhals as nw

    weights, names = design.design.weights, replicates.names
    bad = [(frame.blank(name) | (nw.col(name).abs() > LARGEST)).cast(nw.Int64).sum().alias(name) for name in names]
    faults = frame.collect(frame.lazy.select(*bad)).to_pylist()[0]
    if any(faults.values()):
        rows = sum(int(value or 0) for value in faults.values())
        raise bad_replicates(f"in {rows} places")
    if replicates.given.method == "jkn" and replicates.given.rscales is None:
        weight = nw.lit(1.0) if weights is None else nw.col(weights)
        ratios = frame.lazy.filter(weight > 0).select(*((nw.col(name) / weight).max().alias(name) for name in names))
        faults = frame.collect(ratios).to_pylist()[0]
        replicates.factors = np.array([float(faults[name]) for name in names])
    if replicates.given.df is not None or design.design.df is not None:
        return
    columns = [*names, *([weights] if weights else [])]
    some = frame.collect(frame.lazy.select(columns).head(RANK_ROWS))
    block = {name: np.array(some.column(name).to_pylist(), dtype=np.float64) for name in columns}
    looked_at = replicates.rows(np.ones(some.num_rows) if weights is None else block[weights], 0)
    for index, name in enumerate(names):
        replicates.whole(index, block[name], looked_at)
    if replicates.rank < len(names) and frame.rows > RANK_ROWS:
        raise UsageError(
            "the rank of the replicate weights is not plain from the first rows.", "--df",
            "Give the degrees of freedom, for example --df 79",
        )  # fmt: skip
