"""The address of a table: what it means, and that nothing shows the password in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as s

from surveytool.errors import UnreadableData
from surveytool.manifest.manifest_hashes import plain_command
from surveytool.reading.address import is_address, parsed, shown


@pytest.mark.parametrize(("text", "table", "told"), [
    ("postgresql://me@host:5432/db::field.people", "field.people", "postgresql://me@host:5432/db::field.people"),
    ("postgres://me:secret@host/db::people", "people", "postgres://me@host/db::people"),
    ("postgresql://me:se::cret@host/db", None, "postgresql://me@host/db"),
    ("postgresql://[::1]:5432/db::people", "people", "postgresql://[::1]:5432/db::people"),
    ("postgresql://me:a#b@[::1]", None, "postgresql://me@[::1]"),
    ("postgresql:///db?host=/tmp&password=secret::people", "people", "postgresql:///db?host=/tmp::people"),
    ("postgresql:///db?pass%77ord=secret&sslpassword=secret", None, "postgresql:///db"),
    ("postgresql:///?service=field::people", "people", "postgresql:///?service=field::people"),
    ("postgresql://a:1,b:2/db?passfile=/me/pass::people", "people", "postgresql://a:1,b:2/db?passfile=/me/pass::people"),
    ('postgresql://host/db::field."Odd.name"', 'field."Odd.name"', 'postgresql://host/db::field."Odd.name"'),
    ("postgresql://host/db::", None, "postgresql://host/db"),
])  # fmt: skip
def test_the_parts_of_an_address(text: str, table: str | None, told: str) -> None:
    found = parsed(text)
    assert (found.table, found.shown, shown(text)) == (table, told, told)
    assert "secret" not in repr(found)
    assert found.secret.startswith("postgresql://") and "connect_timeout=10" in found.secret


def test_the_library_gets_the_password_and_the_users_own_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed("postgres://me:secret@host/db::t").secret == "postgresql://me:secret@host/db?connect_timeout=10"
    own = "postgresql://host/db?connect_timeout=60"
    assert parsed(own).secret == own
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "60")
    assert parsed("postgresql://host/db").secret == "postgresql://host/db"


@pytest.mark.parametrize("text", [
    "postgresql://me:se/cret@host/db::people", "postgresql://me:se@cret@host/db", "postgresql://me:12/34@host/db",
    "postgresql://me:12?34@host/db", "postgresql://me:12/a::b@host/db", "postgresql://host:port/db",
    "postgresql://host/db?service",
])  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(UnreadableData, match="no address that can be read"):
        parsed(text)
    assert shown(text) == "postgresql://..."


@given(s.text(alphabet="abcd1234@/?:#&=%[].,", max_size=12), s.sampled_from(["1234", "s3cr", "12/s3cr", "12?s3cr"]))
def test_no_password_is_ever_shown(rest: str, start: str) -> None:
    for text in (f"postgresql://user:{start}{rest}@host:5432/db::people", f"postgresql://user:{start}{rest}@host"):
        assert start not in shown(text) and shown(text).startswith("postgresql://")
        assert start not in " ".join(plain_command(["summarize", text, f"--data={text}"]))


def test_a_file_is_no_address() -> None:
    assert not any(map(is_address, ["people.csv", "data.duckdb::people", "/tmp/postgresql", "https://host/people.csv"]))
    assert shown("people.csv") == "people.csv"
