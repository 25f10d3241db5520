"""csv and tsv: codes as they stand, tags as ".a", days in ISO; the codebook beside says the rest."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import Any

from surveytool.notes import note
from surveytool.writing.cells import cells, moment
from surveytool.writing.codebook import codebook
from surveytool.writing.sheet import Column, Saved, Sheet

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def save(sheet: Sheet) -> Saved:
    """Comma-separated."""
    return _save(sheet, ",")


def save_tabs(sheet: Sheet) -> Saved:
    """Tab-separated."""
    return _save(sheet, "\t")


def _save(sheet: Sheet, delimiter: str) -> Saved:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([each.name for each in sheet.columns])
    columns = [_texts(each) for each in sheet.columns]
    writer.writerows(zip(*(texts for texts, _ in columns), strict=True))
    guarded = tuple(each.name for each, (_, n) in zip(sheet.columns, columns, strict=True) if n)
    notes = (note("convert_guarded", names=guarded),) if guarded else ()
    return Saved(content=out.getvalue().encode("utf-8", errors="replace"), codebook=codebook(sheet), notes=notes)


def _texts(column: Column) -> tuple[list[str], int]:
    """The cells as text, and how many got an apostrophe so that no spreadsheet runs them."""
    texts, guarded = [], 0
    for cell in cells(column):
        text = _shown(cell)
        if isinstance(cell, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _PLAIN_NUMBER.fullmatch(text):
            text, guarded = f"'{text}", guarded + 1
        texts.append(text)
    return texts, guarded


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    return repr(cell) if isinstance(cell, (int, float)) else moment(cell)
