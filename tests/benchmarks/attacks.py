"""Attack the gate: random linked tables, protected, then taken apart with nothing but what was printed.

The attacker here shares no code with the gate. It knows the questionnaire, the
size of the file and every figure, base line and note of the output. Its
unknowns are the respondents with each possible combination of all answers (a
count a combination, none negative); every printed number is an equation between
them, and linear programming bounds every withheld count.

    python tests/benchmarks/attacks.py [SETS] [FIRST_SEED]

writes ``attacks.md`` beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from surveytool.estimate.result import Estimates, Results, Row
from surveytool.protect import Protection, guard
from surveytool.reading import read
from surveytool.run import tabulate
from surveytool.survey import Design, Request, Survey

CELL, BASE = 5, 10
SINGLE = ("sex", "age", "status", "answer")
SIZES = {"sex": 2, "age": 3, "status": 3, "answer": 3}


@dataclass(slots=True)
class Attacked:
    """What one set of tables came to."""

    shown: int = 0
    withheld: int = 0
    primary: int = 0
    attacked: int = 0
    pinned: int = 0
    narrow: int = 0
    zeros: int = 0
    narrowest: float = float("inf")
    in_time: bool = True
    kinds: set[str] = field(default_factory=set)


class World:
    """Random respondents and the combinations that an attacker reckons with."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        rows = int(self.random.integers(40, 400))
        self.answers: dict[str, np.ndarray] = {}
        for name in SINGLE:
            shares = self.random.dirichlet(np.full(SIZES[name], 0.7))
            missing = self.random.choice([0.0, 0.0, 0.02, 0.08])
            codes = self.random.choice(SIZES[name], size=rows, p=shares)
            self.answers[name] = np.where(self.random.random(rows) < missing, -1, codes)
        self.nested = self.answers["age"] // 2  # bands of age: 0 and 1 together, 2 alone
        self.nested = np.where(self.answers["age"] < 0, -1, self.nested)
        self.rows = rows
        self.weights = self.random.choice([1.0, 1.0, 2.5, 0.4], size=rows) if seed % 2 else np.ones(rows)
        spaces = [range(-1, SIZES[name]) for name in SINGLE]
        self.atoms = list(product(*spaces))
        self.places = {atom: place for place, atom in enumerate(self.atoms)}

    def frame(self) -> Survey:
        columns: dict[str, Any] = {
            name: [None if code < 0 else f"{name}{code}" for code in codes] for name, codes in self.answers.items()
        }
        columns["band"] = [None if code < 0 else f"band{code}" for code in self.nested]
        columns["income"] = np.round(self.random.gamma(2.0, 100.0, self.rows), 1)
        columns["w"] = self.weights
        return read(pa.table(columns), design=Design(weights="w"))

    def holds(self, atom: Sequence[int], name: str, label: str) -> bool:
        """Whether respondents of a combination have a label of a variable."""
        if name == "band":
            code = atom[SINGLE.index("age")]
            return code >= 0 and label == f"band{code // 2}"
        return label == f"{name}{atom[SINGLE.index(name)]}"

    def codes(self, name: str) -> set[int]:
        """The answers that somebody gave."""
        return set((self.nested if name == "band" else self.answers[name]).tolist())

    def answered(self, atom: Sequence[int], name: str) -> bool:
        return atom[SINGLE.index("age" if name == "band" else name)] >= 0

    def line(self, conditions: Sequence[tuple[str, str | None]]) -> np.ndarray:
        """The combinations that fulfil conditions; None for "has an answer"."""
        return np.array([
            all(self.answered(atom, name) if label is None else self.holds(atom, name, label)
                for name, label in conditions if name != "income")
            for atom in self.atoms
        ], dtype=float)  # fmt: skip

    def truth(self) -> np.ndarray:
        found = np.zeros(len(self.atoms))
        for atom in zip(*(self.answers[name] for name in SINGLE), strict=True):
            found[self.places[tuple(int(code) for code in atom)]] += 1
        return found


def requests(world: World) -> list[Request]:
    """Two to six random tables that overlap: breakdowns, crossings, conditions, bases, numbers, medians."""
    random = world.random
    names = [*SINGLE, "band"]
    made = []
    for place in range(int(random.integers(2, 7))):
        variable = str(random.choice([*names, "answer", "income"]))
        others = [name for name in names if name != variable]
        by = []
        for _ in range(int(random.integers(0, 3))):
            width = 2 if random.random() < 0.3 else 1
            by.append(tuple(str(each) for each in random.choice(others, size=width, replace=False)))
        where = None
        if random.random() < 0.25:
            name = str(random.choice(others))
            sign = "==" if random.random() < 0.6 else "!="
            code = int(random.integers(0, 2 if name == "band" else SIZES[name]))
            where = f"{name} {sign} '{name}{code}'" if code in world.codes(name) else None
        statistic = str(random.choice(["mean", "median", "total"])) if variable == "income" else None
        made.append(Request(
            variable=variable, by=tuple(dict.fromkeys(by)), where=where, statistic=statistic,
            total=bool(random.random() < 0.85) or not by, id=f"t{place}",
        ))  # fmt: skip
    return made


def conditions_of(estimates: Estimates) -> list[tuple[str, str | None]]:
    """The condition of a table as conditions on labels (``!=`` has two: handled by the caller)."""
    where = estimates.request.where
    return [] if where is None or "!=" in where else [tuple(where.replace("'", "").split(" == "))]  # type: ignore[list-item]


def domain(world: World, where: str | None) -> np.ndarray:
    if where is None:
        return np.ones(len(world.atoms))
    name, sign, label = where.replace("'", "").split(" ")
    own = world.line([(name, label)])
    return own if sign == "==" else world.line([(name, None)]) - own


def equations(world: World, results: Results) -> Iterator[tuple[np.ndarray, float]]:
    """Everything printed as equations between combinations."""
    yield np.ones(len(world.atoms)), float(world.rows)
    for estimates in results.estimates:
        inside = domain(world, estimates.request.where)
        variable = estimates.request.variable
        answered = inside * world.line([(variable, None)])
        if not estimates.base.withheld:
            yield inside, float(estimates.base.domain)
            yield answered, float(estimates.base.base)
        for row in estimates.rows:
            if row.flag == "suppressed":
                continue
            group = answered * world.line(list(row.by.items()))
            yield group, float(row.n)
            if row.level is not None:
                yield group * world.line([(variable, row.level)]), float(row.count or 0)
        for each in estimates.notes:
            if each.code == "missing_by":
                values = dict(each.values)
                titles = {" × ".join(b.labels): b.names for b in estimates.breakdowns}
                names = titles[str(values["variable"])]
                yield answered * (1 - world.line([(name, None) for name in names])), float(values["n"])  # type: ignore[arg-type]


def secrets(world: World, results: Results, before: Results) -> Iterator[tuple[Row, np.ndarray]]:
    """Every withheld count as a sum of combinations."""
    for after, old in zip(results.estimates, before.estimates, strict=True):
        inside = domain(world, after.request.where) * world.line([(after.request.variable, None)])
        for row, known in zip(after.rows, old.rows, strict=True):
            if row.flag != "suppressed" or known.n == 0:
                continue
            line = inside * world.line(list(row.by.items()))
            line = line if row.level is None else line * world.line([(after.request.variable, row.level)])
            if line.any():  # else a combination that cannot be, such as a band that an age is not in
                yield known, line


def attack(seed: int, protection: Protection | None = None) -> Attacked:
    """Protect one random set of tables and take it apart."""
    world = World(seed)
    survey, asked = world.frame(), requests(world)
    asked = [each for each in asked if each.where is None or domain(world, each.where) @ world.truth() > 0]
    before = tabulate(survey, asked)
    guarded = guard(survey, protection or Protection(active=True, cell=CELL, base=BASE, dominance=1.0))
    after = tabulate(guarded, asked)
    found = Attacked(kinds={note.code for note in after.notes if note.code.startswith(("protected", "round"))})
    found.shown = sum(row.n > 0 for each in before.estimates for row in each.rows)
    lines, numbers = zip(*equations(world, after), strict=True)
    matrix, right = csr_matrix(np.array(lines)), np.array(numbers)
    truth = world.truth()
    assert np.abs(matrix @ truth - right).max() < 1e-6, f"set {seed}: the printed figures are not those of the data"
    for known, line in secrets(world, after, before):
        found.withheld += 1
        small = known.n < BASE or (known.level is not None and 0 < (known.count or 0) < CELL)
        found.primary += small
        width = _width(matrix, right, line)
        if width is None:
            continue
        found.attacked += 1
        found.narrowest = min(found.narrowest, width)
        zero = known.n == 0 or (known.level is not None and not known.count)
        found.zeros += zero and width < 1 - 1e-6
        found.pinned += not zero and width < 1 - 1e-6
        found.narrow += not zero and width < CELL - 1e-6
    return found


def _width(matrix: Any, right: np.ndarray, line: np.ndarray) -> float | None:
    """How far apart the bounds of a count are; None where the programme has no answer."""
    ends = []
    for sign in (1.0, -1.0):
        done = linprog(sign * line, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
        if done.status == 3:
            return float("inf")
        if done.status != 0:
            return None
        ends.append(sign * done.fun)
    return float(ends[1] - ends[0])


def main(sets: int, first: int) -> None:
    start = perf_counter()
    found = [attack(seed) for seed in range(first, first + sets)]
    for seed, each in enumerate(found, first):
        if each.pinned or each.narrow or each.zeros:
            print(seed, each, file=sys.stderr)
    print(
        sum(e.withheld for e in found),
        sum(e.primary for e in found),
        sum(e.shown for e in found),
        sum(e.attacked for e in found),
        "pinned",
        sum(e.pinned for e in found),
        "narrow",
        sum(e.narrow for e in found),
        "zeros",
        sum(e.zeros for e in found),
        min(e.narrowest for e in found),
        perf_counter() - start,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
