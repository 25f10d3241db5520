"""Faults of a study file in words: what is wrong with the setting, and the cure.

Several faults at one place (a value that fits none of a setting's types) are one problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any, get_args

from surveytool.errors import nearest
from surveytool.study.problem import Problem
from surveytool.study.schema import Fault, hints_of, kind_at, members
from surveytool.study.toml_lines import Place

_TYPES = {
    "string": "a text", "float": "a number", "int": "a whole number", "bool": "true or false", "tuple": "a list",
    "dict": "a table", "mapping": "a table", "model": "a table", "finite": "a finite number", "list": "a list",
}  # fmt: skip
_EXAMPLES = {"a text": '"..."', "a list": '["...", "..."]', "a table": '{en = "...", es = "..."}'}


def setting_of(place: Place) -> str:
    """A place as people say it, entries counted from 1.

    >>> setting_of(("tables", 0, "by")), setting_of(("variables", "sex"))
    ('[[tables]] 1, by', '[variables.sex]')
    """
    parts = list(place)
    if len(parts) > 1 and isinstance(parts[1], int):
        head, rest = f"[[{parts[0]}]] {parts[1] + 1}", parts[2:]
    elif len(parts) > 1 and parts[0] in ("variables", "sets"):
        head, rest = f"[{parts[0]}.{parts[1]}]", parts[2:]
    else:
        head, rest = f"[{parts[0]}]" if parts else "", parts[1:]
    said = [str(each + 1) if isinstance(each, int) else each for each in rest]
    return ", ".join([head, *said])


def problems(hint: Any, value: Any, faults: Iterable[Fault], place: Place, lines: Mapping[Place, int]) -> list[Problem]:
    """The problems that the faults of one value mean, the value at ``place`` of the file."""
    grouped: dict[Place, list[Fault]] = {}
    for fault in faults:
        grouped.setdefault(fault.place, []).append(fault)
    made = []
    for inner, found in grouped.items():
        if any(len(other) > len(inner) and other[: len(inner)] == inner for other in grouped):
            continue  # another member of a union was meant, and its own fault is told
        message, cure = _say(hint, value, found)
        whole = (*place, *inner)
        made.append(Problem(message=message, cure=cure, line=line_of(lines, whole), setting=setting_of(_parent(whole))))
    return made


def _parent(place: Place) -> Place:
    return place[:-1] if len(place) > 1 and isinstance(place[-1], str) else place


def line_of(lines: Mapping[Place, int], place: Place) -> int | None:
    """The line of a place, else of what is around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def _say(hint: Any, value: Any, faults: list[Fault]) -> tuple[str, str]:
    """What is wrong at one place, and the cure."""
    fault = faults[0]
    name = next((each for each in reversed(fault.place) if isinstance(each, str)), "")
    for each in faults:
        if each.type == "usage":
            return f"{name} {each.context['message']}", each.context["cure"]
        if each.type == "extra_forbidden":
            return unknown_setting(name, list(hints_of(kind_at(hint, value, each.place[:-1]) or type(None))))
        if each.type == "missing":
            return f"{name} is missing.", f"Write {name} = {_example(hint, value, each.place)}"
        if each.type in ("union_tag_invalid", "union_tag_not_found"):
            return _type(hint, fault)
        if each.type == "literal_error":
            return _choice(hint, value, name, faults)
    wanted = list(dict.fromkeys(_wanted(each) for each in faults))
    example = next((_EXAMPLES[each] for each in wanted if each in _EXAMPLES), "")
    return f"{name} must be {' or '.join(wanted)}.", f"Write {name} = {example}" if example and name else ""


def _wanted(fault: Fault) -> str:
    stem = fault.type.partition("_")[0]
    return _TYPES.get(stem, fault.type.replace("_", " "))


def unknown_setting(name: str, known: list[str]) -> tuple[str, str]:
    """A key that a table does not have."""
    return f"there is no setting {name!r}.", nearest(name, known, f"Settings are: {', '.join(known)}.")


def _type(hint: Any, fault: Fault) -> tuple[str, str]:
    known = [text for member in members(hint) if is_dataclass(member) for text in get_args(hints_of(member)["type"])]  # type: ignore[arg-type]
    if fault.type == "union_tag_not_found":
        return "type is missing.", f"Write type = one of {_listed(known)}."
    given = str(fault.context.get("tag", ""))
    return f"there is no type {given!r}.", nearest(given, known, f"Write one of {_listed(known)}.")


def _choice(hint: Any, value: Any, name: str, faults: list[Fault]) -> tuple[str, str]:
    """A text that is none of those that may be written."""
    fault = faults[0]
    kind = kind_at(hint, value, fault.place[:-1])
    known = [text for member in members(hints_of(kind)[name]) for text in get_args(member)] if kind is not None else []
    if not known:
        return f"{name} is {fault.value!r}.", f"Write {fault.context.get('expected', '')}."
    return f"{name} is {fault.value!r}.", nearest(str(fault.value), known, f"Write one of {_listed(known)}.")


def _example(hint: Any, value: Any, place: Place) -> str:
    kind = kind_at(hint, value, place[:-1])
    wanted = members(hints_of(kind)[str(place[-1])]) if kind is not None else ()
    first = wanted[0] if wanted else str
    if first is float or first is int or first is bool:
        return "..."
    return '["..."]' if first is not str else '"..."'


def _listed(known: list[str]) -> str:
    return ", ".join(f'"{each}"' for each in known)
