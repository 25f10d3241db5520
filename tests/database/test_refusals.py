"""What goes wrong on the way to a server: one line that names it, exit status 3, soon, and no password."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from database.conftest import PASSWORD, USER, Postgres

from surveytool.reading import server


def refused(done: Any, *words: str) -> None:
    """One line, with these words in it."""
    assert done.status == 3 and not done.out
    assert done.err.count("\n") == 1 and "Traceback" not in done.err
    assert all(each in done.err for each in words), done.err
    assert "sesame" not in done.err and "hidden" not in done.err


def test_a_server_that_does_not_let_in(postgres: Postgres, run: Callable[..., Any]) -> None:
    for user in (f"{USER}:hidden", "stranger:hidden"):
        refused(run("codebook", postgres.address("t", user=user)), "does not take this user with this password")
    refused(run("codebook", postgres.address("t", database="nowhere")), "no such database", "nowhere")
    refused(run("codebook", postgres.address("t", query="?sslmode=require")), "SSL")


def test_no_password_and_passwords_of_the_usual_places(
    postgres: Postgres, transit: str, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    refused(run("codebook", postgres.address(transit)), "asks for a password", "~/.pgpass or PGPASSWORD")
    kept = tmp_path / "pgpass"
    kept.write_text(f"127.0.0.1:{postgres.port}:*:{USER}:{PASSWORD}\n", "utf-8")
    kept.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    assert run("codebook", postgres.address(transit)).status == 0
    services = tmp_path / "services"
    services.write_text(
        f"[field]\nhost={postgres.folder}\nport={postgres.port}\nuser={USER}\ndbname=survey\npassword={PASSWORD}\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.delenv("PGPASSFILE")
    done = run("codebook", f"postgresql:///?service=field::{transit}")
    assert done.status == 0, done.err
    refused(run("codebook", f"postgresql:///?service=nothing::{transit}"), "no such service")


def test_nobody_answers(extension: None, outside: None, run: Callable[..., Any]) -> None:
    refused(run("codebook", "postgresql://me:hidden@127.0.0.1:1/db::t"), "no PostgreSQL server answers there")
    refused(run("codebook", "postgresql:///db?host=/nowhere&password=hidden::t"), "no PostgreSQL server answers there")
    refused(run("codebook", "postgresql://me:hidden@nowhere.invalid/db::t"), "nowhere.invalid")
    refused(run("codebook", "postgresql://me@127.0.0.1:1/db?nonsense=1::t"), "parameter that PostgreSQL does not know")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        source = f"postgresql://me:hidden@127.0.0.1:{port}/db?connect_timeout=2::t"
        refused(run("codebook", source), "no answer in time")


def test_a_table_that_may_not_be_read(
    postgres: Postgres, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.sql(
        "drop table if exists closed; create table closed as select 1 as a;",
        "do $$ begin create role guest login password 'hidden'; exception when duplicate_object then null; end $$;",
    )
    guest = postgres.address("closed", user="guest:hidden")
    refused(run("codebook", guest), "closed", "may not read the table")
    refused(run("codebook", postgres.address("closd")), "no table 'closd'", "'closed'")
    empty = postgres.address("nothing")
    postgres.sql("drop table if exists nothing; create table nothing (a int);")
    refused(run("codebook", empty), "has no respondents")
    postgres.sql("drop view if exists slow; create view slow as select 1 as a from pg_sleep(2);")
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1")
    refused(run("codebook", postgres.address("slow")), "the server stopped the query")


def test_a_connection_that_is_lost_on_the_way(postgres: Postgres, shell: Callable[..., Any]) -> None:
    """In a process of its own: DuckDB would abort it, once the answer is told."""
    postgres.sql("drop view if exists lost; create view lost as select pg_terminate_backend(pg_backend_pid()) as a;")
    refused(shell("codebook", postgres.address("lost")), "lost", "the server stopped answering")


def test_a_variable_or_a_kind_of_one_that_is_not_there(
    postgres: Postgres, transit: str, run: Callable[..., Any]
) -> None:
    wrong = run("summarize", postgres.secret(transit), "social_medai")
    assert wrong.status == 2 and "Did you mean 'social_media'" in wrong.err and "sesame" not in wrong.err
    other = run("summarize", postgres.secret(transit), "sex", "--kind", "agee=number")
    assert other.status == 2 and "no variable named 'agee'" in other.err and "sesame" not in other.err


def test_without_the_extension(
    outside: None, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(server, "EXTENSION", "no_such_extension")
    refused(
        run("codebook", "postgresql://me:hidden@127.0.0.1:1/db::t"),
        "no extension for PostgreSQL",
        "install postgres",
        "surveytool[postgres]",
    )


def test_an_extension_that_was_tampered_with_is_not_loaded(
    outside: None, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packaged copy with one changed byte: DuckDB holds its makers' signature against it."""
    duckdb = pytest.importorskip("duckdb")
    whole = server._packaged(f"v{duckdb.__version__}")
    if whole is None:
        pytest.skip("no packaged extension")
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 0xFF
    changed = tmp_path / "postgres_scanner.duckdb_extension"
    changed.write_bytes(content)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(server, "EXTENSION", "no_such_extension")
    monkeypatch.setattr(server, "_packaged", lambda version: whole)
    nobody = "postgresql://me:hidden@127.0.0.1:1/db::t"
    refused(run("codebook", nobody), "no PostgreSQL server answers there")
    monkeypatch.setattr(server, "_packaged", lambda version: changed)
    refused(run("codebook", nobody), "no extension for PostgreSQL")


def test_without_duckdb(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    refused(run("codebook", "postgresql://me:hidden@127.0.0.1:1/db::t"), "needs DuckDB", "surveytool[duckdb]")


@pytest.mark.parametrize(
    "view, words",
    [
        ("select 1 / (a - a) as a from numbers", "divides by zero"),
        ("select nextval('counter') as a", "only reads"),
        ("select ('secret' || a)::int as a from numbers", "does not fit the type"),
        ("select (select a from numbers) as a", "expects one row"),
        ("select query_to_xml('select 1 from gone', true, true, '')::text as a", "is gone"),
    ],
)
def test_a_query_that_fails_on_the_server_says_why(
    view: str, words: str, postgres: Postgres, run: Callable[..., Any]
) -> None:
    postgres.sql(
        "drop view if exists failing; drop table if exists numbers; drop sequence if exists counter;",
        "create table numbers as select generate_series(1, 9) as a; create sequence counter;",
        f"create view failing as {view};",
    )
    done = run("codebook", postgres.address("failing"))
    refused(done, "failing", words)
    assert "secret" not in done.err and "stopped answering" not in done.err


def test_an_error_that_nobody_foresaw_is_no_lost_connection(postgres: Postgres, run: Callable[..., Any]) -> None:
    postgres.sql(
        "drop view if exists odd; drop function if exists odd_one();",
        "create function odd_one() returns int language plpgsql as $$ begin raise 'hidden words'; end $$;",
        "create view odd as select odd_one() as a;",
    )
    refused(run("codebook", postgres.address("odd")), "odd", "an error of its own", "psql")


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_ctrl_c_ends_the_wait_for_a_frozen_server(postgres: Postgres, tmp_path: Path) -> None:
    """The backend is stopped while it answers; an interrupt ends the command within seconds."""
    postgres.sql(
        "drop view if exists freezing;",
        "create view freezing as select pg_backend_pid() as pid from pg_sleep(30);",
    )
    command = [sys.executable, "-m", "surveytool", "codebook", postgres.address("freezing")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    backend = _backend_of(postgres)
    os.kill(backend, signal.SIGSTOP)
    try:
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 130 and not out and b"interrupted" in err
    finally:
        process.kill()
        os.kill(backend, signal.SIGCONT)


def _backend_of(postgres: Postgres) -> int:
    """The server process that sleeps in a view, once there is one."""
    query = "select pid from pg_stat_activity where query like '%freezing%' and wait_event = 'PgSleep'"
    command = ["psql", "-qAt", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", USER, "-c", query, "survey"]
    for _ in range(200):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.stdout.strip():
            return int(done.stdout.split()[0])
        time.sleep(0.2)
    raise AssertionError("the view was never asked for")
