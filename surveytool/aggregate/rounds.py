"""People who come again: who is in several rounds is one unit, and figures of rounds are not independent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, keys_of
from surveytool.errors import UnusableDesign
from surveytool.notes import Note, note
from surveytool.survey import Codebook, Design

if TYPE_CHECKING:
    from surveytool.arrays import Keys

# columns that name people or households where no kind says so
UNITS = frozenset({
    "person", "person_id", "personid", "id", "pid", "respondent", "respondent_id", "household", "household_id", "hhid",
    "hh_id", "panel_id", "uuid", "case_id", "caseid", "individual", "persona", "hogar", "personne", "menage",
})  # fmt: skip
MOST = 4


def possible_units(design: Design, book: Codebook) -> tuple[str, ...]:
    """Columns that may name who comes again, where the design has rounds and neither a unit nor PSUs."""
    if not design.units_unknown or design.rounds is None:
        return ()
    names = [name for name, variable in book.items() if variable.kind == "id" or name.lower() in UNITS]
    return tuple(name for name in names if name != design.rounds.round)[:MOST]


def round_notes(columns: Columns, design: Design) -> list[Note]:
    """What a reader must know of the rounds. Raises ``UnusableDesign`` where people come again and nobody says who."""
    if design.rounds is None:
        return []
    rounds = _keys(columns, design.rounds.round)
    if design.rounds.unit is not None:
        return _moved(columns, design)
    for name in possible_units(design, columns.survey.codebook):
        unit = _keys(columns, name)
        several, everybody = _in_several(unit, rounds)
        if several:
            raise UnusableDesign(
                f"{several} of {everybody} identifiers stand in several rounds. Taken as different people they make "
                "the error of a change too large (in one panel .110 for .073) and that of pooled figures too small "
                "(.045 for .065).", name, f'Say who comes again: --unit {name} (unit = "{name}" in [design.rounds]).',
            )  # fmt: skip
    return [note("rounds_independent")] if not design.psu else []


def _keys(columns: Columns, name: str) -> Keys:
    variable = columns.survey.codebook[name]
    keys: Any = keys_of(columns.raw(variable.columns[0] if variable.columns else name))[0]
    return np.asarray(keys, dtype=np.intp)


def _in_several(unit: Keys, other: Keys) -> tuple[int, int]:
    """How many units stand with several values of another column, and how many there are."""
    known = (unit >= 0) & (other >= 0)
    pairs = np.unique(np.stack([unit[known], other[known]]), axis=1)
    times = np.bincount(pairs[0]) if pairs.size else np.zeros(0, dtype=np.intp)
    return int((times > 1).sum()), int((times > 0).sum())


def _moved(columns: Columns, design: Design) -> list[Note]:
    """Units that stand in several PSUs: what they have in common is in no PSU's sum."""
    assert design.rounds is not None and design.rounds.unit is not None
    if not design.psu or design.psu[0] == design.rounds.unit:
        return []
    several, _ = _in_several(_keys(columns, design.rounds.unit), _keys(columns, design.psu[0]))
    return [note("rounds_moved", n=several, unit=design.rounds.unit, psu=design.psu[0])] if several else []
