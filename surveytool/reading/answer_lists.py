"""Several answers in one cell (``Radio;TV;``, ``Radio, TV``, ``radio tv``): seen by what comes again.

The parts of a list come again in other lists or stand alone elsewhere, no list has a part twice, and parts keep
the order of the form. An option may hold the sign itself ("SMS, calls"): parts that never stand without each other
are one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from surveytool.frozen import frozen
from surveytool.survey.non_answers import non_answer

SIGNS = (";", "\n", " | ", "|", ",", ", ", " ")
FEWEST_LISTS = 3
MOST_PARTS = 40
FEW_STRAY = 20  # one answer in so many may hold a part that stands nowhere else
POINTS = 4  # options from which on lists joined by blanks hold three at times
SURE = 3  # times that two parts stand side by side, and never apart, from which on they are one option
_CODE = re.compile(r"[a-z0-9_.\-]{1,40}")

Parts = tuple[str, ...]


@frozen
class Lists:
    """What joins the answers of a column, its options in the order of the form, and the options of each text."""

    sign: str
    options: Parts
    parts: Mapping[str, Parts]


def lists_of(counts: Mapping[str, int], *, surely: bool = False) -> Lists | None:
    """How the texts of a column, with their counts, come apart; None where they are single answers.

    ``surely`` is where a person says so: then the first sign that parts any text is taken.

    >>> found = lists_of({"Radio;": 5, "TV;": 4, "Radio;TV;": 2, "Radio;Net;": 3, "TV;Net;": 1})
    >>> found.sign, found.options
    (';', ('Radio', 'TV', 'Net'))
    """
    texts = {text: count for text, count in counts.items() if text.strip()}
    if not any(sign in text for sign in SIGNS for text in texts):
        return None
    for sign in SIGNS:
        rows = {text: _split(text, sign) for text in texts}
        if sign in (", ", ","):
            rows = _joined(rows, texts, sign)
        if (surely and any(len(row) > 1 for row in rows.values())) or _are_lists(list(rows.values()), sign, texts):
            return Lists(sign=sign, options=_in_form_order(rows.values()), parts=rows)
    return None


def separator_of(values: Iterable[object]) -> str | None:
    """What joins several answers in the cells of a column, None where they are single answers.

    >>> separator_of(["Radio;", "TV;", "Radio;TV;", "Radio;Net;", "TV;Net;"])
    ';'
    >>> separator_of(["Well", "River; lake", "Truck, tanker", "Piped"]) is None
    True
    """
    texts = [value for value in values if isinstance(value, str)]
    found = lists_of(dict.fromkeys(texts, 1))
    if found is not None:
        return found.sign
    return " " if _labels_in_a_row(texts) else None


def _labels_in_a_row(texts: Sequence[str]) -> bool:
    """Whether texts are others put in a row with blanks between, as Kobo joins labels; three of one at least.

    North, East and North East are none: there every text is of two at most.

    >>> _labels_in_a_row(["Radio", "SMS, calls", "TV", "Radio TV", "SMS, calls TV", "Radio SMS, calls TV"])
    True
    """
    by_word: dict[str, list[str]] = {}
    for text in texts:
        by_word.setdefault(text.partition(" ")[0], []).append(text)
    parts = [most for text in texts if " " in text and (most := _parts_in_a_row(text, by_word)) > 1]
    return len(parts) >= FEWEST_LISTS and max(parts) > 2


def _parts_in_a_row(text: str, by_word: Mapping[str, Sequence[str]]) -> int:
    """Of how many other texts a text is made, with a blank between; 0 where it is not."""
    reached = {0: 0}
    for place in range(len(text)):
        if place not in reached:
            continue
        for part in by_word.get(text[place:].partition(" ")[0], ()):
            end = place + len(part)
            if part != text and text.startswith(part, place) and text[end : end + 1] in ("", " "):
                reached[end + 1] = max(reached.get(end + 1, 0), reached[place] + 1)
    return reached.get(len(text) + 1, 0)


def _split(text: str, sign: str) -> Parts:
    """The parts of a text; a bare comma parts only where no blank follows, as an option's own comma has one."""
    found = re.split(r",(?=\S)", text) if sign == "," else text.split(sign)
    return tuple(part for each in found if (part := each.strip()))


def _are_lists(rows: Sequence[Parts], sign: str, texts: Mapping[str, int]) -> bool:
    """Whether the texts are lists of few parts, in one order."""
    lists = [row for row in rows if len(row) > 1]
    parts = {part for row in rows for part in row}
    if sign == ";" and parts and all(text.rstrip().endswith(";") for text in texts):
        return len(parts) <= MOST_PARTS  # Microsoft Forms ends every answer so
    if sign == " " and len(parts) >= POINTS and all(len(row) < 3 for row in lists):
        return False  # North, East and North East: of so many options somebody would have chosen three
    if not lists or len(parts) > MOST_PARTS or any(len(set(row)) < len(row) for row in rows) or not _in_order(lists):
        return False
    return _stand_alone(rows, texts, sign) or _come_again(rows, lists, sign)


def _stand_alone(rows: Sequence[Parts], texts: Mapping[str, int], sign: str) -> bool:
    """Whether every part of the lists is an answer of its own elsewhere; behind a blank, parts are codes.

    A typing error in few of them does not unmake the others.
    """
    alone = {row[0] for row in rows if len(row) == 1}
    if sign == " " and not all(map(_CODE.fullmatch, {part for row in rows for part in row})):
        return False
    lists = [(set(row) <= alone, count) for row, count in zip(rows, texts.values(), strict=True) if len(row) > 1]
    clean = sum(count for good, count in lists if good)
    stray = sum(count for good, count in lists if not good)
    return clean > stray and stray * FEW_STRAY <= sum(texts.values())


def _come_again(rows: Sequence[Parts], lists: Sequence[Parts], sign: str) -> bool:
    """Whether parts come again in other lists, and are fewer than the texts."""
    parts = {part for row in rows for part in row}
    if len(lists) < FEWEST_LISTS or len(parts) >= len(rows):
        return False
    again = Counter(part for row in rows for part in row)
    if sign == " " and sum((part,) in rows for part in parts) * 2 < len(parts):
        return False  # words of answers, which do not stand alone
    return sum(count > 1 for count in again.values()) * 5 >= len(parts) * 4


def _pairs(lists: Iterable[Parts]) -> Counter[tuple[str, str]]:
    """How often a part stands somewhere before another."""
    return Counter((first, second) for row in lists for at, first in enumerate(row) for second in row[at + 1 :])


def _in_order(lists: Sequence[Parts]) -> bool:
    """Whether any two parts nearly always stand in the same order."""
    before = _pairs(lists)
    turned = sum(min(count, before[second, first]) for (first, second), count in before.items()) / 2
    return turned * 20 <= sum(before.values())


def _joined(rows: Mapping[str, Parts], counts: Mapping[str, int], sign: str) -> dict[str, Parts]:
    """Texts with parts put together again that are one option: they never stand without each other."""
    changed = dict(rows)
    for _ in range(MOST_PARTS):
        pair = _inseparable(changed, counts)
        if pair is None:
            break
        changed = {text: _put_together(row, pair, sign) for text, row in changed.items()}
    return changed


def _inseparable(rows: Mapping[str, Parts], counts: Mapping[str, int]) -> tuple[str, str] | None:
    """The first two parts of which neither ever stands without the other right beside it."""
    times: Counter[str] = Counter()
    beside: Counter[tuple[str, str]] = Counter()
    for text, row in rows.items():
        for at, part in enumerate(row):
            times[part] += counts[text]
            beside[part, row[at + 1] if at + 1 < len(row) else ""] += counts[text]
    small = {part for part in times if part[:1].islower()}
    mixed = 0 < len(small) < len(times)
    for (first, second), count in beside.items():
        case = mixed and second in small and first not in small
        if second and count == times[first] == times[second] and (count >= SURE or case):
            return first, second
    return None


def _put_together(row: Parts, pair: tuple[str, str], sign: str) -> Parts:
    for at in range(len(row) - 1):
        if row[at : at + 2] == pair:
            return (*row[:at], sign.join(pair), *row[at + 2 :])
    return row


def _in_form_order(rows: Iterable[Parts]) -> Parts:
    """The options as lists have them: each after those that stand before it; what is no answer comes last."""
    held = list(rows)
    before = _pairs(held)
    left = list(dict.fromkeys(part for row in held for part in row))
    left.sort(key=lambda part: non_answer(part) is not None)
    ordered: list[str] = []
    while left:
        behind = {part: sum(before[other, part] > before[part, other] for other in left) for part in left}
        first = min(left, key=lambda part: (behind[part], left.index(part)))
        ordered.append(first)
        left.remove(first)
    return tuple(ordered)
