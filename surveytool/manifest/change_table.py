"""Changes for readers and programs: one table, one list."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from surveytool.estimate.result import Results
from surveytool.manifest.manifest_changes import Change
from surveytool.survey import Design, Provenance
from surveytool.table import Cell, Column, Report, Table, TableRow
from surveytool.text import Words


def render_changes(
    changes: Sequence[Change], format: str, words: Words, *, width: int | None = None, colour: bool = False
) -> bytes:  # fmt: skip
    """The changes in a format, as UTF-8. ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(changes, words).encode("utf-8")
    if format == "csv":
        return _csv(changes, words).encode("utf-8")
    return render(arrange_changes(changes, words), format, words, width=width, colour=colour)


def _json(changes: Sequence[Change], words: Words) -> str:
    from surveytool.render.json import dumps, envelope

    document = envelope(arrange_changes(changes, words), words)
    document["same"] = {"differs": False, "unseen": None, "holds": True}[_verdict(changes)]
    document["changes"] = [
        {"kind": change.kind, "matters": change.matters, "same": change.same, "what": words.say(change.what)}
        for change in changes
    ]  # fmt: skip
    return dumps(document)


def _csv(changes: Sequence[Change], words: Words) -> str:
    from surveytool.render.csv import inert

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["kind", "matters", "same", "what"])
    for change in changes:
        flags = ["true" if flag else "false" for flag in (change.matters, change.same)]
        writer.writerow([change.kind, *flags, inert(words.say(change.what))])
    return out.getvalue()


def arrange_changes(changes: Sequence[Change], words: Words) -> Report:
    """One line a change."""
    table = Table(
        id="changes",
        title=words.word("manifest_title"),
        subtitle=words.word(f"manifest_{_verdict(changes)}"),
        stub_head=words.word("what"),
        columns=(Column(key="matters", label=words.word("manifest_matters"), align="left", role="text"),),
        rows=tuple(
            TableRow(label=words.say(change.what), cells=(Cell(value=words.word(f"manifest_{_weight(change)}")),))
            for change in changes
        ),
    )
    results = Results(estimates=(), source=Provenance(), design=Design())
    return Report(tables=(table,), results=results)


def _weight(change: Change) -> str:
    return "same" if change.same else "unknown" if change.unseen else "yes" if change.matters else "no"


def _verdict(changes: Sequence[Change]) -> str:
    """All changes in one word; ``unseen`` where a live table may have changed."""
    if any(change.matters for change in changes):
        return "differs"
    return "unseen" if any(change.unseen for change in changes) else "holds"
