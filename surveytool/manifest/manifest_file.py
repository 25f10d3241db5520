"""A manifest as a value, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field
from pathlib import Path
from typing import Any

from surveytool.errors import UsageError
from surveytool.frozen import frozen

SCHEMA = 1
LARGEST = 20_000_000


@frozen
class Mark:
    """A file by its name (no folder) and its SHA-256; ``rows`` where it holds respondents.

    A live table has its address (no password) for a name, no hash, and the ``time`` at
    which it was read. ``parts`` of a study file are its tables, each with a hash of what it says.
    """

    name: str
    sha256: str | None
    rows: int | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    time: str | None = None


@frozen
class Manifest:
    """What one run read, how, and what came out.

    ``used`` is the largest base of its tables (None where there is no table), ``tables``
    maps a table to its base and a hash of its numbers to ten digits, ``ledger`` is what was done to
    the rows and cells of the data before they were counted.
    """

    command: tuple[str, ...] = ()
    time: str | None = None
    data: Mark | None = None
    study: Mark | None = None
    claims: Mark | None = None
    design: Mapping[str, Any] = field(default_factory=dict)
    used: int | None = None
    ledger: tuple[Mapping[str, Any], ...] = ()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: tuple[Mark, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


def written(manifest: Manifest) -> bytes:
    """JSON with a line an entry, the keys always in the same order."""
    values = {"manifest": SCHEMA, **asdict(manifest)}
    for mark in (values["data"], values["study"], values["claims"], *values["outputs"]):
        if mark is not None and mark["time"] is None:
            del mark["time"]  # a file's hash says more
    if not values["ledger"]:
        del values["ledger"]
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return f"{{\n{lines}\n}}\n".encode("utf-8", errors="backslashreplace")


def read_manifest(path: Path) -> Manifest:
    """A manifest from its file; ``UsageError`` for a file that is none."""
    wrong = UsageError("is no manifest of surveytool.", str(path), "Make one with --manifest FILE.json")
    try:
        if path.stat().st_size > LARGEST:
            raise wrong
        values = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise UsageError("there is no such file.", str(path), "Make one with --manifest FILE.json") from None
    except (OSError, ValueError, RecursionError):
        raise wrong from None
    if not isinstance(values, dict) or values.pop("manifest", None) != SCHEMA:
        raise wrong
    try:
        return _manifest(values)
    except (TypeError, ValueError, AttributeError, KeyError):
        raise wrong from None


def _manifest(values: dict[str, Any]) -> Manifest:
    for key in ("data", "study", "claims"):
        values[key] = Mark(**values[key]) if values.get(key) is not None else None
    values["outputs"] = tuple(Mark(**mark) for mark in values.get("outputs", ()))
    values["command"] = tuple(str(word) for word in values.get("command", ()))
    values["ledger"] = tuple(dict(entry) for entry in values.get("ledger", ()))
    for key in ("design", "tables", "versions"):
        values[key] = dict(values.get(key) or {})
    return Manifest(**values)
