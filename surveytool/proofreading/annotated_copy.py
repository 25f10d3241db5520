"""A copy of the document with its figures marked: comments in Word, a page of html for everything else.

Only what is wrong or open gets a comment in Word; the page marks every figure, by
colour, by its sign and by the words that a pointer or a screen reader finds.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from surveytool.errors import UsageError
from surveytool.proofreading.judging import Finding
from surveytool.proofreading.passages import Document, Grid, Passage, clean
from surveytool.proofreading.proof_output import explanation
from surveytool.proofreading.reading_of_document import Proof
from surveytool.text import Words

SIGNS = {"agrees": "✓", "differs": "✗", "ambiguous": "?", "unknown": "·"}
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
mark { color: inherit; padding: 0 .15em; border-radius: .2em; border-bottom: 2px solid; background: transparent; }
mark.agrees { border-color: #1a7f37; }
mark.differs { border-color: #b42318; background: color-mix(in srgb, #b42318 18%, transparent); font-weight: 600; }
mark.ambiguous { border-color: #9a6700; background: color-mix(in srgb, #9a6700 15%, transparent); }
mark.unknown { border-color: #6e7781; border-bottom-style: dotted; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
td, th { border: 1px solid #8886; padding: .25rem .5rem; text-align: left; }
small { display: block; color: #b42318; }
@media (prefers-color-scheme: dark) {
  small { color: #ff9d94; }
  mark.differs { border-color: #ff9d94; }
  mark.agrees { border-color: #4ac26b; }
}
"""


def annotated(path: Path, target: Path, document: Document, proof: Proof, words: Words) -> bytes:
    """The marked copy as bytes: docx for a docx, else html. Raises ``UsageError`` for another suffix."""
    suffix = target.suffix.lower()
    if suffix == ".docx" and path.suffix.lower() == ".docx":
        return _word(path, proof, words)
    if suffix in (".html", ".htm"):
        return _page(document, proof, words).encode("utf-8")
    kinds = ".docx or .html" if path.suffix.lower() == ".docx" else ".html"
    raise UsageError(
        f"{target.suffix or 'no suffix'} is no marked copy of this document.",
        str(target),
        f"Name a file with {kinds}, or .json, .csv or .xlsx for the list.",
    )


def _word(path: Path, proof: Proof, words: Words) -> bytes:
    """The same Word document with a comment at each figure that differs or is open."""
    from docx import Document as open_docx
    from docx.table import Table

    opened: Any = open_docx(str(path))
    by_block: dict[int, list[Finding]] = {}
    for finding in proof.findings:
        if finding.verdict in ("differs", "ambiguous"):
            by_block.setdefault(finding.block, []).append(finding)
    number = -1
    for part in opened.iter_inner_content():
        if isinstance(part, Table):
            if not part.rows:
                continue
            number += 1
            for finding in by_block.get(number, ()):
                _comment(opened, part.rows[finding.row].cells[finding.column].paragraphs[0], finding, words)
        elif clean(part.text):
            number += 1
            for finding in by_block.get(number, ()):
                _comment(opened, part, finding, words)
    out = BytesIO()
    opened.save(out)
    return out.getvalue()


def _comment(opened: Any, paragraph: Any, finding: Finding, words: Words) -> None:
    runs = [run for run in paragraph.runs if run.text]
    if not runs:
        return
    holding = [run for run in runs if finding.printed.strip() in run.text]
    opened.add_comment(
        holding[:1] or runs,
        text=f"{finding.printed}: {explanation(finding, words)}",
        author="surveytool",
        initials="st",
    )


def _page(document: Document, proof: Proof, words: Words) -> str:
    by_block: dict[int, list[Finding]] = {}
    for finding in proof.findings:
        by_block.setdefault(finding.block, []).append(finding)
    body = "\n".join(_block(block, by_block.get(number, []), words) for number, block in enumerate(document.blocks))
    title = html.escape(words.fill("proofread_title", document=document.name))
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1>\n{body}\n</main></body>\n</html>\n"
    )


def _block(block: Passage | Grid, findings: Sequence[Finding], words: Words) -> str:
    if isinstance(block, Grid):
        return "<table>" + "".join(_row(block, line, findings, words) for line in range(len(block.rows))) + "</table>"
    tag = "h2" if block.kind == "heading" else "p"
    notes = "".join(_note(finding, words) for finding in findings)
    return f'<{tag} dir="auto">{"".join(_marked(block.text, findings, words))}{notes}</{tag}>'


def _row(grid: Grid, line: int, findings: Sequence[Finding], words: Words) -> str:
    tag = "th" if line < grid.heads else "td"
    cells = []
    for column, text in enumerate(grid.rows[line]):
        own = [finding for finding in findings if (finding.row, finding.column) == (line, column)]
        inside = (
            _mark(text, own[0], words) + "".join(_note(finding, words) for finding in own) if own else html.escape(text)
        )
        cells.append(f"<{tag}>{inside}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _marked(text: str, findings: Sequence[Finding], words: Words) -> Iterator[str]:
    end = 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.start < end:
            continue
        yield html.escape(text[end : finding.start])
        yield _mark(text[finding.start : finding.end], finding, words)
        end = finding.end
    yield html.escape(text[end:])


def _mark(text: str, finding: Finding, words: Words) -> str:
    said = html.escape(
        f"{words.word(f'proofread_verdict_{finding.verdict}')}: {explanation(finding, words)}", quote=True
    )
    return f'<mark class="{finding.verdict}" title="{said}">{html.escape(text)} {SIGNS[finding.verdict]}</mark>'


def _note(finding: Finding, words: Words) -> str:
    if finding.verdict not in ("differs", "ambiguous"):
        return ""
    return f"<small>{html.escape(finding.printed)}: {html.escape(explanation(finding, words))}</small>"
