"""Doubts in a format: tables for readers, rows with their coverage for programs."""

from __future__ import annotations

import csv
import json
from io import StringIO

from surveytool.estimate.doubt import Doubts
from surveytool.table.doubt_table import arrange_doubts
from surveytool.text import Words

KEYS = ("covered", "below", "above", "samples")


def render_doubts(
    doubts: Doubts, format: str, words: Words, *, width: int | None = None, colour: bool = False,
    decimals: int | None = None,
) -> bytes:  # fmt: skip
    """Doubts as UTF-8 text or a document. Raises ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    report = arrange_doubts(doubts, words, 1 if decimals is None else decimals)
    content = render(report, format, words, width=width, colour=colour)
    if format == "json":
        return _json(content.decode("utf-8"), doubts).encode("utf-8")
    return _csv(content.decode("utf-8"), doubts).encode("utf-8") if format == "csv" else content


def _json(text: str, doubts: Doubts) -> str:
    """The envelope of ``summarize``, each row with what simulation found."""
    from surveytool.render.json import dumps

    document = json.loads(text)
    for row, doubt in zip(document["rows"], doubts.rows, strict=True):
        row |= {key: getattr(doubt, key) for key in KEYS}
    document["simulation"] = {"draws": doubts.draws, "seed": doubts.seed, "units": doubts.units}
    return dumps(document)


def _csv(text: str, doubts: Doubts) -> str:
    """The rows of ``summarize`` with columns more."""
    head, *rows = list(csv.reader(StringIO(text)))
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*head, *KEYS])
    for row, doubt in zip(rows, doubts.rows, strict=True):
        numbers = [getattr(doubt, key) for key in KEYS]
        writer.writerow([*row, *("" if number is None else repr(number) for number in numbers)])
    return out.getvalue()
