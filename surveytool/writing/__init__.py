"""Data files out: labels, missing kinds and questions with several answers kept as far as the format can.

What a format cannot hold goes into a codebook beside the file, which the reader
takes up again. To add a format, write one module with ``save(sheet) -> Saved`` and
one line in ``FORMATS``; the round-trip tests pick it up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from surveytool.errors import UsageError, nearest
from surveytool.lazy import registered

if TYPE_CHECKING:
    from surveytool.writing.sheet import Saved, Sheet

FORMATS: dict[str, str] = {
    ".sav": "spss:save",
    ".zsav": "spss:save_compressed",
    ".dta": "stata:save",
    ".csv": "delimited:save",
    ".tsv": "delimited:save_tabs",
    ".xlsx": "workbook:save",
    ".parquet": "columnar:save",
}

# formats that are written block by block: ``stream(sheets, out) -> Saved``
STREAMS: dict[str, str] = {
    ".csv": "delimited:stream",
    ".tsv": "delimited:stream_tabs",
    ".parquet": "columnar:stream",
}

__all__ = ["FORMATS", "STREAMS", "check_suffix", "save", "stream"]


def check_suffix(path: Path) -> str:
    """The suffix of a file to write; ``UsageError`` for one that no writer has."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        message = f"no data file has the suffix {suffix or '(none)'!r} here."
        raise UsageError(message, str(path), nearest(suffix, FORMATS))
    return suffix


def save(sheet: Sheet, path: Path) -> Saved:
    """The bytes of a data file in the format that the suffix names, and what stands beside it."""
    saved: Saved = registered(__name__, FORMATS[check_suffix(path)])(sheet)
    return saved


def stream(sheets: Iterator[Sheet], path: Path, out: BinaryIO) -> Saved:
    """Write a data file block by block into ``out``; what stands beside it."""
    saved: Saved = registered(__name__, STREAMS[check_suffix(path)])(sheets, out)
    return saved
