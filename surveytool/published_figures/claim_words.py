"""Explanations in the reader's language: figures, phrases and lists inside a note become words.

Notes of claims carry values that need a language themselves: a ``Figure`` (47% or
47,5 %), a ``Phrase`` (a way of reading a figure), or several joined by "or".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveytool.notes import Note
from surveytool.published_figures.claims import Claim, Unit
from surveytool.published_figures.published_rounding import places, power
from surveytool.text import Words

MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed; shares become percentages."""

    value: float
    unit: Unit = "percent"
    decimals: int = 0

    def said(self, words: Words) -> str:
        """The figure in a language."""
        if self.unit == "percent":
            return words.percent(self.value, self.decimals)
        return words.number(self.value, self.decimals)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence: a key of ``[words]`` and what fills it."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def said(self, words: Words) -> str:
        """The phrase in a language."""
        return words.fill(self.key, **{name: said(value, words) for name, value in self.values})


@dataclass(frozen=True, slots=True)
class Either:
    """Phrases of which any may be right."""

    phrases: tuple[Phrase, ...]

    def said(self, words: Words) -> str:
        """``A, B or C``."""
        texts = [phrase.said(words) for phrase in self.phrases]
        if len(texts) < 2:
            return "".join(texts)
        return f"{', '.join(texts[:-1])} {words.word('or')} {texts[-1]}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures and what they add up to: ``47% + 35% + 18% = 100%``."""

    parts: tuple[Figure, ...]
    total: Figure

    def said(self, words: Words) -> str:
        """The sum in a language."""
        return f"{' + '.join(part.said(words) for part in self.parts)} = {self.total.said(words)}"


def said(value: object, words: Words) -> object:
    """A note's value ready for its sentence."""
    if isinstance(value, Figure | Phrase | Either | Sum):
        return value.said(words)
    if isinstance(value, tuple):
        return words.join([said(part, words) for part in value])
    return value


def sentence(note: Note, words: Words) -> str:
    """A note of a claim in words."""
    return words.say(Note(note.code, tuple((name, said(value, words)) for name, value in note.values)))


def sentences(notes: tuple[Note, ...], words: Words) -> str:
    """Several notes, one after the other."""
    return " ".join(sentence(note, words) for note in notes)


def published(claim: Claim) -> Figure:
    """The claim's figure as it was printed."""
    assert claim.published is not None
    return Figure(claim.published, claim.unit, places(claim.published, claim.unit, claim.decimals))


def computed(value: float, claim: Claim) -> Figure:
    """An estimate with one digit more than was printed, and as many as show on which side of a tie it lies."""
    decimals = (places(claim.published, claim.unit, claim.decimals) if claim.published is not None else 0) + 1
    exact = Decimal(repr(float(value))).scaleb(power(claim.unit))
    while decimals < MOST_DECIMALS and _hides(exact, decimals):
        decimals += 1
    return Figure(value, claim.unit, decimals)


def _hides(exact: Decimal, decimals: int) -> bool:
    """Whether the digits shown end in a 5 that is not there: 46.46 is no 46.5."""
    shown = round(exact, decimals)
    return shown.as_tuple().digits[-1] == 5 and abs(shown - exact) > Decimal("1e-9")


def reading_of(claim: Claim) -> Phrase:
    """Of whom the claim was taken to be a share."""
    base = Phrase(f"base_{claim.base}")
    if not claim.by:
        return Phrase("claim_of_all", (("who", base),))
    group = ", ".join(claim.by.values())
    key = "claim_of_group" if claim.percent_of == "column" else "claim_of_all_group"
    return Phrase(key, (("group", group), ("who", base)))
