"""Cells in a form's codes as columns of a table (Arrow): one answer, an option's 1 and 0, a list of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from surveytool import arrow
from surveytool.collection_form.coding import Cells


def texts_column(cells: Cells) -> Any:
    """Cells as an Arrow dictionary column."""
    import pyarrow as pa

    known = cells.keys >= 0
    places = arrow.cast(arrow.fixed(np.where(known, cells.keys, 0).astype(np.int64), known, pa.int64()), pa.int32())
    return pa.DictionaryArray.from_arrays(places, arrow.texts(list(cells.values)))


def flags_column(flags: Any, known: Any) -> Any:
    import pyarrow as pa

    return arrow.fixed(flags.astype(np.float64), known, pa.float64())


def lists_column(chosen: Any, answered: Any, codes: Sequence[str]) -> Any:
    """The lists of codes [rows] as a column; ``-`` where somebody answered with none of them, null for no answer."""
    packed = np.packbits(chosen, axis=1)
    width = packed.shape[1]
    patterns, keys = np.unique(packed.view(np.dtype((np.void, width))).ravel(), return_inverse=True)
    bits = np.unpackbits(patterns.view(np.uint8).reshape(-1, width), axis=1)[:, : len(codes)].astype(bool)
    texts = [" ".join(code for code, flag in zip(codes, row, strict=True) if flag) or "-" for row in bits]
    return texts_column(Cells(keys=np.where(answered, keys.ravel(), -1), values=tuple(texts)))
