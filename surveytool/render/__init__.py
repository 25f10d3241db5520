"""A table to bytes: one file a format, the same bytes every time.

``FORMATS`` and ``CODEBOOKS`` name a function a format, imported on first use.
It takes the report, the words and the options, and returns text or bytes.
Markup and control characters in labels are inert everywhere.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from surveytool.errors import UsageError, did_you_mean, near_names
from surveytool.render.format_options import Options
from surveytool.survey import Survey
from surveytool.text import Words

if TYPE_CHECKING:
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
BINARY = frozenset({"xlsx", "docx"})  # no text: not for a screen
ROWS_ONLY = frozenset({"csv", "json"})  # written from the rows; the tables need not be arranged
DEFAULT_WIDTH = 100


def render(
    report: Report, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    bars: bool | None = None,
) -> bytes:  # fmt: skip
    """A report in a format, text as UTF-8; ``width`` (columns), ``colour`` and ``bars`` are the terminal's.

    Raises ``UsageError`` for a format that is not known.
    """
    return _render(FORMATS, report, format, words, Options(width=width or DEFAULT_WIDTH, colour=colour, bars=bars))


def render_codebook(
    survey: Survey, format: str, words: Words, *, width: int | None = None, colour: bool = False
) -> bytes:
    """A survey's codebook in a format; arguments and errors as in ``render``."""
    from surveytool.table import arrange_codebook

    said = [note for note in survey.notes if note.code != "weights_hint"]  # nothing is weighted in a codebook
    book = arrange_codebook(survey.codebook, survey.provenance, words, said)
    return _render(CODEBOOKS, book, format, words, Options(width=width or DEFAULT_WIDTH, colour=colour))


def _render(
    registry: dict[str, str], report: Report | CodebookReport, format: str, words: Words, options: Options
) -> bytes:
    if format not in registry:
        near = near_names(format, registry)
        known = did_you_mean(near) if near else f"Write one of: {', '.join(registry)}"
        raise UsageError(f"no output format is called {format!r}.", "--format", known)
    module, _, name = registry[format].partition(":")
    made: str | bytes = getattr(import_module(f"surveytool.render.{module}"), name)(report, words, options)
    return made if isinstance(made, bytes) else made.encode("utf-8", errors="backslashreplace")


__all__ = ["BINARY", "CODEBOOKS", "FORMATS", "ROWS_ONLY", "SUFFIXES", "Options", "render", "render_codebook"]
