"""How many rows an SPSS file really holds: the C library reads as many as the header states, and no more.

Layout after the PSPP developers' description of the format. Rows that are not compressed are counted from
the file's size; compressed ones by walking over their codes, in files up to ``MOST`` bytes.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

MOST = 4 << 20
RAW, END, PADDING = 253, 252, 0
UNCOMPRESSED, CODES, ZLIB = 0, 1, 2


def rows_beyond(path: Path) -> tuple[int, int] | None:
    """Rows that the header states and that the file holds, where these are more; None where all is well or unknown."""
    with path.open("rb") as file:
        head = file.read(176)
        if len(head) < 176 or (head[:4] != b"$FL2" and head[:4] != b"$FL3"):
            return None
        order = "<" if struct.unpack("<i", head[64:68])[0] in (2, 3) else ">"
        kind, stated = struct.unpack(f"{order}i", head[72:76])[0], struct.unpack(f"{order}i", head[80:84])[0]
        size = path.stat().st_size
        if stated < 0 or (kind != UNCOMPRESSED and size > MOST):
            return None
        try:
            width = _dictionary(file, order)
            start = file.tell()
            values = (size - start) // 8 if kind == UNCOMPRESSED else _values(_codes(file.read(), kind, start, order))
        except (struct.error, ValueError, zlib.error):
            return None
    held = values // width if width else stated
    return (stated, held) if held > stated else None


def _dictionary(file: BinaryIO, order: str) -> int:
    """Pass over the dictionary; how many values a row has."""
    read, width = file.read, 0

    def number() -> int:
        return int(struct.unpack(f"{order}i", read(4))[0])

    while (kind := number()) != 999:
        if kind == 2:
            _, label, missing = number(), number(), number()
            read(16)
            length = _few(number()) if label else 0
            read(-(-length // 4) * 4 + 8 * abs(missing))
            width += 1
        elif kind == 3:
            for _ in range(_few(number())):
                read(8)
                length = read(1)[0]
                read(-(-(length + 1) // 8) * 8 - 1)
        elif kind == 4:
            read(4 * _few(number()))
        elif kind == 6:
            read(80 * _few(number()))
        elif kind == 7:
            number()
            read(_few(number()) * _few(number()))
        else:
            raise ValueError(kind)
    number()
    return width


def _few(count: int) -> int:
    if not 0 <= count < 1 << 24:
        raise ValueError(count)
    return count


def _codes(content: bytes, kind: int, start: int, order: str) -> bytes:
    """The codes of the rows, out of their blocks where zlib holds them."""
    if kind == CODES:
        return content
    if kind != ZLIB:
        raise ValueError(kind)
    table = struct.unpack(f"{order}q", content[8:16])[0] - start
    blocks = struct.unpack(f"{order}i", content[table + 20 : table + 24])[0]
    made = []
    for block in range(_few(blocks)):
        at = table + 24 + 24 * block
        place = struct.unpack(f"{order}q", content[at + 8 : at + 16])[0] - start
        size = struct.unpack(f"{order}i", content[at + 20 : at + 24])[0]
        opened = zlib.decompressobj()
        made.append(opened.decompress(content[place : place + size], 8 * MOST))
    return b"".join(made)


def _values(codes: bytes) -> int:
    """How many values the codes stand for."""
    found, at, size = 0, 0, len(codes)
    while at + 8 <= size:
        block = codes[at : at + 8]
        if END in block:
            return found + len(block.partition(bytes([END]))[0].replace(bytes([PADDING]), b""))
        found += 8 - block.count(PADDING)
        at += 8 + 8 * block.count(RAW)
    return found
