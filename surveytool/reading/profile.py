"""A stream as the codebook sees it: a table of columns that are known by their distinct values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from surveytool.errors import UnreadableData
from surveytool.reading import dummies
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.stream import Column, Source, Stream, TableSource
from surveytool.survey import Design


class Profile:
    """What a table would answer when asked for its columns' names, types and distinct values."""

    def __init__(
        self, columns: Mapping[str, Column], rows: int, answered: Callable[[Sequence[str]], int] | None = None
    ) -> None:
        self.columns, self.num_rows, self.answered = columns, rows, answered
        self.column_names = list(columns)
        self.num_columns = len(self.column_names)

    def column(self, name: str) -> Column:
        """What is known of a column."""
        return self.columns[name]


def streamed(source: Source, wanted: Sequence[str], names: Sequence[str], options: Options, shown: str) -> Loaded:
    """The columns of a source as a stream, and what they say of themselves. Raises ``UnreadableData``."""
    replicates = replicate_names(wanted, options.design)
    late = replicates if options.wanted is not None else ()  # a codebook of all columns counts their answers
    stream = Stream(source, wanted, options.design or Design(), replicates, late=late)
    if stream.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Export the data again.")
    profile = Profile(stream.columns, stream.rows)
    meta = declared(stream.columns, source.schema())
    return Loaded(
        table=profile, names=tuple(names), meta=meta, sets=dummies.sets(profile, {}), frame=stream,
    )  # fmt: skip


def in_codes(loaded: Loaded, options: Options, labels: Mapping[str, str]) -> Loaded:
    """A table in memory as a stream of codes, and what its columns say of themselves; ``labels`` are the columns'."""
    names = list(loaded.table.column_names)
    replicates = replicate_names(names, options.design)
    stream = Stream(TableSource(loaded.table), names, options.design or Design(), replicates)
    profile = Profile(stream.columns, stream.rows)
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
