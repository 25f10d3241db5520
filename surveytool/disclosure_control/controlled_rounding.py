"""Controlled rounding: counts become multiples of a base, and every sum of the tables still holds.

No printed count is a full base away from the truth, and multiples stay as they
are where that is possible (zero-restricted rounding; Cox 1987, Salazar 2005).
Which of its two multiples a count is drawn to is decided by a key that follows
from its respondents, more often to the nearer one (as in the cell key method),
so that a rounded count does not say which side it came from; HiGHS finds the
sums that hold and disagree least with the draw. Since sums hold among the
rounded counts as well as among the true ones, an attacker may know more than one
rounded count tells: the ranges that remain are checked by linear programming, and
where one is too narrow all is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.attack import Attack
from surveytool.disclosure_control.equation_system import Key, System

if TYPE_CHECKING:
    from surveytool.arrays import Floats


NODES = 5000
DRAWS = 8


def rounding(
    system: System, base: int, width: float, seconds: float, most: float, before: Mapping[Key, int]
) -> dict[int, int] | None:
    """Rounded counts by cell number; None where none is found in time or some range is narrower than ``width``.

    ``before`` are counts that were rounded earlier and keep what they were.
    """
    attack = Attack(system, most)
    settled = {cell: before[key] for key, cell in system.places.items() if key in before}
    for turn in range(DRAWS):
        found = _drawn(attack, base, seconds, settled, _goal(system, base, turn))
        if found is None:
            return None
        if _hides(system, attack, found, base, width):
            return {cell: int(value) for cell, value in enumerate(np.rint(found))}
    return None


def _goal(system: System, base: int, turn: int) -> Floats:
    """What rounding each cell up costs, from -1 to 1: a draw by the cell's key, unbiased, and the same each time."""
    import numpy as np

    prints = np.array(system.prints, dtype=np.float64).astype(np.int64).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (prints + np.uint64(turn + 1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    draw = (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
    up = (np.array(system.value) % base) / base
    return np.asarray(draw - up, dtype=np.float64)


def _drawn(attack: Attack, base: int, seconds: float, settled: Mapping[int, int], goal: Floats) -> Floats | None:
    """Multiples of the base [cells] that keep every sum, all less than a base away, nearest to the draw."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    low, high = np.floor(attack.value / base), np.ceil(attack.value / base)
    for cell, value in settled.items():
        low[cell] = high[cell] = value / base
    done = milp(
        goal, integrality=np.ones(len(low)), bounds=Bounds(low, high),
        constraints=LinearConstraint(attack.matrix, 0, 0),
        options={"time_limit": seconds, "node_limit": NODES, "mip_rel_gap": 0.02},
    )  # fmt: skip
    return None if done.x is None else base * np.rint(done.x)


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
