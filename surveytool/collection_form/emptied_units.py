"""Sampling units whose respondents are all left out by ``keep``: they were drawn, and belong into the variance.

Rows that carry a weight are part of the sample. Where every such row of a primary sampling unit is left out, one of
them stays with weight 0 and no answer, so that standard errors are those of a domain, as ``where`` gives them. A unit
that still has a row is in the variance by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.reading.infer import is_number
from surveytool.reading.loaded import Loaded
from surveytool.survey import Design

if TYPE_CHECKING:
    from surveytool.arrays import Flags


def emptied_units(cells: Any, design: Design, left: Flags) -> Flags:
    """One row [rows] of each primary sampling unit that has weighted rows, but none that is ``left`` [rows].

    ``cells`` reads columns by their names (``rows_kept.Reader``). None for a design without weights and units.
    """
    nobody = np.zeros(len(left), dtype=bool)
    known = set(cells.loaded.table.column_names)
    columns = [name for name in (design.strata, *design.psu[:1]) if name is not None]
    if design.weights is None or not design.psu or left.all():
        return nobody
    if any(cells.names.get(name, name) not in known for name in (design.weights, *columns)):
        return nobody  # made by the study after the rows are chosen
    weighted = cells.cells(design.weights).numbers() > 0
    keys = np.column_stack([cells.cells(name).keys for name in columns])
    _, unit = np.unique(keys, axis=0, return_inverse=True)
    unit = unit.ravel()
    occupied = np.zeros(unit.max() + 1, dtype=bool)
    occupied[unit[left]] = True
    lost = np.flatnonzero(weighted & ~left & ~occupied[unit] & (keys >= 0).all(axis=1))
    _, first = np.unique(unit[lost], return_index=True)
    nobody[lost[first]] = True
    return nobody


def as_units(loaded: Loaded, rows: Flags, kept: Sequence[str]) -> Loaded:
    """The content in which some rows [rows] hold their design only: the ``kept`` columns, the first one with 0."""
    import pyarrow as pa

    table, gone, weights = loaded.table, pa.array(rows), kept[0]
    for name in table.column_names:
        column = table.column(name)
        if name == weights and is_number(column):
            zero = pa.scalar(0, column.type)
            table = table.set_column(table.column_names.index(name), name, arrow.call("if_else", gone, zero, column))
        elif name not in kept:
            blank = pa.scalar(None, column.type)
            table = table.set_column(table.column_names.index(name), name, arrow.call("if_else", gone, blank, column))
    return replace(loaded, table=table, units=loaded.units + int(rows.sum()))
