"""Everything published as one system of equations: what an attacker knows, and what follows from it.

A cell is a set of respondents with its count. Answers of a group add up to its
n, groups add up to the total, a crossed or nested breakdown adds up to the
coarser one, a domain and its complement to the wider domain. Cells that are the
same set (in whatever table) are one unknown. What no table shows but an attacker
can still reckon with (margins, the rest of a partition, who did not choose an
option, who did not answer) is an unknown too; some of these must not come out either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from surveytool.disclosure_control.equation_system import (
    Rules,
    System,
    base_of,
    cells_of_scope,
    level_of,
    name_of,
    places_of,
)
from surveytool.disclosure_control.nested_equations import links_of, nested_answers, nested_groups, partly_nested
from surveytool.disclosure_control.nested_groups import Nests
from surveytool.disclosure_control.published import Family, Group, Names, PublishedCounts, Scope

TOTAL_WEIGHT, EMPTY_WEIGHT = 4.0, 0.2
SIZE_WEIGHT = 0.3  # what a figure of all its group costs more than one of nobody: rather a rare answer than a main one


def build(tables: Sequence[PublishedCounts], families: Mapping[Family, Group], nested: Nests, rules: Rules) -> System:
    """The system of all tables of a run."""
    system = System()
    everybody = _everybody(system, families)
    lattice: dict[Family, dict[int, int]] = {}
    for (family, place), cell in everybody.items():
        lattice.setdefault(family, {})[place] = cell
    shapes = dict(families)
    entangled = bool(nested.told()) or any(where is not None for where, _ in families)
    for table in tables:
        for scope in table.scopes:
            _scope(system, table, scope, rules)
            if entangled:
                _crossed(system, table, scope, lattice, shapes)
        if table.wider:
            _complement(system, table, rules)
        for scope in (*table.scopes, *table.wider):
            _breakdown(system, table, scope, rules)
            _answered(system, table, scope, everybody)
        _domain(system, table, everybody)
    links = list(links_of(shapes, nested))
    nested_groups(system, lattice, links)
    for question in dict.fromkeys(published_counts.question for published_counts in tables):
        scopes: dict[Family, tuple[PublishedCounts, Scope]] = {}
        for table in tables:
            if table.question == question:
                scopes |= {scope.family: (table, scope) for scope in (*table.scopes, *table.wider)}
        for fine, coarse, parent in links:
            if fine in scopes and coarse in scopes:
                nested_answers(system, scopes[fine], scopes[coarse], parent, rules)
        partly_nested(system, scopes, nested, rules)
    return system


def _scope(system: System, table: PublishedCounts, scope: Scope, rules: Rules, *, hidden: bool = False) -> None:
    """The cells of one breakdown, group by group; ``hidden`` is one that no table prints but differences tell."""
    names = scope.family[1]
    printed = names in table.printed and not hidden
    for group in places_of(scope):
        n = int(scope.n[group])
        shown = printed and group > 0
        weight = EMPTY_WEIGHT if n == 0 else 1.0 if names else TOTAL_WEIGHT
        base = base_of(system, table, scope, group)
        if not hidden and (shown or not names):
            system.bases[(table.id, names, group)] = base
            if not shown:
                system.show(base, weight)
        few = 0 < n < rules.base or float(scope.n_top[group]) > rules.dominance
        if few and not hidden and (shown or not names):
            system.forced.add(base)
        if not table.levels:
            if shown:
                system.show(base, weight)
                system.rows[(table.id, names, group, 0)] = base
            elif hidden and 0 < n < rules.cell and group > 0:
                system.sensitive.add(base)
            continue
        cells = cells_of_scope(system, table, scope)[group][1:]
        if table.multiple:
            _options(system, table, scope, (base, group), cells, rules if shown else None)
        else:
            system.relate(base, cells)
        counts, tops = scope.count[group].tolist(), scope.top[group].tolist()
        for level, cell in enumerate(cells):
            small = 0 < counts[level] < rules.cell
            if hidden and small and group > 0:
                system.sensitive.add(cell)
            if not shown:
                continue
            system.rows[(table.id, names, group, level)] = cell
            system.show(cell, weight * (1 + SIZE_WEIGHT * counts[level] / max(n, 1)))
            dominated = counts[level] > 0 and tops[level] > rules.dominance
            if small or dominated or few:
                system.forced.add(cell)
        if shown:
            system.below.setdefault(base, set()).update(set(cells) - {base})


def _options(
    system: System, table: PublishedCounts, scope: Scope, at: tuple[int, int], cells: Sequence[int], rules: Rules | None
) -> None:
    """Who did not choose an option: n minus the count, and as telling as the count."""
    base, group = at
    for level, cell in enumerate(cells):
        other = system.split(base, [cell], ("not", *name_of(table, scope, group, level)))
        if rules is not None and other is not None and 0 < system.value[other] < rules.cell:
            system.sensitive.add(other)


def _crossed(
    system: System,
    table: PublishedCounts,
    scope: Scope,
    lattice: dict[Family, dict[int, int]],
    shapes: dict[Family, Group],
) -> None:
    """The answers of a question by groups are groups of everybody as well: crossed with the question itself."""
    if (
        scope.overlapping
        or table.kind != "levels"
        or table.request.base != "answered"
        or table.request.variable in scope.family[1]
    ):
        return
    family = (scope.family[0], (table.request.variable, *scope.family[1]))
    if any(family[0] == shape[0] and set(family[1]) == set(shape[1]) for shape in shapes):
        return
    groups = [(level, *labels) for level in table.levels for labels in scope.groups]
    cells = [
        level_of(system, table, scope, group, level)
        for level in range(len(table.levels)) for group in range(1, len(scope.n))
    ]  # fmt: skip
    shapes[family] = _labelled(tuple(groups))
    lattice[family] = dict(enumerate(cells, 1))


def _labelled(groups: tuple[Names, ...]) -> Group:
    """A family that is only known by its groups' labels."""
    nothing = np.zeros(0)
    return Group(keys=nothing.astype(np.int32), groups=groups, sizes=nothing.astype(np.int64), prints=nothing)


def _breakdown(system: System, table: PublishedCounts, scope: Scope, rules: Rules) -> None:
    """Groups add up to the total of their domain, with those who are in no group."""
    if not scope.family[1]:
        return
    total = next(each for each in (*table.scopes, *table.wider) if each.family == (scope.family[0], ()))
    if scope.overlapping:
        _others(system, table, scope, total, rules)
        return
    places = places_of(scope)
    system.relate(base_of(system, table, total, 1), [base_of(system, table, scope, group) for group in places])
    for level in range(len(table.levels)):
        parts = [level_of(system, table, scope, group, level) for group in places]
        system.relate(level_of(system, table, total, 1, level), parts)


def _others(system: System, table: PublishedCounts, scope: Scope, total: Scope, rules: Rules) -> None:
    """Who is not in one of several overlapping groups: the total without it, and as telling as the group."""
    for group in range(1, len(scope.n)):
        name = ("others", *name_of(table, scope, group, None))
        system.split(base_of(system, table, total, 1), [base_of(system, table, scope, group)], name)
        for level in range(len(table.levels)):
            whole, part = level_of(system, table, total, 1, level), level_of(system, table, scope, group, level)
            left = system.split(whole, [part], ("others", *name_of(table, scope, group, level)))
            small = left is not None and 0 < system.value[left] < rules.cell
            if left is not None and small and scope.family[1] in table.printed:
                system.sensitive.add(left)


def _complement(system: System, table: PublishedCounts, rules: Rules) -> None:
    """Who does not fulfil a table's condition: the difference of two tables, with breakdowns of its own."""
    made = [_difference(own, wide) for own, wide in zip(table.scopes, table.wider, strict=True)]
    for own, wide, rest in zip(table.scopes, table.wider, made, strict=True):
        _scope(system, table, rest, rules, hidden=True)
        _plain_scope(system, table, wide)
        for group in places_of(wide):
            parts = [base_of(system, table, each, group) for each in (own, rest)]
            system.relate(base_of(system, table, wide, group), parts)
            for level in range(len(table.levels)):
                parts = [level_of(system, table, each, group, level) for each in (own, rest)]
                system.relate(level_of(system, table, wide, group, level), parts)
    for rest in (each for each in made[1:] if not each.overlapping):
        places = places_of(rest)
        system.relate(base_of(system, table, made[0], 1), [base_of(system, table, rest, group) for group in places])
        for level in range(len(table.levels)):
            parts = [level_of(system, table, rest, group, level) for group in places]
            system.relate(level_of(system, table, made[0], 1, level), parts)


def _plain_scope(system: System, table: PublishedCounts, scope: Scope) -> None:
    """The answers of a breakdown that this table does not print add up all the same."""
    for group in places_of(scope):
        base = base_of(system, table, scope, group)
        cells = [level_of(system, table, scope, group, level) for level in range(len(table.levels))]
        if cells and not table.multiple:
            system.relate(base, cells)
        for level, cell in enumerate(cells if table.multiple else ()):
            system.split(base, [cell], ("not", *name_of(table, scope, group, level)))


def _difference(own: Scope, wide: Scope) -> Scope:
    where, names = own.family
    return replace(
        own, family=(f"not {where}", names), count=wide.count - own.count, prints=wide.prints - own.prints,
        n=wide.n - own.n, n_prints=wide.n_prints - own.n_prints,
    )  # fmt: skip


def _everybody(system: System, families: Mapping[Family, Group]) -> dict[tuple[Family, int], int]:
    """All respondents of every group, whatever they answered; those of the file are known."""
    found: dict[tuple[Family, int], int] = {}
    for family, group in families.items():
        for place in range(0 if group.sizes[0] else 1, len(group.sizes)):
            labels = group.groups[place - 1] if place else ("",) * len(family[1])
            name = (family[0], frozenset(zip(family[1], labels, strict=True)))
            found[(family, place)] = system.cell(int(group.sizes[place]), float(group.prints[place]), name)
        if family == (None, ()):
            system.known.add(found[(family, 1)])
    for where, names in families:
        if names and ((where, ()), 1) in found:
            parts = [found[each] for each in found if each[0] == (where, names)]
            system.relate(found[((where, ()), 1)], parts)
    return found


def _answered(system: System, table: PublishedCounts, scope: Scope, everybody: dict[tuple[Family, int], int]) -> None:
    """A group is who is in the base of a question and who is not; without anybody missing they are the same."""
    if table.domain == table.base:
        return
    for group in places_of(scope):
        whole = everybody.get((scope.family, group))
        if whole is not None:
            name = ("unanswered", *name_of(table, scope, group, None))
            system.split(whole, [base_of(system, table, scope, group)], name)


def _domain(system: System, table: PublishedCounts, everybody: dict[tuple[Family, int], int]) -> None:
    """The base line tells the size of the domain as long as it tells the base."""
    domain = everybody.get((table.scopes[0].family, 1))
    if domain is not None:
        base = base_of(system, table, table.scopes[0], 1)
        system.below.setdefault(domain, set()).update({base} - {domain})
