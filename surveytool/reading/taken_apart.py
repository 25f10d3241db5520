"""Lists of answers in one cell, taken apart into one column an option, as Kobo and ODK would have written them.

Only what proves itself (``answer_lists``), or what a person calls ``multiple``, is taken apart; ``single`` or
``text`` said of a column leaves it whole. The list stays as the question's parent: it is blank where nobody answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.reading.answer_lists import Lists, lists_of
from surveytool.reading.dummies import families
from surveytool.reading.hints import looks_like_identifier, looks_personal
from surveytool.reading.infer import distinct
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.reading.option_families import NO, NOT_ASKED, YES
from surveytool.reading.option_names import siblings
from surveytool.survey import Kind, code_text

MOST_TEXTS = 2000
LONGEST = 400


def with_lists(loaded: Loaded, kinds: Mapping[str, Kind]) -> Loaded:
    """The content with its lists taken apart. Raises ``UsageError`` where a column called multiple holds none."""
    if loaded.frame is not None and not hasattr(loaded.table, "append_column"):
        return loaded
    inside = {column for each in loaded.sets for column in (each.name, *each.columns)}
    table, sets, metas = loaded.table, [], dict(loaded.meta)
    for name in loaded.table.column_names:
        lists = None if name in inside or name not in loaded.names else _lists(name, loaded, kinds.get(name))
        if lists is None or any(f"{name}/{option}" in table.column_names for option in lists.options):
            continue
        for column, option, values in _columns(name, table.column(name), lists):
            table = table.append_column(column, values)
            metas[column] = Meta(label=option, kind="single")
        sets.append(_question(name, lists, loaded))
    if not sets:
        return loaded
    return replace(loaded, table=table, sets=(*loaded.sets, *sets), meta=metas, frame=None,
                   notes=(*loaded.notes, *_notes(sets, loaded, kinds)))  # fmt: skip


def needs_rows(loaded: Loaded) -> bool:
    """Whether answers have to be seen respondent by respondent: lists, options that say no of who was not asked."""
    table = loaded.table
    if any(_lists(name, loaded, None) for name in table.column_names if name in loaded.names):
        return True
    for parent, columns in families(table.column_names).items():
        if any(table.column(name).null_count < table.column(parent).null_count for name in columns):
            return True
    forms = [each for each in siblings(table.column_names) if each.form in ("path", "limesurvey")]
    return any(_says_yes(table.column(name)) for each in forms for name in each.columns)


def _says_yes(column: Any) -> bool:
    texts = {code_text(value).strip().lower() for value in distinct(column)}
    return bool(texts & YES) and texts <= YES | NO | NOT_ASKED


def _lists(name: str, loaded: Loaded, kind: Kind | None) -> Lists | None:
    """What a column's cells hold; None where they are single answers, or where a person says another kind."""
    import pyarrow.types as types

    meta, column = loaded.meta.get(name, Meta()), loaded.table.column(name)
    kept = column.type.value_type if types.is_dictionary(column.type) else column.type
    if kind not in (None, "multiple") or not types.is_string(kept):
        return None
    if kind is None and (meta.labels or meta.order or looks_personal(name, meta.label) or looks_like_identifier(name)):
        return None
    counts = {str(text): n for text, n in distinct(column).items() if text not in meta.missing}
    fitting = len(counts) <= MOST_TEXTS and all(len(text) <= LONGEST for text in counts)
    found = lists_of(counts, surely=kind == "multiple") if fitting else None
    if found is None and kind == "multiple":
        raise UsageError(f"{name} holds no lists of answers.", "--kind", "Lists are joined by ; , | or a blank.")
    return found


def _columns(name: str, column: Any, lists: Lists) -> Iterator[tuple[str, str, Any]]:
    """A column of 1 and 0 an option, blank where the list is."""
    import pyarrow as pa

    texts = column.to_pylist()
    parts = {text: frozenset(row) for text, row in lists.parts.items()}
    for option in lists.options:
        held = [None if text not in parts or not parts[text] else float(option in parts[text]) for text in texts]
        yield f"{name}/{option}", option, pa.chunked_array([pa.array(held, pa.float64())])


def _question(name: str, lists: Lists, loaded: Loaded) -> MultipleSet:
    columns = tuple(f"{name}/{option}" for option in lists.options)
    label = loaded.meta.get(name, Meta()).label
    return MultipleSet(name=name, label=label, columns=columns, counted=1.0, options=lists.options, parent=name,
                       sign=lists.sign)  # fmt: skip


def _notes(sets: list[MultipleSet], loaded: Loaded, kinds: Mapping[str, Kind]) -> Iterator[Note]:
    """Which questions were taken apart without being asked to, by what joins their answers."""
    found: dict[str, list[str]] = {}
    for each in sets:
        if kinds.get(each.name) is None:
            found.setdefault(each.sign, []).append(each.name)
    for sign, names in found.items():
        yield note("lists_taken_apart", sign=repr(sign), variables=tuple(names))
