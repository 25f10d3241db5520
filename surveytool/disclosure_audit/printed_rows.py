"""What a run has written, read back: every number with the precision that its digits tell.

A number is an interval: 0.342 is anything from 0.3415 to 0.3425. Nothing is used
here but bytes: JSON, a ledger's file, and tables as people read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from surveytool.notes import note
from surveytool.text import Words

FIGURES = ("estimate", "se", "ci_low", "ci_high", "df", "deff", "cv", "count", "n", "n_weighted")
SUPPRESSED = "suppressed"
NUMBER = "([\\d.,'\u00a0\u202f\u2009]*\\d)"  # with what stands between thousands
WRAPPED = re.compile(r"\n  (?=\S)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed, and the ends of what its digits leave open.

    >>> Printed("0.34").low < 0.335 < 0.345 < Printed("0.34").high, Printed("12").half
    (True, 0.0)
    """

    text: str
    places: int = 0  # decimals that its table is known to print, where it has dropped zeros at the end
    rounded: bool = False  # a figure, which is no count: 2 is anything from 1.5 to 2.5

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self.text)

    @property
    def half(self) -> float:
        """Half a unit of the last digit; nothing for a whole number."""
        mantissa, _, exponent = self.text.lower().partition("e")
        digits = max(len(mantissa.partition(".")[2]), 0 if exponent else self.places)
        if not digits and not exponent:
            return 0.5 if self.rounded else 0.0
        return float(0.5 * 10.0 ** (int(exponent or 0) - digits))

    @property
    def low(self) -> float:
        """The least that it may be."""
        return self.value - self.half * 1.000001 - 1e-9

    @property
    def high(self) -> float:
        """The most that it may be."""
        return self.value + self.half * 1.000001 + 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """One row of one table: what it is about, and its numbers. Groups and levels are known by their codes."""

    table: str
    variable: str
    statistic: str
    base: str
    where: str | None
    by: Mapping[str, str]
    level: str | None
    numbers: Mapping[str, Printed]
    flag: str | None
    standardised: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """What the row is about, whatever table it stands in."""
        return (self.variable, self.statistic, self.base, self.where, tuple(sorted(self.by.items())), self.level,
                self.standardised)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A count that words tell: of a table's base (``what`` is base, domain, none) or of those in no group (``by``)."""

    table: str
    what: str
    n: int
    by: str = ""


@dataclass(slots=True)
class Read:
    """Everything that was read."""

    lines: list[Line] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    method: str = "suppression"


def read_json(text: str) -> Read:
    """The rows and tests of an envelope; numbers keep their digits."""
    document = json.loads(text, parse_float=Printed, parse_int=Printed)
    tables = {table["id"]: table for table in document["tables"]}
    read = Read(tests=document.get("tests", []), method=(document.get("protection") or {}).get("method", "suppression"))
    read.rows = int(document["source"]["rows"].value)
    for row in document["rows"]:
        table = tables[row["table"]]
        read.lines.append(
            Line(
                table=row["table"], variable=row["variable"], statistic=row.get("statistic", table["statistic"]),
                base=table["base"],
                where=table["where"], by=row["by_code"], level=row["level_code"], numbers=_numbers(row),
                flag=row["flag"],
            )
        )  # fmt: skip
    read.lines = with_places(read.lines)
    return read


def with_places(lines: Sequence[Line]) -> list[Line]:
    """Rows whose numbers have the decimals of their table: 0.5 beside 0.47 is 0.50."""
    places: dict[tuple[str, str], int] = {}
    for line in lines:
        for key, number in line.numbers.items():
            decimals = 0 if "e" in number.text.lower() else len(number.text.partition(".")[2])
            places[line.table, key] = max(decimals, places.get((line.table, key), 0))
    return [
        replace(line, numbers={
            key: replace(number, places=places[line.table, key], rounded=_figure(line, key))
            for key, number in line.numbers.items()
        })
        for line in lines
    ]  # fmt: skip


def _figure(line: Line, key: str) -> bool:
    """Whether a number is a mean or a total, of which a whole number tells less than a count does."""
    return key in ("estimate", "ci_low", "ci_high") and line.statistic in ("mean", "total")


def read_ledger(text: str, source: str) -> tuple[list[Line], list[dict[str, Any]]]:
    """The rows that earlier runs published of the same data, and the tables as they were asked for."""
    tables = json.loads(text, parse_float=Printed, parse_int=Printed)["data"].get(source, [])
    lines, requests = [], []
    for index, table in enumerate(tables):
        asked = table["request"]
        requests.append(asked)
        for row in table["rows"]:
            lines.append(
                Line(
                    table=f"ledger:{index}", variable=asked["variable"], statistic=asked["statistic"] or "",
                    base=asked["base"], where=asked["where"], by=row["by"], level=row["level"],
                    numbers=_numbers(row), flag=None, standardised=asked["standard"] is not None,
                )
            )  # fmt: skip
    return with_places(lines), requests


def _numbers(row: Mapping[str, Any]) -> dict[str, Printed]:
    return {key: row[key] for key in FIGURES if isinstance(row.get(key), Printed)}


def read_table(text: str, table: str, names: Sequence[str], words: Words) -> list[Said]:
    """What the words below a table tell: its base, who is in none of its groups, who chose nothing.

    ``text`` is the table as it was printed, ``names`` are the variables of its breakdowns.
    """
    said = WRAPPED.sub(" ", text)
    said_lines = [Said(table, what, n) for what, n in _bases(said, words)]
    for name in dict.fromkeys(names):
        for code in ("missing_by", "none_by"):
            n = _counted(said, words, code, variable=name)
            said_lines += [Said(table, "nobody", n, name)] if n is not None else []
    none = _counted(said, words, "none_found")
    return [*said_lines, *([Said(table, "none", none)] if none is not None else [])]


def _bases(said: str, words: Words) -> list[tuple[str, int]]:
    both = re.search(_pattern(words.fill("base_of", n="\x01", of="\x02")), said)
    if both:
        return [("base", whole(both[1])), ("domain", whole(both[2]))]
    one = re.search(_pattern(words.fill("base_n", n="\x01")), said)
    return [("base", whole(one[1])), ("domain", whole(one[1]))] if one else []


def _counted(said: str, words: Words, code: str, **values: Any) -> int | None:
    """The number in a note's sentence, None where the note does not stand there."""
    if re.search(re.escape(words.say(note(code, n=1, **values))), said):
        return 1
    template = words.say(note(code, n=987654321, **values))
    told = re.search(_pattern(re.sub(r"987\D?654\D?321", "\x01", template)), said)
    return whole(told[1]) if told else None


def _pattern(template: str) -> str:
    return re.escape(template).replace("\x01", NUMBER).replace("\x02", NUMBER)


def whole(text: str) -> int:
    """A whole number with whatever stands between its thousands.

    >>> whole("1,234"), whole("1 234")
    (1234, 1234)
    """
    return int(re.sub(r"\D", "", text))
