"""A PostgreSQL server of the tests' own: in a folder that is thrown away, on a free port, with a password."""

from __future__ import annotations

import csv
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from glob import glob
from pathlib import Path

import pytest

USER, PASSWORD, DATABASE = "researcher", "open/sesame@7", "survey"
ENCODED = "open%2Fsesame%407"


class Postgres:
    """A running server: its addresses, and SQL sent to it by psql."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def address(self, table: str = "", *, user: str = USER, database: str = DATABASE, query: str = "") -> str:
        """An address without a password."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{query}" + (f"::{table}" if table else "")

    def secret(self, table: str) -> str:
        """An address with the password in it."""
        return self.address(table, user=f"{USER}:{ENCODED}")

    def sql(self, *statements: str, database: str = DATABASE) -> None:
        """Run statements, psql's own too."""
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, database]
        script = "\n".join(statements)
        done = subprocess.run(
            command,
            input=script,
            capture_output=True,
            text=True,
            env={**os.environ, "PGPASSWORD": PASSWORD},
            timeout=600,
        )
        assert done.returncode == 0, done.stderr

    def load(self, table: str, path: Path, kinds: Sequence[str]) -> None:
        """A table from a csv, its columns of these kinds."""
        with path.open(encoding="utf-8", newline="") as file:
            head = next(csv.reader(file))
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(head, kinds, strict=True))
        self.sql(f"create table {table} ({columns});", f"\\copy {table} from '{path}' csv header")


def _program(name: str) -> str | None:
    """A program of the server, also where Debian puts it."""
    return shutil.which(name) or next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)


def _somebody() -> dict[str, object]:
    """Who the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    names = [each.pw_name for each in pwd.getpwall()]
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def extension() -> None:
    """DuckDB's extension for PostgreSQL; skipped where it is not to be had."""
    duckdb = pytest.importorskip("duckdb")
    from surveytool.errors import UnreadableData
    from surveytool.reading.address import parsed
    from surveytool.reading.server import _extend

    try:
        _extend(duckdb.connect(), duckdb, parsed("postgresql://here"))
    except UnreadableData as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def running(extension: None) -> Iterator[Postgres]:
    """A server for the session; skipped where PostgreSQL is not installed."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if initdb is None or control is None or shutil.which("psql") is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl, psql) is not installed")
    folder, port, who = Path(tempfile.mkdtemp(prefix="pg")), _free_port(), _somebody()
    kept, data = folder / "password", folder / "data"
    kept.write_text(PASSWORD, "utf-8")
    for each in (folder, kept):
        if who:
            os.chown(each, int(str(who["user"])), int(str(who["group"])))
    calls = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, "timeout": 120, **who}
    settings = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off"
    made = ["-U", USER, f"--pwfile={kept}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]
    try:
        subprocess.run([initdb, "-D", str(data), *made], **calls)  # type: ignore[call-overload]
        subprocess.run([control, "-D", str(data), "-o", settings, "-l", str(folder / "log"), "-w", "start"], **calls)  # type: ignore[call-overload]
        server = Postgres(folder, port)
        server.sql(f"create database {DATABASE};", database="postgres")
        yield server
    finally:
        subprocess.run([control, "-D", str(data), "-m", "immediate", "stop"], **{**calls, "check": False})  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine's own user says where to connect."""
    for name in [each for each in os.environ if each.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))


@pytest.fixture
def postgres(running: Postgres, outside: None, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """The server, its password in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return running


@pytest.fixture(scope="session")
def transit(running: Postgres, example: Path) -> str:
    """The example's csv as a table of the server, in a schema of its own; its name."""
    path = example / "transit.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    kinds = [_kind([row[place] for row in rows if row[place]]) for place in range(len(rows[0]))]
    running.sql("create schema field;")
    running.load("field.transit", path, kinds)
    return "field.transit"


def _kind(texts: Sequence[str]) -> str:
    """The type of a column in PostgreSQL."""
    for kind, read in (("bigint", int), ("double precision", float)):
        try:
            [read(each) for each in texts]
        except ValueError:
            continue
        return kind
    return "date" if all(len(each) == 10 and each[4] == each[7] == "-" for each in texts) else "text"
