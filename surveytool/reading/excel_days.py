"""Days among ranges: a spreadsheet takes the age band 10-14 for the fourteenth of October."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RANGE = re.compile(r"\d+\s*[-–]\s*\d+\D{0,10}|\d+\s*\+|[<>]\s*\d+|≥\s*\d+|≤\s*\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]00:00(:00)?)?|[^\W\d]{3,4}\.?[-/ ]\d{1,2}|\d{1,2}[-/ ][^\W\d]{3,4}\.?")
MOST = 100


def days_among_ranges(texts: Iterable[str]) -> bool:
    """Whether some of a question's distinct answers are days and the others ranges.

    >>> days_among_ranges(["0-4", "2023-09-05", "15-19"]), days_among_ranges(["0-4", "5-9", "other"])
    (True, False)
    """
    found = list(texts)
    days = sum(bool(_DAY.fullmatch(text)) for text in found)
    ranges = sum(bool(_RANGE.fullmatch(text)) for text in found)
    return bool(days and ranges) and days + ranges == len(found) <= MOST
