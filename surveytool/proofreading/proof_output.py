"""A proof for readers and programs: a table of the figures, or a record a figure."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any, get_args

from surveytool.estimate.result import Results
from surveytool.proofreading.judging import Finding, Outcome
from surveytool.proofreading.reading_of_document import Proof
from surveytool.published_figures.claim_words import sentences
from surveytool.survey import Design, Provenance
from surveytool.table import Cell, Column, Report, Table, TableRow
from surveytool.text import NOTHING, Words

KEYS = ("text", "value", "place", "verdict", "nearest", "explanation")
FIRST = ("differs", "ambiguous", "unknown", "agrees")


def render_proof(
    proof: Proof, format: str, words: Words, *, width: int | None = None, colour: bool = False, failures: bool = False
) -> bytes:
    """A proof in a format, as UTF-8. Raises ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(proof, words).encode("utf-8")
    if format == "csv":
        return _csv(proof, words).encode("utf-8")
    report = Report(tables=(_table(proof, words, failures),), results=_nothing(proof), notes=(), source="")
    return render(report, format, words, width=width, colour=colour)


def _nothing(proof: Proof) -> Results:
    """No estimates, of the study's data and design; of no data where the figures are held against each other."""
    facts = proof.facts
    source, design = (Provenance(), Design()) if facts is None else (facts.source, facts.design)
    return Results(estimates=(), source=source, design=design)


def _json(proof: Proof, words: Words) -> str:
    from surveytool.render.json import dumps, envelope

    content = envelope(Report(tables=(), results=_nothing(proof)), words)
    content["document"] = proof.document
    content["language"] = proof.language
    content["figures"] = [record(finding, words) for finding in proof.findings]
    content["counts"] = {name: sum(finding.verdict == name for finding in proof.findings) for name in get_args(Outcome)}
    return dumps(content)


def _csv(proof: Proof, words: Words) -> str:
    from surveytool.render.csv import inert

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["text", "value", "place", "verdict", "variable", "level", "by", "estimate", "explanation"])
    for finding in proof.findings:
        near = nearest(finding) or {}
        by = "; ".join(f"{name}={label}" for name, label in near.get("by", {}).items())
        estimate = near.get("estimate")
        writer.writerow(
            [
                inert(finding.text),
                repr(finding.value),
                finding.place,
                finding.verdict,
                near.get("variable", ""),
                inert(near.get("level") or ""),
                inert(by),
                "" if estimate is None else repr(estimate),
                explanation(finding, words),
            ]
        )
    return out.getvalue()


def record(finding: Finding, words: Words) -> dict[str, Any]:
    """One figure as programs read it: fractions, full precision; ``nearest`` is the number of the study."""
    values = (
        finding.text,
        finding.value,
        finding.place,
        finding.verdict,
        nearest(finding),
        explanation(finding, words),
    )
    return {**dict(zip(KEYS, values, strict=True)), "printed": finding.printed}


def nearest(finding: Finding) -> dict[str, Any] | None:
    """The row of the study that a figure was held against; None where there is none, or it is withheld."""
    fact = finding.fact
    if fact is None:
        return None
    row = fact.row
    return {
        "table": fact.table,
        "variable": row.variable,
        "level": row.level,
        "by": dict(row.by),
        "statistic": fact.statistic,
        "estimate": row.estimate if fact.told else None,
        "n": row.n if row.n else None,
    }


def explanation(finding: Finding, words: Words) -> str:
    """Why a figure has its verdict, in a language."""
    notes = dict(finding.values).get("notes")
    if notes:
        return sentences(notes, words)  # type: ignore[arg-type]
    values: dict[str, object] = {name: value for name, value in finding.values if name != "notes"}
    fact = finding.fact
    if fact is not None:
        values |= {
            "reading": reading(finding, words),
            "estimate": estimate(finding, words),
            "n": fact.row.n,
            "count": fact.row.count,
            "printed": finding.printed,
        }
    elif finding.reason in ("proofread_differs", "proofread_agrees"):
        values |= {"reading": "", "estimate": "", "n": 0, "printed": finding.printed}
    return words.fill(finding.reason, **values)


def estimate(finding: Finding, words: Words) -> str:
    """The study's number with one digit more than was printed, with its interval."""
    fact = finding.fact
    if fact is None or not fact.told or fact.row.estimate is None:
        return NOTHING
    share = fact.statistic == "proportion"
    text = words.percent(fact.row.estimate, 1) if share else words.number(fact.row.estimate, 1)
    if fact.row.ci_low is None or fact.row.ci_high is None:
        return text
    return f"{text} ({words.interval(fact.row.ci_low, fact.row.ci_high, 1, share)})"


def reading(finding: Finding, words: Words) -> str:
    """What a figure was taken to mean: the question, the answer, the group."""
    fact = finding.fact
    if fact is None:
        return ""
    parts = [fact.titles[0], fact.row.level or "", ", ".join(fact.row.by.values())]
    return " · ".join(part for part in parts if part)


def _table(proof: Proof, words: Words, failures: bool) -> Table:
    shown = [finding for finding in proof.findings if not failures or finding.verdict in ("differs", "ambiguous")]
    ordered = sorted(shown, key=lambda finding: FIRST.index(finding.verdict))
    counts = Counter(finding.verdict for finding in proof.findings)
    said = ", ".join(
        f"{counts[name]} {words.word(f'proofread_verdict_{name}')}" for name in get_args(Outcome) if counts[name]
    )
    return Table(
        id="figures",
        title=words.fill("proofread_title", document=proof.document),
        subtitle=said,
        stub_head=words.word("proofread_figure"),
        columns=(
            Column(key="printed", label=words.word("published")),
            Column(key="estimate", label=words.word("estimate")),
            Column(key="verdict", label=words.word("verdict"), align="left", role="text"),
        ),
        rows=tuple(row for finding in ordered for row in _rows(finding, words)),
        notes=() if shown else (words.word("proofread_none"),),
    )


def place(finding: Finding, words: Words) -> str:
    """Where a figure stands, in the reader's words."""
    return re.sub(r"[a-z]+", lambda match: words.word(f"proofread_place_{match.group()}"), finding.place)


def _rows(finding: Finding, words: Words) -> Iterator[TableRow]:
    text = finding.text if len(finding.text) <= 160 else f"{finding.text[:159].rstrip()}…"
    yield TableRow(
        label=f"{place(finding, words)}: {text}",
        cells=(
            Cell(value=finding.printed),
            Cell(value=estimate(finding, words)) if finding.fact is not None else Cell(mark=NOTHING),
            Cell(value=words.word(f"proofread_verdict_{finding.verdict}")),
        ),
    )
    if finding.verdict != "agrees":
        yield TableRow(label=explanation(finding, words), indent=1)
    elif finding.fact is not None:
        yield TableRow(label=reading(finding, words), indent=1)
