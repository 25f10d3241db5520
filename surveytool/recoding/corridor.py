"""Corridors: routes that share a rule, such as all that pass through Panama.

Every part that a rule names must hold; within a part one of the places is
enough. A corridor may have an exception (``unless``). An unknown stop is no
known place: it fulfils nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey.label import Text

if TYPE_CHECKING:
    from surveytool.arrays import Flags
    from surveytool.recoding.path import Paths


PARTS = ("passes", "starts", "ends", "first", "last", "sequence")
Find = Callable[[str], int]


@frozen
class Rule:
    """Which routes: places by code, name or ISO code.

    ``passes``: one of them is a stop. ``starts``: the origin is one of them, ``ends``:
    the destination. ``first`` and ``last``: the first or last stop is one of them.
    ``sequence``: the stops begin with these, in this order. Where a route has no
    column for its origin, the first stop is the origin; likewise the destination.
    """

    passes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    sequence: tuple[str, ...] = ()


@frozen
class Corridor(Rule):
    """A rule with a name; ``unless`` takes routes out again."""

    name: str
    label: Text = ""
    unless: Rule | None = None


def check(corridors: tuple[Corridor, ...], where: str) -> None:
    """``UsageError`` for a corridor without a rule, or two with one name."""
    names = [corridor.name for corridor in corridors]
    for corridor in corridors:
        if names.count(corridor.name) > 1:
            raise UsageError(f"two corridors are called {corridor.name!r}.", where, "Give each its own name.")
        if not _parts(corridor) and (corridor.unless is None or not _parts(corridor.unless)):
            raise UsageError(
                f"the corridor {corridor.name!r} has no rule.", where, f"Give it one of: {', '.join(PARTS)}."
            )  # fmt: skip


def _parts(rule: Rule) -> Mapping[str, tuple[str, ...]]:
    fields_of_rule = {field.name for field in fields(Rule)}
    return {part: getattr(rule, part) for part in PARTS if part in fields_of_rule and getattr(rule, part)}


def inside(corridor: Corridor, paths: Paths, find: Find) -> Flags:
    """Which travellers [rows] are in a corridor; ``find`` turns a place's name into its number."""
    fulfils = _fulfils(corridor, paths, find)
    if corridor.unless is not None and _parts(corridor.unless):
        fulfils = fulfils & ~_fulfils(corridor.unless, paths, find)
    return fulfils & paths.travelled


def _fulfils(rule: Rule, paths: Paths, find: Find) -> Flags:
    holds = np.ones(len(paths.travelled), dtype=bool)
    ends = {"starts": paths.start, "ends": paths.end, "first": paths.first, "last": paths.last}
    for part, names in _parts(rule).items():
        places = [find(name) for name in names]
        if part == "passes":
            holds &= np.isin(paths.stops, places).any(axis=1)
        elif part == "sequence":
            holds &= _begins(paths, places)
        else:
            holds &= np.isin(ends[part], places)
    return holds


def _begins(paths: Paths, places: list[int]) -> Flags:
    if len(places) > paths.stops.shape[1]:
        return np.zeros(len(paths.travelled), dtype=bool)
    return np.asarray((paths.stops[:, : len(places)] == np.asarray(places)).all(axis=1))
