"""Three layouts, chosen by what a reader compares.

``plain``: the estimate, its interval and n in columns of their own; rows are
levels, or groups where there are no levels. ``levels_across``: few levels, one
column each, rows are the total and the groups. ``groups_across``: many levels,
which become the rows, and the groups the columns under their breakdowns. ``legs`` of a
route add the weighted travellers and the trips to ``plain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from surveytool.estimate.result import Breakdown, Estimates, Group, Results
from surveytool.table import table_words
from surveytool.table.figure import Figures, figures
from surveytool.table.table_parts import Cell, Column, Table, TableRow
from surveytool.text import Words

FEW_LEVELS, SOME_LEVELS = 4, 6
MANY_GROUPS = 12
LONG_LABEL = 30

Parts = tuple[tuple[Column, ...], tuple[TableRow, ...]]


def arrange(
    estimates: Estimates, words: Words, *, decimals: int | None = None, results: Results | None = None
) -> Table:
    """One table from its estimates; ``results`` tell the design and the source.

    ``decimals`` None is the statistic's own (see ``table.figure``).
    """
    shown = figures(estimates, words, decimals, results.tests if results is not None else ())
    columns, rows = _layout(estimates)(shown)
    design = results.design if results is not None else None
    return Table(
        id=estimates.id,
        title=estimates.label or estimates.request.variable,
        subtitle=table_words.subtitle(estimates, words, design, beside=columns[0].key == "estimate"),
        columns=columns,
        rows=rows,
        base=table_words.base(estimates, words),
        notes=(*table_words.notes(estimates, words), *([words.word("letters")] if shown.letters.above else [])),
        source=table_words.source(results, words) if results is not None else "",
        estimates=estimates,
    )


def _layout(estimates: Estimates) -> Callable[[Figures], Parts]:
    levels = estimates.levels
    if not estimates.breakdowns and any(row.trips is not None for row in estimates.rows):
        return legs
    if not estimates.breakdowns or not levels:
        return plain
    if estimates.request.percent != "column" and estimates.statistic == "proportion":
        return shares_across
    groups = sum(len(breakdown.groups) for breakdown in estimates.breakdowns)
    few = len(levels) <= FEW_LEVELS or (len(levels) <= SOME_LEVELS and groups > MANY_GROUPS)
    short = max(len(label) for label in levels) <= LONG_LABEL
    return levels_across if few and short else groups_across


def plain(shown: Figures) -> Parts:
    """Estimate, interval and n side by side."""
    estimates, words = shown.estimates, shown.words
    interval = Column(key="interval", label=table_words.interval_head(estimates, words), role="interval")
    columns = (
        Column(key="estimate", label=table_words.column(estimates, words)),
        *(() if shown.silent else (interval,)),
        Column(key="n", label=words.word("n"), role="n"),
    )

    def cells(group: Group, code: str | None) -> tuple[Cell, ...]:
        row = shown.row(group, code)
        n = shown.n(row, count=code is not None)
        return (shown.value(row), n) if shown.silent else (shown.value(row), shown.ends(row), n)

    if not estimates.levels:
        return columns, tuple(_down(shown, lambda group: cells(group, None)))
    answers = estimates.answers()
    return columns, tuple(
        TableRow(label=table_words.label(text, words), cells=cells((), code)) for text, code in answers
    )


def legs(shown: Figures) -> Parts:
    """The legs of a route: share, interval, travellers unweighted and weighted, and trips."""
    columns, rows = plain(shown)
    words = shown.words
    leg_rows = [shown.row((), code) for code in shown.estimates.codes]
    more = (
        Column(key="weighted", label=words.word("route_weighted_head"), role="n"),
        Column(key="trips", label=words.word("route_trips_head"), role="n"),
    )
    wider = [
        replace(row, cells=(*row.cells, shown.weighted(leg_row), shown.trips(leg_row)))
        for row, leg_row in zip(rows, leg_rows, strict=True)
    ]
    return (*columns, *more), tuple(wider)


def levels_across(shown: Figures) -> Parts:
    """A column a level, and n; rows are the total and the groups."""
    estimates, words = shown.estimates, shown.words
    columns = [
        Column(key=f"level_{index}", label=table_words.label(level, words))
        for index, level in enumerate(estimates.levels, 1)
    ]
    columns.append(Column(key="n", label=words.word("n"), role="n"))

    def cells(group: Group) -> tuple[Cell, ...]:
        rows = [shown.row(group, code) for code in estimates.codes]
        return (*map(shown.both, rows), shown.base(rows))

    return tuple(columns), tuple(_down(shown, cells))


def groups_across(shown: Figures) -> Parts:
    """A column a group under its breakdown, after the total; rows are the levels, and n last."""
    estimates, words = shown.estimates, shown.words
    groups: list[tuple[Group, str, str]] = []
    if _has_total(shown):
        groups.append(((), "", words.word("total")))
    for breakdown in estimates.breakdowns:
        for group, texts in breakdown.members():
            label = ", ".join(table_words.label(text, words) for text in texts)
            groups.append((group, table_words.heading(breakdown), shown.letters.label(group, label)))
    columns = tuple(
        Column(key=f"group_{index}", label=label, spanner=spanner) for index, (_, spanner, label) in enumerate(groups)
    )
    rows = [
        TableRow(
            label=table_words.label(level, words),
            cells=tuple(shown.both(shown.row(group, code)) for group, _, _ in groups),
        )
        for level, code in estimates.answers()
    ]
    counts = tuple(shown.base(shown.row(group, code) for code in estimates.codes) for group, _, _ in groups)
    return columns, (*rows, TableRow(label=words.word("n"), kind="n", cells=counts))


def shares_across(shown: Figures) -> Parts:
    """Row percentages with the n of each answer behind them; table percentages, which have one n, with their total."""
    estimates, words = shown.estimates, shown.words
    row = estimates.request.percent == "row"
    groups: list[tuple[Group, str, str]] = [] if row or not _has_total(shown) else [((), "", words.word("total"))]
    for breakdown in estimates.breakdowns:
        for group, texts in breakdown.members():
            label = ", ".join(table_words.label(text, words) for text in texts)
            groups.append((group, table_words.heading(breakdown), label))
    columns = [Column(key=f"group_{i}", label=label, spanner=above) for i, (_, above, label) in enumerate(groups, 1)]
    columns += [Column(key="n", label=words.word("n"), role="n")] if row else []
    rows = []
    for level, code in estimates.answers():
        level_rows = [shown.row(group, code) for group, _, _ in groups]
        cells = tuple(map(shown.both, level_rows))
        rows.append(
            TableRow(label=table_words.label(level, words), cells=(*cells, shown.base(level_rows)) if row else cells)
        )
    return tuple(columns), tuple(rows)


def _has_total(shown: Figures) -> bool:
    return any(not row.by for row in shown.estimates.rows)


def _down(shown: Figures, cells: Callable[[Group], tuple[Cell, ...]]) -> Iterator[TableRow]:
    """The total's row, then each breakdown's head and groups."""
    if _has_total(shown):
        yield TableRow(label=shown.words.word("total"), kind="total", cells=cells(()))
    for breakdown in shown.estimates.breakdowns:
        yield TableRow(label=table_words.heading(breakdown), kind="group_head")
        yield from _nested(breakdown, shown, cells)


def _nested(breakdown: Breakdown, shown: Figures, cells: Callable[[Group], tuple[Cell, ...]]) -> Iterator[TableRow]:
    """Groups of one breakdown; those of crossed variables under a head an outer label."""
    above: tuple[str, ...] = ()
    for group, texts in breakdown.members():
        labels = tuple(table_words.label(text, shown.words) for text in texts)
        for depth, label in enumerate(labels[:-1]):
            if labels[: depth + 1] != above[: depth + 1]:
                yield TableRow(label=label, kind="group_head", indent=depth + 1)
        above = labels[:-1]
        yield TableRow(label=shown.letters.label(group, labels[-1]), indent=len(labels), cells=cells(group))
