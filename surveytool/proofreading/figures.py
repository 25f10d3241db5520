"""The figures of a text: shares in digits and in words, with the interval and the n beside them.

A year, a page, an age, a level of confidence is no figure of a survey and is left
alone. A figure keeps the letters it was written with, so that its digits are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from surveytool.frozen import frozen
from surveytool.proofreading.figure_patterns import patterns_of
from surveytool.proofreading.language import Language

FigureKind = Literal["percent", "range", "change", "points", "fraction", "most", "counted", "count", "mean", "median"]
Hedge = Literal["about", "nearly", "over", "under"]
SUMMED = re.compile(
    r"\b(?:add|sum|total|exceed|faire|font|somme|d[ée]pass|sumar?|suman|superar)\w*\b[^.]{0,25}$", re.IGNORECASE
)  # "need not add up to 100%" tells nothing of anybody
WHOLES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 100, 1000)  # of which "one in five" is said
LEVELS = (68, 80, 90, 95, 99)  # of confidence
LARGEST_WHOLE = 20  # "3 of 10" is a share in words, "340 of the 531" is a count


@frozen
class Figure:
    """A figure with its place in a text.

    ``value`` is a fraction for shares (0.47 for 47%), points likewise, else the number;
    ``decimals`` are those printed. ``interval`` and ``n`` stand in brackets beside it. ``upper`` ends a range
    of shares; ``count`` is the 340 of "340 of the 531", whose ``n`` is 531.
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
    upper: float | None = None
    count: int | None = None


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


def figures_in(text: str, words: Language) -> tuple[Figure, ...]:
    """The figures of a text in their order; ``text`` has its ranges of ages blanked out.

    >>> from surveytool.proofreading.language import language
    >>> [(figure.kind, figure.value) for figure in figures_in("47% of men, one in five, half", language("en"))]
    [('percent', 0.47), ('fraction', 0.2), ('fraction', 0.5)]
    """
    reader = _Reader(text, words)
    for add in (reader.ranges, reader.counts, reader.percents, reader.points, reader.fractions, reader.numbers):
        for figure in add():
            if not any(other.start < figure.end and figure.start < other.end for other in reader.figures):
                reader.figures.append(figure)
    return tuple(sorted(reader.figures, key=lambda figure: figure.start))


class _Reader:
    """The figures of one text, kind by kind; what is taken by an earlier kind is left."""

    def __init__(self, text: str, words: Language) -> None:
        self.text, self.words = text, words
        self.patterns, self.mark = patterns_of(words.name), words.given["decimal"]
        self.figures: list[Figure] = []

    def ranges(self) -> Iterator[Figure]:
        """Shares between two ends: "between 40 and 50%", "40-50%" outside of brackets."""
        for key in ("between", "dashed"):
            for match in self.patterns[key].finditer(self.text):
                (low, decimals), (high, _) = number_of(match["low"], self.mark), number_of(match["high"], self.mark)
                if low < high <= 100 and not _bracketed(self.text, match.start()):
                    yield replace(_figure("range", low / 100, match, decimals), upper=high / 100)

    def counts(self) -> Iterator[Figure]:
        """Respondents out of respondents: "340 of the 531"."""
        for match in self.patterns["counted"].finditer(self.text):
            (few, decimals), (many, _) = number_of(match["few"], self.mark), number_of(match["many"], self.mark)
            if decimals == 0 and 0 < few < many and many > LARGEST_WHOLE and not _is_year(match["many"]):
                figure = _figure("counted", few / many, match)
                yield replace(figure, count=int(few), n=int(many))

    def percents(self) -> Iterator[Figure]:
        """Percents in digits and in words, and those of a list that ends in a percent."""
        text, patterns = self.text, self.patterns
        for match in patterns["percent"].finditer(text):
            value, decimals = number_of(match["digits"], self.mark)
            level = value in LEVELS and patterns["confidence_before"].search(text[: match.start()])
            if level or patterns["confidence"].match(text, match.end()) or _inside(text, match.start(), self.words):
                continue
            figure = _with_neighbours(_figure("percent", value / 100, match, decimals), text, patterns)
            if value <= 100 and not (value == 100 and _of_a_sum(figure.hedge, text, match.start())):
                yield figure
        for match in patterns["spelled"].finditer(text):
            share = _spelled(match["words"], self.words)
            if share is not None:
                yield _with_neighbours(_figure("percent", share / 100, match), text, patterns)
        for match in patterns["list"].finditer(text):
            value, decimals = number_of(match["digits"], self.mark)
            if value <= 100 and not _inside(text, match.start(), self.words):
                yield _figure("percent", value / 100, match, decimals)

    def points(self) -> Iterator[Figure]:
        """Differences in percentage points."""
        for match in self.patterns["points"].finditer(self.text):
            value, decimals = number_of(match["digits"], self.mark)
            yield _figure("points", value / 100, match, decimals)

    def fractions(self) -> Iterator[Figure]:
        """Shares in words: two thirds, one in five, most."""
        for match in self.patterns["in_of"].finditer(self.text):
            few, many = (_spelled(match[key], self.words) for key in ("few", "many"))
            if few and many and few < many and many in WHOLES:
                yield _hedged(_figure("fraction", few / many, match), self.text, self.patterns)
        for match in self.patterns["fraction"].finditer(self.text):
            value = self.words.given["fractions"][re.sub(r"\s+", " ", match.group().casefold())]
            if not self.patterns["times_after"].match(self.text, match.end()):
                yield _hedged(_figure("fraction", value, match), self.text, self.patterns)
        for match in self.patterns["most"].finditer(self.text):
            yield _figure("most", 0.5, match)

    def numbers(self) -> Iterator[Figure]:
        """Means and medians with their word before them."""
        for match in self.patterns["number"].finditer(self.text):
            value, decimals = number_of(match["digits"], self.mark)
            kind: FigureKind = "median" if match["word"].casefold() in self.words.words("median") else "mean"
            yield _with_neighbours(_figure(kind, value, match, decimals, "digits"), self.text, self.patterns)


def _bracketed(text: str, start: int) -> bool:
    """Whether a place is inside of brackets."""
    return text.rfind("(", 0, start) > text.rfind(")", 0, start)


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", text) is not None


def _figure(kind: FigureKind, value: float, match: re.Match[str], decimals: int = 0, part: int | str = 0) -> Figure:
    """The figure that a match, or a part of it, says."""
    return Figure(
        kind=kind, value=value, decimals=decimals, start=match.start(part), end=match.end(part), text=match[part]
    )  # fmt: skip


def _spelled(text: str, words: Language) -> float | None:
    """A number in words or digits: "forty-seven", "treinta y uno", "quatre-vingt-cinq".

    >>> from surveytool.proofreading.language import language
    >>> _spelled("forty-seven", language("en")), _spelled("quatre-vingt-douze", language("fr"))
    (47.0, 92.0)
    """
    plainly = " ".join(part for part in re.split(r"[\s-]+", text.casefold()) if part not in ("y", "et"))
    if plainly.isdigit():
        return float(plainly)
    numbers = {name.replace("-", " "): value for name, value in words.given["numbers"].items()}
    tens = max((name for name in numbers if plainly.startswith(f"{name} ")), key=len, default="")
    if plainly in numbers:
        return float(numbers[plainly])
    rest = numbers.get(plainly[len(tens) + 1 :]) if tens else None
    return float(numbers[tens] + rest) if rest is not None and numbers[tens] >= 20 > rest else None


def _inside(text: str, start: int, words: Language) -> bool:
    """Whether a place is inside of brackets that begin with another figure, with no word of a group between them."""
    opened = text.rfind("(", 0, start)
    if opened < 0 or ")" in text[opened:start]:
        return False
    digits = [match.end() for match in re.finditer(r"\d", text[opened:start])]
    if not digits:
        return False
    between = re.findall(r"[^\W\d]+", text[opened + digits[-1] : start].casefold())
    known = {*words.words("sections"), *words.words("levels"), *words.words("range"), "n"}
    return not any(word not in known for word in between)


def _with_neighbours(figure: Figure, text: str, patterns: dict[str, re.Pattern[str]]) -> Figure:
    """The figure with the interval, the n and the hedge that stand beside it."""
    rest = re.sub(r"[“«][^”»]*[”»]", _blank, text[figure.end : figure.end + 240])
    interval, n = patterns["interval"].match(rest), patterns["n"].match(rest)
    changed = patterns["change_after"].search(rest) or patterns["change_before"].search(text[: figure.start])
    if changed and figure.kind == "percent":
        return replace(figure, kind="change")
    ends = (interval["low"], interval["high"]) if interval else None
    if ends is not None and interval is not None and re.search(r"[a-z]\w*\s*%", interval.group()):
        ends = None
    count = int(re.sub(r"\D", "", n["n"])) if n else None
    return _hedged(replace(figure, interval=ends, n=count), text, patterns)


def _blank(name: re.Match[str]) -> str:
    """A name in quotes as letters without digits and brackets."""
    return "_" * len(name.group())


def _hedged(figure: Figure, text: str, patterns: dict[str, re.Pattern[str]]) -> Figure:
    """The figure with the word before it that makes it less exact."""
    before = text[max(0, figure.start - 24) : figure.start]
    hedge = [
        match
        for match in patterns["hedge"].finditer(before)
        if re.fullmatch(r"\W*(?:the|el|la|l|le|los|un)?\W*", before[match.end() :], re.IGNORECASE)
    ]
    return replace(figure, hedge=hedge[-1].lastgroup) if hedge else figure  # type: ignore[arg-type]


def _of_a_sum(hedge: str | None, text: str, start: int) -> bool:
    """Whether 100% is what answers add up to, and no share of anybody."""
    return hedge in ("over", "under") or SUMMED.search(text[:start]) is not None
