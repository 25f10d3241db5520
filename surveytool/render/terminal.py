"""Tables for a screen: rules instead of a grid, figures aligned, labels wrapped, nothing cut off.

Lines are built from measured parts (``panel`` decides the widths) and printed
through rich, which only adds the colours: labels are never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean, isolate, isolate_label
from surveytool.render.interval_bars import Bars, bars_for
from surveytool.render.terminal_panel import GAP, INDENT, Panel, Slot, cleaned, panels
from surveytool.render.terminal_width import pad, width, wrap
from surveytool.table import CodebookReport, Report, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

BOLD, MUTED, PLAIN = "bold", "dim", ""
WIDEST_TEXT = 100

Part = tuple[str, str]
Line = list[Part]


def render(report: Report | CodebookReport, words: Words, options: Options) -> str:
    """Every table, then the notes and the source they share."""
    lines: list[Line] = []
    for table in report.tables:
        lines += [*_table(cleaned(table), words, options), []]
    lines += list(_text([*report.notes, report.source], options.width))
    for explanation in report.explanations if isinstance(report, Report) else ():
        lines += list(_explanation(explanation, words, options.width))
    return _printed(lines, options)


def _explanation(given: Explanation, words: Words, cells: int) -> Iterator[Line]:
    """How one figure was made; code stands as it is, so that it can be copied."""
    yield []
    yield [(words.word("explain_title"), BOLD)]
    yield from _text(given.lines, cells, PLAIN)
    for title, code in (("explain_r", given.r), ("explain_stata", given.stata)):
        yield []
        yield [(words.word(title), BOLD)]
        yield from ([(clean(line), PLAIN)] for line in code.splitlines())


def _printed(lines: Sequence[Line], options: Options) -> str:
    """Lines as text; with colour, as rich writes it for a terminal."""
    if not options.colour:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=StringIO(), width=options.width, force_terminal=True, color_system="standard", no_color=False,
        markup=False, emoji=False, highlight=False, legacy_windows=False, force_jupyter=False, _environ={},
    )  # fmt: skip
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def _text(paragraphs: Sequence[str], cells: int, style: str = MUTED) -> Iterator[Line]:
    """Paragraphs wrapped, each with a hanging indent."""
    room = min(cells, WIDEST_TEXT)
    for paragraph in paragraphs:
        text = clean(paragraph)
        if not text:
            continue
        first, *_ = wrap(text, room)
        rest = text[len(first) :].lstrip(" ")
        yield [(isolate(first), style)]
        if rest:
            yield from ([("  ", PLAIN), (isolate(line), style)] for line in wrap(rest, max(room - 2, 1)))


def _table(table: Table, words: Words, options: Options) -> Iterator[Line]:
    """Title, panels, base and notes of one table."""
    cells = options.width
    yield from ([(isolate_label(line), BOLD)] for line in wrap(clean(table.title), min(cells, WIDEST_TEXT)))
    yield from _text([table.subtitle], cells)
    parts = panels(table, cells)
    bars = bars_for(table, parts[0], words, options) if len(parts) == 1 else None
    for index, panel in enumerate(parts):
        if index:
            yield []
        yield from _panel(table, panel, bars)
    yield from _text([table.base, *table.notes], cells)


def _panel(table: Table, panel: Panel, bars: Bars | None) -> Iterator[Line]:
    rule: Line = [("─" * (panel.width + (GAP + bars.cells if bars else 0)), MUTED)]
    yield rule
    if any(slot.column.spanner for slot in panel.slots):
        yield from _spanners(panel)
    heads = list(_heads(table, panel))
    yield from heads[:-1]
    yield [*heads[-1], (" " * GAP + bars.head, MUTED)] if bars else heads[-1]
    yield rule
    for index, row in enumerate(table.rows):
        if index and row.kind == "group_head" and not row.indent:
            yield []
        first, *more = _row(row, panel)
        yield [*first, *_bar(row, bars)] if bars and row.cells and row.kind != "n" else first
        yield from more
    yield rule


def _bar(row: TableRow, bars: Bars) -> Line:
    before, dot, after = bars.draw(row)
    return [(" " * GAP, PLAIN), (before, MUTED), (dot, BOLD if row.kind == "total" else PLAIN), (after, MUTED)]


def _spanners(panel: Panel) -> Iterator[Line]:
    """Breakdowns above their columns, each with a rule of its own."""
    above: list[list[str]] = []
    for spanner, group in groupby(panel.slots, key=lambda slot: slot.column.spanner):
        room = sum(GAP + slot.width for slot in group) - GAP
        above.append([pad(isolate_label(line), room, "centre") for line in wrap(spanner, room)])
        above[-1].append(("─" if spanner else " ") * room)
    height = max(map(len, above))
    for at in range(height):
        line: Line = [(" " * panel.stub, PLAIN)]
        for lines in above:
            missing = height - len(lines)
            text = lines[at - missing] if at >= missing else " " * width(lines[-1])
            line.append((" " * GAP + text, MUTED if at == height - 1 else BOLD))
        yield line


def _heads(table: Table, panel: Panel) -> Iterator[Line]:
    """Column heads, wrapped, standing on the rule."""
    stub = wrap(clean(table.stub_head), panel.stub)
    heads = [wrap(slot.column.label, slot.width) for slot in panel.slots]
    height = max(map(len, [stub, *heads]))
    for at in range(height):
        line: Line = [(_at(stub, at - height + len(stub), panel.stub, "left"), BOLD)]
        for slot, lines in zip(panel.slots, heads, strict=True):
            text = _at(lines, at - height + len(lines), slot.width, _head_align(slot))
            line.append((" " * GAP + text, BOLD))
        yield line


def _head_align(slot: Slot) -> str:
    return "centre" if slot.interval else slot.column.align


def _at(lines: Sequence[str], index: int, cells: int, align: str) -> str:
    """One of several lines, padded; blank where there is none."""
    return pad(isolate_label(lines[index]) if 0 <= index < len(lines) else "", cells, align)


def _row(row: TableRow, panel: Panel) -> Iterator[Line]:
    """A row on as many lines as its label and its cells need."""
    indent = INDENT * row.indent
    room = max((panel.stub if row.cells else panel.width) - indent, 1)
    labels = wrap(row.label, room)
    blocks = [_cell(row, slot, panel) for slot in panel.slots] if row.cells else []
    height = max([len(labels), *map(len, blocks)])
    style = BOLD if row.kind in ("group_head", "total") else MUTED if row.kind == "n" else PLAIN
    for at in range(height):
        line: Line = [(" " * indent + _at(labels, at, room, "left"), style)]
        for slot, block in zip(panel.slots, blocks, strict=False):
            line.append((" " * GAP, PLAIN))
            line += block[at] if at < len(block) else [(" " * slot.width, PLAIN)]
        yield line


def _cell(row: TableRow, slot: Slot, panel: Panel) -> list[Line]:
    """A cell's lines, each as wide as its column."""
    cell = row.cells[slot.place]
    muted = row.kind == "n" or slot.column.role in ("n", "interval")
    style = MUTED if muted else PLAIN
    if not slot.interval:
        return [[(pad(isolate_label(cell.figure), slot.width, slot.column.align), style)]]
    interval = f"({cell.interval})" if cell.interval else ""
    if panel.shape == "stacked":
        room = slot.width - (slot.width - slot.figure) // 2
        figure = pad(pad(cell.figure, room, "right"), slot.width)
        below: list[Line] = (
            [[(pad(pad(interval, slot.interval, "right"), slot.width, "centre"), MUTED)]] if interval else []
        )
        return [[(figure, style)], *below]
    content = slot.figure + 1 + slot.interval
    before = " " * ((slot.width - content) // 2)
    after = " " * (slot.width - content - len(before))
    figure = before + pad(cell.figure, slot.figure, "right")
    return [[(figure, style), (" " + pad(interval, slot.interval, "right") + after, MUTED)]]
