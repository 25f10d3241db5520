"""Whole counts that agree with every condition, and how far a sum of them can go: HiGHS, in bounded time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from surveytool.arrays import Floats

SECONDS = 3.0
LARGEST = 1_500  # unknowns; beyond, fractions are let pass: ranges are then no narrower than they seem
ROUNDING = 1e-6
MOST_TURNS = 40


class Clock:
    """The time that an audit may take."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        self.stopped = False

    def left(self) -> float:
        """Seconds that are left; once there are none the audit has stopped early."""
        left = self.end - monotonic()
        self.stopped = self.stopped or left <= 0
        return max(left, 0.0)


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

    def among(self, line: Floats, values: Floats, source: str) -> None:
        """A sum over a line [unknowns] that has one of some values."""
        self.know(line, float(values.min()), float(values.max()), source)
        key, many = line.tobytes(), len(np.unique(values))
        self.values[key] = min(many, self.values.get(key, many))

    def know(self, line: Floats, low: float, high: float, source: str) -> None:
        """One more condition on a line [unknowns]."""
        if line.any():
            self.conditions.append(Condition(line, low, high, source))

    def solve(self, goal: Floats) -> tuple[Floats | None, bool]:
        """Unknowns [unknowns] that make a sum as small as they can, and whether the search was finished."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        seconds = min(SECONDS, self.clock.left())
        if seconds <= 0:
            return None, False
        matrix = csr_matrix(np.array([each.line for each in self.conditions]))
        limits = LinearConstraint(matrix, [x.low for x in self.conditions], [x.high for x in self.conditions])
        done = milp(
            goal, integrality=np.full(self.size, int(self.size <= LARGEST)), bounds=Bounds(0, np.inf),
            constraints=limits, options={"time_limit": seconds},
        )  # fmt: skip
        if done.x is None:
            return None, done.status == 2
        return (np.rint(done.x) if self.size <= LARGEST else done.x), done.status == 0

    def reach(self, line: Floats) -> tuple[int, int] | None:
        """The smallest and the largest value of a sum over a line [unknowns]; None where the search did not finish."""
        ends = []
        for sign in (1.0, -1.0):
            found, finished = self.solve(sign * line)
            if found is None or not finished:
                return None
            ends.append(round(float(line @ found)))
        return ends[0], ends[1]

    def agree(self) -> bool:
        """Whether any whole counts agree with all conditions."""
        found, finished = self.solve(np.zeros(self.size))
        return found is not None or not finished

    def attack(self, targets: Sequence[Target]) -> None:
        """The range of every target; what is found for one widens the others."""
        for each in targets:
            each.low = each.high = each.true
            each.values = self.values.get(each.line.tobytes(), np.inf)
        for each in sorted(targets, key=lambda target: target.true):
            for sign in (1.0, -1.0):
                if each.range >= each.width:
                    break
                found, finished = self.solve(sign * each.line)
                each.certain = each.certain and finished
                if found is not None:
                    _widen(targets, found)
            else:
                each.exact = each.certain
        self.narrow_down(targets)

    def narrow_down(self, targets: Sequence[Target]) -> None:
        """The whole range of the narrowest target, until no other can be narrower."""
        for _ in range(MOST_TURNS):
            open_ones = [each for each in targets if not each.single and each.certain]
            least = min(open_ones, key=lambda target: target.range, default=None)
            if least is None or least.exact or self.clock.left() <= 0:
                return
            for sign in (1.0, -1.0):
                found, finished = self.solve(sign * least.line)
                least.certain = least.certain and (finished or least.range >= least.width)
                if found is not None:
                    _widen(targets, found)
            least.exact = True


def _widen(targets: Sequence[Target], found: Floats) -> None:
    for each in targets:
        value = float(each.line @ found)
        each.low, each.high = min(each.low, value), max(each.high, value)
