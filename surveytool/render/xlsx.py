"""Tables as a workbook: a contents sheet, a sheet a table, and a sheet that tells how they were made.

Figures are numbers in full precision; their format shows what the table shows.
Percentages are fractions with a percent format. Text is text: nothing that
starts with ``=`` is ever run, also not when a cell is edited and left again.
The same tables give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any

from surveytool.render.cell_styles import CellStyles
from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean
from surveytool.render.sheet_columns import Field, fields, number_format
from surveytool.render.terminal_panel import INDENT, cleaned
from surveytool.render.terminal_width import width
from surveytool.table import Cell, CodebookReport, Report, Table, TableRow
from surveytool.table.settings import Pair, run_settings, source_settings, table_settings
from surveytool.text import Words

MADE = datetime(1980, 1, 1)  # a workbook must say when it was made; it is the same always
LONGEST_NAME, FORBIDDEN = 31, "[]:*?/\\"
WIDEST_STUB, NARROWEST = 60, 8
LINE = 14.5


def render(report: Report | CodebookReport, words: Words, options: Options) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter

    out = BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "nan_inf_to_errors": True}  # fmt: skip
    book = xlsxwriter.Workbook(out, told)
    book.set_properties({"title": words.word("report"), "created": MADE, "author": "", "comments": ""})
    tables = [cleaned(table) for table in report.tables]
    names = sheet_names([words.word("sheet_contents"), *(table.id for table in tables), words.word("sheet_readme")])
    sheets = [book.add_worksheet(name) for name in names]
    dress = CellStyles(book)
    _contents(sheets[0], tables, names, dress, words)
    for sheet, table in zip(sheets[1:-1], tables, strict=True):
        _Page(sheet, table, dress, words, names[0]).write(report)
    _readme(sheets[-1], report, dress, words)
    book.close()
    return out.getvalue()


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that a workbook allows: without forbidden signs, at most 31 long, each once whatever its case.

    >>> sheet_names(["a/b", "A_b", "", "History"])
    ['a_b', 'A_b 2', 'Sheet', 'History_']
    """
    names: list[str] = []
    taken = {"history"}
    for text in titles:
        plain = "".join("_" if sign in FORBIDDEN else sign for sign in clean(text)).strip("' ")[:LONGEST_NAME]
        plain = f"{plain}_" if plain.lower() == "history" else plain or "Sheet"
        name, count = plain, 2
        while name.lower() in taken:
            tail = f" {count}"
            name, count = plain[: LONGEST_NAME - len(tail)] + tail, count + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _contents(sheet: Any, tables: Sequence[Table], names: Sequence[str], dress: CellStyles, words: Words) -> None:
    """A line a table with a link to its sheet."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 12)
    _text(sheet, 0, 0, words.word("contents"), dress.get("title"), dress)
    for index, head in enumerate(("sheet_head", "table_head", "n")):
        style = "head_right" if head == "n" else "head"
        _text(sheet, 2, index, words.word(head), dress.get(style), dress)
    for at, (table, name) in enumerate(zip(tables, names[1:-1], strict=True), 3):
        quoted = name.replace("'", "''")
        sheet.write_url(at, 0, f"internal:'{quoted}'!A1", dress.get("link"), name)
        _text(sheet, at, 1, table.title, dress.get("wrapped"), dress)
        if table.estimates is not None:
            sheet.write_number(at, 2, table.estimates.base.base, dress.number("#,##0", "data", "n"))
    at = 4 + len(tables)
    sheet.write_url(at, 0, f"internal:'{names[-1]}'!A1", dress.get("link"), names[-1])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _readme(sheet: Any, report: Report | CodebookReport, dress: CellStyles, words: Words) -> None:
    """The design, every setting of every table, and all notes."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    _text(sheet, 0, 0, words.word("readme_title"), dress.get("title"), dress)
    at = 2
    for head, pairs in _chapters(report, words):
        _text(sheet, at, 0, clean(head), dress.get("chapter"), dress)
        for name, value in pairs:
            at += 1
            _text(sheet, at, 0, clean(name), dress.get("muted"), dress)
            _text(sheet, at, 1, clean(value), dress.get("wrapped"), dress)
        at += 2
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _chapters(report: Report | CodebookReport, words: Words) -> Iterator[tuple[str, list[Pair]]]:
    if isinstance(report, Report):
        yield words.word("readme_run"), run_settings(report.results, words)
    else:
        run = [(words.word(f"set_{key}"), value) for key, value in source_settings(report.provenance) if value]
        yield words.word("readme_run"), run
    if report.notes or report.source:
        yield words.word("readme_notes"), [("", note) for note in (*report.notes, report.source) if note]
    for table in report.tables:
        pairs = table_settings(table.estimates, words) if table.estimates is not None else []
        notes = [(words.word("notes") if not index else "", note) for index, note in enumerate(table.notes)]
        yield table.title, [*pairs, *notes]


class _Page:
    """One table's sheet, written from the top down."""

    def __init__(self, sheet: Any, table: Table, dress: CellStyles, words: Words, contents: str) -> None:
        self.sheet, self.table, self.dress, self.words = sheet, table, dress, words
        self.contents = contents
        self.fields = fields(table, words)
        self.at = 0

    @property
    def last(self) -> int:
        """The last column."""
        return max(len(self.fields), 1)

    def write(self, report: Report | CodebookReport) -> None:
        """Title, head, rows, notes; then how the sheet is seen and printed."""
        sheet, get = self.sheet, self.dress.get
        sheet.hide_gridlines(2)
        self._paragraph(self.table.title, "title")
        self._paragraph(self.table.subtitle, "subtitle")
        self.at += 1
        top = self.at
        self._heads()
        sheet.freeze_panes(self.at, 1)
        for row in self.table.rows:
            self._row(row)
        for column in range(self.last + 1):
            sheet.write_blank(self.at, column, None, get("foot"))
        sheet.set_row(self.at, 5)
        self.at += 1
        for text in (self.table.base, *self.table.notes, *report.notes, report.source):
            self._paragraph(text, "note")
        sheet.write_url(self.at + 1, 0, f"internal:'{self.contents}'!A1", get("link"), self.words.word("contents"))
        self._widths()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top, max(self._head_rows + top - 1, top))

    def _paragraph(self, text: str, style: str) -> None:
        """Text over the width of the table, on as many lines as it takes."""
        shown = clean(text)
        if not shown:
            return
        room = self._stub + sum(self._column(field) for field in self.fields)
        lines = -(-width(shown) // max(int(room), 40))
        self.sheet.merge_range(self.at, 0, self.at, self.last, "", self.dress.get(style))
        _text(self.sheet, self.at, 0, shown, self.dress.get(style), self.dress)
        self.sheet.set_row(self.at, (LINE if style != "title" else 20) * lines)
        self.at += 1

    @property
    def _stub(self) -> int:
        labels = [width(row.label) + INDENT * row.indent for row in self.table.rows if row.cells]
        return min(max([*labels, width(self.table.stub_head), 12]) + 2, WIDEST_STUB)

    @staticmethod
    def _column(field: Field) -> int:
        return max(field.width + 2, NARROWEST)

    def _widths(self) -> None:
        self.sheet.set_column(0, 0, self._stub)
        for index, field in enumerate(self.fields, 1):
            self.sheet.set_column(index, index, self._column(field))

    @property
    def _head_rows(self) -> int:
        spanned = any(column.spanner for column in self.table.columns)
        return 1 + spanned + any(field.head for field in self.fields)

    def _heads(self) -> None:
        """Breakdowns, columns, and above ends of intervals which end it is; a lone column's label stands lowest."""
        columns = [self.table.columns[field.place] for field in self.fields]
        deep = any(field.head for field in self.fields)
        spanned = any(column.spanner for column in columns)
        if spanned:
            self._head_row([(column.spanner, column.spanner) for column in columns])
        if deep:
            above = [column.label if field.head else "" for column, field in zip(columns, self.fields, strict=True)]
            places = [str(field.place) for field in self.fields]
            self._head_row(list(zip(above, places, strict=True)))
        lowest = [field.head or column.label for column, field in zip(columns, self.fields, strict=True)]
        self._head_row([(text, str(index)) for index, text in enumerate(lowest)], last=True)

    def _head_row(self, labels: Sequence[tuple[str, str]], *, last: bool = False) -> None:
        """One row of heads; neighbours of one owner share a cell."""
        get = self.dress.get
        _text(
            self.sheet,
            self.at,
            0,
            self.table.stub_head if last else "",
            get("head" if last else "head_open"),
            self.dress,
        )
        start = 0
        for (text, _), members in groupby(labels):
            end = start + len(list(members))
            left = self.table.columns[self.fields[start].place].align == "left"
            style = get(("head_text" if left else "head_right") if last else "head_span" if text else "head_open")
            if end - start > 1 and text:
                self.sheet.merge_range(self.at, start + 1, self.at, end, "", style)
            _text(self.sheet, self.at, start + 1, text, style, self.dress)
            start = end
        self.at += 1

    def _row(self, row: TableRow) -> None:
        """A label, then the figures of its cells, each with its own number format."""
        kind = row.kind
        label = self.dress.label(kind, row.indent)
        if not row.cells:
            self._wide(row)
            return
        _text(self.sheet, self.at, 0, row.label, label, self.dress)
        for index, field in enumerate(self.fields, 1):
            self._cell(index, field, row.cells[field.place], kind)
        self.at += 1

    def _wide(self, row: TableRow) -> None:
        """A label without figures; a long one goes over the table, on as many lines as it takes."""
        size = width(row.label) + INDENT * row.indent
        style = self.dress.label("wide" if size > self._stub else row.kind, row.indent)
        if size > self._stub:
            room = self._stub + sum(self._column(field) for field in self.fields)
            self.sheet.merge_range(self.at, 0, self.at, self.last, "", style)
            self.sheet.set_row(self.at, LINE * -(-size // max(int(room), 20)))
        _text(self.sheet, self.at, 0, row.label, style, self.dress)
        self.at += 1

    def _cell(self, column: int, field: Field, cell: Cell, kind: str) -> None:
        role = self.table.columns[field.place].role if kind != "n" else "n"
        value = field.number(cell)
        if value is not None:
            given = number_format(cell, field)
            self.sheet.write_number(self.at, column, value, self.dress.number(given, kind, role))
            return
        text = field.text(cell)
        left = self.table.columns[field.place].align == "left"
        _text(self.sheet, self.at, column, text, self.dress.text(kind, role, left=left), self.dress)


def _text(sheet: Any, row: int, column: int, text: str, style: Any, dress: CellStyles) -> None:
    """Text that stays text: what looks like a formula is marked as quoted."""
    if text[:1] in ("=", "+", "-", "@"):
        style = dress.quoted(style)
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)
