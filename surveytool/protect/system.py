"""Everything published as one system of equations: what an attacker knows, and what follows from it.

A cell is a set of respondents with its count. Answers of a group add up to its
n, groups add up to the total, a crossed or nested breakdown adds up to the
coarser one, a domain and its complement to the wider domain. Cells that are the
same set (in whatever table) are one unknown. What no table shows but an attacker
can still reckon with (the rest of a partition, who did not choose an option, who
did not answer) is an unknown too; some of these must not come out either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from surveytool.protect.witness import Family, Group, Names, Scope, Seen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Parents = NDArray[np.intp]

NESTED = 0.25
TOTAL_WEIGHT, EMPTY_WEIGHT = 4.0, 0.2
Key = tuple[object, ...]
Relation = tuple[int, tuple[int, ...]]


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
    rows: dict[tuple[str, Names, int, int], int] = field(default_factory=dict)
    bases: dict[tuple[str, Names, int], int] = field(default_factory=dict)
    places: dict[Key, int] = field(default_factory=dict)

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

    def show(self, cell: int, cost: float) -> None:
        """One more printed row of a cell."""
        self.hidden[cell] = False
        self.cost[cell] += cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The thresholds: smallest count, smallest base, largest share in one place."""

    cell: int
    base: int
    dominance: float


def build(tables: Sequence[Seen], families: dict[Family, Group], rules: Rules, rows: int) -> System:
    """The system of all tables; ``rows`` is the size of the file, which everybody knows."""
    system = System()
    everybody = _whole(system, families, rows)
    for table in tables:
        for scope in table.scopes:
            _scope(system, table, scope, rules)
        for scope in table.scopes[1:]:
            _breakdown(system, table, scope)
        _answered(system, table, everybody)
    links = dict(_links(families))
    _nested_groups(system, families, links, everybody)
    for question in dict.fromkeys(each.question for each in tables):
        scopes: dict[Family, tuple[Seen, Scope]] = {}
        for table in tables:
            if table.question == question:
                scopes |= {scope.family: (table, scope) for scope in table.scopes}
        _nested(system, scopes, links, rules)
    return system


def _name(table: Seen, scope: Scope, group: int, level: int | None) -> Key:
    """What a cell is about, the same from every table: domain, groups, and answer or question."""
    where, names = scope.family
    labels = scope.groups[group - 1] if group else ("",) * len(names)
    about = set(zip(names, labels, strict=True))
    asked = (table.request.variable, table.levels[level]) if level is not None else (table.question, "")
    return (where, frozenset({*about, asked}))


def _base(system: System, table: Seen, scope: Scope, group: int) -> int:
    return system.cell(int(scope.n[group]), float(scope.n_prints[group]), _name(table, scope, group, None))


def _level(system: System, table: Seen, scope: Scope, group: int, level: int) -> int:
    count, print_ = int(scope.count[group, level]), float(scope.prints[group, level])
    return system.cell(count, print_, _name(table, scope, group, level))


def _scope(system: System, table: Seen, scope: Scope, rules: Rules) -> None:
    """The cells of one breakdown, group by group."""
    names = scope.family[1]
    printed = names in table.printed
    for group in range(1 if not names else 0, len(scope.n)):
        n = int(scope.n[group])
        if n == 0 and group == 0:
            continue
        shown = printed and group > 0
        weight = EMPTY_WEIGHT if n == 0 else 1.0 if names else TOTAL_WEIGHT
        base = _base(system, table, scope, group)
        if shown:
            system.bases[(table.id, names, group)] = base
        elif not names:
            system.bases[(table.id, names, group)] = base
            system.show(base, weight)
        few = 0 < n < rules.base or float(scope.n_top[group]) > rules.dominance
        if few and (shown or not names):
            system.forced.add(base)
        if not table.levels:
            if shown:
                system.show(base, weight)
                system.rows[(table.id, names, group, 0)] = base
            continue
        cells = [_level(system, table, scope, group, level) for level in range(len(table.levels))]
        if table.multiple:
            _options(system, table, scope, group, cells, rules, shown)
        else:
            system.relate(base, cells)
        if not shown:
            continue
        system.below.setdefault(base, set()).update(cells)
        for level, cell in enumerate(cells):
            system.rows[(table.id, names, group, level)] = cell
            system.show(cell, weight)
            small = 0 < int(scope.count[group, level]) < rules.cell and not table.missing[level]
            dominated = float(scope.top[group, level]) > rules.dominance and scope.count[group, level] > 0
            if small or dominated or few:
                system.forced.add(cell)


def _options(
    system: System, table: Seen, scope: Scope, group: int, cells: Sequence[int], rules: Rules, shown: bool
) -> None:
    """Who did not choose an option: n minus the count, and as telling as the count."""
    base = _base(system, table, scope, group)
    for level, cell in enumerate(cells):
        rest = int(scope.n[group]) - int(scope.count[group, level])
        print_ = float(scope.n_prints[group]) - float(scope.prints[group, level])
        other = system.cell(rest, print_, ("not", *_name(table, scope, group, level)))
        system.relate(base, (cell, other))
        if shown and 0 < rest < rules.cell:
            system.sensitive.add(other)


def _breakdown(system: System, table: Seen, scope: Scope) -> None:
    """Groups add up to the total, with those who are in no group."""
    total = table.scopes[0]
    places = [group for group in range(len(scope.n)) if group or scope.n[group] > 0]
    system.relate(_base(system, table, total, 1), [_base(system, table, scope, group) for group in places])
    for level in range(len(table.levels)):
        parts = [_level(system, table, scope, group, level) for group in places]
        system.relate(_level(system, table, total, 1, level), parts)


def _whole(system: System, families: dict[Family, Group], rows: int) -> dict[tuple[Family, int], int]:
    """All respondents of every group, whatever they answered; those of the file are known."""
    found: dict[tuple[Family, int], int] = {}
    for family, group in families.items():
        for place in range(0 if family[1] else 1, len(group.sizes)):
            count = int(group.sizes[place])
            if count or place:
                labels = group.groups[place - 1] if place else ("",) * len(family[1])
                name = (family[0], frozenset(zip(family[1], labels, strict=True)))
                found[(family, place)] = system.cell(count, float(group.prints[place]), name)
        if family == (None, ()):
            system.known.add(found[(family, 1)])
    for (where, names), group in families.items():
        if names and ((where, ()), 1) in found:
            family = (where, names)
            parts = [found[(family, place)] for place in range(len(group.sizes)) if (family, place) in found]
            system.relate(found[((where, ()), 1)], parts)
    return found


def _answered(system: System, table: Seen, everybody: dict[tuple[Family, int], int]) -> None:
    """A group is who is in the base of a question and who is not; without anybody missing they are the same."""
    missing = table.domain - table.base
    for scope in table.scopes:
        for group in range(len(scope.n)):
            whole = everybody.get((scope.family, group))
            if whole is None or not missing:
                continue
            rest = system.value[whole] - int(scope.n[group])
            name = ("unanswered", *_name(table, scope, group, None))
            print_ = system.prints[whole] - float(scope.n_prints[group])
            system.relate(whole, [_base(system, table, scope, group), system.cell(rest, print_, name)])
    domain = everybody.get((table.scopes[0].family, 1))
    if domain is not None and table.scopes[0].n[1] > 0:
        base = _base(system, table, table.scopes[0], 1)
        system.below.setdefault(domain, set()).update({base} - {domain})


def _links(families: dict[Family, Group]) -> Iterator[tuple[tuple[Family, Family], tuple[Parents, bool]]]:
    """Pairs of families (fine, coarse) with nested groups: the coarse group of each fine one, -1 for none."""
    for fine, inner in families.items():
        for coarse, outer in families.items():
            if fine == coarse or (not coarse[1] and coarse[0] == fine[0]):
                continue
            crossed = fine[0] == coarse[0] and set(coarse[1]) < set(fine[1])
            found = _margins(fine, inner, coarse, outer) if crossed else _parents(inner, outer)
            if found is not None:
                yield (fine, coarse), found


def _margins(fine: Family, inner: Group, coarse: Family, outer: Group) -> tuple[Parents, bool]:
    """Crossed groups lie in the groups of their margin by name, also those that are empty."""
    import numpy as np

    places = {group: place for place, group in enumerate(outer.groups, 1)}
    kept = [fine[1].index(name) for name in coarse[1]]
    parents = [places[tuple(group[place] for place in kept)] for group in inner.groups]
    return np.array(parents, dtype=np.intp), False


def _parents(inner: Group, outer: Group) -> tuple[Parents, bool] | None:
    """Where each inner group lies; and whether some inner group straddles an outer one."""
    import numpy as np

    high = len(outer.sizes) + 1
    table = np.bincount(inner.keys.astype(np.intp) * high + outer.keys, minlength=(len(inner.sizes) + 1) * high)
    table = table.reshape(-1, high)[2:]
    sizes = table.sum(axis=1)
    parent = np.where(sizes > 0, table.argmax(axis=1), 0)
    whole = (table.max(axis=1) == sizes) & (sizes > 0) & (parent > 1)
    if sizes[whole].sum() < NESTED * sizes.sum() or not whole.any():
        return None
    return np.where(whole, parent - 1, -1), bool((~whole & (sizes > 0)).any())


def _nested_groups(
    system: System, families: dict[Family, Group], links: dict[tuple[Family, Family], tuple[Parents, bool]],
    everybody: dict[tuple[Family, int], int],
) -> None:  # fmt: skip
    """Nested groups of all respondents add up to the coarser group, with a rest."""
    for (fine, coarse), (parents, _) in links.items():
        for place in sorted(set(parents.tolist()) - {-1}):
            whole = everybody.get((coarse, place))
            parts = [everybody[(fine, x + 1)] for x, parent in enumerate(parents) if parent == place]
            if whole is None:
                continue
            rest = system.value[whole] - sum(system.value[part] for part in parts)
            print_ = families[coarse].prints[place] - sum(
                families[fine].prints[x + 1] for x, parent in enumerate(parents) if parent == place
            )
            extra = [system.cell(rest, float(print_), ("rest", fine, coarse, place))] if rest else []
            system.relate(whole, [*parts, *extra])


def _nested(
    system: System, scopes: dict[Family, tuple[Seen, Scope]],
    links: dict[tuple[Family, Family], tuple[Parents, bool]], rules: Rules,
) -> None:  # fmt: skip
    """The same of one question's bases and answers."""
    for (fine, coarse), (parents, straddles) in links.items():
        if fine not in scopes or coarse not in scopes:
            continue
        differs = fine[0] != coarse[0] or straddles
        for place in sorted(set(parents.tolist()) - {-1}):
            inner = [x + 1 for x, parent in enumerate(parents) if parent == place]
            _nest(system, scopes[fine], scopes[coarse], (inner, place), rules, differs)


def _nest(
    system: System, fine: tuple[Seen, Scope], coarse: tuple[Seen, Scope], at: tuple[list[int], int], rules: Rules,
    differs: bool,
) -> None:  # fmt: skip
    (table, scope), (other, outer) = fine, coarse
    inner, place = at
    if outer.n[place] == 0 and set(outer.family[1]) >= set(scope.family[1]):
        return
    name = ("rest", scope.family, outer.family, place, table.question)
    parts = [_base(system, table, scope, group) for group in inner]
    rest = int(outer.n[place]) - sum(int(scope.n[group]) for group in inner)
    if rest:
        print_ = float(outer.n_prints[place]) - sum(float(scope.n_prints[group]) for group in inner)
        left = system.cell(rest, print_, name)
        if differs and not table.levels and rest < rules.cell:
            system.sensitive.add(left)
        parts.append(left)
    system.relate(_base(system, other, outer, place), parts)
    for level in range(len(table.levels)):
        parts = [_level(system, table, scope, group, level) for group in inner]
        count = int(outer.count[place, level]) - sum(int(scope.count[group, level]) for group in inner)
        if rest:
            print_ = float(outer.prints[place, level]) - sum(float(scope.prints[group, level]) for group in inner)
            left = system.cell(count, print_, (*name, level))
            if differs and 0 < count < rules.cell and not table.missing[level]:
                system.sensitive.add(left)
            parts.append(left)
        system.relate(_level(system, other, outer, place, level), parts)
