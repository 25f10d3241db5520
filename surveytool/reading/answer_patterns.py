"""What rows tell, of large data too: there each combination of answers is looked at once, its result looked up.

So a rule of reading that needs rows (lists taken apart, options of people who were not asked) is written once, and
gives the same columns for a file in memory and for a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.frozen import frozen
from surveytool.reading.loaded import Loaded
from surveytool.stream import Combinations, Derived, Stream, combinations, kept, looked_up

if TYPE_CHECKING:
    from surveytool.arrays import Counts, Flags


@frozen
class Seen:
    """Some columns of a file: ``table`` holds their rows, or each combination of answers (``found``) once."""

    table: Any
    found: Combinations | None = None

    @property
    def sizes(self) -> Counts | None:
        """How many respondents each row stands for [rows]; None where it is one."""
        return None if self.found is None else self.found.counts


def seen(loaded: Loaded, names: Sequence[str]) -> Seen:
    """The rows of some columns; of a stream their combinations, or all rows where those are too many."""
    if not isinstance(loaded.frame, Stream):
        return Seen(table=loaded.table.select(list(names)))
    found = combinations(loaded.frame, list(names))
    if found is None:
        return Seen(table=loaded.frame.table(names))
    return Seen(table=found.table(loaded.frame.columns), found=found)


def placed(loaded: Loaded, rows: Seen, made: Mapping[str, Any]) -> Loaded:
    """The content with columns (Arrow arrays [rows of ``rows``]) that are new, or stand in the place of old ones."""
    if isinstance(loaded.frame, Stream):
        from surveytool.reading.profile import profile_of

        columns = kept(made) if rows.found is None else looked_up(rows.found, made)
        stream = Derived(loaded.frame, columns)
        return replace(loaded, table=profile_of(stream), frame=stream)
    table = loaded.table
    for name, column in made.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    return replace(loaded, table=table, frame=None)


def holding(column: Any, test: Callable[[Any], bool]) -> Flags:
    """Which rows [rows] hold an answer that passes a test; it is asked once of each different answer."""
    import pyarrow.types as types

    whole = column.unify_dictionaries() if types.is_dictionary(column.type) else arrow.encode(column)
    flags = []
    for chunk in whole.chunks:
        passed = np.array([*(value is not None and test(value) for value in chunk.dictionary.to_pylist()), False])
        flags.append(passed[arrow.numpy(chunk.indices, f"i{chunk.indices.type.bit_width // 8}", -1)])
    return np.concatenate(flags) if flags else np.zeros(0, dtype=bool)


def without(column: Any, gone: Flags) -> Any:
    """A column with blanks in the rows that are ``gone`` [rows]."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(column.type):
        return arrow.encode(without(arrow.cast(column, column.type.value_type), gone))
    return arrow.call("if_else", pa.array(gone), pa.scalar(None, column.type), column)


def blanks(column: Any) -> int:
    """How many rows of a column have no answer."""
    return int(column.blank if hasattr(column, "blank") else column.null_count)
