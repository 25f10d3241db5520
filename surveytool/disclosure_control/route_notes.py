"""Notes of a reader or a recode that count fewer people than may be told of."""

from __future__ import annotations

from surveytool.notes import Note

ROUTE_COUNTS = frozenset({"route_gaps", "route_unknown_stops", "route_stays", "route_maybe"})


def telling(note: Note, least: int) -> bool:
    """Whether a route's note counts fewer travellers than ``least``.

    >>> from surveytool.notes import note
    >>> telling(note("route_stays", n=3), 5), telling(note("route_stays", n=3), 0)
    (True, False)
    """
    count = dict(note.values).get("n")
    return note.code in ROUTE_COUNTS and isinstance(count, int) and count < least
