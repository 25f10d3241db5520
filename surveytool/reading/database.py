"""A table of a DuckDB database file, written ``data.duckdb::table``; read in batches, nothing is written to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from surveytool.errors import SurveytoolError, UnreadableData
from surveytool.reading import dummies
from surveytool.reading.data_frame import arrow_meta
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.reading.profile import streamed
from surveytool.reading.relation import Field, Place, choose, quoted, text
from surveytool.reading.wanted_columns import columns_to_read

T = TypeVar("T")
SUFFIXES = (".duckdb", ".ddb")
LARGE = 50_000
BATCH = 1 << 18
# what DuckDB says of a view whose table or file is gone, or whose values do not fit
VIEW = ("Catalog Error", "Binder Error", "Conversion Error", "IO Error: No files found")
HINT = "Install it with: pip install 'surveytool[duckdb]'"


def load(path: Path, options: Options) -> Loaded:
    """Read the only table of a database file."""
    return load_table(path, None, options)


def load_table(path: Path, table: str | None, options: Options) -> Loaded:
    """Read a table, or a view; None where the file has one only. Raises ``UnreadableData``."""
    source = DatabaseSource(Database(path), table)
    source.shown = str(path) if table is None else f"{path}::{table}"
    return read_source(source, options)


def columns(path: Path, table: str | None) -> list[str]:
    """The columns of a table. Raises ``UnreadableData``."""
    return DatabaseSource(Database(path), table).names


def read_source(source: DatabaseSource, options: Options) -> Loaded:
    """A table of an opened database, whole or as a stream. Raises ``UnreadableData``."""
    names = source.names
    wanted = columns_to_read(names, options.wanted, source.shown)
    if source.rows == 0:
        raise UnreadableData("has no respondents.", source.shown, "Choose another table.")
    source.settle(wanted)
    if options.stream and source.rows >= LARGE and wanted:
        return _labelled(streamed(source, wanted, names, options, source.shown), source)
    import pyarrow as pa

    whole, meta, _ = arrow_meta(pa.Table.from_batches(list(source.batches(wanted, BATCH))))
    return _labelled(Loaded(table=whole, names=tuple(names), meta=meta), source)


def _labelled(loaded: Loaded, source: DatabaseSource) -> Loaded:
    """With the comments of the columns as labels."""
    labels = {field.name: field.label for field in source.fields if field.label}
    held = [name for name in loaded.table.column_names if name in labels]
    meta = {**loaded.meta, **{name: replace(loaded.meta.get(name, Meta()), label=labels[name]) for name in held}}
    return replace(loaded, meta=meta, sets=dummies.sets(loaded.table, labels))


class Database:
    """A DuckDB file that is open for reading."""

    name = ""  # of the catalogue, where it is not DuckDB's own

    def __init__(self, path: Path) -> None:
        self.path, self.shown = path, str(path)
        self.connection = self._opened()

    def _opened(self) -> Any:
        duckdb = library(self.shown, HINT)
        try:
            made = duckdb.connect(str(self.path), read_only=True)
            made.execute("set preserve_insertion_order = true")
            return made
        except duckdb.Error as error:
            newer = "newer version" in str(error)
            message = "was written by a newer DuckDB." if newer else "cannot be opened as a DuckDB database."
            cure = "Update it with: pip install --upgrade duckdb" if newer else "Is it open in another program?"
            raise UnreadableData(message, self.shown, cure) from error

    def places(self) -> list[Place]:
        """Its tables and views, those of the schema ``main`` first."""
        found = self.asked(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database() "
            "and not internal union all select schema_name, view_name from duckdb_views() "
            "where database_name = current_database() and not internal"
        )
        places = [Place(schema, name, preferred=schema == "main") for schema, name in found]
        return sorted(places, key=lambda each: (not each.preferred, each.schema, each.name))

    def fields(self, place: Place) -> list[Field]:
        """The columns of a table with their comments."""
        comments = self.asked(
            "select column_name, comment from duckdb_columns() where database_name = current_database() "
            f"and schema_name = {text(place.schema)} and table_name = {text(place.name)}"
        )
        labels = {name: comment or "" for name, comment in comments}
        return [Field(name, kind, labels.get(name, "")) for name, kind in self.described(place)]

    def described(self, place: Place) -> list[tuple[str, str]]:
        """Names and types of the columns."""
        return [(row[0], row[1]) for row in self.asked(f"describe select * from {self.written(place)}")]

    def count(self, place: Place) -> int:
        """How many rows a table has."""
        return int(self.asked(f"select count(*) from {self.written(place)}")[0][0])

    def check(self, place: Place, fields: Sequence[Field]) -> None:
        """Refuse columns that DuckDB would read as something else; of its own files there are none."""

    def written(self, place: Place) -> str:
        """A table in a query."""
        return ".".join(quoted(each) for each in (self.name, place.schema, place.name) if each)

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a short answer."""
        with self.telling():
            found: list[tuple[Any, ...]] = self.waited(lambda: self.connection.execute(query).fetchall())
        return found

    def waited(self, call: Callable[[], T]) -> T:
        """What a call to DuckDB gives; a server may let it wait."""
        return call()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What DuckDB cannot do is told in one line."""
        import pyarrow as pa

        try:
            yield
        except (SurveytoolError, MemoryError):
            raise
        except Exception as error:
            ours = isinstance(error, (pa.ArrowException, OSError))
            if not ours and not type(error).__module__.startswith(("duckdb", "_duckdb")):
                raise
            raise self.broken(str(error)) from None

    def broken(self, said: str) -> UnreadableData:
        """The error for what DuckDB says."""
        if said.startswith(VIEW):
            return UnreadableData("has a view that cannot be computed.", self.shown, "Mend it, or name a table.")
        return UnreadableData("is broken or cut short and cannot be read.", self.shown, "Copy or export it again.")


class DatabaseSource:
    """Batches of a table, in the order of its rows."""

    def __init__(self, database: Database, table: str | None) -> None:
        self.database = database
        self.place = choose(database.places(), table, database.shown)
        self.shown = database.shown = f"{database.shown}::{self.place}"
        self.fields = database.fields(self.place)
        self.rows = database.count(self.place)
        self._large: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return [field.name for field in self.fields]

    def settle(self, names: Sequence[str]) -> None:
        """Find the columns whose whole numbers do not fit into 64 bits; they become texts."""
        self.database.check(self.place, [field for field in self.fields if field.name in names])
        wide = [field.name for field in self.fields if field.wide and field.name in names]
        if not wide:
            return
        tests = [f"count({quoted(name)}) - count(try_cast({quoted(name)} as bigint))" for name in wide]
        found = self.database.asked(f"select {', '.join(tests)} from {self.database.written(self.place)}")[0]
        self._large = {name for name, count in zip(wide, found, strict=True) if count}

    def schema(self) -> Mapping[str, Any]:
        """Arrow types as they are read."""
        with self.database.telling():
            found = self.database.waited(lambda: self._reader(self.names, "limit 0", 1))
        return {field.name: field.type for field in found.schema}

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """Arrow batches of some columns."""
        with self.database.telling():
            reader = self.database.waited(lambda: self._reader(names, "", rows))
            while (batch := self.database.waited(lambda: next(reader, None))) is not None:
                yield batch

    def _reader(self, names: Sequence[str], rest: str, rows: int) -> Any:
        """An Arrow reader of a query; enumerations come as the texts' codes."""
        by_name = {field.name: field for field in self.fields}
        listed = ", ".join(by_name[name].asked(large=name in self._large) for name in names)
        found = self.database.connection.sql(f"select {listed} from {self.database.written(self.place)} {rest}")
        fetch = getattr(found, "to_arrow_reader", None) or found.fetch_record_batch
        return fetch(rows)


def library(shown: str, hint: str) -> Any:
    """DuckDB itself; ``UnreadableData`` where it is not installed."""
    try:
        import duckdb
    except ImportError:
        raise UnreadableData("needs DuckDB.", shown, hint) from None
    return duckdb
