"""Many values of an SPSS file at once, through readstat-arrow where it is installed.

It drives the C library that pyreadstat drives, and writes Arrow columns without a
Python object for each value. Numbers and texts are taken from it; dates and times
are not, since it rounds them. It is young, so only the version that our tests
found equal is used, and where it fails or is in doubt it gives nothing: then
pyreadstat reads the file, and says what is wrong with it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from surveytool import arrow

PROVED = "2026.10.20.0"
PLAIN = re.compile(r"(A|AHEX|F|N|E|COMMA|DOT|DOLLAR|PCT)\d")


def columns(path: Path, meta: Any, wanted: Sequence[str], encoding: str | None) -> dict[str, Any]:
    """Arrow columns [rows] of those of ``wanted`` that hold plain numbers or texts, or none at all.

    ``meta`` is pyreadstat's; system-missing numbers and empty texts are null, and
    user-missing values stay.
    """
    plain = [name for name in wanted if PLAIN.match(meta.original_variable_types.get(name) or "")]
    if not plain:
        return {}
    try:
        table = _table(path, plain, encoding)
        if table is None or table.num_rows != meta.number_rows or table.column_names != plain:
            return {}
        return {name: _column(table.column(name), meta.readstat_variable_types[name]) for name in plain}
    except MemoryError:
        raise
    except Exception:  # whatever it stumbles over, pyreadstat reads or names
        return {}


def _table(path: Path, names: Sequence[str], encoding: str | None) -> Any:
    """The library's own table, or None where it is not installed in the version that was proved."""
    import readstat_arrow

    if readstat_arrow.__version__ != PROVED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return readstat_arrow.read_sav(path, columns=names, encoding=encoding, preserve_user_missing=True)[0]


def _column(column: Any, kind: str) -> Any:
    """One column as pyreadstat's would come out; raises where its type or its letters are not what they should be."""
    import pyarrow as pa

    values = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if kind == "string":
        return _text(values)
    if values.type != pa.float64():
        raise TypeError(values.type)
    return values


def _text(values: Any) -> Any:
    """Texts without the blanks that fill them up, null where nothing is left."""
    import pyarrow as pa

    values.validate(full=True)  # letters that are none
    texts = arrow.cast(arrow.call("utf8_rtrim_whitespace", values), pa.string())
    empty = arrow.call("equal", texts, pa.scalar("", pa.string()))
    return arrow.call("if_else", empty, pa.scalar(None, pa.string()), texts)
