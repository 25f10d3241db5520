"""Word: paragraphs by their style, tables cell by cell, in the order of the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from surveytool.errors import UnreadableData
from surveytool.proofreading.passages import Block, Document, Grid, Passage, PassageKind, clean, heads_of


def read(path: Path) -> Document:
    """The blocks of a docx. Raises ``UnreadableData`` where it is none, or is encrypted."""
    from docx import Document as open_docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        opened = open_docx(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        cure = "Save it once more as .docx, without a password."
        raise UnreadableData("is no Word document that can be opened.", str(path), cure) from error
    blocks: list[Block] = []
    paragraphs = tables = 0
    for part in opened.iter_inner_content():
        if isinstance(part, Table):
            rows = _rows(part)
            if rows:
                tables += 1
                blocks.append(Grid(rows=rows, heads=heads_of(rows), number=tables))
            continue
        text = clean(part.text)
        if text:
            paragraphs += 1
            blocks.append(Passage(text=text, kind=_kind(part), number=paragraphs))
    return Document(name=path.name, blocks=tuple(blocks))


def _kind(paragraph: Any) -> PassageKind:
    style = (paragraph.style.name or "").casefold() if paragraph.style is not None else ""
    if style.startswith(("heading", "title")):
        return "heading"
    return "caption" if style.startswith("caption") else "paragraph"


def _rows(table: Any) -> tuple[tuple[str, ...], ...]:
    """Rows of equal length; a merged cell's text stands in each of its places."""
    rows = [[clean(cell.text) for cell in row.cells] for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)
