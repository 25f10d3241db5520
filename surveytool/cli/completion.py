"""Names of variables for the shell's completion: read from the head of the file only, silent where that fails.

A csv's first line, the schema of Parquet or of a DuckDB table, the dictionary of an SPSS, Stata or SAS file, the
first row of a workbook; of a study file its own variables and those of its data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

LONGEST_LINE = 1_000_000
DELIMITERS = ",;\t|"
STATISTICAL = {".sav": "sav", ".zsav": "sav", ".por": "por", ".dta": "dta", ".sas7bdat": "sas7bdat", ".xpt": "xport"}


def variables(ctx: click.Context, incomplete: str) -> list[str]:
    """The variables of SOURCE that begin with what is typed, those already named left out."""
    named = set(ctx.params.get("variables") or ())
    return [name for name in names(_source(ctx)) if name.startswith(incomplete) and name not in named]


def breakdowns(ctx: click.Context, incomplete: str) -> list[str]:
    """As ``variables``; of ``sex:ag`` the part after the colon is completed."""
    before, colon, last = incomplete.rpartition(":")
    return [f"{before}{colon}{name}" for name in names(_source(ctx)) if name.startswith(last)]


def _source(ctx: click.Context) -> object:
    """SOURCE; while an option still lacks its value the arguments are not sorted yet, and it is the first."""
    return ctx.params.get("source") or next(iter(ctx.args), None)


def names(source: object) -> list[str]:
    """Every variable of a file in its order; none where it cannot be read."""
    with suppress(Exception):
        path = Path(str(source)).expanduser()
        if path.is_file():
            return list(dict.fromkeys(_reader(path.suffix.lower())(path)))
        file, sign, table = str(path).rpartition("::")
        if sign and Path(file).is_file():
            return _database(Path(file), table)
    return []


def _reader(suffix: str) -> Callable[[Path], Iterable[str]]:
    if suffix in STATISTICAL:
        return _statistical
    readers: dict[str, Callable[[Path], Iterable[str]]] = {
        ".parquet": _parquet, ".xlsx": _workbook, ".xls": _workbook, ".ods": _workbook, ".toml": _study,
        ".duckdb": _database, ".ddb": _database,
    }  # fmt: skip
    return readers.get(suffix, _delimited)


def _delimited(path: Path) -> Iterable[str]:
    import csv
    import gzip

    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        raw = file.readline(LONGEST_LINE)
    line = raw.decode("utf-8-sig", errors="replace")
    delimiter = max(DELIMITERS, key=line.count)
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter)) if name.strip()]


def _parquet(path: Path) -> Iterable[str]:
    from pyarrow.parquet import read_schema

    found: list[str] = read_schema(path).names
    return found


def _statistical(path: Path) -> Iterable[str]:
    import pyreadstat

    read = getattr(pyreadstat, f"read_{STATISTICAL[path.suffix.lower()]}")
    try:
        _, meta = read(str(path), metadataonly=True, output_format="dict")
    except TypeError:
        _, meta = read(str(path), metadataonly=True)
    sets = getattr(meta, "mr_sets", None) or {}
    return [*meta.column_names, *(name.lstrip("$") for name in sets)]


def _database(path: Path, table: str | None = None) -> list[str]:
    from surveytool.reading.database import columns

    return columns(path, table)


def _workbook(path: Path) -> Iterable[str]:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(nrows=1)
    return [str(cell) for cell in rows[0] if cell != ""]


def _study(path: Path) -> Iterable[str]:
    import tomllib

    study = tomllib.loads(path.read_text(encoding="utf-8"))
    own = [*study.get("variables", {})]
    own += [each["name"] for kind in ("recodes", "routes") for each in study.get(kind, []) if "name" in each]
    data = study.get("data", {}).get("path")
    return [*own, *(names(path.parent / data) if data else [])]
