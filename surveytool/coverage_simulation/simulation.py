"""What coverage the printed intervals have: samples drawn anew from the data, by their own design.

The sample stands for the population. Its first-stage units are drawn with replacement within strata, as many as there
are, each with all of its respondents; every interval is made again by the same corridor, and counts as right where it
holds the figure of the data. What the sample does not show, such as sites of which none was drawn, no simulation
from it can show either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from surveytool.coverage_simulation.population import drawn, population
from surveytool.errors import UsageError
from surveytool.estimate.doubt import Doubt, Doubts
from surveytool.estimate.result import Results, Row
from surveytool.survey import Survey

MOST = 10_000


def simulated(survey: Survey, results: Results, *, draws: int = 500, seed: int = 1) -> Doubts:
    """The results' rows with the coverage of their intervals.

    Raises ``UsageError`` for replicate weights that do not tell the units, and for a number of draws that is none.
    """
    from surveytool.tabulation import tabulate

    if not 10 <= draws <= MOST:
        raise UsageError(f"{draws} samples are too few or too many.", "--draws", f"Write a number of 10 to {MOST}.")
    if survey.design.recruitment is not None:
        raise UsageError(
            "a sample by recruitment does not tell who could have recruited whom: no other is drawn.", "doubt",
            "Coverage on invented networks is in docs/how-people-were-found.md; surveytool rds looks at the sample.",
        )  # fmt: skip
    requests = [replace(table.request, id=table.id) for table in results.estimates]
    people = population(survey, requests)
    guarded = survey.gate is not None and survey.gate.active
    dice = np.random.default_rng([seed, _secret(people.frame)] if guarded else seed)
    bare = replace(survey, gate=None, design=replace(survey.design, fpc=(), calibrated=None))
    truth = tabulate(replace(bare, frame=people.frame), requests)
    drawn_rows = [_rows(tabulate(drawn(bare, people, dice), requests)) for _ in range(draws)]
    true = _rows(truth)
    rows = [row for table in results.estimates for row in table.rows]
    doubts = tuple(
        _doubt(row, true.get(_key(row)), [rows_of_draw.get(_key(row)) for rows_of_draw in drawn_rows]) for row in rows
    )
    return Doubts(results=results, rows=doubts, draws=draws, seed=seed, units=len(people.units))


def _secret(frame: Any) -> int:
    """A number that only the respondents' own answers give.

    Whoever could draw the same samples from the seed could try out which hidden counts give the printed coverage.
    """
    import pyarrow as pa

    digest = hashlib.sha256(b"draws")
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, frame.schema.remove_metadata()) as writer:
        writer.write_table(frame.replace_schema_metadata(None).combine_chunks())
    digest.update(sink.getvalue())
    return int.from_bytes(digest.digest()[:8], "little")


def _key(row: Row) -> tuple[Any, ...]:
    return (row.table, row.level_code, row.level, tuple(row.by.items()))


def _rows(results: Results) -> dict[tuple[Any, ...], Row]:
    return {_key(row): row for table in results.estimates for row in table.rows}


def _doubt(row: Row, true: Row | None, drawn_rows: Sequence[Row | None]) -> Doubt:
    """What the samples say of one row."""
    if true is None or true.estimate is None or row.ci_low is None or row.ci_high is None:
        return Doubt(row=row)
    if true.level is not None and true.count in (0, true.n):
        return Doubt(row=row)
    ends = [(row_drawn.ci_low, row_drawn.ci_high) for row_drawn in drawn_rows if row_drawn is not None]
    bounds = np.array([end for end in ends if None not in end], dtype=np.float64).reshape(-1, 2)
    if not len(bounds):
        return Doubt(row=row)
    slack = 1e-12 * max(abs(true.estimate), 1e-300)
    below = float((bounds[:, 1] < true.estimate - slack).mean())
    above = float((bounds[:, 0] > true.estimate + slack).mean())
    return Doubt(row=row, covered=1 - below - above, below=below, above=above, samples=len(bounds))
