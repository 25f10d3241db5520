"""A table of a DuckDB database file, written ``data.duckdb::table``; read in batches, nothing is written to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData, did_you_mean, near_names
from surveytool.reading.choose import columns_to_read
from surveytool.reading.frame import arrow_meta, plain
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.profile import streamed

SUFFIXES = (".duckdb", ".ddb")
LARGE = 50_000
HINT = "Install it with: pip install 'surveytool[duckdb]'"


def load(path: Path, options: Options) -> Loaded:
    """Read the only table of a database file."""
    return load_table(path, None, options)


def load_table(path: Path, table: str | None, options: Options) -> Loaded:
    """Read a table, or a view; None where the file has one only. Raises ``UnreadableData``."""
    shown = str(path) if table is None else f"{path}::{table}"
    source = DatabaseSource(path, table)
    schema = source.schema()
    wanted = columns_to_read(list(schema), options.wanted, shown)
    if source.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Choose another table.")
    if options.stream and source.rows >= LARGE and all(plain(schema[name]) for name in wanted):
        return streamed(source, wanted, list(schema), options, shown)
    import pyarrow as pa

    whole = pa.Table.from_batches(list(source.batches(wanted, 1 << 18)))
    whole, meta, sets = arrow_meta(whole)
    return Loaded(table=whole, names=tuple(schema), meta=meta, sets=sets)


class DatabaseSource:
    """Batches of a table of a DuckDB file, in the order of its rows."""

    def __init__(self, path: Path, table: str | None) -> None:
        self.path = path
        self.table = self._named(table)
        with _whole(path):
            self.rows = int(self._connection.execute(f"select count(*) from {_quoted(self.table)}").fetchone()[0])

    @property
    def _connection(self) -> Any:
        try:
            import duckdb
        except ImportError:
            raise UnreadableData("needs DuckDB.", str(self.path), HINT) from None
        try:
            made = duckdb.connect(str(self.path), read_only=True)
            made.execute("set preserve_insertion_order = true")
            return made
        except duckdb.Error as error:
            raise UnreadableData(
                "cannot be opened as a DuckDB database.", str(self.path), "Is it open elsewhere, or of a newer version?"
            ) from error

    def _named(self, table: str | None) -> str:
        query = "select table_name from information_schema.tables where table_schema = 'main' order by 1"
        with _whole(self.path):
            known = [name for (name,) in self._connection.execute(query).fetchall()]
        if table is None and len(known) == 1:
            return str(known[0])
        if table in known:
            return str(table)
        shown = ", ".join(known[:8]) or "none"
        if table is None:
            raise UnreadableData(
                f"has {len(known)} tables: {shown}.", str(self.path), f"Name one: {self.path.name}::TABLE"
            )
        near = near_names(table, known)
        cure = did_you_mean(near) if near else f"It has: {shown}"
        raise UnreadableData(f"has no table {table!r}.", str(self.path), cure)

    def schema(self) -> Mapping[str, Any]:
        with _whole(self.path):
            found = self._reader(["*"], "limit 0", 1)
        return {field.name: field.type for field in found.schema}

    def _reader(self, columns: Sequence[str], rest: str, rows: int) -> Any:
        """An Arrow reader of a query; enumerations come as the texts' codes."""
        listed = ", ".join(name if name == "*" else _quoted(name) for name in columns)
        found = self._connection.sql(f"select {listed} from {_quoted(self.table)} {rest}")
        fetch = getattr(found, "to_arrow_reader", None) or found.fetch_record_batch
        return fetch(rows)

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        with _whole(self.path):
            yield from self._reader(names, "", rows)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """What DuckDB cannot read is a broken file, told in one line."""
    import pyarrow as pa

    try:
        yield
    except (UnreadableData, MemoryError):
        raise
    except (pa.ArrowException, OSError) as error:
        raise _broken(path) from error
    except Exception as error:
        if not type(error).__module__.startswith(("duckdb", "_duckdb")):
            raise
        raise _broken(path) from error


def _broken(path: Path) -> UnreadableData:
    return UnreadableData("is broken or cut short and cannot be read.", str(path), "Copy or export it again.")


def _quoted(name: str) -> str:
    """A name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
