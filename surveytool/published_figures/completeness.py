"""Do these labels name everybody? Known from the codebook, or from the words themselves.

Yes and No, Male and Female, Urban and Rural, X and Non-X are a whole in English,
Spanish, French and Portuguese; so are number bands that leave no gap and end open
("18-34, 35-64, 65 and up"). Of other labels nothing is known without data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from surveytool.published_figures.claim_answers import plain
from surveytool.survey import Codebook

_PAIRS = (
    ("yes|si|sí|oui|sim|true|used|uses|use|agree|selected", "no|non|não|nao|false|notused|didnotuse|donotuse|disagree"),
    (
        "male|males|man|men|hombre|hombres|masculino|varon|varón|varones|homme|hommes|masculin|homem|homens|m",
        "female|females|woman|women|mujer|mujeres|femenino|femme|femmes|féminin|feminin|mulher|mulheres|feminino|f",
    ),
    ("urban|urbano|urbana|urbain|urbaine|city", "rural|rurale|country"),
    ("boys|boy|niños|garçons|meninos", "girls|girl|niñas|filles|meninas"),
)
YOUNGEST = 18  # adults begin here at the latest; a first band above it leaves somebody out
_DENIALS = ("not", "non", "no", "nosel", "sin", "sans", "without", "never")
_PREFIXES = ("has", "have", "with", "con", "avec", "yes")
_OPEN = re.compile(r"\+|\b(and|or) (over|older|above|more|up)\b|\by más\b|\bo más\b|\bet plus\b|\be mais\b|\bmás\b")
_BELOW = re.compile(r"<|\b(under|below|less than|up to|menos de|menor de|menores de|hasta|moins de|jusqu)\b")
_BAND = re.compile(r"(\d+)\s*(?:-|–|to|a|à)\s*(\d+)")


def whole(labels: Iterable[str], variable: str | None = None, book: Codebook | None = None) -> bool:
    """Whether the labels together name everybody, as far as is known.

    >>> whole(["Male", "Female"]), whole(["26-35", "46 and over"]), whole(["18 - 34", "35 - 64", "65 and up"])
    (True, False, True)
    """
    texts = list(dict.fromkeys(labels))
    if book is not None and variable is not None and variable in book:
        level_texts = {plain(level.label) for level in book[variable].valid_levels()}
        return bool(level_texts) and level_texts <= {plain(text) for text in texts}
    return (len(texts) == 2 and opposite(*texts)) or tiled(texts)


def opposite(one: str, other: str) -> bool:
    """Whether two labels exclude each other and leave nobody out.

    >>> opposite("Yes", "No"), opposite("White", "Non-white"), opposite("Yes", "Maybe")
    (True, True, False)
    """
    pair = {plain(one), plain(other)}
    for first, second in _PAIRS:
        if pair & set(first.split("|")) and pair & set(second.split("|")):
            return True
    return _denies(one, other) or _denies(other, one)


def _denies(one: str, other: str) -> bool:
    """``Non-white`` denies ``White``, ``No children`` denies ``Has children``."""
    words, against = _words(one), _words(other)
    if not words or words[0] not in _DENIALS:
        return False
    rest = words[1:]
    return bool(rest) and (rest == against or (against[:1] != [] and against[0] in _PREFIXES and rest == against[1:]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def tiled(labels: Sequence[str]) -> bool:
    """Whether number bands follow each other without a gap from the young to the last, open one."""
    bands = sorted(band for label in labels if (band := _band(label)) is not None)
    if len(bands) < 2 or len(bands) < len(labels) or bands[-1][1] is not None or bands[0][0] > YOUNGEST:
        return False
    return all(high is not None and 0 <= low - high <= 1 for (_, high), (low, _) in pairwise(bands))


def _band(label: str) -> tuple[float, float | None] | None:
    match = _BAND.search(label)
    if match is not None:
        return float(match[1]), float(match[2])
    number = re.search(r"\d+", label)
    if number is not None and _BELOW.search(label.casefold()):
        return 0.0, float(number[0])
    return (float(number[0]), None) if number is not None and _OPEN.search(label.casefold()) else None
