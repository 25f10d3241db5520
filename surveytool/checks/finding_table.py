"""Findings for readers and programs: a table with a line a finding, a record a finding.

The table is an ordinary ``Table``, so every output format shows it. A screen has
no room for sentences beside each other: there they stand below each other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from surveytool.checks.finding import SEVERITIES, CheckReport, Finding, Word
from surveytool.estimate.result import Results
from surveytool.notes import Note
from surveytool.survey.ledger import sentences
from surveytool.table import Cell, Column, Report, Table, TableRow
from surveytool.table import table_words as table_wording
from surveytool.text import NOTHING, Words

KEYS = ("severity", "part", "kind", "where", "what", "cure", "n")
MOST_NAMES = 6


def render_findings(
    report: CheckReport, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    notes: tuple[Note, ...] = (),
) -> bytes:  # fmt: skip
    """The findings in a format, as UTF-8. ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(report, words).encode("utf-8")
    if format == "csv":
        return _csv(report, words).encode("utf-8")
    arranged = arrange_findings(report, words, stacked=format == "terminal", notes=notes)
    return render(arranged, format, words, width=width, colour=colour)


def say(note: Note, words: Words) -> str:
    """A note as a sentence; values that are keys of words become words first."""
    return words.say(Note(note.code, tuple((name, _value(value, words)) for name, value in note.values)))


def _value(value: object, words: Words) -> object:
    """A value of a note, in words where it is the key of some or a note itself."""
    if isinstance(value, Note):
        return say(value, words)
    return words.word(value) if isinstance(value, Word) else value


def record(finding: Finding, words: Words) -> dict[str, Any]:
    """One finding as programs read it."""
    cure = say(finding.cure, words) if finding.cure is not None else None
    values = (finding.severity, finding.part, finding.kind, list(finding.where), say(finding.what, words), cure,
              finding.n)  # fmt: skip
    return dict(zip(KEYS, values, strict=True))


def results(report: CheckReport) -> Results:
    """The envelope's source and design, without any estimate."""
    return Results(estimates=(), source=report.source, design=report.design)


def _json(report: CheckReport, words: Words) -> str:
    """The envelope of every command, with ``findings`` beside the rows."""
    from surveytool.render.json import dumps, envelope

    document = envelope(Report(tables=(), results=results(report)), words)
    document["findings"] = [record(finding, words) for finding in report.findings]
    return dumps(document)


def _csv(report: CheckReport, words: Words) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEYS)
    for finding in report.findings:
        values = record(finding, words)
        writer.writerow([_field("; ".join(value) if key == "where" else value) for key, value in values.items()])
    return out.getvalue()


def _field(value: Any) -> str:
    from surveytool.render.csv import inert

    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else repr(value)


def arrange_findings(
    report: CheckReport, words: Words, *, stacked: bool = False, notes: tuple[Note, ...] = ()
) -> Report:
    """The findings as one table; ``stacked`` puts what and cure below the place instead of beside it."""
    columns = [Column(key="severity", label=words.word("severity"), align="left", role="text")]
    if not stacked:
        columns += [Column(key=key, label=words.word(key), align="left", role="text") for key in ("what", "cure")]
    rows = _stacked(report, words) if stacked else _flat(report, words)
    table = Table(
        id="findings",
        title=words.word("check_title"),
        subtitle=_counts(report, words),
        stub_head=words.word("where"),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=() if report.findings else (words.word("check_nothing"),),
    )
    report_results = results(report)
    said = tuple(words.say(note) for note in (*notes, *sentences(report.source.ledger)))
    return Report(
        tables=(table,), results=report_results, notes=said, source=table_wording.source(report_results, words)
    )


def _counts(report: CheckReport, words: Words) -> str:
    counts = [(report.count(severity), severity) for severity in SEVERITIES]
    listed = [
        words.fill(f"count_{severity}_one" if n == 1 else f"count_{severity}", n=n) for n, severity in counts if n
    ]
    return ", ".join(listed) or words.word("check_none")


def _place_of(finding: Finding, words: Words) -> str:
    return words.join(finding.where, most=MOST_NAMES) if finding.where else words.word(f"whole_{finding.part}")


def _flat(report: CheckReport, words: Words) -> Iterator[TableRow]:
    for finding in report.findings:
        cure = Cell(value=say(finding.cure, words)) if finding.cure is not None else Cell(mark=NOTHING)
        cells = (Cell(value=words.word(f"severity_{finding.severity}")), Cell(value=say(finding.what, words)), cure)
        yield TableRow(label=_place_of(finding, words), cells=cells)


def _stacked(report: CheckReport, words: Words) -> Iterator[TableRow]:
    for finding in report.findings:
        severity = Cell(value=words.word(f"severity_{finding.severity}"))
        yield TableRow(label=_place_of(finding, words), kind="group_head", cells=(severity,))
        yield TableRow(label=say(finding.what, words), indent=1)
        if finding.cure is not None:
            yield TableRow(label=f"→ {say(finding.cure, words)}", indent=1)
