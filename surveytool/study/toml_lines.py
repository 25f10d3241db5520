"""On which line of a TOML file does each setting stand?

``tomllib`` tells values, not places. This walks over a text that ``tomllib`` has
read without complaint, so that it need not judge: it knows keys, tables, arrays
and where strings end.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left

Place = tuple[str | int, ...]

_BLANK = " \t"
_ENDS = ",]}#\n"


def lines_of(text: str) -> dict[Place, int]:
    """Line numbers, from 1, by place: ``("tables", 0, "by")`` is the ``by`` of the first ``[[tables]]``.

    >>> lines_of("[[tables]]\\nvariable = 'a'\\nby = [\\n 'x',\\n 'y']\\n")[("tables", 0, "by", 1)]
    5
    """
    return _Walker(text.replace("\r\n", "\n")).walk()


class _Walker:
    """The text, where we are in it, and what was found."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.breaks = [index for index, sign in enumerate(text) if sign == "\n"]
        self.found: dict[Place, int] = {}
        self.lists: dict[Place, int] = {}

    def walk(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip():
            if self.text.startswith("[[", self.at):
                table = self._list_table()
            elif self.text[self.at] == "[":
                self.at += 1
                table = self._inside(self._key())
                self._note(table)
                self.at = self.text.index("]", self.at) + 1
            else:
                self._setting(table)
        return self.found

    def _list_table(self) -> Place:
        self.at += 2
        *above, last = self._key()
        place = (*self._inside(above), last)
        self.found.setdefault(place, self._line())
        number = self.lists[place] = self.lists.get(place, -1) + 1
        self._note((*place, number))
        self.at = self.text.index("]]", self.at) + 2
        return (*place, number)

    def _inside(self, parts: list[str]) -> Place:
        """A table's place: within the last entry of every list of tables on the way."""
        place: Place = ()
        for part in parts:
            place = (*place, part)
            if place in self.lists:
                place = (*place, self.lists[place])
        return place

    def _setting(self, table: Place) -> None:
        """``key = value``, and the tables that a dotted key makes."""
        line, parts = self._line(), self._key()
        for length in range(1, len(parts) + 1):
            self.found.setdefault((*table, *parts[:length]), line)
        self.at = self.text.index("=", self.at) + 1
        self._value((*table, *parts))

    def _value(self, place: Place) -> None:
        self._skip()
        sign = self.text[self.at]
        if sign in "\"'":
            self._string()
        elif sign == "[":
            self._array(place)
        elif sign == "{":
            self._inline(place)
        else:
            while self.at < len(self.text) and self.text[self.at] not in _ENDS:
                self.at += 1

    def _array(self, place: Place) -> None:
        self.at += 1
        number = 0
        while self._skip(",") and self.text[self.at] != "]":
            self._note((*place, number))
            self._value((*place, number))
            number += 1
        self.at += 1

    def _inline(self, place: Place) -> None:
        self.at += 1
        while self._skip(",") and self.text[self.at] != "}":
            self._setting(place)
        self.at += 1

    def _key(self) -> list[str]:
        """The parts of a key: bare or quoted, joined by dots."""
        parts = []
        while True:
            self._blanks()
            if self.text[self.at] in "\"'":
                start = self.at
                self._string()
                parts.append(str(tomllib.loads(f"k = {self.text[start : self.at]}")["k"]))
            else:
                start = self.at
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._blanks()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _string(self) -> None:
        """Over a string; in one with double quotes a backslash takes the next sign with it."""
        sign = self.text[self.at]
        quote = sign * 3 if self.text.startswith(sign * 3, self.at) else sign
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            self.at += 2 if sign == '"' and self.text[self.at] == "\\" else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(sign, self.at):
            self.at += 1  # up to two quotes may stand before the closing ones

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _BLANK:
            self.at += 1

    def _skip(self, more: str = "") -> bool:
        """Over blanks, ends of lines and comments; whether anything is left."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in f"{_BLANK}\n\r{more}":
                self.at += 1
            else:
                return True
        return False

    def _line(self) -> int:
        return bisect_left(self.breaks, self.at) + 1

    def _note(self, place: Place) -> None:
        self.found.setdefault(place, self._line())
