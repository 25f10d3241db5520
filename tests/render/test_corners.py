"""Widths, heights, rules and classes of what is written: each against the table that it is made of."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from render.seen import html_text

from surveytool.render import render
from surveytool.render.interval_bars import _head, _step
from surveytool.render.latex import escape
from surveytool.render.sheet_columns import Field
from surveytool.render.terminal_panel import NARROWEST_STUB, panels
from surveytool.render.xlsx import INDENT
from surveytool.table import report
from surveytool.table.table_parts import Cell, Column, Number, Table, TableRow
from surveytool.text import words

EN = words("en")


def made(samples: ModuleType, shape: str, format: str) -> bytes:
    return render(report(samples.shapes()[shape], EN), format, EN)


def table(*labels: str, columns: int = 3, **more: Any) -> Table:
    """Rows of these labels and columns of a digit each."""
    rows = tuple(TableRow(label=label, cells=tuple(Cell(value="1") for _ in range(columns))) for label in labels)
    heads = tuple(Column(key=f"c{place}", label="x") for place in range(columns))
    return Table(**{"id": "t", "title": "T", "columns": heads, "rows": rows, **more})


@pytest.mark.parametrize(
    ("label", "cells", "stub"),
    [
        ("x" * 60, 80, 20),
        ("x" * 60, 120, 30),
        ("x" * 60, 20, NARROWEST_STUB),
    ],
)
def test_a_long_label_gets_a_quarter_of_the_screen_at_first(label: str, cells: int, stub: int) -> None:
    """Where the columns need the rest; else it gets what they leave."""
    wide = table(label, columns=40)
    assert max(panel.stub for panel in panels(wide, cells)) >= stub
    (one,) = panels(table("short"), 80)
    assert one.stub >= len("short")


@pytest.mark.parametrize(
    ("label", "cells", "middle"),
    [
        ("abcd", 12, "abcd"),
        ("abcde", 11, ""),
        ("abcde", 12, "abcde"),
    ],
)
def test_what_is_drawn_stands_between_the_ends_where_it_fits(label: str, cells: int, middle: str) -> None:
    """0% and 50% take five signs, and a space each."""
    head = _head(label, 0.0, 0.5, Number(share=True), EN, cells)
    assert len(head) == cells - 0 or len(head) == cells
    assert head.startswith("0% ") and head.endswith(" 50%") and head[3:-4].strip() == middle


@pytest.mark.parametrize(("span", "step"), [(1.0, 0.2), (0.5, 0.1), (100.0, 20.0), (7.0, 2.0), (0.0, 1.0)])
def test_a_scale_has_about_five_round_steps(span: float, step: float) -> None:
    assert _step(span) == pytest.approx(step)


@pytest.mark.parametrize(("number", "written"), [
    (Number(value=0.5), 0.5), (Number(value=2), 2.0), (Number(value=float("nan")), None),
    (Number(value=float("inf")), None),
    (Number(), None), (None, None),
])  # fmt: skip
def test_a_workbook_writes_numbers_that_are_numbers(number: Number | None, written: float | None) -> None:
    assert Field(place=0, part="value").number(Cell(value="x", number=number)) == written


def workbook(content: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content))


def test_columns_of_a_workbook_are_as_wide_as_what_stands_in_them(samples: ModuleType) -> None:
    book = workbook(made(samples, "several", "xlsx"))
    widths = {name: round(column.width) for name, column in book["Contents"].column_dimensions.items()}
    assert widths == {"A": 27, "B": 71, "C": 13} or widths == {"A": 26, "B": 70, "C": 12}
    shown = report(samples.shapes()["crossed"], EN).tables[0]
    sheet = workbook(made(samples, "crossed", "xlsx"))
    (name,) = [each for each in sheet.sheetnames if each not in ("Contents", "Read me")]
    longest = max(len(row.label) + INDENT * row.indent for row in shown.rows if row.cells)
    own = round(sheet[name].column_dimensions["A"].width)
    assert own in (max(longest, len(shown.stub_head), 12) + 2, max(longest, len(shown.stub_head), 12) + 3)


def test_a_long_title_gets_as_many_lines_as_it_takes(samples: ModuleType) -> None:
    results = samples.shapes()["topline"]
    heights = []
    for length in (30, 300):
        named = replace(results.estimates[0], label="x" * length)
        book = workbook(render(report(replace(results, estimates=(named,)), EN), "xlsx", EN))
        (name,) = [each for each in book.sheetnames if each not in ("Contents", "Read me")]
        heights.append(book[name].row_dimensions[1].height)
    assert heights[0] == pytest.approx(20, abs=0.5)
    assert heights[1] > 55 and heights[1] / 20 == pytest.approx(round(heights[1] / 20), abs=0.1)


def test_word_has_the_styles_of_a_report(samples: ModuleType) -> None:
    import docx
    from docx.shared import Pt

    document = docx.Document(io.BytesIO(made(samples, "crossed", "docx")))
    assert document.styles["Normal"].font.size == Pt(10.5) and document.styles["Normal"].font.name == "Calibri"
    assert not any(document.styles[name].font.italic for name in ("Caption", "Title", "Heading 1"))
    assert [document.styles[f"Heading {level}"].font.size for level in (1, 2, 3)] == [Pt(15), Pt(12.5), Pt(11)]


def test_heads_of_word_stand_over_their_columns(samples: ModuleType) -> None:
    import docx

    shown = report(samples.shapes()["two_levels"], EN).tables[0]
    (own,) = docx.Document(io.BytesIO(made(samples, "two_levels", "docx"))).tables
    texts = [[cell.text for cell in row.cells] for row in own.rows]
    heads = next(row for row in texts if shown.columns[0].label in row)
    assert heads[1:][: len(shown.columns)] == [column.label for column in shown.columns] and heads[0] == shown.stub_head


def spanned() -> Table:
    columns = (
        Column(key="a", label="All"), Column(key="b", label="Men", spanner="Sex"),
        Column(key="c", label="Women", spanner="Sex"), Column(key="d", label="Young", spanner="Age"),
    )  # fmt: skip
    cells = tuple(Cell(value=str(place)) for place in range(1, 5))
    rows = (TableRow(label="Sex", kind="group_head"), TableRow(label="yes", cells=cells),
            TableRow(label="inner", kind="group_head", indent=1), TableRow(label="no", cells=cells),
            TableRow(label="Age", kind="group_head"), TableRow(label="old", cells=cells))  # fmt: skip
    return Table(id="t", title="T", columns=columns, rows=rows)


def written(samples: ModuleType, format: str, *tables: Table, **more: Any) -> str:
    whole = report(samples.shapes()["topline"], EN)
    return render(replace(whole, tables=tables), format, EN, **more).decode("utf-8")


def test_a_rule_of_latex_lies_below_its_breakdown(samples: ModuleType) -> None:
    text = written(samples, "latex", spanned())
    assert re.findall(r"\\cmidrule\(lr\)\{(\d+-\d+)\}", text) == ["3-4", "5-5"]
    assert r"\multicolumn{2}{c}{Sex}" in text


@pytest.mark.parametrize(("text", "shown"), [
    ("[a]", r"{[}a]"), ("a[b]", "a[b]"), ("*a*", "{*}a*"), ("a_b", r"a\_b"), ("100%", r"100\%"),
])  # fmt: skip
def test_a_bracket_is_no_option_at_the_start_of_a_line(text: str, shown: str) -> None:
    assert escape(text) == shown or escape(text).replace("{}", "") == shown.replace("{}", "")


def test_a_page_has_a_body_a_breakdown_and_names_its_parts(samples: ModuleType) -> None:
    page = written(samples, "html", spanned())
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, flags=re.DOTALL)
    assert [len(re.findall("<tr", body)) for body in bodies] == [4, 2]
    assert '<div class="scroll" role="region" tabindex="0"' in page and 'aria-labelledby="t-title"><table' in page
    assert "<title>T</title>" in page
    several = written(samples, "html", spanned(), spanned())
    assert f"<title>{EN.word('report')}</title>" in several
    subtitled = written(samples, "html", replace(spanned(), subtitle="Sub"))
    assert '<span class="subtitle">Sub</span>' in subtitled and 'class="subtitle"' not in page.partition("<body>")[2]
    assert '<span class="interval">' in made(samples, "two_levels", "html").decode()
    assert "T" in html_text(page.encode())


def test_breakdowns_of_a_screen_stand_at_the_bottom_of_their_lines(samples: ModuleType) -> None:
    long = replace(spanned(), columns=(
        Column(key="a", label="All"), Column(key="b", label="Men", spanner="A long name of a breakdown by sex"),
        Column(key="c", label="Women", spanner="A long name of a breakdown by sex"),
        Column(key="d", label="Young", spanner="Age"),
    ))  # fmt: skip
    lines = written(samples, "terminal", long, width=60).splitlines()
    last = next(place for place, line in enumerate(lines) if "Men" in line and "Women" in line) - 1
    rules, names = lines[last], lines[last - 1]
    assert "─" in rules and "Age" in names and "A long" not in names
    assert any("A long" in line for line in lines[: last - 1])


def test_the_sheet_of_notes_says_what_it_is() -> None:
    assert EN.word("readme_title") == "How these tables were made"


def test_files_in_a_word_file_are_of_1980() -> None:
    from surveytool.render.packed import STAMP

    assert STAMP == (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
