"""Columns that a person calls numbers or dates (``--kind NAME=number``), read as such where they hold texts.

What is none of them in a column that mostly holds them (a typing error, "see remarks")
counts as missing, with a told count; a column that mostly holds something else stops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from surveytool import arrow
from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.reading.calendar_days import Order, days_only, has_order, moment, order_of
from surveytool.reading.clean_text import cleaned, in_one
from surveytool.reading.loaded import Loaded, Meta
from surveytool.reading.number_marks import STYLES, Style, Written, decided, plainly, unsigned, written
from surveytool.reading.typed_text import TOKEN, number_texts, without_codes
from surveytool.survey import Kind, code_text
from surveytool.survey.non_answers import non_answer

MOSTLY = 0.8  # the share of answers that must be numbers, or days, for the rest to be mistakes
Rest = Callable[[], Mapping[str, Any]]


def to_read_anew(loaded: Loaded, kinds: Mapping[str, Kind]) -> list[str]:
    """The columns that are called numbers or dates, and hold texts."""
    return [
        *(name for name, kind in kinds.items() if kind == "number" and _is(loaded, name, "text")),
        *(name for name, kind in kinds.items() if kind == "date" and _is(loaded, name, "text", "number")),
    ]


def with_given_kinds(
    loaded: Loaded, kinds: Mapping[str, Kind], rest: Rest = dict, delimiter: str = ",", decimal_mark: str | None = None
) -> Loaded:
    """The content with columns as the numbers and dates that they are said to be.

    ``rest`` gives the file's columns that were not asked for: they too tell how days and numbers are written.
    Raises ``UsageError`` for a column that mostly holds something else.
    """
    names = to_read_anew(loaded, kinds)
    if not names:
        return loaded
    if not hasattr(loaded.table, "select"):  # on a cluster
        raise UsageError(f"{names[0]} cannot be read so here.", "--kind", "Give the column its type first.")
    numbers, days = ([name for name in names if kinds[name] == kind] for kind in ("number", "date"))
    asked = {name: _Column(loaded.table.column(name)) for name in (*days, *numbers)}
    own = {name: loaded.table.column(name) for name in loaded.names if name not in asked and _is(loaded, name, "text")}
    unread = {name: column for name, column in (rest() if _open(asked) else {}).items() if name not in asked}
    others = {name: _Column(column) for name, column in (own | unread).items()}
    order = order_of(_texts(asked, days), days_only(_texts(others)), delimiter == ";") if days else None
    styles = _styles(asked, numbers, others, delimiter, decimal_mark)
    read = {name: _as_days(name, asked[name], order) for name in days}
    read |= {name: _as_numbers(name, asked[name], styles.get(name)) for name in numbers}
    notes = (
        [note(f"{order}_first", variables=tuple(name for name in days if has_order(asked[name].texts)))]
        if order
        else []
    )
    return _replaced(loaded, read, notes)


class _Column:
    """A column as its distinct ``texts``, with the place of each row's (-1 where it is blank)."""

    def __init__(self, column: Any) -> None:
        import pyarrow as pa
        import pyarrow.types as types

        if not types.is_string(column.type):
            column = arrow.texts([None if cell is None else code_text(cell) for cell in column.to_pylist()])
        column = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
        codes = in_one(arrow.encode(cleaned(column)[0]))
        self.texts: list[str] = [] if codes is None else codes.dictionary.to_pylist()
        places = np.full(len(column), -1) if codes is None else np.asarray(codes.indices.fill_null(-1))
        self.places = places.astype(np.int64)

    def share(self, flags: Sequence[bool], of: Sequence[bool]) -> tuple[int, int]:
        """How many rows hold a flagged text, and how many one of the others that count."""
        counts = np.bincount(self.places[self.places >= 0], minlength=len(self.texts))
        whole = np.array(of, dtype=bool)
        return int(counts[np.array(flags, dtype=bool) & whole].sum()), int(counts[whole].sum())

    def spread(self, values: Sequence[Any], kind: Any) -> Any:
        """A column of these values [distinct texts], one for each row."""
        import pyarrow as pa

        places = pa.array(self.places, mask=self.places < 0)
        return arrow.call("take", pa.array(values, kind), places)


def _is(loaded: Loaded, name: str, *kinds: str) -> bool:
    """Whether a column that was read holds texts, or numbers."""
    import pyarrow.types as types

    if name not in loaded.table.column_names:
        return False
    kind = loaded.table.column(name).type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_string(kind) or types.is_large_string(kind):
        return "text" in kinds
    return "number" in kinds and not types.is_temporal(kind) and not types.is_boolean(kind)


def _texts(columns: Mapping[str, _Column], names: Sequence[str] | None = None) -> dict[str, list[str]]:
    return {name: columns[name].texts for name in (columns if names is None else names)}


def _open(columns: Mapping[str, _Column]) -> bool:
    """Whether other columns must tell how some texts are written."""
    return any(
        has_order(column.texts) or any("," in text or "." in text for text in column.texts)
        for column in columns.values()
    )


def _strays(name: str, column: _Column, holds: Sequence[bool], what: str) -> int:
    """How many rows hold an answer that is none of what was said; ``UsageError`` where they are many."""
    answers = [non_answer(text) is None and not _is_token(text) for text in column.texts]
    held, whole = column.share(holds, answers)
    if whole and held < MOSTLY * whole:
        shown = f"{100 * held / whole:.0f}%"
        raise UsageError(f"only {shown} of the answers of {name} are {what}.", "--kind", "Mend them, or leave it out.")
    return whole - held


def _is_token(text: str) -> bool:
    import re

    return re.fullmatch(TOKEN, text) is not None


def _as_days(name: str, column: _Column, order: Order | None) -> tuple[Any, Any, Note | None]:
    """Moments, no missing kinds, and what to say."""
    import pyarrow as pa

    found = [moment(text, order) for text in column.texts]
    stray = _strays(name, column, [each is not None for each in found], "days of the calendar")
    said = note("no_days", n=stray, variables=(name,)) if stray else None
    return column.spread(found, pa.timestamp("s")), None, said


def _styles(
    asked: Mapping[str, _Column], names: Sequence[str], others: Mapping[str, _Column], delimiter: str, mark: str | None
) -> dict[str, Style]:
    """How the numbers of each column are written, by all columns of the file."""
    import pyarrow as pa

    if not names:
        return {}
    known: dict[str, Written] = {}
    for name, other in others.items():
        texts = pa.array(other.texts, pa.string())
        known[name] = number_texts(texts, arrow.matches(texts, TOKEN))
    known = without_codes(known)
    for name in names:
        known[name] = written(pa.array([text for text in asked[name].texts if _number_like(text)], pa.string()))
    marks = decided(known, delimiter, mark)
    return {name: marks.chosen[name] for name in names if name in marks.chosen}


def _number_like(text: str) -> bool:
    """Whether a text is a number in some way of writing."""
    import re

    import pyarrow as pa

    bare, sign = unsigned(pa.array([text], pa.string()))
    return sign is not None and any(re.fullmatch(style.pattern, bare[0].as_py()) for style in STYLES)


def _as_numbers(name: str, column: _Column, style: Style | None) -> tuple[Any, Any, Note | None]:
    """Numbers, the texts that say why one is missing, and what to say."""
    import pyarrow as pa

    good = [_number_like(text) for text in column.texts]
    if style is None and any(good):
        raise UsageError(f"the numbers of {name} can be read in two ways.", "--kind", "Say which with --decimal-mark.")
    stray = _strays(name, column, good, "numbers")
    plain = pa.array([text if number else None for text, number in zip(column.texts, good, strict=True)], pa.string())
    values = (
        arrow.cast(plainly(plain, style), pa.float64()) if style is not None else pa.nulls(len(plain), pa.float64())
    )
    tags = [text if not number and (_is_token(text) or non_answer(text)) else None
            for text, number in zip(column.texts, good, strict=True)]  # fmt: skip
    said = note("no_numbers", n=stray, variables=(name,)) if stray else None
    kept = column.spread(tags, pa.string()) if any(tags) else None
    return column.spread(values.to_pylist(), pa.float64()), kept, said


def _replaced(loaded: Loaded, read: Mapping[str, tuple[Any, Any, Note | None]], notes: list[Note]) -> Loaded:
    """The content with these columns in place of their texts."""
    table, metas = loaded.table, dict(loaded.meta)
    for name, (column, tags, said) in read.items():
        table = table.set_column(table.column_names.index(name), name, column)
        own = f"__tag__{name}" if tags is not None else None
        table = table if own is None else table.append_column(own, tags)
        metas[name] = replace(metas.get(name, Meta()), tags=own, missing=(), order=None)
        notes += [said] if said is not None else []
    return replace(loaded, table=table, meta=metas, notes=(*loaded.notes, *notes), frame=None)
