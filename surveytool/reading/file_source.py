"""The file itself: is it there, is it what its suffix says, what is its hash."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from surveytool.errors import UnreadableData, nearest
from surveytool.notes import Note, note

CPORT = b"**COMPRESSED**"
LARGE = 1 << 24  # bytes, from which a hash is worth a thread

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"$FL2", "an SPSS file", ".sav"),
    (b"$FL3", "a compressed SPSS file", ".zsav"),
    (b"<stata_dta>", "a Stata file", ".dta"),
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"PK\x03\x04", "an Excel workbook or a zip archive", ".xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", ".xls"),
    (b"HEADER RECORD*******LIB", "a SAS transport file", ".xpt"),
    (b"%PDF", "a PDF document", ".pdf"),
    (b"\x1f\x8b", "a gzip file", ".csv.gz"),
    (b"ASCII SPSS PORT FILE", "an SPSS portable file", ".por"),
)
_SAS = b"\x00" * 12 + b"\xc2\xea\x81\x60"


def check(path: Path) -> None:
    """Refuse a path that is no readable, non-empty file."""
    try:
        _check(path, str(path))
    except OSError as error:  # a name that is too long, a link to itself
        raise UnreadableData(
            f"cannot be opened ({error.strerror or 'unknown reason'}).", str(path), "Check the name."
        ) from error


def _check(path: Path, where: str) -> None:
    if not path.exists():
        raise UnreadableData("there is no such file.", where, _near(path))
    if path.is_dir():
        raise UnreadableData("is a folder, not a data file.", where, "Name a file in it.")
    if not path.is_file():
        raise UnreadableData("is not a regular file.", where, "Name a data file.")
    if not os.access(path, os.R_OK):
        raise UnreadableData("may not be read.", where, "Check the file's permissions.")
    if path.stat().st_size == 0:
        raise UnreadableData("is empty (0 bytes).", where, "Export or download it again.")
    with path.open("rb") as file:
        if file.read(len(CPORT)) == CPORT:
            cure = 'In SAS: proc cimport file="FILE" lib=work; then libname out xport "NEW.xpt"; and copy it there.'
            raise UnreadableData("is a SAS CPORT file, which only SAS can read.", where, cure)


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"The folder {str(path.parent)!r} does not exist either."
    return nearest(path.name, (file.name for file in path.parent.iterdir() if file.is_file()), "Check the name.")


def content_kind(start: bytes) -> tuple[str, str] | None:
    """What the first bytes say a file is, and the suffix it should have; None for text."""
    for magic, kind, suffix in _MAGIC:
        if start.startswith(magic) or (suffix == ".por" and magic in start):
            return kind, suffix
    return ("a SAS data set", ".sas7bdat") if start.startswith(_SAS) else None


def broken(path: Path, expected: str) -> UnreadableData:
    """The error for a file that its reader gave up on: what it seems to be, or that it is broken."""
    with path.open("rb") as file:
        start = file.read(512)
    kind = content_kind(start)
    suffix = path.suffix.lower()
    if kind is not None and kind[1] != suffix and not (kind[1] == ".xlsx" and suffix in (".ods", ".xlsm")):
        return UnreadableData(
            f"is not {expected}; its content looks like {kind[0]}.",
            str(path),
            f"Give it the suffix {kind[1]}.",
        )
    if kind is None and b"\0" not in start and _is_text(start):
        return UnreadableData(
            f"is not {expected}; its content is plain text.",
            str(path),
            "Give it the suffix .csv if it is a table.",
        )
    return UnreadableData(
        f"is broken or cut short and cannot be read as {expected}.", str(path), "Export or download it again."
    )


def _is_text(start: bytes) -> bool:
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(start) - 4
    return True


def note_beside(path: Path) -> list[Note]:
    """What a file ``NAME.note`` beside the data says of them: its first line goes under every table."""
    beside = path.with_name(f"{path.name}.note")
    try:
        with beside.open(encoding="utf-8") as file:
            line = file.readline(500).strip()
    except (OSError, UnicodeDecodeError):
        return []
    return [note("file_note", text=line)] if line else []


def sha256(path: Path) -> str:
    """The file's SHA-256, hexadecimal, read in blocks."""
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashing(path: Path) -> Callable[[], str]:
    """Begin a large file's SHA-256 beside its reading; what is returned waits for it."""
    if path.stat().st_size < LARGE:
        return partial(sha256, path)
    from concurrent.futures import ThreadPoolExecutor

    beside = ThreadPoolExecutor(1)
    found = beside.submit(sha256, path)
    beside.shutdown(wait=False)
    return found.result


def machine_memory() -> int:
    """The machine's memory in bytes; a terabyte where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 1 << 40


def most_unzipped(size: int) -> int:
    """What an honest archive of this size may hold, in bytes: text shrinks to a tenth, not to a thousandth."""
    return (64 << 20) + 100 * size


def refuse_binary(path: Path, content: bytes) -> None:
    """A file of another kind under a text suffix. Raises ``UnreadableData``."""
    kind = content_kind(content[:512])
    if kind is not None:
        raise UnreadableData(
            f"is not a text file; its content looks like {kind[0]}.",
            str(path),
            f"Give it the suffix {kind[1]}.",
        )
    if content[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableData(
            "is a web page, not a table.", str(path), "Download the data again; the site may ask for a log-in."
        )
