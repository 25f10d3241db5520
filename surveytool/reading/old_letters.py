"""Letters of old formats: .dta before 14, .xpt and .por do not say their encoding; what was lost is read again.

The C library takes old Stata files for Windows Latin-1, which shows UTF-8 inside
them as two signs for each letter; it cannot read other bytes of transport files at
all, and puts one sign for every byte above 127 of portable ones. The texts
themselves tell which encoding it was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveytool import arrow
from surveytool.errors import UnreadableData
from surveytool.notes import note
from surveytool.reading.loaded import Loaded, Meta
from surveytool.reading.text_encoding import LOST, detected, shown

NIBBLES = b"ABCDEFGHIJKLMNOP"
START = b"SPSSPORT"  # what a portable file holds before it, its table of signs, is not to be changed
Read = Callable[[Path], Loaded]
Triple = tuple[str, str, str]


def texts_of(loaded: Loaded) -> Iterable[str]:
    """Every distinct text and label of a file."""
    for name in loaded.table.column_names:
        column = loaded.table.column(name)
        if _is_text(column):
            yield from (text for text in arrow.call("unique", column).to_pylist() if text)
    for meta in loaded.meta.values():
        yield meta.label
        yield from meta.labels.values()


def encoding_of(loaded: Loaded) -> str | None:
    """The encoding that a file has, which was read as Windows Latin-1; None where that was right."""
    letters = "\n".join(text for text in texts_of(loaded) if not text.isascii())
    if not letters:
        return None
    content = letters.encode("cp1252", errors="ignore")
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        found = detected(content)
        return None if found == "cp1252" else found


def portable(read: Read, path: Path, encoding: str | None) -> Loaded:
    """A portable file with its letters above 127: read twice more, for both halves of each byte.

    Raises ``UnreadableData``.
    """
    lost = read(path)
    if not any(LOST in text for text in texts_of(lost)):
        return lost
    tables = (_table(lambda byte: byte >> 4), _table(lambda byte: byte & 15))
    halves = [_reread(read, path, table) for table in tables]
    raw = {texts: _bytes(*texts) for texts in _triples(lost, *halves) if LOST in texts[0]}
    name = encoding or detected(b"\n".join(raw.values()))
    try:
        letters = {texts: content.decode(name) for texts, content in raw.items()}
    except (UnicodeDecodeError, LookupError):
        fault = f"is not text in the encoding {shown(name)}."
        raise UnreadableData(fault, str(path), "Name another with --encoding.") from None
    made = _mended(lost, halves, letters)
    return made if encoding else replace(made, notes=(*made.notes, note("encoding", encoding=shown(name))))


def _table(half: Callable[[int], int]) -> bytes:
    return bytes(byte if byte < 128 else NIBBLES[half(byte)] for byte in range(256))


def _reread(read: Read, path: Path, table: bytes) -> Loaded:
    """The file with other signs for its letters above 127."""
    content = path.read_bytes()
    start = content.find(START)
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / path.name
        aside.write_bytes(content[:start] + content[start:].translate(table))
        return read(aside)


def _bytes(lost: str, high: str, low: str) -> bytes:
    """The bytes of a text from what both halves of each lost one were read as."""
    halves = zip(lost, high, low, strict=True)
    codes = (
        16 * NIBBLES.index(one.encode()) + NIBBLES.index(two.encode()) for sign, one, two in halves if sign == LOST
    )
    return b"".join(bytes([next(codes)]) if sign == LOST else sign.encode("ascii", "replace") for sign in lost)


def _triples(*files: Loaded) -> Iterator[Triple]:
    """Texts and labels as the three readings have them."""
    first = files[0]
    for name in first.table.column_names:
        if _is_text(first.table.column(name)):
            cells = (file.table.column(name).to_pylist() for file in files)
            yield from {triple for triple in zip(*cells, strict=True) if triple[0]}
    for name in first.meta:
        metas = [file.meta[name] for file in files]
        yield (metas[0].label, metas[1].label, metas[2].label)
        yield from zip(*(meta.labels.values() for meta in metas), strict=True)
        codes = zip(*(meta.labels for meta in metas), strict=True)
        yield from ((str(a), str(b), str(c)) for a, b, c in codes if isinstance(a, str))


def _mended(lost: Loaded, halves: list[Loaded], letters: Mapping[Triple, str]) -> Loaded:
    """What was read, with its letters."""
    table = lost.table
    for index, name in enumerate(table.column_names):
        if _is_text(table.column(name)):
            cells = zip(*(each.table.column(name).to_pylist() for each in (lost, *halves)), strict=True)
            made = arrow.texts([letters.get(triple, triple[0]) for triple in cells])
            table = table.set_column(index, name, made)
    metas = {name: _meta([each.meta[name] for each in (lost, *halves)], letters) for name in lost.meta}
    return replace(lost, table=table, meta=metas)


def _meta(metas: list[Meta], letters: Mapping[Triple, str]) -> Meta:
    def whole(*texts: Any) -> Any:
        return letters.get(texts, texts[0])

    labels = {
        whole(*codes): whole(*(meta.labels[code] for meta, code in zip(metas, codes, strict=True)))
        for codes in zip(*(meta.labels for meta in metas), strict=True)
    }
    return replace(metas[0], label=whole(*(meta.label for meta in metas)), labels=labels)


def _is_text(column: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_string(column.type))
