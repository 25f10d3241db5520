"""Verdicts for readers and programs: a table with a line a claim, a record a claim.

The table is an ordinary ``Table``, so every output format can show it: under a
claim that needs words stands its explanation. What the figures say of each other
comes in a table of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

from surveytool.estimate.result import Results
from surveytool.frozen import frozen
from surveytool.notes import Note, note, unique
from surveytool.published_figures.claim_words import Figure, computed, published, reading_of, sentences
from surveytool.published_figures.claims import Claim, Finding, Outcome, Verdict
from surveytool.published_figures.published_rounding import places
from surveytool.survey import Design, Provenance
from surveytool.table import Cell, Column, Number, Report, Table, TableRow
from surveytool.table import table_words as table_wording
from surveytool.table.figure import counted
from surveytool.text import NOTHING, Words

KEYS = ("id", "text", "published", "estimate", "ci_low", "ci_high", "n", "verdict", "rounding", "explanation")


@frozen
class ClaimReport:
    """What ``reproduce`` found: verdicts, findings between claims, and the estimates behind them.

    ``disputed`` are ids of claims that are kept to show what is wrong with them: they
    do not fail a report. ``remarks`` stand under what the figures say of each other.
    """

    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...] = ()
    results: tuple[Results, ...] = ()
    disputed: frozenset[str] = frozenset()
    remarks: tuple[Note, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a claim is not reproduced, or figures contradict each other."""
        verdicts = [verdict for verdict in self.verdicts if verdict.claim.id not in self.disputed]
        wrong = any(verdict.verdict == "not reproduced" for verdict in verdicts)
        counted = [finding for finding in self.findings if not set(finding.claims) <= self.disputed]
        return wrong or any(finding.weight == "contradiction" for finding in counted)

    def joined(self) -> Results:
        """The estimates of every pass as one; none where there are no data."""
        if not self.results:
            return Results(estimates=(), source=Provenance(), design=Design())
        first = self.results[0]
        estimates = tuple(estimate for results in self.results for estimate in results.estimates)
        notes = unique(note for results in self.results for note in results.notes)
        return Results(estimates=estimates, source=first.source, design=first.design, notes=notes)


def without_data(claims: Sequence[Claim], findings: Sequence[Finding]) -> ClaimReport:
    """A report of the arithmetic alone: no claim can be asked of data that are not there."""
    told: dict[str, list[Finding]] = {claim.id: [] for claim in claims}
    for finding in findings:
        for name in finding.claims:
            told[name].append(finding)
    verdicts = tuple(_without_data(claim, told[claim.id]) for claim in claims)
    return ClaimReport(verdicts=verdicts, findings=tuple(findings))


def _without_data(claim: Claim, findings: Sequence[Finding]) -> Verdict:
    said = [reading_note for finding in findings for reading_note in (*finding.explanation, *finding.reading)]
    if not findings:
        said = [note("claim_only_under", reading=reading_of(claim))] if claim.ambiguous else []
        said.append(note("claim_no_data"))
    return Verdict(claim=claim, verdict="cannot", n=claim.n, explanation=unique(said), plain=True)


def record(verdict: Verdict, words: Words) -> dict[str, Any]:
    """One claim as programs read it: fractions, full precision."""
    claim = verdict.claim
    told = claim.comparison
    figure = claim.published if claim.published is not None else told.about if told is not None else None
    values = (
        claim.id, claim.text, figure, verdict.estimate, verdict.ci_low, verdict.ci_high, verdict.n, verdict.verdict,
        verdict.rounding, sentences(verdict.explanation, words),
    )  # fmt: skip
    return dict(zip(KEYS, values, strict=True))


def finding_record(finding: Finding, words: Words) -> dict[str, Any]:
    """One finding between claims as programs read it."""
    return {
        "kind": finding.kind,
        "weight": finding.weight,
        "claims": list(finding.claims),
        "explanation": sentences(finding.explanation, words),
        "reading": sentences(finding.reading, words) or None,
    }


def arrange_claims(report: ClaimReport, words: Words, *, failures: bool = False) -> Report:
    """The claims as tables for a reader; ``failures`` leaves out what was reproduced."""
    results = report.joined()
    tables = []
    if report.results:
        tables.append(_claims_table(report, words, failures))
    if report.findings or not report.results:
        tables.append(_findings_table(report, words))
    notes = tuple(words.say(note) for note in results.notes)
    source = table_wording.source(results, words) if report.results else ""
    return Report(tables=tuple(tables), results=results, notes=notes, source=source)


def _claims_table(report: ClaimReport, words: Words, failures: bool) -> Table:
    shown = [verdict for verdict in report.verdicts if not failures or verdict.verdict != "reproduced"]
    return Table(
        id="claims",
        title=words.word("claims"),
        subtitle=words.fill("claims_subtitle", counts=_counts(report.verdicts, words)),
        stub_head=words.word("claim"),
        columns=(
            Column(key="published", label=words.word("published")),
            Column(key="estimate", label=words.word("estimate")),
            Column(key="n", label=words.word("n"), role="n"),
            Column(key="verdict", label=words.word("verdict"), align="left", role="text"),
        ),
        rows=tuple(row for verdict in shown for row in _rows(verdict, words)),
        notes=() if shown else (words.word("claims_all_reproduced"),),
    )


def _counts(verdicts: Sequence[Verdict], words: Words) -> str:
    counts = Counter(verdict.verdict for verdict in verdicts)
    return ", ".join(
        words.fill("claims_count", n=counts[kind], verdict=words.word(_key(kind)))
        for kind in get_args(Outcome)
        if counts[kind]
    )


def _key(outcome: Outcome) -> str:
    return f"verdict_{outcome.replace(' ', '_')}"


def _rows(verdict: Verdict, words: Words) -> Iterator[TableRow]:
    claim = verdict.claim
    texts = [
        _figure(published(claim), words) if claim.published is not None else Cell(mark=NOTHING),
        _estimate(verdict, words),
        counted(verdict.n, words) if verdict.n is not None else Cell(mark=NOTHING),
        Cell(value=words.word(_key(verdict.verdict))),
    ]
    yield TableRow(label=label(claim), cells=tuple(texts))
    if not verdict.plain:
        yield TableRow(label=sentences(verdict.explanation, words), indent=1)


def label(claim: Claim) -> str:
    """What a claim is called: its wording with its page, else its id."""
    text = claim.text or claim.id
    return f"{text} ({claim.page})" if claim.page else text


def _estimate(verdict: Verdict, words: Words) -> Cell:
    claim = verdict.claim
    if verdict.estimate is None:
        return Cell(mark=NOTHING)
    if claim.stat == "n":
        return Cell(value=words.number(verdict.estimate), number=Number(value=verdict.estimate))
    shown = _figure(computed(verdict.estimate, claim), words)
    digits = places(claim.published, claim.unit, claim.decimals) + 1 if claim.published is not None else 1
    share = claim.unit == "percent"
    if verdict.ci_low is None or verdict.ci_high is None or shown.number is None:
        return shown
    number = replace(shown.number, low=verdict.ci_low, high=verdict.ci_high)
    return replace(shown, interval=words.interval(verdict.ci_low, verdict.ci_high, digits, share), number=number)


def _figure(figure: Figure, words: Words) -> Cell:
    """A published or computed figure, with the number behind it."""
    number = Number(value=figure.value, decimals=figure.decimals, share=figure.unit == "percent")
    return Cell(value=figure.said(words), number=number)


def _findings_table(report: ClaimReport, words: Words) -> Table:
    rows = tuple(row for finding in report.findings for row in _finding_rows(finding, words))
    none = () if rows else (words.fill("findings_none", n=len(report.verdicts)),)
    return Table(
        id="findings",
        title=words.word("findings"),
        subtitle=words.word("findings_subtitle"),
        stub_head=words.word("claims"),
        columns=(Column(key="weight", label=words.word("finding"), align="left", role="text"),),
        rows=rows,
        notes=(*none, *(words.say(remark) for remark in report.remarks)),
    )


def _finding_rows(finding: Finding, words: Words) -> Iterator[TableRow]:
    """What contradicts what, and below it the reading under which it holds."""
    names = words.join(list(finding.claims), most=6)
    said = f"{names}: {sentences(finding.explanation, words)}"
    yield TableRow(label=said, cells=(Cell(value=words.word(f"finding_{finding.weight}")),))
    if finding.reading:
        yield TableRow(label=sentences(finding.reading, words), indent=1)


__all__ = ["ClaimReport", "Note", "arrange_claims", "finding_record", "record", "without_data"]
