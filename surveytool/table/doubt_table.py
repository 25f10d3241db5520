"""Rows with their intervals and the coverage that simulation finds, arranged for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from surveytool.estimate.doubt import Doubt, Doubts
from surveytool.estimate.result import Estimates
from surveytool.table.table_parts import Cell, Column, Report, Table, TableRow
from surveytool.text import NOTHING, Words

MARK = "*"
NOISE = 2.0  # standard errors of a simulated share below which its distance to the level is chance


def arrange_doubts(doubts: Doubts, words: Words, decimals: int = 1) -> Report:
    """A table for every table of the results: figure and interval, and how often such intervals hold the truth."""
    tables = tuple(_table(table, doubts, words, decimals) for table in doubts.results.estimates)
    return Report(tables=tables, results=doubts.results, notes=tuple(_notes(doubts, words)))


def short(doubt: Doubt, level: float) -> bool:
    """Whether the coverage is below the level by more than the simulation's own noise."""
    if doubt.covered is None:
        return False
    noise = NOISE * sqrt(level * (1 - level) / max(doubt.samples, 1))
    return doubt.covered < level - noise


def _table(table: Estimates, doubts: Doubts, words: Words, decimals: int) -> Table:
    level = table.request.level
    mine = [doubt for doubt in doubts.rows if doubt.row.table == table.id]
    shares = table.statistic == "proportion"
    columns = (
        Column(key="figure", label=words.fill("doubt_figure", level=words.level(level))),
        Column(key="n", label=words.word("n"), role="n"),
        Column(key="covered", label=words.word("doubt_covered")),
        Column(key="below", label=words.word("doubt_below")),
        Column(key="above", label=words.word("doubt_above")),
    )
    rows = tuple(_row(doubt, level, words, shares=shares, decimals=decimals) for doubt in mine)
    return Table(
        id=table.id, title=table.label, subtitle=words.fill("doubt_subtitle", draws=doubts.draws), columns=columns,
        rows=rows, notes=tuple(words.say(note) for note in table.notes),
    )  # fmt: skip


def _row(doubt: Doubt, level: float, words: Words, *, shares: bool, decimals: int) -> TableRow:
    row = doubt.row
    label = ", ".join([*row.by.values(), *([row.level] if row.level is not None else [])]) or words.word("total")
    shown = words.percent if shares else words.number
    figure = NOTHING if row.estimate is None else shown(row.estimate, decimals)
    has_interval = row.ci_low is not None
    interval = words.interval(row.ci_low, row.ci_high, decimals, shares) if has_interval else ""
    parts = (doubt.covered, doubt.below, doubt.above)
    cells = [Cell(value=NOTHING if share is None else words.percent(share, 1)) for share in parts]
    if short(doubt, level):
        cells[0] = Cell(value=cells[0].value, mark=MARK)
    return TableRow(label=label, cells=(Cell(value=figure, interval=interval), Cell(value=words.number(row.n)), *cells))


def _notes(doubts: Doubts, words: Words) -> Iterator[str]:
    """What the simulation is, and what it cannot know."""
    level = {table.id: table.request.level for table in doubts.results.estimates}
    yield words.fill("doubt_how", draws=doubts.draws, seed=doubts.seed, units=doubts.units)
    if any(short(doubt, level[doubt.row.table]) for doubt in doubts.rows):
        yield words.fill("doubt_short", mark=MARK)
    if any(doubt.covered is None for doubt in doubts.rows):
        yield words.word("doubt_nothing")
    design = doubts.results.design
    if design.fpc or design.calibrated is not None:
        yield words.word("doubt_simplified")
    yield words.word("doubt_limits")
