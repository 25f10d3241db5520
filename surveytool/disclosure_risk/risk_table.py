"""Risk for readers and programs: four small tables, one object. No respondent, no row, no value stands in them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO
from typing import Any

from surveytool.disclosure_risk.risk_measures import Candidate, Risk
from surveytool.estimate.result import Results
from surveytool.table import Cell, Column, Report, Table, TableRow
from surveytool.table import table_words as table_wording
from surveytool.text import Words

MOST_SHOWN = 12


def render_risk(
    risk: Risk, format: str, words: Words, *, width: int | None = None, colour: bool = False
) -> bytes:  # fmt: skip
    """The assessment in a format, as UTF-8. ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(risk, words).encode("utf-8")
    if format == "csv":
        return _csv(risk).encode("utf-8")
    return render(arrange_risk(risk, words), format, words, width=width, colour=colour)


def record(risk: Risk) -> dict[str, Any]:
    """The assessment as programs read it."""
    values = {key: value for key, value in asdict(risk).items() if key not in ("source", "design")}
    if risk.suda is not None:
        values["suda"]["sizes"] = {str(size): n for size, n in risk.suda.sizes}
        values["suda"]["shares"] = dict(risk.suda.shares)
    values["follows"] = dict(risk.follows)
    return values


def _results(risk: Risk) -> Results:
    return Results(estimates=(), source=risk.source, design=risk.design)


def _json(risk: Risk, words: Words) -> str:
    from surveytool.render.json import dumps, envelope

    document = envelope(Report(tables=(), results=_results(risk)), words)
    return dumps({**document, "risk": record(risk)})


def _csv(risk: Risk) -> str:
    """One row a change, the file as it is first."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["step", "name", "change", "detail", "unique", "below", "rows", "kept"])
    classes = risk.classes
    writer.writerow([0, "", "none", "", classes.unique, classes.below, risk.rows, 1.0])
    from surveytool.render.csv import inert

    for step, trial in enumerate(risk.path, start=1):
        writer.writerow([step, inert(trial.name), trial.change, trial.detail, trial.unique, trial.below, risk.rows,
                         trial.kept])  # fmt: skip
    for candidate in risk.candidates:
        writer.writerow(["", inert(candidate.name), candidate.change, candidate.detail,
                         candidate.unique, candidate.below, risk.rows, candidate.kept])  # fmt: skip
    return out.getvalue()


def arrange_risk(risk: Risk, words: Words) -> Report:
    """The tables: who stands out, by which variables, what lowers it, and a way down step by step."""
    tables = [_summary(risk, words)]
    tables += [_uniques(risk, words)] if risk.suda is not None else []
    tables.append(_changes("risk_changes", risk.candidates[:MOST_SHOWN], risk, words))
    tables += [_changes("risk_path", risk.path, risk, words)] if risk.path else []
    source = table_wording.source(_results(risk), words)
    notes = [words.word("risk_note_classes")]
    notes += [words.word("risk_note_suda")] if risk.suda is not None else []
    notes += [words.word("risk_note_fraction")] if risk.fraction is None else []
    return Report(tables=tuple(tables), results=_results(risk), notes=tuple(notes), source=source)


def _summary(risk: Risk, words: Words) -> Table:
    classes, suda = risk.classes, risk.suda
    rows: list[tuple[str, str, str]] = [
        (words.word("risk_rows"), words.number(risk.rows), ""),
        (words.word("risk_smallest"), words.number(classes.smallest), ""),
        (words.word("risk_unique"), *_counted(classes.unique, risk, words)),
        (words.fill("risk_below", k=classes.k), *_counted(classes.below, risk, words)),
        (words.word("risk_mean"), words.number(classes.mean * risk.rows, 1), words.percent(classes.mean)),
    ]
    if suda is not None:
        rows.append((words.word("risk_special"), *_counted(suda.special, risk, words)))
    if classes.population is not None:
        share = words.percent(classes.population / risk.rows)
        rows.append((words.word("risk_population"), words.number(classes.population, 1), share))
    if suda is not None and suda.dis is not None and suda.high is not None:
        rows.append((words.word("risk_dis"), "", words.percent(suda.dis)))
        rows.append((words.word("risk_high"), *_counted(suda.high, risk, words)))
    notes = [words.fill("risk_follows", name=name, other=other) for name, other in risk.follows]
    notes += [words.word("risk_proposed")] if risk.proposed else []
    return Table(
        id="risk",
        title=words.word("risk_title"),
        subtitle=words.fill("risk_by", names=words.join(risk.names)),
        columns=(
            Column(key="n", label=words.word("risk_count"), role="n"),
            Column(key="share", label=words.word("risk_share")),
        ),
        rows=tuple(TableRow(label=label, cells=(Cell(value=n), Cell(value=share))) for label, n, share in rows),
        notes=tuple(notes),
    )


def _counted(n: int, risk: Risk, words: Words) -> tuple[str, str]:
    return words.number(n), words.percent(n / risk.rows)


def _uniques(risk: Risk, words: Words) -> Table:
    """Which variables make respondents stand out, and by how few at once."""
    suda = risk.suda
    assert suda is not None
    ordered = sorted(suda.shares, key=lambda share: -share[1])
    rows = [TableRow(label=name, cells=(Cell(value=words.percent(share)),)) for name, share in ordered]
    sizes = words.join([words.fill("risk_size", n=n, size=size) for size, n in suda.sizes])
    return Table(
        id="risk_uniques",
        title=words.word("risk_uniques"),
        subtitle=words.fill("risk_sizes", sizes=sizes),
        stub_head=words.word("variable"),
        columns=(Column(key="share", label=words.word("risk_part")),),
        rows=tuple(rows),
    )


def _changes(name: str, changes: tuple[Candidate, ...], risk: Risk, words: Words) -> Table:
    return Table(
        id=name,
        title=words.word(name),
        subtitle=words.fill("risk_from", n=risk.classes.below, of=risk.rows, k=risk.classes.k),
        stub_head=words.word("risk_change"),
        columns=(
            Column(key="below", label=words.fill("risk_below_head", k=risk.classes.k), role="n"),
            Column(key="share", label=words.word("risk_share")),
            Column(key="unique", label=words.word("risk_unique_head"), role="n"),
            Column(key="kept", label=words.word("risk_kept")),
        ),
        rows=tuple(_change_rows(changes, risk, words)),
    )


def _change_rows(changes: tuple[Candidate, ...], risk: Risk, words: Words) -> Iterator[TableRow]:
    for change in changes:
        texts = (*_counted(change.below, risk, words), words.number(change.unique), words.percent(change.kept, 0))
        label = words.fill(f"change_{change.change}", name=change.name, n=change.detail)
        yield TableRow(label=label, cells=tuple(Cell(value=text) for text in texts))
