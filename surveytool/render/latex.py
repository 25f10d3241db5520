"""Tables as LaTeX: booktabs rules, figures and intervals in columns of their own, long tables over pages.

The document compiles with pdflatex, xelatex and lualatex. What stands between
the marks can be put into a document of one's own. Text is escaped, so that no
label is ever a command; a script that pdflatex cannot set is named by its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean
from surveytool.render.terminal_panel import Panel, Slot, cleaned, panels
from surveytool.render.terminal_width import width
from surveytool.table import CodebookReport, Report, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

CELLS = 88  # of a page's width
MOST_LINES = 38  # of a table on one page; more go over pages
STUB_SHARE, SHORT_STUB = 0.46, 48
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    "-": "{-}", ",": "{,}", "?": "{?}", "!": "{!}", "[": "{[}", "]": "{]}", "*": r"{*}",
    "\u00a0": "~", "\u202f": r"\,", "\u2007": "~",
    "†": r"\textdagger{}", "×": r"\texttimes{}", "·": r"\textperiodcentered{}", "²": r"\texttwosuperior{}",
}  # fmt: skip
_PLAIN = re.compile(r"[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u20ac\u2122]")
_PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{textcomp,lmodern}
%UNKNOWN%\else
  \usepackage{fontspec}
\fi
\usepackage[margin=2.2cm]{geometry}
\usepackage{array,booktabs,longtable,caption}
\captionsetup{font=small,labelfont=bf,justification=raggedright,singlelinecheck=false,skip=4pt}
\setlength{\tabcolsep}{4pt}
\setlength{\parindent}{0pt}
\setlength{\LTleft}{0pt}
\setlength{\LTright}{\fill}
\renewcommand{\tablename}{%TABLE%}
\newcommand{\muted}[1]{{\footnotesize #1}}
\newcommand{\stacked}[2]{\begin{tabular}[t]{@{}c@{}}#1\\#2\end{tabular}}
\newcommand{\note}[1]{{\footnotesize #1\par}}
"""


def render(report: Report | CodebookReport, words: Words, options: Options) -> str:
    """A document with every table, then the notes and the source that they share."""
    body = "\n\n".join(_table(cleaned(table), words) for table in report.tables)
    shared = [f"\\note{{{escape(note)}}}" for note in (*report.notes, report.source) if note]
    parts = [body, *shared]
    if isinstance(report, Report):
        parts += [line for explanation in report.explanations for line in _explanation(explanation, words)]
    text = "\n".join(part for part in parts if part)
    preamble = _PREAMBLE.replace("%UNKNOWN%", _declared(text)).replace("%TABLE%", escape(words.word("table_label")))
    return f"{preamble}\\begin{{document}}\n% tables\n{text}\n% end of tables\n\\mbox{{}}\n\\end{{document}}\n"


def escape(text: str) -> str:
    r"""Text that reads as itself.

    >>> escape("50% of \\textbf{us} & R_1")
    '50\\% of \\textbackslash{}textbf\\{us\\} \\& R\\_1'
    """
    shown = clean(text)
    out = []
    for index, sign in enumerate(shown):
        if sign in "-,?!":
            doubled = shown[index + 1 : index + 2] in ("-", ",", "`", "'") or shown[index - 1 : index] == sign
            out.append(_SPECIAL[sign] if doubled else sign)
        elif sign in "[]*":
            out.append(_SPECIAL[sign] if index == 0 else sign)
        else:
            out.append(_SPECIAL.get(sign, sign))
    return "".join(out)


def _declared(text: str) -> str:
    """For pdflatex: signs that its fonts lack, each shown by its code."""
    unknown = sorted({sign for sign in text if not _PLAIN.match(sign) and sign != "\n"})
    return "".join(
        f"  \\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{\\texttt{{U+{ord(sign):04X}}}}}\n" for sign in unknown
    )


def _table(table: Table, words: Words) -> str:
    """One table: a float on one page, or a long table over pages."""
    subtitle = rf"\\ \normalfont {escape(table.subtitle)}" if table.subtitle else ""
    caption = rf"\caption[{{{escape(table.title)}}}]{{\textbf{{{escape(table.title)}}}{subtitle}}}"
    notes = "\n".join(f"\\note{{{escape(note)}}}" for note in (table.base, *table.notes) if note)
    parts = panels(table, CELLS)
    if sum(_lines(table, panel) for panel in parts) > MOST_LINES:
        return "\n".join([*_long(table, parts, caption, words), notes])
    blocks = "\n\n\\medskip\n".join(_tabular(table, panel) for panel in parts)
    return "\n".join([r"\begin{table}[!htbp]", r"\small", caption, blocks, r"\par\smallskip", notes, r"\end{table}"])


def _lines(table: Table, panel: Panel) -> int:
    """Lines that a panel takes, wrapped labels counted."""
    deep = 2 if panel.shape == "stacked" else 1
    rooms = [(row, panel.stub if row.cells else CELLS) for row in table.rows]
    return 3 + sum(max(deep if row.cells else 1, -(-_set(row.label) // room)) for row, room in rooms)


def _tabular(table: Table, panel: Panel) -> str:
    head, rows = _head(table, panel), _rows(table, panel)
    lines = [rf"\begin{{tabular}}{{{_columns(table, panel)}}}", r"\toprule", *head, r"\midrule", *rows, r"\bottomrule"]
    return "\n".join([*lines, r"\end{tabular}"])


def _long(table: Table, parts: Sequence[Panel], caption: str, words: Words) -> Iterator[str]:
    """Each panel a long table; all have the number of the first."""
    for index, panel in enumerate(parts):
        head = [r"\toprule", *_head(table, panel), r"\midrule"]
        again = (
            rf"\multicolumn{{{1 + len(panel.slots)}}}{{@{{}}l}}{{\footnotesize ({escape(words.word('continued'))})}} \\"
        )
        first = [rf"{caption} \\", *head, r"\endfirsthead", again] if not index else []
        yield r"{\small"
        yield rf"\begin{{longtable}}{{{_columns(table, panel)}}}"
        yield "\n".join([*first, *head, r"\endhead", r"\bottomrule", r"\endfoot"])
        yield "\n".join(_rows(table, panel))
        yield r"\end{longtable}}"
        if index:
            yield r"\addtocounter{table}{-1}"


def _columns(table: Table, panel: Panel) -> str:
    """The stub, as a paragraph where a label must wrap; then a column a slot."""
    widest = max((_set(row.label) + 2 * row.indent for row in table.rows if row.cells), default=0)
    share = min(max(panel.stub / CELLS, 0.12), STUB_SHARE) if panel.slots else 0.95
    stub = (
        "l" if widest <= min(panel.stub, SHORT_STUB) else rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}"
    )
    return "".join(["@{}", stub, *map(_column, panel.slots), "@{}"])


def _set(text: str) -> int:
    """Cells of a text as pdflatex sets it: a sign that it lacks takes the room of its code."""
    return sum(1 if _PLAIN.match(sign) else 8 for sign in text)


def _column(slot: Slot) -> str:
    """Text wraps from the left; a figure with its interval stands centred, one alone on the right."""
    if slot.column.role == "text" and slot.column.align == "left":
        room = min(max(slot.width / CELLS, 0.08), 0.4)
        return rf">{{\raggedright\arraybackslash}}p{{{room:.3f}\linewidth}}"
    return "c" if slot.interval else slot.column.align[0]


def _head(table: Table, panel: Panel) -> list[str]:
    lines = []
    if any(slot.column.spanner for slot in panel.slots):
        lines += _spanners(panel)
    cells = [escape(table.stub_head)]
    cells += [_column_head(slot) for slot in panel.slots]
    return [*lines, " & ".join(cells) + r" \\"]


def _column_head(slot: Slot) -> str:
    """A head that may take two lines or more."""
    align = "c" if slot.interval else slot.column.align[0]
    label = escape(slot.column.label)
    size = max(slot.width, 9) / CELLS
    if _set(slot.column.label) > slot.width + 2:
        way = {"c": "centering", "r": "raggedleft", "l": "raggedright"}[align]
        return rf"\multicolumn{{1}}{{>{{\{way}\arraybackslash}}b{{{size:.3f}\linewidth}}}}{{{label}}}"
    return rf"\multicolumn{{1}}{{{align}}}{{{label}}}"


def _spanners(panel: Panel) -> list[str]:
    """Breakdowns over their columns, each with a rule of its own."""
    cells, rules, at = [""], [], 2
    for spanner, group in groupby(panel.slots, key=lambda slot: slot.column.spanner):
        count = len(list(group))
        cells.append(rf"\multicolumn{{{count}}}{{c}}{{{escape(spanner)}}}" if spanner else " &" * (count - 1))
        rules += [rf"\cmidrule(lr){{{at}-{at + count - 1}}}"] if spanner else []
        at += count
    return [" & ".join(cells) + r" \\", "".join(rules)]


def _rows(table: Table, panel: Panel) -> list[str]:
    lines = []
    for index, row in enumerate(table.rows):
        if index and row.kind == "group_head" and not row.indent:
            lines.append(r"\addlinespace")
        lines += _row(row, panel)
    return lines


def _row(row: TableRow, panel: Panel) -> Iterator[str]:
    label = escape(row.label)
    label = rf"\textbf{{{label}}}" if row.kind in ("group_head", "total") else label
    label = rf"\hspace*{{{row.indent}em}}{label}" if row.indent else label
    if not row.cells:
        wide = rf"\multicolumn{{{1 + len(panel.slots)}}}{{@{{}}p{{0.95\linewidth}}@{{}}}}{{\raggedright {label}}} \\"
        yield wide if len(row.label) > panel.stub else rf"{label} \\"
        return
    cells = [label]
    for slot in panel.slots:
        cell = row.cells[slot.place]
        ends = _padded(f"({cell.interval})", slot.interval) if cell.interval else ""
        interval = rf"\muted{{{ends}}}" if ends else ""
        figure = escape(cell.figure)
        if slot.interval and cell.interval:
            figure = _padded(cell.figure, slot.figure)
        if interval and panel.shape == "stacked":
            cells.append(rf"\stacked{{{figure}}}{{{interval}}}")
        else:
            cells.append((f"{figure} {interval}" if panel.shape == "inline" else figure).rstrip())
    yield " & ".join(cells) + r" \\"


def _padded(text: str, cells: int) -> str:
    """A figure as wide as its column's widest, so that figures stand under each other."""
    missing = cells - width(text)
    return rf"\phantom{{{'0' * missing}}}{escape(text)}" if missing > 0 else escape(text)


def _explanation(given: Explanation, words: Words) -> Iterator[str]:
    """How one figure was made; its code line by line."""
    yield rf"\medskip\textbf{{{escape(words.word('explain_title'))}}}\par"
    yield from (f"\\note{{{escape(line)}}}" for line in given.lines)
    for title, code in (("explain_r", given.r), ("explain_stata", given.stata)):
        yield f"\\note{{{escape(words.word(title))}}}"
        for line in code.splitlines():
            indent = len(line) - len(line.lstrip(" "))
            yield rf"\note{{\texttt{{{'~' * indent}{escape(line)}}}}}"
