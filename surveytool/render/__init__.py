"""A table to bytes: one file a format, the same bytes every time.

``FORMATS`` and ``CODEBOOKS`` name a function a format, imported on first use.
It takes the report, the words and the options, and returns text or bytes.
Markup and control characters in labels are inert everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.errors import UsageError, unknown
from surveytool.lazy import registered
from surveytool.notes import ADVICE
from surveytool.render.format_options import Options
from surveytool.survey import Survey
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.aggregate.first_look import FirstLook
    from surveytool.table import CodebookReport, Report

FORMATS: dict[str, str] = {
    "terminal": "terminal:render",
    "csv": "csv:render",
    "json": "json:render",
    "markdown": "markdown:render",
    "html": "html:render",
    "latex": "latex:render",
    "xlsx": "xlsx:render",
    "docx": "docx:render",
}
CODEBOOKS: dict[str, str] = {
    "terminal": "terminal:render",
    "csv": "csv:render_codebook",
    "json": "json:render_codebook",
    "markdown": "markdown:render",
    "html": "html:render",
    "latex": "latex:render",
    "xlsx": "xlsx:render",
    "docx": "docx:render",
}
SUFFIXES: dict[str, str] = {
    ".txt": "terminal", ".csv": "csv", ".json": "json", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".tex": "latex", ".xlsx": "xlsx", ".docx": "docx",
}  # fmt: skip
ELSEWHERE = {
    ".pdf": "A pdf is made by surveytool report; a table as -o {0}.docx or -o {0}.html",
    ".xls": "Write -o {0}.xlsx", ".doc": "Write -o {0}.docx", ".ods": "Write -o {0}.xlsx", ".odt": "Write -o {0}.docx",
    ".png": "A picture is made by surveytool chart; a table as -o {0}.docx or -o {0}.html",
    ".pptx": "Write -o {0}.docx, or pictures with surveytool chart",
}  # fmt: skip
BINARY = frozenset({"xlsx", "docx"})  # no text: not for a screen
ROWS_ONLY = frozenset({"csv", "json"})  # written from the rows; the tables need not be arranged
DEFAULT_WIDTH = 100


def format_of(path: Path) -> str:
    """The output format that a file's suffix names; ``UsageError`` for an unknown one."""
    if path.suffix.lower() in ELSEWHERE:
        raise UsageError(
            f"no table is written as {path.suffix}.", str(path), ELSEWHERE[path.suffix.lower()].format(path.stem)
        )
    if path.suffix.lower() not in SUFFIXES:
        message = f"no output format has the suffix {path.suffix or '(none)'!r}."
        raise UsageError(message, str(path), f"Use one of: {', '.join(SUFFIXES)}")
    return SUFFIXES[path.suffix.lower()]


def render(
    report: Report, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    bars: bool | None = None,
) -> bytes:  # fmt: skip
    """A report in a format, text as UTF-8; ``width`` (columns), ``colour`` and ``bars`` are the terminal's.

    Raises ``UsageError`` for a format that is not known.
    """
    return _render(FORMATS, report, format, words, Options(width=width or DEFAULT_WIDTH, colour=colour, bars=bars))


def render_codebook(
    survey: Survey, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    looks: Mapping[str, FirstLook] | None = None,
) -> bytes:  # fmt: skip
    """A survey's codebook in a format, with first looks at its numbers; arguments and errors as in ``render``."""
    from surveytool.table import arrange_codebook

    said = [note for note in survey.notes if note.code not in ADVICE]
    book = arrange_codebook(survey.codebook, survey.provenance, words, said, looks)
    return _render(CODEBOOKS, book, format, words, Options(width=width or DEFAULT_WIDTH, colour=colour))


def _render(
    registry: dict[str, str], report: Report | CodebookReport, format: str, words: Words, options: Options
) -> bytes:
    if format not in registry:
        raise unknown("output format", format, registry, "--format")
    rendered: str | bytes = registered(__name__, registry[format])(report, words, options)
    return rendered if isinstance(rendered, bytes) else rendered.encode("utf-8", errors="backslashreplace")


__all__ = [
    "BINARY", "CODEBOOKS", "FORMATS", "ROWS_ONLY", "SUFFIXES", "Options", "format_of", "render", "render_codebook",
]  # fmt: skip
