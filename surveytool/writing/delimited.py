"""csv and tsv: codes as they stand, tags as ".a", days in ISO; the codebook beside says the rest."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from typing import Any, BinaryIO

from surveytool.notes import note
from surveytool.stream import coded
from surveytool.writing.cell_values import cells, moment
from surveytool.writing.codebook_file import codebook
from surveytool.writing.sheet import Column, Saved, Sheet

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DASHES = ("-", "--")  # what people write for no answer; nothing runs


def save(sheet: Sheet) -> Saved:
    """Comma-separated."""
    return _save(sheet, ",")


def save_tabs(sheet: Sheet) -> Saved:
    """Tab-separated."""
    return _save(sheet, "\t")


def stream(sheets: Iterator[Sheet], out: BinaryIO) -> Saved:
    """Comma-separated, block by block."""
    return _stream(sheets, out, ",")


def stream_tabs(sheets: Iterator[Sheet], out: BinaryIO) -> Saved:
    """Tab-separated, block by block."""
    return _stream(sheets, out, "\t")


def _save(sheet: Sheet, delimiter: str) -> Saved:
    out = BytesIO()
    saved = _stream(iter([sheet]), out, delimiter)
    return replace(saved, content=out.getvalue())


def _stream(sheets: Iterator[Sheet], out: BinaryIO, delimiter: str) -> Saved:
    file = TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    first: Sheet | None = None
    guarded: dict[str, None] = {}
    for sheet in sheets:
        if first is None:
            first = sheet
            writer.writerow([column.name for column in sheet.columns])
        columns = [_texts(column) for column in sheet.columns]
        writer.writerows(zip(*(texts for texts, _ in columns), strict=True))
        guarded |= dict.fromkeys(column.name for column, (_, n) in zip(sheet.columns, columns, strict=True) if n)
    file.flush()
    file.detach()
    assert first is not None
    in_order = tuple(column.name for column in first.columns if column.name in guarded)
    notes = (note("convert_guarded", names=in_order),) if guarded else ()
    return Saved(content=b"", codebook=codebook(first), notes=notes)


def _texts(column: Column) -> tuple[list[str], int]:
    """The cells as text, and how many got an apostrophe so that no spreadsheet runs them.

    Cells that come again and again are written once.
    """
    if column.tags is not None:
        return _written(column)
    codes, values = coded(column.values)
    texts, guarded = _written(replace(column, values=values))
    return list(map([*texts, ""].__getitem__, codes.tolist())), guarded


def _written(column: Column) -> tuple[list[str], int]:
    texts, guarded = [], 0
    for cell in cells(column):
        text = _shown(cell)
        harmless = text in _DASHES or _PLAIN_NUMBER.fullmatch(text)
        if isinstance(cell, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") and not harmless:
            text, guarded = f"'{text}", guarded + 1
        texts.append(text)
    return texts, guarded


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    return repr(cell) if isinstance(cell, (int, float)) else moment(cell)
