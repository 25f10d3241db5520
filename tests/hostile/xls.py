"""An old Excel workbook (BIFF8 in a compound file) written by hand, since no kept package writes one.

Layout after Microsoft's published descriptions, MS-XLS and MS-CFB.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR, CUTOFF = 512, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
BOF, EOF, BOUNDSHEET, DIMENSION, NUMBER, LABEL = 0x0809, 0x000A, 0x0085, 0x0200, 0x0203, 0x0204
Column = Sequence[float] | Sequence[str]


def write(columns: Mapping[str, Column]) -> bytes:
    """A workbook of one sheet: names in the first row, numbers and texts below."""
    return compound(stream(columns))


def record(kind: int, body: bytes) -> bytes:
    """One record: its kind, its length, its content."""
    return struct.pack("<HH", kind, len(body)) + body


def stream(columns: Mapping[str, Column]) -> bytes:
    """The stream ``Workbook``: what holds for the book, then the sheet."""
    start, name = record(BOF, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)), b"data"
    size = len(start) + 4 + 8 + len(name) + 4
    sheet_of = record(BOUNDSHEET, struct.pack("<IBBBB", size, 0, 0, len(name), 0) + name)
    rows = max(len(values) for values in columns.values())
    cells = [record(BOF, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))]
    cells.append(record(DIMENSION, struct.pack("<IIHHH", 0, rows + 1, 0, len(columns), 0)))
    for row in range(rows + 1):
        for place, (title, values) in enumerate(columns.items()):
            cells.append(cell(row, place, title if row == 0 else values[row - 1]))
    return start + sheet_of + record(EOF, b"") + b"".join(cells) + record(EOF, b"")


def cell(row: int, place: int, value: float | str) -> bytes:
    """A number or a text."""
    head = struct.pack("<HHH", row, place, 15)
    if isinstance(value, str):
        return record(LABEL, head + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return record(NUMBER, head + struct.pack("<d", value))


def compound(content: bytes) -> bytes:
    """A compound file with the one stream: header, allocation table, directory, stream."""
    content = content.ljust(CUTOFF, b"\0")
    sectors = -(-len(content) // SECTOR)
    assert sectors + 2 <= SECTOR // 4
    table = [FAT, END, *range(3, sectors + 2), END]
    table += [FREE] * (SECTOR // 4 - len(table))
    head = bytearray(SECTOR)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 40, 0, 1, 1, 0, CUTOFF, END, 0, END, 0)
    struct.pack_into("<I", head, 76, 0)
    for at in range(80, SECTOR, 4):
        struct.pack_into("<I", head, at, FREE)
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(content))
    directory = entries.ljust(SECTOR, b"\0")
    return bytes(head) + struct.pack(f"<{len(table)}I", *table) + directory + content.ljust(sectors * SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(text)] = text
    struct.pack_into("<HBB", entry, 64, len(text), kind, 1)
    struct.pack_into("<III", entry, 68, FREE, FREE, child)
    struct.pack_into("<IQ", entry, 116, start, size)
    return bytes(entry)
