"""What a file shows to somebody who takes it apart: its words, metadata, hidden sheets, compressed parts."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

# Coordinates and dress: where a thing is drawn is no figure that is told in more digits than the figure beside it.
DRAWN = re.compile(
    r"<style.*?</style>|<script.*?</script>|<path[^>]*>|<clipPath.*?</clipPath>|<use[^>]*>"
    r"|\s(?:d|points|transform|style|class|viewBox|x|y|x1|x2|y1|y2|cx|cy|r|dx|dy|width|height|id|href|xlink:href"
    r"|stroke-\w+|font-\w+|rx|ry|offset|cx|w|h|val|xml:space|xmlns(?::\w+)?)=\"[^\"]*\"",
    re.S,
)
NUMBER = re.compile("(?<![\\w.#])-?\\d[\\d,\u00a0\u202f\u2009]*(?:\\.\\d+)?(?![\\w]|\\.\\d)")
DATA_ADDRESS = re.compile(r"data:[\w/+;=-]+,[A-Za-z0-9+/=%]+")


def shown(path: Path) -> str:
    """Everything of a file that can be read as text."""
    return "\n".join(_parts(path.name, path.read_bytes(), path))


def _parts(name: str, content: bytes, path: Path | None = None) -> Iterator[str]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.infolist():
                yield each.filename + " " + each.comment.decode("utf-8", "replace")
                yield from _parts(each.filename, archive.read(each))
    elif content.startswith(b"%PDF"):
        yield from _pdf(content, path)
    elif content.startswith(b"\x89PNG"):
        yield from _png(content)
    else:
        text = content.decode("utf-8", "replace")
        yield DRAWN.sub(" ", DATA_ADDRESS.sub(" ", text)) if text.lstrip()[:1] == "<" else text


def _png(content: bytes) -> Iterator[str]:
    """The text chunks of a picture."""
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"iTXt"):
            yield body.decode("utf-8", "replace")
        elif kind == b"zTXt":
            yield zlib.decompress(body.partition(b"\0")[2][1:]).decode("latin-1")
        at += 12 + length


def _pdf(content: bytes, path: Path | None) -> Iterator[str]:
    """The pages' text, the metadata, and every dictionary that is not compressed."""
    yield re.sub(rb"stream.*?endstream", b" ", content, flags=re.S).decode("latin-1")
    if path is not None and shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, timeout=60, check=True)
        yield done.stdout.decode("utf-8")


def numbers(text: str) -> Iterator[tuple[str, float, int]]:
    """Every number of a text with its decimals."""
    for found in NUMBER.finditer(text):
        plain = re.sub("[,\u00a0\u202f\u2009]", "", found[0])
        yield found[0], float(plain), len(plain.partition(".")[2])
