"""Text measured in terminal cells: wide scripts take two, marks and isolates none."""

from __future__ import annotations


def width(text: str) -> int:
    """Cells that a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, cells: int, align: str = "left") -> str:
    """Text filled up with spaces: left, right or centre."""
    space = max(cells - width(text), 0)
    before = {"left": 0, "right": space, "centre": space // 2}[align]
    return " " * before + text + " " * (space - before)


def wrap(text: str, cells: int) -> list[str]:
    """Lines of at most ``cells`` cells, broken at spaces; a longer word is broken, never cut off.

    >>> wrap("one two three", 7)
    ['one two', 'three']
    """
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined) <= cells:
            lines[-1] = joined
        elif width(word) <= cells:
            lines.append(word)
        else:
            lines += _broken(word, cells)
    return [line for line in lines if line] or [""]


def _broken(word: str, cells: int) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character) > cells:
            pieces.append("")
        pieces[-1] += character
    return pieces
