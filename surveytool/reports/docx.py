"""The report as a Word file: headings and captions that Word counts, charts as pictures with a description."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts import compose
from surveytool.charts.paint import paint
from surveytool.render.docx import add_table
from surveytool.render.inert_text import clean, isolate
from surveytool.render.word import Word
from surveytool.reports.document import Document, Pair, Section
from surveytool.text import words

PICTURE_CM, TALLEST_CM = 15.2, 21.0
DOTS, COLOURS = 220, 48


def render(document: Document) -> bytes:
    """The file's bytes."""
    word, heads = Word(document.language, document.title), document.heads
    word.heading(document.title, 0)
    _pairs(word, document.facts)
    word.heading(heads.contents, 1)
    _contents(word, document)
    word.heading(heads.methods, 1)
    word.paragraph(" ".join(document.methods))
    word.heading(heads.results, 1).paragraph_format.page_break_before = True
    for index, section in enumerate(document.sections, 1):
        _section(word, document, section, index)
    if document.claims:
        word.heading(heads.claims, 1)
        for table in document.claims:
            add_table(word, table, words(document.language))
    if document.notes:
        word.heading(heads.notes, 1)
        for text in document.notes:
            word.paragraph(text, "List Bullet")
    word.heading(heads.provenance, 1)
    word.paragraph(document.source)
    _pairs(word, document.settings)
    return word.content()


def _contents(word: Word, document: Document) -> None:
    """A field that Word fills with pages; until then the titles stand there."""
    titles = [f"{index}. {section.title}" for index, section in enumerate(document.sections, 1)]
    heads = document.heads
    after = [heads.claims] if document.claims else []
    after += [heads.notes] if document.notes else []
    word.contents([heads.methods, heads.results, *titles, *after, heads.provenance])


def _section(word: Word, document: Document, given: Section, number: int) -> None:
    word.heading(f"{number}. {given.title}", 2)
    for at, text in enumerate(given.findings):
        paragraph = word.paragraph(text, "List Bullet" if at else "Normal")
        paragraph.paragraph_format.keep_with_next = bool(given.pictures)
    for picture in given.pictures:
        scene = compose(picture.chart, picture.theme)
        width = min(PICTURE_CM, TALLEST_CM * scene.width / scene.height)
        drawn = paint(scene, "png", picture.chart.title, picture.chart.alt, DOTS)
        word.picture(_small(drawn), width, picture.chart.alt)
        word.caption(document.heads.figure, picture.chart.title)
        word.gap(8)
    for table in given.tables:
        add_table(word, table, words(document.language))


def _pairs(word: Word, pairs: Sequence[Pair]) -> None:
    for name, value in pairs:
        paragraph = word.paragraph(f"{name}:", "Fact")
        paragraph.runs[0].bold = True
        paragraph.add_run(f" {isolate(clean(value))}")


def _small(content: bytes) -> bytes:
    """A png with the few colours that a chart has: a third of the size, the same dots."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(out, "png", dpi=(DOTS, DOTS), optimize=True)
    return out.getvalue()
