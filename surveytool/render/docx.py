"""Tables as a Word file: real table styles, head rows that repeat, numbered captions, notes below.

A table that is too wide for the page is dealt over panels, as on a screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean
from surveytool.render.terminal_panel import Panel, Slot, cleaned, panels
from surveytool.render.terminal_width import width
from surveytool.render.word import MUTED, WIDTH_CM, Word, header_row, ruled, whole_row
from surveytool.table import CodebookReport, Report, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

CELLS = 92  # of a page's width
INDENT_CM = 0.35
MOST_TOGETHER = 30  # rows that no page break divides
FIGURE_SPACE = "\u2007"


def render(report: Report | CodebookReport, words: Words, options: Options) -> bytes:
    """The file's bytes."""
    title = report.tables[0].title if len(report.tables) == 1 else words.word("report")
    word = Word(words.language, title)
    for table in report.tables:
        add_table(word, table, words)
    for text in (*report.notes, report.source):
        if text:
            word.paragraph(text, "Table Note")
    for explanation in report.explanations if isinstance(report, Report) else ():
        _explanation(word, explanation, words)
    return word.content()


def add_table(word: Word, table: Table, words: Words) -> None:
    """Caption, what the figures are, the table in as many panels as it takes, base and notes."""
    table = cleaned(table)
    word.caption(words.word("table_label"), table.title)
    if table.subtitle:
        word.paragraph(table.subtitle, "Table Subtitle")
    for index, panel in enumerate(panels(table, CELLS)):
        if index:
            word.gap()
        _panel(word, table, panel)
    for index, text in enumerate(note for note in (table.base, *table.notes) if note):
        paragraph = word.paragraph(text, "Table Note")
        if not index:
            _space(paragraph, before=4)
    word.gap(10)


def _space(paragraph: Any, before: float) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = Pt(before)


def _panel(word: Word, table: Table, panel: Panel) -> None:
    spanned = any(slot.column.spanner for slot in panel.slots)
    heads = 2 if spanned else 1
    grid = word.table(heads + len(table.rows), 1 + len(panel.slots), _widths(panel), table.title)
    cells = _grid(grid)
    for cell in (row_cell for row in cells for row_cell in row):
        _styled(cell.paragraphs[0], "Table Text")
    if spanned:
        _spanners(grid, cells[0], panel)
    _heads(cells[heads - 1], table, panel)
    for row in grid.rows[:heads]:
        header_row(row)
    rows = list(grid.rows)
    together = len(table.rows) <= MOST_TOGETHER
    for at, row in enumerate(table.rows, heads):
        whole_row(rows[at])
        _row(cells[at], row, panel, keep=together or at == heads + len(table.rows) - 1)


def _grid(grid: Any) -> list[list[Any]]:
    """Every cell, row by row; asking the table for one cell at a time is slow."""
    columns = len(grid.columns)
    flat = grid._cells
    return [flat[start : start + columns] for start in range(0, len(flat), columns)]


def _widths(panel: Panel) -> list[float]:
    """Centimetres, by the cells that a column takes on a screen; never wider than the page."""
    units = [panel.stub + 2, *(max(slot.width, 5) + 2.5 for slot in panel.slots)]
    scale = min(WIDTH_CM / sum(units), 0.19)
    return [round(unit * scale, 3) for unit in units]


def _write(cell: Any, text: str, style: str, align: str = "left") -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    _styled(paragraph, style)
    if align != "left":
        ways = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}
        paragraph.alignment = ways[align]
    return paragraph.add_run(text)


def _styled(paragraph: Any, name: str) -> None:
    """Give a paragraph one of the document's styles; looking it up by its name for each cell takes most of the time."""
    paragraph._p.style = name.replace(" ", "")


def _spanners(grid: Any, cells: Sequence[Any], panel: Panel) -> None:
    """Breakdowns over their columns, each with a rule of its own."""
    start = 1
    for spanner, group in groupby(panel.slots, key=lambda slot: slot.column.spanner):
        end = start + len(list(group))
        if spanner:
            cell = cells[start].merge(cells[end - 1]) if end - start > 1 else cells[start]
            for spare in cell.paragraphs[1:]:
                spare._p.getparent().remove(spare._p)
            _write(cell, spanner, "Table Head", "centre")
            ruled(cell, size=4)
        start = end


def _heads(cells: Sequence[Any], table: Table, panel: Panel) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL

    _write(cells[0], table.stub_head, "Table Head")
    for cell, slot in zip(cells[1:], panel.slots, strict=True):
        _write(cell, slot.column.label, "Table Head", _align(slot))
    for cell in cells:
        ruled(cell)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM


def _align(slot: Slot) -> str:
    return "centre" if slot.interval else slot.column.align


def _row(cells: Sequence[Any], row: TableRow, panel: Panel, *, keep: bool) -> None:
    """A label and its figures; a row without figures reaches over the table."""
    from docx.shared import Cm, Pt

    first = cells[0].merge(cells[-1]) if not row.cells and len(cells) > 1 else cells[0]
    for spare in first.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)
    run = _write(first, row.label, "Table Text")
    run.bold = True if row.kind in ("group_head", "total") else None
    layout = first.paragraphs[0].paragraph_format
    layout.keep_with_next = True if row.kind == "group_head" or keep else None
    if row.kind == "group_head" and not row.indent:
        layout.space_before = Pt(4)
    if row.indent:
        layout.left_indent = Cm(INDENT_CM * row.indent)
    for cell, slot in zip(cells[1:], panel.slots, strict=True) if row.cells else ():
        _figure(cell, row, slot, panel)


def _figure(cell: Any, row: TableRow, slot: Slot, panel: Panel) -> None:
    """A figure, and its interval beside it or below it."""
    from docx.shared import Pt, RGBColor

    shown = row.cells[slot.place]
    style = "Table Text" if slot.column.align == "left" else "Table Figure"
    figure = _padded(shown.figure, slot.figure) if shown.interval else shown.figure
    run = _write(cell, figure, style, _align(slot))
    muted = RGBColor.from_string(MUTED)
    if row.kind == "n" or slot.column.role in ("n", "interval"):
        run.font.color.rgb = muted
    run.bold = True if row.kind == "total" and slot.column.role != "n" else None
    if not shown.interval:
        return
    if panel.shape == "stacked":
        run.add_break()
    space = "" if panel.shape == "stacked" else " "
    ends = cell.paragraphs[0].add_run(space + _padded(f"({shown.interval})", slot.interval))
    ends.font.color.rgb, ends.font.size = muted, Pt(8)


def _padded(text: str, cells: int) -> str:
    """A figure as wide as its column's widest: digits are all as wide as a figure space."""
    return FIGURE_SPACE * (cells - width(text)) + text


def _explanation(word: Word, given: Explanation, words: Words) -> None:
    """How one figure was made, and its code."""
    word.heading(words.word("explain_title"), 3)
    for line in given.lines:
        word.paragraph(line)
    for title, code in (("explain_r", given.r), ("explain_stata", given.stata)):
        word.paragraph(words.word(title))
        paragraph = word.paragraph("", "Table Text")
        for index, line in enumerate(code.splitlines()):
            run = paragraph.add_run(" " * (len(line) - len(line.lstrip(" "))) + clean(line))
            run.font.name = "Consolas"
            if index < len(code.splitlines()) - 1:
                run.add_break()
