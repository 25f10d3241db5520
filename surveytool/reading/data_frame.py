"""Data frames from Python: pandas, polars, pyarrow, DuckDB, anything that narwhals reads."""

from __future__ import annotations

from typing import Any

from surveytool import arrow
from surveytool.errors import UnreadableData, UsageError
from surveytool.reading import dummies
from surveytool.reading.loaded import Loaded, Meta, MultipleSet, Options
from surveytool.reading.wanted_columns import columns_to_read


def load(frame: Any, options: Options) -> Loaded:
    """The columns of a frame, as Arrow for the codebook; the frame itself is not changed.

    Raises ``UnreadableData``.
    """
    import pyarrow as pa

    names, select = _names(frame)
    wanted = columns_to_read(names, options.wanted, "data frame")
    try:
        table = select(wanted)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise UnreadableData(
            "a column of the data frame holds values of several types.",
            cure="Give each column one type (numbers or text).",
        ) from error
    if table.num_rows == 0:
        raise UnreadableData("the data frame has no rows.", cure="Check how it was made.")
    table, meta, sets = arrow_meta(table)
    return Loaded(table=table, names=tuple(names), meta=meta, sets=sets)


def _names(frame: Any) -> tuple[list[str], Any]:
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return list(frame.column_names), frame.select
    import narwhals as nw

    try:
        lazy = nw.from_native(frame).lazy()
    except TypeError as error:
        raise UsageError(
            f"cannot read a {type(frame).__name__} as data.",
            cure="Give a path, or a pandas, polars, pyarrow or DuckDB frame.",
        ) from error
    names = list(lazy.collect_schema().names())
    if not all(isinstance(name, str) for name in names):
        raise UsageError("column names of a data frame must be text.", cure="Rename the columns first.")
    return names, lambda wanted: lazy.select(wanted).collect("pyarrow").to_native()


def arrow_meta(table: Any) -> tuple[Any, dict[str, Meta], tuple[MultipleSet, ...]]:
    """What Arrow itself says of its columns: declared categories in their order.

    Columns of nothing become text, and so do lists, records and bytes, value by value.
    """
    import pyarrow.types as types

    meta: dict[str, Meta] = {}
    for index, name in enumerate(table.column_names):
        column = table.column(name)
        if types.is_dictionary(column.type) and _is_text(column.type.value_type):
            column = column.unify_dictionaries()
            order = tuple(column.chunk(0).dictionary.to_pylist()) if column.num_chunks else ()
            meta[name] = Meta(order=tuple(each for each in order if each is not None))
        elif types.is_null(column.type):
            table = table.set_column(index, name, column.cast("string"))
        elif not plain(column.type):
            table = table.set_column(index, name, _as_text(column))
    return table, meta, dummies.sets(table, {})


def plain(kind: Any) -> bool:
    """Whether answers can be of this type: numbers, yes and no, dates, texts, and codes for them."""
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return plain(kind.value_type)
    dates = types.is_date(kind) or types.is_timestamp(kind)
    numbers = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return bool(dates or numbers or types.is_boolean(kind) or _is_text(kind))


def _as_text(column: Any) -> Any:
    """Values of an odd type as texts; bytes as UTF-8."""
    texts = [
        None if value is None else value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for value in column.to_pylist()
    ]
    return arrow.texts(texts)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_string(kind) or types.is_large_string(kind))
