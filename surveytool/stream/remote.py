"""Respondents that stay where they are: a Spark cluster (or any lazy frame) counts; sums by sampling unit come back.

What a stream learns block by block is asked for here: the distinct values of each
column where they are few, which strata and units there are. Written once
with narwhals, so that the same queries run on Spark, DuckDB and polars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.errors import UnreadableData, UsageError
from surveytool.stream.coded_column import MOST_NUMBERS, MOST_TEXTS, Column, plain_type
from surveytool.stream.design_combinations import LARGEST, Combos, fault_flags
from surveytool.stream.pass_progress import tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.survey import Design

COUNT = "__rows"
SPARK = ("pyspark.", "py4j.", "grpc.")
GAVE_UP = (
    "Do all workers see the data, and have they memory (spark.executor.memory)? SURVEYTOOL_TRACEBACK=1 shows its log."
)
AT_ONCE = 8  # queries that a cluster gets side by side


class Pushed:
    """A lazy frame. ``columns`` says what is known of each column, ``centres`` the means of the numbers."""

    def __init__(self, frame: Any, names: Sequence[str], design: Design) -> None:
        import narwhals as nw

        self._spark = _is_spark(frame)
        self.lazy = nw.from_native(frame).lazy().select(list(names))
        self.names, self.queries = tuple(names), 0
        self.schema = dict(self.lazy.collect_schema())
        self.design = design
        self._summary = self._summarise()
        self.rows = int(self._summary["rows"])
        self.columns: dict[str, Column] = self._looked_at(self.names)
        self._combos: Combos | None = None

    def _looked_at(self, names: Sequence[str]) -> dict[str, Column]:
        with ThreadPoolExecutor(AT_ONCE if self._spark else 1) as workers:
            return dict(zip(names, workers.map(self._column, names), strict=True))

    def derived(self, made: Mapping[str, Any]) -> Pushed:
        """The frame with columns that are expressions, in the place of old ones or after them; the rest is known."""
        there = copy(self)
        there.lazy = self.lazy.with_columns(*(made[name].alias(name) for name in made))
        there.names = tuple(dict.fromkeys([*self.names, *made]))
        there.schema = dict(there.lazy.collect_schema())
        there._summary = there._summarise()
        there.columns = {**self.columns, **there._looked_at(list(made))}
        return there

    def collect(self, query: Any, what: str = "counting") -> Any:
        """A query's answer as an Arrow table: small, whatever it was asked of. Raises ``UnreadableData``."""
        self.queries += 1
        tell(what, self.queries, 0)
        try:
            return query.collect("pyarrow").to_native()
        except Exception as error:
            if not type(error).__module__.startswith(SPARK):
                raise
            raise UnreadableData(f"Spark gave up ({_kind(error)}).", "--engine spark", GAVE_UP) from error

    def answered(self, names: Sequence[str]) -> int:
        """How many rows have an answer in any of these columns."""
        import narwhals as nw

        any_answer = nw.any_horizontal(*(~self.blank(name) for name in names), ignore_nulls=True)
        return int(self.collect(self.lazy.select(any_answer.cast(nw.Int64).sum().alias(COUNT))).to_pylist()[0][COUNT])

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers."""
        return bool(self.schema[name].is_numeric())

    def blank(self, name: str) -> Any:
        """Whether a row has no answer in a column."""
        import narwhals as nw

        column = nw.col(name)
        return (column.is_null() | column.is_nan()) if self.schema[name].is_float() else column.is_null()

    def _summarise(self) -> dict[str, Any]:
        """Rows, blanks and means of every column, in one query."""
        import narwhals as nw

        asked = [nw.len().alias("rows")]
        for index, name in enumerate(self.names):
            asked.append(self.blank(name).cast(nw.Int64).sum().alias(f"blank{index}"))
            if self.is_number(name):
                usable = nw.when(~self.blank(name) & (nw.col(name).abs() <= LARGEST)).then(nw.col(name))
                asked.append(usable.mean().alias(f"mean{index}"))
        summary: dict[str, Any] = self.collect(self.lazy.select(*asked), "columns").to_pylist()[0]
        return summary

    def centre(self, name: str) -> float:
        """A value amid a column's numbers."""
        return float(self._summary.get(f"mean{self.names.index(name)}") or 0.0)

    def _column(self, name: str) -> Column:
        """A column's distinct values and their counts, where they are few or a unit's."""
        import narwhals as nw
        import pyarrow as pa

        blank = int(self._summary[f"blank{self.names.index(name)}"] or 0)
        valid = self.rows - blank
        whole = pa.int64() if self.schema[name].is_integer() else pa.float64()
        kind = whole if self.is_number(name) else pa.string()
        many = Column(type=kind, values=None, counts=None, known=valid, blank=blank)
        if name == self.design.weights:
            return many
        query = self.lazy.filter(~self.blank(name)).group_by(name).agg(nw.len().alias(COUNT))
        most = MOST_NUMBERS if self.is_number(name) else MOST_TEXTS
        units = name in (self.design.strata, *self.design.psu, *self.design.fpc)
        answer = self.collect(query if units else query.head(most + 1), "columns")
        if answer.num_rows > most and not units:
            return many
        answer = answer.sort_by(name)
        values = answer.column(name).combine_chunks()
        kind = plain_type(values.type)
        values = arrow.cast(values, kind)
        values = values.combine_chunks() if hasattr(values, "chunks") else values
        counts = np.array(answer.column(COUNT).to_pylist(), dtype=np.int64)
        return Column(type=kind, values=values, counts=counts, known=valid, blank=blank)

    def counted(self, names: Sequence[str]) -> tuple[Any, NDArray[np.int64]]:
        """The answers of columns that come together, and how many respondents each row stands for."""
        import narwhals as nw
        import pyarrow as pa

        if not all(self.columns[name].coded for name in names):
            return self.table(names), np.empty(0, dtype=np.int64)
        if not names:
            return pa.table({"": pa.nulls(1)}), np.array([self.rows], dtype=np.int64)
        answer = self.collect(self.lazy.group_by(*names).agg(nw.len().alias(COUNT)), "columns")
        return answer.select(list(names)), np.array(answer.column(COUNT).to_pylist(), dtype=np.int64)

    def nobody(self) -> Any:
        """A table of the columns without a row."""
        import pyarrow as pa

        return pa.table({name: pa.array([], column.type) for name, column in self.columns.items()})

    def codes(self, answer: Any, name: str) -> NDArray[np.int32]:
        """Codes [rows] of a column of an answer, -1 for blank."""
        column = self.columns[name]
        places = {value: index for index, value in enumerate(column.values.to_pylist())}
        encoded = answer.column(name).combine_chunks().dictionary_encode()
        values = arrow.cast(encoded.dictionary, column.type).to_pylist()  # decimals as the floats that they are here
        lookup = np.array([*(places.get(value, -1) for value in values), -1], dtype=np.int32)
        coded: NDArray[np.int32] = lookup[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
        return coded

    def sample(self, design: Design) -> Combos:
        """Strata, units and population sizes that come together, and what is wrong with the weights."""
        if self._combos is None or self._combos.design != design:
            self._combos = self._found(design)
        return self._combos

    def _found(self, design: Design) -> Combos:
        import narwhals as nw

        combos = Combos(design)
        combos.rows = self.rows
        if combos.keys:
            answer = self.collect(self.lazy.group_by(*combos.keys).agg(nw.len().alias(COUNT)), "design")
            codes = [self.codes(answer, name) for name in combos.keys]
            combos.take(codes, np.array(answer.column(COUNT).to_pylist(), dtype=np.int64))
        if design.weights is not None and self.is_number(design.weights):
            self._weigh(combos, design.weights)
        return combos

    def _weigh(self, combos: Combos, name: str) -> None:
        import narwhals as nw

        weight = nw.col(name)
        flags = fault_flags(weight, self.blank(name), weight.abs() == float("inf"))
        asked = [flag.cast(nw.Int64).sum().alias(f"fault_{kind}") for kind, flag in flags.items()]
        asked += [(weight == 0).cast(nw.Int64).sum().alias("zeros"), weight.sum().alias("weight")]
        answer = self.collect(self.lazy.select(*asked), "design").to_pylist()[0]
        for kind, faults in combos.faults.items():
            faults.count = int(answer[f"fault_{kind}"] or 0)
        combos.zeros, combos.weight = int(answer["zeros"] or 0), float(answer["weight"])

    def table(self, names: Iterable[str]) -> Any:
        """Refused: respondents do not travel."""
        raise UsageError(
            "this needs every respondent in memory, which --engine spark does not bring here.", "--engine",
            "It gives proportions, means, totals and ratios, and quantiles of numbers with few values; "
            "leave --engine out for rank tests, models, routes, protection and other quantiles.",
        )  # fmt: skip


def _is_spark(frame: Any) -> bool:
    return type(frame).__module__.startswith("pyspark.")


def _kind(error: Any) -> str:
    """The kind of Spark's error: its condition, else its class; never its words, which may quote data."""
    condition = getattr(error, "getCondition", getattr(error, "getErrorClass", lambda: None))()
    java = getattr(error, "java_exception", None)
    return str(condition or (java.getClass().getSimpleName() if java is not None else type(error).__name__))
