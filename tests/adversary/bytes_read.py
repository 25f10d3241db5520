"""What a run has written, read back: every printed number with the precision that its digits tell.

Nothing of the program is used here but its output: JSON, csv, text. A number
is an interval: 0.342 is anything from 0.3415 to 0.3425.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

FIGURES = ("estimate", "se", "ci_low", "ci_high", "df", "deff", "cv", "count", "n", "n_weighted")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed: the ends of what its digits leave open."""

    text: str
    places: int = 0  # decimals that its table prints: a file of numbers drops zeros at the end
    rounded: bool = False  # a figure, which is no count: 2 is anything from 1.5 to 2.5

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def half(self) -> float:
        """Half a unit of the last digit; nothing for a whole number."""
        mantissa, _, exponent = self.text.lower().partition("e")
        digits = max(len(mantissa.partition(".")[2]), 0 if exponent else self.places)
        if not digits and not exponent:
            return 0.5 if self.rounded else 0.0
        return 0.5 * 10.0 ** (int(exponent or 0) - digits)

    @property
    def low(self) -> float:
        return self.value - self.half * 1.000001 - 1e-9

    @property
    def high(self) -> float:
        return self.value + self.half * 1.000001 + 1e-9


@dataclass(slots=True)
class Line:
    """One row of one table: where it stands and every number of it."""

    variable: str
    statistic: str
    level: str | None
    by: dict[str, str]
    where: str | None
    base: str
    numbers: dict[str, Printed]
    flag: str | None
    run: int = 0
    ci_method: str = ""
    table: str = ""


@dataclass(slots=True)
class Read:
    """Everything that was read of all runs."""

    lines: list[Line] = field(default_factory=list)
    bases: list[tuple[tuple[str, str | None], int, int | None, int]] = field(
        default_factory=list
    )  # ((variable, where), n, of, run)
    nobody: list[tuple[tuple[str, str | None], str, int, int]] = field(
        default_factory=list
    )  # ((variable, where), by, n, run)
    rows: int | None = None
    said: list[str] = field(default_factory=list)
    protection: dict[str, Any] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)


def read_json(text: str, found: Read, run: int) -> None:
    """The rows of the envelope; numbers keep their digits."""
    made = json.loads(text, parse_float=Printed, parse_int=Printed)
    tables = {each["id"]: each for each in made["tables"]}
    found.rows = int(made["source"]["rows"].value)
    found.protection = json.loads(text).get("protection") or {}
    found.audit = json.loads(text).get("audit") or {}
    for table in made["tables"]:
        found.said += table["notes"]
    for row in made["rows"]:
        table = tables[row["table"]]
        numbers = {key: row[key] for key in FIGURES if isinstance(row.get(key), Printed)}
        found.lines.append(Line(
            variable=row["variable"], statistic=table["statistic"], level=row["level"], by=row["by"],
            where=table["where"], base=table["base"], numbers=numbers, flag=row["flag"], run=run,
            ci_method=table["ci_method"], table=row["table"],
        ))  # fmt: skip
    mine = [line for line in found.lines if line.run == run]
    places: dict[tuple[str, str], int] = {}
    for line in mine:
        for key, number in line.numbers.items():
            own = 0 if "e" in number.text.lower() else len(number.text.partition(".")[2])
            places[line.table, key] = max(own, places.get((line.table, key), 0))
    for line in mine:
        for key, number in line.numbers.items():
            figure = key in ("estimate", "ci_low", "ci_high") and line.statistic not in ("count", "proportion")
            line.numbers[key] = Printed(number.text, places[line.table, key], figure)


def read_text(text: str, found: Read, run: int, tables: list[tuple[str, str | None]]) -> None:
    """Base lines and notes of the tables as people read them; ``tables`` are their variables, in order."""
    said = re.sub(r"\n  (?=\S)", " ", text)
    for variable, line in zip(tables, re.findall(r"^Base: .*$", said, re.M), strict=False):
        told = re.search(r"n = ([\d,]+)(?: of ([\d,]+))?", line)  # a base that is withheld has a line without n
        if told is not None:
            found.bases.append((variable, whole(told[1]), whole(told[2]) if told[2] else None, run))
    place = -1
    for line in said.splitlines():
        if line.startswith("Base:"):
            place += 1
        nobody = re.match(r"(\d+) respondents? without an answer to (\S+) (?:is|are)", line)
        if nobody and 0 <= place < len(tables):
            found.nobody.append((tables[place], nobody[2], int(nobody[1]), run))


def whole(text: str) -> int:
    return int(text.replace(",", ""))


def read_csv(text: str) -> Iterator[dict[str, Printed]]:
    """The numbers of every row of a csv."""
    for row in csv.DictReader(StringIO(text)):
        yield {key: Printed(row[key]) for key in FIGURES if row.get(key)}


def digits(text: str) -> int:
    """Significant digits of a number as it is printed."""
    return len(re.sub(r"[eE].*", "", text).replace(".", "").lstrip("-0"))
