"""Travellers' paths as numbers of places: origin, stops in order, destination, one row a respondent.

A place is what several columns call by the same code, name or country. Number 0
is the unknown place: it stays in the path. -1 is nothing: no further stop. A
blank between two stops is a stop that nobody wrote down, so it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import keys_of, same_code
from surveytool.errors import unknown
from surveytool.frozen import frozen
from surveytool.reading.missing_kind import kind_of_missing
from surveytool.recoding import country
from surveytool.recoding.recode_result import phrase
from surveytool.survey import Survey, Variable, code_text
from surveytool.text import LANGUAGES

if TYPE_CHECKING:
    from surveytool.arrays import Codes, Flags


UNKNOWN, NOTHING, NOWHERE = 0, -1, -2
ARROW = " → "
SKIPPED = " … "  # between two places of a route where stops are left out


@frozen
class Place:
    """A place: its code, its name by language, and whatever the data call it."""

    code: str
    labels: Mapping[str, str]
    names: frozenset[str] = frozenset()


@frozen
class Paths:
    """Numbers into ``places``; rows that are not ``travelled`` have no route.

    ``start``, ``end`` [rows]; ``stops`` [rows, most stops], from the left, without
    gaps. ``gaps`` counts travellers with a blank between two stops.
    """

    places: tuple[Place, ...]
    travelled: Flags
    start: Codes
    stops: Codes
    end: Codes
    gaps: int

    @property
    def length(self) -> Codes:
        """Stops of each traveller [rows]."""
        return np.asarray((self.stops >= 0).sum(axis=1), dtype=np.int32)

    @property
    def first(self) -> Codes:
        """The first stop [rows]."""
        return self.stops[:, 0]

    @property
    def last(self) -> Codes:
        """The last stop [rows]."""
        place = np.maximum(self.length - 1, 0)
        return self.stops[np.arange(len(place)), place]


@dataclass(slots=True, kw_only=True)
class Gazetteer:
    """The places of one route, numbered as they are met."""

    unknown: frozenset[str]
    read: Callable[[str], str | None]
    found: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def number(self, code: str, label: str, missing: str | None = None) -> int:
        """The number of a place by its code and label; its kind of missing where it is none."""
        if missing is not None:
            return NOTHING if missing == "not_asked" else UNKNOWN
        if not label.strip():
            return NOTHING
        if {code.casefold(), label.casefold()} & self.unknown:
            return UNKNOWN
        alpha_2 = self.read(label) or (None if code.isdecimal() else self.read(code))
        kind = "user" if alpha_2 else kind_of_missing(label)
        if kind != "user":
            return NOTHING if kind == "not_asked" else UNKNOWN
        return self._place(code, label, alpha_2)

    def _place(self, code: str, label: str, alpha_2: str | None) -> int:
        key = alpha_2 or f"={country.plain(label) or label}"
        if key not in self.found:
            self.found[key] = len(self.places) + 1
            named = country.alpha_3(alpha_2) if alpha_2 else label.strip()
            labels = {language: _safe(country.label(alpha_2, language) if alpha_2 else label) for language in LANGUAGES}
            self.places.append(Place(code=_safe(named), labels=labels))
        number = self.found[key]
        place_ = self.places[number - 1]
        names = place_.names | {code.casefold(), *map(country.plain, (label, *place_.labels.values()))}
        self.places[number - 1] = replace(place_, names=names)
        return number

    def all(self) -> tuple[Place, ...]:
        """Every place by its number, the unknown one first."""
        labels = phrase("route_unknown")
        names = frozenset({"unknown", *map(country.plain, labels.values())})
        return (Place(code="unknown", labels=labels, names=names), *self.places)


def _safe(text: str) -> str:
    """A name that can stand in a leg: without the arrow that separates places."""
    return " ".join(text.replace("→", "-").replace(">", "-").split())


def finder(places: Sequence[Place], where: str) -> Callable[[str], int]:
    """A place's number by code, name or country; ``UsageError`` with near names for one that nothing knows.

    A country that no traveller named is ``NOWHERE``: it fulfils no rule.
    """
    iso = {stop.code: number for number, stop in enumerate(places)}

    def find(name: str) -> int:
        text = str(name).strip()
        for number, stop in enumerate(places):
            if text.casefold() in stop.names or country.plain(text) in stop.names or text == stop.code:
                return number
        alpha_2 = country.named(text) or (None if text.isdecimal() else country.coded(text))
        if alpha_2 is not None:
            return iso.get(country.alpha_3(alpha_2), NOWHERE)
        labels = (label for stop in places for label in stop.labels.values())
        raise unknown("place", text, labels, where, "Name a country or a stop of the data.")

    return find


def levels_of(survey: Survey, name: str, values: Iterable[Any]) -> list[tuple[str, str, str | None]]:
    """Code, label and kind of missing of a column's values."""
    variable = survey.codebook.variables.get(name)
    levels = () if variable is None or variable.kind in ("multiple", "route") else variable.levels
    levels_by_code: list[tuple[str, str, str | None]] = []
    for value in values:
        level = next((level for level in levels if same_code(value, level.code)), None)
        code = code_text(value) if isinstance(value, str | int | float) else str(value)
        levels_by_code.append((code, level.label or code, level.missing) if level is not None else (code, code, None))
    return levels_by_code


def tagged(variable: Variable | None, table: Any) -> Flags | None:
    """Rows [rows] with a tagged missing value that means an unknown place; None where the column has no tags."""
    if variable is None or variable.tags is None:
        return None
    keys, tags = keys_of(table.column(variable.tags))
    asked = {code_text(level.code) for level in variable.levels if level.missing not in (None, "not_asked")}
    indices = [index for index, tag in enumerate(tags) if str(tag) in asked]
    return np.isin(keys, indices)


def compact(stops: Codes) -> tuple[Codes, int]:
    """Stops [rows, S] with blanks between stops as unknown ones, and how many rows had such a gap."""
    filled = stops >= 0
    width = stops.shape[1]
    last = np.where(filled.any(axis=1), width - 1 - filled[:, ::-1].argmax(axis=1), -1)
    gap = ~filled & (np.arange(width) < last[:, None])
    most = int(last.max(initial=0)) + 1
    return np.where(gap, UNKNOWN, stops)[:, :most].astype(np.int32), int(gap.any(axis=1).sum())
