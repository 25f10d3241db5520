"""A Word file under construction: styles of its own, real tables, captions that Word numbers.

Looks live in styles (``Survey Table``, ``Table Text``, ``Table Note`` ...), so that
a reader restyles a whole report at once. Nothing tells the time: the same content
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from surveytool.render.inert_text import clean, isolate
from surveytool.render.packed import packed, without_author

INK, MUTED = "1D1D1F", "5F6368"
MARGIN_CM, WIDTH_CM = 2.2, 16.6
SEQUENCE = "SEQ {name} \\* ARABIC"
STYLES: dict[str, dict[str, Any]] = {
    "Table Text": {"size": 9, "after": 0},
    "Table Figure": {"size": 9, "after": 0, "align": "right"},
    "Table Head": {"size": 9, "after": 0, "bold": True, "keep": True},
    "Table Note": {"size": 8, "after": 2, "colour": MUTED},
    "Fact": {"size": 9.5, "after": 1},
    "Contents Line": {"size": 10.5, "after": 2},
    "Table Subtitle": {"size": 8.5, "after": 3, "colour": MUTED, "keep": True},
}
_TABLE_STYLE = """
<w:style {ns} w:type="table" w:customStyle="1" w:styleId="SurveyTable">
  <w:name w:val="Survey Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr><w:tblBorders><w:top w:val="single" w:sz="10" w:space="0" w:color="{ink}"/>
    <w:bottom w:val="single" w:sz="10" w:space="0" w:color="{ink}"/></w:tblBorders>
    <w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>
      <w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>
</w:style>"""


class Word:
    """A document: text, tables and pictures are added in order, then it becomes bytes."""

    def __init__(self, language: str, title: str) -> None:
        from docx import Document
        from docx.shared import Cm

        self.document = Document()
        self.counts: dict[str, int] = {}
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(MARGIN_CM)
        section.top_margin = section.bottom_margin = Cm(2.2)
        self._styles(language)
        without_author(self.document.core_properties, title, language)

    def _styles(self, language: str) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.shared import Pt

        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10.5)
        normal.paragraph_format.space_after = Pt(6)
        _language(normal, language)
        for name, look in STYLES.items():
            style = styles.add_style(name, 1)
            style.base_style = normal
            _look(style, **look)
        _look(styles["Caption"], size=10, after=0, bold=True, keep=True, colour=INK)
        _look(styles["Title"], size=20, after=4, bold=True, colour=INK)
        _border(styles["Title"])
        for level, size in ((1, 15), (2, 12.5), (3, 11)):
            _look(styles[f"Heading {level}"], size=size, after=4, bold=True, keep=True, colour=INK)
        styles.element.append(parse_xml(_TABLE_STYLE.format(ns=nsdecls("w"), ink=INK)))

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """A paragraph of plain text."""
        return self.document.add_paragraph(isolate(clean(text)), style=style)

    def heading(self, text: str, level: int = 1) -> Any:
        """A heading; 0 is the document's title."""
        return self.document.add_heading(isolate(clean(text)), level)

    def caption(self, label: str, text: str) -> Any:
        """``Table 3. Title`` with a number that Word counts."""
        self.counts[label] = self.counts.get(label, 0) + 1
        paragraph = self.document.add_paragraph(f"{label} ", style="Caption")
        _field(paragraph, SEQUENCE.format(name=label.replace(" ", "_")), str(self.counts[label]))
        paragraph.add_run(f". {isolate(clean(text))}")
        return paragraph

    def contents(self, entries: Sequence[str]) -> None:
        """A table of contents that Word fills with pages; until then the entries stand there."""
        lines = [self.paragraph("", "Contents Line") for _ in entries]
        _open_field(lines[0], 'TOC \\o "1-2" \\h \\z \\u')
        for line, text in zip(lines, entries, strict=True):
            line.add_run(isolate(clean(text)))
        _mark(lines[-1], "end")

    def gap(self, points: float = 5) -> None:
        """Space between two tables, or after one."""
        from docx.shared import Pt

        paragraph = self.paragraph("", "Table Text")
        paragraph.paragraph_format.line_spacing = Pt(points)
        paragraph.paragraph_format.keep_with_next = points < 10

    def table(self, rows: int, columns: int, widths: Iterable[float], title: str) -> Any:
        """An empty table in the document's own style; widths in centimetres."""
        from docx.shared import Cm

        grid = self.document.add_table(rows, columns)
        grid.style = self.document.styles["Survey Table"]
        grid.autofit = False
        sizes = [Cm(width) for width in widths]
        for column, size in zip(grid.columns, sizes, strict=True):
            column.width = size
        for row in grid._tbl.tr_lst:
            for cell, size in zip(row.tc_lst, sizes, strict=True):
                cell.width = size
        _title(grid, clean(title))
        return grid

    def picture(self, content: bytes, width_cm: float, alt: str) -> None:
        """A picture with its alternative text."""
        from docx.shared import Cm

        shape = self.document.add_picture(BytesIO(content), width=Cm(width_cm))
        shape._inline.docPr.set("descr", clean(alt))
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def content(self) -> bytes:
        """The file, packed without times."""
        out = BytesIO()
        self.document.save(out)
        return packed(out.getvalue())


def header_row(row: Any) -> None:
    """A row that comes again on every page."""
    _flag(row, "w:tblHeader")


def whole_row(row: Any) -> None:
    """A row that no page break divides."""
    _flag(row, "w:cantSplit")


def ruled(cell: Any, edge: str = "bottom", size: int = 6) -> None:
    """A rule at an edge of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    rule = OxmlElement(f"w:{edge}")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", INK)):
        rule.set(qn(f"w:{key}"), value)
    borders.append(rule)


def _flag(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _look(
    style: Any, *, size: float, after: float, bold: bool | None = None, colour: str | None = None,
    align: str | None = None, keep: bool | None = None,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font, layout = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = "Calibri", Pt(size), bold, False
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if colour is not None:
        font.color.rgb = RGBColor.from_string(colour)
    layout.space_after, layout.keep_with_next = Pt(after), keep
    layout.line_spacing = 1.0
    if align == "right":
        layout.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _border(style: Any) -> None:
    """A title without the template's rule below it."""
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _language(style: Any, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), {"en": "en-GB", "es": "es-ES", "fr": "fr-FR"}.get(language, language))
    style.element.get_or_add_rPr().append(mark)


def _title(table: Any, text: str) -> None:
    """The table's title for screen readers."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblCaption")
    mark.set(qn("w:val"), text)
    table._tbl.tblPr.append(mark)


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field with the result that is shown until Word counts anew."""
    _open_field(paragraph, instruction)
    paragraph.add_run(shown)
    _mark(paragraph, "end")


def _open_field(paragraph: Any, instruction: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    _mark(paragraph, "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _mark(paragraph, "separate")


def _mark(paragraph: Any, kind: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    oxml_element = OxmlElement("w:fldChar")
    oxml_element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(oxml_element)
