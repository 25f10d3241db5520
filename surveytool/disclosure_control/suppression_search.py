"""One search for what else has to go: the system, its attack, and what has been learned of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import process_time

from surveytool.disclosure_control.attack import Attack, Moved
from surveytool.disclosure_control.equation_system import System

MANY = 400  # counts, from which on the search has to hurry
Cut = tuple[int, tuple[tuple[int, float], ...]]


@dataclass(slots=True)
class Choice:
    """What is withheld: cells by number, what it costs, and how the search ended."""

    withheld: set[int]
    cost: float
    in_time: bool = True
    exact: bool = False
    narrow: int = 0
    long: bool = False


@dataclass(slots=True)
class Search:
    """One search: the system, its attack, the conditions found so far."""

    system: System
    width: float
    seconds: float
    attack: Attack
    fixed: frozenset[int]
    tell: Callable[[int], None] | None = None
    cuts: dict[Cut, None] = field(default_factory=dict)
    moved: Moved | None = None
    under: frozenset[int] = frozenset()
    later: set[int] = field(default_factory=set)
    _near: dict[int, set[int]] = field(default_factory=dict)
    start: float = field(default_factory=process_time)

    def optional(self, cell: int) -> bool:
        """Whether a cell is printed unless it is withheld."""
        system = self.system
        return (not system.hidden[cell] or cell in system.below) and cell not in self.fixed

    def moved_under(self, withheld: frozenset[int]) -> Moved:
        """How far cells are known to go with these withheld: as far as with fewer."""
        if self.moved is None or not self.under <= withheld:
            self.moved = Moved.nothing(len(self.system.value))
        self.under = withheld
        return self.moved

    @property
    def large(self) -> bool:
        """Whether so much is at stake that the search has to hurry."""
        return len(self.system.forced) > MANY

    def near(self, cells: Iterable[int]) -> set[int]:
        """The cells that stand in an equation with some cells, these among them."""
        if not self._near:
            for parent, parts in self.system.relations:
                for cell in (parent, *parts):
                    self._near.setdefault(cell, set()).update((parent, *parts))
        return {other for cell in cells for other in self._near.get(cell, ())}

    def late(self, part: float = 1.0) -> bool:
        """Whether the time is up: processor time, so that a busy machine withholds no more than an idle one."""
        return process_time() >= self.start + part * self.seconds
