"""What a cleaning log did, as counts and names: never an answer of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from surveytool.notes import Note, note
from surveytool.survey.ledger import Ledger, LedgerLine

MOST = 8


@dataclass(slots=True)
class CleaningRecord:
    """Counts of what was done, and the numbers of the log's lines that did nothing or are doubtful."""

    log: str
    lines: int = 0
    changed: int = 0
    blanked: int = 0
    removed: int = 0
    roster_rows: int = 0
    remade: int = 0
    kept: int = 0
    questions: set[str] = field(default_factory=set)
    unknown_questions: dict[str, list[int]] = field(default_factory=dict)
    unknown_interviews: list[int] = field(default_factory=list)
    no_row: list[int] = field(default_factory=list)
    old_differs: Counter[str] = field(default_factory=Counter)
    overwritten: int = 0
    codes_without_column: int = 0
    written: dict[str, list[str]] = field(default_factory=dict, repr=False)
    outside: dict[str, int] = field(default_factory=dict)

    def notes(self) -> tuple[Note, ...]:
        """What was done, then what hit nothing or is doubtful."""
        return tuple(self._notes())

    def ledger(self) -> Ledger:
        """What was done as rules and counts; the rule is the log."""
        counts = (
            ("changed", self.changed + self.remade), ("blanked", self.blanked), ("dropped", self.removed),
            ("orphan", self.roster_rows),
        )  # fmt: skip
        return tuple(LedgerLine(what=what, rule=self.log, rows=n) for what, n in counts if n)  # type: ignore[arg-type]

    def _notes(self) -> Iterable[Note]:
        yield note(
            "log_applied", log=self.log, changed=self.changed, blanked=self.blanked, removed=self.removed,
            roster_rows=self.roster_rows, remade=self.remade, kept=self.kept,
        )  # fmt: skip
        if self.unknown_questions:
            rows = [row for each in self.unknown_questions.values() for row in each]
            yield note("log_no_question", names=tuple(self.unknown_questions)[:MOST], n=len(rows), rows=_some(rows))
        if self.unknown_interviews:
            yield note("log_no_interview", n=len(self.unknown_interviews), rows=_some(self.unknown_interviews))
        if self.no_row:
            yield note("log_no_roster_row", n=len(self.no_row), rows=_some(self.no_row))
        if self.old_differs:
            names = tuple(name for name, _ in self.old_differs.most_common(MOST))
            yield note("log_old_differs", n=sum(self.old_differs.values()), names=names)
        if self.codes_without_column:
            yield note("log_codes_without_column", n=self.codes_without_column)
        if self.outside:
            yield note("log_codes_outside", n=sum(self.outside.values()), names=tuple(self.outside)[:MOST])
        if self.overwritten:
            yield note("log_overwritten", n=self.overwritten)


def _some(rows: list[int]) -> str:
    """The first row numbers of a log, and how many more there are."""
    first = ", ".join(map(str, sorted(rows)[:MOST]))
    return f"{first} + {len(rows) - MOST}" if len(rows) > MOST else first
