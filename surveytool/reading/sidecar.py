"""A codebook beside a data file: ``data.csv.codebook.json`` says what csv, Excel and the like cannot hold.

``surveytool convert`` writes it; the reader takes labels, kinds, missing kinds and
questions with several answers from it. Parquet holds the same text inside.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from surveytool import arrow
from surveytool.errors import UnreadableData
from surveytool.reading.loaded import Choice, Loaded, Meta, MultipleSet, Options
from surveytool.survey import Code, Kind, Missing, code_text, known_names

SUFFIX = ".codebook.json"
KEY = b"surveytool.codebook"
TAG = "__tag__"
LARGEST = 50_000_000
_TAG = r"\.[a-zA-Z_]"

Book = Mapping[str, Any]


def place(path: Path) -> Path:
    """Where the codebook of a data file stands."""
    return path.with_name(f"{path.name}{SUFFIX}")


def beside(path: Path) -> Book | None:
    """The codebook of a data file, None where there is none; ``UnreadableData`` for a broken one."""
    file = place(path)
    if not os.path.isfile(file):  # where its name would be too long it is not there
        return None
    if file.stat().st_size > LARGEST:
        raise _broken(file)
    try:
        return parse(file.read_bytes(), file)
    except OSError:
        raise _broken(file) from None


def parse(content: bytes, where: Path) -> Book:
    """A codebook from its text."""
    try:
        book = json.loads(content.decode("utf-8"))
        known = isinstance(book, dict) and isinstance(book["variables"], list) and isinstance(book["sets"], list)
        if known and all(isinstance(each["name"], str) for each in [*book["variables"], *book["sets"]]):
            return dict(book)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise _broken(where)


def _broken(file: Path) -> UnreadableData:
    return UnreadableData("is no codebook of surveytool.", str(file), "Mend it, or move it away.")


def columns_of(book: Book, options: Options) -> Options:
    """Names of questions with several answers become the columns that hold them."""
    if options.wanted is None or isinstance(options.wanted, Choice):
        return options
    sets = {str(each["name"]): each for each in book["sets"]}
    wanted: list[str] = []
    for name in (name for text in options.wanted for name in known_names(text, sets)):
        known = sets.get(name)
        parent = [str(known["parent"])] if known is not None and known.get("parent") else []
        wanted += [name] if known is None else [*map(str, known["columns"]), *parent]
    return replace(options, wanted=tuple(dict.fromkeys(wanted)))


def texts_of(book: Book) -> frozenset[str]:
    """Columns that the codebook says are texts, whatever they look like."""
    return frozenset(str(each["name"]) for each in book["variables"] if each.get("type") == "text")


def applied(loaded: Loaded, book: Book, path: Path) -> Loaded:
    """What was loaded, with what the codebook says of it."""
    try:
        return _applied(loaded, book)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise _broken(place(path)) from None


def _applied(loaded: Loaded, book: Book) -> Loaded:
    table, metas = loaded.table, dict(loaded.meta)
    for each in book["variables"]:
        name = each["name"]
        if name not in table.column_names:
            continue
        old = metas.get(name, Meta())
        table, tags = _typed(table, each, old)
        metas[name] = _meta(each, old, tags)
    known = set(table.column_names)
    declared = tuple(_set(each, known) for each in book["sets"] if set(each["columns"]) <= known)
    names = {each.name for each in declared}
    sets = (*declared, *(each for each in loaded.sets if each.name not in names))
    return replace(loaded, table=table, meta=metas, sets=sets)


def _meta(each: Mapping[str, Any], old: Meta, tags: str | None) -> Meta:
    labels: dict[Code, str] = {}
    reasons: dict[Code, Missing] = {}
    for level in each.get("levels", ()):
        code = level["code"] if isinstance(level["code"], str) else float(level["code"])
        labels[code] = str(level["label"])
        if level.get("missing") in get_args(Missing):
            reasons[code] = level["missing"]
    kind, tagged = each.get("kind"), tags or old.tags
    return replace(
        old, label=str(each.get("label") or old.label), labels=labels, tags=tags or old.tags, reasons=reasons,
        missing=(*old.missing, *(code for code in reasons if not (isinstance(code, str) if tagged else _is_tag(code)))),
        kind=kind if kind in get_args(Kind) and kind not in ("multiple", "route") else None,
    )  # fmt: skip


def _is_tag(code: Code) -> bool:
    return isinstance(code, str) and bool(re.fullmatch(_TAG, code))


def _set(each: Mapping[str, Any], known: set[str]) -> MultipleSet:
    """A question with several answers; ``ValueError`` where its parts do not fit each other."""
    counted, parent, options = each.get("counted"), each.get("parent"), each.get("options") or ()
    whole = each["columns"] and len(options) in (0, len(each["columns"])) and (parent is None or parent in known)
    if not whole or not isinstance(counted, str | int | float | None):
        raise ValueError(each["name"])
    return MultipleSet(
        name=each["name"], label=str(each.get("label") or ""), columns=tuple(map(str, each["columns"])),
        counted=float(counted) if isinstance(counted, int) else counted,
        options=tuple(map(str, options)), parent=parent,
    )  # fmt: skip


def _typed(table: Any, each: Mapping[str, Any], old: Meta) -> tuple[Any, str | None]:
    """The column in the type that it had, its tagged missing kinds in a column of their own."""
    name, wanted = each["name"], each.get("type")
    at, column = table.column_names.index(name), table.column(name)
    if each.get("tags") and old.tags is None:
        own = f"{TAG}{name}"
        if own in table.column_names:
            return table, own
        numbers, tags = _split(column, {str(level["code"]) for level in each.get("levels", ())})
        return table.set_column(at, name, numbers).append_column(own, tags), own
    if wanted == "text" and _type(column) != "text":
        table = table.set_column(at, name, as_text(column))
    return table, None


def _type(column: Any) -> str:
    import pyarrow.types as types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if types.is_string(kind) or types.is_large_string(kind):
        return "text"
    return "date" if types.is_temporal(kind) else "number"


def _split(column: Any, declared: set[str]) -> tuple[Any, Any]:
    """Numbers, and tags such as ".a" or those that the codebook declares, that stand in one column."""
    import pyarrow as pa

    cells = column.to_pylist()
    known = declared - {cell for cell in declared if cell.replace(".", "", 1).lstrip("-").isdigit()}
    tags = [cell if isinstance(cell, str) and (cell in known or re.fullmatch(_TAG, cell)) else None for cell in cells]
    numbers = [None if cell is None or tag is not None else float(cell) for cell, tag in zip(cells, tags, strict=True)]
    return pa.array(numbers, pa.float64()), arrow.texts(tags)


def as_text(column: Any) -> Any:
    """A column as the text that it was: whole numbers without a point, days without a time."""
    import pyarrow.types as types

    cells = column.to_pylist()
    if types.is_temporal(column.type):
        days = all(cell is None or (cell.hour, cell.minute, cell.second) == (0, 0, 0) for cell in cells)
        return arrow.texts([None if cell is None else str(cell.date() if days else cell.isoformat()) for cell in cells])
    return arrow.texts([None if cell is None else code_text(cell) for cell in cells])
