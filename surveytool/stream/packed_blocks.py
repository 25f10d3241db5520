"""A block of rows in memory: two columns of few codes share a byte, the rest stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pair = tuple[str, str, NDArray[np.uint8]]

FEW = 15  # codes, the blank among them, that fit in half a byte


class Packed:
    """A block of columns, given back as they came: codes of one byte, -1 for blank, or anything else."""

    def __init__(self, block: dict[str, NDArray[Any]]) -> None:
        self.rows = len(next(iter(block.values()), ()))
        small = [name for name, codes in block.items() if codes.dtype.str == "|i1" and codes.max(initial=-1) < FEW - 1]
        pairs = list(zip(small[::2], small[1::2], strict=False))
        self._pairs: list[Pair] = [(low, high, _pair(block[low], block[high])) for low, high in pairs]
        paired = {name for pair in pairs for name in pair}
        self._whole = {name: array for name, array in block.items() if name not in paired}

    @property
    def nbytes(self) -> int:
        """How much memory the block takes."""
        return sum(array.nbytes for *_, array in self._pairs) + sum(array.nbytes for array in self._whole.values())

    def columns(self, names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """These columns [rows]."""
        places = {name: (pair, shift) for *both, pair in self._pairs for name, shift in zip(both, (0, 4), strict=True)}
        arrays = {}
        for name in names:
            arrays[name] = self._whole[name] if name in self._whole else _half(*places[name])
        return arrays

    def change(self, name: str, values: NDArray[Any]) -> None:
        """Put other values [rows] in the place of a column that stands by itself."""
        self._whole[name] = values


def _pair(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.uint8]:
    pair = (high + 1).view("u1")
    pair <<= 4
    pair |= (low + 1).view("u1")
    return pair


def _half(pair: NDArray[np.uint8], shift: int) -> NDArray[Any]:
    half = (pair >> shift) & 15 if shift else pair & 15
    codes = half.view("i1")
    codes -= 1
    return codes
