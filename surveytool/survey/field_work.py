"""The field work: which columns say who asked, when, and which questions stand in batteries."""

from __future__ import annotations

from surveytool.frozen import frozen


@frozen
class FieldWork:
    """``[field]``: names of columns; ``batteries`` are questions with one scale, names or patterns.

    ``consent`` is a condition of interviews that took place. ``similar`` is the share of equal answers from which
    two interviews are near copies, ``heaping`` are ages and the like, ``places`` latitude and longitude.
    ``least`` is how many interviews an enumerator needs before anything is said of him.
    """

    enumerator: str | None = None
    start: str | None = None
    end: str | None = None
    id: str | None = None
    consent: str | None = None
    batteries: tuple[tuple[str, ...], ...] = ()
    heaping: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    similar: float = 0.85
    least: int = 15
    hours: tuple[float, ...] = (6.0, 22.0)
