"""Everything a run prints: one table an estimate, and once the notes and the source they share."""

from __future__ import annotations

from surveytool.estimate.result import Results
from surveytool.notes import unique
from surveytool.table import table_words
from surveytool.table.arrangement import arrange
from surveytool.table.comparison import arrange_tests
from surveytool.table.regression import arrange_model
from surveytool.table.table_parts import Report
from surveytool.text import Words


def report(results: Results, words: Words, *, decimals: int | None = None) -> Report:
    """A run's results arranged for a reader, in the order they were asked for."""
    tables = []
    for estimate in results.estimates:
        tables.append(arrange(estimate, words, decimals=decimals, results=results))
        tests = arrange_tests(estimate, results, words, decimals=decimals)
        tables += [tests] if tests is not None else []
    for model in results.models:
        tables += arrange_model(model, results, words, decimals=decimals)
    return Report(
        tables=tuple(tables),
        results=results,
        notes=tuple(dict.fromkeys(words.say(note) for note in unique(results.notes))),
        source=table_words.source(results, words),
    )
