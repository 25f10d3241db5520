"""Which groups lie inside which: countries in regions, ages in bands, answers in the domain of a condition.

A reader knows the questionnaire, so nested groups give one another away. Whether
one variable determines another is read off the data; a small sample of rows
refutes most pairs at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.crossed_groups import crossed, first_keys
from surveytool.disclosure_control.published import Family, Group, Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Counts


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
    looked: set[Family] = field(default_factory=set)

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
    names = list(small)
    fresh = [family for family in names if family not in known.looked]
    if not fresh:
        return known
    look = _first_look(list(small.values()))
    pairs: list[tuple[Family, Family]] = []
    for row, inner in enumerate(names):
        for column, outer in enumerate(names):
            old = inner in known.looked and outer in known.looked
            if inner == outer or old or (inner[0] == outer[0] and not outer[1]) or (inner[0] and inner[1]):
                continue
            if look[row, column]:
                pairs.append((inner, outer))
    tables = crossed([(small[inner], small[outer]) for inner, outer in pairs])
    for pair, table in zip(pairs, tables, strict=True):
        places, whole = _places(len(small[pair[0]].sizes), table)
        if places:
            (known.maps if whole else known.partly)[pair] = places
    known.looked.update(fresh)
    return known


def _first_look(groups: Sequence[Group]) -> NDArray[np.bool_]:
    """Which families [inner, outer] may be nested, by the first rows: enough lie in groups with one outer one."""
    keys = np.stack([first_keys(group)[:FIRST_LOOK] for group in groups], axis=1).astype(np.int32)
    found = np.ones((len(groups), len(groups)), dtype=bool)
    if not len(keys):
        return found
    for row in range(len(groups)):
        order = np.argsort(keys[:, row], kind="stable")
        own, others = keys[order, row], keys[order]
        starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
        sizes = np.diff(np.r_[starts, len(own)])
        inner = own[starts] > 1
        alike = np.maximum.reduceat(others, starts, axis=0) == np.minimum.reduceat(others, starts, axis=0)
        some = int(sizes[inner].sum())
        found[row] = (sizes[inner, None] * alike[inner]).sum(axis=0) >= PARTLY * some if some else True
    return found


def _simple(family: Family) -> bool:
    return len(family[1]) == 1 if family[0] is None else not family[1]


def _places(size: int, table: Counts) -> tuple[tuple[int, ...], bool]:
    """Where each inner group lies, and whether every group that has members lies somewhere (or outside of all).

    ``table`` counts respondents by inner and outer key: 0 outside of the domain, 1 in no group, then the groups.
    """
    inside, total = table.max(axis=1), table.sum(axis=1)
    nested = (inside == total) & (total > 0)
    place = np.where(nested, np.maximum(table.argmax(axis=1) - 1, 0), 0)[2 : size + 1]
    whole = bool((nested | (total == 0))[2:].all())
    if not whole and total[2:][nested[2:] & (place > 0)].sum() < PARTLY * total[2:].sum():
        return (), False
    return tuple(int(each) for each in place), whole


def parents(fine: Family, coarse: Family, families: Mapping[Family, Group], nests: Nests) -> list[int] | None:
    """For each group of ``fine`` the group of ``coarse`` that holds it (0 for none); None where they are not nested.

    Every variable of ``coarse`` must be one of ``fine`` or determined by one, and
    its domain the same, none, or determined by the domain or a variable of ``fine``.
    """
    steps: list[tuple[int, tuple[int, ...] | None]] = []
    for name in coarse[1]:
        if name in fine[1]:
            steps.append((fine[1].index(name), None))
            continue
        by = next((n for n in fine[1] if _whole(((None, (n,)), (None, (name,))), nests)), None)
        if by is None:
            return None
        steps.append((fine[1].index(by), nests.maps[((None, (by,)), (None, (name,)))]))
    within = _within(fine, coarse[0], nests)
    if within is None:
        return None
    singles = [families[(None, (name,))] for name in coarse[1]]
    own = {name: {label: index for index, (label,) in enumerate(families[(None, (name,))].groups)} for name in fine[1]}
    places = {group: index for index, group in enumerate(families[coarse].groups, 1)} if coarse in families else None
    return [_parent(group, fine[1], steps, singles, own, within, places) for group in families[fine].groups]


def _whole(pair: tuple[Family, Family], nests: Nests) -> bool:
    return any(nests.maps.get(pair, ()))


def _within(fine: Family, where: str | None, nests: Nests) -> tuple[int, tuple[int, ...]] | bool | None:
    """True where all of ``fine`` is inside the domain; (variable, flags) where some groups are; None where unknown."""
    if where is None or where == fine[0]:
        return True
    if fine[0] is not None and _whole(((fine[0], ()), (where, ())), nests):
        return True
    for index, name in enumerate(fine[1]):
        flags = nests.maps.get(((None, (name,)), (where, ())))
        if flags and any(flags):
            return index, flags
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
