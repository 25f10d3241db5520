"""Everything published as one system of equations: what an attacker knows, and what follows from it.

A cell is a set of respondents with its count. Answers of a group add up to its
n, groups add up to the total, a crossed or nested breakdown adds up to the
coarser one, a domain and its complement to the wider domain. Cells that are the
same set (in whatever table) are one unknown. What no table shows but an attacker
can still reckon with (margins, the rest of a partition, who did not choose an
option, who did not answer) is an unknown too; some of these must not come out either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from surveytool.disclosure_control.nested_groups import Nests, parents
from surveytool.disclosure_control.published import Family, Group, Names, PublishedCounts, Scope
from surveytool.frozen import frozen

TOTAL_WEIGHT, EMPTY_WEIGHT = 4.0, 0.2
SIZE_WEIGHT = 0.3  # what a figure of all its group costs more than one of nobody: rather a rare answer than a main one
Key = tuple[object, ...]
Relation = tuple[int, tuple[int, ...]]
Place = tuple[str, Names, int, int]


@dataclass(slots=True)
class System:
    """Cells by number: counts, what withholding one costs, and which relations (parent, parts) hold.

    ``hidden`` are cells that nobody prints, ``sensitive`` those whose count must stay
    uncertain whether printed or not, ``forced`` those that may not be printed at
    all, ``known`` those that an attacker has for certain. ``below`` maps a cell to
    those that must go before it is gone: an n shows as long as one of its rows does.
    ``rows`` places each printed row: (table, breakdown, group, level) -> cell.
    """

    value: list[int] = field(default_factory=list)
    prints: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    sensitive: set[int] = field(default_factory=set)
    forced: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)
    relations: dict[Relation, None] = field(default_factory=dict)
    below: dict[int, set[int]] = field(default_factory=dict)
    rows: dict[Place, int] = field(default_factory=dict)
    bases: dict[tuple[str, Names, int], int] = field(default_factory=dict)
    places: dict[Key, int] = field(default_factory=dict)
    made: dict[Key, list[list[int]]] = field(default_factory=dict)
    _by_table: dict[str, dict[Place, int]] = field(default_factory=dict)

    def cell(self, count: int, print_: float, name: Key) -> int:
        """The number of a set of respondents; empty sets are told apart by their names."""
        key: Key = ("set", count, print_) if count else ("none", *name)
        if key not in self.places:
            self.places[key] = len(self.value)
            self.value.append(count)
            self.prints.append(print_ if count else 0.0)
            self.cost.append(0.0)
            self.hidden.append(True)
        return self.places[key]

    def relate(self, parent: int, parts: Iterable[int]) -> None:
        """The parent's count is the sum of its parts."""
        listed = tuple(sorted(parts))
        if listed != (parent,):
            self.relations[(parent, listed)] = None

    def split(self, whole: int, parts: Sequence[int], name: Key, *, certain: bool = False) -> int | None:
        """The whole is its parts and a rest: the rest's cell, None where there can be none (``certain``)."""
        rest = self.value[whole] - sum(self.value[part] for part in parts)
        if rest == 0 and certain:
            self.relate(whole, parts)
            return None
        left = self.cell(rest, self.prints[whole] - sum(self.prints[part] for part in parts), name)
        self.relate(whole, [*parts, left])
        return left

    def few(self) -> set[int]:
        """Bases of too few respondents."""
        return {cell for cell in self.bases.values() if cell in self.forced}

    def rows_of(self, table: str) -> dict[Place, int]:
        """The printed rows of one table."""
        if not self._by_table:
            for place, cell in self.rows.items():
                self._by_table.setdefault(place[0], {})[place] = cell
        return self._by_table.get(table, {})

    def show(self, cell: int, cost: float) -> None:
        """One more printed row of a cell."""
        self.hidden[cell] = False
        self.cost[cell] += cost


@frozen
class Rules:
    """The thresholds: smallest count, smallest base, largest share in one place."""

    cell: int
    base: int
    dominance: float


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
    links = list(_links(shapes, nested))
    _nested_groups(system, lattice, links)
    for question in dict.fromkeys(published_counts.question for published_counts in tables):
        scopes: dict[Family, tuple[PublishedCounts, Scope]] = {}
        for table in tables:
            if table.question == question:
                scopes |= {scope.family: (table, scope) for scope in (*table.scopes, *table.wider)}
        for fine, coarse, parent in links:
            if fine in scopes and coarse in scopes:
                _nested(system, scopes[fine], scopes[coarse], parent, rules)
        _partly(system, scopes, nested, rules)
    return system


def _name(table: PublishedCounts, scope: Scope, group: int, level: int | None) -> Key:
    """What a cell is about, the same from every table: domain, groups, and answer or question."""
    where, names = scope.family
    labels = scope.groups[group - 1] if group else ("",) * len(names)
    about = set(zip(names, labels, strict=True))
    asked = (table.request.variable, table.levels[level]) if level is not None else (table.question, "")
    return (where, frozenset({*about, asked}))


def _cells(system: System, table: PublishedCounts, scope: Scope) -> list[list[int]]:
    """The cells of a scope by group: its base, then its answers; made once."""
    key = (table.question, scope.family)
    if key in system.made:
        return system.made[key]
    levels = range(len(table.levels))
    made = []
    for group, (n, print_, counts, prints) in enumerate(
        zip(scope.n.tolist(), scope.n_prints.tolist(), scope.count.tolist(), scope.prints.tolist(), strict=True)
    ):
        cells = [system.cell(n, print_, () if n else _name(table, scope, group, None))]
        for level in levels:
            name = () if counts[level] else _name(table, scope, group, level)
            cells.append(system.cell(counts[level], prints[level], name))
        made.append(cells)
    system.made[key] = made
    return made


def _base(system: System, table: PublishedCounts, scope: Scope, group: int) -> int:
    return _cells(system, table, scope)[group][0]


def _level(system: System, table: PublishedCounts, scope: Scope, group: int, level: int) -> int:
    return _cells(system, table, scope)[group][level + 1]


def _groups(scope: Scope) -> list[int]:
    """The places of a scope: its groups, and 0 where somebody is in none."""
    return [group for group in range(len(scope.n)) if group or scope.n[0] > 0]


def _scope(system: System, table: PublishedCounts, scope: Scope, rules: Rules, *, hidden: bool = False) -> None:
    """The cells of one breakdown, group by group; ``hidden`` is one that no table prints but differences tell."""
    names = scope.family[1]
    printed = names in table.printed and not hidden
    for group in _groups(scope):
        n = int(scope.n[group])
        shown = printed and group > 0
        weight = EMPTY_WEIGHT if n == 0 else 1.0 if names else TOTAL_WEIGHT
        base = _base(system, table, scope, group)
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
        cells = _cells(system, table, scope)[group][1:]
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
        other = system.split(base, [cell], ("not", *_name(table, scope, group, level)))
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
        _level(system, table, scope, group, level)
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
    places = _groups(scope)
    system.relate(_base(system, table, total, 1), [_base(system, table, scope, group) for group in places])
    for level in range(len(table.levels)):
        parts = [_level(system, table, scope, group, level) for group in places]
        system.relate(_level(system, table, total, 1, level), parts)


def _others(system: System, table: PublishedCounts, scope: Scope, total: Scope, rules: Rules) -> None:
    """Who is not in one of several overlapping groups: the total without it, and as telling as the group."""
    for group in range(1, len(scope.n)):
        name = ("others", *_name(table, scope, group, None))
        system.split(_base(system, table, total, 1), [_base(system, table, scope, group)], name)
        for level in range(len(table.levels)):
            whole, part = _level(system, table, total, 1, level), _level(system, table, scope, group, level)
            left = system.split(whole, [part], ("others", *_name(table, scope, group, level)))
            small = left is not None and 0 < system.value[left] < rules.cell
            if left is not None and small and scope.family[1] in table.printed:
                system.sensitive.add(left)


def _complement(system: System, table: PublishedCounts, rules: Rules) -> None:
    """Who does not fulfil a table's condition: the difference of two tables, with breakdowns of its own."""
    made = [_difference(own, wide) for own, wide in zip(table.scopes, table.wider, strict=True)]
    for own, wide, rest in zip(table.scopes, table.wider, made, strict=True):
        _scope(system, table, rest, rules, hidden=True)
        _plain_scope(system, table, wide)
        for group in _groups(wide):
            parts = [_base(system, table, each, group) for each in (own, rest)]
            system.relate(_base(system, table, wide, group), parts)
            for level in range(len(table.levels)):
                parts = [_level(system, table, each, group, level) for each in (own, rest)]
                system.relate(_level(system, table, wide, group, level), parts)
    for rest in (each for each in made[1:] if not each.overlapping):
        places = _groups(rest)
        system.relate(_base(system, table, made[0], 1), [_base(system, table, rest, group) for group in places])
        for level in range(len(table.levels)):
            parts = [_level(system, table, rest, group, level) for group in places]
            system.relate(_level(system, table, made[0], 1, level), parts)


def _plain_scope(system: System, table: PublishedCounts, scope: Scope) -> None:
    """The answers of a breakdown that this table does not print add up all the same."""
    for group in _groups(scope):
        base = _base(system, table, scope, group)
        cells = [_level(system, table, scope, group, level) for level in range(len(table.levels))]
        if cells and not table.multiple:
            system.relate(base, cells)
        for level, cell in enumerate(cells if table.multiple else ()):
            system.split(base, [cell], ("not", *_name(table, scope, group, level)))


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
    for group in _groups(scope):
        whole = everybody.get((scope.family, group))
        if whole is not None:
            name = ("unanswered", *_name(table, scope, group, None))
            system.split(whole, [_base(system, table, scope, group)], name)


def _domain(system: System, table: PublishedCounts, everybody: dict[tuple[Family, int], int]) -> None:
    """The base line tells the size of the domain as long as it tells the base."""
    domain = everybody.get((table.scopes[0].family, 1))
    if domain is not None:
        base = _base(system, table, table.scopes[0], 1)
        system.below.setdefault(domain, set()).update({base} - {domain})


Link = tuple[Family, Family, list[int]]


def _links(families: Mapping[Family, Group], nested: Nests) -> Iterator[Link]:
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


def _nested_groups(system: System, lattice: Mapping[Family, Mapping[int, int]], links: Sequence[Link]) -> None:
    """Nested groups of all respondents add up to the coarser group, with a rest."""
    for fine, coarse, parent in links:
        for place in sorted(set(parent) - {0}):
            whole = lattice[coarse].get(place)
            if whole is not None:
                parts = [lattice[fine][x] for x, each in enumerate(parent, 1) if each == place]
                system.split(whole, parts, ("rest", fine, coarse, place), certain=True)


def _nested(
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
    parts = [_base(system, table, scope, group) for group in inner]
    whole = _base(system, other, outer, place)
    rest = system.split(whole, parts, name, certain=True)
    if rest is not None and differs and not table.levels and 0 < system.value[rest] < rules.cell:
        system.sensitive.add(rest)
    for level in range(len(table.levels)):
        parts = [_level(system, table, scope, group, level) for group in inner]
        whole = _level(system, other, outer, place, level)
        left = system.split(whole, parts, (*name, level), certain=rest is None)
        small = left is not None and 0 < system.value[left] < rules.cell
        if left is not None and differs and small:
            system.sensitive.add(left)


def _partly(system: System, scopes: dict[Family, tuple[PublishedCounts, Scope]], nested: Nests, rules: Rules) -> None:
    """Groups of one breakdown inside a group of another that cuts differently: their difference is few people."""
    for (fine, coarse), parent in nested.partly.items():
        if parent and fine in scopes and coarse in scopes:
            for place in sorted(set(parent) - {0}):
                inner = [x for x, each in enumerate(parent, 1) if each == place]
                _nest(system, scopes[fine], scopes[coarse], (inner, place), rules, True)
