"""Multiple-response sets put into an SPSS file, which the library that writes it cannot do.

The dictionary of a .sav file is a row of records. The sets are one record (type 7,
subtype 7) before the dictionary's end; in a .zsav file the places that its index
names move on by the record's length.
"""

from __future__ import annotations

import struct

from surveytool.survey import Variable, code_text
from surveytool.writing.names import allowed

LONGEST_NAME = 64


def cut(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8."""
    return text.encode("utf-8")[:longest].decode("utf-8", errors="ignore")


def with_sets(content: bytes, sets: list[Variable], names: dict[str, str]) -> bytes:
    """The dictionary with a record of multiple-response sets (type 7, subtype 7) before its end."""
    if not sets:
        return content
    end, short = dictionary(content)
    lines = []
    for variable in sets:
        label = cut(" ".join(variable.label.split()), 120).encode("utf-8")
        members = " ".join(short[names[column]] for column in variable.columns).encode("utf-8")
        set_name = allowed([variable.name], longest=LONGEST_NAME - 1, ascii_only=False)[variable.name].encode("utf-8")
        kind = b"C"
        if variable.counted is not None:
            counted = code_text(variable.counted).encode("utf-8")
            kind = b"D%d %s" % (len(counted), counted)
        lines.append(b"$%s=%s %d %s %s\n" % (set_name, kind, len(label), label, members))
    body = b"".join(lines)
    record = struct.pack("<4i", 7, 7, 1, len(body)) + body
    rest = _moved(content, end, len(record)) if content.startswith(b"$FL3") else content[end:]
    return content[:end] + record + rest


def _moved(content: bytes, end: int, by: int) -> bytes:
    """What stands after a compressed file's dictionary, its places in the file counted on by so many bytes."""
    rest = bytearray(content[end:])
    header, trailer, length = struct.unpack_from("<3q", rest, 8)
    struct.pack_into("<3q", rest, 8, header + by, trailer + by, length)
    at = trailer - end
    (blocks,) = struct.unpack_from("<i", rest, at + 20)
    for block in range(blocks):
        start = at + 24 + 24 * block
        first, second = struct.unpack_from("<2q", rest, start)
        struct.pack_into("<2q", rest, start, first + by, second + by)
    return bytes(rest)


def dictionary(content: bytes) -> tuple[int, dict[str, str]]:
    """Where the dictionary ends (its record 999), and each variable's short name. Raises ``ValueError``."""
    at = 176
    short: dict[str, str] = {}
    while True:
        (kind,) = struct.unpack_from("<i", content, at)
        if kind == 999:
            return at, short
        if kind == 2:
            at = _variable_record(content, at, short)
        elif kind == 3:
            at = _labels_record(content, at)
        elif kind == 7:
            subtype, size, count = struct.unpack_from("<3i", content, at + 4)
            if subtype == 13:
                pairs = content[at + 16 : at + 16 + size * count].decode("utf-8").split("\t")
                short.update({pair.partition("=")[2].strip("\0"): pair.partition("=")[0] for pair in pairs})
            at += 16 + size * count
        else:
            raise ValueError(f"unknown record {kind}")


def _variable_record(content: bytes, at: int, short: dict[str, str]) -> int:
    width, label, gaps = struct.unpack_from("<3i", content, at + 4)
    name = content[at + 24 : at + 32].decode("utf-8").strip()
    if width >= 0:
        short.setdefault(name, name)
    at += 32
    if label:
        (size,) = struct.unpack_from("<i", content, at)
        at += 4 + (size + 3) // 4 * 4
    return int(at + 8 * abs(gaps))


def _labels_record(content: bytes, at: int) -> int:
    (count,) = struct.unpack_from("<i", content, at + 4)
    at += 8
    for _ in range(count):
        at += 8 + (content[at + 8] + 1 + 7) // 8 * 8
    (count,) = struct.unpack_from("<i", content, at + 4)
    return int(at + 8 + 4 * count)
