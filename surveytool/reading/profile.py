"""A stream as the codebook sees it: a table of columns that are known by their distinct values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.errors import UnreadableData
from surveytool.reading import dummies
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.stream import Column, Pushed, Source, Stream, TableSource, combinations
from surveytool.survey import Design

if TYPE_CHECKING:
    from surveytool.arrays import Counts


Patterns = Callable[[Sequence[str]], tuple[Any, "Counts | None"]]
Answered = Callable[[Sequence[str]], int]


class Profile:
    """What a table would answer when asked for its columns' names, types and distinct values.

    ``patterns`` gives the combinations of answers of some columns as an Arrow table, and how many rows each stands for.
    """

    def __init__(
        self, columns: Mapping[str, Column], rows: int, patterns: Patterns, answered: Answered | None = None
    ) -> None:
        self.columns, self.num_rows, self.patterns = columns, rows, patterns
        self.answered = answered or self._answered
        self.column_names = list(columns)
        self.num_columns = len(self.column_names)

    def column(self, name: str) -> Column:
        """What is known of a column."""
        return self.columns[name]

    def _answered(self, names: Sequence[str]) -> int:
        """How many rows have an answer in any of these columns."""
        table, sizes = self.patterns(names)
        known = np.zeros(table.num_rows, dtype=bool)
        for column in table.columns:
            known |= np.concatenate([arrow.not_null(chunk) for chunk in column.chunks] or [known])
        return int(known.sum() if sizes is None else sizes[known].sum())


def profile_of(stream: Stream) -> Profile:
    """What is known of a stream."""
    return Profile(stream.columns, stream.rows, partial(_patterns, stream))


def profile_there(frame: Pushed) -> Profile:
    """What is known of respondents on a cluster."""
    return Profile(frame.columns, frame.rows, partial(_patterns_there, frame), frame.answered)


def _patterns_there(frame: Pushed, names: Sequence[str]) -> tuple[Any, Counts | None]:
    return frame.counted(list(names))


def _patterns(stream: Stream, names: Sequence[str]) -> tuple[Any, Counts | None]:
    found = combinations(stream, list(names))
    return (stream.table(names), None) if found is None else (found.table(stream.columns), found.counts)


def streamed(source: Source, wanted: Sequence[str], names: Sequence[str], options: Options, shown: str) -> Loaded:
    """The columns of a source as a stream, and what they say of themselves. Raises ``UnreadableData``."""
    replicates = replicate_names(wanted, options.design)
    late = replicates if options.wanted is not None else ()  # a codebook of all columns counts their answers
    stream = Stream(source, wanted, options.design or Design(), replicates, late=late)
    if stream.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Export the data again.")
    profile = profile_of(stream)
    meta = declared(stream.columns, source.schema())
    return Loaded(
        table=profile, names=tuple(names), meta=meta, sets=dummies.sets(profile, {}), frame=stream,
    )  # fmt: skip


def in_codes(loaded: Loaded, options: Options, labels: Mapping[str, str]) -> Loaded:
    """A table in memory as a stream of codes, and what its columns say of themselves; ``labels`` are the columns'."""
    names = list(loaded.table.column_names)
    replicates = replicate_names(names, options.design)
    stream = Stream(TableSource(loaded.table), names, options.design or Design(), replicates)
    profile = profile_of(stream)
    return replace(loaded, table=profile, sets=dummies.sets(profile, dict(labels)), frame=stream)


def replicate_names(names: Sequence[str], design: Design | None) -> list[str]:
    """The columns that a design's replicate weights may be."""
    if design is None or design.replicates is None:
        return []
    patterns = design.replicates.columns
    return [name for name in names if any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)]


def declared(columns: Mapping[str, Column], schema: Mapping[str, Any]) -> dict[str, Meta]:
    """Categories that a source declares, in their order."""
    import pyarrow.types as types

    metas: dict[str, Meta] = {}
    for name, column in columns.items():
        if column.coded and types.is_dictionary(schema[name]) and types.is_string(column.type):
            metas[name] = Meta(order=tuple(column.values.to_pylist()))
    return metas
