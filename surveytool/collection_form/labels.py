"""Labels of a form: their languages, and their text without markup and references.

``label::English (en)``, ``label:English`` and ``label::en`` are the same language, which is known by its code where
one can be told; a language that has none keeps its own name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_BREAK = re.compile(r"<(br|p|div|li|h\d)\b[^<>]{0,300}>", re.IGNORECASE)
_MARK = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")
_HEAD = re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE)
DEFAULT = "default"


def plain(text: str) -> str:
    """A label as people read it: no markup, one blank between words, a reference as an ellipsis.

    >>> plain("<b>How old</b> is ${name}?<br/>In years"), plain("**Sex** of the child"), plain("Age &lt; 5 &amp; more")
    ('How old is …? In years', 'Sex of the child', 'Age < 5 & more')
    """
    bare = _TAG.sub("", _BREAK.sub(" ", _HEAD.sub("", text))) if "<" in text or "#" in text else text
    bare = _MARK.sub(r"\2", html.unescape(bare)) if "*" in bare or "_" in bare or "&" in bare else bare
    return " ".join(REFERENCE.sub("…", bare).split())


def languages_of(headers: Iterable[str], stem: str = "label") -> dict[str, str]:
    """The languages of a sheet's headers: the header by the language's code, in their order."""
    spoken: dict[str, str] = {}
    for header in headers:
        name, sign, language = header.partition("::")
        if name == stem and (sign or header == stem):
            spoken.setdefault(language_code(language) if sign else DEFAULT, header)
    return spoken


def labels_of(cells: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, str]:
    """The labels of a line by language; a language without one is left out."""
    said = {language: plain(cells[header]) for language, header in headers.items() if cells.get(header)}
    return {language: text for language, text in said.items() if text}


@lru_cache(maxsize=256)
def language_code(name: str) -> str:
    """The code of a language as forms name it; the name itself where none is known.

    >>> language_code("English (en)"), language_code("french"), language_code("العربية"), language_code("Oromiffa")
    ('en', 'fr', 'ar', 'oromiffa')
    """
    written = name.strip()
    inside = re.search(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?)\)\s*$", written)
    if inside:
        return inside[1].replace("_", "-")
    bare = re.sub(r"[\s_]+", " ", written.lower())
    if re.fullmatch(r"[a-z]{2}(-[a-z]{2,4})?", bare):
        return bare
    return _names().get(bare, bare)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Names of languages in English, French, Spanish and their own, by their codes of two letters."""
    from babel import Locale

    codes = [
        "en",
        "fr",
        "es",
        "ar",
        "pt",
        "so",
        "sw",
        "am",
        "om",
        "ti",
        "uk",
        "ru",
        "fa",
        "ps",
        "ku",
        "ckb",
        "tr",
        "ur",
        "bn",
        "my",
        "ht",
        "ha",
        "yo",
        "ig",
        "ln",
        "rw",
        "rn",
        "sg",
        "ne",
        "hi",
        "it",
        "de",
        "nl",
        "zh",
        "vi",
        "th",
        "id",
        "ms",
        "tl",
        "he",
        "el",
        "ro",
        "pl",
        "sr",
        "hr",
        "bs",
        "sq",
        "mk",
        "bg",
        "hu",
        "hy",
        "ka",
        "az",
        "uz",
        "kk",
        "ky",
        "tg",
        "mg",
        "ff",
        "bm",
        "wo",
        "ca",
        "eu",
        "gl",
        "ja",
        "ko",
        "lo",
        "km",
        "si",
        "ta",
        "te",
        "ml",
    ]
    speakers = [Locale.parse(code) for code in ("en", "fr", "es")]
    names = {
        str(speaker.languages[code]).lower(): code
        for speaker in speakers for code in codes if code in speaker.languages
    }  # fmt: skip
    own = {code: Locale.parse(code).get_display_name(code) for code in codes if code in _SPOKEN_AT_HOME}
    names |= {text.lower(): code for code, text in own.items() if text}
    return {**names, **_OFTEN}


_SPOKEN_AT_HOME = frozenset(
    ["fr", "es", "ar", "pt", "so", "sw", "am", "uk", "ru", "fa", "ps", "tr", "ur", "bn", "my", "ne", "hi", "it", "de"]
)
_OFTEN = {
    "eng": "en", "fra": "fr", "fre": "fr", "esp": "es", "spa": "es", "ara": "ar", "tigirigna": "ti", "farsi": "fa",
    "dari": "fa", "kreyol": "ht", "creole": "ht", "krèyol": "ht", "burmese": "my", "kurdish": "ku", "sorani": "ckb",
    "castellano": "es", "ukrainian": "uk", "kiswahili": "sw",
}  # fmt: skip


def spoken(labels: Mapping[str, str], order: Iterable[str] = ()) -> str:
    """The label in the first of these languages that it has, else in its default or its first one."""
    for language in order:
        if labels.get(language):
            return labels[language]
    return labels.get(DEFAULT) or labels.get("en") or next(iter(labels.values()), "")
