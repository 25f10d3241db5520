"""Office files packed the same each time: one fixed time for every part, no preview, no date of making."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from surveytool.render.inert_text import clean

STAMP = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def packed(content: bytes, keep: Callable[[str], bool] = lambda name: "thumbnail" not in name) -> bytes:
    """The same package with one fixed time for every part, and without the template's preview.

    Workbooks within it (those behind native charts) are packed alike.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not keep(name):
                continue
            part = zipfile.ZipInfo(name, STAMP)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            part.create_system = 0
            text = old.read(name)
            if name == "_rels/.rels":
                text = b"".join(relation for relation in _relations(text) if b"thumbnail" not in relation)
            elif name.endswith(".xlsx"):
                text = packed(text)
            elif name == "docProps/core.xml":
                text = _DATES.sub(b"", text)
            new.writestr(part, text)
    return out.getvalue()


def without_author(core: Any, title: str, language: str) -> None:
    """The properties of an office file: a title and a language, but neither an author nor a time."""
    core.title, core.language = clean(title)[:255], language
    core.author, core.comments, core.last_modified_by = "", "", ""
    for name in ("created", "modified"):
        for element in core._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            core._element.remove(element)


def _relations(text: bytes) -> list[bytes]:
    return re.split(rb"(?=<Relationship )|(?=</Relationships>)", text)
