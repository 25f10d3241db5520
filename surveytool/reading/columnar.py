"""Parquet files, columns chosen before they are read."""

from __future__ import annotations

from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.reading.choose import columns_to_read
from surveytool.reading.frame import arrow_meta
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.sidecar import KEY, TAG, applied, columns_of, parse
from surveytool.reading.source import broken, machine_memory

BYTES_A_CELL = 4  # the least that a code or a number takes while it is read


def load(path: Path, options: Options) -> Loaded:
    """Read a Parquet file; index columns that pandas wrote are left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        names = [name for name in file.schema_arrow.names if not name.startswith(("__index_level_", TAG))]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise broken(path, "a Parquet file") from error
    text = (file.schema_arrow.metadata or {}).get(KEY)
    book = parse(text, path) if text is not None else None
    options = columns_of(book, options) if book is not None else options
    wanted = columns_to_read(names, options.wanted, str(path))
    if book is not None:
        wanted += [f"{TAG}{name}" for name in wanted if f"{TAG}{name}" in file.schema_arrow.names]
    _check_memory(path, file.metadata.num_rows * len(wanted))
    try:
        table = file.read(columns=wanted)
        table.validate(full=True)  # texts in UTF-8, codes that have a value
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise broken(path, "a Parquet file") from error
    if table.num_rows == 0:
        raise UnreadableData("has no respondents.", str(path), "Export the data again.")
    table, meta, sets = arrow_meta(table.select(wanted))
    loaded = Loaded(table=table, names=tuple(names), meta=meta, sets=sets)
    return applied(loaded, book, path) if book is not None else loaded


def _check_memory(path: Path, cells: int) -> None:
    """Refuse what cannot fit: a few kilobytes can state any number of rows."""
    most = machine_memory() * 4 // 5
    if cells * BYTES_A_CELL > most:
        raise UnreadableData(
            f"asks for more than {most >> 30} GB of memory.", str(path), "Name fewer variables, or use DuckDB on it."
        )
