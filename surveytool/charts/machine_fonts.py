"""Fonts of the machine for letters that the chart's own font lacks: Chinese, Hindi, Amharic, Burmese ...

The own font draws what it can, so that machines agree; a machine's font is looked for only where a letter is lacking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

PREFERRED = ("notosans", "notoserif", "wqy", "sourcehan", "arialunicode", "msyh", "pingfang", "mangal", "nyala")
WEIGHTS = ("regular", "-r", "medium", "")


@cache
def machine_fonts(letters: frozenset[str]) -> tuple[str, ...]:
    """Paths of fonts that have shapes for the letters, as few as are needed; what no font has stays without.

    The order is fixed for a machine: the fonts that are made for many scripts first.
    """
    missing, fonts = set(letters), []
    for path in _fonts():
        if not missing:
            break
        covered = {letter for letter in missing if ord(letter) in _letters(path)}
        if covered:
            fonts.append(path)
            missing -= covered
    return tuple(fonts)


def shapeless(letters: frozenset[str]) -> str:
    """The letters that no font of the machine has, sorted."""
    fonts = machine_fonts(letters)
    return "".join(sorted(letter for letter in letters if not any(ord(letter) in _letters(path) for path in fonts)))


@cache
def _fonts() -> Sequence[str]:
    """The fonts of the machine in the order in which they are tried."""
    from matplotlib.font_manager import findSystemFonts

    return sorted(findSystemFonts(), key=_rank)


def _rank(path: str) -> tuple[int, int, str]:
    name = Path(path).stem.lower().replace(" ", "")
    family = next((order for order, start in enumerate(PREFERRED) if start in name), len(PREFERRED))
    weight = next(order for order, mark in enumerate(WEIGHTS) if name.endswith(mark))
    return family, weight, path


@cache
def _letters(path: str) -> frozenset[int]:
    """The letters that a font has; none of a file that is no font."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (RuntimeError, OSError, ValueError):
        return frozenset()


def families(paths: Sequence[str]) -> Iterator[str]:
    """The names by which an SVG or a PDF asks for fonts."""
    from matplotlib.ft2font import FT2Font

    for path in paths:
        yield str(FT2Font(path).family_name)
