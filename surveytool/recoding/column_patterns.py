"""Columns by name or pattern, and a route as it is written on the command line."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from surveytool.errors import UnknownVariable, UsageError
from surveytool.survey import Survey
from surveytool.survey.name_pattern import is_pattern

HOW = "Write for example 'journey: origin > route_* > destination'"


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers in names by value.

    >>> sorted(["route_10", "route_2"], key=natural)
    ['route_2', 'route_10']
    """
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def matching(
    patterns: Sequence[str], columns: Iterable[str], where: str, hidden: Container[str] = ()
) -> tuple[str, ...]:
    """The columns that names and patterns (``route_*``) mean, those of one pattern in natural order.

    A pattern never means a ``hidden`` column, such as one of tags. Raises ``UnknownVariable`` with near names.
    """
    names = list(columns)
    matches: list[str] = []
    for pattern in patterns:
        if pattern in names:
            matches.append(pattern)
            continue
        matched = [name for name in names if fnmatchcase(name, pattern) and name not in hidden]
        matched = matched if is_pattern(pattern) else []
        if not matched:
            raise UnknownVariable(pattern, names, where)
        matches += sorted(matched, key=natural)
    return tuple(dict.fromkeys(matches))


def frame_columns(survey: Survey) -> list[str]:
    """Every column of a survey's frame that its codebook knows, each once."""
    columns: list[str] = []
    for name, variable in survey.codebook.items():
        parts = [column for column in (*variable.columns, variable.tags, variable.parent) if column]
        columns += parts if variable.columns else [name, *parts]
    return list(dict.fromkeys(columns))


def parsed(text: str) -> dict[str, Any]:
    """``NAME: ORIGIN > STOPS > DESTINATION`` as the fields of a route.

    Stops are one name or pattern, or several with commas. Two parts are origin and
    stops, one is the stops. A question mark after the destination says that it is
    only intended. Raises ``UsageError``.
    """
    name, colon, rest = text.partition(":")
    parts = [part.strip() for part in rest.split(">")]
    if not colon or not name.strip() or not all(parts) or len(parts) > 3:
        raise UsageError(f"{text!r} is not NAME: ORIGIN > STOPS > DESTINATION.", "--route", HOW)
    settings: dict[str, Any] = {"name": name.strip()}
    if len(parts) > 1:
        settings["origin"] = parts[0]
    if len(parts) == 3:
        settings["intended"] = parts[2].endswith("?")
        settings["destination"] = parts[2].removesuffix("?").strip()
    stops = parts[0] if len(parts) == 1 else parts[1]
    settings["stops"] = tuple(stop.strip() for stop in stops.split(",") if stop.strip())
    return settings
