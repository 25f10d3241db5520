"""Controlled rounding: counts become multiples of a base, and every sum of the tables still holds.

No printed count is a full base away from the truth, and multiples stay as they
are where that is possible (zero-restricted rounding; Cox 1987, Salazar 2005).
The rounding that moves least is found by HiGHS. Since sums hold among the
rounded counts as well as among the true ones, an attacker may know more than one
rounded count tells: the ranges that remain are checked by linear programming.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.cells import BaseCount
from surveytool.disclosure_control.attack import Attack
from surveytool.disclosure_control.equations import Key, System
from surveytool.disclosure_control.protection import Protection
from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.withheld_rows import SUPPRESSED, Held, blank, kept_notes, place_of
from surveytool.estimate.result import Estimates, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NODES = 5000
DIGITS = 2
PLACES = 3


def rounding(
    system: System, base: int, width: float, seconds: float, most: float, before: Mapping[Key, int]
) -> dict[int, int] | None:
    """Rounded counts by cell number; None where none is found in time or some range is narrower than ``width``.

    ``before`` are counts that were rounded earlier and keep what they were.
    """
    attack = Attack(system, most)
    settled = {cell: before[key] for key, cell in system.places.items() if key in before}
    found = _nearest(attack, base, seconds, settled)
    if found is None or not _hides(system, attack, found, base, width):
        return None
    return {cell: int(value) for cell, value in enumerate(np.rint(found))}


def _nearest(attack: Attack, base: int, seconds: float, settled: Mapping[int, int]) -> Floats | None:
    """Multiples of the base [cells] that keep every sum and move least, all less than a base away."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, hstack, identity

    size = len(attack.value)
    low, high = np.floor(attack.value / base), np.ceil(attack.value / base)
    for cell, value in settled.items():
        low[cell] = high[cell] = value / base
    moved = hstack([base * identity(size), -identity(size)], format="csr")
    back = hstack([-base * identity(size), -identity(size)], format="csr")
    sums = hstack([attack.matrix, csr_matrix(attack.matrix.shape)], format="csr")
    done = milp(
        np.r_[np.zeros(size), np.ones(size)], integrality=np.r_[np.ones(size), np.zeros(size)],
        bounds=Bounds(np.r_[low, np.zeros(size)], np.r_[high, np.full(size, base)]),
        constraints=[
            LinearConstraint(sums, 0, 0), LinearConstraint(moved, ub=attack.value),
            LinearConstraint(back, ub=-attack.value),
        ],
        options={"time_limit": seconds, "node_limit": NODES, "mip_rel_gap": 0.02},
    )  # fmt: skip
    return None if done.x is None else base * np.rint(done.x[:size])


def _hides(system: System, attack: Attack, found: Floats, base: int, width: float) -> bool:
    """Whether every count that is too small keeps a range: the true table is within a base of the rounded one."""
    from scipy.optimize import linprog

    reach = base - 1
    low = np.maximum(found - reach, 0.0)
    high = found + reach
    hidden = np.array(system.hidden) & ~np.isin(np.arange(len(found)), list(system.below))
    low[hidden], high[hidden] = 0.0, attack.most
    for cell in system.known:
        low[cell] = high[cell] = attack.value[cell]
    nothing = np.zeros(attack.matrix.shape[0])
    secret = {cell for cell in system.forced | system.sensitive if system.value[cell]}
    wanted = sorted(secret - system.known)
    for cell in wanted:
        goal = np.zeros(len(found))
        goal[cell] = 1.0
        ends = [
            linprog(sign * goal, A_eq=attack.matrix, b_eq=nothing, bounds=np.c_[low, high], method="highs")
            for sign in (1.0, -1.0)
        ]
        if any(end.status != 0 for end in ends) or -ends[1].fun - ends[0].fun < min(width, reach) - 1e-6:
            return False
    return True


def rounded(
    estimates: Estimates,
    seen: PublishedCounts,
    held: Held,
    system: System,
    values: Mapping[int, int],
    rules: Protection,
) -> Estimates:
    """One table with rounded counts; figures of too few respondents are withheld."""
    rows = tuple(_row(row, estimates, seen, held, system, values) for row in estimates.rows)
    gone = [row for row in rows if row.flag == SUPPRESSED]
    base = system.bases.get((seen.id, (), 1))
    n = values[base] if base is not None else 0
    count = BaseCount(rows=estimates.base.rows, domain=0, base=0, withheld=True)
    if not held.base:
        count = BaseCount(rows=estimates.base.rows, domain=n, base=n)
    notes = tuple(kept_notes(estimates, rows, gone, rules, counted=False))
    return replace(estimates, rows=rows, base=count, notes=notes)


def _row(
    row: Row, estimates: Estimates, seen: PublishedCounts, held: Held, system: System, values: Mapping[int, int]
) -> Row:
    place = place_of(row, seen)
    if place in held.places:
        return blank(row)
    base = system.bases.get(place[:3])
    if base is None or row.n == 0:
        return row
    n = values[base]
    if n == 0:
        return blank(row)
    count = values[system.rows[place]] if seen.levels else n
    made = replace(
        row, n=n, count=count, n_weighted=_short(row.n_weighted * n / row.n) or 0.0, deff=None,
        se=_digits(row.se, DIGITS), cv=None,
    )  # fmt: skip
    if estimates.statistic == "proportion" and row.count is not None and row.estimate is not None:
        return _moved(made, count / n - row.count / row.n)
    factor = count / row.count if estimates.statistic == "total" and row.count else 1.0
    ends: dict[str, Any] = {
        name: None if (value := getattr(row, name)) is None else _digits(value * factor, PLACES)
        for name in ("estimate", "ci_low", "ci_high")
    }
    return replace(made, **ends)


def _moved(row: Row, step: float) -> Row:
    """A share moved as its counts were, with its interval, within 0 and 1, to three decimals."""
    ends = {
        name: None if (value := getattr(row, name)) is None else round(min(max(value + step, 0.0), 1.0), PLACES)
        for name in ("estimate", "ci_low", "ci_high")
    }
    return replace(row, **ends)  # type: ignore[arg-type]


def _digits(value: float | None, digits: int) -> float | None:
    """A number to so many significant digits."""
    return None if value is None else float(f"{value:.{digits}g}")


def _short(value: float) -> float | None:
    return _digits(value, PLACES)
