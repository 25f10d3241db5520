"""Several statistics of one question in one table: a column a statistic, rows are groups and answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from surveytool.estimate.result import Estimates, Group, Results
from surveytool.notes import unique
from surveytool.table import table_words
from surveytool.table.figure import Figures, figures
from surveytool.table.table_parts import Cell, Column, Table, TableRow
from surveytool.text import Words


def arrange_several(
    table: Sequence[Estimates], words: Words, *, decimals: int | None = None, results: Results | None = None
) -> Table:
    """One table of the statistics of a question; ``decimals`` None is each statistic's own."""
    first = table[0]
    shown = [figures(estimates, words, decimals) for estimates in table]
    design = results.design if results is not None else None
    notes = unique([note for estimates in table for note in estimates.notes])
    told = replace(first, notes=notes, rows=tuple(row for estimates in table for row in estimates.rows))
    columns = [
        Column(key=f"statistic_{number}", label=table_words.column(estimates, words))
        for number, estimates in enumerate(table, 1)
    ]
    return Table(
        id=first.id,
        title=first.label or first.request.variable,
        subtitle=table_words.several_subtitle(first, words, design, intervals=any(map(_has_interval, table))),
        columns=(*columns, Column(key="n", label=words.word("n"), role="n")),
        rows=tuple(_rows(shown)),
        base=table_words.base(first, words),
        notes=table_words.notes(told, words),
        source=table_words.source(results, words) if results is not None else "",
        estimates=first,
    )


def _has_interval(estimates: Estimates) -> bool:
    return any(row.ci_low is not None for row in estimates.rows)


def _rows(shown: Sequence[Figures]) -> Iterator[TableRow]:
    """The total, then each breakdown's groups; under each of them the answers, where there are some."""
    first = shown[0].estimates
    words = shown[0].words
    head = bool(first.breakdowns)
    if any(not row.by for row in first.rows):
        yield from _group(shown, (), words.word("total"), 0, total=head)
    for breakdown in first.breakdowns:
        yield TableRow(label=table_words.heading(breakdown), kind="group_head")
        for group, texts in breakdown.members():
            label = ", ".join(table_words.label(text, words) for text in texts)
            yield from _group(shown, group, label, 1, total=False)


def _group(shown: Sequence[Figures], group: Group, label: str, indent: int, *, total: bool) -> Iterator[TableRow]:
    """One group: a row of numbers, or a row an answer below its name."""
    first = shown[0].estimates
    if not first.codes:
        yield TableRow(label=label, kind="total" if total else "data", indent=indent, cells=_cells(shown, group, None))
        return
    if first.breakdowns:
        yield TableRow(label=label, kind="group_head", indent=max(indent, 1) if not total else 0)
        indent += 1
    for text, code in first.answers():
        answer = table_words.label(text, shown[0].words)
        yield TableRow(label=answer, indent=indent, cells=_cells(shown, group, code))


def _cells(shown: Sequence[Figures], group: Group, code: str | None) -> tuple[Cell, ...]:
    cells = [cell_of(figures_, group, code) for figures_ in shown]
    rows = [figures_.row(group, code) for figures_ in shown]
    return (*cells, shown[0].base(rows))


def cell_of(shown: Figures, group: Group, code: str | None) -> Cell:
    """A figure with its interval; alone where the statistic has none."""
    row = shown.row(group, code)
    if row is None or row.ci_low is None or row.ci_high is None:
        return shown.value(row)
    return shown.both(row)
