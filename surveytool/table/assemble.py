"""Everything a run prints: one table an estimate, and once the notes and the source they share."""

from __future__ import annotations

from surveytool.estimate.result import Results
from surveytool.notes import unique
from surveytool.table import wording
from surveytool.table.arrangement import arrange
from surveytool.table.model import Report
from surveytool.text import Words


def report(results: Results, words: Words, *, decimals: int | None = None) -> Report:
    """A run's results arranged for a reader, in the order they were asked for."""
    return Report(
        tables=tuple(arrange(each, words, decimals=decimals, results=results) for each in results.estimates),
        results=results,
        notes=tuple(words.say(each) for each in unique(results.notes)),
        source=wording.source(results, words),
    )
