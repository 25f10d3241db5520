"""The figures of a text: shares in digits and in words, with the interval and the n beside them.

A year, a page, an age, a level of confidence is no figure of a survey and is left
alone. A figure keeps the letters it was written with, so that its digits are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Literal

from surveytool.frozen import frozen
from surveytool.proofreading.language import Language, language

FigureKind = Literal["percent", "change", "points", "fraction", "most", "count", "mean", "median"]
Hedge = Literal["about", "nearly", "over", "under"]
NUMBER = r"(?<![\w.,])[<>]?\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d+)?(?![\d])|(?<![\w.,])\d+(?:[.,·]\d+)?"
WHOLES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 100, 1000)  # of which "one in five" is said
SPECIAL = "\ue000"  # stands where a range of ages stood, so that positions stay


@frozen
class Figure:
    """A figure with its place in a text.

    ``value`` is a fraction for shares (0.47 for 47%), points likewise, else the number;
    ``decimals`` are those printed. ``interval`` and ``n`` stand in brackets beside it.
    """

    kind: FigureKind
    value: float
    decimals: int
    start: int
    end: int
    text: str
    hedge: Hedge | None = None
    interval: tuple[str, str] | None = None
    n: int | None = None


def number_of(text: str, mark: str = ".") -> tuple[float, int]:
    """The value and the decimals of printed digits; ``mark`` is the document's decimal mark.

    >>> number_of("1,554"), number_of("47.50"), number_of("1.554", ","), number_of("47,5")
    ((1554.0, 0), (47.5, 2), (1554.0, 0), (47.5, 1))
    """
    digits = re.sub(r"[ \u00a0\u202f<>]", "", text).replace("·", ".")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return float(digits), 0
    other = "," if digits[last] == "." else "."
    tail = digits[last + 1 :]
    several = digits.count(digits[last]) > 1
    grouped = len(tail) == 3 and digits[last] != mark and other not in digits
    if several or grouped:
        return float(re.sub(r"[.,]", "", digits)), 0
    whole = re.sub(r"[.,]", "", digits[:last])
    return float(f"{whole or '0'}.{tail}"), len(tail)


@cache
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    """The regular expressions of a language."""
    words = language(name)
    numeral = "|".join(sorted(words.given["numbers"], key=len, reverse=True))
    fraction = "|".join(map(re.escape, sorted(words.given["fractions"], key=len, reverse=True)))
    percent, dash = words.pattern("percent"), words.pattern("range")
    flags = re.IGNORECASE
    spelled = rf"(?:{numeral})(?:[\s-]+(?:y\s+|et\s+)?(?:{numeral}))?"
    signs = "|".join(part for part in percent.split("|") if part != "%")
    ends = rf"(?P<low>(?<![\d.,])[<>]?\d+(?:[.,]\d+)?)\s*%?\s*(?:{dash})\s*(?P<high>\d+(?:[.,]\d+)?)"
    opening = r"^(?:[^()\[\]\d;.]{0,60}[(\[]|\s*[,;])"
    sections = words.pattern("sections")
    wholes = {
        "percent": rf"(?P<digits>{NUMBER})\s*(?P<sign>{percent})(?!\w)",
        "spelled": rf"(?<!\w)(?P<words>{spelled})\s+(?P<sign>{signs})(?!\w)",
        "points": rf"(?P<digits>{NUMBER})\s*(?:{words.pattern('points')})(?!\w)",
        "fraction": rf"(?<!\w)(?:{fraction})(?!\w)",
        "in_of": rf"(?<!\w)(?P<few>\d{{1,2}}|{numeral})\s+(?:{words.pattern('in_of')})\s+"
        rf"(?P<many>\d{{1,4}}|{numeral})(?!\w)(?!\s*(?:{percent}))",
        "most": rf"(?<!\w)(?:{words.pattern('most')})(?!\w)",
        "list": rf"(?P<digits>{NUMBER})(?=\s*(?:,|{dash}|or|y|et|and)\s*(?:{NUMBER})\s*(?:{percent})(?!\w))",
        "interval": rf"{opening}(?:[^()\[\]]*?){ends}",
        "n": rf"{opening}[^()\[\]]*?\bn\s*=\s*(?P<n>\d{{1,3}}(?:[ .,\u202f]\d{{3}})+|\d+)",
        "confidence": rf"\s*(?:\w+\s+)?(?:{sections}|{words.pattern('levels')})(?!\w)",
        "confidence_before": rf"(?<!\w)(?:{sections})(?!\w)\W*(?:\w+\W+){{0,3}}$",
        "change_after": rf"^\W{{0,3}}(?:{words.pattern('change_after')})(?!\w)",
        "change_before": rf"(?<!\w)(?:{words.pattern('change_before')})\W*$",
        "hedge": "|".join(rf"(?P<{key}>{words.pattern(key)})" for key in ("nearly", "about", "over", "under")),
        "number": rf"(?<!\w)(?P<word>{words.pattern('mean')}|{words.pattern('median')})(?!\w)"
        rf"[^.;:()\d]{{0,60}}?(?P<digits>{NUMBER})(?![\d.,]*\d|\s*(?:{percent}))",
    }
    return {name: re.compile(whole, flags) for name, whole in wholes.items()}


def ages_marked(text: str, words: Language) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text in which ranges of ages are blanked out, and the ranges with their places.

    >>> ages_marked("of those aged 26 to 35, 48%", language("en"))[1]
    ((9, '26-35'),)
    """
    marks: list[tuple[int, str]] = []
    percent = re.compile(rf"\s*(?:{words.pattern('percent')}|{words.pattern('points')})(?!\w)", re.IGNORECASE)
    for kind in ("from", "upto", "range"):
        for pattern in words.given["ages"][kind]:
            for match in re.finditer(rf"(?<![\w.,])(?:{pattern})(?![\w]|[.,]\d)", text, re.IGNORECASE):
                ends = [int(part) for part in match.groups()]
                inside = kind == "range" and (ends[0] >= ends[1] or ends[1] > 120)
                if inside or SPECIAL in match.group() or percent.match(text, match.end()):
                    continue
                if (
                    kind == "range"
                    and re.search(r"[(\[][^()\[\]]*$", text[: match.start()])
                    and not re.match(r"\s*(?:años|ans|years|,? n =)", text[match.end() :])
                ):
                    continue  # an interval in brackets
                name = f"{ends[0]}-{ends[1]}" if kind == "range" else f"{ends[0]}+" if kind == "from" else f"-{ends[0]}"
                marks.append((match.start(), name))
                text = text[: match.start()] + SPECIAL * len(match.group()) + text[match.end() :]
    return text, tuple(sorted(marks))


def figures_in(text: str, words: Language) -> tuple[Figure, ...]:
    """The figures of a text in their order; ``text`` has its ranges of ages blanked out.

    >>> [(figure.kind, figure.value) for figure in figures_in("47% of men, one in five, half", language("en"))]
    [('percent', 0.47), ('fraction', 0.2), ('fraction', 0.5)]
    """
    patterns, mark = _patterns(words.name), words.given["decimal"]
    figures: list[Figure] = []

    def taken(match: re.Match[str]) -> bool:
        return any(figure.start < match.end() and match.start() < figure.end for figure in figures)

    for match in patterns["percent"].finditer(text):
        if (
            patterns["confidence"].match(text, match.end())
            or patterns["confidence_before"].search(text[: match.start()])
            or _inside(text, match.start())
        ):
            continue
        value, decimals = number_of(match["digits"], mark)
        figure = _with_neighbours(_figure("percent", value / 100, match, decimals), text, patterns)
        if value <= 100 and not (value == 100 and figure.hedge in ("over", "under")):
            figures.append(figure)
    for match in patterns["spelled"].finditer(text):
        share = _spelled(match["words"], words)
        if share is not None and not taken(match):
            figures.append(_with_neighbours(_figure("percent", share / 100, match), text, patterns))
    for match in patterns["list"].finditer(text):
        value, decimals = number_of(match["digits"], mark)
        if value <= 100 and not taken(match) and not _inside(text, match.start()):
            figures.append(_figure("percent", value / 100, match, decimals))
    for match in patterns["points"].finditer(text):
        value, decimals = number_of(match["digits"], mark)
        if not taken(match):
            figures.append(_figure("points", value / 100, match, decimals))
    figures += [*_fractions(text, words, patterns, taken)]
    for match in patterns["number"].finditer(text):
        value, decimals = number_of(match["digits"], mark)
        kind: FigureKind = "median" if match["word"].casefold() in words.words("median") else "mean"
        figure = _figure(kind, value, match, decimals, "digits")
        if not any(other.start < figure.end and figure.start < other.end for other in figures):
            figures.append(_with_neighbours(figure, text, patterns))
    return tuple(sorted(figures, key=lambda figure: figure.start))


def _figure(kind: FigureKind, value: float, match: re.Match[str], decimals: int = 0, part: int | str = 0) -> Figure:
    """The figure that a match, or a part of it, says."""
    return Figure(
        kind=kind, value=value, decimals=decimals, start=match.start(part), end=match.end(part), text=match[part]
    )  # fmt: skip


def _fractions(
    text: str, words: Language, patterns: dict[str, re.Pattern[str]], taken: Callable[[re.Match[str]], bool]
) -> Iterator[Figure]:
    """Shares in words: two thirds, one in five, most."""
    for match in patterns["in_of"].finditer(text):
        few, many = (_spelled(match[key], words) for key in ("few", "many"))
        if few and many and few < many and many in WHOLES and not taken(match):
            yield _hedged(_figure("fraction", few / many, match), text, patterns)
    for match in patterns["fraction"].finditer(text):
        value = words.given["fractions"][re.sub(r"\s+", " ", match.group().casefold())]
        yield _hedged(_figure("fraction", value, match), text, patterns)
    for match in patterns["most"].finditer(text):
        yield _figure("most", 0.5, match)


def _spelled(text: str, words: Language) -> float | None:
    """A number in words or digits."""
    parts = [part for part in re.split(r"[\s-]+", text.casefold()) if part not in ("y", "et")]
    if len(parts) == 1 and parts[0].isdigit():
        return float(parts[0])
    values = [words.given["numbers"].get(part) for part in parts]
    if None in values or (len(values) == 2 and not (values[0] >= 20 and values[1] < 20)):
        return None
    return float(sum(values))


def _inside(text: str, start: int) -> bool:
    """Whether a place is inside of brackets that begin with another figure or an interval's words."""
    opened = text.rfind("(", 0, start)
    return opened >= 0 and ")" not in text[opened:start] and re.search(r"\d", text[opened:start]) is not None


def _with_neighbours(figure: Figure, text: str, patterns: dict[str, re.Pattern[str]]) -> Figure:
    """The figure with the interval, the n and the hedge that stand beside it."""
    rest = text[figure.end : figure.end + 160]
    interval, n = patterns["interval"].match(rest), patterns["n"].match(rest)
    changed = patterns["change_after"].search(rest) or patterns["change_before"].search(text[: figure.start])
    if changed and figure.kind == "percent":
        return replace(figure, kind="change")
    ends = (interval["low"], interval["high"]) if interval else None
    if ends is not None and interval is not None and re.search(r"[a-z]\w*\s*%", interval.group()):
        ends = None
    count = int(re.sub(r"\D", "", n["n"])) if n else None
    return _hedged(replace(figure, interval=ends, n=count), text, patterns)


def _hedged(figure: Figure, text: str, patterns: dict[str, re.Pattern[str]]) -> Figure:
    """The figure with the word before it that makes it less exact."""
    before = text[max(0, figure.start - 24) : figure.start]
    hedge = [
        match
        for match in patterns["hedge"].finditer(before)
        if re.fullmatch(r"\W*(?:the|el|la|l|le|los|un)?\W*", before[match.end() :], re.IGNORECASE)
    ]
    return replace(figure, hedge=hedge[-1].lastgroup) if hedge else figure  # type: ignore[arg-type]
