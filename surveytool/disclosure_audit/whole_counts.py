"""Whole counts that agree with every condition, and how far a sum of them can go: HiGHS, in bounded time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import process_time

import numpy as np

from surveytool.arrays import Floats
from surveytool.disclosure_audit.solver import Solver

SECONDS = 2.0
LARGEST = 1_500  # unknowns; beyond, fractions are let pass: ranges are then no narrower than they seem
ROUNDING = 1e-6
MOST_TURNS = 40
SWEEPS, FEW, GAP = 12, 4, 0.2


class Clock:
    """The time that an audit may take, and the part of it that the question in hand may take."""

    def __init__(self, seconds: float) -> None:
        self.end = process_time() + seconds
        self.until = self.end
        self.stopped = False

    def share(self, parts: int) -> None:
        """From now on one of so many parts of the time that is left."""
        now = process_time()
        self.until = now + max(self.end - now, 0.0) / max(parts, 1)

    def left(self) -> float:
        """Seconds that are left; once there are none of the whole time the audit has stopped early."""
        now = process_time()
        self.stopped = self.stopped or now >= self.end
        return max(self.until - now, 0.0)


@dataclass(slots=True)
class Condition:
    """``low <= line . unknowns <= high``, and the kind of figure that it was read from."""

    line: Floats
    low: float
    high: float
    source: str


@dataclass(slots=True)
class Target:
    """A sum that must stay unknown: what it truly is, how wide its range has to be, and the range found so far."""

    name: str
    line: Floats
    true: float
    width: float
    single: bool = False
    low: float = 0.0
    high: float = 0.0
    certain: bool = True
    exact: bool = False
    values: float = np.inf  # how many it may have, where they were told one by one

    @property
    def open(self) -> bool:
        """Whether the search ended before it was known that the range is wide enough."""
        return not self.certain and self.range < self.width

    @property
    def range(self) -> float:
        """How many values it may still have, less one."""
        return min(self.high - self.low, self.values - 1)


@dataclass(slots=True)
class Attacker:
    """Conditions on the unknowns of one question."""

    size: int
    clock: Clock
    conditions: list[Condition] = field(default_factory=list)
    values: dict[bytes, int] = field(default_factory=dict)
    _solver: Solver | None = None
    _told: int = 0

    def among(self, line: Floats, values: Floats, source: str) -> None:
        """A sum over a line [unknowns] that has one of some values."""
        self.know(line, float(values.min()), float(values.max()), source)
        key, many = line.tobytes(), len(np.unique(values))
        self.values[key] = min(many, self.values.get(key, many))

    def know(self, line: Floats, low: float, high: float, source: str) -> None:
        """One more condition on a line [unknowns]."""
        if line.any():
            self.conditions.append(Condition(line, low, high, source))

    def solve(self, goal: Floats, enough: float = -np.inf, gap: float = 0.0) -> tuple[Floats | None, bool]:
        """Unknowns [unknowns] that make a sum small, at most ``enough`` if they can, and whether that was finished."""
        seconds = min(SECONDS, self.clock.left())
        if seconds <= 0:
            return None, False
        if self._solver is None or self._told != len(self.conditions):
            lines = [condition.line for condition in self.conditions]
            low, high = (
                [condition.low for condition in self.conditions],
                [condition.high for condition in self.conditions],
            )
            self._solver = Solver(lines, low, high, whole=self.size <= LARGEST)
            self._told = len(self.conditions)
        return self._solver.least(goal, seconds, enough, gap)

    def reach(self, line: Floats) -> tuple[int, int] | None:
        """The smallest and the largest value of a sum over a line [unknowns]; None where the search did not finish."""
        ends = []
        for sign in (1.0, -1.0):
            solution, finished = self.solve(sign * line)
            if solution is None or not finished:
                return None
            ends.append(round(float(line @ solution)))
        return ends[0], ends[1]

    def agree(self) -> bool:
        """Whether any whole counts agree with all conditions."""
        solution, finished = self.solve(np.zeros(self.size))
        return solution is not None or not finished

    def attack(self, targets: Sequence[Target]) -> None:
        """Whether every target is wide enough; what is found for one widens the others."""
        for goal in targets:
            goal.low = goal.high = goal.true
            goal.values = self.values.get(goal.line.tobytes(), np.inf)
        self.pursue(targets)

    def pursue(self, targets: Sequence[Target]) -> None:
        """The same, from what is found already."""
        self._sweep(targets)
        for each in sorted(targets, key=lambda target: target.true):
            for sign in (1.0, -1.0):
                if each.range >= each.width:
                    break
                each.certain = each.certain or sign > 0
                edge = each.high - each.width if sign > 0 else -(each.low + each.width)
                found, finished = self.solve(sign * each.line, edge)
                each.certain = each.certain and finished
                if found is not None:
                    widen(targets, found)
            else:
                each.exact = each.certain

    def _sweep(self, targets: Sequence[Target]) -> None:
        """Many targets moved at once, some up and some down: most are wide enough after a few turns."""
        random = np.random.default_rng(1)
        for _ in range(SWEEPS):
            narrow = [target for target in targets if target.range < target.width]
            if len(narrow) < FEW:
                return
            before = sum(each.range for each in narrow)
            signs = random.choice([-1.0, 1.0], len(narrow))
            goal = np.sum([sign * each.line for sign, each in zip(signs, narrow, strict=True)], axis=0)
            for sign in (1.0, -1.0):
                found, _ = self.solve(sign * goal, gap=GAP)
                if found is not None:
                    widen(targets, found)
            if sum(each.range for each in narrow) == before:
                return

    def narrow_down(self, targets: Sequence[Target]) -> None:
        """After an attack the whole range of the narrowest target, until no other can be narrower."""
        for _ in range(MOST_TURNS):
            open_ones = [target for target in targets if not target.single and target.certain]
            least = min(open_ones, key=lambda target: target.range, default=None)
            if least is None or least.exact or self.clock.left() <= 0:
                return
            for sign in (1.0, -1.0):
                solution, finished = self.solve(sign * least.line)
                least.certain = least.certain and (finished or least.range >= least.width)
                if solution is not None:
                    widen(targets, solution)
            least.exact = True


def widen(targets: Sequence[Target], found: Floats) -> None:
    """Unknowns that agree with everything show how far each target can be."""
    if not targets:
        return
    values = np.array([target.line for target in targets]) @ found
    for target, value in zip(targets, values.tolist(), strict=True):
        target.low, target.high = min(target.low, value), max(target.high, value)
