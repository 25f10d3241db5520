"""The rows below the data: totals and sources that a table ends in, which are no respondents."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from surveytool.reading.text_layout import Layout

MOST = 4
TAIL = 1 << 13
SAMPLE = 500
TOTAL = re.compile(
    r"(grand |sub)?totale?s?( general| général)?|totais|sum|suma|somme|soma|всего|итого|المجموع|合计|总计", re.I
)
_SOURCE = re.compile(r"(source|fuente|fonte|note|nota|notes|notas)\s*[:.].*|\*.*|\(\*?\d?\).*", re.I | re.S)
_NUMBER = re.compile(r"\s*[+-]?[\d.,\s']*\d[\d.,\s'%]*\s*")

Rows = Sequence[Sequence[str]]


def footer(rows: Rows) -> int:
    """How many of the last rows are a total or a source and no respondents; ``rows`` are the table's.

    A total says so in its first text, once in that column; its other texts are blank, and a number of it is larger
    than any above.
    """
    found = 0
    for row in reversed(rows[-MOST:]):
        above = rows[: len(rows) - found - 1]
        if len(above) < 2 or not (_is_source(row, above) or _is_total(row, above)):
            break
        found += 1
    return found


def _is_source(row: Sequence[str], above: Rows) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    width = max(sum(bool(cell.strip()) for cell in line) for line in above)
    return len(filled) == 1 and width > 1 and bool(row[0].strip()) and bool(_SOURCE.fullmatch(filled[0]))


def _is_total(row: Sequence[str], above: Rows) -> bool:
    cells = [(index, cell.strip()) for index, cell in enumerate(row) if cell.strip()]
    texts = [(place, cell) for place, cell in cells if not _NUMBER.fullmatch(cell)]
    if len(texts) != 1 or not TOTAL.fullmatch(texts[0][1].rstrip(":")) or len(row) < 2:
        return False
    said = texts[0][0]
    if any(len(line) > said and line[said].strip() == texts[0][1] for line in above):
        return False
    numbers = [(place, _value(cell)) for place, cell in cells if place != said]
    if not numbers:
        return any(len(line) > 1 for line in above)
    return any(
        value > max((_value(line[at]) for line in above if at < len(line)), default=0.0) for at, value in numbers
    )


def _value(cell: str) -> float:
    """Roughly the size of a number; 0 for a text."""
    digits = re.sub(r"[^\d.,-]", "", cell)
    plain = re.sub(r"[.,](?=\d{3}(\D|$))", "", digits).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return 0.0


def rows_below(text: str, layout: Layout) -> int:
    """How many rows at the end of a text file are no respondents."""
    end = text[-TAIL:].splitlines()
    last = [line for line in (end[1:] if len(text) > TAIL else end) if line.strip()][-MOST:]
    if not any(TOTAL.search(line) or _SOURCE.search(line) for line in last) or any(
        line.count('"') % 2 for line in last
    ):
        return 0
    whole = len(text) <= TAIL
    top = _cells((end if whole else text[:TAIL].splitlines()[:-1])[:SAMPLE], layout)[layout.skip :]
    return footer(top if whole else [*top, *_cells(last, layout)]) if len(top) > 1 else 0


def _cells(lines: Sequence[str], layout: Layout) -> list[list[str]]:
    return [row for row in csv.reader(lines, delimiter=layout.delimiter) if row]
