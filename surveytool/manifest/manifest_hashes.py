"""A manifest made: hashes of files, of a study's tables, of a run's numbers; versions of what computed them."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surveytool.estimate.result import Results
from surveytool.manifest.manifest_file import Mark
from surveytool.reading.address import is_address, shown
from surveytool.survey import Design, Provenance
from surveytool.version import VERSION

PACKAGES = ("numpy", "scipy", "pyarrow", "narwhals", "pandas", "pyreadstat", "python-calamine", "statsmodels",
            "formulaic", "matplotlib")  # fmt: skip
DIGITS = 10


def mark(path: Path, rows: int | None = None) -> Mark:
    """A file's name and hash; of a study file also the hash of each of its tables."""
    content = path.read_bytes()
    parts = _parts(content) if path.suffix.lower() == ".toml" else {}
    return Mark(name=path.name, sha256=hashlib.sha256(content).hexdigest(), rows=rows, parts=parts)


def source_mark(source: str, provenance: Provenance) -> Mark:
    """The data's mark, from what reading them told; a live table is named by its address, without a hash."""
    if provenance.time is not None:
        return Mark(name=provenance.path or "", sha256=None, rows=provenance.rows, time=provenance.time)
    if provenance.sha256 is None and Path(source).is_file():
        return mark(Path(source), provenance.rows)
    return Mark(name=Path(source).name, sha256=provenance.sha256, rows=provenance.rows)


def _parts(content: bytes) -> dict[str, str]:
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    if isinstance(values.get("data"), dict):
        values["data"].pop("path", None)  # where the file lies changes no number; the file has a hash of its own
    return {key: digest(value) for key, value in values.items()}


def digest(value: Any) -> str:
    """A hash of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def design_of(design: Design) -> dict[str, Any]:
    """The design's settings that are not the default, as plain values."""
    plain, usual = asdict(design), asdict(Design())
    settings: dict[str, Any] = json.loads(
        json.dumps({key: value for key, value in plain.items() if value != usual[key]})
    )
    return settings


def versions() -> dict[str, str]:
    """surveytool, Python and the packages that numbers depend on, as they are installed."""
    import platform
    from importlib import metadata

    versions_used = {"surveytool": VERSION, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions_used[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions_used


def tables_of(all_results: Sequence[Results]) -> dict[str, dict[str, Any]]:
    """Each table's base and the hash of its numbers; models and tests under names of their own."""
    from surveytool.render.row_record import record, term_record, test_record

    tables: dict[str, dict[str, Any]] = {}
    for results in all_results:
        for estimate in results.estimates:
            rows = [_rounded(record(row)) for row in estimate.rows]
            tables[_free(estimate.id, tables)] = {"n": estimate.base.base, "numbers": digest(rows)}
        if results.tests:
            numbers = digest([_rounded(test_record(test)) for test in results.tests])
            tables[_free("tests", tables)] = {"n": None, "numbers": numbers}
        for model in results.models:
            terms = [_rounded(term_record(term)) for term in model.terms]
            tables[_free(model.formula, tables)] = {"n": model.n, "numbers": digest(terms)}
    return tables


def _free(name: str, taken: Mapping[str, Any]) -> str:
    free, count = name, 2
    while free in taken:
        free, count = f"{name} ({count})", count + 1
    return free


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers to ten significant digits: the last ones differ between machines."""
    return {
        key: float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value for key, value in values.items()
    }  # fmt: skip


def used(tables: Mapping[str, Mapping[str, Any]]) -> int | None:
    """The largest base."""
    return max((table["n"] for table in tables.values() if table["n"] is not None), default=None)


def plain_command(arguments: Sequence[str]) -> tuple[str, ...]:
    """The command line with every path cut to its last part, every address without its password.

    >>> plain_command(["summarize", "/home/me/transit.sav", "sex", "--where", "a/b == 1", "--manifest=/tmp/m.json"])
    ('summarize', 'transit.sav', 'sex', '--where', 'a/b == 1', '--manifest=m.json')
    """
    return tuple(_cut(argument) for argument in arguments)


def _cut(argument: str) -> str:
    option, sign, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
    if is_address(value):
        return f"{option}{sign}{shown(value)}"
    path = Path(value)
    whole = value.startswith(("/", "./", "../", "~", "\\")) or (
        len(value) > 2 and value[1] == ":" and value[2] in "\\/"
    )
    condition = any(sign in value for sign in "=<>()'\"!~")
    if whole or (len(path.parts) > 1 and path.suffix and not condition):
        value = value.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"{option}{sign}{value}"
