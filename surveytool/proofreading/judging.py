"""What becomes of a figure: it agrees with its number, it differs, or nothing can be said.

A figure agrees where the number rounds to it, by any rule of rounding. It differs where
one reading is sure and no reading that is as good gives it. Everything else is
ambiguous or unknown, never an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from surveytool.frozen import frozen
from surveytool.proofreading.binding import SURE, Reading
from surveytool.proofreading.facts import Fact
from surveytool.proofreading.figures import Figure, number_of
from surveytool.published_figures.claims import Rounding
from surveytool.published_figures.published_rounding import gives

Elsewhere = Literal["here", "perhaps", "there"]  # whether a figure is of the study or of another source
Outcome = Literal["agrees", "differs", "ambiguous", "unknown"]
RULES: tuple[Rounding | None, ...] = (None, "truncated")
ABOUT, NEARLY, WORDS = 0.03, 0.05, 0.035


@frozen
class Finding:
    """A figure of a document with what became of it.

    ``place`` says where it stands, ``text`` the words around it, ``reason`` a code that is put into
    words by the language files, with ``values``.
    """

    text: str
    value: float
    place: str
    verdict: Outcome
    reason: str
    fact: Fact | None = None
    printed: str = ""
    values: tuple[tuple[str, object], ...] = ()
    block: int = -1
    start: int = 0
    end: int = 0
    row: int = -1
    column: int = -1


def agrees(figure: Figure, fact: Fact, *, denied: bool = False) -> bool:
    """Whether a fact's number is what a figure says; ``denied`` is about its complement.

    Shares in words ("two thirds") may be 3.5 points off, "about" 3 points, "nearly" 5 points below.
    """
    value = fact.row.estimate
    if value is None:
        return False
    if denied:
        value = 1 - value
    half = 0.5 * 10.0 ** -(2 + figure.decimals)
    if figure.kind == "most":
        return value > 0.5
    if figure.kind == "counted":
        return counted(figure, fact) or (fact.row.count is None and _rounds(value, figure, "percent"))
    if figure.kind == "range" and figure.upper is not None:
        return figure.value - half <= value <= figure.upper + half
    if figure.hedge == "over":
        return value > figure.value - half
    if figure.hedge == "under":
        return value < figure.value + half
    if figure.hedge == "nearly":
        return figure.value - NEARLY <= value <= figure.value + 0.005
    if figure.kind == "fraction":
        return abs(value - figure.value) <= WORDS
    if figure.hedge == "about" and figure.kind == "percent":
        return abs(value - figure.value) <= ABOUT
    return _rounds(value, figure, "number" if figure.kind in ("mean", "median") else "percent")


def _together(figure: Figure, reading: Reading) -> bool:
    """Whether a share is that of several answers named in one breath."""
    values = [one.row.estimate for one in (reading.fact, *reading.beside) if one.row.estimate is not None]
    return len(values) > 1 and figure.kind == "percent" and _rounds(sum(values), figure, "percent")


def _rounds(value: float, figure: Figure, unit: Literal["percent", "number"]) -> bool:
    return any(gives(value, figure.value, unit, figure.decimals, rule) is not None for rule in RULES)


def counted(figure: Figure, fact: Fact) -> bool:
    """Whether "340 of the 531" are the respondents with an answer, or the weighted share of them."""
    row = fact.row
    if figure.count is None or not figure.n:
        return False
    weighted = row.estimate is not None and abs(row.estimate - figure.count / figure.n) * figure.n <= 0.51
    return row.n == figure.n and (row.count == figure.count or weighted)


def judged(
    figure: Figure, readings: Sequence[Reading], mark: str, *, elsewhere: Elsewhere = "here"
) -> tuple[Outcome, str, Fact | None]:
    """The verdict on a figure, why, and the number it was held against; one of another source has none."""
    told = [reading for reading in readings if reading.fact.told]
    if elsewhere == "there":
        return ("unknown", "proofread_elsewhere", None)
    if not told:
        return ("unknown", "proofread_withheld" if readings else "proofread_unbound", None)
    right = next((one for one in told if agrees(figure, one.fact, denied=one.denied)), None)
    if right is not None:
        return _beside(figure, right.fact, mark)
    together = next((one for one in told if _together(figure, one)), None)
    if together is not None:
        return ("agrees", "proofread_together", together.fact)
    best = told[0]
    if elsewhere == "perhaps":
        return ("unknown", "proofread_elsewhere", best.fact)
    alone = len({(one.fact.row.variable, one.fact.row.level_code, one.fact.group) for one in told}) == 1
    if best.score < SURE or not best.named or best.denied or best.doubt:
        return ("unknown", "proofread_unsure", best.fact)
    if not alone:
        return ("ambiguous", "proofread_several", best.fact)
    if figure.kind == "counted":
        return _of_count(figure, best.fact)
    return ("differs", "proofread_differs", best.fact)


def _of_count(figure: Figure, fact: Fact) -> tuple[Outcome, str, Fact | None]:
    """The verdict on "340 of the 531" that is not the study's: the count, or the number it is out of."""
    if fact.row.count is None:
        return ("unknown", "proofread_withheld", None)
    return ("differs", "proofread_count" if fact.row.n == figure.n else "proofread_n", fact)


def _beside(figure: Figure, fact: Fact, mark: str) -> tuple[Outcome, str, Fact | None]:
    """The verdict of a right figure by the interval and the n that stand beside it."""
    row = fact.row
    if figure.interval is not None and row.ci_low is not None and row.ci_high is not None:
        share = figure.kind not in ("mean", "median")
        for text, value in zip(figure.interval, (row.ci_low, row.ci_high), strict=True):
            if not printed_as(text, value, share=share, mark=mark):
                return ("differs", "proofread_interval", fact)
    if figure.n is not None and figure.kind != "counted" and row.n and figure.n not in (row.n, row.count):
        return ("differs", "proofread_n", fact)
    return ("agrees", "proofread_agrees", fact)


def printed_as(text: str, value: float, *, share: bool, mark: str = ".") -> bool:
    """Whether digits are what a number is printed as."""
    printed, decimals = number_of(text, mark)
    if text.lstrip().startswith("<"):
        return value < printed / (100 if share else 1)
    if share:
        return gives(value, printed / 100, "percent", decimals, None) is not None
    return gives(value, printed, "number", decimals, None) is not None
