"""Html: headings, paragraphs, captions and tables in the order of the page; scripts and styles are no text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveytool.proofreading.passages import Block, Document, Grid, Passage, PassageKind, clean, heads_of
from surveytool.proofreading.readers.plain import text_of

SILENT = ("script", "style", "svg", "template", "head", "noscript")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TEXTS = ("p", "li", "dd", "dt", "blockquote", "figcaption", "caption", "pre", *HEADINGS)
INLINE = ("span", "b", "i", "em", "strong", "a", "bdi", "br", "sup", "sub", "small", "mark")
MOST_SPAN = 1000


def read(path: Path) -> Document:
    """The blocks of an html page."""
    return Document(name=path.name, blocks=blocks_of(text_of(path)))


def blocks_of(page: str) -> tuple[Block, ...]:
    """The blocks of a page's text, numbered in their order."""
    from lxml import html

    if not page.strip():
        return ()
    tree = html.document_fromstring(page, parser=html.HTMLParser(no_network=True, encoding=None))
    blocks: list[Block] = []
    paragraphs = tables = 0
    for element in _elements(tree):
        if element.tag == "table":
            rows, heads = _grid(element)
            if rows:
                tables += 1
                blocks.append(Grid(rows=rows, heads=heads, number=tables))
            continue
        text = clean(_text(element))
        if text:
            paragraphs += 1
            blocks.append(Passage(text=text, kind=_kind(element.tag), number=paragraphs))
    return tuple(blocks)


def _kind(tag: str) -> PassageKind:
    return "heading" if tag in HEADINGS else "caption" if tag in ("figcaption", "caption") else "paragraph"


def _elements(element: Any) -> Iterator[Any]:
    """Elements that hold text of their own, in order; a table once, after its caption."""
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    if element.tag == "table":
        yield from element.iterchildren("caption")
        yield element
    elif (
        element.tag in TEXTS and not any(True for other in element.iter("table", "p", "li") if other is not element)
    ) or (element.tag == "div" and all(child.tag in INLINE for child in element)):
        yield element
    else:
        for child in element:
            yield from _elements(child)


def _text(element: Any) -> str:
    """The text of an element without what is not seen."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SILENT:
            parts.append(" " if child.tag in ("br", "wbr", "div", "p") else "")
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _grid(table: Any) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The rows of a table with spanned cells repeated, and how many are heads."""
    rows: list[list[str]] = []
    below: dict[tuple[int, int], str] = {}
    heads = 0
    for line, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (line, len(cells)) in below:
                cells.append(below.pop((line, len(cells))))
            text, wide, deep = clean(_text(cell)), _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(cells), len(cells) + wide):
                below |= {(line + step, column): text for step in range(1, deep)}
            cells += [text] * wide
        in_head = row.getparent().tag == "thead"
        heads += in_head
        rows.append(cells)
    width = max((len(row) for row in rows), default=0)
    whole = tuple((*row, *[""] * (width - len(row))) for row in rows)
    return whole, heads or heads_of(whole)


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), MOST_SPAN) if text.isdigit() else 1
