"""Routes: an ordered list of stops as a variable of its own kind.

``add_route`` reads the stops of each traveller and adds variables to the survey
that the ordinary corridor can sum: legs and stops as questions with several
answers, origin, destination and corridor as questions with one, and the number
of stops. A leg that somebody went twice counts once in shares of travellers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from surveytool.aggregate.columns import arrow_table, keys_of
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.recode import corridor, country, path
from surveytool.recode.columns import frame_columns, matching
from surveytool.recode.corridor import Corridor
from surveytool.recode.path import NOTHING, UNKNOWN, Gazetteer, Paths, compact
from surveytool.survey import Codebook, Survey
from surveytool.survey.label import Text, said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]


@frozen
class Route:
    """A route: where people began, the stops in order, where they go.

    ``stops`` are columns or patterns (``route_*``) in order; or one column whose
    texts hold all stops, with their ``separator``. ``origin`` and ``destination`` are
    columns; an ``intended`` destination is where people want to go, so no leg leads
    there. ``unknown`` are codes or names that stand for an unknown place.
    ``exclusive`` corridors share no traveller; else each traveller is in all that
    apply. ``other`` names the travellers in none. Codes and names of countries get
    their names in the reader's language unless ``countries`` is false.
    """

    name: str
    stops: tuple[str, ...]
    label: Text = ""
    separator: str | None = None
    origin: str | None = None
    destination: str | None = None
    intended: bool = False
    corridors: tuple[Corridor, ...] = ()
    exclusive: bool = True
    other: Text = ""
    unknown: tuple[str | int | float, ...] = ()
    countries: bool = True


def columns_of(route: Route) -> tuple[str, ...]:
    """Names and patterns of the columns that a route reads."""
    return (*(name for name in (route.origin, route.destination) if name is not None), *route.stops)


def columns_to_read(wanted: Sequence[str] | None, routes: Sequence[Route]) -> list[str] | None:
    """The columns of a file behind the names wanted (None: all), those of the routes for the routes' own variables."""
    if wanted is None:
        return None
    own = [name for name in wanted if not any(belongs(name, route) for route in routes)]
    return list(dict.fromkeys([*own, *(column for route in routes for column in columns_of(route))]))


def belongs(name: str, route: Route) -> bool:
    """Whether a variable is the route's: ``journey``, ``journey.origin``."""
    return name == route.name or name.startswith(f"{route.name}.")


def add_route(survey: Survey, route: Route, language: str = "en") -> Survey:
    """The survey with the variables of a route.

    ``NAME`` (kind route) and ``NAME.legs`` are the legs, ``NAME.stops`` the stops,
    ``NAME.origin``, ``NAME.destination`` and ``NAME.corridor`` the ends and the
    corridor, ``NAME.length`` the number of stops. Labels are in ``language``, and known in
    the others.
    Raises ``UsageError`` for columns or places that are not there, and where
    exclusive corridors share travellers.
    """
    from surveytool.recode.travel import variables

    _check(survey, route)
    names = frame_columns(survey)
    table = arrow_table(survey.frame, names)
    paths = read_paths(survey, route, table)
    columns, added, notes = variables(survey, route, paths, table, language)
    for name, column in columns.items():
        table = table.append_column(name, column)
    book = Codebook({**survey.codebook.variables, **added})
    return replace(
        survey, frame=table, codebook=book, notes=(*survey.notes, *notes, *_notes(survey, route, paths, language))
    )


def check(route: Route) -> None:
    """``UsageError`` for a route that cannot be meant, whatever the data."""
    where = f"route {route.name}"
    if not route.name or ":" in route.name:
        raise UsageError("a route needs a name without a colon.", where, "Write for example journey.")
    if not route.stops:
        raise UsageError("a route needs the columns of its stops.", where, 'Write stops = ["route_*"]')
    if route.separator is not None and (len(route.stops) != 1 or not route.separator):
        raise UsageError("a separator goes with one column of stops.", where, "Name one column and a separator.")
    if route.intended and route.destination is None:
        raise UsageError("an intended destination needs its column.", where, "Name the destination.")
    corridor.check(route.corridors, where)


def _check(survey: Survey, route: Route) -> None:
    check(route)
    where = f"route {route.name}"
    taken = [name for name in survey.codebook if belongs(name, route)]
    if taken:
        raise UsageError(f"the data have a variable {taken[0]!r} already.", where, "Give the route another name.")


def read_paths(survey: Survey, route: Route, table: Any) -> Paths:
    """Everybody's path from the columns of an Arrow table."""
    import numpy as np

    where = f"route {route.name}"
    known = table.column_names
    stops = [*matching(route.stops, known, where, {each.tags for each in survey.codebook.values() if each.tags})]
    ends = {name: matching((name,), known, where)[0] for name in (route.origin, route.destination) if name}
    raw = {name: keys_of(table.column(name)) for name in dict.fromkeys([*stops, *ends.values()])}
    seen = {name: _values(survey, route, name, values, name in stops) for name, (_, values) in raw.items()}
    texts = {text for lists in seen.values() for each in lists for code, shown, missing in each if missing is None
             for text in ((shown,) if shown != code and code.isdecimal() else (code, shown))}  # fmt: skip
    reader = country.reader(texts) if route.countries else _no_country
    places = Gazetteer(
        unknown=frozenset(str(each).casefold() for each in route.unknown), read=reader,
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
        return [[each] for each in path.levels_of(survey, name, values)]
    sign = route.separator.strip() or None
    return [[(part.strip(), part.strip(), None) for part in str(value).split(sign)] for value in values]


def _numbers(
    places: Gazetteer, keys: Codes, seen: list[list[tuple[str, str, str | None]]], tagged: NDArray[np.bool_] | None
) -> Codes:
    """Numbers of places [rows, places in a value]."""
    import numpy as np

    width = max((len(each) for each in seen), default=1)
    table = np.full((len(seen) + 1, width), NOTHING, dtype=np.int32)
    for row, each in enumerate(seen):
        table[row, : len(each)] = [places.number(*part) for part in each]
    found = table[keys]
    if tagged is not None:
        found[tagged & (keys < 0), 0] = UNKNOWN
    return np.asarray(found, dtype=np.int32)


def _paths(places: Gazetteer, stops: Codes, gaps: int, start: Codes | None, end: Codes | None) -> Paths:
    """Paths of those with a stop, or with both ends; an end that is blank is unknown."""
    import numpy as np

    some = stops[:, 0] >= 0
    if start is not None and end is not None:
        some = some | ((start >= 0) & (end >= 0))
    made = Paths(places=places.all(), travelled=some, start=stops[:, 0], stops=stops, end=stops[:, 0], gaps=gaps)

    def filled(given: Codes | None, instead: Codes) -> Codes:
        chosen = instead if given is None else np.where(given < 0, UNKNOWN, given)
        return np.where(some, chosen, NOTHING).astype(np.int32)

    return replace(made, start=filled(start, made.first), end=filled(end, made.last))


def _notes(survey: Survey, route: Route, paths: Paths, language: str) -> list[Note]:
    """How many paths have gaps or unknown places; for tables of this route only."""
    about = tuple(f"{route.name}{part}" for part in ("", ".legs", ".stops", ".length", ".corridor", ".flow"))
    title = said(route.label, language) or route.name
    unknown = int((paths.stops == UNKNOWN).any(axis=1).sum())
    found = [note("route_gaps", route=title, n=paths.gaps, variables=about)] if paths.gaps else []
    found += [note("route_unknown_stops", route=title, n=unknown, variables=about)] if unknown else []
    if route.destination is not None:
        legs = about[:2]
        key = "route_intended" if route.intended else "route_destination"
        variable = survey.codebook.variables.get(route.destination)
        named = variable.title(language) if variable is not None else route.destination
        found.append(note(key, destination=named, variables=legs))
    return found
