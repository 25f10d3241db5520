"""How wide a text is, and where it breaks: in the font that ships with matplotlib, so that machines agree."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from typing import Any

REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"


def font_file(bold: bool) -> str:
    """The path of the font."""
    import matplotlib

    return f"{matplotlib.get_data_path()}/fonts/ttf/{BOLD if bold else REGULAR}"


@cache
def _font(bold: bool) -> Any:
    from matplotlib.ft2font import FT2Font

    return FT2Font(font_file(bold))


@lru_cache(maxsize=8192)
def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line in points."""
    from matplotlib.ft2font import LoadFlags

    if not text:
        return 0.0
    font = _font(bold)
    font.set_size(size, 72)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks; see ``lacking``
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def lacking(text: str) -> str:
    """The letters of a text that the font has no shape for, each once."""
    glyphs = _font(False).get_charmap()
    return "".join(
        dict.fromkeys(character for character in text if ord(character) not in glyphs and character.isprintable())
    )


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``room`` points; a word too long for a line is cut.

    The lines are evened out, so that no last line holds one small word.
    """
    lines = _filled(text, size, room, bold)
    if len(lines) < 2:
        return lines
    low, high = room / 2, room
    for _ in range(7):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(text, size, middle, bold)) == len(lines) else (middle, high)
    return _filled(text, size, high, bold)


def filled(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The text in lines as full as they can be, for running text."""
    return _filled(text, size, room, bold)


def _filled(text: str, size: float, room: float, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold) <= room:
            line = joined
            continue
        lines += [line] if line else []
        *cut, line = _cut(word, size, room, bold)
        lines += cut
    return [*lines, line] if line or not lines else lines


def _cut(word: str, size: float, room: float, bold: bool) -> list[str]:
    """One word, in pieces where it is wider than a line; at a sign within it if there is one."""
    pieces = []
    while width(word, size, bold) > room and len(word) > 1:
        fits = max((n for n in range(1, len(word)) if width(word[:n], size, bold) <= room), default=1)
        sign = max((n for n in range(fits // 2, fits) if word[n - 1 : n] in "-/_·–"), default=fits)
        pieces.append(word[:sign])
        word = word[sign:]
    return [*pieces, word]
