"""Cells and the relations between them: the system that everything published is written into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from surveytool.disclosure_control.published import Names, PublishedCounts, Scope
from surveytool.frozen import frozen

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


def name_of(table: PublishedCounts, scope: Scope, group: int, level: int | None) -> Key:
    """What a cell is about, the same from every table: domain, groups, and answer or question."""
    where, names = scope.family
    labels = scope.groups[group - 1] if group else ("",) * len(names)
    about = set(zip(names, labels, strict=True))
    asked = (table.request.variable, table.levels[level]) if level is not None else (table.question, "")
    return (where, frozenset({*about, asked}))


def cells_of_scope(system: System, table: PublishedCounts, scope: Scope) -> list[list[int]]:
    """The cells of a scope by group: its base, then its answers; made once."""
    key = (table.question, scope.family)
    if key in system.made:
        return system.made[key]
    levels = range(len(table.levels))
    made = []
    for group, (n, print_, counts, prints) in enumerate(
        zip(scope.n.tolist(), scope.n_prints.tolist(), scope.count.tolist(), scope.prints.tolist(), strict=True)
    ):
        cells = [system.cell(n, print_, () if n else name_of(table, scope, group, None))]
        for level in levels:
            name = () if counts[level] else name_of(table, scope, group, level)
            cells.append(system.cell(counts[level], prints[level], name))
        made.append(cells)
    system.made[key] = made
    return made


def base_of(system: System, table: PublishedCounts, scope: Scope, group: int) -> int:
    return cells_of_scope(system, table, scope)[group][0]


def level_of(system: System, table: PublishedCounts, scope: Scope, group: int, level: int) -> int:
    return cells_of_scope(system, table, scope)[group][level + 1]


def places_of(scope: Scope) -> list[int]:
    """The places of a scope: its groups, and 0 where somebody is in none."""
    return [group for group in range(len(scope.n)) if group or scope.n[0] > 0]
