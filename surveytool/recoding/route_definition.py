"""What a route is, as it is declared: its stops in order, its ends, its corridors; and which columns it reads."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.recoding import corridor
from surveytool.recoding.corridor import Corridor
from surveytool.survey import Text, known_names


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


def columns_to_read(columns: Sequence[str] | None, routes: Sequence[Route]) -> list[str] | None:
    """The columns of a file behind the names wanted (None: all), those of the routes for the routes' own variables."""
    if columns is None:
        return None
    route_parts = {
        part for text in columns for part in text.split(":") if any(belongs(part, route) for route in routes)
    }
    plain_columns = [name for text in columns for name in known_names(text, route_parts) if name not in route_parts]
    return list(dict.fromkeys([*plain_columns, *(column for route in routes for column in columns_of(route))]))


def belongs(name: str, route: Route) -> bool:
    """Whether a variable is the route's: ``journey``, ``journey.origin``."""
    return name == route.name or name.startswith(f"{route.name}.")


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
