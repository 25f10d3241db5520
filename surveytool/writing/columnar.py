"""Parquet: columns with their types, the codebook inside the file."""

from __future__ import annotations

from surveytool.reading.sidecar import KEY, TAG
from surveytool.writing.codebook import codebook
from surveytool.writing.sheet import Saved, Sheet


def save(sheet: Sheet) -> Saved:
    """Tagged missing kinds stand in a column of their own, which the codebook names."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {each.name: each.values for each in sheet.columns}
    columns |= {f"{TAG}{each.name}": each.tags for each in sheet.columns if each.tags is not None}
    table = pa.table(columns).replace_schema_metadata({KEY: codebook(sheet)})
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return Saved(content=out.getvalue().to_pybytes())
