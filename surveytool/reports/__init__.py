"""A study to one document: contents, methods, every table with its chart and its findings, claims, notes, origin.

``FORMATS`` names a function a format, imported on first use; it takes a
``Document`` and returns bytes. To add a format, write its file and name it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.errors import unknown
from surveytool.lazy import registered

if TYPE_CHECKING:
    from surveytool.reports.document import Document

FORMATS: dict[str, str] = {"html": "html:render", "docx": "docx:render", "pdf": "pdf:render", "pptx": "pptx:render"}
SUFFIXES: dict[str, str] = {".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf", ".pptx": "pptx"}
IN_FOLDERS = ("html", "docx", "pdf")  # slides are made where they are asked for: they need a package of their own


def render(document: Document, format: str) -> bytes:
    """A report in a format; the same bytes each time. Raises ``UsageError``."""
    if format not in FORMATS:
        raise unknown("report format", format, FORMATS, "-o")
    content: bytes = registered(__name__, FORMATS[format])(document)
    return content
