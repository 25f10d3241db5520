"""Codebooks beside the data and inside of Parquet that lie, attack, or are no codebooks."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hostile.case import TABLE, Case

BESIDE = "small.csv.codebook.json"


def book(variables: Any = (), sets: Any = ()) -> str:
    """A codebook as text."""
    return json.dumps({"variables": list(variables), "sets": list(sets)})


def town(**more: Any) -> str:
    """A codebook of one column."""
    return book([{"name": "town", **more}])


def several(**more: Any) -> str:
    """A codebook of one question with several answers."""
    return book(sets=[{"name": "q", "columns": ["sex", "town"], **more}])


LEVEL = {"code": "A", "label": "A"}
BOOKS: dict[str, tuple[str | bytes, int]] = {
    "nothing": ("", 3),
    "no JSON": ("what", 3),
    "another JSON": ("[1, 2]", 3),
    "NUL bytes": (b"\0" * 50, 3),
    "UTF-16": (book().encode("utf-16"), 3),
    "100,000 brackets": ("[" * 100_000, 3),
    "variables that are none": (json.dumps({"variables": "x", "sets": []}), 3),
    "a name that is none": (book([{"name": 7}]), 3),
    "columns that are not there": (book([{"name": "nope"}], [{"name": "q", "columns": ["a", "b"]}]), 0),
    "a code that is a list": (town(levels=[{"code": [1], "label": "x"}]), 3),
    "a code that is huge": (town(levels=[{"code": 10**400, "label": "x"}]), 3),
    "a code that is NaN": (town(levels=[{"code": float("nan"), "label": "x"}]), 0),
    "a level without a label": (town(levels=[{"code": "A"}]), 3),
    "levels that are a number": (town(levels=7), 3),
    "100,000 levels": (town(levels=[{"code": f"c{place}", "label": "x"} for place in range(20_000)]), 0),
    "labels that attack": (town(label="\x1b[31m<b>\u202e", levels=[{"code": "A", "label": "\x1b]0;x\x07=1+1"}]), 0),
    "a kind that is none": (town(kind="nonsense"), 0),
    "a text as a number": (town(kind="number"), 0),
    "a text as a date": (town(kind="date"), 0),
    "a number as a text": (book([{"name": "age", "type": "text", "kind": "single"}]), 0),
    "tags in a text": (town(tags=True), 3),
    "a missing kind that is none": (town(levels=[{**LEVEL, "missing": "because"}]), 0),
    "a set of strings": (several(columns="sex"), 0),
    "a set without columns": (book(sets=[{"name": "q"}]), 3),
    "a set of no columns": (several(columns=[]), 3),
    "a set with too few options": (several(counted=1, options=["x"]), 3),
    "a set of a list": (several(counted=[1]), 3),
    "a set within itself": (book(sets=[{"name": "sex", "columns": ["sex", "town"], "counted": "M"}]), 0),
    "a set with a parent that is not there": (several(counted="M", parent="nope"), 3),
    "a set with a parent that is a list": (several(counted="M", parent=["town"]), 3),
}


def beside(content: str | bytes) -> Callable[[Path], None]:
    """Put a codebook beside the data."""
    made = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / BESIDE).write_bytes(made) and None  # type: ignore[return-value]


def inside(content: str | bytes) -> Callable[[], bytes]:
    """A Parquet file with a codebook in its schema."""

    def make() -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        text = content.encode() if isinstance(content, str) else content
        table = pa.table({"sex": ["M", "F"] * 20, "age": list(range(40)), "town": ["A", "B"] * 20})
        made = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({b"surveytool.codebook": text}), made)
        return made.getvalue()

    return make


CASES = [
    *(
        Case(
            name=f"codebook beside: {name}",
            file="small.csv",
            content=TABLE.encode(),
            before=beside(content),
            makes=(BESIDE,),
            status=status,
            says=("no codebook of surveytool",) if status else (),
        )
        for name, (content, status) in BOOKS.items()
    ),
    *(
        Case(
            name=f"codebook inside: {name}",
            file="small.parquet",
            content=inside(content),
            status=status,
            says=("no codebook of surveytool",) if status else (),
        )
        for name, (content, status) in BOOKS.items()
    ),
    Case(
        name="codebook beside that is a folder",
        file="small.csv",
        content=TABLE.encode(),
        status=0,
        before=lambda folder: (folder / BESIDE).mkdir(),
        makes=(BESIDE,),
    ),
]
