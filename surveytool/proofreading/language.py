"""A document's language: its words, their stems, and which of the languages it is written in.

Each language is one TOML file of ``languages/``. Stems come from Snowball, so that
"used", "uses" and "using" are one word.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "es", "fr")
LEAST_WORDS, FOREIGN = 20, 1.2  # words from which on a text has a language; how much more another one has to fit
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")


class Language:
    """The words of one language. ``given`` is its file."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        import snowballstemmer

        self.name, self.given = name, given
        self._stemmer = snowballstemmer.stemmer(given["stemmer"])
        self.stop = frozenset(map(plain, given["stop"]))
        self._stems: dict[str, str] = {}

    def words(self, key: str) -> tuple[str, ...]:
        """The phrases of one kind, longest first."""
        return tuple(sorted(self.given[key], key=len, reverse=True))

    def pattern(self, key: str) -> str:
        """Phrases of one kind as alternatives of a regular expression."""
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in self.words(key))

    def stem(self, word: str) -> str:
        """The stem of a word, without case and accents.

        >>> language("en").stem("Travelled"), language("es").stem("Planificaron")
        ('travel', 'planific')
        """
        if word not in self._stems:
            self._stems[word] = plain(self._stemmer.stemWord(word.casefold()))
        return self._stems[word]

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of a text's words that mean something, in order."""
        words = TOKEN.findall(text)
        return tuple(self.stem(word) for word in words if plain(word) not in self.stop)

    @cached_property
    def negation(self) -> re.Pattern[str]:
        """Words that turn a sentence."""
        return re.compile(rf"(?<!\w)(?:{self.pattern('negation')}|\w+n['’]t)(?!\w)", re.IGNORECASE)


@cache
def language(name: str, decimal: str | None = None) -> Language:
    """A language by its code: en, es or fr; ``decimal`` is the document's own mark where its percentages show one."""
    given = tomllib.loads((files(__package__) / "languages" / f"{name}.toml").read_text("utf-8"))
    return Language(name, {**given, "decimal": decimal or given["decimal"]})


def decimal_mark(text: str) -> str | None:
    """The mark of a document's percentages with decimals, where all but a few agree; None where they do not show it.

    Spanish is written with 47.2% in Honduras and 47,2 % in Spain.

    >>> decimal_mark("El 47.2% y el 35.1 %"), decimal_mark("47,2 % de"), decimal_mark("47%")
    ('.', ',', None)
    """
    marks = re.findall(r"\d([.,])\d{1,2}\s?(?:%|per ?cent|por ciento|pour cent|puntos|points)", text)
    for mark in ".,":
        if marks and marks.count(mark) >= 0.9 * len(marks):
            return mark
    return None


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def language_of(text: str) -> str:
    """The language whose small words are most frequent in a text; English where none is.

    >>> language_of("El 47 por ciento de los hombres usaron las redes"), language_of("One in five")
    ('es', 'en')
    """
    words = [plain(word) for word in TOKEN.findall(text[:20_000])]
    return max(LANGUAGES, key=lambda name: sum(word in language(name).stop for word in words))


def is_foreign(text: str) -> bool:
    """Whether a text of some length is surely in another language: others' small words, or no Latin letters.

    >>> is_foreign("Die Hälfte der Männer und ein Drittel der Frauen haben sich mit den Netzen vorbereitet. " * 3)
    True
    """
    words = [plain(word) for word in re.findall(r"[^\W\d_]+", text[:20_000])]
    if len(words) < LEAST_WORDS:
        return False
    latin = sum(word.isascii() for word in words)
    own = max(sum(word in language(name).stop for word in words) for name in LANGUAGES)
    others = max(sum(word in stop for word in words) for stop in _others().values())
    return latin < len(words) / 2 or others > FOREIGN * own


@cache
def _others() -> Mapping[str, frozenset[str]]:
    """Small words of languages that are not read."""
    given = tomllib.loads((files(__package__) / "languages" / "others.toml").read_text("utf-8"))
    return {name: frozenset(map(plain, words)) for name, words in given.items()}
