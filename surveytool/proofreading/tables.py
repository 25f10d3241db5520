"""Figures of a document's tables: heads of columns and rows are answers and groups, a caption is the question.

A table is held against each table of the study whose title stands above it; the one
whose answers and groups name most of its rows and columns is the one it shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeVar

from surveytool.frozen import frozen
from surveytool.proofreading.binding import GROUP, Binder
from surveytool.proofreading.facts import Fact
from surveytool.proofreading.figures import Figure, number_of
from surveytool.proofreading.language import plain
from surveytool.proofreading.passages import Grid
from surveytool.proofreading.vocabulary import age_name

CELL = re.compile(
    r"^\s*(?P<value>[<>]?[-−]?\d[\d.,\u202f ]*?)\s*%?\s*(?:[*†a-zA-Z]{0,3})?\s*"
    r"(?:[(\[]\s*(?P<low>[<>]?[-−]?\d+(?:[.,]\d+)?)\s*%?\s*(?:–|-|—|to|a|à|;|,)\s*(?P<high>\d+(?:[.,]\d+)?)\s*%?\s*[)\]])?\s*$"
)
ENDS = re.compile(
    r"^\s*[(\[]?(?P<low>[<>]?\d+(?:[.,]\d+)?)\s*%?\s*(?:–|-|—|to|a|à|;|,)\s*(?P<high>\d+(?:[.,]\d+)?)\s*%?[)\]]?\s*$"
)
LEAST = 0.5
T = TypeVar("T")
Key = tuple[str, str]  # what an answer or a group is called, and which it is


@frozen
class CellFigure:
    """A cell's figure and the fact it means; ``is_n`` for a number of respondents."""

    row: int
    column: int
    figure: Figure
    fact: Fact
    is_n: bool = False


def cell_figures(grid: Grid, binder: Binder, context: Sequence[str]) -> tuple[list[CellFigure], int]:
    """The figures of a grid that are bound, and how many cells hold a figure at all."""
    cells = _cells(grid)
    if not cells:
        return [], 0
    best: tuple[float, list[CellFigure]] = (0.0, [])
    for table, facts in binder.by_table.items():
        title = max((binder.vocabulary.title_score(table, binder.words.stems(text)) for text in context), default=0.0)
        if title < LEAST:
            continue
        title *= GROUP if facts[0].row.variable in binder.breakdowns else 1.0
        bound = list(_bound(grid, cells, facts, binder))
        score = title + len(bound) / len(cells)
        if bound and score > best[0] + 1e-9:
            best = (score, bound)
    if not best[1]:
        return list(question_rows(grid, cells, binder)), len(cells)
    return best[1], len(cells)


def question_rows(grid: Grid, cells: Mapping[tuple[int, int], re.Match[str]], binder: Binder) -> Iterator[CellFigure]:
    """The cells of a table whose rows are questions: the share of "yes" or the mean, for all or a column's group."""
    for line, row in enumerate(grid.rows):
        stems = set(binder.words.stems(row[0]))
        titles = binder.vocabulary.titles.items()
        table = next((name for name, said in titles if any(stems == set(title) for title in said)), None)
        if line < grid.heads or table is None or not grid.heads:
            continue
        facts = [fact for fact in binder.by_table[table] if fact.statistic != "proportion" or binder.says_yes(fact)]
        groups = _names(facts, binder)[1]
        for column in range(1, len(row)):
            match, head = cells.get((line, column)), plain(grid.rows[grid.heads - 1][column])
            group = () if head in _plain(binder, "figures", "counts") else groups.get(head)
            fact = next((one for one in facts if one.group == group), None)
            if match is not None and fact is not None:
                yield _cell(match, fact, (line, column), grid, binder, is_n=head in _plain(binder, "counts"))


def _plain(binder: Binder, *keys: str) -> frozenset[str]:
    return frozenset(plain(text) for key in keys for text in binder.words.words(key))


def _cell(
    match: re.Match[str], fact: Fact, at: tuple[int, int], grid: Grid, binder: Binder, *, is_n: bool
) -> CellFigure:
    """The figure of a cell, with the interval in its brackets or in the column beside it."""
    value, decimals = number_of(match["value"].replace("−", "-").lstrip("-"), binder.words.given["decimal"])
    share = fact.statistic == "proportion" and not is_n
    interval = (match["low"], match["high"]) if match["low"] else _interval_beside(grid, at, binder)
    figure = Figure(
        kind="percent" if share else "count" if is_n else "mean",
        value=value / 100 if share else value,
        decimals=decimals,
        start=0,
        end=0,
        text=grid.rows[at[0]][at[1]],
        interval=None if is_n else interval,
    )
    return CellFigure(row=at[0], column=at[1], figure=figure, fact=fact, is_n=is_n)


def _interval_beside(grid: Grid, at: tuple[int, int], binder: Binder) -> tuple[str, str] | None:
    """The two ends in the next column, where its head says that it is an interval."""
    line, column = at[0], at[1] + 1
    if not grid.heads or column >= len(grid.rows[line]):
        return None
    head = plain(grid.rows[grid.heads - 1][column])
    ends = ENDS.match(grid.rows[line][column])
    said = any(re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", head) for word in binder.words.words("sections"))
    return (ends["low"], ends["high"]) if ends and said else None


def _cells(grid: Grid) -> dict[tuple[int, int], re.Match[str]]:
    """The cells that hold a figure."""
    found = {}
    for line, row in enumerate(grid.rows):
        if line < grid.heads or (len({cell for cell in row if cell}) <= 1 and len(row) > 1):
            continue
        for column, cell in enumerate(row):
            match = CELL.match(cell) if column else None
            if match is not None:
                found[line, column] = match
    return found


def _bound(
    grid: Grid, cells: dict[tuple[int, int], re.Match[str]], facts: Sequence[Fact], binder: Binder
) -> Iterator[CellFigure]:
    """The cells that name an answer and a group of one table, whichever way round."""
    levels, groups = _names(facts, binder)
    index = {(fact.row.level_code or "", fact.group): fact for fact in facts}
    counts = _plain(binder, "counts")
    whole = frozenset(
        plain(text) for name in binder.breakdowns for texts in binder.vocabulary.levels[name].values() for text in texts
    )
    blocks = ["", ""]
    for line, row in enumerate(grid.rows):
        others = {cell for cell in row[1:] if cell}
        if line >= grid.heads and (not others or others == {row[0]}):
            blocks = [row[0], blocks[0]]
            continue
        for column in range(1, len(row)):
            match = cells.get((line, column))
            if match is None:
                continue
            head = [_bare(grid.rows[above][column]) for above in range(grid.heads)] if grid.heads else []
            head_names = [plain(text) for text in head]
            is_n = (
                plain(row[0]) in counts
                or any(name in counts for name in head_names)
                or (not grid.heads and column == sum(map(bool, row[1:])) and _whole(match))
            )
            code = _first(levels, [row[0], *head], (), whole) or _columns(grid, row, facts).get(column)
            group = _first(groups, [row[0], *reversed(head)], blocks, whole)
            fact = (
                index.get((code or "", group or ()))
                if not is_n
                else next((one for one in facts if one.group == (group or ())), None)
            )
            named = _total(row[0], binder) or plain(row[0]) in counts or _first(levels, [row[0]], (), whole) is not None
            if (group is None and not named) or (plain(row[0]) in counts and not grid.heads):
                continue
            if fact is None or (
                grid.page is not None
                and not is_n
                and not _sure(grid, row, column, match, (levels, groups, whole), binder)
            ):
                continue
            yield _cell(match, fact, (line, column), grid, binder, is_n=is_n)


def _sure(
    grid: Grid,
    row: Sequence[str],
    column: int,
    match: re.Match[str],
    names: tuple[Collection[str], ...],
    binder: Binder,
) -> bool:
    """Whether a cell of a pdf, whose columns are read off the page, means what it seems to mean."""
    if grid.heads:
        head = grid.rows[0][column]
        return _total(head, binder) or any(
            name in known for known in names for name in (plain(head), age_name(head) or "")
        )
    filled = sum(map(bool, row[1:]))
    return filled <= 2 and column == 1 if match["low"] is None else filled <= 2 or filled == len(names[0]) + 1


def _bare(head: str) -> str:
    """A head without its unit: "Yes, % (95% CI)" is "Yes"."""
    return re.sub(r"\([^()]*\)|[,;]?\s*%(?!\w)", "", head).strip() or head


def _whole(match: re.Match[str]) -> bool:
    return (
        match["low"] is None
        and re.fullmatch(r"\d[\d\u202f ,.]*", match["value"].strip()) is not None
        and "%" not in match.group()
    )


def _columns(grid: Grid, row: Sequence[str], facts: Sequence[Fact]) -> dict[int, str]:
    """Without heads: the answers in their order, where there are as many columns of figures."""
    if grid.heads:
        return {}
    codes = list(dict.fromkeys(fact.row.level_code for fact in facts if fact.row.level_code is not None))
    width = sum(map(bool, row[1:]))
    if width in (len(codes), len(codes) + 1):
        return dict(enumerate(codes, 1))
    return {1: codes[0]} if codes and width <= 2 else {}


def _names(facts: Sequence[Fact], binder: Binder) -> tuple[dict[str, str], dict[str, tuple[tuple[str, str], ...]]]:
    """What answers and groups are called, without case and accents."""
    levels: dict[str, str] = {}
    groups: dict[str, tuple[tuple[str, str], ...]] = {}
    for fact in facts:
        row = fact.row
        if row.level_code is not None:
            for text in binder.vocabulary.levels[row.variable][row.level_code]:
                levels.setdefault(plain(text), row.level_code)
        if len(row.by_code) == 1:
            ((name, code),) = row.by_code.items()
            for text in binder.vocabulary.levels[name][code]:
                groups.setdefault(plain(text), fact.group)
                age = age_name(text)
                if age is not None:
                    groups.setdefault(age, fact.group)
        elif row.by_code:
            named = [binder.vocabulary.levels[name][code] for name, code in row.by_code.items()]
            for texts in product(*named):
                groups.setdefault(_crossed(texts), fact.group)
    return levels, groups


def _crossed(texts: Sequence[str]) -> str:
    """One name of several groups, whatever their order."""
    return " × ".join(sorted(age_name(text) or plain(text) for text in texts))


def _first(names: Mapping[str, T], texts: Sequence[str], blocks: Sequence[str], groups: frozenset[str]) -> T | None:
    """What the first text with a name names; under a block that is a group itself, as a crossed group only."""
    for text in texts:
        above = [_crossed([block, text]) for block in blocks if block]
        if blocks and plain(blocks[0]) in groups and text == texts[0]:
            return next((names[name] for name in above if name in names), None)
        parts = [_crossed(re.split(r"\s*(?:·|,|/|:|×)\s*", text))]
        for name in (*above, plain(text), age_name(text) or "", *parts):
            if name and name in names:
                return names[name]
    return None


def _total(text: str, binder: Binder) -> bool:
    return plain(text) in {plain(word) for word in (*binder.words.words("everybody"), "total", "ensemble", "all")}
