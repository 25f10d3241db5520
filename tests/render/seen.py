"""What a reader sees of a document: one function a format, with another library than the one that wrote it."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any

_TEX = {
    r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "\x02", r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", r"\textquotedbl{}": '"', r"\textquotesingle{}": "'",
    r"\textasciigrave{}": "`", r"\textdagger{}": "†", r"\texttimes{}": "×", r"\textperiodcentered{}": "·",
    r"\texttwosuperior{}": "²", r"\,": "\u202f",
}  # fmt: skip


def one_line(text: str) -> str:
    """Spaces made one, isolates taken away."""
    return re.sub(r"\s+", " ", re.sub("[\u2068\u2069]", "", text))


def plain_text(content: bytes) -> str:
    return content.decode("utf-8")


def html_text(content: bytes) -> str:
    import html5lib

    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content.decode("utf-8"))
    for style in list(tree.iter("style")):
        style.text = ""
    return "".join(tree.itertext())


def markdown_text(content: bytes) -> str:
    return re.sub(r"\\(.)", r"\1", html.unescape(content.decode("utf-8")))


def latex_text(content: bytes) -> str:
    """Escapes undone; padding and commands taken away, but not what they hold."""
    text = content.decode("utf-8").partition("% tables\n")[2].partition("% end of tables")[0]
    text = re.sub(r"\\phantom\{0*\}", "", text)
    text = text.replace(r"\textbackslash{}", "\x01")
    for command, sign in _TEX.items():
        text = text.replace(command, sign)
    text = text.replace(" \\\\\n", "\n").replace(" \\\\*\n", "\n").replace("~", " ").replace("\x02", "~")
    text = text.replace(r"\{", "\x03").replace(r"\}", "\x04")
    text = re.sub(r"\\([$&#%_])", r"\1", text)
    text = re.sub(r"\{([-,?!*\[\]])\}", r"\1", text)
    text = re.sub(r"\\[A-Za-z]+\*?|[{}]", " ", text)
    text = re.sub(r" +", " ", text).replace("( ", "(").replace(" )", ")")
    return text.replace("\x01", "\\").replace("\x03", "{").replace("\x04", "}")


def docx_text(content: bytes) -> str:
    from docx import Document

    document = Document(io.BytesIO(content))
    parts = [each.text for each in document.paragraphs]
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*parts, *(cell.text for cell in cells)])


def xlsx_cells(content: bytes) -> list[tuple[Any, str]]:
    """Values and number formats, sheet by sheet."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells), "a formula"
    return [(cell.value, cell.number_format) for cell in cells if cell.value is not None]


def xlsx_text(content: bytes) -> str:
    """Texts, and numbers as their format shows them in English."""
    return "\n".join(_shown(value, given) for value, given in xlsx_cells(content))


def _shown(value: Any, given: str) -> str:
    if isinstance(value, str):
        return value
    from surveytool.text import words

    literal = "".join(re.findall(r'"([^"]*)"', given))
    pattern = re.sub(r'"[^"]*"', "", given)
    if not pattern:
        return literal.rstrip("%")
    decimals = len(pattern.partition(".")[2].rstrip("%"))
    said = words("en")
    shown = said.percent(value, decimals, sign=False) if "%" in pattern else said.number(value, decimals)
    return shown + literal


READERS: dict[str, Callable[[bytes], str]] = {
    "terminal": plain_text, "csv": plain_text, "json": plain_text, "markdown": markdown_text, "html": html_text,
    "latex": latex_text, "xlsx": xlsx_text, "docx": docx_text,
}  # fmt: skip


def seen(content: bytes, format: str) -> str:
    """The text of a document as its reader sees it, on one line."""
    return one_line(READERS[format](content))
