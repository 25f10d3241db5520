"""The report as slides: a title, a slide a question with what it says and a native chart, its table, its origin.

Base, notes and methods are the speaker's notes, so that a slide stays readable and nothing gets lost. python-pptx comes
with ``surveytool[page]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from surveytool.charts import compose
from surveytool.charts.paint import paint
from surveytool.render.inert_text import clean, isolate
from surveytool.render.packed import packed, without_author
from surveytool.render.terminal_panel import Panel, panels
from surveytool.reports.document import Document, Picture, Section
from surveytool.reports.native_chart import add_native_chart, has_native_form
from surveytool.table import Table, TableRow

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6  # inches
CELLS, MOST_ROWS = 110, 14  # of a table on a slide
TITLE_POINTS, TEXT_POINTS, TABLE_POINTS = 24, 16, 11
DOTS = 200


def render(document: Document) -> bytes:
    """The file's bytes: the same each time."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    without_author(deck.core_properties, document.title, document.language)
    _cover(deck, document)
    for index, section in enumerate(document.sections, 1):
        for picture in section.pictures or (None,):
            _chart_slide(deck, section, index, picture)
        for table in section.tables:
            _table_slides(deck, table)
    for table in document.claims:
        _table_slides(deck, table, document.heads.claims)
    _text_slide(deck, document.heads.methods, [" ".join(document.methods)])
    _text_slide(deck, document.heads.notes, document.notes)
    origin = [document.source, *(f"{name}: {value}" for name, value in document.settings)]
    _text_slide(deck, document.heads.provenance, origin)
    out = BytesIO()
    deck.save(out)
    return packed(out.getvalue())


def _slide(deck: Any, title: str) -> Any:
    """A slide with its title, which is a heading for screen readers."""
    from pptx.util import Inches, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    shape = slide.shapes.title
    shape.left, shape.top = Inches(MARGIN), Inches(0.35)
    shape.width, shape.height = Inches(WIDE - 2 * MARGIN), Inches(0.95)
    frame = shape.text_frame
    frame.word_wrap, frame.text = True, _text(title)
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(TITLE_POINTS), True
    frame.paragraphs[0].alignment = 1
    return slide


def _text(text: str) -> str:
    return isolate(clean(text))


def _box(slide: Any, texts: Sequence[str], left: float, top: float, width: float, height: float, points: float) -> None:
    """Paragraphs in a frame of inches."""
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.word_wrap = True
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.text = _text(text)
        paragraph.font.size, paragraph.space_after = Pt(points), Pt(points / 2)


def _cover(deck: Any, document: Document) -> None:
    slide = _slide(deck, document.title)
    _box(
        slide, [f"{name}: {value}" for name, value in document.facts], MARGIN, 2.0, WIDE - 2 * MARGIN, 4.5, TEXT_POINTS
    )


def _chart_slide(deck: Any, section: Section, number: int, picture: Picture | None) -> None:
    """What a question says on the left, its chart on the right."""
    from pptx.util import Inches

    slide = _slide(deck, f"{number}. {section.title}" if picture is None else picture.chart.title or section.title)
    room = WIDE - 2 * MARGIN
    stub = room if picture is None else 0.32 * room
    said = [f"{number}. {section.title}", *section.findings] if picture is not None else list(section.findings)
    _box(slide, said, MARGIN, 1.4, stub, 5.2, 14)
    if picture is None:
        return
    chart = picture.chart
    frame = [Inches(MARGIN + stub + 0.2), Inches(1.4), Inches(room - stub - 0.2), Inches(5.1)]
    if has_native_form(chart):
        add_native_chart(slide, chart, picture.theme, frame)
    else:
        _drawn(slide, picture, frame)
    _box(slide, [chart.subtitle], MARGIN + stub + 0.2, 6.5, room - stub - 0.2, 0.4, 11)
    slide.notes_slide.notes_text_frame.text = "\n".join(_text(text) for text in (*chart.notes, chart.source) if text)


def _drawn(slide: Any, picture: Picture, frame: Sequence[int]) -> None:
    """A chart without a native form, as a picture with its description."""
    scene = compose(picture.chart, picture.theme)
    content = paint(scene, "png", picture.chart.title, picture.chart.alt, DOTS)
    left, top, width, height = frame
    scale = min(width / scene.width, height / scene.height)
    shape = slide.shapes.add_picture(BytesIO(content), left, top, int(scene.width * scale), int(scene.height * scale))
    shape._element.nvPicPr.cNvPr.set("descr", clean(picture.chart.alt))


def _table_slides(deck: Any, table: Table, head: str = "") -> None:
    """The table in parts that fit a slide; its base and notes for the speaker."""
    for panel in panels(table, CELLS):
        for start in range(0, max(len(table.rows), 1), MOST_ROWS):
            slide = _slide(deck, table.title or head)
            _grid(slide, table, table.rows[start : start + MOST_ROWS], panel)
            told = [_text(text) for text in (table.subtitle, table.base, *table.notes) if text]
            slide.notes_slide.notes_text_frame.text = "\n".join(told)


def _grid(slide: Any, table: Table, rows: Sequence[TableRow], panel: Panel) -> None:
    """A native table: a head row, a row label first."""
    from pptx.util import Inches, Pt

    lines = [
        [table.stub_head, *(_head(slot.column) for slot in panel.slots)],
        *(list(_cells(row, panel)) for row in rows),
    ]
    room = WIDE - 2 * MARGIN
    size = [Inches(MARGIN), Inches(1.4), Inches(room), Inches(0.34 * len(lines))]
    grid = slide.shapes.add_table(len(lines), 1 + len(panel.slots), *size).table
    stub = room * min(max(panel.stub / CELLS, 0.2), 0.5)
    grid.columns[0].width = Inches(stub)
    for column in range(1, 1 + len(panel.slots)):
        grid.columns[column].width = Inches((room - stub) / max(len(panel.slots), 1))
    for at, line in enumerate(lines):
        for column, text in enumerate(line):
            cell = grid.cell(at, column)
            cell.text = _text(text)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(TABLE_POINTS), at == 0
                paragraph.alignment = 1 if column == 0 else 3


def _head(column: Any) -> str:
    return f"{column.spanner}: {column.label}" if column.spanner else str(column.label)


def _cells(row: TableRow, panel: Panel) -> Iterator[str]:
    yield " " * 2 * row.indent + row.label if row.indent else row.label
    for slot in panel.slots:
        cell = row.cells[slot.place] if row.cells else None
        text = cell.figure if cell is not None else ""
        yield f"{text} ({cell.interval})" if cell is not None and cell.interval else text


def _text_slide(deck: Any, title: str, texts: Sequence[str]) -> None:
    """Running text, in as many slides as it needs."""
    pages: list[list[str]] = [[]]
    for text in texts:
        if sum(map(len, pages[-1])) + len(text) > 1500 and pages[-1]:
            pages.append([])
        pages[-1].append(text)
    for page in pages if texts else []:
        _box(_slide(deck, title), page, MARGIN, 1.4, WIDE - 2 * MARGIN, 5.5, 13)
