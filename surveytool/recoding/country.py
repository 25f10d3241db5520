"""Countries by ISO 3166: from a code or a name in the data to a name in the reader's language.

Names are those of the standard (pycountry) and of Unicode's territory names in a
few languages (babel); case, accents and punctuation are forgiven. Short codes
are taken for countries only where nearly all codes beside them are: ``LA`` is
Laos among ``MX`` and ``GT``, and a city among ``SF`` and ``NYC``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

KNOWN_IN = ("en", "es", "fr", "pt")
MOST = 0.75
FROM_HERE_NUMERIC = 100


def plain(text: str) -> str:
    """Letters and digits without accents, in lower case.

    >>> plain("República  Dominicana")
    'republicadominicana'
    """
    split = unicodedata.normalize("NFKD", text.replace("&", "and"))
    return "".join(character for character in split if character.isalnum()).casefold()


@cache
def _territories(language: str) -> Mapping[str, str]:
    """Names by alpha-2 code in a language; none for a language that is not known."""
    from babel import Locale, UnknownLocaleError

    try:
        return dict(Locale.parse(language).territories)
    except (UnknownLocaleError, ValueError):
        return {}


@cache
def _countries() -> tuple[Any, ...]:
    import pycountry

    return tuple(pycountry.countries)


@cache
def _names() -> Mapping[str, str]:
    """Plain names to alpha-2 codes; the standard's own names first."""
    code_by_name: dict[str, str] = {}
    for country in _countries():
        for kind in ("name", "official_name", "common_name"):
            name = getattr(country, kind, None)
            if name:
                code_by_name.setdefault(plain(name), country.alpha_2)
    alpha_codes = {country.alpha_2 for country in _countries()}
    for language in KNOWN_IN:
        for code, name in _territories(language).items():
            if code in alpha_codes:
                code_by_name.setdefault(plain(name), code)
    return code_by_name


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    """Codes of each scheme to alpha-2."""
    countries = _countries()
    return {
        "alpha_2": {country.alpha_2: country.alpha_2 for country in countries},
        "alpha_3": {country.alpha_3: country.alpha_2 for country in countries},
        "numeric": {country.numeric: country.alpha_2 for country in countries},
    }


def named(name: str) -> str | None:
    """The alpha-2 code of a country by its name in English, Spanish, French or Portuguese.

    >>> named("Republica dominicana"), named("Atlantis")
    ('DO', None)
    """
    return _names().get(plain(name))


def coded(text: str) -> str | None:
    """The alpha-2 code of a country by one of its codes, whatever stands beside it.

    >>> coded("MEX"), coded("mx"), coded("484"), coded("M")
    ('MX', 'MX', 'MX', None)
    """
    scheme = _scheme(text)
    return None if scheme is None else _codes()[scheme].get(_written(text, scheme))


def label(alpha_2: str, language: str) -> str:
    """A country's name in a language, in English where that has none.

    >>> label("DO", "es")
    'República Dominicana'
    """
    return _territories(language).get(alpha_2) or _territories("en").get(alpha_2) or alpha_2


def alpha_3(alpha_2: str) -> str:
    """The three-letter code.

    >>> alpha_3("DO")
    'DOM'
    """
    return str(next(country.alpha_3 for country in _countries() if country.alpha_2 == alpha_2))


def reader(texts: Iterable[str]) -> Callable[[str], str | None]:
    """How the codes and names of one route are read: a function to alpha-2 codes, None for what is no country."""
    schemes = {text: _scheme(text) for text in set(texts)}
    trusted = {scheme for scheme in ("alpha_2", "alpha_3", "numeric") if _trusted(scheme, schemes)}

    def read(text: str) -> str | None:
        scheme = _scheme(text)
        code = _codes()[scheme].get(_written(text, scheme)) if scheme in trusted and scheme is not None else None
        return code or named(text)

    return read


def _scheme(text: str) -> str | None:
    text = text.strip()
    if text.isdecimal() and len(text) <= 3:
        return "numeric"
    if text.isascii() and text.isalpha() and len(text) in (2, 3):
        return "alpha_2" if len(text) == 2 else "alpha_3"
    return None


def _written(text: str, scheme: str) -> str:
    return text.strip().zfill(3) if scheme == "numeric" else text.strip().upper()


def _trusted(scheme: str, schemes: Mapping[str, str | None]) -> bool:
    """Whether nearly all texts that look like codes of a scheme are; all of them, and some large, for numbers."""
    alike = [text for text, scheme_of_text in schemes.items() if scheme_of_text == scheme]
    coded = [text for text in alike if _written(text, scheme) in _codes()[scheme]]
    if scheme == "numeric":
        return bool(alike) and len(coded) == len(alike) and max(map(int, alike)) >= FROM_HERE_NUMERIC
    return bool(alike) and len(coded) >= MOST * len(alike)
