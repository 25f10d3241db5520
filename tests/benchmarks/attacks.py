"""Attack the gate: random linked tables, protected, then taken apart with nothing but what was printed.

The attacker here shares no code with the gate. It knows the questionnaire, the
size of the file and every figure, base line and note of the output. Its
unknowns are the respondents with each possible combination of all answers (a
count a combination, none negative); every printed number is an equation between
them, and linear programming bounds every withheld count.

    python tests/benchmarks/attacks.py [SETS] [FIRST_SEED]

prints progress and writes ``attacks.md`` beside this file. As a control the same
attack is made on the first sets with small counts withheld and nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from surveytool.disclosure_control import Protection, guard
from surveytool.estimate.result import Results, Row
from surveytool.reading import read
from surveytool.survey import Design, Request, Survey
from surveytool.tabulation import tabulate

CELL, BASE = 5, 10
CONTROLS, WORKERS = 60, 3
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
    programmes: int = 0
    narrowest: float = float("inf")
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


def domain(world: World, where: str | None) -> np.ndarray:
    if where is None:
        return np.ones(len(world.atoms))
    answered = re.findall(r"not \(`(\w+)` is missing\)", where)
    if answered:  # who is in no group of a breakdown is left out, where they are few
        own = re.match(r"\((.*?)\) and not", where)
        return domain(world, own[1] if own else None) * world.line([(name, None) for name in answered])
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
            if row.level is not None and row.count is not None:
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


def small(row: Row) -> bool:
    """Whether a figure is withheld for itself, not for others."""
    return 0 < row.n < BASE or (row.level is not None and 0 < (row.count or 0) < CELL)


def primary_only(results: Results) -> Results:
    """What a tool prints that withholds small counts and thinks no further."""
    from surveytool.disclosure_control.withheld_rows import blank

    made = [
        replace(each, rows=tuple(blank(row) if small(row) else row for row in each.rows)) for each in results.estimates
    ]
    return replace(results, estimates=tuple(made))


def attack(seed: int, *, control: bool = False) -> Attacked:
    """Protect one random set of tables and take it apart; as a ``control`` with small counts withheld alone."""
    world = World(seed)
    survey, asked = world.frame(), requests(world)
    asked = [each for each in asked if each.where is None or domain(world, each.where) @ world.truth() > 0]
    before = tabulate(survey, asked)
    rules = Protection(active=True, cell=CELL, base=BASE, dominance=1.0)
    after = primary_only(before) if control else tabulate(guard(survey, rules), asked)
    found = Attacked(kinds={note.code for note in after.notes if note.code.startswith("protected")})
    found.shown = sum(row.n > 0 for each in before.estimates for row in each.rows)
    lines, numbers = zip(*equations(world, after), strict=True)
    matrix, right = csr_matrix(np.array(lines)), np.array(numbers)
    assert np.abs(matrix @ world.truth() - right).max() < 1e-6, f"set {seed}: the printed figures are not the data's"
    widths: dict[bytes, float | None] = {}
    for known, line in secrets(world, after, before):
        found.withheld += 1
        found.primary += small(known)
        key = line.tobytes()
        if key not in widths:
            widths[key] = _width(matrix, right, line)
            found.programmes += 2
        width = widths[key]
        assert width is not None, f"set {seed}: a programme has no answer"
        if known.n == 0 or (known.level is not None and not known.count):
            found.zeros += width < 1 - 1e-6
            continue
        found.attacked += 1
        found.narrowest = min(found.narrowest, width)
        found.pinned += width < 1 - 1e-6
        found.narrow += width < CELL - 1e-6
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


def _row(name: str, found: Sequence[Attacked]) -> str:
    attacked = sum(each.attacked for each in found)
    cells = [len(found), sum(each.withheld for each in found), attacked, sum(each.programmes for each in found),
             sum(each.pinned for each in found), sum(each.narrow for each in found),
             f"{min((each.narrowest for each in found), default=0.0):.0f}"]  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in (name, *cells)) + " |"


def written(found: Sequence[Attacked], control: Sequence[Attacked]) -> str:
    """The table of the docs."""
    shown = sum(each.shown for each in found)
    withheld, primary = sum(each.withheld for each in found), sum(each.primary for each in found)
    zeros, late = sum(each.zeros for each in found), sum("protected_time" in each.kinds for each in found)
    return f"""# Attacks on the gate

Random sets of two to six linked tables (breakdowns, crossings, nested bands, conditions, numbers, margins left
out, missing answers) over 40 to 400 random respondents, half of them weighted. Each set is protected (no count
under {CELL}, no figure of fewer than {BASE}) and attacked with everything that was printed: figures, n, base lines and
notes. The unknowns of the attack are the respondents with each combination of answers, none negative; linear
programming gives the bounds of every withheld count. The attacker shares no code with the gate.

| | sets | figures withheld | counts attacked | programmes | pinned exactly | range under {CELL} | narrowest range |
|---|---:|---:|---:|---:|---:|---:|---:|
{_row("the gate", found)}
{_row("control: small counts withheld, nothing else", control)}

A withheld 0 is no count of anybody; {zeros} of them follow from zeros that another table shows and are not
counted above.

Where a range is narrower than {CELL}, several conditions and missing answers meet in a way
that only the full crossing of all variables tells; the gate's equations hold pairs of domains, not all of them at once.

The price, of {shown} figures with respondents: {primary} ({primary / shown:.1%}) are withheld for themselves,
{withheld} ({withheld / shown:.1%}) with those that protect them. Tables this small are the worst case: a set has
{shown / len(found):.0f} figures on average and {primary / len(found):.0f} of them too small. The search ran out of time
in {late} sets.

Made by `python tests/benchmarks/attacks.py {len(found)}`.
"""


def main(sets: int, first: int) -> None:
    start, found = perf_counter(), []
    with ProcessPoolExecutor(max_workers=WORKERS) as pool:
        for seed, each in enumerate(pool.map(attack, range(first, first + sets), chunksize=5), first):
            found.append(each)
            if each.pinned or each.narrow:
                print(f"set {seed}: {each}", file=sys.stderr, flush=True)
            if len(found) % 25 == 0:
                print(f"{len(found)} sets, {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        seeds = range(first, first + min(sets, CONTROLS))
        control = list(pool.map(partial(attack, control=True), seeds, chunksize=5))
    text = written(found, control)
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
