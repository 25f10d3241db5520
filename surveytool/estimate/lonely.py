"""Strata and units of sampling with a single unit one stage below: refused, or named with what the policy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.errors import UnusableDesign
from surveytool.estimate.stage_spread import lonely, psus_present, reached_parents, roll
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from surveytool.arrays import Flags


LONELY_CURE = (
    "Choose a policy with --lonely-psu: certainty or remove (it adds no variance; Stata certainty), "
    "adjust (centred at zero, the sample's mean; Stata centered), "
    "average (the mean of the other strata; Stata scaled)."
)


def design_notes(cells: Cells) -> tuple[Note, ...]:
    """What the design does to these cells; raises ``UnusableDesign`` for a lonely unit under the policy fail."""
    if cells.replication is not None:
        return ()
    reached = [np.asarray(flags.any(axis=1)) for flags in reached_parents(cells.units, cells.present)]
    return (*_deeper(cells, reached), *_strata(cells, reached[0]), *_in_domain(cells))


def _deeper(cells: Cells, reached: list[Flags]) -> list[Note]:
    """Units of a stage that have one unit at the next and respondents in the domain."""
    notes = []
    for number, (stage, touched) in enumerate(zip(cells.units.stages[1:], reached[1:], strict=True), start=2):
        count = int((lonely(stage) & touched).sum())
        if count and cells.units.lonely_psu == "fail":
            raise UnusableDesign(f"{count} units have one unit at stage {number} only.", cure=LONELY_CURE)
        if count:
            notes.append(note("lonely_later", stage=number, n=count, policy=cells.units.lonely_psu))
    return notes


def _strata(cells: Cells, touched: Flags) -> list[Note]:
    """Refuse or name the strata with one PSU that the domain touches."""
    units = cells.units
    alone = lonely(units.stages[0]) & touched
    if not alone.any():
        return []
    names = tuple(label for label, flag in zip(units.strata, alone, strict=True) if flag)
    if len(names) == len(units.strata) == 1:
        raise UnusableDesign(
            "the whole sample is one PSU, so no variance can be estimated.",
            cure="Check --psu; at least two primary sampling units (or respondents) are needed.",
        )
    if units.lonely_psu == "fail":
        shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        word = "stratum has" if len(names) == 1 else "strata have"
        raise UnusableDesign(f"{len(names)} {word} only one PSU: {shown}.", where="--strata", cure=LONELY_CURE)
    return [note("lonely_psu", policy=units.lonely_psu, strata=names[:20], n=len(names))]


def _in_domain(cells: Cells) -> list[Note]:
    """Strata where one of several PSUs has respondents in some row's domain; the others count as zero."""
    units = cells.units
    if units.element:
        return []
    stage = units.stages[0]
    assert stage.parent is not None
    counts = roll((psus_present(units, cells.present) > 0).astype(np.float64), stage)
    alone = ((counts == 1) & (stage.sampled > 1)[:, None]).any(axis=1)
    names = tuple(label for label, flag in zip(units.strata, alone, strict=True) if flag)
    if names and len(units.strata) == 1:
        return [note("lonely_in_domain_unstratified")]
    return [note("lonely_in_domain", strata=names[:20], n=len(names))] if names else []
