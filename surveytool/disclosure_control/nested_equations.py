"""Groups that lie inside others, as equations: of all respondents, and of one question's bases and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from surveytool.disclosure_control.equation_system import Rules, System, base_of, level_of
from surveytool.disclosure_control.nested_groups import Nests, parents
from surveytool.disclosure_control.published import Family, Group, PublishedCounts, Scope

Link = tuple[Family, Family, list[int]]


def links_of(families: Mapping[Family, Group], nested: Nests) -> Iterator[Link]:
    """Pairs of families (fine, coarse) with the coarse group of each fine one, 0 for none."""
    known = [group for group in families if all((None, (name,)) in families for name in group[1])]
    names = {family: frozenset(family[1]) for family in known}
    told = nested.told()
    for fine in known:
        reach = names[fine].union(*(told.get(name, ()) for name in fine[1]))
        for coarse in known:
            if fine == coarse or not names[coarse] <= reach or (not coarse[1] and coarse[0] == fine[0]):
                continue
            found = parents(fine, coarse, families, nested)
            if found is not None and any(found):
                yield fine, coarse, found


def nested_groups(system: System, lattice: Mapping[Family, Mapping[int, int]], links: Sequence[Link]) -> None:
    """Nested groups of all respondents add up to the coarser group, with a rest."""
    for fine, coarse, parent in links:
        for place in sorted(set(parent) - {0}):
            whole = lattice[coarse].get(place)
            if whole is not None:
                parts = [lattice[fine][x] for x, each in enumerate(parent, 1) if each == place]
                system.split(whole, parts, ("rest", fine, coarse, place), certain=True)


def nested_answers(
    system: System,
    fine: tuple[PublishedCounts, Scope],
    coarse: tuple[PublishedCounts, Scope],
    parent: Sequence[int],
    rules: Rules,
) -> None:
    """The same of one question's bases and answers."""
    differs = fine[1].family[0] != coarse[1].family[0]
    for place in sorted(set(parent) - {0}):
        inner = [x for x, each in enumerate(parent, 1) if each == place]
        _nest(system, fine, coarse, (inner, place), rules, differs)


def _nest(
    system: System,
    fine: tuple[PublishedCounts, Scope],
    coarse: tuple[PublishedCounts, Scope],
    at: tuple[list[int], int],
    rules: Rules,
    differs: bool,
) -> None:
    (table, scope), (other, outer) = fine, coarse
    inner, place = at
    name = ("rest", scope.family, outer.family, place, table.question)
    parts = [base_of(system, table, scope, group) for group in inner]
    whole = base_of(system, other, outer, place)
    rest = system.split(whole, parts, name, certain=True)
    if rest is not None and differs and not table.levels and 0 < system.value[rest] < rules.cell:
        system.sensitive.add(rest)
    for level in range(len(table.levels)):
        parts = [level_of(system, table, scope, group, level) for group in inner]
        whole = level_of(system, other, outer, place, level)
        left = system.split(whole, parts, (*name, level), certain=rest is None)
        small = left is not None and 0 < system.value[left] < rules.cell
        if left is not None and differs and small:
            system.sensitive.add(left)


def partly_nested(
    system: System, scopes: dict[Family, tuple[PublishedCounts, Scope]], nested: Nests, rules: Rules
) -> None:
    """Groups of one breakdown inside a group of another that cuts differently: their difference is few people."""
    for (fine, coarse), parent in nested.partly.items():
        if parent and fine in scopes and coarse in scopes:
            for place in sorted(set(parent) - {0}):
                inner = [x for x, each in enumerate(parent, 1) if each == place]
                _nest(system, scopes[fine], scopes[coarse], (inner, place), rules, True)
