"""Parquet files, folders of them too: columns chosen before they are read, rows in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveytool import arrow
from surveytool.errors import UnreadableData
from surveytool.reading.data_frame import arrow_meta, plain
from surveytool.reading.file_source import broken, machine_memory
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.profile import streamed
from surveytool.reading.sidecar import KEY, TAG, applied, columns_of, parse
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.stream import BLOCK, BatchChunk, Chunk
from surveytool.stream.threads import ahead

BYTES_A_CELL = 4  # the least that a code or a number takes while it is read

LARGE = 50_000
MOST_ROWS = 1 << 22  # row groups beyond are read in batches


def load(path: Path, options: Options) -> Loaded:
    """Read a Parquet file; index columns that pandas wrote are left out."""
    return load_files([path], str(path), options)


def load_files(paths: Sequence[Path], shown: str, options: Options) -> Loaded:
    """Read Parquet files with the same columns as one; a stream where that is asked for and they are large.

    A file that holds its codebook (``convert`` writes one) is read whole, its labels with it.
    Raises ``UnreadableData``.
    """
    source = ParquetSource(paths)
    book = parse(source.note, paths[0]) if source.note is not None else None
    options = columns_of(book, options) if book is not None else options
    names = [name for name in source.schema() if not name.startswith(("__index_level_", TAG))]
    wanted = columns_to_read(names, options.wanted, shown)
    if book is not None:
        wanted += [f"{TAG}{name}" for name in wanted if f"{TAG}{name}" in source.schema()]
    if source.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Export the data again.")
    usable = book is None and all(plain(source.schema()[name]) for name in wanted)
    if options.stream and source.rows >= LARGE and wanted and usable:
        return streamed(source, wanted, names, options, shown)
    _check_memory(shown, source.rows * len(wanted))
    table, meta, sets = arrow_meta(source.table(wanted))
    loaded = Loaded(table=table, names=tuple(names), meta=meta, sets=sets)
    return applied(loaded, book, paths[0]) if book is not None else loaded


class ParquetSource:
    """Batches of Parquet files, one file after the other; a column that one of them lacks is an error."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = list(paths)
        self._schema: dict[str, Any] = {}
        self.rows = 0
        self.note: bytes | None = None
        for path in self.paths:
            file = self.open(path)
            self.note = self.note or (file.schema_arrow.metadata or {}).get(KEY)
            names = {field.name: field.type for field in file.schema_arrow}
            self._schema = self._schema or names
            if list(self._schema) != list(names):
                lost = sorted(set(self._schema) ^ set(names))[:5]
                raise UnreadableData(
                    f"has other columns than {self.paths[0].name}: {', '.join(lost) or 'in another order'}.",
                    str(path), "Keep files of one survey in a folder.",
                )  # fmt: skip
            self.rows += file.metadata.num_rows

    def schema(self) -> Mapping[str, Any]:
        return self._schema

    def open(self, path: Path, metadata: Any = None) -> Any:
        """A file, texts as codes; ``metadata`` where it has been read already."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(path, metadata=metadata, read_dictionary=self._texts())
        except (pa.ArrowException, OSError, ValueError) as error:
            raise broken(path, "a Parquet file") from error

    def _texts(self) -> list[str]:
        """Texts are read as codes, which is how Parquet holds them."""
        return [name for name, kind in self._schema.items() if str(kind) in ("string", "large_string")]

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """Record batches, the next one decoded while the last one is used."""
        return ahead(self._decoded(names, rows))

    def _decoded(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """Row groups in turn: one reader of them all would keep the dictionaries' pages of every one."""
        import pyarrow as pa

        for path in self.paths:
            try:
                file = self.open(path)
                for groups in _together(_sizes(file.metadata)):
                    for batch in file.iter_batches(batch_size=rows, columns=list(names), row_groups=groups):
                        _check(batch)
                        yield batch
            except (pa.ArrowException, OSError, ValueError) as error:
                raise broken(path, "a Parquet file") from error

    def chunks(self, names: Sequence[str]) -> Iterator[Chunk]:
        """Row groups, small ones together, of which any columns can be read by themselves."""
        files = [(path, self.open(path).metadata) for path in self.paths]
        sizes = [_sizes(meta) for _, meta in files]
        if max((size for own in sizes for size in own), default=0) > MOST_ROWS:
            yield from (BatchChunk(batch) for batch in self.batches(names, BLOCK))
            return
        for (path, meta), own in zip(files, sizes, strict=True):
            for groups in _together(own):
                yield RowGroups(self, path, meta, groups, sum(own[place] for place in groups))

    def table(self, names: Sequence[str]) -> Any:
        """These columns whole."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        parts = []
        for path in self.paths:
            try:
                part = pq.ParquetFile(path).read(columns=list(names)).select(list(names))
                part.validate(full=True)
                parts.append(part)
            except MemoryError:
                raise
            except (pa.ArrowException, OSError, ValueError) as error:
                raise broken(path, "a Parquet file") from error
        return pa.concat_tables(parts) if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class RowGroups:
    """Some row groups of a Parquet file; each reading opens the file anew, so that threads do not meet."""

    source: ParquetSource
    path: Path
    metadata: Any
    groups: list[int]
    rows: int

    def read(self, names: Sequence[str]) -> Any:
        """These columns as a table, decoded by this thread."""
        import pyarrow as pa

        try:
            with self.source.open(self.path, self.metadata) as file:
                found = file.read_row_groups(self.groups, columns=list(names), use_threads=False)
            found.validate(full=True)
            return found
        except (pa.ArrowException, OSError, ValueError) as error:
            raise broken(self.path, "a Parquet file") from error


def _sizes(metadata: Any) -> list[int]:
    return [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]


def _check(batch: Any) -> None:
    """Raise ``pyarrow.ArrowInvalid`` for texts that are not UTF-8 and codes that have no value."""
    import pyarrow as pa
    import pyarrow.types as types

    batch.validate()
    for column in batch.columns:
        if not types.is_dictionary(column.type):
            column.validate(full=True)
            continue
        column.dictionary.validate(full=True)
        if not arrow.within(column.indices, len(column.dictionary)):
            raise pa.ArrowInvalid("a code has no value")


def _together(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Row groups in their order, as many as make a block; those without rows left out."""
    groups: list[int] = []
    rows = 0
    for index, size in enumerate(sizes):
        groups += [index] if size else []
        rows += size
        if rows >= BLOCK:
            yield groups
            groups, rows = [], 0
    if groups:
        yield groups


def _check_memory(shown: str, cells: int) -> None:
    """Refuse what cannot fit: a few kilobytes can state any number of rows."""
    most = machine_memory() * 4 // 5
    if cells * BYTES_A_CELL > most:
        raise UnreadableData(
            f"asks for more than {most >> 30} GB of memory.", shown, "Name fewer variables, or use DuckDB on it."
        )
