"""Plain text: paragraphs stand apart by blank lines."""

from __future__ import annotations

import re
from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.proofreading.passages import Document, Passage, clean


def read(path: Path) -> Document:
    """The paragraphs of a text file."""
    parts = (clean(part) for part in re.split(r"\n\s*\n", text_of(path)))
    texts = [part for part in parts if part]
    return Document(
        name=path.name, blocks=tuple(Passage(text=text, number=number) for number, text in enumerate(texts, 1))
    )


def text_of(path: Path) -> str:
    """The letters of a text file: UTF-8, UTF-16 with its mark, else those of Windows. Raises ``UnreadableData``."""
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if b"\x00" in content[:4096]:
        raise UnreadableData("is no text.", str(path), "Give docx, pdf, html, md or txt.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
