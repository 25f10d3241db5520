"""Labels compared: whether a level has one of its own, and what it is without case, accents and signs."""

from __future__ import annotations

import re
import unicodedata

from surveytool.survey import Level, code_text


def labelled(level: Level) -> bool:
    """Whether a level has a label of its own."""
    return level.label != code_text(level.code) or level.labels.get("") == level.label


def plain(text: str) -> str:
    """A label without case, accents, punctuation and doubled spaces.

    >>> plain("  México "), plain("MEXICO")
    ('mexico', 'mexico')
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    signs = "".join(character for character in text if character in "+-<>≤≥=%#")
    words = re.sub(r"[\W_]+", " ", bare).strip()
    return f"{words or bare.strip()}{signs}"
