"""What goes wrong on the way to a server: one line that names it, exit status 3, soon, and no password."""

from __future__ import annotations

import socket
import sys
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
        "surveytool[postgres]",
    )


def test_without_duckdb(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    refused(run("codebook", "postgresql://me:hidden@127.0.0.1:1/db::t"), "needs DuckDB", "surveytool[postgres]")
