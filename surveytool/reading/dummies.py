"""Select-multiple questions as Kobo and ODK write them: a parent column and one 0/1 column an option.

``platforms`` holds "whatsapp facebook", ``platforms/whatsapp`` holds 1. The
parent is empty where the question was not asked, and only the parent tells that
from "chose nothing" (trap 19). A prefix alone proves nothing (trap 22): the
parent must exist and its words must be the options.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveytool.reading.infer import distinct, is_number
from surveytool.reading.loaded import MultipleSet
from surveytool.survey import Code

_YES = {"1", "1.0", "true", "yes", "sí", "si", "oui", "sim"}
_NO = {"0", "0.0", "false", "no", "non", "não", "nao"}


def families(names: Sequence[str]) -> dict[str, list[str]]:
    """Parents with the columns ``parent/option`` or ``parent.option`` that follow their name."""
    known = set(names)
    found: dict[str, list[str]] = {}
    for name in names:
        for sign in ("/", "."):
            stem, found_sign, option = name.rpartition(sign)
            if found_sign and option and stem in known:
                found.setdefault(stem, []).append(name)
                break
    return {parent: columns for parent, columns in found.items() if len(columns) >= 2}


def sets(table: Any, labels: dict[str, str]) -> tuple[MultipleSet, ...]:
    """The select-multiple questions of a table; ``labels`` are the columns' own."""
    found = []
    for parent, columns in families(table.column_names).items():
        counted = _counted(table, columns)
        options = tuple(column[len(parent) + 1 :] for column in columns)
        if counted is not None and _words(table, parent) <= set(options):
            shown = tuple(labels.get(column) or option for column, option in zip(columns, options, strict=True))
            found.append(
                MultipleSet(
                    name=parent, label=labels.get(parent, ""), columns=tuple(columns), counted=counted,
                    options=shown, parent=parent,
                )
            )  # fmt: skip
    return tuple(found)


def _words(table: Any, parent: str) -> set[str]:
    return {word for text in distinct(table.column(parent)) for word in str(text).split()}


def _counted(table: Any, columns: Sequence[str]) -> Code | None:
    """The value that says "chosen" in all columns alike; None where they are no yes/no columns."""
    values: dict[str, Code] = {}
    for column in columns:
        for value in distinct(table.column(column)):
            text = str(value).strip().lower()
            if text not in _YES | _NO:
                return None
            if text in _YES:
                values.setdefault(text, value)
    if len(values) > 1:
        return None
    if values:
        return next(iter(values.values()))
    return 1.0 if is_number(table.column(columns[0])) else "1"
