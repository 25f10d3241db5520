"""Words: what readers read, one folder a language, in it one TOML file a room.

A file holds number marks (``[format]``), words (``[words]``) and one sentence a
note code (``[notes]``). A sentence is a template for ``str.format``, or a table
of them: by the text of one of the note's values (a policy), or ``one`` and
``other`` by the number ``n``. To add a language, write its folder and name it here; to
add words, write them into the room's file of every language.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from surveytool.errors import UsageError, did_you_mean, near_names
from surveytool.text.number import NOTHING, Marks
from surveytool.text.words import Words

LANGUAGES = ("en", "es", "fr")
PARTS = ("format", "words", "notes")

__all__ = ["LANGUAGES", "NOTHING", "Marks", "Words", "words"]


@cache
def words(language: str = "en") -> Words:
    """The words of a language; ``UsageError`` for one that has no file.

    >>> words("es").number(1234.5, 1)
    '1\\xa0234,5'
    """
    if language not in LANGUAGES:
        near = did_you_mean(found) if (found := near_names(language, LANGUAGES)) else ""
        known = f"Write one of: {', '.join(LANGUAGES)}"
        raise UsageError(f"no language is called {language!r}.", "--lang", near or known)
    read, english = _load(language), _load("en")
    return Words(
        language=language,
        marks=Marks(**read["format"]),
        terms={**english["words"], **read["words"]},
        sentences={**english["notes"], **read["notes"]},
    )


def _load(language: str) -> dict[str, Any]:
    """The files of a language as one; a key stands in one of them."""
    import tomllib

    made: dict[str, Any] = {part: {} for part in PARTS}
    files = (each for each in resources.files("surveytool.text").joinpath(language).iterdir())
    for file in sorted(files, key=lambda each: each.name):
        if file.name.endswith(".toml"):
            read = tomllib.loads(file.read_text(encoding="utf-8"))
            for part in PARTS:
                made[part].update(read.get(part, {}))
    return made
