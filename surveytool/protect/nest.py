"""Which groups lie inside which: countries in regions, ages in bands, answers in the domain of a condition.

A reader knows the questionnaire, so nested groups give one another away. Whether
one variable determines another is read off the data; a small sample of rows
refutes most pairs at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from surveytool.protect.witness import Family, Group, Names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIRST_LOOK = 1500
PARTLY = 0.25


@dataclass(slots=True)
class Nests:
    """``maps`` (inner family, outer family) -> place of each inner group in the outer one (0 for none).

    Both families have one variable, or one and none. ``partly`` are pairs of which
    only some groups are nested (two ways to band ages).
    """

    maps: dict[tuple[Family, Family], tuple[int, ...]] = field(default_factory=dict)
    partly: dict[tuple[Family, Family], tuple[int, ...]] = field(default_factory=dict)

    def told(self) -> dict[str, set[str]]:
        """For each variable those that it determines."""
        found: dict[str, set[str]] = {}
        for (fine, coarse), places in self.maps.items():
            if fine[1] and coarse[1] and any(places):
                found.setdefault(fine[1][0], set()).add(coarse[1][0])
        return found


def nests(families: Mapping[Family, Group], known: Nests) -> Nests:
    """Every nesting of families of at most one variable, beside those that are known already."""
    small = {family: group for family, group in families.items() if _simple(family)}
    for inner, fine in small.items():
        for outer, coarse in small.items():
            if inner == outer or (inner, outer) in known.maps or (inner[0] == outer[0] and not outer[1]):
                continue
            if inner[0] is not None and inner[1]:
                continue
            places, whole = _places(fine, coarse)
            target = known.maps if whole else known.partly
            target[(inner, outer)] = places
    return known


def _simple(family: Family) -> bool:
    return len(family[1]) == 1 if family[0] is None else not family[1]


def _places(fine: Group, coarse: Group) -> tuple[tuple[int, ...], bool]:
    """Where each inner group lies, and whether every group that has members lies somewhere (or outside of all)."""
    import numpy as np

    size = len(fine.sizes)
    first = _table(fine, coarse, slice(0, FIRST_LOOK))
    inside, total = first.max(axis=1), first.sum(axis=1)
    if total.sum() and inside[inside == total].sum() < PARTLY * total.sum():
        return (), False
    table = _table(fine, coarse, slice(None))
    inside, total = table.max(axis=1), table.sum(axis=1)
    nested = (inside == total) & (total > 0)
    place = np.where(nested, np.maximum(table.argmax(axis=1) - 1, 0), 0)[2 : size + 1]
    whole = bool((nested | (total == 0))[2:].all())
    if not whole and total[2:][nested[2:] & (place > 0)].sum() < PARTLY * total[2:].sum():
        return (), False
    return tuple(int(each) for each in place), whole


def _table(fine: Group, coarse: Group, rows: slice) -> NDArray[np.int64]:
    """Respondents by inner and outer key (0 outside of the domain, 1 in no group, then the groups)."""
    import numpy as np

    high = len(coarse.sizes) + 1
    place = fine.keys[rows].astype(np.intp) * high + coarse.keys[rows]
    table: NDArray[np.int64] = np.bincount(place, minlength=(len(fine.sizes) + 1) * high).reshape(-1, high)
    return table


def parents(fine: Family, coarse: Family, families: Mapping[Family, Group], found: Nests) -> list[int] | None:
    """For each group of ``fine`` the group of ``coarse`` that holds it (0 for none); None where they are not nested.

    Every variable of ``coarse`` must be one of ``fine`` or determined by one, and
    its domain the same, none, or determined by the domain or a variable of ``fine``.
    """
    steps: list[tuple[int, tuple[int, ...] | None]] = []
    for name in coarse[1]:
        if name in fine[1]:
            steps.append((fine[1].index(name), None))
            continue
        by = next((n for n in fine[1] if _whole(((None, (n,)), (None, (name,))), found)), None)
        if by is None:
            return None
        steps.append((fine[1].index(by), found.maps[((None, (by,)), (None, (name,)))]))
    within = _within(fine, coarse[0], found)
    if within is None:
        return None
    singles = [families[(None, (name,))] for name in coarse[1]]
    own = {name: {label: place for place, (label,) in enumerate(families[(None, (name,))].groups)} for name in fine[1]}
    places = {group: place for place, group in enumerate(families[coarse].groups, 1)} if coarse in families else None
    return [_parent(group, fine[1], steps, singles, own, within, places) for group in families[fine].groups]


def _whole(pair: tuple[Family, Family], found: Nests) -> bool:
    return any(found.maps.get(pair, ()))


def _within(fine: Family, where: str | None, found: Nests) -> tuple[int, tuple[int, ...]] | bool | None:
    """True where all of ``fine`` is inside the domain; (variable, flags) where some groups are; None where unknown."""
    if where is None or where == fine[0]:
        return True
    if fine[0] is not None and _whole(((fine[0], ()), (where, ())), found):
        return True
    for place, name in enumerate(fine[1]):
        flags = found.maps.get(((None, (name,)), (where, ())))
        if flags and any(flags):
            return place, flags
    return None


def _parent(
    group: Names, names: Names, steps: list[tuple[int, tuple[int, ...] | None]], singles: list[Group],
    own: Mapping[str, Mapping[str, int]], within: tuple[int, tuple[int, ...]] | bool,
    places: Mapping[Names, int] | None,
) -> int:  # fmt: skip
    if not isinstance(within, bool):
        place, flags = within
        if not flags[own[names[place]][group[place]]]:
            return 0
    labels = []
    for (place, steps_map), single in zip(steps, singles, strict=True):
        if steps_map is None:
            labels.append(group[place])
            continue
        outer = steps_map[own[names[place]][group[place]]]
        if not outer:
            return 0
        labels.append(single.groups[outer - 1][0])
    return 1 if places is None else places.get(tuple(labels), 0)
