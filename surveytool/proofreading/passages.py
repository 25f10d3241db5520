"""A document as it is read: passages in their order, each with the place where it stands.

A reader knows a file format and nothing of surveys; what comes after knows
passages and nothing of formats. Text is what a person sees, with plain spaces.
"""

from __future__ import annotations

import re
from typing import Literal

from surveytool.frozen import frozen

PassageKind = Literal["heading", "paragraph", "caption", "note"]
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u2007]+")
_MARKS = dict.fromkeys([0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0xFEFF, 0x00AD])


@frozen
class Passage:
    """A piece of running text. ``page`` counts from 1 where the format has pages, ``number`` the paragraphs."""

    text: str
    kind: PassageKind = "paragraph"
    page: int | None = None
    number: int = 0

    @property
    def place(self) -> str:
        """Where it stands: page and paragraph."""
        return f"page {self.page}, paragraph {self.number}" if self.page else f"paragraph {self.number}"


@frozen
class Grid:
    """A table: rows of cells as text, the first ``heads`` of which are headings.

    ``number`` counts the tables of the document; every row has as many cells as the widest.
    """

    rows: tuple[tuple[str, ...], ...]
    heads: int = 1
    page: int | None = None
    number: int = 0


Block = Passage | Grid


@frozen
class Document:
    """The blocks of a file in reading order."""

    name: str
    blocks: tuple[Block, ...]

    def text(self) -> str:
        """All running text, for the guess of the language."""
        return "\n".join(block.text for block in self.blocks if isinstance(block, Passage))


def clean(text: str) -> str:
    """Text with plain single spaces and without marks of direction.

    >>> clean("47\\u202f%  of  men")
    '47 % of men'
    """
    return _SPACES.sub(" ", text.translate(_MARKS)).strip()


def heads_of(rows: tuple[tuple[str, ...], ...]) -> int:
    """How many rows on top hold no figure: the heads of a table, at least one where there are two rows."""
    count = 0
    for row in rows:
        if any(re.search(r"\d", cell) and not re.search(r"[^\W\d]", cell) for cell in row[1:]):
            break
        if count and len({cell for cell in row if cell}) <= 1:
            break  # the name of a block of rows
        count += 1
    return min(max(count, 1), max(len(rows) - 1, 0))
