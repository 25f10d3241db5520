"""Routes: an ordered list of stops as a variable of its own kind.

``add_route`` reads the stops of each traveller and adds variables to the survey
that the ordinary corridor can sum: legs and stops as questions with several
answers, origin, destination and corridor as questions with one, and the number
of stops. A leg that somebody went twice counts once in shares of travellers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import arrow_table, keys_of
from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.recoding import country, path
from surveytool.recoding.column_patterns import frame_columns, matching
from surveytool.recoding.path import NOTHING, UNKNOWN, Gazetteer, Paths, compact
from surveytool.recoding.route_definition import Route, belongs, check, columns_of
from surveytool.stream import Stream
from surveytool.survey import Codebook, Survey
from surveytool.survey.label import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes


def add_route(survey: Survey, route: Route, language: str = "en") -> Survey:
    """The survey with the variables of a route.

    ``NAME`` (kind route) and ``NAME.legs`` are the legs, ``NAME.stops`` the stops,
    ``NAME.origin``, ``NAME.destination`` and ``NAME.corridor`` the ends and the
    corridor, ``NAME.length`` the number of stops. Labels are in ``language``, and known in
    the others.
    Raises ``UsageError`` for columns or places that are not there, and where
    exclusive corridors share travellers.
    """
    from surveytool.recoding.apply import with_columns
    from surveytool.recoding.route_variables import variables

    _check(survey, route)
    streams = isinstance(survey.frame, Stream)
    table = arrow_table(survey.frame, _about(survey, route) if streams else frame_columns(survey))
    paths = read_paths(survey, route, table)
    columns, added, notes = variables(survey, route, paths, table, language)
    return replace(
        survey, frame=with_columns(survey.frame if streams else table, columns),
        codebook=Codebook({**survey.codebook.variables, **added}),
        notes=(*survey.notes, *notes, *_notes(survey, route, paths, language)),
    )  # fmt: skip


def _about(survey: Survey, route: Route) -> list[str]:
    """The columns that a route looks at: its places with their tags, and the weights."""
    book, columns = survey.codebook.variables, frame_columns(survey)
    tags = {variable.tags for variable in book.values() if variable.tags}
    named = matching(columns_of(route), columns, f"route {route.name}", tags)
    more = [book[name].tags for name in named if name in book] + [survey.design.weights]
    return list(dict.fromkeys([*named, *(name for name in more if name in columns)]))


def _check(survey: Survey, route: Route) -> None:
    check(route)
    where = f"route {route.name}"
    taken = [name for name in survey.codebook if belongs(name, route)]
    if taken:
        raise UsageError(f"the data have a variable {taken[0]!r} already.", where, "Give the route another name.")


def read_paths(survey: Survey, route: Route, table: Any) -> Paths:
    """Everybody's path from the columns of an Arrow table."""
    where = f"route {route.name}"
    column_names = table.column_names
    stops = [
        *matching(
            route.stops, column_names, where, {variable.tags for variable in survey.codebook.values() if variable.tags}
        )
    ]
    ends = {name: matching((name,), column_names, where)[0] for name in (route.origin, route.destination) if name}
    raw = {name: keys_of(table.column(name)) for name in dict.fromkeys([*stops, *ends.values()])}
    seen = {name: _values(survey, route, name, values, name in stops) for name, (_, values) in raw.items()}
    texts = {text for rows in seen.values() for stops_of_row in rows
             for code, shown, missing in stops_of_row if missing is None
             for text in ((shown,) if shown != code and code.isdecimal() else (code, shown))}  # fmt: skip
    reader = country.reader(texts) if route.countries else _no_country
    places = Gazetteer(
        unknown=frozenset(str(text).casefold() for text in route.unknown), read=reader,
    )  # fmt: skip
    numbers = {
        name: _numbers(places, raw[name][0], seen[name], path.tagged(survey.codebook.variables.get(name), table))
        for name in raw
    }  # fmt: skip
    rows, gaps = compact(np.concatenate([numbers[name] for name in stops], axis=1))
    return _paths(
        places, rows, gaps, *(numbers[ends[n]][:, 0] if n else None for n in (route.origin, route.destination))
    )


def _no_country(text: str) -> str | None:
    return None


def _values(
    survey: Survey, route: Route, name: str, values: list[Any], stops: bool
) -> list[list[tuple[str, str, str | None]]]:
    """What each distinct value of a column stands for: one place, or several in a text with separators."""
    if route.separator is None or not stops:
        return [[level] for level in path.levels_of(survey, name, values)]
    sign = route.separator.strip() or None
    return [[(part.strip(), part.strip(), None) for part in str(value).split(sign)] for value in values]


def _numbers(
    places: Gazetteer, keys: Codes, seen: list[list[tuple[str, str, str | None]]], tagged: NDArray[np.bool_] | None
) -> Codes:
    """Numbers of places [rows, places in a value]."""
    width = max((len(stops_of_row) for stops_of_row in seen), default=1)
    table = np.full((len(seen) + 1, width), NOTHING, dtype=np.int32)
    for row, stops_of_row in enumerate(seen):
        table[row, : len(stops_of_row)] = [places.number(*part) for part in stops_of_row]
    numbers = table[keys]
    if tagged is not None:
        numbers[tagged & (keys < 0), 0] = UNKNOWN
    return np.asarray(numbers, dtype=np.int32)


def _paths(places: Gazetteer, stops: Codes, gaps: int, start: Codes | None, end: Codes | None) -> Paths:
    """Paths of those with a stop, or with both ends; an end that is blank is unknown."""
    some = stops[:, 0] >= 0
    if start is not None and end is not None:
        some = some | ((start >= 0) & (end >= 0))
    paths = Paths(places=places.all(), travelled=some, start=stops[:, 0], stops=stops, end=stops[:, 0], gaps=gaps)

    def filled(given: Codes | None, instead: Codes) -> Codes:
        chosen = instead if given is None else np.where(given < 0, UNKNOWN, given)
        return np.where(some, chosen, NOTHING).astype(np.int32)

    return replace(paths, start=filled(start, paths.first), end=filled(end, paths.last))


def _notes(survey: Survey, route: Route, paths: Paths, language: str) -> list[Note]:
    """How many paths have gaps or unknown places; for tables of this route only."""
    about = tuple(f"{route.name}{part}" for part in ("", ".legs", ".stops", ".length", ".corridor", ".flow"))
    title = said(route.label, language) or route.name
    unknown = int((paths.stops == UNKNOWN).any(axis=1).sum())
    notes = [note("route_gaps", route=title, n=paths.gaps, variables=about)] if paths.gaps else []
    notes += [note("route_unknown_stops", route=title, n=unknown, variables=about)] if unknown else []
    if route.destination is not None:
        legs = about[:2]
        key = "route_intended" if route.intended else "route_destination"
        variable = survey.codebook.variables.get(route.destination)
        named = variable.title(language) if variable is not None else route.destination
        notes.append(note(key, destination=named, variables=legs))
    return notes
