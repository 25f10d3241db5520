"""All questions of a run in one table: their answers below each other, the groups of every breakdown as columns.

``table1`` tells who the respondents are: n (%) of answers, mean (SD) and median (IQR) of numbers. ``banner`` has
percentages and means, with the letters of the groups that a figure exceeds where groups were compared. ``topline`` has
the percentages of each answer, the latest round first where the groups are rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, get_args

from surveytool.errors import unknown
from surveytool.estimate.result import Breakdown, Estimates, Group, Results, joint
from surveytool.frozen import frozen
from surveytool.table import table_words
from surveytool.table.figure import Figures, figures
from surveytool.table.printed_intervals import as_printed
from surveytool.table.several_statistics import cell_of
from surveytool.table.table_parts import Cell, Column, Table, TableRow
from surveytool.text import Words

Layout = Literal["table1", "banner", "topline", "impact", "wide"]
LAYOUTS: tuple[str, ...] = get_args(Layout)
# statistics that stand in one cell: the figure, what stands in its brackets, and the words for both
PAIRS = {
    ("count", "proportion"): "n_percent", ("mean", "sd"): "mean_sd", ("median", "p25", "p75"): "median_iqr",
    ("min", "max"): "min_max", ("median", "iqr"): "median_iqr_width",
}  # fmt: skip
LONGEST = 3
# what a layout asks for where nobody says it: of answers, and of numbers
STATISTICS = {"table1": (("count", "proportion"), ("mean", "sd", "median", "p25", "p75"))}


@frozen
class Block:
    """One question of the sheet: its statistics, ready to be laid out."""

    shown: tuple[Figures, ...]

    @property
    def first(self) -> Estimates:
        """The question's first statistic."""
        return self.shown[0].estimates

    def parts(self) -> Iterator[tuple[str, tuple[Figures, ...]]]:
        """Its statistics by cell: those that stand in one together, with the key of the words for them."""
        left = list(self.shown)
        while left:
            names = [figures_.estimates.statistic for figures_ in left[:LONGEST]]
            size = next((size for size in range(LONGEST, 1, -1) if tuple(names[:size]) in PAIRS), 1)
            yield PAIRS.get(tuple(names[:size]), ""), tuple(left[:size])
            left = left[size:]


def layout_named(name: str, option: str = "--layout") -> Layout:
    """A layout by its name. Raises ``UsageError``."""
    if name not in LAYOUTS:
        raise unknown("layout", name, LAYOUTS, option)
    return name  # type: ignore[return-value]


def arrange_sheet(results: Results, words: Words, layout: Layout, *, decimals: int | None = None) -> Table:
    """All tables of a run as one; its rows are the questions' answers, its columns everybody and the groups."""
    blocks = [
        Block(shown=tuple(figures(as_printed(each, results.design), words, decimals, results.tests) for each in table))
        for table in joint(results)
    ]
    blocks = _one_room(blocks)
    groups = list(_groups(blocks, layout))
    bases = [_base(block, groups) for block in blocks]
    kept = [index for index in range(len(groups)) if any(base[index].text != "0" for base in bases)]
    groups = [groups[index] for index in kept]
    bases = [tuple(base[index] for index in kept) for base in bases]
    usual = Counter(bases).most_common(1)[0][0]
    rows = [TableRow(label=words.word("n"), kind="n", cells=usual)]
    for number, (block, base) in enumerate(zip(blocks, bases, strict=True), 1):
        rows += _rows(block, groups, layout, number, None if base == usual else base)
    first = blocks[0].first
    letters = any(figures_.letters.above for block in blocks for figures_ in block.shown)
    return Table(
        id=layout,
        title=words.word(f"{layout}_title"),
        subtitle=table_words.sheet_subtitle(first, words, results.design, layout),
        columns=tuple(
            Column(key=f"group_{index}", label=label, spanner=spanner)
            for index, (_, spanner, label) in enumerate(groups, 1)
        ),
        rows=tuple(rows),
        base=table_words.sheet_base(first, words),
        notes=(*_notes(blocks, words), *([words.word("letters")] if letters else [])),
        source=table_words.source(results, words),
    )


def _one_room(blocks: Sequence[Block]) -> list[Block]:
    """The questions with the same room for letters, so that their figures stand under each other."""
    room = max(
        len(above) for block in blocks for figures_ in block.shown for above in ("", *figures_.letters.above.values())
    )
    return [
        Block(shown=tuple(replace(figures_, letters=replace(figures_.letters, room=room)) for figures_ in block.shown))
        for block in blocks
    ]


def _groups(blocks: Sequence[Block], layout: Layout) -> Iterator[tuple[Group, str, str]]:
    """The columns: a group, the heading above it and its label; everybody first."""
    words = blocks[0].shown[0].words
    by_names: dict[tuple[str, ...], tuple[Breakdown, Figures]] = {}
    for block in blocks:
        for breakdown in block.first.breakdowns:
            by_names.setdefault(breakdown.names, (breakdown, block.shown[0]))
    total = any(not row.by for block in blocks for row in block.first.rows)
    if total and (layout != "topline" or not by_names):
        yield (), "", words.word("total")
    for breakdown, shown in by_names.values():
        members = list(breakdown.members())
        for group, texts in reversed(members) if layout == "topline" and _rounds(breakdown) else members:
            label = ", ".join(table_words.label(text, words) for text in texts)
            yield group, table_words.heading(breakdown), shown.letters.label(group, label)


def _rounds(breakdown: Breakdown) -> bool:
    """Whether groups are rounds: years or numbers, of which readers want the latest first."""
    return all(code.replace(".", "", 1).replace("-", "").isdigit() for codes in breakdown.codes for code in codes)


def _base(block: Block, groups: Sequence[tuple[Group, str, str]]) -> tuple[Cell, ...]:
    """The respondents of each column who answered a question."""
    codes: Sequence[str | None] = block.first.codes or (None,)
    shown = block.shown[0]
    return tuple(
        shown.base(figures_.row(group, code) for figures_ in block.shown for code in codes) for group, _, _ in groups
    )


def _rows(
    block: Block, groups: Sequence[tuple[Group, str, str]], layout: Layout, number: int, base: tuple[Cell, ...] | None
) -> Iterator[TableRow]:
    """One question: its name, its base where it is not that of all, its figures."""
    words, first = block.shown[0].words, block.first
    parts = list(block.parts())
    title = table_words.titled(first, words)
    if layout == "topline":
        title = f"{number}. {title}"
    lone = parts[0][0] if len(parts) == 1 and first.codes else ""
    yield TableRow(label=f"{title}, {words.word(lone)}" if lone else title, kind="group_head")
    if base is not None:
        yield TableRow(label=words.word("n"), kind="n", indent=1, cells=base)
    for key, part in parts:
        name = words.word(key) if key else table_words.column(part[0].estimates, words)
        if not first.codes:
            yield TableRow(
                label=name, indent=1, cells=tuple(_cell(part, group, None, layout) for group, _, _ in groups)
            )
            continue
        if not lone and len(parts) > 1:
            yield TableRow(label=name, kind="group_head", indent=1)
        for text, code in first.answers():
            cells = tuple(_cell(part, group, code, layout) for group, _, _ in groups)
            yield TableRow(label=table_words.label(text, words), indent=1 + (len(parts) > 1), cells=cells)


def _cell(part: Sequence[Figures], group: Group, code: str | None, layout: Layout) -> Cell:
    """One cell: a figure with its interval or without, or several statistics together."""
    first = part[0]
    if len(part) == 1:
        return first.value(first.row(group, code)) if layout != "table1" else cell_of(first, group, code)
    cells = [figures_.value(figures_.row(group, code)) for figures_ in part]
    if not cells[0].value:
        return cells[0]
    gone = next((cell for cell in cells[1:] if not cell.value), None)
    within = gone.mark if gone is not None else table_words.between(
        [cell.value for cell in cells[1:]], first.words, percent=part[-1].share
    )  # fmt: skip
    numbers = [cell.number for cell in cells]
    if numbers[0] is None:
        return replace(cells[0], interval=within)
    return replace(cells[0], interval=within, number=replace(numbers[0], low=None, high=None))


def _without_intervals(estimates: Estimates) -> Estimates:
    """An entry without the notes on intervals and tests, which a sheet does not print."""
    kept = (note for note in estimates.notes if not note.code.startswith(("ci_", "quantile_", "t_")))
    return replace(estimates, notes=tuple(kept))


def _notes(blocks: Sequence[Block], words: Words) -> Iterator[str]:
    """What is said of all questions once, what is said of some with their names."""
    told: dict[str, list[str]] = {}
    for block in blocks:
        table_notes = [
            note
            for figures_ in block.shown
            for note in table_words.notes(_without_intervals(figures_.estimates), words)
        ]
        for text in dict.fromkeys([*table_words.left_out(block.first, words), *table_notes]):
            told.setdefault(text, []).append(table_words.titled(block.first, words))
    for text, titles in told.items():
        yield text if len(titles) == len(blocks) or len(blocks) == 1 else f"{words.join(titles)}: {text}"
