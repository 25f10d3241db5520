"""Options that say no of people who were never asked: 0 in ODK Central, FALSE in Ona. They are no answer.

Where the list of a question is blank nobody was asked, whatever the columns of its options say. Where there is no
list, a form that makes everybody choose something (Ona's TRUE and FALSE) shows it by a row without any choice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.notes import note
from surveytool.reading.answer_patterns import blanks, holding, placed, seen, without
from surveytool.reading.infer import distinct
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.reading.missing_mark import CERTAIN
from surveytool.stream import Pushed
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags


def with_blanks(loaded: Loaded) -> Loaded:
    """The content in which an option says nothing of who was not asked; a row that chose one all the same stays."""
    blanked = []
    for each in loaded.sets:
        if each.counted is None or not {*each.columns, each.parent or each.columns[0]} <= set(loaded.names_read):
            continue
        marks = _marks(each, loaded)
        if marks or _more_answers(each, loaded):
            loaded, changed = _blanked(each, marks, loaded)
            blanked += [each] if changed else []
    listed = tuple(each.name for each in blanked if each.parent is not None)
    said = (note("options_not_asked", variables=listed),) if listed else ()
    return replace(loaded, notes=(*loaded.notes, *said)) if said else loaded


def _marks(each: MultipleSet, loaded: Loaded) -> frozenset[Any]:
    """The texts that stand for no list, n/a and blanks: nobody was asked."""
    if each.parent is None:
        return frozenset()
    missing = {str(code) for code in loaded.meta.get(each.parent, Meta()).missing}
    values = distinct(loaded.table.column(each.parent))
    return frozenset(value for value in values if str(value).strip() in {*missing, *CERTAIN, ""})


def _more_answers(each: MultipleSet, loaded: Loaded) -> bool:
    """Whether an option has more answers than its question has lists; of a form that makes all choose nobody knows."""
    if each.parent is None:
        return each.forced
    most = blanks(loaded.table.column(each.parent))
    return any(blanks(loaded.table.column(name)) < most for name in each.columns)


def _blanked(each: MultipleSet, marks: frozenset[Any], loaded: Loaded) -> tuple[Loaded, bool]:
    """The content with blanks where nobody was asked, and whether an option had said something there."""
    if isinstance(loaded.frame, Pushed):
        from surveytool.reading.cluster_options import blanked_there

        return blanked_there(each, marks, loaded)
    rows = seen(loaded, [*([each.parent] if each.parent else []), *each.columns])
    made = {}
    if each.parent is not None and marks:
        parent = rows.table.column(each.parent)
        made[each.parent] = without(parent, holding(parent, lambda value: value in marks))
    gone = _not_asked(each, marks, rows.table)
    if gone.any():
        made |= {name: without(rows.table.column(name), gone) for name in each.columns}
    return (placed(loaded, rows, made), bool(gone.any())) if made else (loaded, False)


def _not_asked(each: MultipleSet, marks: frozenset[Any], table: Any) -> Flags:
    """Rows [rows] of people whom nobody asked, and of whom an option says something."""
    asked = np.zeros(table.num_rows, dtype=bool)
    if each.parent is not None:
        asked = holding(table.column(each.parent), lambda value: value not in marks)
    chosen, told = np.zeros_like(asked), np.zeros_like(asked)
    counted = code_text(each.counted) if each.counted is not None else ""
    for name in each.columns:
        chosen |= holding(table.column(name), lambda cell: _text(cell) == counted)
        told |= holding(table.column(name), lambda cell: True)
    gone: Flags = ~asked & ~chosen & told
    return gone


def _text(cell: Any) -> str:
    return str(cell) if isinstance(cell, bool) else code_text(cell)
