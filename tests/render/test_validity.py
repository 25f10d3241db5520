"""Documents as other programs see them: Word's order of elements, a workbook's numbers, LaTeX that compiles."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from render.seen import html_text, xlsx_cells

from surveytool.render import render
from surveytool.render.xlsx import sheet_names
from surveytool.table import report
from surveytool.text import words

EN = words("en")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The order that Word's schema wants, of the elements that are used.
ORDER = {
    "tblPr": ("tblStyle", "tblpPr", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption"),
    "tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "vAlign"),
    "tcBorders": ("top", "left", "bottom", "right"),
    "pPr": ("pStyle", "keepNext", "keepLines", "pBdr", "spacing", "ind", "jc", "outlineLvl"),
    "rPr": ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz", "szCs", "lang"),
}


def made(samples: ModuleType, shape: str, format: str) -> bytes:
    return render(report(samples.shapes()[shape], EN), format, EN)


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return ElementTree.fromstring(package.read(name))


@pytest.mark.parametrize("shape", ["topline", "multiple", "many_by_twelve", "crossed"])
def test_word_s_elements_stand_in_word_s_order(samples: ModuleType, shape: str) -> None:
    body = part(made(samples, shape, "docx"), "word/document.xml")
    for name, order in ORDER.items():
        for element in body.iter(f"{W}{name}"):
            found = [child.tag.removeprefix(W) for child in element]
            places = [order.index(each) for each in found]
            assert places == sorted(places) and len(set(found)) == len(found), (name, found)
    assert all(cell[-1].tag == f"{W}p" for cell in body.iter(f"{W}tc")), "a cell ends in a paragraph"


def test_word_counts_captions_repeats_heads_and_knows_every_style(samples: ModuleType) -> None:
    content = made(samples, "multiple", "docx")
    body, styles = part(content, "word/document.xml"), part(content, "word/styles.xml")
    code = [each.text or "" for each in body.iter(f"{W}instrText")]
    assert code == [" SEQ Table \\* ARABIC "]
    marks = [each.get(f"{W}fldCharType") for each in body.iter(f"{W}fldChar")]
    assert marks == ["begin", "separate", "end"]
    known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    used = {each.get(f"{W}val") for kind in ("pStyle", "tblStyle") for each in body.iter(f"{W}{kind}")}
    assert used <= known and "SurveyTable" in used and "Caption" in used
    for table in body.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
        assert heads and heads == rows[: len(heads)]
        widths = {sum(int(cell.find(f"{W}tcPr/{W}gridSpan").get(f"{W}val") if  # type: ignore[union-attr]
                          cell.find(f"{W}tcPr/{W}gridSpan") is not None else 1)
                      for cell in row.findall(f"{W}tc")) for row in rows}  # fmt: skip
        assert widths == {len(table.findall(f"{W}tblGrid/{W}gridCol"))}


def test_a_table_fits_the_page_of_a_word_file(samples: ModuleType) -> None:
    for shape in ("multiple", "many_by_twelve", "two_levels"):
        body = part(made(samples, shape, "docx"), "word/document.xml")
        for grid in body.iter(f"{W}tblGrid"):
            assert sum(int(column.get(f"{W}w") or 0) for column in grid) <= 16.7 / 2.54 * 1440


def test_a_workbook_holds_numbers_in_full_precision(samples: ModuleType) -> None:
    results = samples.shapes()["two_levels"]
    cells = xlsx_cells(made(samples, "two_levels", "xlsx"))
    numbers = [(value, given) for value, given in cells if not isinstance(value, str)]
    for row in results.estimates[0].rows:
        for value in (row.estimate, row.ci_low, row.ci_high):
            assert any(
                found == pytest.approx(value, rel=1e-15, abs=1e-16) and given == "0.0%" for found, given in numbers
            )
        assert row.n in dict(numbers)


def test_a_workbook_has_contents_a_sheet_a_table_and_every_setting(samples: ModuleType) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(made(samples, "several", "xlsx")))
    assert book.sheetnames == ["Contents", "age", "plan", "Read me"]
    cells = [cell for row in book["Contents"].iter_rows() for cell in row]
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {"'age'!A1", "'plan'!A1", "'Read me'!A1"}
    told = " ".join(str(cell.value) for row in book["Read me"].iter_rows() for cell in row if cell.value)
    for setting in ("weight", "country", "site", "ab" * 32, "proportion", "mean", "95%", "surveytool"):
        assert setting in told
    assert book["plan"].freeze_panes and book["plan"].print_title_rows


@pytest.mark.parametrize("mark", ["=1+1", "+x", "-x", "@x"])
def test_a_workbook_never_reads_text_as_a_formula(samples: ModuleType, mark: str) -> None:
    import openpyxl

    results = samples.results(samples.shares(mark, mark, (mark, "b"), (samples.breakdown("g", mark, (mark, "c")),)))
    book = openpyxl.load_workbook(io.BytesIO(render(report(results, EN), "xlsx", EN)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == mark]
    assert len(cells) >= 4
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells if cell.hyperlink is None)


def test_sheet_names_are_those_that_a_workbook_takes() -> None:
    long = "x" * 40
    names = sheet_names([long, long, long.upper(), "a/b[c]:*?\\", "'quoted'", "", "history", "\x1b[1m"])
    assert len({name.lower() for name in names}) == len(names) and max(map(len, names)) <= 31
    assert not any(set(name) & set("[]:*?/\\") or name.startswith("'") for name in names)


def test_a_mark_stands_beside_the_number_of_a_workbook(samples: ModuleType) -> None:
    rows = [samples.share("q", "a", {}, 0.4, 50, flag="wide"), samples.share("q", "b", {}, 0.0004, 50)]
    cells = dict(xlsx_cells(render(report(samples.results(samples.shares("q", "Q", "ab", rows=rows)), EN), "xlsx", EN)))
    assert cells[0.4] == '0.0%"†"' and cells[0.0004] == '"<0.1%"'


@pytest.mark.parametrize("shape", ["two_levels", "multiple", "many_by_twelve"])
def test_html_has_heads_with_a_scope_and_ids_once(samples: ModuleType, shape: str) -> None:
    text = made(samples, shape, "html").decode()
    html_text(text.encode())  # a strict parser
    assert not re.search(r"<th(?![^>]* scope=)", text.replace("<thead", ""))
    names = re.findall(r' id="([^"]*)"', text)
    assert len(names) == len(set(names)) and all(name in names for name in re.findall(r'labelledby="([^"]*)"', text))
    assert text.count("<caption>") == text.count("<table")
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert not re.search(r"https?://|<script|<link|@import|url\(", text), "nothing is fetched"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("shape", ["hostile", "many_by_twelve"])
def test_latex_compiles(samples: ModuleType, tmp_path: Path, shape: str) -> None:
    signs = (r"\textbf{x} \end{document}", "$x^2$ & 5% #1_~^ {}", "-- ,, ?` !` << >>", "العربية", "[a]", "*b", "†×·²")
    results: Any = samples.shapes().get(shape)
    if results is None:
        results = samples.results(samples.shares("q", signs[0], signs, (samples.breakdown("g", signs[1], signs),)))
    (tmp_path / "t.tex").write_bytes(render(report(results, EN), "latex", EN))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=600, check=False)
    log = (tmp_path / "t.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, log[-1500:]
    wide = [float(each) for each in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log)]
    assert max(wide, default=0.0) < 12 or shape == "hostile"  # codes of Arabic letters take the room they take
