"""Declared missing codes of SPSS portable files, which the library reads as blanks: taken from the file itself.

A portable file is a row of signs in lines of 80: a table of signs, records with a tag each, then the answers. Numbers
are written to the base of 30 and end with a stroke; texts have their length before them. The layout is that of
PSPP's description of the format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveytool.frozen import frozen
from surveytool.reading.loaded import Meta

LINE, HEAD = 80, 464  # signs of a line, and of what stands before the first record
DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ZERO = 200 + 64  # where the table of signs has its digits, capital and small letters
LOW, HIGH = float("-inf"), float("inf")
Value = float | str | None


def with_declared(path: Path, table: Any, metas: Mapping[str, Meta]) -> tuple[Any, dict[str, Meta]]:
    """A table with the declared missing codes where the library gives blanks, and what is known of its columns."""
    import pyarrow as pa
    import pyarrow.types as types

    found = dict(metas)
    for name, missing in declared_missing(path, table.column_names).items():
        column = table.column(name)
        foreign = any(isinstance(code, str) and not code.isascii() for code in missing.codes)
        if foreign or types.is_temporal(column.type) or len(missing.cells) != table.num_rows:
            continue
        cells = [value if missing.holds(value) else cell
                 for cell, value in zip(column.to_pylist(), missing.cells, strict=True)]  # fmt: skip
        table = table.set_column(table.column_names.index(name), name, pa.array(cells, column.type))
        found[name] = replace(found[name], missing=missing.codes, ranges=missing.ranges)
    return table, found


@frozen
class Missing:
    """The declared missing ``codes`` and ``ranges`` of a column, and its ``cells`` [rows] as they stand in the file."""

    codes: tuple[float | str, ...]
    ranges: tuple[tuple[float, float], ...]
    cells: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Whether an answer is declared missing."""
        if value is None:
            return False
        return value in self.codes or (
            not isinstance(value, str) and any(low <= value <= high for low, high in self.ranges)
        )


def declared_missing(path: Path, names: Sequence[str]) -> dict[str, Missing]:
    """What is declared missing of these columns, by name; nothing of a file in other signs than ASCII's."""
    content = _signs(path.read_bytes())
    if content[ZERO : ZERO + len(DIGITS)] != DIGITS or content[HEAD - 8 : HEAD] != b"SPSSPORT":
        return {}
    try:
        file = _File(content)
    except (IndexError, ValueError):
        return {}  # a record that the format does not have; the library says whether the file is broken
    wanted = [name for name in names if name in file.codes or name in file.ranges]
    if not wanted:
        return {}
    cells = file.cells(wanted)
    return {
        name: Missing(codes=tuple(file.codes.get(name, ())), ranges=tuple(file.ranges.get(name, ())),
                      cells=tuple(cells[name])) for name in wanted
    }  # fmt: skip


def _signs(content: bytes) -> bytes:
    """The signs in a row, without the ends of lines; a shorter line is filled up with blanks."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return b"".join(line.ljust(LINE) for line in lines)


class _File:
    """The records of a portable file; ``widths`` by name, 0 for a number."""

    def __init__(self, signs: bytes) -> None:
        self.signs, self.place = signs, HEAD + 1  # the version is one sign
        self.widths: dict[str, int] = {}
        self.codes: dict[str, list[float | str]] = {}
        self.ranges: dict[str, list[tuple[float, float]]] = {}
        self._text(), self._text()  # the day and the time of writing
        name = ""
        while (tag := self._take(1)) != b"F":
            name = self._record(tag, name)

    def _record(self, tag: bytes, name: str) -> str:
        """One record, and the column that it is about."""
        if tag == b"7":
            width, name = int(self._number() or 0), self._text()
            self.widths[name] = width
            self._numbers(6)
        elif tag == b"8":
            self.codes.setdefault(name, []).append(self._value(self.widths[name]) or 0.0)
        elif tag in b"9AB":
            low = LOW if tag == b"9" else float(self._number() or 0.0)
            high = HIGH if tag == b"A" else float(self._number() or 0.0)
            self.ranges.setdefault(name, []).append((low, high))
        elif tag == b"D":
            self._labels()
        elif tag == b"E":
            for _ in range(int(self._number() or 0)):
                self._text()
        elif tag in b"45":
            self._number()
        elif tag in b"1236C":
            self._text()
        else:
            raise ValueError(tag)
        return name

    def _labels(self) -> None:
        names = [self._text() for _ in range(int(self._number() or 0))]
        for _ in range(int(self._number() or 0)):
            self._value(self.widths[names[0]])
            self._text()

    def _numbers(self, count: int) -> list[float | None]:
        return [self._number() for _ in range(count)]

    def cells(self, names: Sequence[str]) -> dict[str, list[Value]]:
        """The answers of some columns, in the order of the rows."""
        found: dict[str, list[Value]] = {name: [] for name in names}
        columns = [(found.get(name), width) for name, width in self.widths.items()]
        while self.signs[self.place : self.place + 1] != b"Z" and self.place < len(self.signs):
            for kept, width in columns:
                value = self._value(width)
                if kept is not None:
                    kept.append(value)
        return found

    def _take(self, count: int) -> bytes:
        part = self.signs[self.place : self.place + count]
        if len(part) < count:
            raise IndexError(self.place)
        self.place += count
        return part

    def _value(self, width: int) -> Value:
        return self._text() if width else self._number()

    def _text(self) -> str:
        return self._take(int(self._number() or 0)).decode("latin-1").rstrip()

    def _number(self) -> float | None:
        """A number to the base of 30, None for the system's own missing value."""
        if self.signs[self.place : self.place + 12].lstrip()[:1] == b"*":
            self.place = self.signs.index(b"*", self.place) + 2
            return None
        end = self.signs.index(b"/", self.place)
        text = self.signs[self.place : end].decode("latin-1").strip()
        self.place = end + 1
        return _base_30(text)


def _base_30(text: str) -> float:
    """The value of a number.

    >>> _base_30("1.F"), _base_30("-10"), _base_30("2+1")
    (1.5, -30.0, 60.0)
    """
    sign, digits = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    marks = [place for place, each in enumerate(digits) if each in "+-"]
    power = 0
    if marks:
        power = int(digits[marks[0] + 1 :], 30) * (-1 if digits[marks[0]] == "-" else 1)
        digits = digits[: marks[0]]
    whole, _, rest = digits.partition(".")
    value = int((whole + rest) or "0", 30)
    shift = power - len(rest)
    scaled: float = value * 30**shift if shift >= 0 else value / 30**-shift
    return sign * scaled
