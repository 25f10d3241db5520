"""Adjusted figures arranged for readers, and as rows for programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import StringIO
from typing import Any

from surveytool.adjustment.adjusted_figures import AdjustedFigures, AdjustedRow, flat
from surveytool.table.table_parts import Cell, Column, Report, Table, TableRow
from surveytool.text import NOTHING, Words, words
from surveytool.version import VERSION


def rendered(
    made: AdjustedFigures, format: str, *, decimals: int | None = None, width: int | None = None, colour: bool = False
) -> bytes:
    """The figures in a format: those of every table. Raises ``UsageError``."""
    said = words(made.language)
    if format == "json":
        from surveytool.render.json import dumps

        return dumps(envelope(made, said)).encode("utf-8")
    if format == "csv":
        return _csv(made).encode("utf-8")
    from surveytool.render import render

    return render(arranged(made, said, 1 if decimals is None else decimals), format, said, width=width, colour=colour)


def envelope(made: AdjustedFigures, said: Words) -> dict[str, Any]:
    """The figures for programs: rows, how the samples overlap, notes."""
    source = made.source
    return {
        "schema": 1, "surveytool": VERSION,
        "source": {"path": source.path, "sha256": source.sha256, "rows": source.rows},
        "adjust": {**made.settings, "level": made.level}, "rows": [_row_of(row) for row in made.rows],
        "overlap": None if made.coverage is None else asdict(made.coverage),
        "notes": [said.say(each) for each in made.notes],
    }  # fmt: skip


def _row_of(row: AdjustedRow) -> dict[str, Any]:
    values = asdict(row)
    return {"table": row.outcome, "variable": row.outcome, **values}


def _csv(made: AdjustedFigures) -> str:
    out = StringIO()
    rows = [flat(row, made.rows) for row in made.rows]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows[0] if rows else [])
    for row in rows:
        writer.writerow(
            ["" if value is None else repr(value) if isinstance(value, float) else value for value in row.values()]
        )
    return out.getvalue()


def arranged(made: AdjustedFigures, said: Words, decimals: int) -> Report:
    """A table for each outcome, and one of how the samples overlap."""
    from surveytool.estimate.result import Results
    from surveytool.survey import Design

    tables = [_table(made, name, said, decimals) for name in dict.fromkeys(row.outcome for row in made.rows)]
    tables += [_overlap(made, said)] if made.coverage is not None else []
    results = Results(source=made.source, design=Design(), estimates=(), notes=())
    return Report(tables=tuple(tables), results=results, notes=tuple(said.say(each) for each in made.notes))


def _table(made: AdjustedFigures, name: str, said: Words, decimals: int) -> Table:
    rows = [row for row in made.rows if row.outcome == name]
    linear = any(row.se_linearised is not None for row in rows)
    heads = ["unadjusted", "figure", "se", "se_sample", "se_reference", *(["se_linearised"] if linear else [])]
    columns = [Column(key=head, label=said.word(f"adjust_{head}")) for head in heads]
    share = any(row.level is not None for row in rows)
    told = said.fill(f"adjust_subtitle_{'share' if share else 'mean'}", level=said.level(made.level))
    return Table(
        id=name, title=said.fill("adjust_title", outcome=name), subtitle=told,
        columns=(*columns, Column(key="n", label=said.word("n"), role="n")),
        rows=tuple(_rows(rows, heads, said, decimals)),
    )  # fmt: skip


def _rows(rows: Sequence[AdjustedRow], heads: Sequence[str], said: Words, decimals: int) -> Iterator[TableRow]:
    for row in rows:
        parts = [*row.by.values(), *([row.level] if row.level is not None else [])]
        label = ", ".join([*parts, said.word(f"adjust_method_{row.method}")])
        yield TableRow(
            label=label, cells=(*(_cell(row, head, said, decimals) for head in heads), Cell(value=said.number(row.n)))
        )


def _cell(row: AdjustedRow, head: str, said: Words, decimals: int) -> Cell:
    value = row.estimate if head == "figure" else getattr(row, head)
    if value is None:
        return Cell(value=NOTHING)
    share = row.level is not None
    if head.startswith("se"):
        return Cell(value=said.number(100 * value if share else value, decimals + 1))
    shown = said.percent(value, decimals, sign=False) if share else said.number(value, decimals)
    interval = said.interval(row.ci_low, row.ci_high, decimals, share) if head == "figure" else ""
    return Cell(value=shown, interval=interval)


def _overlap(made: AdjustedFigures, said: Words) -> Table:
    found = made.coverage
    assert found is not None
    heads = ("population", "before", "after", "difference_before", "difference_after")
    told = said.fill(
        "adjust_overlap_subtitle", least=said.number(found.least, 4), most=said.number(found.most, 4),
        n=said.number(found.n), effective=said.number(found.effective_n, 1),
    )  # fmt: skip
    rows = [
        TableRow(label=each.name, cells=tuple(Cell(value=said.number(getattr(each, head), 3)) for head in heads))
        for each in found.columns
    ]
    return Table(
        id="overlap", title=said.word("adjust_overlap_title"), subtitle=told,
        columns=tuple(Column(key=head, label=said.word(f"adjust_{head}")) for head in heads), rows=tuple(rows),
    )  # fmt: skip
