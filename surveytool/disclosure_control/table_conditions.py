"""One table in a joint model: its printed rows as conditions, what it withholds as targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.joint_model import (
    BLANK,
    INSIDE,
    Axis,
    Joint,
    Target,
    condition,
    variable,
)
from surveytool.disclosure_control.known_weights import KnownWeights
from surveytool.disclosure_control.nested_groups import Nests
from surveytool.disclosure_control.printed_precision import SHARE_STEPS
from surveytool.disclosure_control.published import Family, Group, Names, PublishedCounts, Scope
from surveytool.disclosure_control.withheld_rows import SUPPRESSED, place_of
from surveytool.estimate.result import Estimates, Row
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from surveytool.arrays import Floats

HALF_DIGIT = 0.5


@frozen
class Shown:
    """One table with its counts, as it is printed: ``steps`` are how finely each row's figure is told.

    ``exact`` are the figures before they were told in digits: somebody who takes a figure for finer than
    it is may be right by chance. ``withheld`` are the rows whose counts are secrets. A table of an earlier
    run has no ``estimates``; its other rows are exact.
    """

    seen: PublishedCounts
    estimates: Estimates | None = None
    steps: tuple[float, ...] = ()
    exact: tuple[float | None, ...] = ()
    withheld: frozenset[tuple[str, Names, int, int]] = frozenset()


@frozen
class Frame:
    """What all models share: how groups look, which lie in which, and what is known of the weights.

    ``spare`` is how much wider than ``cell`` a range has to be, for what the ends of intervals may add.
    """

    families: Mapping[Family, Group]
    nests: Nests
    weights: KnownWeights
    rows: int
    cell: int
    spare: int = 0


class TableConditions:
    """The conditions and targets of one table, of one of its questions' axes, in a joint model."""

    def __init__(self, joint: Joint, table: Shown, axis: Axis, frame: Frame) -> None:
        self.joint, self.table, self.axis, self.frame = joint, table, axis, frame
        self.seen = table.seen
        self.levels = [list(self.seen.levels).index(axis[2])] if axis[0] == "option" else range(len(self.seen.levels))
        answered = 1 - joint.flag(axis, BLANK)
        where = self.seen.request.where
        self.everybody = answered
        self.domain = answered if where is None else answered * joint.flag(condition(where), INSIDE)

    def take(self) -> None:
        """Everything that the table prints, and what it withholds."""
        if self.table.estimates is None:
            self._earlier()
            return
        told: set[tuple[Names, int]] = set()
        for place, row in enumerate(self.table.estimates.rows):
            _, names, group, level = place_of(row, self.seen)
            if not self._here(names) or (level not in self.levels and not self.seen.binary):
                continue
            if (self.seen.id, names, group, level) in self.table.withheld:
                self._withheld(place, names, group, level)
            elif row.flag == SUPPRESSED:
                continue
            else:
                told.add((names, group))
                self._row(place, row, names, group, level)
        for names, group in told:
            scope = self._scope(names)
            self._exactly(self.domain * self._group(names, group), int(scope.n[group]))
        if not self.table.estimates.base.withheld:
            self._exactly(self.domain, int(self._scope(()).n[1]))
            if self.seen.request.where is not None:
                self._exactly(self.joint.flag(condition(self.seen.request.where), INSIDE), self.seen.domain)
        self._nobody()
        self._rest()

    def _here(self, names: Names) -> bool:
        return all(variable(name) in self.joint.values for name in names)

    def _scope(self, names: Names) -> Scope:
        return next(scope for scope in self.seen.scopes if scope.family[1] == names)

    def _group(self, names: Names, group: int) -> Floats:
        scope = self._scope(names)
        return self.joint.group(names, scope.groups[group - 1]) if names else np.ones(self.joint.size)

    def _gave(self, level: int) -> Floats:
        value = "1" if self.axis[0] == "option" else self.seen.levels[level]
        return self.joint.flag(self.axis, value)

    def _exactly(self, line: Floats, count: int, owner: tuple[str, int] | None = None) -> None:
        self.joint.know(self.joint.counted(line), count, count, owner)

    def _earlier(self) -> None:
        """A table of an earlier run: what it did not withhold is exact."""
        for scope in self.seen.scopes:
            names = scope.family[1]
            if names not in self.seen.printed or not self._here(names) or scope.overlapping:
                continue
            for group in range(1, len(scope.n)):
                base = self.domain * self._group(names, group)
                shown = [x for x in self.levels if (self.seen.id, names, group, x) not in self.table.withheld]
                for level in shown:
                    self._exactly(base * self._gave(level), int(scope.count[group, level]))
                if shown:
                    self._exactly(base, int(scope.n[group]))
                for level in self.levels:
                    if level not in shown:
                        width = self.frame.cell + self.frame.spare
                        self._target(base * self._gave(level), int(scope.count[group, level]), (), width)

    def _withheld(self, place: int, names: Names, group: int, level: int) -> None:
        base, scope = self.domain * self._group(names, group), self._scope(names)
        for each in self.levels if self.seen.binary else [level]:
            count = int(scope.count[group, each])
            self._target(base * self._gave(each), count, ((self.seen.id, place),), self.frame.cell + self.frame.spare)

    def _target(
        self, line: Floats, count: int, rows: tuple[tuple[str, int], ...], width: int, *, withheld: bool = True
    ) -> None:
        if line.any() and (count or not withheld):
            self.joint.targets.append(Target(line=line, value=count, width=width, rows=rows, withheld=withheld))

    def _row(self, place: int, row: Row, names: Names, group: int, level: int) -> None:
        """A printed row: its count where it is shown, else what its figure says."""
        estimates = self.table.estimates
        assert estimates is not None
        base, owner = self.domain * self._group(names, group), (self.seen.id, place)
        if row.count is not None and not self.seen.binary:
            self._exactly(base * self._gave(level), row.count, owner)
        if row.estimate is None or self.seen.request.standard is not None:
            return
        if estimates.statistic == "count" and self.seen.levels and not self.seen.binary:
            self._exactly(base * self._gave(level), round(row.estimate), owner)
            return
        half = self._half(place, row.estimate)
        joint, whole = self.joint, self.joint.weighed(base)
        if estimates.statistic == "total" and not self.seen.binary:
            part = joint.weighed(base * self._gave(level))
            joint.know(part, row.estimate - half, row.estimate + half, owner)
        elif estimates.statistic == "proportion":
            part = joint.weighed(base * self._gave(level))
            self._share(part, whole, row.estimate - half, row.estimate + half, owner)
        elif estimates.statistic == "mean" and self.seen.binary:
            first, last = map(float, self.seen.levels)
            part = joint.weighed(base * self._gave(1))
            low, high = ((row.estimate + sign * half - first) / (last - first) for sign in (-1, 1))
            self._share(part, whole, low, high, owner)

    def _half(self, place: int, value: float) -> float:
        """How far from what is printed the truth is for a reader of the digits, or of the step where these mislead."""
        estimates = self.table.estimates
        assert estimates is not None
        digit = 10.0 ** -((estimates.decimals or 0) + (2 if estimates.statistic == "proportion" else 0))
        written = 10.0 ** -len(repr(float(value)).partition(".")[2])  # 0.26 where 0.260 was meant
        exact = self.table.exact[place]
        step = max(self.table.steps[place], digit)  # 0.3 in steps of 0.05 tells more than 0.3 in tenths
        # a reader may take a step for a finer one, and be right by chance
        finer = [unit for unit in SHARE_STEPS if digit <= unit < step * (1 - 1e-9) and _multiple(value, unit)]
        for unit in sorted((digit, written, step, *(finer if estimates.statistic == "proportion" else ()))):
            half = HALF_DIGIT * unit * (1 + 1e-9)
            if exact is not None and abs(exact - value) <= half:
                return float(half)
        return HALF_DIGIT * max(self.table.steps[place], digit) * (1 + 1e-9)

    def _share(self, part: Floats, whole: Floats, low: float, high: float, owner: tuple[str, int]) -> None:
        self.joint.know(part - low * whole, 0.0, np.inf, owner)
        self.joint.know(part - high * whole, -np.inf, 0.0, owner)

    def _nobody(self) -> None:
        """The answers of people who are in no group of a breakdown, where they are few."""
        for scope in self.seen.scopes:
            names, many = scope.family[1], int(scope.n[0])
            if not names or names not in self.seen.printed or not self._here(names) or scope.overlapping or not many:
                continue
            inside = np.ones(self.joint.size)
            for name in names:
                inside = inside * (1 - self.joint.flag(variable(name), BLANK))
            for level in self.levels:
                count, whole = int(scope.count[0, level]), int(self._scope(()).count[1, level])
                few = 0 < count < self.frame.cell or many < self.frame.cell
                if few and whole:
                    line = self.domain * (1 - inside) * self._gave(level)
                    self._target(line, count, self._totals(level), _width(many, self.frame.cell), withheld=False)

    def _totals(self, level: int) -> tuple[tuple[str, int], ...]:
        """The rows of the total, of an answer."""
        estimates = self.table.estimates
        assert estimates is not None
        return tuple(
            (self.seen.id, place) for place, row in enumerate(estimates.rows)
            if not row.by and place_of(row, self.seen)[3] == level
        )  # fmt: skip

    def _rest(self) -> None:
        """The answers of the few whom a condition leaves out."""
        for own, wide in zip(self.seen.scopes, self.seen.wider, strict=False):
            names = own.family[1]
            if names not in self.seen.printed or not self._here(names) or own.overlapping:
                continue
            for group in range(1, len(own.n)):
                rest = (self.everybody - self.domain) * self._group(names, group)
                for level in self.levels:
                    count = int(wide.count[group, level] - own.count[group, level])
                    if 0 < count < self.frame.cell:
                        self._target(rest * self._gave(level), count, (), self.frame.cell, withheld=False)


def _multiple(value: float, unit: float) -> bool:
    return abs(round(value / unit) * unit - value) < 1e-9


def few_outside(seen: PublishedCounts, cell: int) -> bool:
    """Whether a printed breakdown leaves out so few people that their answers could be reckoned."""
    return any(
        scope.family[1] in seen.printed and not scope.overlapping and scope.n[0]
        and (scope.n[0] < cell or bool(((scope.count[0] > 0) & (scope.count[0] < cell)).any()))
        for scope in seen.scopes if scope.family[1]
    )  # fmt: skip


def _width(many: int, cell: int) -> int:
    """How open the answers of so many people have to be: for one, whether it is this answer; for more, half of them."""
    return min(cell, (many + 1) // 2)
