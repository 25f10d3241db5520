"""A text that people read, in one language or in several: ``"Sex"``, or ``{en = "Sex", es = "Sexo"}``.

A language that a text lacks gets the first one that it has.
"""

from __future__ import annotations

from collections.abc import Mapping

Text = str | Mapping[str, str]


def base_language(language: str) -> str:
    """The language without its region.

    >>> base_language("es-HN"), base_language("fr")
    ('es', 'fr')
    """
    return language.replace("_", "-").partition("-")[0].lower()


def said(text: Text | None, language: str = "en") -> str:
    """The text in a language, else without its region, else in English, else in the first one given.

    >>> said({"en": "Sex", "es": "Sexo"}, "es"), said({"es": "Sexo"}, "fr"), said("Sex", "es")
    ('Sexo', 'Sexo', 'Sex')
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(base_language(language)) or text.get("en") or next(iter(text.values()), "")


def translations(text: Text | None) -> dict[str, str]:
    """What the text says by language; nothing for a text that is the same in all.

    >>> translations({"en": "Sex", "es": "Sexo"}), translations("Sex")
    ({'en': 'Sex', 'es': 'Sexo'}, {})
    """
    return {} if text is None or isinstance(text, str) else dict(text)
