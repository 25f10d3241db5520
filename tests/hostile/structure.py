"""Files broken where their structure is: counts that lie, parts cut at their seams, records lost, doubled and swapped.

``CASES[format](dice)`` gives the name of a change, the broken bytes, and whether the
change must not pass for a whole file: then the same numbers, a stop or a note are
right, and other numbers without a word are wrong. Where a format cannot tell (rows of
a transport file have no count) nothing is asked but an end in order.
"""

from __future__ import annotations

import json
import random
import re
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

from hostile import seeds, xls
from hostile.seeds import AGE, ROWS, SEX, TOWN, WEIGHT, rezip, seed, unzip

Broken = tuple[str, bytes, bool]
COUNTS = (0, 1, ROWS - 1, ROWS + 1, ROWS // 2, 2 * ROWS, 0x7FFF, 0x7FFFFFFF, 0xFFFFFFFF)


@cache
def old_workbook() -> bytes:
    """The respondents of the seeds as an old workbook."""
    return xls.write({"sex": SEX, "age": AGE, "town": TOWN, "weight": WEIGHT})


def _packed(content: bytes, at: int, form: str, value: int) -> bytes:
    made = bytearray(content)
    size = struct.calcsize(form)
    struct.pack_into(form.upper(), made, min(at, len(made) - size), value & ((1 << 8 * size) - 1))
    return bytes(made)


def sav(dice: random.Random) -> Broken:
    """Counts of rows and columns, the end of the dictionary, rows cut off, records of variables."""
    whole = seed("sav")
    data = whole.index(struct.pack("<ii", 999, 0)) + 8
    case = (len(whole) - data) // ROWS
    records = [found.start() for found in re.finditer(re.escape(struct.pack("<i", 2)), whole[:data])][:8]
    kind = dice.choice(("rows", "cut", "cut rows", "more", "case size", "drop", "double", "swap", "code", "type"))
    if kind == "rows":
        return kind, _packed(whole, 80, "<i", dice.choice(COUNTS)), True
    if kind == "cut":
        return kind, whole[: dice.randrange(data, len(whole) - 1)], True
    if kind == "cut rows":
        return kind, whole[: data + case * dice.randrange(0, ROWS)], True
    if kind == "more":
        return kind, whole + whole[data : data + case * dice.randint(1, 3)], True
    if kind == "case size":
        return kind, _packed(whole, 68, "<i", dice.choice((0, 1, 5, 7, 0x7FFFFFFF))), False
    at = dice.choice(records)
    size = dice.choice((4, 32, 36))
    if kind == "drop":
        return kind, whole[:at] + whole[at + size :], False
    if kind == "double":
        return kind, whole[:at] + whole[at : at + size] + whole[at:], False
    if kind == "swap":
        other = dice.choice(records)
        made = bytearray(whole)
        made[at : at + 32], made[other : other + 32] = whole[other : other + 32], whole[at : at + 32]
        return kind, bytes(made), False
    if kind == "code":
        return kind, _packed(whole, 72, "<i", dice.choice((1, 2, 3, -1))), False
    return kind, _packed(whole, at, "<i", dice.choice((3, 4, 6, 7, 999, 0x7FFFFFFF))), False


def zsav(dice: random.Random) -> Broken:
    """The offsets, lengths and counts of the compressed blocks; the count of rows."""
    whole = seed("zsav")
    start = whole.index(struct.pack("<ii", 999, 0)) + 8
    kind = dice.choice(("rows", "cut", "header", "table", "block"))
    if kind == "rows":
        return kind, _packed(whole, 80, "<i", dice.choice(COUNTS)), True
    if kind == "cut":
        return kind, whole[: dice.randrange(start, len(whole) - 1)], True
    if kind == "header":
        value = dice.choice((0, 1, start, len(whole), 2 * len(whole), 1 << 40, (1 << 63) - 1))
        return kind, _packed(whole, start + 8 * dice.randrange(3), "<q", value), True
    table = struct.unpack_from("<q", whole, start + 8)[0]
    if kind == "table":
        at = table + 4 * dice.randrange((len(whole) - table) // 4)
        return kind, _packed(whole, at, "<i", dice.choice((0, 1, -1, 0x7FFFFFFF, 0x10000))), True
    at = dice.randrange(start + 24, max(table, start + 25))
    made = bytearray(whole)
    made[at] ^= 1 << dice.randrange(8)
    return kind, bytes(made), True  # zlib has a checksum


def dta(dice: random.Random) -> Broken:
    """The counts, the map of offsets, the tags of a Stata file of today."""
    whole = seed("dta")
    kind = dice.choice(("rows", "columns", "map", "tag", "cut", "cut rows", "type", "release"))
    if kind == "rows":
        return kind, _packed(whole, whole.index(b"<N>") + 3, "<q", dice.choice(COUNTS)), True
    if kind == "columns":
        return kind, _packed(whole, whole.index(b"<K>") + 3, "<i", dice.choice((0, 1, 4, 6, 0x7FFF, 0x7FFFFFFF))), False
    if kind == "map":
        value = dice.choice((0, 1, 100, len(whole), 1 << 40, (1 << 63) - 1))
        return kind, _packed(whole, whole.index(b"<map>") + 5 + 8 * dice.randrange(14), "<q", value), False
    start, end = whole.index(b"<data>") + 6, whole.index(b"</data>")
    if kind == "cut rows":
        row = (end - start) // ROWS
        return kind, whole[:start] + whole[start + row * dice.randrange(1, ROWS) :], True
    if kind == "cut":
        return kind, whole[: dice.randrange(start, end)], True
    if kind == "tag":
        tag = dice.choice(re.findall(rb"</?\w+>", whole))
        other = dice.choice((b"", b"<x>", tag * 2, tag[:-1]))
        return kind, whole.replace(tag, other, 1), False
    if kind == "type":
        at = whole.index(b"<variable_types>") + 16 + 2 * dice.randrange(5)
        return kind, _packed(whole, at, "<H", dice.choice((0, 1, 2045, 32768, 65526, 65530, 65535))), False
    return (
        kind,
        whole.replace(b"<release>119", b"<release>" + dice.choice((b"117", b"118", b"120", b"999", b"xxx"))),
        False,
    )


def old_dta(dice: random.Random) -> Broken:
    """The counts and the rows of a Stata file of version 8, which has nothing but numbers at its head."""
    whole = seed("old.dta")
    kind = dice.choice(("rows", "columns", "cut", "order", "version"))
    if kind == "rows":
        return kind, _packed(whole, 6, "<i", dice.choice(COUNTS)), False  # value labels follow the rows without a mark
    if kind == "columns":
        return kind, _packed(whole, 4, "<h", dice.choice((0, 1, 4, 6, 0x7FFF, -1))), False
    if kind == "cut":
        return kind, whole[: dice.randrange(len(whole) // 3, len(whole) - 1)], False
    if kind == "order":
        return kind, _packed(whole, 1, "<B", dice.choice((0, 1, 3, 255))), False
    return kind, _packed(whole, 0, "<B", dice.choice((0, 104, 105, 108, 110, 111, 112, 114, 115, 118))), False


def xpt(dice: random.Random) -> Broken:
    """The cards of a transport file: lost, doubled, swapped; the count of variables; places in rows."""
    whole = seed("xpt")
    cards = [whole[at : at + 80] for at in range(0, len(whole), 80)]
    kind = dice.choice(("lose", "double", "swap", "count", "cut", "place"))
    at, other = dice.randrange(len(cards)), dice.randrange(len(cards))
    if kind == "lose":
        del cards[at]
    elif kind == "double":
        cards.insert(at, cards[at])
    elif kind == "swap":
        cards[at], cards[other] = cards[other], cards[at]
    elif kind == "cut":
        return kind, whole[: dice.randrange(1000, len(whole) - 1)], False
    elif kind == "count":
        name = whole.index(b"NAMESTR HEADER RECORD")
        digits = dice.choice((b"0000", b"0001", b"0004", b"0006", b"9999", b"-001", b"    "))
        return kind, whole[: name + 34] + digits + whole[name + 38 :], False
    else:
        first = whole.index(b"NAMESTR HEADER RECORD") // 80 * 80 + 80
        value = dice.choice((0, 1, 9, 0x7FFF, 0xFFFF))
        return (
            kind,
            _packed(whole, first + 140 * dice.randrange(5) + dice.choice((0, 4, 6, 84, 86)), ">H", value),
            False,
        )
    return kind, b"".join(cards), False


def por(dice: random.Random) -> Broken:
    """The lines and the tags of a portable file, its end, its numbers of base 30."""
    whole = seed("por")
    lines = whole.split(b"\r\n")
    kind = dice.choice(("lose", "double", "cut", "end", "tag", "number"))
    at = dice.randrange(5, len(lines))
    if kind == "lose":
        return kind, b"\r\n".join(lines[:at] + lines[at + 1 :]), False
    if kind == "double":
        return kind, b"\r\n".join([*lines[:at], lines[at - 1], *lines[at:]]), False
    if kind == "cut":
        return kind, whole[: dice.randrange(500, len(whole) - 60)], True
    if kind == "end":
        return kind, whole.rstrip(b"\r\nZ") + dice.choice((b"", b"Z", b"F", b"Z" * 500)), False
    if kind == "tag":
        place = dice.choice([found.start() for found in re.finditer(rb"[456789ABCDEF](?=\d+/)", whole)] or [600])
        return kind, whole[:place] + dice.choice((b"Z", b"0", b"F", b"7", b"")) + whole[place + 1 :], False
    place = dice.choice([found.start() for found in re.finditer(rb"\d/", whole[400:])]) + 400
    return (
        kind,
        whole[:place] + dice.choice((b"*", b"-", b"TTTTTTTTTTTT", b"1+999", b"1-999", b".")) + whole[place:],
        False,
    )


def sas7bdat(dice: random.Random) -> Broken:
    """The sizes and counts of pages, rows and subheaders of a SAS data set."""
    whole = seed("sas7bdat")
    kind = dice.choice(("rows", "length", "pages", "page", "subheader", "cut", "kind"))
    value = dice.choice((*COUNTS, 0x8000, 4096))
    if kind in ("rows", "length"):
        at = whole.index(struct.pack("<I", 0xF7F7F7F7), 1024)
        return kind, _packed(whole, at + (24 if kind == "rows" else 20), "<I", value), kind == "rows" and value > ROWS
    if kind == "pages":
        return kind, _packed(whole, 204, "<I", dice.choice((0, 1, 3, 0x7FFFFFFF))), True
    if kind == "page":
        return kind, _packed(whole, 200, "<I", dice.choice((0, 1, 512, 2048, 8192, 0x7FFFFFFF))), False
    if kind == "cut":
        return kind, whole[: dice.choice((1024, 4096, 5120, 5121, 5200, 9000))], True
    if kind == "kind":
        return (
            kind,
            _packed(whole, dice.choice((1024, 5120)) + 16, "<H", dice.choice((0, 0x100, 0x200, 0x400, 0xFFFF))),
            False,
        )
    at = 1024 + 24 + 12 * dice.randrange(6) + dice.choice((0, 4, 8))
    return kind, _packed(whole, at, "<I", value), False


def old_xls(dice: random.Random) -> Broken:
    """The allocation table, the directory and the records of an old workbook."""
    whole = old_workbook()
    kind = dice.choice(("table", "directory", "header", "record", "length", "cell", "cut", "swap"))
    value = dice.choice((0, 1, 2, 3, 0x7FFFFFFF, 0xFFFFFFFC, 0xFFFFFFFE, 0xFFFFFFFF))
    if kind == "table":
        return kind, _packed(whole, 512 + 4 * dice.randrange(14), "<I", value), False
    if kind == "directory":
        return kind, _packed(whole, 1024 + 4 * dice.randrange(64), "<I", value), False
    if kind == "header":
        return kind, _packed(whole, 24 + 4 * dice.randrange(20), "<I", value), False
    starts = _records(whole)
    at = dice.choice(starts)
    if kind == "record":
        return kind, _packed(whole, at, "<H", dice.choice((0, 0x0A, 0x3C, 0xFC, 0x0809, 0x0203, 0x00FD, 0xFFFF))), False
    if kind == "length":
        return kind, _packed(whole, at + 2, "<H", dice.choice((0, 1, 7, 13, 8224, 0xFFFF))), False
    if kind == "cell":
        return kind, _packed(whole, at + 4 + 2 * dice.randrange(3), "<H", dice.choice((0, 1, 255, 256, 0xFFFF))), False
    if kind == "cut":
        return kind, whole[: dice.randrange(512, len(whole) - 1)], False
    other = dice.choice(starts)
    made = bytearray(whole)
    made[at : at + 18], made[other : other + 18] = whole[other : other + 18], whole[at : at + 18]
    return kind, bytes(made), False


def _records(whole: bytes) -> list[int]:
    at, found = 1536, []
    while at + 4 <= len(whole) and len(found) < 300:
        kind, length = struct.unpack_from("<HH", whole, at)
        if kind == 0 and length == 0:
            break
        found.append(at)
        at += 4 + length
    return found


def parquet(dice: random.Random) -> Broken:
    """The counts in the footer and in the heads of pages, the footer's length, the places of columns."""
    whole = seed("parquet")
    footer = len(whole) - 8 - struct.unpack_from("<I", whole, len(whole) - 8)[0]
    kind = dice.choice(("rows", "rows", "footer", "cut", "byte", "swap"))
    if kind == "rows":
        places = [place for place in range(footer, len(whole) - 8) if whole[place] == 2 * ROWS]  # ROWS as a varint
        place = dice.choice(places)
        return kind, whole[:place] + bytes([dice.choice((0, 2, 78, 82, 120, 127))]) + whole[place + 1 :], True
    if kind == "footer":
        return kind, _packed(whole, len(whole) - 8, "<I", dice.choice((0, 1, 100, 1 << 30, 0xFFFFFFFF))), True
    if kind == "cut":
        return kind, whole[: dice.randrange(footer)] + whole[footer:], False
    if kind == "byte":
        at = dice.randrange(footer, len(whole) - 8)
        return kind, whole[:at] + bytes([dice.choice((0, 1, 0x0C, 0x15, 0x2C, 0x7F, 0xFF))]) + whole[at + 1 :], False
    at, other = dice.randrange(4, footer), dice.randrange(4, footer)
    made = bytearray(whole)
    made[at : at + 16], made[other : other + 16] = whole[other : other + 16], whole[at : at + 16]
    return kind, bytes(made), False


def workbook(dice: random.Random) -> Broken:
    """The XML of a workbook: tags lost and doubled, places of cells, kinds, indexes of shared texts."""
    parts = unzip(seed("xlsx"))
    name = dice.choice(sorted(parts))
    text = parts[name].decode("utf-8")
    kind = dice.choice(("tag", "place", "kind", "index", "member", "entity"))
    if kind == "member":
        parts[name] = parts[dice.choice(sorted(parts))]
        return kind, rezip(parts), False
    pattern, others = {
        "tag": (r"</?\w[^>]*>", ("", "<x>", "</row>", "<row>", "<!--")),
        "place": (r'r="[A-Z]+\d+"', ('r="A1"', 'r="XFD1048576"', 'r="ZZZZ1"', 'r="A0"', "", 'r="A99999999999"')),
        "kind": (r't="\w+"', ('t="e"', 't="b"', 't="d"', 't="str"', 't="x"', "")),
        "index": (r"<v>[^<]*</v>", ("<v>999999</v>", "<v>-1</v>", "<v>1e400</v>", "<v>NaN</v>", "<v></v>")),
        "entity": (r">", (">&lol;", ">&#0;", ">&#x110000;", "><![CDATA[", '><!ENTITY x SYSTEM "file:///etc/passwd">')),
    }[kind]
    found = list(re.finditer(pattern, text))
    if found:
        place = dice.choice(found)
        text = text[: place.start()] + dice.choice(others) + text[place.end() :]
    parts[name] = text.encode("utf-8")
    return kind, rezip(parts), False


CASES: dict[str, Callable[[random.Random], Broken]] = {
    "sav": sav, "zsav": zsav, "dta": dta, "old.dta": old_dta, "xpt": xpt, "por": por, "sas7bdat": sas7bdat,
    "xls": old_xls, "parquet": parquet, "xlsx": workbook,
}  # fmt: skip


def whole_file(name: str) -> bytes:
    """The file of a format before it is broken."""
    return old_workbook() if name == "xls" else seeds.seed(name)


def broken(number: int) -> tuple[str, str, bytes, bool]:
    """Format, change, bytes, and whether the change must be seen, of the case with this number."""
    dice = random.Random(f"structure {number}")
    name = dice.choice(sorted(CASES))
    kind, content, seen = CASES[name](dice)
    return name, kind, content, seen and content != whole_file(name)


# records that surveytool keeps: ledgers and manifests

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "x" * 1000,
    "\u202e\x00",
    [],
    {},
    [[[]]],
    {"": {}},
    "2026-13-45",
    float("nan"),
)


def broken_record(whole: str, number: int) -> str:
    """A record of JSON with one or two of its values, keys or signs changed."""
    dice = random.Random(f"record {number}")
    if dice.random() < 0.2:
        at = dice.randrange(len(whole))
        return whole[:at] + dice.choice(("", "{", "]", '"', "\\u", "\ud7ff", "NaN", "9" * 400)) + whole[at + 1 :]
    made = json.loads(whole)
    for _ in range(dice.randint(1, 2)):
        _change(dice, made)
    return json.dumps(made)


def _change(dice: random.Random, made: Any) -> None:
    places = list(_places(made))
    holder, key = dice.choice(places)
    action = dice.choice(("odd", "odd", "gone", "other", "nested"))
    if action == "gone":
        del holder[key]
    elif action == "other":
        other, name = dice.choice(places)
        holder[key] = other[name] if not _within(holder, other[name]) else dice.choice(ODD)
    else:
        holder[key] = dice.choice(ODD) if action == "odd" else [holder[key]]


def _within(holder: Any, value: Any) -> bool:
    """Whether a value holds its holder, so that setting it would make a circle."""
    if value is holder:
        return True
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_within(holder, each) for each in below)


def _places(made: Any) -> list[tuple[Any, Any]]:
    below = list(made.items()) if isinstance(made, dict) else list(enumerate(made)) if isinstance(made, list) else []
    return [place for key, value in below for place in [(made, key), *_places(value)]]
