"""Words: what readers read, one TOML file a language.

A file holds number marks (``[format]``), words (``[words]``) and one sentence a
note code (``[notes]``). A sentence is a template for ``str.format``, or a table
of them: by the text of one of the note's values (a policy), or ``one`` and
``other`` by the number ``n``. To add a language, write its file and name it here.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from surveytool.errors import UsageError, did_you_mean, near_names
from surveytool.text.number import NOTHING, Marks
from surveytool.text.words import Words

LANGUAGES: dict[str, str] = {"en": "en.toml", "es": "es.toml", "fr": "fr.toml"}

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
    import tomllib

    file = resources.files("surveytool.text").joinpath(LANGUAGES[language])
    return tomllib.loads(file.read_text(encoding="utf-8"))
