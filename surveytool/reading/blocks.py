"""Answers that stand only in the first of the rows that they belong to, as in tables made to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

FEWEST_BLOCKS = 2
ROWS_A_BLOCK = 3


def stands_in_blocks(cells: Sequence[object]) -> bool:
    """Whether every filled cell of a column [rows] is another one, the first row has one and most rows have none.

    >>> stands_in_blocks(["North", None, None, "South", None, None]), stands_in_blocks(["A", "A", None, "B"])
    (True, False)
    """
    filled = [cell for cell in cells if cell not in ("", None)]
    few = len(filled) >= FEWEST_BLOCKS and len(filled) * ROWS_A_BLOCK <= len(cells)
    return few and cells[0] not in ("", None) and len(set(map(str, filled))) == len(filled)
