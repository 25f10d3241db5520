"""Words: what readers read, one folder a language, in it one TOML file a room.

A file holds number marks (``[format]``), words (``[words]``) and one sentence a
note code (``[notes]``). A sentence is a template for ``str.format``, or a table
of them: by the text of one of the note's values (a policy), or ``one`` and
``other`` by the number ``n``. To add a language, write its folder and name it here; to
add words, write them into the room's file of every language.
"""

from __future__ import annotations

from functools import cache

from surveytool.errors import UsageError
from surveytool.text.language_files import Part, Shelf
from surveytool.text.number import NOTHING, Marks
from surveytool.text.words import Words

LANGUAGES = ("en", "es", "fr")

__all__ = ["LANGUAGES", "NOTHING", "Marks", "Words", "words"]


@cache
def words(language: str = "en") -> Words:
    """The words of a language; ``UsageError`` for one that has no file.

    >>> words("es").number(1234.5, 1)
    '1\\xa0234,5'
    """
    if language not in LANGUAGES:
        base = language.partition("-")[0].partition("_")[0].lower()
        cure = f"Write {base}" if base in LANGUAGES else f"Write one of: {', '.join(LANGUAGES)}"
        raise UsageError(f"no language is called {language!r}.", "--lang", cure)
    shelf = Shelf(language, "en")
    return Words(language, signs=Part(shelf, "format"), terms=Part(shelf, "words"), sentences=Part(shelf, "notes"))
