"""Texts that a file writes for "no answer": NA, n/a, NULL, decided once for the file by where they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from surveytool.reading.clean_text import ERRORS
from surveytool.reading.loaded import Loaded, Meta
from surveytool.reading.number_marks import PLAIN

CERTAIN = ("n/a", "N/A", "NULL", "null", "<NA>", r"\N")  # nobody's answer, wherever they stand
SIGNS = (".", "-", "--", "*", "?", "N/D", "n/d")  # missing where they also stand among numbers
MARKS = (*CERTAIN, "nan", "NaN", *SIGNS)
ENOUGH = 3


def missing_marks(rows: list[list[str]]) -> tuple[str, ...]:
    """The marks of a file, by its first rows.

    NA where the file has no blank cell and NA in several columns, as R writes it: in a file with blank cells, or in
    one column only, NA is an answer (Namibia's code, say). nan where it stands in several columns, or among the
    numbers of one. Signs such as - where they stand among numbers and elsewhere too. What is nobody's answer
    (``CERTAIN``) needs no rule.
    """
    if not {"NA", "nan", "NaN", *SIGNS} & {cell.strip() for cell in set().union(*rows)}:
        return ()
    columns = _columns(rows)
    blank = any(not cell for cells in columns for cell in cells)
    found = ["NA"] if not blank and _as_r_writes(columns) else []
    for mark in ("nan", "NaN"):
        inside = [cells for cells in columns if mark in cells]
        if len(inside) > 1 or any(map(_of_numbers, inside)):
            found.append(mark)
    for mark in SIGNS:
        inside = [cells for cells in columns if mark in cells]
        if len(inside) > 1 and any(map(_of_numbers, inside)):
            found.append(mark)
    return tuple(found)


def with_marks(loaded: Loaded) -> Loaded:
    """The content with what is nobody's answer as missing in all columns of texts, unless it has a label.

    That is ``CERTAIN``, and what a spreadsheet writes where it has no value (``#NULL!``).

    Text files and workbooks know so already; a table of a database or a data frame may hold the same texts.
    """
    metas = dict(loaded.meta)
    for name in loaded.names_read:
        if not _is_text(loaded.table.column(name).type):
            continue
        meta = metas.get(name, Meta())
        more = tuple(
            each for each in (*CERTAIN, *sorted(ERRORS)) if each not in meta.missing and each not in meta.labels
        )
        if more:
            metas[name] = replace(meta, missing=(*meta.missing, *more))
    return replace(loaded, meta=metas)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _as_r_writes(columns: list[set[str]]) -> bool:
    """Whether NA stands in several columns, or among numbers and beside other texts than codes of two letters."""
    inside = [cells for cells in columns if "NA" in cells]
    if len(inside) >= ENOUGH:
        return True
    texts = [cells - {"NA"} for cells in inside if not _of_numbers(cells)]
    codes = any(all(re.fullmatch("[A-Z]{2}", cell) for cell in cells) for cells in texts)
    return 0 < len(texts) < len(inside) and not codes


def _columns(rows: list[list[str]]) -> list[set[str]]:
    """The distinct cells of each column, blanks around them left out."""
    columns: list[set[str]] = [set() for _ in range(max(map(len, rows), default=0))]
    for row in rows:
        for index, cell in enumerate(row):
            columns[index].add(cell)
    return [{cell.strip() for cell in cells} for cells in columns]


def _of_numbers(cells: set[str]) -> bool:
    """Whether what stands beside marks is numbers."""
    rest = [cell for cell in cells if cell and cell not in (*MARKS, "NA")]
    return bool(rest) and all(re.fullmatch(PLAIN.pattern, cell) for cell in rest)
