"""An audit of what the gate let pass: every withheld count attacked with everything that is published."""

from __future__ import annotations

import math

from surveytool.disclosure_control.attack import Attack as Bounds
from surveytool.disclosure_control.complementary_suppression import Choice, needed_of, unknown_of
from surveytool.disclosure_control.equations import System
from surveytool.estimate.result import Attack
from surveytool.frozen import frozen
from surveytool.notes import Note, note


@frozen
class Audit:
    """What the attack found: counts attacked, the narrowest range, and how many came out exactly."""

    attacked: int
    narrowest: float | None
    pinned: int
    ranges: dict[int, tuple[float, float]]


def audit(system: System, choice: Choice, most: float, fixed: frozenset[int] = frozenset()) -> Audit:
    """Bounds of every withheld count from all printed counts, by linear programming.

    ``most`` is a number that no count exceeds, ``fixed`` are cells that are printed whatever the choice says.
    """
    needed = needed_of(system, choice.withheld)
    if not needed:
        return Audit(attacked=0, narrowest=None, pinned=0, ranges={})
    known = frozenset(system.known | fixed)
    unknown = unknown_of(system, choice.withheld, known)
    ranges = Bounds(system, most).ranges(unknown, [cell for cell in needed if unknown[cell]])
    widths = [high - low for low, high in ranges.values()]
    return Audit(
        attacked=len(widths), narrowest=min(widths, default=None), pinned=sum(width < 1 for width in widths),
        ranges=ranges,
    )  # fmt: skip


def audit_note(found: Audit) -> Note:
    """The audit in a sentence."""
    if found.narrowest is None:
        return note("audit_nothing")
    return note("audited", n=found.attacked, narrowest=round(found.narrowest, 2), pinned=found.pinned)


def told(found: Audit, *, means: bool, ledger: bool) -> Attack:
    """The audit as JSON has it: whole counts, and what the attack read."""
    narrowest = None if found.narrowest is None else math.floor(found.narrowest + 1e-6)
    reads = ["counts", "n", "bases", *(["means"] if means else []), *(["ledger"] if ledger else [])]
    return Attack(attacked=found.attacked, pinned=found.pinned, narrowest=narrowest, reads=tuple(reads))
