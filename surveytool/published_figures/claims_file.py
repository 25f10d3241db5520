"""Claims from a csv: one row a published figure, so that a printed table can be checked cell by cell.

    id,text,published,variable,level,by_sex,n
    men,47% of men use them,47%,sm_use,Yes,Male,320

Groups stand in columns ``by_NAME`` or in one column ``by`` (``sex=Male; age=26-35``);
a figure as ``47%`` or ``0.47``. Everything wrong is reported at once, by line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, get_args

from surveytool.errors import UnreadableData, UsageError, unknown
from surveytool.published_figures.claims import Claim, Comparison, PercentOf, Rounding, Unit
from surveytool.survey import Base

TEXTS = ("id", "text", "page", "variable", "level", "where", "stat", "set")
CHOICES: dict[str, tuple[str, ...]] = {
    "unit": get_args(Unit), "rounding": get_args(Rounding), "base": get_args(Base), "percent_of": get_args(PercentOf),
}  # fmt: skip
COMPARISONS = ("more_than", "less_than", "highest_of", "lowest_of", "most", "about", "tolerance")
OTHERS = ("published", "decimals", "by", "n", "margin", "population", "ambiguous")
COLUMNS = (*TEXTS, *CHOICES, *OTHERS, *COMPARISONS)
MOST_SHOWN = 12
_FIGURE = re.compile(r"(?P<digits>[+-]?\d+(?:[.,]\d+)?)\s*(?P<percent>%)?")
_NUMBERS = ("mean", "total", "median", "ratio", "n")


def load_claims(path: str | Path) -> list[Claim]:
    """The claims of a csv, in its order.

    Raises ``UnreadableData`` for a file that cannot be read, ``UsageError`` with
    every wrong line for one that cannot be meant.
    """
    return parse_claims(_text(Path(path)), str(path))


def parse_claims(text: str, name: str) -> list[Claim]:
    """The claims of a csv's text; ``name`` stands in messages. Raises ``UnreadableData`` or ``UsageError``."""
    lines = list(_lines(text))
    if not lines:
        raise UnreadableData("holds no claims.", name, "The first line names columns such as id,published,variable.")
    head = [name.strip() for name in lines[0][1]]
    problems = _head_problems(head)
    claims: list[Claim] = []
    for number, fields in lines[1:]:
        row = {column: field.strip() for column, field in zip(head, fields, strict=False) if field.strip()}
        try:
            if len(fields) > len(head):
                raise _Wrong(f"has {len(fields)} fields for {len(head)} columns", "Put quotes around text with commas.")
            claims.append(_claim(row, number))
        except _Wrong as wrong:
            problems.append(f"line {number}: {wrong.args[0]}. {wrong.args[1]}".rstrip())
    problems += _repeated(claims)
    if problems:
        shown = problems[:MOST_SHOWN]
        more = [f"and {len(problems) - MOST_SHOWN} more"] if len(problems) > MOST_SHOWN else []
        raise UsageError(" · ".join([*shown, *more]), name)
    if not claims:
        raise UnreadableData("holds no claims.", name, "Write one row a published figure.")
    return claims


def printed(claim: Claim, figure: str) -> Claim:
    """The claim with a figure as it was printed: ``47%``, ``0.47``, ``33,5``. Raises ``UsageError``.

    >>> printed(Claim(id="men"), "47.5%").decimals
    1
    """
    row = {"published": figure}
    row |= {"decimals": str(claim.decimals)} if claim.decimals else {}
    row |= {"unit": claim.unit} if claim.unit == "number" else {}
    try:
        return _published(claim, row)
    except _Wrong as wrong:
        raise UsageError(f"{wrong.args[0]}.", cure=wrong.args[1]) from None


class _Wrong(Exception):
    """What is wrong with a row, and its cure."""


def _text(path: Path) -> str:
    if path.is_dir():
        raise UnreadableData("is a folder.", str(path), "Name a csv file.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableData(f"cannot be read ({error.strerror}).", str(path), "Check the name.") from error
    if b"\0" in content:
        raise UnreadableData("is not a csv file.", str(path), "Claims stand in a csv file, one row a figure.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the number of their last line."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from ((reader.line_num, row) for row in reader if any(field.strip() for field in row))
    except csv.Error as error:
        raise UnreadableData(f"cannot be read as csv ({error}).", "", "Save it again as csv.") from error


def _head_problems(head: Sequence[str]) -> list[str]:
    problems = []
    for column in head:
        if column and column not in COLUMNS and not column.startswith("by_"):
            problems.append(str(unknown("column of claims", column, [*COLUMNS, "by_NAME"], "line 1")))
    problems += [f"line 1: the column {name!r} comes twice." for name in dict.fromkeys(head) if head.count(name) > 1]
    return problems


def _repeated(claims: Sequence[Claim]) -> list[str]:
    names = [claim.id for claim in claims]
    return [
        f"the id {name!r} comes {names.count(name)} times." for name in dict.fromkeys(names) if names.count(name) > 1
    ]


def _claim(row: Mapping[str, str], line: int) -> Claim:
    for column, choices in CHOICES.items():
        if column in row and row[column] not in choices:
            raise _Wrong(f"{column} is {row[column]!r}", f"Write {' or '.join(choices)}.")
    values: dict[str, Any] = {column: row[column] for column in (*TEXTS, *CHOICES) if column in row}
    values.setdefault("id", f"line {line}")
    values["by"] = _groups(row)
    values["comparison"] = _comparison(row)
    for column, read in _READERS.items():
        if column in row:
            values[column] = read(row[column], column)
    claim = Claim(**values)
    if "published" in row:
        return _published(claim, row)
    if claim.comparison is None:
        raise _Wrong("has neither a published figure nor a comparison", "Write for example 47% under published.")
    return claim


def _groups(row: Mapping[str, str]) -> dict[str, str]:
    groups = _pairs(row.get("by", ""), "by")
    groups |= {column[3:]: text for column, text in row.items() if column.startswith("by_") and column != "by_"}
    return groups


def _pairs(text: str, column: str) -> dict[str, str]:
    """``sex=Male; age=26-35`` as a mapping."""
    pairs = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, sign, group = part.partition("=")
        if not sign or not name.strip() or not group.strip():
            raise _Wrong(f"{column} holds {part!r}", "Write for example sex=Male; age_group=26-35.")
        pairs[name.strip()] = group.strip()
    return pairs


def _comparison(row: Mapping[str, str]) -> Comparison | None:
    values: dict[str, Any] = {rival: row[rival] for rival in ("highest_of", "lowest_of") if rival in row}
    for column in ("more_than", "less_than"):
        if column in row:
            values[column] = {} if row[column] == "total" else _pairs(row[column], column)
    if "most" in row:
        values["most"] = _yes(row["most"], "most")
    if "about" in row:
        values["about"] = _fraction(row["about"], "about")
    if not any(values.values()) and "more_than" not in values and "less_than" not in values:
        return None
    if "tolerance" in row:
        values["tolerance"] = _fraction(row["tolerance"], "tolerance")
    return Comparison(**values)


def _published(claim: Claim, row: Mapping[str, str]) -> Claim:
    """The claim with its figure: value, unit and decimals from what was written."""
    digits, percent = _figure(row["published"], "published")
    number = claim.stat is not None and claim.stat.partition(":")[0] in _NUMBERS
    unit: Unit = claim.unit if "unit" in row else "percent" if percent or not number else "number"
    value = float(Decimal(digits).scaleb(-2)) if percent else float(digits)
    if percent and unit == "number":
        raise _Wrong(f"published is {row['published']!r} of unit number", "Leave the unit out, or write percent.")
    if unit == "percent" and not 0 <= value <= 1:
        raise _Wrong(f"published = {row['published']!r} is no percentage", no_share(digits))
    shown = len(digits.partition(".")[2])
    written = shown if percent or unit == "number" else max(shown - 2, 0)
    decimals = claim.decimals if "decimals" in row else written
    return replace(claim, published=value, unit=unit, decimals=decimals)


def no_share(digits: str) -> str:
    """The cure for a figure above 1 that has neither a sign nor a unit.

    >>> no_share("29.8")
    'Write "29.8%" (or 0.298); for a mean or a total add the line: unit = "number"'
    """
    value = Decimal(digits)
    share = f'"{digits}%" (or {value.scaleb(-2).normalize():f})' if 0 <= value <= 100 else '"47%" (or 0.47)'
    return f'Write {share}; for a mean or a total add the line: unit = "number"'


def _figure(text: str, column: str) -> tuple[str, bool]:
    figure_match = _FIGURE.fullmatch(text.replace("\u00a0", " ").replace("\u202f", " ").strip())
    if figure_match is None:
        raise _Wrong(f"{column} is {text!r}, no number", "Write for example 47%, 0.47 or 33.5.")
    return figure_match["digits"].replace(",", "."), figure_match["percent"] is not None


def _fraction(text: str, column: str) -> float:
    """``3%`` or ``0.03``."""
    digits, percent = _figure(text, column)
    return float(Decimal(digits).scaleb(-2)) if percent else float(digits)


def _whole(text: str, column: str) -> int:
    digits = re.sub(r"[\s,\u00a0\u202f]", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise _Wrong(f"{column} is {text!r}, no whole number", "Write for example 531.")
    return int(digits)


def _yes(text: str, column: str) -> bool:
    if text.lower() in ("yes", "true", "1", "x"):
        return True
    if text.lower() in ("no", "false", "0"):
        return False
    raise _Wrong(f"{column} is {text!r}", "Write yes or no.")


_READERS: dict[str, Callable[[str, str], Any]] = {
    "decimals": _whole, "n": _whole, "population": _whole, "margin": _fraction, "ambiguous": _yes,
}  # fmt: skip
