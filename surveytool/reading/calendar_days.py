"""Days written as people write them, read where ``--kind NAME=date`` asks for it: 13/04/2023, 4/13/2023, 13 abr 2023.

Whether the day or the month comes first is a fact of the file: every column of days
is looked at, and the order that one of them proves holds for all. Columns that prove
both orders, or a file that proves none, are a question to the user and no guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from surveytool.errors import UsageError

Order = Literal["day", "month"]
FEWEST = 3  # days of a column that tells how a file writes them
LOOKED_AT = 1000

_TIME = r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?\s?m\.?)?.*)?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_BARE = re.compile(rf"(?P<first>\d{{1,2}})(?P<sign>[./-])(?P<second_part>\d{{1,2}})(?P=sign){_YEAR}{_TIME}", re.I)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([./-]?)(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TIME}", re.I)
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s/-]*(?:de\s+)?(?P<month>[^\W\d_]{{3,}})\.?[\s/,-]*(?:del?\s+)?{_YEAR}"
    rf"{_TIME}", re.I,
)  # fmt: skip
_NAME_FIRST = re.compile(
    rf"(?P<month>[^\W\d_]{{3,}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_YEAR}{_TIME}", re.I
)
_MONTHS = (
    "jan ene janv", "feb fev fév févr fevr", "mar", "apr abr avr", "may mai", "jun juin", "jul juil",
    "aug ago aoû août aou", "sep set sept", "oct out", "nov", "dec dic déc dez",
)  # fmt: skip
_WHOLE = (
    "january enero janvier janeiro", "february febrero février fevrier fevereiro", "march marzo mars março marco",
    "april abril avril", "may mayo mai maio", "june junio juin junho", "july julio juillet julho",
    "august agosto août aout", "september septiembre setiembre septembre setembro", "october octubre octobre outubro",
    "november noviembre novembre novembro", "december diciembre décembre decembre dezembro",
)  # fmt: skip
MONTH_OF = {
    name: index
    for index, names in enumerate(zip(_MONTHS, _WHOLE, strict=True), start=1)
    for name in " ".join(names).split()
}


def orders_of(texts: Iterable[str]) -> set[Order]:
    """The orders that a column of days proves; none where every day would do in both, both where it contradicts itself.

    >>> sorted(orders_of(["03/04/2023", "13/04/2023"])), orders_of(["03/04/2023"])
    (['day'], set())
    """
    found: set[Order] = set()
    for text in texts:
        match = _BARE.fullmatch(text.strip())
        if match is not None:
            if match["sign"] == "." or int(match["first"]) > 12:
                found.add("day")
            elif int(match["second_part"]) > 12:
                found.add("month")
    return found


def has_order(texts: Sequence[str]) -> bool:
    """Whether some texts are days of which the order must be known."""
    return any(_BARE.fullmatch(text.strip()) for text in texts)


def order_of(asked: Mapping[str, Sequence[str]], others: Mapping[str, Sequence[str]], semicolons: bool) -> Order | None:
    """The order of the columns asked for, by all columns of days; ``semicolons`` is the file's last evidence.

    None where no column asked for needs it. Raises ``UsageError`` where the columns contradict each other, or say
    nothing.
    """
    open_ones = [name for name, texts in asked.items() if has_order(texts)]
    if not open_ones:
        return None
    proofs = {name: orders_of(texts) for name, texts in (*asked.items(), *others.items())}
    firsts = {order: [name for name, proof in proofs.items() if order in proof] for order in ("day", "month")}
    cure = "Write them as 2023-04-13."
    if firsts["day"] and firsts["month"]:
        one, other = (", ".join(firsts[order][:3]) for order in ("day", "month"))
        raise UsageError(f"the day comes first in {one}, and the month in {other}.", "--kind", cure)
    for order in ("day", "month"):
        if firsts[order]:
            return "day" if order == "day" else "month"
    if semicolons:  # nobody who writes decimals with commas writes the month first
        return "day"
    raise UsageError(
        f"nothing in the file says whether the day or the month comes first in {', '.join(open_ones[:3])}.",
        "--kind",
        cure,
    )


def moment(text: str, order: Order | None) -> datetime | None:
    """A text as a day and its time; None for what is no day of the calendar.

    >>> moment("13/04/2023", "day"), moment("4/13/2023 1:05 PM", "month"), moment("31/02/2023", "day")
    (datetime.datetime(2023, 4, 13, 0, 0), datetime.datetime(2023, 4, 13, 13, 5), None)
    """
    text = text.strip()
    match = _YEAR_FIRST.fullmatch(text) or _NAMED.fullmatch(text) or _NAME_FIRST.fullmatch(text)
    if match is not None:
        named = match["month"].lower()
        month = int(named) if named.isdigit() else MONTH_OF.get(named, 0)
        return _moment(match, month, int(match["day"]))
    match = _BARE.fullmatch(text)
    if match is None:
        return None
    one, other = int(match["first"]), int(match["second_part"])
    return _moment(match, *((other, one) if order == "day" else (one, other)))


def _moment(match: re.Match[str], month: int, day: int) -> datetime | None:
    year = int(match["year"])
    year += 0 if len(match["year"]) == 4 else 2000 if year < 69 else 1900
    hour = int(match["hour"] or 0)
    half = (match["half"] or "").lower()[:1]
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    try:
        return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def days_only(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The columns that hold nothing but days."""
    return {
        name: texts for name, texts in columns.items()
        if len(texts) >= FEWEST and all(moment(text, "day") or moment(text, "month") for text in texts[:LOOKED_AT])
    }  # fmt: skip
