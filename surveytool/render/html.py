"""Tables for a page: a document of its own, or a fragment for a notebook.

Real table markup (caption, scopes, one body a breakdown) so that screen readers
find the heads of every figure; light and dark by the reader's preference; ink
on white in print. No scripts, nothing fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean, isolate
from surveytool.table import Cell, CodebookReport, Column, Report, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

CLASS = "surveytool"
MOST_BESIDE = 6
FIGURE_SPACE = "\u2007"  # as wide as a digit


def render(report: Report | CodebookReport, words: Words, options: Options) -> str:
    """A whole page."""
    title = report.tables[0].title if len(report.tables) == 1 else words.word("report")
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(title)}</title>\n<style>\n{_style('page.css')}{_style('table.css')}</style>\n"
        f"</head>\n<body>\n{_body(report, words)}</body>\n</html>\n"
    )


def fragment(report: Report | CodebookReport, words: Words) -> str:
    """The tables with their style, to stand inside another page."""
    return f"<style>\n{_style('table.css')}</style>\n{_body(report, words)}"


def _style(name: str) -> str:
    return resources.files("surveytool.render").joinpath(name).read_text(encoding="utf-8")


def _body(report: Report | CodebookReport, words: Words) -> str:
    parts = [f'<div class="{CLASS}" lang="{words.language}">']
    parts += [section(table) for table in report.tables]
    shared = _paragraphs([*report.notes, report.source])
    parts += [f"<footer>\n{shared}\n</footer>"] if shared else []
    parts += [
        _explanation(explanation, words) for explanation in (report.explanations if isinstance(report, Report) else ())
    ]
    return "\n".join([*parts, "</div>"]) + "\n"


def _explanation(given: Explanation, words: Words) -> str:
    """How one figure was made, and its code to be copied."""
    parts = [f'<aside class="explain">\n<h3>{_text(words.word("explain_title"))}</h3>', _paragraphs(given.lines)]
    for title, code in (("explain_r", given.r), ("explain_stata", given.stata)):
        lines = "\n".join(escape(_code(line)) for line in code.splitlines())
        parts.append(f"<p>{_text(words.word(title))}</p>\n<pre><code>{lines}</code></pre>")
    return "\n".join([*parts, "</aside>"])


def _code(line: str) -> str:
    """A line of code without what could steer a page, its indent kept."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line)


def _text(text: str) -> str:
    return escape(isolate(clean(text)))


def _label(text: str) -> str:
    """A label sets its own direction; an escaped one can hold no markup."""
    return f'<span dir="auto">{escape(clean(text))}</span>'


def _paragraphs(texts: Sequence[str], kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return "\n".join(f"<p{name}>{_text(text)}</p>" for text in texts if text)


def anchor(name: str) -> str:
    """An id without spaces or markup: ``q 1/a`` is ``q_1_a``."""
    return re.sub(r"[^\w.-]+", "_", clean(name)) or "table"


def section(table: Table) -> str:
    """One table with its base and notes."""
    name = anchor(table.id)
    title = f'<span class="title" id="{name}-title" dir="auto">{escape(clean(table.title))}</span>'
    subtitle = f'<span class="subtitle">{_text(table.subtitle)}</span>' if table.subtitle else ""
    notes = "\n".join(part for part in (_paragraphs([table.base], "base"), _paragraphs(table.notes, "note")) if part)
    return "\n".join(
        [
            f'<section id="{name}">',
            f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}-title"><table{_shape(table)}>',
            f"<caption>{title}{subtitle}</caption>",
            _head(table),
            *_bodies(table),
            "</table></div>",
            notes,
            "</section>",
        ]
    )


def _shape(table: Table) -> str:
    """Where many columns have intervals, these stand below their figures."""
    beside = [index for index, longest in enumerate(_longest(table)) if longest]
    return ' class="wide"' if len(beside) > MOST_BESIDE else ""


def _head(table: Table) -> str:
    spanned = any(column.spanner for column in table.columns)
    span = ' rowspan="2"' if spanned else ""
    stub = f'<th scope="col" class="stub"{span}>{_text(table.stub_head)}</th>'
    if not table.stub_head:
        stub = f'<td class="stub"{span}></td>'
    if not spanned:
        return f"<thead>\n<tr>{stub}{''.join(map(_column, table.columns))}</tr>\n</thead>"
    above = "".join(_spanners(table.columns))
    below = "".join(_column(column) for column in table.columns if column.spanner)
    return f"<thead>\n<tr>{stub}{above}</tr>\n<tr>{below}</tr>\n</thead>"


def _column(column: Column, rows: int = 1) -> str:
    span = f' rowspan="{rows}"' if rows > 1 else ""
    return f'<th scope="col" class="{column.align}"{span}>{_label(column.label)}</th>'


def _spanners(columns: Sequence[Column]) -> Iterator[str]:
    """Breakdowns over their columns; a column of no breakdown reaches down to the figures."""
    for spanner, group in groupby(columns, key=lambda column: column.spanner):
        members = list(group)
        if spanner:
            yield f'<th scope="colgroup" colspan="{len(members)}" class="spanner">{_label(spanner)}</th>'
        else:
            yield from (_column(column, rows=2) for column in members)


def _bodies(table: Table) -> Iterator[str]:
    """One body a breakdown, so that its head belongs to its rows alone."""
    bodies: list[list[TableRow]] = [[]]
    for row in table.rows:
        if row.kind == "group_head" and not row.indent and bodies[-1]:
            bodies.append([])
        bodies[-1].append(row)
    longest = _longest(table)
    for body in bodies:
        rows = "\n".join(_row(row, table.columns, longest) for row in body)
        yield f"<tbody>\n{rows}\n</tbody>"


def _longest(table: Table) -> list[int]:
    """The longest interval of each column, so that figures beside intervals stand under each other."""
    places = range(len(table.columns))
    return [max((len(row.cells[index].interval) for row in table.rows if row.cells), default=0) for index in places]


def _row(row: TableRow, columns: Sequence[Column], longest: Sequence[int]) -> str:
    kind = f"{row.kind} indent-{min(row.indent, 4)}" if row.indent else row.kind
    if not row.cells:
        label = f'<th scope="rowgroup" colspan="{len(columns) + 1}">{_label(row.label)}</th>'
        return f'<tr class="{kind}">{label}</tr>'
    cells = "".join(map(_cell, row.cells, columns, longest))
    return f'<tr class="{kind}"><th scope="row">{_label(row.label)}</th>{cells}</tr>'


def _cell(cell: Cell, column: Column, longest: int) -> str:
    interval = ""
    if cell.interval:
        space = FIGURE_SPACE * (longest - len(cell.interval))
        interval = f' <span class="interval">{space}({_text(cell.interval)})</span>'
    return f'<td class="{column.align} {column.role}">{_text(cell.figure)}{interval}</td>'
