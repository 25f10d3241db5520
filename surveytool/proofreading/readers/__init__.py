"""Documents by the suffix of their file: one reader a format, loaded when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from surveytool.errors import UnreadableData, UsageError
from surveytool.lazy import registered
from surveytool.proofreading.passages import Document, Passage

READERS = {
    ".docx": "word:read",
    ".pdf": "pdf:read",
    ".html": "web:read",
    ".htm": "web:read",
    ".md": "markdown:read",
    ".markdown": "markdown:read",
    ".txt": "plain:read",
}
LARGEST = 200_000_000
MOST_BLOCKS = 100_000


def read_document(path: Path) -> Document:
    """The blocks of a document.

    Raises ``UsageError`` for a suffix that no reader has, ``UnreadableData`` for a file
    that is not there, empty, encrypted, or without text.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise UsageError(f"{path.suffix or 'no suffix'} is no document.", str(path), "Give docx, pdf, html, md or txt.")
    if not path.is_file():
        raise UnreadableData("is not there.", str(path), "Check the name of the document.")
    if path.stat().st_size > LARGEST:
        raise UnreadableData("is larger than 200 MB.", str(path), "Give the text without its pictures.")
    reader: Callable[[Path], Document] = registered("surveytool.proofreading.readers", READERS[suffix])
    document = reader(path)
    if not any(not isinstance(block, Passage) or block.text for block in document.blocks):
        cure = "A scanned page is a picture: give the document with its text." if suffix == ".pdf" else "Give a text."
        raise UnreadableData("holds no text.", str(path), cure)
    if len(document.blocks) > MOST_BLOCKS:
        raise UnreadableData(f"holds more than {MOST_BLOCKS:,} paragraphs.", str(path), "Give it in parts.")
    return document
