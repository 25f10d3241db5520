"""Several answers in one cell (``Radio;TV;``, ``Radio, TV``): seen by what comes again, and told, never taken apart.

The parts of a list come again in other lists, no list has a part twice, and parts keep the order of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SIGNS = (";", ", ", " | ", "|", ",", " ")
FEWEST_LISTS = 3
MOST_PARTS = 40


def separator_of(values: Iterable[object]) -> str | None:
    """What joins several answers in the cells of a column, None where they are single answers.

    >>> separator_of(["Radio;", "TV;", "Radio;TV;", "Radio;Net;", "TV;Net;"])
    ';'
    >>> separator_of(["Well", "River; lake", "Truck, tanker", "Piped"]) is None
    True
    """
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    return next((sign for sign in SIGNS if _are_lists(texts, sign)), None) if len(texts) >= FEWEST_LISTS else None


def _are_lists(texts: Sequence[str], sign: str) -> bool:
    """Whether the texts are lists of few parts that come again, in one order."""
    rows = [[part.strip() for part in text.split(sign) if part.strip()] for text in texts]
    lists = [row for row in rows if len(row) > 1]
    parts = {part for row in rows for part in row}
    if len(lists) < FEWEST_LISTS or len(parts) > MOST_PARTS or len(parts) >= len(texts):
        return False
    if any(len(set(row)) < len(row) for row in rows):
        return False
    again = sum(sum(part in row for row in rows) > 1 for part in parts)
    if sign == " " and sum([part] in rows for part in parts) * 2 < len(parts):
        return False  # words of answers, which do not stand alone
    return again * 5 >= len(parts) * 4 and _in_order(lists)


def _in_order(lists: Sequence[Sequence[str]]) -> bool:
    """Whether any two parts nearly always stand in the same order."""
    before: dict[tuple[str, str], int] = {}
    for row in lists:
        for place, first in enumerate(row):
            for second in row[place + 1 :]:
                before[(first, second)] = before.get((first, second), 0) + 1
    turned = sum(min(count, before.get((second, first), 0)) for (first, second), count in before.items()) / 2
    return turned * 20 <= sum(before.values())
