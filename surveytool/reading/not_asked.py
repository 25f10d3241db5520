"""Options that say no of people who were never asked: 0 in ODK Central, FALSE in Ona. They are no answer.

Where the list of a question is blank nobody was asked, whatever the columns of its options say. Where there is no
list, a form that makes everybody choose something (Ona's TRUE and FALSE) shows it by a row without any choice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.notes import note
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags


def with_blanks(loaded: Loaded) -> Loaded:
    """The content in which an option says nothing of who was not asked; a row that chose one all the same stays."""
    if not hasattr(loaded.table, "set_column"):
        return loaded
    table, blanked = loaded.table, []
    for each in loaded.sets:
        if each.counted is None or not {*each.columns, each.parent or each.columns[0]} <= set(table.column_names):
            continue
        if each.parent is not None:
            table = _whole_parent(table, each, loaded.meta.get(each.parent, Meta()))
        gone = _not_asked(table, each)
        if gone is not None and gone.any():
            table = _blanked(table, each, gone)
            blanked.append(each)
    if table is loaded.table:
        return loaded
    listed = tuple(each.name for each in blanked if each.parent is not None)
    said = (note("options_not_asked", variables=listed),) if listed else ()
    return replace(loaded, table=table, frame=None, notes=(*loaded.notes, *said))


def _whole_parent(table: Any, each: MultipleSet, meta: Meta) -> Any:
    """The list with a blank where a text such as n/a stands for one."""
    assert each.parent is not None
    column = table.column(each.parent)
    texts = {str(code) for code in meta.missing}
    if not texts:
        return table
    held = [None if cell is None or str(cell).strip() in texts else cell for cell in column.to_pylist()]
    place = table.column_names.index(each.parent)
    return table.set_column(place, each.parent, _as(held, column)) if held.count(None) > column.null_count else table


def _not_asked(table: Any, each: MultipleSet) -> Flags | None:
    """Rows [rows] that nobody asked, and of which an option says something; None where there can be none."""
    columns = [table.column(name) for name in each.columns]
    if each.parent is not None:
        parent = table.column(each.parent)
        known = np.array([cell is not None and bool(str(cell).strip()) for cell in parent.to_pylist()], dtype=bool)
        most = int((~known).sum())
        if all(column.null_count >= most for column in columns):
            return None
    elif not each.forced:
        return None
    else:
        known = np.zeros(table.num_rows, dtype=bool)
    chosen, told = np.zeros_like(known), np.zeros_like(known)
    counted = code_text(each.counted) if each.counted is not None else ""
    for column in columns:
        cells = column.to_pylist()
        chosen |= np.array([cell is not None and _text(cell) == counted for cell in cells], dtype=bool)
        told |= np.array([cell is not None for cell in cells], dtype=bool)
    gone: Flags = ~known & ~chosen & told
    return gone


def _text(cell: Any) -> str:
    return str(cell) if isinstance(cell, bool) else code_text(cell)


def _blanked(table: Any, each: MultipleSet, gone: Flags) -> Any:
    for name in each.columns:
        column = table.column(name)
        held = [None if out else cell for cell, out in zip(column.to_pylist(), gone, strict=True)]
        table = table.set_column(table.column_names.index(name), name, _as(held, column))
    return table


def _as(cells: list[Any], column: Any) -> Any:
    """Cells as a column of the same type."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(column.type):
        return arrow.encode(_as(cells, column.cast(column.type.value_type)))
    return pa.chunked_array([pa.array(cells, column.type)])
