"""How wide a text is, and where it breaks: in the font that ships with matplotlib, so that machines agree.

Letters that it lacks are measured and drawn in fonts of the machine.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import cache, lru_cache
from typing import Any

from surveytool.charts.machine_fonts import machine_fonts, shapeless

_IDEOGRAPH = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BREAK = re.compile(r"(?<=[-/_·–—])(?!$)|(?<=[\u2e80-\u9fff\uf900-\ufaff])(?=[\u3400-\u9fff\uf900-\ufaff])")
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
    """The width of one line in points; a letter that no font has is as wide as the font is high."""
    from matplotlib.ft2font import LoadFlags

    if not text:
        return 0.0
    letters = frozenset(lacking(text))
    nowhere = set(shapeless(letters)) if letters else set()
    shaped = "".join(letter for letter in text if letter not in nowhere)
    font = drawing_font(letters, bold) if letters else _font(bold)
    font.set_size(size, 72)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        font.set_text(shaped, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 + size * (len(text) - len(shaped))


def drawing_font(letters: frozenset[str], bold: bool) -> Any:
    """The own font, and behind it fonts of the machine for letters that it lacks."""
    from matplotlib.font_manager import get_font

    return get_font([font_file(bold), *machine_fonts(letters)])


@lru_cache(maxsize=8192)
def lacking(text: str) -> str:
    """The letters of a text that the own font has no shape for, each once."""
    known = _known()
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in known and letter.isprintable()))


@cache
def _known() -> frozenset[int]:
    return frozenset(_font(False).get_charmap())


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``room`` points; a word too long for a line is divided at a sign, else cut.

    The lines are evened out, so that no last line holds one small word; no word is divided for that.
    """
    lines = _filled(text, size, room, bold)
    if len(lines) < 2:
        return lines
    words = [piece for word in text.split() for piece in _pieces(word, size, room, bold)]
    low, high = max(room / 2, *(min(room, width(piece, size, bold)) for piece in words)), room
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
        space = " " if line else ""
        for piece in _pieces(word, size, room, bold):
            joined = f"{line}{space}{piece}"
            if width(joined, size, bold) <= room:
                line, space = joined, ""
                continue
            lines += [line] if line else []
            *cut, line = _cut(piece, size, room, bold)
            lines, space = [*lines, *cut], ""
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    """A word that fits a line whole; else its parts after signs, and between ideographs, which stand without spaces."""
    if width(word, size, bold) <= room and not _IDEOGRAPH.search(word):
        return [word]
    return [piece for piece in _BREAK.split(word) if piece]


def _cut(word: str, size: float, room: float, bold: bool) -> list[str]:
    """One word, in pieces where it is wider than a line; marks stay with the letter that they belong to."""
    pieces = []
    while width(word, size, bold) > room and len(word) > 1:
        starts = [n for n in range(1, len(word)) if not unicodedata.category(word[n]).startswith("M")]
        fits = max((n for n in starts if width(word[:n], size, bold) <= room), default=starts[0] if starts else 0)
        if not fits:
            break
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]
