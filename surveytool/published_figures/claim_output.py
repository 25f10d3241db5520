"""A report of claims as bytes: json and csv from records, every other format from the tables."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from surveytool.published_figures.claim_table import KEYS, ClaimReport, arrange_claims, finding_record, record
from surveytool.text import Words


def render_claims(
    report: ClaimReport, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    failures: bool = False,
) -> bytes:  # fmt: skip
    """The report in a format, as UTF-8. ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(report, words).encode("utf-8")
    if format == "csv":
        return _csv(report, words).encode("utf-8")
    arranged = arrange_claims(report, words, failures=failures)
    return render(arranged, format, words, width=width, colour=colour)


def _json(report: ClaimReport, words: Words) -> str:
    """The envelope of every command, with ``claims`` and ``findings`` beside the rows."""
    from surveytool.render.json import dumps, envelope
    from surveytool.table import Report

    document = envelope(Report(tables=(), results=report.joined()), words)
    document["claims"] = [record(verdict, words) for verdict in report.verdicts]
    document["findings"] = [finding_record(finding, words) for finding in report.findings]
    return dumps(document)


def _csv(report: ClaimReport, words: Words) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEYS)
    writer.writerows([_field(value) for value in record(verdict, words).values()] for verdict in report.verdicts)
    return out.getvalue()


def _field(value: Any) -> str:
    from surveytool.render.csv import inert

    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else repr(value)
