"""Broken files from whole ones, by a seed: flipped bits, impossible numbers, lost, doubled and swapped parts.

Half of the changes fall into the first bytes, where headers state sizes; in a
Parquet file the header is at the end, and in a workbook inside of the archive.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from hostile.seeds import SEEDS, rezip, seed, unzip

NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
           0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0x7FF0000000000000, 0x10000, 0x1000000, 60000)  # fmt: skip
HEADS = {"sav": 1200, "zsav": 1000, "dta": 1500, "old.dta": 1100, "xpt": 1300, "por": 900, "sas7bdat": 400}


def _place(dice: random.Random, content: bytearray, name: str) -> int:
    """Where to break a file: half of the time where its sizes are."""
    if name == "parquet" and dice.random() < 0.7:
        return dice.randrange(max(0, len(content) - 900), len(content))
    if name == "sas7bdat" and dice.random() < 0.6:
        at = dice.choice((dice.randrange(0, 240), dice.randrange(1040, 1200), dice.randrange(4050, 5120)))
        return min(at, len(content) - 1)
    if dice.random() < 0.5:
        return dice.randrange(min(len(content), HEADS.get(name, 600)))
    return dice.randrange(len(content))


def _flip(dice: random.Random, content: bytearray, name: str) -> None:
    for _ in range(dice.randint(1, 6)):
        content[_place(dice, content, name)] ^= 1 << dice.randrange(8)


def _byte(dice: random.Random, content: bytearray, name: str) -> None:
    for _ in range(dice.randint(1, 4)):
        content[_place(dice, content, name)] = dice.choice(
            (0, 1, 0x20, 0x30, 0x7F, 0x80, 0xFE, 0xFF, dice.randrange(256))
        )


def _number(dice: random.Random, content: bytearray, name: str) -> None:
    """A number that no file should state, in one of the usual widths and byte orders."""
    width, sign = dice.choice(((2, "H"), (4, "I"), (4, "I"), (8, "Q")))
    value = dice.choice(NUMBERS) & ((1 << 8 * width) - 1)
    at = _place(dice, content, name) // 4 * 4 if dice.random() < 0.5 else _place(dice, content, name)
    content[at : at + width] = struct.pack(dice.choice("<<>") + sign, value)[: max(0, len(content) - at)]


def _cut(dice: random.Random, content: bytearray, name: str) -> None:
    del content[_place(dice, content, name) :]


def _lose(dice: random.Random, content: bytearray, name: str) -> None:
    at = _place(dice, content, name)
    del content[at : at + dice.choice((1, 2, 4, 8, 80, 512))]


def _double(dice: random.Random, content: bytearray, name: str) -> None:
    at, length = _place(dice, content, name), dice.choice((1, 4, 8, 80, 512))
    content[at:at] = content[at : at + length] * dice.choice((1, 1, 2, 50))


def _swap(dice: random.Random, content: bytearray, name: str) -> None:
    first, second, length = _place(dice, content, name), dice.randrange(len(content)), dice.choice((4, 8, 24, 80))
    one, two = content[first : first + length], content[second : second + length]
    content[first : first + length], content[second : second + length] = two, one


def _blank(dice: random.Random, content: bytearray, name: str) -> None:
    at, length = _place(dice, content, name), dice.choice((4, 16, 64, 256))
    content[at : at + length] = dice.choice((b"\0", b"\xff", b" ", b"9")) * len(content[at : at + length])


CHANGES: tuple[Callable[[random.Random, bytearray, str], None], ...] = (
    _flip, _flip, _byte, _byte, _number, _number, _number, _cut, _lose, _double, _swap, _blank,
)  # fmt: skip


def mutate(content: bytes, dice: random.Random, name: str = "") -> bytes:
    """The content with one to three changes."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if made:
            dice.choice(CHANGES)(dice, made, name)
    return bytes(made)


def _workbook(dice: random.Random) -> bytes:
    """A workbook broken inside of one of its parts; the archive itself stays whole."""
    members = unzip(seed("xlsx"))
    name = dice.choice(sorted(members))
    members[name] = mutate(members[name], dice)
    return rezip(members)


def broken(number: int) -> tuple[str, bytes]:
    """Suffix and content of the broken file with this number, always the same."""
    dice = random.Random(number)
    name = sorted(SEEDS)[number % len(SEEDS)]
    content = _workbook(dice) if name == "xlsx" and dice.random() < 0.6 else mutate(seed(name), dice, name)
    return name.removeprefix("old."), content
