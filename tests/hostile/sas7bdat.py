"""A SAS data set written by hand (32-bit, little-endian, not compressed), since no package writes one.

Layout after the public description of the format by Shotwell (2011),
``sas7bdat: Reverse Engineering Documentation``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
PAGE = 4096
HEADER = 1024
META, DATA = 0x0000, 0x0100
TEXT_WIDTH = 16
Column = Sequence[float] | Sequence[str]


def write(columns: Mapping[str, Column], labels: Mapping[str, str]) -> bytes:
    """The bytes of a data set: numbers and texts of up to 16 bytes; rows must fit one page."""
    widths = [8 if isinstance(values[0], float) else TEXT_WIDTH for values in columns.values()]
    rows = len(next(iter(columns.values())))
    assert rows * sum(widths) <= PAGE - 24
    return _header(2) + _meta(columns, labels, widths, rows) + _data(columns, widths, rows)


def _header(pages: int) -> bytes:
    head = bytearray(HEADER)
    head[0:32] = MAGIC
    head[32] = head[35] = 0x22
    head[37], head[39:40], head[70] = 1, b"1", 20
    head[84:92], head[92:100], head[156:164] = b"SAS FILE", b"SEED    ", b"DATA    "
    head[164:180] = struct.pack("<dd", 2e9, 2e9)
    head[196:208] = struct.pack("<III", HEADER, PAGE, pages)
    head[216:224], head[224:232] = b"9.0401M0", b"Linux   "
    return bytes(head)


def _page(kind: int, blocks: int, subheaders: Sequence[bytes], body: bytes = b"") -> bytes:
    page = bytearray(PAGE)
    struct.pack_into("<HHH", page, 16, kind, blocks, len(subheaders))
    page[24 : 24 + len(body)] = body
    end = PAGE
    for place, each in enumerate(subheaders):
        end -= (len(each) + 3) // 4 * 4
        page[end : end + len(each)] = each
        struct.pack_into("<IIBBH", page, 24 + 12 * place, end, len(each), 0, 0, 0)
    return bytes(page)


def _meta(columns: Mapping[str, Column], labels: Mapping[str, str], widths: Sequence[int], rows: int) -> bytes:
    text, places = b"\0" * 24, {}
    for word in (*columns, *labels.values()):
        places[word] = (4 + len(text) - 2, len(word.encode()))
        text += word.encode().ljust((len(word.encode()) + 3) // 4 * 4, b"\0")
    size = bytearray(480)
    struct.pack_into("<I", size, 0, 0xF7F7F7F7)
    struct.pack_into("<II", size, 20, sum(widths), rows)
    struct.pack_into("<I", size, 60, rows)
    blob = struct.pack("<IH", 0xFFFFFFFD, len(text) + 6) + text + b"\0" * 12
    parts = [bytes(size), struct.pack("<III", 0xF6F6F6F6, len(columns), 0), blob]
    parts += [_names(columns, places), _attributes(columns, widths)]
    parts += [_label(places[labels[name]] if name in labels else (0, 0)) for name in columns]
    return _page(META, len(parts), parts)


def _names(columns: Mapping[str, Column], places: Mapping[str, tuple[int, int]]) -> bytes:
    items = b"".join(struct.pack("<HHHH", 0, *places[name], 0) for name in columns)
    return struct.pack("<IHHI", 0xFFFFFFFF, len(items) + 8, 0, 0) + items + b"\0" * 8


def _attributes(columns: Mapping[str, Column], widths: Sequence[int]) -> bytes:
    items, start = b"", 0
    for values, width in zip(columns.values(), widths, strict=True):
        items += struct.pack("<IIHBB", start, width, 1024, 1 if isinstance(values[0], float) else 2, 0)
        start += width
    return struct.pack("<IHHI", 0xFFFFFFFC, len(items) + 8, 0, 0) + items + b"\0" * 8


def _label(place: tuple[int, int]) -> bytes:
    made = bytearray(64)
    struct.pack_into("<I", made, 0, 0xFFFFFBFE)
    struct.pack_into("<HHH", made, 40, 0, *place)
    return bytes(made)


def _data(columns: Mapping[str, Column], widths: Sequence[int], rows: int) -> bytes:
    body = b""
    for row in range(rows):
        for values, width in zip(columns.values(), widths, strict=True):
            value = values[row]
            body += struct.pack("<d", value) if isinstance(value, float) else value.encode().ljust(width, b" ")
    return _page(DATA, rows, [], body)
