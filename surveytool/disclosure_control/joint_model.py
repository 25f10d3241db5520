"""Every combination of some variables' answers as an unknown: what an attacker solves for.

A combination is a column. Sums of columns are counts; a printed figure is a
condition on such sums. Combinations that cannot be (a country outside of its
region) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.disclosure_control.known_weights import KnownWeights
from surveytool.disclosure_control.linear_programme import Programme
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats


Axis = tuple[str, ...]
BLANK = ""
INSIDE, OUTSIDE = "in", "out"
WEIGHTS: Axis = ("weights",)
# Any counts that agree with what is printed prove a range, the best need not be known; a bound in seconds would let the
# load of a machine decide what is withheld.
NODES, GAP = 1000, 0.25


def variable(name: str) -> Axis:
    """The axis of a variable's answers."""
    return ("variable", name)


def condition(where: str) -> Axis:
    """The axis of who is in a domain."""
    return ("where", where)


def option(name: str, code: str) -> Axis:
    """The axis of who chose one of several options."""
    return ("option", name, code)


@frozen
class Target:
    """A count that must stay open: its columns, its value, and how wide its range has to be.

    ``rows`` are where coarsening helps first: (table, row); ``withheld`` says that it is one of a table's own rows.
    """

    line: Floats
    value: int
    width: int
    rows: tuple[tuple[str, int], ...] = ()
    withheld: bool = True


@dataclass(slots=True)
class Joint:
    """The combinations of axes with their values, the conditions on their counts, and the targets.

    ``person`` doubles the columns: beside each count stands the sum of its respondents' weights.
    """

    values: dict[Axis, tuple[str, ...]]
    weights: KnownWeights
    codes: dict[Axis, Any] = field(default_factory=dict)
    size: int = 0
    person: bool = False
    lines: list[tuple[Floats, float, float]] = field(default_factory=list)
    owners: list[tuple[str, int] | None] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def __post_init__(self) -> None:
        shape = [len(value) for value in self.values.values()]
        grid = np.indices(shape).reshape(len(shape), -1)
        self.codes = dict(zip(self.values, grid, strict=True))
        self.size = grid.shape[1]
        told = not self.weights.names or all(variable(name) in self.values for name in self.weights.names)
        self.person = not self.weights.alike and WEIGHTS not in self.values and not (self.weights.names and told)

    def only(self, kept: Flags) -> None:
        """Leave out combinations [columns] that cannot be."""
        self.codes = {axis: code[kept] for axis, code in self.codes.items()}
        self.size = int(kept.sum())

    def flag(self, axis: Axis, value: str) -> Floats:
        """Columns [size] with one value of an axis."""
        if value not in self.values[axis]:
            return np.zeros(self.size)
        return np.asarray(self.codes[axis] == self.values[axis].index(value), dtype=np.float64)

    def group(self, names: Sequence[str], labels: Sequence[str]) -> Floats:
        """Columns [size] of a group."""
        found = np.ones(self.size)
        for name, label in zip(names, labels, strict=True):
            found = found * self.flag(variable(name), label)
        return found

    def weighed(self, line: Floats) -> Floats:
        """A line of respondents [size] as one of their weights [columns]."""
        if self.person:
            return np.concatenate([np.zeros(self.size), line])
        return np.asarray(line * self._weight(), dtype=np.float64)

    def counted(self, line: Floats) -> Floats:
        """A line of respondents [size] over all columns."""
        return np.concatenate([line, np.zeros(self.size)]) if self.person else line

    def _weight(self) -> Any:
        if WEIGHTS in self.values:
            return np.asarray([float(value) for value in self.values[WEIGHTS]], dtype=np.float64)[self.codes[WEIGHTS]]
        if self.weights.by_group is None:
            return np.ones(self.size)
        axes = [variable(name) for name in self.weights.names]
        labels = [np.array(self.values[axis], dtype=object)[self.codes[axis]] for axis in axes]
        groups = zip(*labels, strict=True)
        return np.array([self.weights.by_group.get(tuple(map(str, each)), self.weights.low) for each in groups])

    def know(self, line: Floats, low: float, high: float, owner: tuple[str, int] | None = None) -> None:
        """low <= line . counts <= high for a line [columns]; ``owner`` is the row that printed it."""
        if line.any():
            self.lines.append((line, low, high))
            self.owners.append(owner)

    def mark(self) -> bytes:
        """What tells these conditions and targets from others."""
        made = sha256()
        for line, low, high in self.lines:
            made.update(line.tobytes() + repr((low, high)).encode())
        for target in self.targets:
            made.update(target.line.tobytes() + repr((target.value, target.width)).encode())
        return made.digest()

    def owners_of(self, line: Floats) -> set[tuple[str, int]]:
        """The printed rows that count some of the respondents of a line [size]."""
        inside = np.flatnonzero(line)
        return {
            owner for (each, _, _), owner in zip(self.lines, self.owners, strict=True)
            if owner is not None and each.reshape(-1, self.size)[:, inside].any()
        }  # fmt: skip


class Solver:
    """HiGHS on the conditions of a joint model: counts, none negative; whole ones where weights are known."""

    def __init__(self, joint: Joint) -> None:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_matrix, eye, hstack, vstack

        self.joint, size = joint, joint.size
        matrix = csr_matrix(np.array([line for line, _, _ in joint.lines]))
        low = [each for _, each, _ in joint.lines]
        high = [each for _, _, each in joint.lines]
        if joint.person:  # a sum of weights lies between its count times the smallest and the largest
            bounds = vstack(
                [
                    hstack([-joint.weights.low * eye(size), eye(size)]),
                    hstack([joint.weights.high * eye(size), -eye(size)]),
                ]
            )
            matrix = vstack([matrix, bounds]).tocsr()
            low, high = [*low, *([0.0] * 2 * size)], [*high, *([np.inf] * 2 * size)]
        self.conditions = LinearConstraint(matrix, np.array(low) - 1e-7, np.array(high) + 1e-7)
        self._parts, self._wholes = self._programme(), None if joint.person else self._programme(whole=True)

    def _programme(self, *, whole: bool = False) -> Programme:
        """Counts, none negative; whole ones where asked. Sums of weights leave no whole counts to find."""
        many = self.conditions.A.shape[1]
        return Programme(
            self.conditions.A, (self.conditions.lb, self.conditions.ub), (np.zeros(many), np.full(many, np.inf)),
            np.ones(many, dtype=bool) if whole else None, nodes=NODES if whole else None, gap=GAP,
        )  # fmt: skip

    def reach(self, line: Floats) -> float:
        """How wide the range of a sum [size] is where counts need not be whole: never narrower than with whole ones."""
        ends = [self.most(sign * line, whole=False) for sign in (1.0, -1.0)]
        return np.inf if ends[0] is None or ends[1] is None else float(line @ (ends[0] - ends[1]))

    def most(self, line: Floats, *, whole: bool = True, enough: float | None = None) -> Floats | None:
        """Counts [size] that make a sum large, ``enough`` at least if that can be.

        None where none is found within so many nodes.
        """
        wholes, goal = self._wholes if whole else None, self.joint.counted(line)
        places = np.flatnonzero(goal)
        done = (wholes or self._parts).least(
            dict(zip(places.tolist(), (-goal[places]).tolist(), strict=True)), None if enough is None else -enough
        )
        if done is None:
            return None
        counts = done.at[: self.joint.size]
        return np.asarray(counts if wholes is None else np.rint(counts), dtype=np.float64)

    def binding(self, line: Floats) -> set[tuple[str, int]]:
        """The printed rows that hold a sum [size] down or up (dual values of the linear programmes)."""
        from scipy.optimize import linprog

        low, high, matrix = self.conditions.lb, self.conditions.ub, self.conditions.A
        equal = high - low < 1e-6
        upper, lower = np.flatnonzero(~equal & (high < np.inf)), np.flatnonzero(~equal & (low > -np.inf))
        equals, found = np.flatnonzero(equal), set()
        for sign in (1.0, -1.0):
            done = linprog(
                -sign * self.joint.counted(line), A_ub=_stacked(matrix, upper, lower),
                b_ub=np.r_[high[upper], -low[lower]], A_eq=matrix[equals] if len(equals) else None,
                b_eq=(low + high)[equals] / 2 if len(equals) else None, method="highs",
            )  # fmt: skip
            if done.status != 0:
                continue
            marks = np.r_[done.ineqlin.marginals, done.eqlin.marginals]
            places = np.r_[upper, lower, equals][np.abs(marks) > 1e-7]
            owners = self.joint.owners
            found |= {owner for owner in (owners[at] for at in places if at < len(owners)) if owner is not None}
        return found


def _stacked(matrix: Any, upper: Any, lower: Any) -> Any:
    """Conditions from above, and those from below turned around."""
    from scipy.sparse import vstack

    return vstack([matrix[upper], -matrix[lower]]).tocsr()


def narrow(joint: Joint, solver: Solver) -> list[Target]:
    """Targets whose range is too narrow; solutions that are found for one certify others."""
    targets, spare = joint.targets, 1 if joint.person else 0
    low = np.array([target.value for target in targets], dtype=float)
    high, lines = low.copy(), np.array([target.line for target in targets])
    found = []
    for index, target in enumerate(targets):
        for sign in (1.0, -1.0):
            if high[index] - low[index] >= target.width + spare:
                break
            if sign < 0 and solver.reach(target.line) < target.width:
                break
            edge = low[index] + target.width + spare if sign > 0 else target.width + spare - high[index]
            counts = solver.most(sign * target.line, enough=edge)
            if counts is not None:
                values = lines @ counts
                low, high = np.minimum(low, values), np.maximum(high, values)
        if high[index] - low[index] < target.width + spare:
            found.append(target)
    return found
