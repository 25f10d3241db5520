"""What is found in the interviews: as findings, as numbers, as a workbook with a cleaning log that can go back in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from surveytool.checks.finding import CheckReport, Finding, finding
from surveytool.field_quality.interviews import Interviews, interviews_of
from surveytool.field_quality.measures import KINDS, Measured, measured
from surveytool.field_quality.team_comparison import Comparison, compared
from surveytool.frozen import frozen
from surveytool.survey import Survey
from surveytool.survey.field_work import FieldWork

LOOKED = ("short", "straight", "copied", "outlier", "place")  # what is worth a look in a single interview


@frozen
class FieldReport:
    """The interviews with what was measured, and each enumerator against the rest; ``names`` tells who they are."""

    held: Interviews
    measured: Measured
    comparisons: tuple[Comparison, ...]
    names: bool = False

    def __repr__(self) -> str:
        """Counts, and no answer of anybody."""
        named = len({each.enumerator for each in self.comparisons if each.named})
        return f"FieldReport({self.held.rows} interviews, {len(self.held.names)} enumerators, {named} named)"

    def who(self, enumerator: int) -> str:
        """An enumerator by number, from 1; by name where that was asked for."""
        return self.held.names[enumerator] if self.names else str(enumerator + 1)

    def looked_at(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The interviews that are worth a look, by row, and why."""
        made = []
        for row in range(self.held.rows):
            why = tuple(kind for kind in LOOKED if self.measured.flags[kind][row])
            made += [(row, why)] if why else []
        return tuple(made)

    def findings(self) -> tuple[Finding, ...]:
        """Warnings about enumerators that stand out, then notes on interviews."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for each in (own for own in self.comparisons if own.named):
            yield finding(
                "warning", f"field_{each.kind}", f"{self.held.settings.enumerator} {self.who(each.enumerator)}",
                cure="field_enumerator", who=self.who(each.enumerator), n=each.count, total=each.n,
                share=f"{each.share:.0%}", rest=f"{each.rest:.0%}", shrunken=f"{each.shrunken:.0%}",
            )  # fmt: skip
        copies = self.measured.copies
        if copies.pairs:
            yield finding("warning", "field_near_copies", cure="field_near_copies", n=len(copies.rows),
                          pairs=len(copies.pairs), share=f"{self.held.settings.similar:.0%}",
                          questions=copies.questions)  # fmt: skip
        for name, flags in self.measured.outliers.items():
            if flags.any():
                yield finding("note", "field_outliers", name, n=int(flags.sum()))
        for kind in ("short", "straight", "hours"):
            n = int(self.measured.flags[kind].sum())
            if n:
                yield finding("note", f"field_some_{kind}", n=n)
        few = sum((self.held.enumerator == who).sum() < max(self.held.settings.least, 11)
                  for who in range(len(self.held.names)))  # fmt: skip
        if few:
            yield finding("note", "field_few", n=int(few), least=max(self.held.settings.least, 11))
        if not self.held.batteries:
            yield finding("note", "field_no_batteries")

    def check_report(self) -> CheckReport:
        """The findings as every check gives them."""
        return CheckReport(
            findings=self.findings(), source=self.held.survey.provenance, design=self.held.survey.design
        )  # fmt: skip

    def record(self) -> dict[str, Any]:
        """The numbers as programs read them; enumerators as numbers unless names were asked for."""
        copies, duration = self.measured.copies, self.measured.duration
        known = duration[np.isfinite(duration)]
        rows = [
            {"enumerator": self.who(each.enumerator), "measure": each.kind, "count": each.count, "n": each.n,
             "share": each.share, "shrunken": each.shrunken, "rest": each.rest, "p": each.p, "named": each.named}
            for each in self.comparisons
        ]  # fmt: skip
        return {
            "interviews": self.held.rows, "enumerators": len(self.held.names), "questions": len(self.held.questions),
            "batteries": [list(each) for each in self.held.batteries],
            "median_minutes": float(np.median(known)) if len(known) else None,
            "near_copies": {"threshold": self.held.settings.similar, "interviews": len(copies.rows),
                            "pairs": len(copies.pairs)},
            "comparisons": rows,
        }  # fmt: skip

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the workbook: enumerators, interviews, pairs, and a cleaning log to fill in. Raises ``UsageError``."""
        from surveytool.field_quality.quality_book import quality_book
        from surveytool.output_files import write

        write(Path(path), quality_book(self), overwrite=overwrite)


def field_quality(
    survey: Survey, settings: FieldWork | None = None, *, names: bool = False, **more: Any
) -> FieldReport:
    """The interviews of a survey, by enumerator against the rest.

    ``settings`` are those of ``[field]``, or ``more`` gives them by name; columns that are not named are found by
    the platforms' names. ``names`` tells enumerators by name, else they are numbers in the order of the alphabet.
    Raises ``UsageError`` where no column says who asked, ``UnknownVariable``.

    >>> import surveytool as st
    >>> import pyarrow as pa
    >>> answers = pa.table({"enumerator": ["a", "b"] * 20, "q": [1, 2, 3, 4] * 10})
    >>> field_quality(st.read(answers), enumerator="enumerator")
    FieldReport(40 interviews, 2 enumerators, 0 named)
    """
    from surveytool.recoding.apply import table_of

    given = replace(settings or FieldWork(), **more)
    held = interviews_of(replace(survey, frame=table_of(survey)), given)
    found = measured(held)
    kinds = [kind for kind in KINDS if found.known[kind].any()]
    comparisons = [
        each for kind in kinds
        for each in compared(kind, found.flags[kind], found.known[kind], held.enumerator, measures=len(KINDS),
                             least=given.least)
    ]  # fmt: skip
    return FieldReport(held=held, measured=found, comparisons=tuple(comparisons), names=names)
