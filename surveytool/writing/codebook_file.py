"""The codebook beside a file, as the reader takes it up: no counts, and no answer that the file does not declare."""

from __future__ import annotations

import json
from typing import Any

from surveytool.survey import Code, Variable
from surveytool.writing.sheet import Column, Sheet

SCHEMA = 1


def codebook(sheet: Sheet, names: dict[str, str] | None = None) -> bytes:
    """JSON, a line an entry; ``names`` are the columns' names in the file where they differ."""
    called = names or {}
    variables = [_variable(column, called) for column in sheet.columns]
    sets = [_set(variable, called) for variable in sheet.sets]
    head = f'{{\n  "schema": {SCHEMA},\n  "variables": [\n'
    lines = ",\n".join(f"    {_text(variable)}" for variable in variables)
    more = ",\n".join(f"    {_text(described)}" for described in sets)
    return f'{head}{lines}\n  ],\n  "sets": [\n{more}\n  ]\n}}\n'.encode("utf-8", errors="backslashreplace")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _variable(column: Column, called: dict[str, str]) -> dict[str, Any]:
    name = called.get(column.name, column.name)
    described: dict[str, Any] = {"name": name, "label": column.label, "kind": column.kind, "type": column.type}
    if name != column.name:
        described["was"] = column.name
    if column.levels:
        described["levels"] = [
            {"code": _code(level.code), "label": level.label, "missing": level.missing} for level in column.levels
        ]  # fmt: skip
    if column.tags is not None:
        described["tags"] = True
    return described


def _code(code: Code) -> Code:
    return int(code) if isinstance(code, float) and code.is_integer() and abs(code) < 2**53 else code


def _set(variable: Variable, called: dict[str, str]) -> dict[str, Any]:
    options = (
        [level.label for level in variable.levels[: len(variable.columns)]] if variable.counted is not None else []
    )
    return {
        "name": variable.name, "label": variable.label,
        "columns": [called.get(name, name) for name in variable.columns],
        "counted": None if variable.counted is None else _code(variable.counted), "options": options,
        "parent": called.get(variable.parent, variable.parent) if variable.parent else None,
    }  # fmt: skip
