"""Parquet: columns with their types, the codebook inside the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from surveytool.reading.sidecar import KEY, TAG
from surveytool.writing.codebook_file import codebook
from surveytool.writing.sheet import Saved, Sheet


def save(sheet: Sheet) -> Saved:
    """Tagged missing kinds stand in a column of their own, which the codebook names."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    pq.write_table(_table(sheet), out)
    return Saved(content=out.getvalue().to_pybytes())


def stream(sheets: Iterator[Sheet], out: BinaryIO) -> Saved:
    """The same block by block, each a group of rows."""
    import pyarrow.parquet as pq

    first = _table(next(sheets))
    with pq.ParquetWriter(out, first.schema) as writer:
        writer.write_table(first)
        for sheet in sheets:
            writer.write_table(_table(sheet).cast(first.schema))
    return Saved(content=b"")


def _table(sheet: Sheet) -> Any:
    import pyarrow as pa

    columns = {column.name: column.values for column in sheet.columns}
    columns |= {f"{TAG}{column.name}": _opened(column.tags) for column in sheet.columns if column.tags is not None}
    return pa.table(columns).replace_schema_metadata({KEY: codebook(sheet)})


def _opened(tags: Any) -> Any:
    """Tags as texts, whichever codes a block has for them."""
    import pyarrow.types as types

    return tags.cast(tags.type.value_type) if types.is_dictionary(tags.type) else tags
