"""A survey: a frame of respondents, what its columns mean, how they were sampled."""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import PurePath
from typing import Any

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey.design import Design
from surveytool.survey.ledger import Ledger, LedgerLine
from surveytool.survey.roster import RosterRows
from surveytool.survey.variable import Codebook


@frozen
class Provenance:
    """Where the numbers come from: the file as the user named it, its hash, its rows.

    A live table has no hash, but the ``time`` (UTC) at which it was read. ``ledger`` is what was done to its
    rows and cells before anything was counted; ``rows`` are those that are left.
    """

    path: str | None = None
    sha256: str | None = None
    rows: int = 0
    time: str | None = None
    ledger: Ledger = ()

    @property
    def shown(self) -> str | None:
        """The file as documents name it: as it was typed, without the folders of somebody's machine."""
        absolute = self.path is not None and (PurePath(self.path).is_absolute() or self.path.startswith("~"))
        return PurePath(self.path).name if self.path is not None and absolute else self.path


@frozen
class Survey:
    """Respondents in ``frame`` (anything narwhals reads), one row each.

    The frame is never changed. ``codebook`` has an entry for every column.
    ``gate`` is None, or the ``surveytool.disclosure_control.Gate`` that everything computed
    from this survey passes before anybody sees it. ``rosters`` are rows below the respondents, such as their children.
    ``form`` is None, or what met the data of the form that they were collected with (names and counts, no answers).
    """

    frame: Any
    codebook: Codebook
    design: Design = field(default_factory=Design)
    provenance: Provenance = field(default_factory=Provenance)
    notes: tuple[Note, ...] = ()
    gate: Any = None
    rosters: tuple[RosterRows, ...] = ()
    form: Any = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """What it is, and never an answer of anybody."""
        more = [repr(self.design)] if self.design != Design() else []
        more += ["guarded"] if self.gate is not None else []
        parts = [f"{self.provenance.rows} respondents", f"{len(self.codebook)} variables", *more]
        return f"Survey({', '.join(parts)})"


def booked(survey: Survey, *lines: LedgerLine, rows: int | None = None) -> Survey:
    """The survey with lines more in its ledger; ``rows`` are its respondents where they are others now."""
    known = survey.provenance
    left = known.rows if rows is None else rows
    return replace(survey, provenance=replace(known, ledger=(*known.ledger, *lines), rows=left))
