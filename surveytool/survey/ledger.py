"""The ledger of a run: what was done to rows and cells before anything was counted, by which rule, how often.

It rides with the file's provenance, so that every output that says where numbers come from can say it too.
A line holds names, conditions and counts, never an answer of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from surveytool.frozen import frozen
from surveytool.notes import Note, note

# rows are kept, dropped, duplicate, orphan (of a roster, without their interview), or stand for a sampling unit whose
# respondents were all dropped; cells are the others
Entry = Literal["kept", "dropped", "duplicate", "orphan", "unit", "changed", "blanked", "missing", "coded"]


@frozen
class LedgerLine:
    """One rule and how many rows (or cells) it was about."""

    what: Entry
    rule: str
    rows: int


Ledger = tuple[LedgerLine, ...]


def records(ledger: Ledger) -> list[dict[str, object]]:
    """The lines as programs read them.

    >>> records((LedgerLine(what="kept", rule="consent == 'yes'", rows=12),))
    [{'what': 'kept', 'rule': "consent == 'yes'", 'rows': 12}]
    """
    return [{"what": line.what, "rule": line.rule, "rows": line.rows} for line in ledger]


def sentences(ledger: Ledger) -> Iterator[Note]:
    """The lines as notes, one a line."""
    for line in ledger:
        yield note(f"ledger_{line.what}", n=line.rows, rule=line.rule)
