"""A diagnosis for readers and programs: a table of the sample, one of each question, and JSON with all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from surveytool.recruitment_report.diagnosis import Diagnosis
from surveytool.recruitment_report.question_diagnosis import QuestionDiagnosis
from surveytool.table import Cell, Column, Report, Table, TableRow, table_words
from surveytool.text import NOTHING, Words

NUMBERS = ("mean_degree", "homophily", "activity")
MOST_TREES = 12


def arrange_diagnosis(diagnosis: Diagnosis, words: Words) -> Report:
    """The diagnosis as tables, with the notes of the design under them."""
    tables = [_sample(diagnosis, words), *(_question(question, diagnosis, words) for question in diagnosis.questions)]
    tables += [_transitions(question, words) for question in diagnosis.questions]
    notes = [words.say(note) for note in diagnosis.results.notes]
    notes += [words.word("rds_closed")] if diagnosis.closed else []
    return Report(
        tables=tuple(tables),
        results=diagnosis.results,
        notes=tuple(notes),
        source=table_words.source(diagnosis.results, words),
    )


def _sample(diagnosis: Diagnosis, words: Words) -> Table:
    """Seeds, waves, recruits, trees, degrees."""
    rows = [
        TableRow(label=words.word(f"rds_{key}"), cells=(Cell(value=value),)) for key, value in _facts(diagnosis, words)
    ]
    notes = [words.word("rds_degrees_heaped")] if diagnosis.degrees is not None and diagnosis.degrees.heaped else []
    notes += (
        [words.fill("rds_large_tree", share=words.percent(diagnosis.trees[0][0] / diagnosis.n, 0))]
        if (len(diagnosis.trees) > 1 and diagnosis.trees[0][0] > diagnosis.n / 2)
        else []
    )
    columns = (Column(key="value", label="", role="text"),)
    return Table(id="recruitment", title=words.word("rds_title"), columns=columns, rows=tuple(rows), notes=tuple(notes))


def _facts(diagnosis: Diagnosis, words: Words) -> Iterator[tuple[str, str]]:
    yield "respondents", words.number(diagnosis.n)
    yield "seeds", words.number(diagnosis.seeds)
    yield "waves", words.number(diagnosis.waves)
    yield "by_wave", ", ".join(words.number(each) for each in diagnosis.by_wave)
    yield (
        "by_recruits",
        ", ".join(f"{index}: {words.number(by_recruit)}" for index, by_recruit in enumerate(diagnosis.by_recruits)),
    )
    trees = ", ".join(words.number(size) for size, _ in diagnosis.trees[:MOST_TREES])
    yield "trees", trees + (", ..." if len(diagnosis.trees) > MOST_TREES else "")
    if diagnosis.orphans:
        yield "orphans", words.number(diagnosis.orphans)
    if diagnosis.degrees is not None:
        given = diagnosis.degrees
        middle = "; ".join(words.number(value, 1) for value in (given.mean, given.harmonic_mean, given.median))
        yield "degree", f"{middle}; {words.number(given.least)}–{words.number(given.most)}"
        yield "tens", words.percent(given.tens, 0)


def _question(given: QuestionDiagnosis, diagnosis: Diagnosis, words: Words) -> Table:
    """Each answer's share, who gives it, how alike recruits are."""
    keys = ("estimate", "mean_degree", "activity", "homophily", "recruited", "settled")
    columns = tuple(Column(key=key, label=words.word(f"rds_head_{key}")) for key in ("n", *keys))
    rows = []
    for level in given.levels:
        values = [words.number(level.n)]
        for key in keys:
            value = getattr(level, key)
            shown = words.number(value, 2) if key in NUMBERS else words.percent(value, 1, sign=False)
            values.append(shown if math.isfinite(value) else NOTHING)
        rows.append(TableRow(label=table_words.label(level.label, words), cells=tuple(Cell(value=v) for v in values)))
    notes = [words.fill("rds_recruitment_homophily", value=words.number(given.recruitment_homophily, 2))]
    key = "rds_equilibrium" if given.equilibrium is not None else "rds_no_equilibrium"
    notes.append(words.fill(key, n=given.equilibrium or 0, waves=diagnosis.waves))
    late = given.settled_wave > max(diagnosis.waves - 2, 0)
    notes.append(words.fill("rds_settled_late" if late else "rds_settled", wave=given.settled_wave))
    return Table(id=given.name, title=given.title, columns=columns, rows=tuple(rows), notes=tuple(notes))


def _transitions(given: QuestionDiagnosis, words: Words) -> Table:
    """Who recruited whom by answer."""
    labels = [table_words.label(level.label, words) for level in given.levels]
    columns = tuple(Column(key=f"to_{at}", label=label) for at, label in enumerate(labels))
    rows = tuple(
        TableRow(label=label, cells=tuple(Cell(value=words.number(value)) for value in row))
        for label, row in zip(labels, given.transitions, strict=True)
    )
    return Table(id=f"{given.name}_transitions", title=words.fill("rds_transitions", title=given.title),
                 stub_head=words.word("rds_recruiter"), columns=columns, rows=rows)  # fmt: skip


def diagnosis_record(diagnosis: Diagnosis, words: Words) -> dict[str, Any]:
    """The envelope of every command with the diagnosis beside the rows."""
    from surveytool.render.json import envelope

    made = envelope(Report(tables=(), results=diagnosis.results), words)
    made |= {
        "respondents": diagnosis.n, "seeds": diagnosis.seeds, "waves": diagnosis.waves, "orphans": diagnosis.orphans,
        "by_wave": list(diagnosis.by_wave), "by_recruits": list(diagnosis.by_recruits),
        "trees": [{"respondents": size, "waves": last} for size, last in diagnosis.trees],
        "degree": None if diagnosis.degrees is None else _finite(asdict(diagnosis.degrees)),
        "variables": [_variable(question) for question in diagnosis.questions],
        "notes": [words.say(note) for note in diagnosis.results.notes]
        + ([words.word("rds_closed")] if diagnosis.closed else []),
    }  # fmt: skip
    return made


def _variable(given: QuestionDiagnosis) -> dict[str, Any]:
    levels = [
        _finite({
            "level": level.label, "level_code": level.code, "n": level.n, "estimate": level.estimate,
            "mean_degree": level.mean_degree, "homophily": level.homophily,
            "differential_activity": level.activity, "recruited_alike": level.recruited, "stationary": level.settled,
        })
        for level in given.levels
    ]  # fmt: skip
    names = [level.label for level in given.levels]
    return {
        "name": given.name, "label": given.title, **_finite({"homophily": given.homophily}),
        **_finite({"recruitment_homophily": given.recruitment_homophily}), "levels": levels,
        "transitions": {name: dict(zip(names, row, strict=True)) for name, row in zip(names, given.transitions,
                                                                                      strict=True)},
        "convergence": [_finite(dict(zip(names, row, strict=True))) for row in given.by_wave],
        "by_seed": [{"n": n, **_finite(dict(zip(names, row, strict=True)))} for n, row in given.by_seed],
        "equilibrium_waves": given.equilibrium, "settled_wave": given.settled_wave,
    }  # fmt: skip


def _finite(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with null for what has no value."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in record.items()}  # fmt: skip
