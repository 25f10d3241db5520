"""Select-multiple questions as Kobo and ODK write them: a parent column and one 0/1 column an option.

``platforms`` holds "whatsapp facebook", ``platforms/whatsapp`` holds 1. The
parent is empty where the question was not asked, and only the parent tells that
from "chose nothing" (trap 19). A prefix alone proves nothing (trap 22): the
parent must exist and its words must be the options.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from surveytool import arrow
from surveytool.reading.infer import distinct, is_number
from surveytool.reading.loaded import MultipleSet, rows_of
from surveytool.reading.missing_mark import CERTAIN
from surveytool.survey import Code

_YES = {"1", "1.0", "true", "yes", "sí", "si", "oui", "sim"}
_NO = {"0", "0.0", "false", "no", "non", "não", "nao"}


def families(names: Sequence[str], signs: str = "/.") -> dict[str, list[str]]:
    """Parents with the columns ``parent/option`` or ``parent.option`` that follow their name.

    The longest name that is a column is the parent: an option may have a sign of its own ("Radio/TV").
    """
    known = set(names)
    found: dict[str, list[str]] = {}
    for name in names:
        places = [index for index, sign in enumerate(name) if sign in signs and 0 < index < len(name) - 1]
        stem = next((name[:place] for place in reversed(places) if name[:place] in known), None)
        if stem is not None:
            found.setdefault(stem, []).append(name)
    return {parent: columns for parent, columns in found.items() if len(columns) >= 2}


LOOSE = "_-:"  # signs that names hold also otherwise: there the list has to name the options, and nothing else


def _candidates(table: Any) -> Iterator[tuple[str, list[str]]]:
    """Parents and the columns that may be their options; by loose signs only those that say yes and no."""
    strict = families(table.column_names)
    yield from strict.items()
    for parent, columns in families(table.column_names, LOOSE).items():
        if parent in strict or is_number(table.column(parent)):
            continue
        options = [name for name in columns if _counted(table, [name]) is not None and distinct(table.column(name))]
        words = _words(table, parent) if len(options) >= 2 else set()
        if words and words <= {name[len(parent) + 1 :] for name in options}:
            yield parent, options


def sets(table: Any, labels: dict[str, str]) -> tuple[MultipleSet, ...]:
    """The select-multiple questions of a table; ``labels`` are the columns' own."""
    found = []
    for parent, columns in _candidates(table):
        counted = _counted(table, columns)
        options = tuple(column[len(parent) + 1 :] for column in columns)
        shown = tuple(labels.get(column) or option for column, option in zip(columns, options, strict=True))
        if counted is None:
            continue
        stray = 0 if _words(table, parent) <= set(options) else _stray_rows(table, parent, columns, options, shown)
        if stray is not None:
            found.append(
                MultipleSet(
                    name=parent, label=labels.get(parent, ""), columns=tuple(columns), counted=counted,
                    options=shown, parent=parent, stray=stray,
                )
            )  # fmt: skip
    return tuple(found)


def with_sets(table: Any, labels: dict[str, str]) -> tuple[Any, tuple[MultipleSet, ...]]:
    """A table in memory with its select-multiple questions; a list that says n/a is blank, as nobody was asked."""
    import pyarrow as pa
    from pyarrow._compute import SetLookupOptions

    found = sets(table, labels)
    for parent in (each.parent for each in found if each.parent):
        held = [value for value in distinct(table.column(parent)) if value in CERTAIN]
        if held:
            column = table.column(parent)
            no_answer = arrow.call("is_in", column, options=SetLookupOptions(pa.array(held)))
            kept = arrow.call("if_else", no_answer, pa.scalar(None, column.type), column)
            table = table.set_column(table.column_names.index(parent), parent, kept)
    return table, found


def _words(table: Any, parent: str) -> set[str]:
    return {word for text in distinct(table.column(parent)) if text not in CERTAIN for word in str(text).split()}


def _stray_rows(
    table: Any, parent: str, columns: Sequence[str], options: tuple[str, ...], shown: tuple[str, ...]
) -> int | None:
    """In how many rows the list says something else than its columns; None where it is no list of theirs at all."""
    told, stray = 0, 0
    rows, sizes = rows_of(table, [parent, *columns])
    cells = (rows.column(name).to_pylist() for name in (parent, *columns))
    counts = [1] * rows.num_rows if sizes is None else sizes.tolist()
    for n, text, *held in zip(counts, *cells, strict=True):
        if text is None or not str(text).strip() or text in CERTAIN:
            continue
        told += n
        chosen = [index for index, cell in enumerate(held) if str(cell).strip().lower() in _YES]
        stray += 0 if _says(str(text), chosen, options, shown) else n
    return stray if told and stray * 20 <= told else None


def _says(text: str, chosen: list[int], options: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether a list names the chosen options: by their names, by their labels, or as many words as were chosen."""
    words = text.split()
    if set(words) == {options[place] for place in chosen} or len(words) == len(chosen):
        return True
    named = sorted(({options[place] for place in chosen}, {shown[place] for place in chosen}), key=sum_of_lengths)
    return any(_taken_away(text, names) for names in named)


def sum_of_lengths(texts: set[str]) -> int:
    """How long texts are together."""
    return sum(map(len, texts))


def _taken_away(text: str, names: set[str]) -> bool:
    """Whether nothing but signs is left of a text when these names, longest first, are taken out of it."""
    for name in sorted(names, key=len, reverse=True):
        before, found, after = text.partition(name)
        if not found:
            return False
        text = f"{before} {after}"
    return not text.strip(" ,;|")


def _counted(table: Any, columns: Sequence[str]) -> Code | None:
    """The value that says "chosen" in all columns alike; None where they are no yes/no columns."""
    values: dict[str, Code] = {}
    for column in columns:
        for value in distinct(table.column(column)):
            text = str(value).strip().lower()
            if value in CERTAIN:
                continue
            if text not in _YES | _NO:
                return None
            if text in _YES:
                values.setdefault(text, value)
    if len(values) > 1:
        return None
    if values:
        return next(iter(values.values()))
    return 1.0 if is_number(table.column(columns[0])) else "1"
