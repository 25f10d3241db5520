"""Everything a run prints: one table an estimate, and once the notes and the source they share."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.estimate.result import Estimates, Results, joint
from surveytool.notes import unique
from surveytool.table import table_words
from surveytool.table.arrangement import arrange
from surveytool.table.comparison import arrange_tests
from surveytool.table.printed_intervals import as_printed
from surveytool.table.regression import arrange_model
from surveytool.table.several_statistics import arrange_several
from surveytool.table.sheet import Layout, arrange_sheet
from surveytool.table.table_parts import Report, Table
from surveytool.text import Words


def report(results: Results, words: Words, *, decimals: int | None = None, layout: Layout | None = None) -> Report:
    """A run's results arranged for a reader, in the order they were asked for; with a ``layout`` in one table."""
    tables = [arrange_sheet(results, words, layout, decimals=decimals)] if layout and results.estimates else []
    for estimates in joint(results):
        estimate = estimates[0]
        if not layout:
            tables.append(arrange_table(estimates, words, decimals=decimals, results=results))
        tests = None if layout else arrange_tests(estimate, results, words, decimals=decimals)
        tables += [tests] if tests is not None else []
    for model in results.models:
        tables += arrange_model(model, results, words, decimals=decimals)
    return Report(
        tables=tuple(tables),
        results=results,
        notes=tuple(
            dict.fromkeys(words.say(note) for note in unique(results.notes) if note.code != table_words.SOURCE)
        ),
        source=table_words.source(results, words),
    )


def arrange_table(
    estimates: Sequence[Estimates], words: Words, *, decimals: int | None = None, results: Results | None = None
) -> Table:
    """One table of one statistic, or of several."""
    shown = [as_printed(each, results.design if results is not None else None) for each in estimates]
    if len(shown) == 1:
        return arrange(shown[0], words, decimals=decimals, results=results)
    return arrange_several(shown, words, decimals=decimals, results=results)
