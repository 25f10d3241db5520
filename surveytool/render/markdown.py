"""Tables for GitHub and its kin: one pipe table each; labels can neither break a cell nor add markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean, isolate
from surveytool.table import CodebookReport, Column, Report, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "@": "&#64;"}
_STARTS = re.compile(r"^(?:#+|[-+=]+|\d+(?=[.)](?:\s|$)))")
_INDENT = "&emsp;"


def render(report: Report | CodebookReport, words: Words, options: Options) -> str:
    """A heading, a table, its base and notes; then what all tables share."""
    blocks = [block for table in report.tables for block in _table(table)]
    shared = [*_bullets(report.notes), *([_block(report.source)] if report.source else [])]
    blocks += ["---" if shared else "", *shared]
    if isinstance(report, Report):
        blocks += [block for explanation in report.explanations for block in _explanation(explanation, words)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _explanation(given: Explanation, words: Words) -> list[str]:
    """How one figure was made, and its code in fences that the code cannot close."""
    blocks = [f"#### {inert(words.word('explain_title'))}", *_bullets(given.lines)]
    for title, language, code in (("explain_r", "r", given.r), ("explain_stata", "stata", given.stata)):
        lines = [clean(line).replace("~~~", "~ ~ ~") for line in code.splitlines()]
        blocks += [inert(words.word(title)), "\n".join([f"~~~{language}", *lines, "~~~"])]
    return blocks


def inert(text: str) -> str:
    """Text that reads as itself: markup escaped, on one line.

    >>> inert("a|b <script> *c*")
    'a\\\\|b &lt;script&gt; \\\\*c\\\\*'
    """
    text = _MARKUP.sub(lambda match: f"\\{match[0]}", clean(text))
    text = re.sub(r"[&<>$@]", lambda match: _ENTITIES[match[0]], text)
    return isolate(text.replace("://", ":&#47;/").replace("www.", "www&#46;"))


def _block(text: str) -> str:
    """A paragraph's text: what would make it a heading or a list is escaped too."""
    return _STARTS.sub(_escaped_start, inert(text))


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def _table(table: Table) -> list[str]:
    subtitle = inert(table.subtitle)
    return [
        f"### {inert(table.title)}",
        f"*{subtitle}*" if subtitle else "",
        _grid(table),
        _block(table.base),
        *_bullets(table.notes),
    ]


def _bullets(notes: Sequence[str]) -> list[str]:
    return ["\n".join(f"- {_block(note)}" for note in notes)] if notes else []


def _grid(table: Table) -> str:
    heads = [inert(table.stub_head), *(_head(column) for column in table.columns)]
    marks = ["---", *("---:" if column.align == "right" else "---" for column in table.columns)]
    rows = (_row(row, len(table.columns)) for row in table.rows)
    return "\n".join(_line(row) for row in (heads, marks, *rows))


def _head(column: Column) -> str:
    return inert(f"{column.spanner}: {column.label}" if column.spanner else column.label)


def _row(row: TableRow, columns: int) -> list[str]:
    label = inert(row.label)
    if row.kind in ("group_head", "total"):
        label = f"**{label}**"
    cells = [inert(cell.text) for cell in row.cells] or [""] * columns
    return [_INDENT * row.indent + label, *cells]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
