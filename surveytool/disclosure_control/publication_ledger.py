"""What earlier runs have published of the same data: tables as they were asked for, and which of their rows were shown.

A file of JSON, by the hash of the data. It holds published figures only, with
the digits that were printed; a withheld row is simply not in it. A later run
counts the same respondents anew, so that the figures of earlier tables join its
equations. Writers take turns by a lock beside the file and replace it whole.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Row
from surveytool.frozen import frozen
from surveytool.survey import Provenance, Request, Standard

VERSION = 1
PATIENCE, NAP, STALE = 20.0, 0.05, 60.0
SHOWN = ("estimate", "ci_low", "ci_high", "count", "n")
SUPPRESSED = "suppressed"


@frozen
class Earlier:
    """A table of an earlier run: its request, and the rows that it showed as (breakdown, group, level)."""

    request: Request
    shown: frozenset[tuple[tuple[str, ...], tuple[str, ...], str | None]]


class Ledger:
    """The file of published figures, for one set of data."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def columns(self) -> list[str]:
        """Every variable that an earlier table is about."""
        found: dict[str, None] = {}
        for tables in _read(self.path)["data"].values():
            for table in tables:
                found |= dict.fromkeys(_names(_request(table["request"])))
        return list(found)

    def earlier(self, source: Provenance) -> list[Earlier]:
        """The tables that were published of these data."""
        tables = _read(self.path)["data"].get(_key(source), [])
        return [
            Earlier(
                request=_request(table["request"]),
                shown=frozenset((tuple(row["by"]), tuple(row["by"].values()), row["level"]) for row in table["rows"]),
            )
            for table in tables
        ]

    def add(self, source: Provenance, published: Sequence[Estimates]) -> None:
        """Write down what was just published."""
        with _locked(self.path):
            whole = _read(self.path)
            tables = whole["data"].setdefault(_key(source), [])
            for each in published:
                _join(tables, _table(each))
            _write(self.path, whole)


def _key(source: Provenance) -> str:
    return source.sha256 or f"{source.path} {source.rows}"


def _names(request: Request) -> list[str]:
    from surveytool.aggregate.where_language import names, parse

    where = names(parse(request.where)) if request.where else []
    ratio = (request.statistic or "").partition(":")[2]
    standard = [request.standard.variable] if request.standard is not None else []
    by = [name for each in request.by for name in each]
    return [request.variable, *by, *where, *standard, *([ratio] if ratio else [])]


def _table(estimates: Estimates) -> dict[str, Any]:
    """One table as the ledger has it."""
    rows = [_row(row) for row in estimates.rows if row.flag != SUPPRESSED]
    return {"request": asdict(replace(estimates.request, id=None)), "rows": rows}


def _row(row: Row) -> dict[str, Any]:
    return {"by": dict(row.by), "level": row.level, **{name: getattr(row, name) for name in SHOWN}}


def _join(tables: list[dict[str, Any]], new: dict[str, Any]) -> None:
    """A table, or rows that an earlier publication of the same table did not show."""
    new = json.loads(json.dumps(new))
    old = next((table for table in tables if table["request"] == new["request"]), None)
    if old is None:
        tables.append(new)
        return
    known = {json.dumps([row["by"], row["level"]]) for row in old["rows"]}
    old["rows"] += [row for row in new["rows"] if json.dumps([row["by"], row["level"]]) not in known]


def _request(given: dict[str, Any]) -> Request:
    by = tuple(tuple(names) for names in given["by"])
    standard = given["standard"]
    made = None
    if standard is not None:
        made = Standard(variable=standard["variable"], shares=tuple((x, float(y)) for x, y in standard["shares"]))
    listed = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Request(**{**given, **listed, "by": by, "standard": made})


def _read(path: Path) -> dict[str, Any]:
    """The ledger; an empty one where there is no file yet. Raises ``UsageError`` for what is none."""
    if not path.exists():
        return {"ledger": VERSION, "data": {}}
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        tables = [table for tables in whole["data"].values() for table in tables]
        known = whole["ledger"] == VERSION and all(map(_whole, tables))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError):
        known, whole = False, {}
    if not known:
        raise UsageError(
            "is no ledger of published figures that this version reads.", f"--ledger {path.name}",
            "Name the file of an earlier run, or one that does not exist yet.",
        )  # fmt: skip
    return dict(whole)


def _whole(table: dict[str, Any]) -> bool:
    """Whether a table of the file is one that a run could have written; raises what a wrong kind raises."""
    asked, rows = table["request"], table["rows"]
    request = _request(asked)
    texts = [request.variable, request.base, request.quantile_rule, *(name for names in request.by for name in names)]
    texts += [] if request.standard is None else [request.standard.variable, *(x for x, _ in request.standard.shares)]
    maybe = [request.statistic, request.where, request.interval, request.id, *(row["level"] for row in rows)]
    numbers = [request.level, *(row[name] for row in rows for name in SHOWN if row[name] is not None)]
    groups = [text for row in rows for pair in row["by"].items() for text in pair]
    _names(request)
    return (
        isinstance(rows, list) and isinstance(asked["by"], list)
        and all(isinstance(names, list) for names in asked["by"])
        and all(isinstance(each, str) for each in (*texts, *groups))
        and all(each is None or isinstance(each, str) for each in maybe)
        and all(isinstance(number, (int, float)) and math.isfinite(number) for number in numbers)
        and isinstance(request.total, bool)
    )  # fmt: skip


def _write(path: Path, whole: dict[str, Any]) -> None:
    """The file as a whole, or not at all."""
    aside = path.with_name(f".surveytool.{path.name}.{os.getpid()}")
    try:
        aside.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        aside.replace(path)
    except OSError as wrong:
        with suppress(OSError):
            aside.unlink()
        raise UsageError(
            "cannot be written; nothing was published.", f"--ledger {path.name}", "Name a file in a folder of yours."
        ) from wrong


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer at a time; a lock that a killed run left is taken over."""
    lock, start = path.with_name(f".surveytool.{path.name}.lock"), time.monotonic()
    while not _taken(lock):
        if time.monotonic() - start > PATIENCE:
            raise UsageError(
                "is being written by another run.", f"--ledger {path.name}", f"Wait for it, or remove {lock.name}."
            )
        time.sleep(NAP)
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()


def _taken(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > STALE:
                lock.unlink()
        return False
    except OSError as wrong:
        raise UsageError(
            "cannot be written; nothing was published.", f"--ledger {lock.name}", "Name a file in a folder of yours."
        ) from wrong
    return True
