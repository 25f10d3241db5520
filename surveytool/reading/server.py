"""A table on a PostgreSQL server, read through DuckDB: in batches, in one snapshot, never written to.

PostgreSQL's own library connects, so passwords come from where they always do
(``PGPASSWORD``, ``~/.pgpass``, a service file). One connection reads, from one
state of the table, in the order in which its rows lie: the same run gives the
same bytes. DuckDB's own extension for PostgreSQL is used where DuckDB has installed it;
else the copy in ``surveytool[postgres]``, which is a third party's package of the same
signed file; else DuckDB downloads it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from weakref import finalize

from surveytool.errors import UnreadableData
from surveytool.reading.address import Address, parsed
from surveytool.reading.database import Database, DatabaseSource, library, read_source
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.relation import Field, Place, quoted, text
from surveytool.reading.waiting import interruptible
from surveytool.survey import Provenance

T = TypeVar("T")
PACKAGE = "duckdb_extension_postgres_scanner"
HINT = (
    "Let DuckDB fetch its own: python -c \"import duckdb; duckdb.sql('install postgres')\", or without "
    "a way out to it: pip install 'surveytool[postgres]'"
)
NO_DUCKDB = "Install it with: pip install 'surveytool[duckdb]'"
CATALOGUE = "source"
LARGEST = "1e300"  # a number; NaN is larger than any, for PostgreSQL
EXTENSION = "postgres_scanner"
USER = "Check the user; a password belongs into ~/.pgpass or PGPASSWORD."
# What PostgreSQL's library says, what we say, and the cure; none of its own words are shown, they may hold a password.
REFUSED: tuple[tuple[str, str, str], ...] = (
    ("password authentication failed", "the server does not take this user with this password.", USER),
    ("no password supplied", "the server asks for a password.", "Put it into ~/.pgpass or PGPASSWORD."),
    ("no pg_hba.conf entry", "the server does not let this user in from this machine.", "Ask who runs it."),
    ("Peer authentication failed", "the server does not take this user.", USER),
    ("could not translate host name", "there is no such host.", "Check the host."),
    ("timeout expired", "no answer in time.", "Check host and port, and that you may reach them from here."),
    ("Connection refused", "no PostgreSQL server answers there.", "Check host and port."),
    ("No such file or directory", "no PostgreSQL server answers there.", "Check host and port."),
    ("definition of service", "there is no such service.", "Check its name in ~/.pg_service.conf."),
    ("invalid URI query parameter", "has a parameter that PostgreSQL does not know.", "Check what follows the ?."),
    ("SSL", "server and address do not agree on SSL.", "Check sslmode in the address."),
    ('database "', "the server has no such database.", "Check the name before ::."),
    ('role "', "the server does not know this user.", USER),
)
# What a server says of a query that fails. Its words may quote answers: none of them are shown.
VIEW = "Mend the view, or name the table behind it."
FAILED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("permission denied",), "this user may not read the table.", "Ask for: GRANT SELECT."),
    (("statement timeout",), "the server stopped the query.", "Ask for a longer statement_timeout."),
    (("lock timeout", "deadlock detected"), "the table is locked by somebody else.", "Try again later."),
    (
        ("conflict with recovery",),
        "the copy of the server took the rows away while reading.",
        "Try again, or ask the main server.",
    ),
    (("canceling statement due to user request",), "the query was cancelled on the server.", "Try again."),
    (("division by zero",), "the view divides by zero.", VIEW),
    (("read-only transaction",), "the view writes, and surveytool only reads.", VIEW),
    (
        ("out of range", "invalid input syntax", "cannot cast", "Conversion Error"),
        "a value does not fit the type of its column.",
        VIEW,
    ),
    (("more than one row returned",), "the view expects one row where there are several.", VIEW),
    (("does not exist", "could not open"), "something that the view needs is gone.", VIEW),
    (
        ("invalid byte sequence", "has no equivalent in encoding", "Invalid unicode"),
        "a text is not in the server's encoding.",
        "Mend the column.",
    ),
    (("temporary file size exceeds", "No space left"), "the server has no room for the query.", "Ask who runs it."),
    (
        ("out of memory", "Out of Memory", "stack depth limit", "invalid memory alloc request"),
        "the server has no memory for the query.",
        "Name fewer variables.",
    ),
    (
        ("too many connections", "remaining connection slots"),
        "the server takes no more connections.",
        "Try again later.",
    ),
    (
        (
            "server closed the connection",
            "terminating connection",
            "connection to server",
            "could not receive data",
            "could not send data",
            "SSL connection has been closed",
            "SSL SYSCALL",
            "no connection to the server",
            "Connection reset",
            "timed out",
        ),
        "the server stopped answering.",
        "Try again; does psql read the table?",
    ),
)
TABLES = (
    "select n.nspname, c.relname, n.nspname = any(current_schemas(false)) from pg_class c "
    "join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm', 'f', 'p') "
    "and not c.relispartition and n.nspname !~ '^(pg_|information_schema$)' order by 3 desc, 1, 2"
)
COLUMNS = (
    "select a.attname, coalesce(col_description(c.oid, a.attnum), ''), a.atttypid::regtype::text from pg_class c "
    "join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid "
    "where a.attnum > 0 and not a.attisdropped and n.nspname = {schema} and c.relname = {name}"
)


def load(source: str, options: Options) -> tuple[Loaded, Provenance]:
    """A table by its address, and what may be told of it. Raises ``UnreadableData``."""
    server, found = _opened(source)
    loaded = read_source(found, options)
    return loaded, Provenance(path=found.shown, rows=loaded.table.num_rows, time=server.time)


def stamp(source: str) -> Provenance:
    """How a table stands now: its rows and the time. Raises ``UnreadableData``."""
    server, found = _opened(source)
    return Provenance(path=found.shown, rows=found.rows, time=server.time)


def names(source: str) -> list[str]:
    """The columns of a table. Raises ``UnreadableData``."""
    return _opened(source)[1].names


def _opened(source: str) -> tuple[Server, DatabaseSource]:
    """A server by the address of one of its tables, and that table."""
    address = parsed(source)
    server = Server(address)
    return server, DatabaseSource(server, address.table)


class Server(Database):
    """A database on a PostgreSQL server, open for reading in one snapshot."""

    name = CATALOGUE

    def __init__(self, address: Address) -> None:
        self.shown = address.server
        self.connection = _connected(address)
        self.time = datetime.now(UTC).isoformat(timespec="seconds")
        self.connection.execute("begin transaction")
        self._end = finalize(self, _ended, self.connection)

    def places(self) -> list[Place]:
        """Its tables and views, those of the search path first."""
        return [Place(*row) for row in self.there(TABLES)]

    def fields(self, place: Place) -> list[Field]:
        """The columns of a table with their comments."""
        found = self.there(COLUMNS.format(schema=text(place.schema), name=text(place.name)))
        known = {name: (comment, native) for name, comment, native in found}
        return [Field(name, kind, *known.get(name, ())) for name, kind in self.described(place)]

    def count(self, place: Place) -> int:
        """How many rows a table has, counted by the server."""
        return int(self.there(f"select count(*) from {_there(place)}")[0][0])

    def check(self, place: Place, fields: Sequence[Field]) -> None:
        """Refuse a ``numeric`` that is NaN or infinite: DuckDB would read it as 0."""
        exact = [field.name for field in fields if field.exact]
        if not exact:
            return
        outside = [f"{quoted(name)} not between -{LARGEST} and {LARGEST}" for name in exact]
        tests = [f"count(*) filter (where {each}) as n{number}" for number, each in enumerate(outside)]
        found = self.there(f"select {', '.join(tests)} from {_there(place)}")[0]
        for name, count in zip(exact, found, strict=True):
            if count:
                cure = "Make it null, or read a view with it as double precision."
                raise UnreadableData(f"{name} is NaN or infinite in {count} rows.", self.shown, cure)

    def there(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a short answer of the server itself."""
        return self.asked(f"from postgres_query('{CATALOGUE}', {text(query)})")

    def waited(self, call: Callable[[], T]) -> T:
        """What a call gives; Ctrl-C ends the wait for a server that does not answer."""
        try:
            return interruptible(call, self.connection.interrupt)
        except KeyboardInterrupt:
            self._end.detach()  # the connection still waits, and would let the rollback wait too
            raise

    def broken(self, said: str) -> UnreadableData:
        """The error for what the server says; nothing more is asked of it."""
        self._end()
        for signs, message, cure in FAILED:
            if any(sign in said for sign in signs):
                return UnreadableData(message, self.shown, cure)
        return UnreadableData(
            "the server answered with an error of its own.", self.shown, "See it with psql: select * from the table."
        )


def _ended(connection: Any) -> None:
    """End the snapshot here: where the server is gone, DuckDB would end the whole program over it."""
    import duckdb

    with suppress(duckdb.Error):
        connection.execute("rollback")


def _there(place: Place) -> str:
    """A table in a query that the server itself answers."""
    return f"{quoted(place.schema)}.{quoted(place.name)}"


def _connected(address: Address) -> Any:
    """A DuckDB connection with the database attached, for reading only."""
    duckdb = library(address.server, NO_DUCKDB)
    made = duckdb.connect()
    _extend(made, duckdb, address)
    made.execute("set threads = 1")  # one connection: rows come as they lie, and memory stays small
    said = ""
    try:
        attach = f"attach {text(address.secret)} as {CATALOGUE} (type postgres, read_only)"
        interruptible(lambda: made.execute(attach), made.interrupt)
    except duckdb.Error as error:
        said = str(error).replace(address.secret, "")
    if said:
        raise _refused(said, address)
    return made


def _extend(connection: Any, duckdb: Any, address: Address) -> None:
    """Load DuckDB's extension for PostgreSQL: the one DuckDB has installed, a packaged copy of it, or a download now.

    DuckDB loads none whose makers' signature does not fit, wherever it comes from.
    """
    connection.execute("set allow_community_extensions = false")
    packaged = _packaged(f"v{duckdb.__version__}")
    own = (f"load {text(str(packaged))}",) if packaged is not None else ()
    connection.execute("set autoinstall_known_extensions = false")
    load, install = f"load {EXTENSION}", f"install {EXTENSION}"
    if not any(_done(connection, queries) for queries in ((load,), own, (install, load)) if queries):
        raise UnreadableData(
            f"DuckDB {duckdb.__version__} has no extension for PostgreSQL here, and cannot download it.",
            address.server, HINT,
        )  # fmt: skip


def _done(connection: Any, queries: tuple[str, ...]) -> bool:
    """Whether DuckDB could carry out all of them."""
    import duckdb

    try:
        for query in queries:
            connection.execute(query)
    except duckdb.Error:
        return False
    return True


def _packaged(version: str) -> Path | None:
    """The extension in its Python package, where that fits this DuckDB."""
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    files = [Path(folder) / "extensions" / version / f"{EXTENSION}.duckdb_extension" for folder in folders]
    return next((file for file in files if file.is_file()), None)


def _refused(said: str, address: Address) -> UnreadableData:
    """Why there is no connection."""
    for sign, message, cure in REFUSED:
        if sign in said:
            return UnreadableData(message, address.server, cure)
    return UnreadableData("cannot be connected to.", address.server, "Try the same address with psql.")
