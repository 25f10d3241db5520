"""Printed figures as conditions on the unknowns of one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from surveytool.arrays import Floats
from surveytool.disclosure_audit.printed_rows import SUPPRESSED, Line, Printed, Read, Said
from surveytool.disclosure_audit.respondents import Space
from surveytool.disclosure_audit.whole_counts import Attacker, Clock

SHARES = ("proportion", "mean")
STEPS = (0.0, 0.0005, 0.005, 0.025, 0.05, 0.1)  # halves of the steps that percentages may come in
STOPS, LENGTH = ".stops", ".length"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a row truly is: it tells a figure that is disturbed from one that is exact."""

    count: float | None
    n: float
    n_weighted: float
    estimate: float | None


@dataclass(slots=True)
class Truths:
    """What the rows of a run truly are, and by how much its counts are disturbed on purpose."""

    facts: Mapping[tuple[Any, ...], Fact]
    noise: float = 0.0
    standards: Mapping[tuple[Any, ...], tuple[str, Mapping[str, float]]] = field(default_factory=dict)

    def of(self, line: Line) -> Fact | None:
        """The truth of a row."""
        return self.facts.get(line.key)


@dataclass(slots=True)
class Reader:
    """Reads a run into conditions of one question; ``used`` are the kinds of figures that it took."""

    space: Space
    attacker: Attacker
    truths: Truths
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, space: Space, truths: Truths, clock: Clock) -> Reader:
        """A reader of one question, which knows what follows from the unknowns themselves."""
        reader = cls(space, Attacker(space.size, clock), truths)
        if space.question.several:
            for atom in range(len(space.atoms)):
                for option in range(2, space.width):
                    line = np.zeros(space.size)
                    line[atom * space.width], line[atom * space.width + option] = 1.0, -1.0
                    reader.attacker.know(line, 0.0, np.inf, "questionnaire")
        return reader

    def know(self, line: Floats, low: float, high: float, source: str) -> None:
        """One more condition of a kind on a line [unknowns]."""
        self.attacker.know(line, low, high, source)
        self.used.add(source)

    def read(self, read: Read, lines: Sequence[Line]) -> None:
        """Every number of the rows, the words below them, and those that need the others first."""
        everybody = np.tile(self.space.people(), len(self.space.atoms))
        self.attacker.know(everybody, 0.0, read.rows, "rows")
        shown = [line for line in lines if line.flag != SUPPRESSED]
        for line in shown:
            self.row(line)
        tables = {line.table: line for line in reversed(lines)}
        if not self.truths.noise:
            for said in read.said:
                if said.table in tables:
                    self.words(said, tables[said.table])
            for line in shown:
                self.standardised(line)

    def row(self, line: Line) -> None:
        """Counts, n, percentages, means and weighted n of one row."""
        space, numbers, fact = self.space, line.numbers, self.truths.of(line)
        if line.variable.endswith(LENGTH) and line.variable != space.question.name:
            self._length(line)
            return
        base, gave, slack = space.base(line), space.gave(line), self.truths.noise
        if line.key in self.truths.standards:
            return
        told = bool(line.level is not None or space.question.binary)
        if "n" in numbers:
            self.know(base, numbers["n"].value - slack, numbers["n"].value + slack, "n")
        if "count" in numbers and line.level is not None:
            self.know(gave, numbers["count"].value - slack, numbers["count"].value + slack, "counts")
        if slack or fact is None:
            return
        weighted = space.weigh(base)
        if "n_weighted" in numbers and weighted is not None:
            self.know(weighted, numbers["n_weighted"].low, numbers["n_weighted"].high, "weighted")
        if "estimate" in numbers and told and line.statistic in SHARES:
            self._share(line, base, gave, fact)
        if "estimate" in numbers and told and line.statistic == "total":
            self._total(line, gave, fact)
        if "estimate" in numbers and line.level is not None and line.statistic == "count":
            self.know(gave, numbers["estimate"].value - slack, numbers["estimate"].value + slack, "counts")

    def _share(self, line: Line, base: Floats, gave: Floats, fact: Fact) -> None:
        """A percentage, or the mean of a 0/1 number, between the ends of its digits."""
        whole, part = self.space.weigh(base), self.space.weigh(gave)
        ends = open_ends(line.numbers["estimate"], fact.estimate)
        if whole is None or part is None or ends is None:
            return
        source = "means" if line.level is None else "percent"
        weights = self.space.weights
        if weights is not None and np.ptp(weights) > 0:
            self.used.add("weighted")
        self.know(part - ends[0] * whole, 0.0, np.inf, source)
        self.know(part - ends[1] * whole, -np.inf, 0.0, source)

    def _total(self, line: Line, gave: Floats, fact: Fact) -> None:
        """A weighted count of people."""
        part, number = self.space.weigh(gave), line.numbers["estimate"]
        if part is not None and fact.estimate is not None and number.low <= fact.estimate <= number.high:
            self.know(part, number.low, number.high, "totals")

    def _length(self, line: Line) -> None:
        """The mean number of stops: all options together."""
        stops = _as_stops(line, self.space.question.name)
        fact, options, base = self.truths.of(line), self.space.options(stops), self.space.base(stops)
        whole, part = self.space.weigh(base), self.space.weigh(options)
        if fact is None or whole is None or part is None or line.statistic != "mean" or "estimate" not in line.numbers:
            return
        ends = open_ends(line.numbers["estimate"], fact.estimate)
        if ends is not None and not self.truths.noise:
            self.know(part - ends[0] * whole, 0.0, np.inf, "means")
            self.know(part - ends[1] * whole, -np.inf, 0.0, "means")

    def words(self, said: Said, line: Line) -> None:
        """What is said under a table: its base, and who is in none of its groups."""
        if line.variable.endswith(LENGTH) and line.variable != self.space.question.name:
            return
        whole = Line(line.table, line.variable, line.statistic, line.base, line.where, {}, line.level, {}, None)
        base, where = self.space.base(whole), self.space.where(line.where)
        assert where is not None
        people = np.tile(self.space.people(), len(self.space.atoms))
        if said.what == "base":
            self.know(base, said.n, said.n, "bases")
        elif said.what == "domain":
            self.know(where * people, 0.0, said.n, "bases")
        elif said.what == "nobody" and said.by in self.space.groups:
            outside = self.space.outside(said.by)
            self.know(base * self.space.spread(outside, np.ones(self.space.width)), said.n, said.n, "nobody")
        elif said.what == "none" and self.space.question.several:
            for option in self.space.question.levels:
                option_line = Line(
                    line.table, line.variable, line.statistic, line.base, line.where, {}, option, {}, None
                )
                self.know(base - self.space.gave(option_line), said.n, np.inf, "bases")
            self.know(self.space.options(whole) - base, -said.n, np.inf, "bases")

    def standardised(self, line: Line) -> None:
        """A standardised share is a sum of shares, once the n of every group is known."""
        told = self.truths.standards.get(line.key)
        fact = self.truths.of(line)
        if told is None or fact is None or told[0] not in self.space.groups or "estimate" not in line.numbers:
            return
        name, shares = told
        total, gave = np.zeros(self.space.size), self.space.gave(line)
        for code, share in shares.items():
            inside = self.space.groups_of({name: code})
            assert inside is not None
            n = self.attacker.reach(self.space.base(line) * inside)
            if n is None or n[0] != n[1] or not n[0]:
                return
            total += gave * inside * share / n[0]
        ends = open_ends(line.numbers["estimate"], fact.estimate)
        if ends is not None:
            self.know(total, *ends, "standardised")

    def difference(self, test: Mapping[str, Any], line: Line, groups: Sequence[Mapping[str, str]]) -> None:
        """A difference between two groups whose n are known: a share less another."""
        number = test.get("estimate")
        if not isinstance(number, Printed) or self.space.weights is None or self.truths.noise:
            return
        total = np.zeros(self.space.size)
        for sign, by in zip((1.0, -1.0), groups, strict=True):
            group_line = Line(
                line.table, line.variable, line.statistic, line.base, line.where, by, line.level, {}, None
            )
            base, gave = self.space.base(group_line), self.space.gave(group_line)
            held = self.space.weigh(base)
            n = self.attacker.reach(base)
            if held is None or np.ptp(held[base > 0]) > 1e-12 or n is None or n[0] != n[1] or not n[0]:
                return
            total += sign * gave / n[0]
        self.know(total, number.low, number.high, "differences")


def _as_stops(line: Line, name: str) -> Line:
    return Line(line.table, name, line.statistic, line.base, line.where, line.by, None, {}, None)


def open_ends(number: Printed, true: float | None) -> tuple[float, float] | None:
    """What a figure leaves open, None where it is no such figure.

    Of steps wider than its digits the auditor is told how wide they are.
    """
    if true is None:
        return None
    for half in STEPS:
        low, high = min(number.low, number.value - half), max(number.high, number.value + half)
        if low <= true <= high:
            return low, high
    return None


def noise_of(lines: Iterable[Line], truths: Mapping[tuple[Any, ...], Fact]) -> float:
    """By how much counts are disturbed at most: what the documentation of a disturbing method says of it."""
    noises = [0.0]
    for line in lines:
        fact = truths.get(line.key)
        for name in ("count", "n"):
            true = None if fact is None else getattr(fact, name)
            if name in line.numbers and true is not None and line.flag != SUPPRESSED:
                noises.append(abs(line.numbers[name].value - true))
    return max(noises)
