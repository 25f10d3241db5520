"""Words: what readers read, one folder a language, in it one TOML file a room.

A file holds number marks (``[format]``), words (``[words]``) and one sentence a
note code (``[notes]``). A sentence is a template for ``str.format``, or a table
of them: by the text of one of the note's values (a policy), or ``one`` and
``other`` by the number ``n``. To add a language, write its folder and name it here; to
add words, write them into the room's file of every language. A region (``es-HN``) has the words of
its language and number marks of its own (CLDR).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from surveytool.errors import UsageError
from surveytool.survey.label import base_language
from surveytool.text.language_files import Part, Shelf
from surveytool.text.number import NOTHING, Marks
from surveytool.text.words import Words

LANGUAGES = ("en", "es", "fr")
BORROWING = ("ar", "pt")  # labels and number marks of their own; the words around them are English, which is told

_REGION = re.compile(r"[A-Za-z]{2,3}[-_](?:[A-Za-z]{4}[-_])?(?:[A-Za-z]{2}|\d{3})")

__all__ = ["LANGUAGES", "NOTHING", "Marks", "Words", "spoken", "words", "words_of"]


@cache
def words(language: str = "en") -> Words:
    """The words of a language or a region (``es-HN``: Spanish words, the number marks of Honduras).

    Raises ``UsageError`` for one that has no file.

    >>> words("es").number(1234.5, 1), words("es-ES").number(1234.5, 1), words("es-419").percent(0.5)
    ('1,234.5', '1.234,5', '50.0%')
    """
    base = spoken(language)
    shelf = Shelf(words_of(base), "en")
    signs: Mapping[str, str] = Part(shelf, "format")
    if base != language or base in BORROWING:
        from surveytool.text.region import region_marks

        signs = {**signs, **region_marks(language)}
    return Words(language, signs=signs, terms=Part(shelf, "words"), sentences=Part(shelf, "notes"))


def words_of(language: str) -> str:
    """The language whose words a language takes: its own, or English where it has none yet.

    >>> words_of("es-HN"), words_of("ar")
    ('es', 'en')
    """
    base = base_language(language)
    return base if base in LANGUAGES else "en"


def spoken(language: str) -> str:
    """The language of a code with or without a region, one of ``LANGUAGES`` or ``BORROWING``; else ``UsageError``."""
    base = base_language(language)
    if base in (*LANGUAGES, *BORROWING) and (base == language or _REGION.fullmatch(language)):
        return base
    cure = f"Write {base}" if base in LANGUAGES else f"Write one of: {', '.join(LANGUAGES)}, or a region such as es-HN"
    raise UsageError(f"no language is called {language!r}.", "--lang", cure)
