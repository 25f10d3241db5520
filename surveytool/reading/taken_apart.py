"""Lists of answers in one cell, taken apart into one column an option, as Kobo and ODK would have written them.

Only what proves itself (``answer_lists``), or what a person calls ``multiple``, is taken apart; ``single`` or
``text`` said of a column leaves it whole. The list stays as the question's parent: it is blank where nobody answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from surveytool import arrow
from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.reading.answer_lists import Lists, lists_of
from surveytool.reading.answer_patterns import holding, placed, seen
from surveytool.reading.hints import looks_like_identifier, looks_personal
from surveytool.reading.infer import distinct
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.stream import Pushed
from surveytool.survey import Kind

MOST_TEXTS = 2000
LONGEST = 400


def with_lists(loaded: Loaded, kinds: Mapping[str, Kind]) -> Loaded:
    """The content with its lists taken apart. Raises ``UsageError`` where a column called multiple holds none."""
    inside = {column for each in loaded.sets for column in (each.name, *each.columns)}
    sets, metas = [], dict(loaded.meta)
    for name in loaded.names_read:
        lists = None if name in inside or name not in loaded.names else _lists(name, loaded, kinds.get(name))
        if lists is None or any(f"{name}/{option}" in loaded.names_read for option in lists.options):
            continue
        sets.append(_question(name, lists, loaded))
        loaded = _taken_apart(name, lists, loaded)
        metas |= {f"{name}/{option}": Meta(label=option, kind="single") for option in lists.options}
    if not sets:
        return loaded
    return replace(loaded, sets=(*loaded.sets, *sets), meta=metas,
                   notes=(*loaded.notes, *_notes(sets, kinds)))  # fmt: skip


def _taken_apart(name: str, lists: Lists, loaded: Loaded) -> Loaded:
    """The content with a column of 1 and 0 for each option of a list."""
    if isinstance(loaded.frame, Pushed):
        from surveytool.reading.cluster_options import taken_apart_there, with_queries

        columns = [(f"{name}/{option}", option) for option in lists.options]
        return with_queries(loaded, taken_apart_there(name, lists, columns))
    rows = seen(loaded, [name])
    return placed(loaded, rows, dict(_columns(name, rows.table.column(name), lists)))


def _lists(name: str, loaded: Loaded, kind: Kind | None) -> Lists | None:
    """What a column's cells hold; None where they are single answers, or where a person says another kind."""
    import pyarrow.types as types

    meta, column = loaded.meta.get(name, Meta()), loaded.table.column(name)
    kept = column.type.value_type if types.is_dictionary(column.type) else column.type
    if kind not in (None, "multiple") or not (types.is_string(kept) or types.is_large_string(kept)):
        return None
    if kind is None and (meta.labels or meta.order or looks_personal(name, meta.label) or looks_like_identifier(name)):
        return None
    counts = {str(text): n for text, n in distinct(column).items() if text not in meta.missing}
    fitting = len(counts) <= MOST_TEXTS and all(len(text) <= LONGEST for text in counts)
    found = lists_of(counts, surely=kind == "multiple") if fitting else None
    if found is None and kind == "multiple":
        raise UsageError(f"{name} holds no lists of answers.", "--kind", "Lists are joined by ; , | or a blank.")
    return found


def _columns(name: str, column: Any, lists: Lists) -> Iterator[tuple[str, Any]]:
    """A column of 1 and 0 an option, blank where the list is."""
    told = {text: frozenset(row) for text, row in lists.parts.items() if row}
    known = holding(column, told.__contains__)
    for option in lists.options:
        chosen = holding(column, lambda text, option=option: option in told.get(text, ()))  # type: ignore[misc]
        yield f"{name}/{option}", arrow.fixed(chosen.astype("f8"), known, _numbers())


def _numbers() -> Any:
    """Arrow's type of numbers."""
    import pyarrow as pa

    return pa.float64()


def _question(name: str, lists: Lists, loaded: Loaded) -> MultipleSet:
    columns = tuple(f"{name}/{option}" for option in lists.options)
    label = loaded.meta.get(name, Meta()).label
    return MultipleSet(name=name, label=label, columns=columns, counted=1.0, options=lists.options, parent=name,
                       sign=lists.sign)  # fmt: skip


def _notes(sets: list[MultipleSet], kinds: Mapping[str, Kind]) -> Iterator[Note]:
    """Which questions were taken apart without being asked to, by what joins their answers."""
    found: dict[str, list[str]] = {}
    for each in sets:
        if kinds.get(each.name) is None:
            found.setdefault(each.sign, []).append(each.name)
    for sign, names in found.items():
        yield note("lists_taken_apart", sign=repr(sign), variables=tuple(names))
