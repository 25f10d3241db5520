"""Markdown: turned into html by markdown-it, which is read as every other page."""

from __future__ import annotations

from pathlib import Path

from surveytool.proofreading.passages import Document
from surveytool.proofreading.readers.plain import text_of
from surveytool.proofreading.readers.web import blocks_of


def read(path: Path) -> Document:
    """The blocks of a markdown file."""
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark").enable("table").render(text_of(path))
    return Document(name=path.name, blocks=blocks_of(page))
