"""One language in use: words, sentences, numbers and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

from surveytool.notes import Note
from surveytool.text import number as numbers
from surveytool.text.number import Marks

MOST_LISTED = 15


class Words:
    """What one language says. Terms and sentences that it lacks are English."""

    def __init__(
        self, language: str, *, signs: Mapping[str, str], terms: Mapping[str, str], sentences: Mapping[str, Any]
    ) -> None:
        self.language, self.terms, self.sentences = language, terms, sentences
        self._signs = signs

    @cached_property
    def marks(self) -> Marks:
        """The signs of the language's numbers."""
        return Marks(**{field.name: self._signs[field.name] for field in fields(Marks)})

    def word(self, key: str) -> str:
        """A word or phrase; the key itself where no language has it."""
        return self.terms.get(key, key)

    def fill(self, key: str, **values: object) -> str:
        """A phrase with its values filled in."""
        return self.word(key).format_map({name: self._shown(value) for name, value in values.items()})

    def say(self, note: Note) -> str:
        """A note as a sentence; ``code: k=v`` where no language has the sentence."""
        values = dict(note.values)
        template = _choose(self.sentences.get(note.code), values)
        shown = {name: self._shown(value) for name, value in values.items()}
        if template is not None:
            try:
                return template.format_map(shown)
            except (KeyError, IndexError, ValueError):
                pass
        listed = ", ".join(f"{name}={value}" for name, value in shown.items())
        return f"{note.code}: {listed}" if listed else note.code

    def number(self, value: float | None, decimals: int = 0) -> str:
        """``1,234.5`` in English, ``1 234,5`` in Spanish and French; a dash for none."""
        return numbers.number(value, decimals, self.marks)

    def percent(self, share: float | None, decimals: int = 1, *, sign: bool = True) -> str:
        """A share (0.47) as a percentage (``47.0%``), or without its sign (``47.0``)."""
        text = numbers.percent(share, decimals, self.marks)
        return self.marks.percent.format(text) if sign and text != numbers.NOTHING else text

    def interval(self, low: float | None, high: float | None, decimals: int = 1, percent: bool = True) -> str:
        """Both ends of an interval, ``42.8–51.4``; shares become percentages where ``percent``."""
        return numbers.interval(low, high, decimals, 2 if percent else 0, self.marks)

    def level(self, level: float) -> str:
        """A confidence level: ``95%``, ``99.9%``."""
        return self.percent(level, 0 if abs(level * 100 - round(level * 100)) < 1e-9 else 1)

    def join(self, items: Sequence[object], most: int = MOST_LISTED) -> str:
        """A list in a sentence: ``A, B and C``; a long one ends in ``and 5 more``."""
        shown = [self._shown(item) for item in items]
        if len(shown) > most:
            rest = self.number(len(shown) - most + 1)
            shown = [*shown[: most - 1], self.word("more").format(n=rest)]
        if len(shown) < 2:
            return "".join(shown)
        return f"{', '.join(shown[:-1])} {self.word('and')} {shown[-1]}"

    def _shown(self, value: object) -> str:
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, int | float):
            return self.number(value, 0 if float(value).is_integer() else 2)
        if isinstance(value, list | tuple):
            return self.join(value)
        return str(value)


def _choose(template: Any, values: Mapping[str, object]) -> str | None:
    """The template that fits the values: by a value's text, then by number."""
    if template is None or isinstance(template, str):
        return template
    for value in values.values():
        if isinstance(value, str) and value in template and value not in ("one", "other"):
            return _choose(template[value], values)
    many = template.get("other")
    return _choose(template.get("one", many) if values.get("n") == 1 else many, values)
