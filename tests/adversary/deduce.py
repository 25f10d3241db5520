"""What follows from what was printed: whole counts of every combination of answers that agree with all of it.

The unknowns are the respondents with each combination of answers, whole numbers,
none negative. Every printed number is a condition on sums of them: a count, an n,
a base line; a percent (also weighted, with the weights of the groups known), a
mean, a number of stops, a weighted n within half a unit of its last digit. HiGHS
(scipy's milp) looks for the smallest and the largest value of a withheld count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from bytes_read import Line, Printed, Read
from respondents import PLACES, Study
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

SECONDS, PATIENCE = 3.0, 60.0
CELL = 5
OTHER = "Other answers"
STEPS = (0.025, 0.05, 0.1)


@dataclass(slots=True)
class Condition:
    """low <= coefficients . unknowns <= high, and where it was read."""

    line: np.ndarray
    low: float
    high: float
    source: str


@dataclass(slots=True)
class Target:
    """A withheld count: its combinations, its true value, how wide its range has to be."""

    name: str
    line: np.ndarray
    true: int
    width: int
    place: tuple[Any, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def range(self) -> int:
        return self.high - self.low


class Mind:
    """The combinations of answers of one study, and what is known of them."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.names = list(study.spaces)
        self.atoms = list(product(*study.spaces.values()))
        self.size = len(self.atoms)
        self.person = study.weight == "person"
        self.columns = self.size * (2 if self.person else 1)
        self.conditions: list[Condition] = []
        self.named: dict[str, set[str]] = {}
        self.weights = self._weights()
        self.truth = self._truth()

    def _weights(self) -> np.ndarray:
        if not isinstance(self.study.weight, tuple):
            return np.ones(self.size)
        by, weights = self.study.weight
        if isinstance(by, tuple):
            places = [self.names.index(name) for name in by]
            return np.array([weights.get(tuple(atom[at] for at in places), 1.0) for atom in self.atoms])
        place = self.names.index(by)
        return np.array([weights[atom[place]] for atom in self.atoms])

    def _truth(self) -> np.ndarray:
        places = {atom: place for place, atom in enumerate(self.atoms)}
        columns = self.study.columns
        if self.study.route:
            told = [set(each.split("+")) for each in columns["_stops"]]
            rows = [tuple(int(name in each) for name in PLACES) for each in told]
        else:
            rows = list(zip(*(columns[name] for name in self.names), strict=True))
        found = np.zeros(self.columns)
        for row, atom in enumerate(rows):
            found[places[atom]] += 1
            if self.person:
                found[self.size + places[atom]] += columns["w"][row]
        return found

    # lines over combinations

    def flags(self, test: Any) -> np.ndarray:
        return np.array([float(test(dict(zip(self.names, atom, strict=True)))) for atom in self.atoms])

    def answered(self, variable: str) -> np.ndarray:
        if self.study.route:
            return np.ones(self.size)
        return self.flags(lambda atom: atom[variable] is not None)

    def where(self, text: str | None) -> np.ndarray:
        if text is None:
            return np.ones(self.size)
        parts = re.findall(r"not \(`(\w+)` is missing\)", text)
        if parts:
            first = re.match(r"\((.*?)\) and not", text)
            inside = self.where(first[1] if first else None)
            for name in parts:
                inside = inside * self.answered(name)
            return inside
        name, sign, value = re.fullmatch(r"(\w+) (==|!=) '(.*)'", text).groups()  # type: ignore[union-attr]
        own = self.flags(lambda atom: atom[name] == value)
        return own if sign == "==" else self.answered(name) - own

    def groups(self, by: dict[str, str]) -> np.ndarray:
        found = np.ones(self.size)
        for name, label in by.items():
            found = found * self.same(name, label)
        return found

    def same(self, name: str, label: str) -> np.ndarray:
        """Who gave an answer; "Other answers" are those that no table names."""
        if label == OTHER and name in self.named:
            return self.flags(lambda atom: atom[name] is not None and str(atom[name]) not in self.named[name])
        return self.flags(lambda atom: str(atom[name]) == label)

    def gave(self, line: Line) -> np.ndarray:
        """What a row counts: who gave the answer, or the number that a mean is of."""
        if self.study.route and line.variable == "j.length":
            return self.flags(lambda atom: sum(atom.values()))
        if self.study.route and line.level == OTHER:
            left = [code for name, code in NAMES.items() if name not in self.named[line.variable]]
            return self.flags(lambda atom: any(atom[code] for code in left))
        if self.study.route:
            return self.flags(lambda atom: atom[NAMES[line.level]])  # type: ignore[index]
        if line.level is None:
            return self.flags(lambda atom: atom[line.variable] or 0)
        return self.same(line.variable, line.level)

    def base(self, line: Line) -> np.ndarray:
        return self.where(line.where) * self.answered(line.variable) * self.groups(line.by)

    def weigh(self, line: np.ndarray) -> np.ndarray:
        """A line of respondents as a line of their weights."""
        if self.person:
            return np.asarray(np.concatenate([np.zeros(self.size), line]))
        return np.asarray(line * self.weights)

    def whole(self, line: np.ndarray) -> np.ndarray:
        return np.concatenate([line, np.zeros(self.columns - self.size)])

    def know(self, line: np.ndarray, low: float, high: float, source: str) -> None:
        self.conditions.append(Condition(line, low, high, source))

    # what was read

    def learn(self, read: Read) -> None:
        """Every number that was read becomes a condition."""
        for each in read.lines:
            for name, label in [(each.variable, each.level), *each.by.items()]:
                if label is not None:
                    self.named.setdefault(name, set()).add(label)
        if read.rows is not None:
            self.know(self.whole(np.ones(self.size)), read.rows, read.rows, "rows")
        if self.person:
            known = np.array(self.study.columns["w"])
            for place in range(self.size):
                for bound, sign in ((known.min(), 1.0), (known.max(), -1.0)):
                    line = np.zeros(self.columns)
                    line[self.size + place], line[place] = sign, -sign * bound
                    self.know(line, 0.0, np.inf, "weights")
        rounded = read.protection.get("method") == "rounding"
        lines = [each for each in read.lines if each.flag != "suppressed"]
        last = [each for each in lines if each.table == "std"]
        for each in lines:
            if each not in last:
                self._learn_line(each, rounded)
        if not rounded:
            self._learn_bases(read)
        for each in last:
            self._learn_line(each, rounded)

    def _learn_bases(self, read: Read) -> None:
        for (variable, where), n, of, _ in read.bases:
            inside = self.where(where)
            self.know(self.whole(inside * self.answered(variable)), n, n, "base")
            if of is not None:
                self.know(self.whole(inside), of, of, "base")
        for (variable, where), by, n, _ in read.nobody:
            inside = self.where(where) * self.answered(variable)
            self.know(self.whole(inside * (1 - self.answered(by))), n, n, "nobody")

    def _learn_line(self, line: Line, rounded: bool) -> None:
        numbers, base, gave = line.numbers, self.base(line), self.gave(line)
        slack = 5 if rounded else 0  # counts are multiples of 6
        if "n" in numbers and line.statistic != "count":
            n = numbers["n"]
            self.know(self.whole(base), n.low - slack, n.high + slack, "n")
        if "count" in numbers and line.level is not None:
            count = numbers["count"]
            self.know(self.whole(base * gave), count.low - slack, count.high + slack, "count")
        if rounded:
            return
        if "n_weighted" in numbers:
            number = numbers["n_weighted"]
            self.know(self.weigh(base), number.low, number.high, "weighted")
        if "estimate" in numbers and line.statistic == "total" and line.level is not None:
            part, value = self.weigh(base * gave), numbers["estimate"].value
            half = max(0.5, 1.01 * abs(float(part @ self.truth) - value))  # as wide as the step that is said
            self.know(part, value - half, value + half, "total")
        if "estimate" in numbers and line.statistic in ("proportion", "mean"):
            if self._standardised(line):
                return
            value, whole, part = numbers["estimate"], self.weigh(base), self.weigh(base * gave)
            low, high = self.ends(value, float(part @ self.truth) / (float(whole @ self.truth) or 1.0))
            self.know(part - low * whole, 0.0, np.inf, "percent")
            self.know(part - high * whole, -np.inf, 0.0, "percent")

    @staticmethod
    def ends(value: Printed, true: float) -> tuple[float, float]:
        """What a figure leaves open; of steps wider than its digits the adversary is told how wide they are."""
        for half in (0.0, *STEPS):
            low, high = min(value.low, value.value - half), max(value.high, value.value + half)
            if low <= true <= high:
                return low, high
        return value.low, value.high

    def _standardised(self, line: Line) -> bool:
        """A standardised figure is a sum of shares, where the n of every group is known."""
        study = self.study
        if not study.standard or line.table != "std":
            return False
        value, shares = line.numbers["estimate"], study.standard
        total = np.zeros(self.columns)
        gave = self.gave(line)
        for label, share in shares.items():
            group = self.groups({study.standard_by: label}) * self.answered(line.variable)  # type: ignore[dict-item]
            fewest, most = self.reach(self.whole(group))
            if fewest != most or not fewest:
                return True
            total += self.whole(group * gave) * share / fewest
        low, high = self.ends(value, float(total @ self.truth))
        self.know(total, low, high, "standardised")
        return True

    # what follows

    def wrong(self) -> list[str]:
        """Conditions that the true counts break: a figure that is printed otherwise than the adversary thinks."""
        return [
            each.source for each in self.conditions
            if not each.low - 1e-6 <= each.line @ self.truth <= each.high + 1e-6
        ]  # fmt: skip

    def reach(self, line: np.ndarray) -> tuple[int, int]:
        """The smallest and the largest value of a sum."""
        ends = []
        for sign in (1.0, -1.0):
            found = self.solve(sign * line)
            if found is None:
                return (0, 10**6)
            ends.append(round(float(line @ found)))
        return (ends[0], ends[1])

    def solve(
        self, goal: np.ndarray, extra: list[Condition] | None = None, seconds: float = SECONDS
    ) -> np.ndarray | None:
        conditions = [*self.conditions, *(extra or [])]
        matrix = csr_matrix(np.array([each.line for each in conditions]))
        done = milp(
            goal, integrality=np.r_[np.ones(self.size), np.zeros(self.columns - self.size)],
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(matrix, [x.low for x in conditions], [x.high for x in conditions]),
            options={"time_limit": seconds},
        )  # fmt: skip
        if done.x is None and done.status == 1 and seconds < PATIENCE:
            return self.solve(goal, extra, PATIENCE)  # on a busy machine no answer is no proof
        return None if done.x is None else np.r_[np.rint(done.x[: self.size]), done.x[self.size :]]

    def attack(self, targets: list[Target]) -> None:
        """The range of every target: solutions found for one certify others."""
        for each in targets:
            each.low = each.high = each.true
        for each in targets:
            for seconds in (SECONDS, PATIENCE):  # what looks narrow is asked again with more time
                for sign in (1.0, -1.0):
                    if each.range >= each.width:
                        break
                    found = self.solve(sign * self.whole(each.line), seconds=seconds)
                    if found is None:
                        continue
                    for other in targets:
                        value = round(float(other.line @ found[: self.size]))
                        other.low, other.high = min(other.low, value), max(other.high, value)


NAMES = {"Colombia": "CO", "Panama": "PA", "Costa Rica": "CR", "Ecuador": "EC"}


@dataclass(slots=True)
class Found:
    """What an attack on one study came to."""

    seed: int
    kind: str
    attacked: int = 0
    pinned: int = 0
    narrow: int = 0
    narrowest: float = float("inf")
    figures: int = 0
    withheld: int = 0
    small: int = 0
    zeros: int = 0
    singles: int = 0
    values: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    failed: str = ""
