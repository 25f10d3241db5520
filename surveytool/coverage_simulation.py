"""What coverage the printed intervals have: samples drawn anew from the data, by their own design.

The sample stands for the population. Its first-stage units are drawn with replacement within strata, as many as there
are, each with all of its respondents; every interval is made again by the same corridor, and counts as right where it
holds the figure of the data. What the sample does not show, such as sites of which none was drawn, no simulation
from it can show either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.estimate.doubt import Doubt, Doubts
from surveytool.estimate.result import Results, Row
from surveytool.survey import Request, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Keys

MOST = 10_000


def simulated(survey: Survey, results: Results, *, draws: int = 500, seed: int = 1) -> Doubts:
    """The results' rows with the coverage of their intervals.

    Raises ``UsageError`` for replicate weights, which do not name the units, and for a number of draws that is none.
    """
    from surveytool.tabulation import tabulate

    if survey.design.replicates is not None:
        raise UsageError(
            "replicate weights do not say which respondents were drawn together.", "--replicate-weights",
            "Name the design by --strata and --psu instead; doubt draws its sampling units anew.",
        )  # fmt: skip
    if not 10 <= draws <= MOST:
        raise UsageError(f"{draws} samples are too few or too many.", "--draws", f"Write a number of 10 to {MOST}.")
    requests = [replace(table.request, id=table.id) for table in results.estimates]
    frame, units, strata = _population(survey, requests)
    dice = np.random.default_rng(seed)
    bare = replace(survey, gate=None, design=replace(survey.design, fpc=(), calibrated=None))
    truth = tabulate(replace(bare, frame=frame), requests)
    made = [_rows(tabulate(_drawn(bare, frame, units, strata, dice), requests)) for _ in range(draws)]
    true = _rows(truth)
    rows = [row for table in results.estimates for row in table.rows]
    doubts = tuple(_doubt(row, true.get(_key(row)), [each.get(_key(row)) for each in made]) for row in rows)
    return Doubts(results=results, rows=doubts, draws=draws, seed=seed, units=len(units))


def _population(survey: Survey, requests: Sequence[Request]) -> tuple[Any, list[Keys], list[Keys]]:
    """The columns needed, the respondents of each first-stage unit, and the units of each stratum."""
    from surveytool.aggregate.columns_read import needed
    from surveytool.aggregate.encoded_columns import arrow_table

    below = [table.statistic.partition(":")[2] for table in requests if table.statistic and ":" in table.statistic]
    frame = arrow_table(survey.frame, needed(survey, requests, below))
    rows, design = frame.num_rows, survey.design
    stratum = _codes(frame, design.strata) if design.strata else np.zeros(rows, dtype=np.intp)
    psu = _codes(frame, design.psu[0]) if design.psu else np.arange(rows, dtype=np.intp)
    own, place = np.unique(np.stack([stratum, psu], axis=1), axis=0, return_inverse=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    starts = np.searchsorted(place.reshape(-1)[order], np.arange(1, len(own)))
    units = np.split(order, starts)
    strata = [np.flatnonzero(own[:, 0] == each) for each in np.unique(own[:, 0])]
    return frame, units, strata


def _codes(frame: Any, name: str) -> Keys:
    """A column as whole numbers, one for each distinct value."""
    column = frame.column(name).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    return np.asarray(np.nan_to_num(codes, nan=-1.0), dtype=np.intp)


def _drawn(survey: Survey, frame: Any, units: list[Keys], strata: list[Keys], dice: np.random.Generator) -> Survey:
    """One sample: as many units of each stratum as there are, with replacement, each a unit of its own."""
    import pyarrow as pa

    chosen = np.concatenate([dice.choice(stratum, len(stratum)) for stratum in strata])
    taken = [units[place] for place in chosen]
    drawn = frame.take(pa.array(np.concatenate(taken)))
    if survey.design.psu:
        number = np.repeat(np.arange(1, len(taken) + 1), [len(each) for each in taken])
        name = survey.design.psu[0]
        drawn = drawn.set_column(drawn.column_names.index(name), name, pa.array(number))
    return replace(survey, frame=drawn, provenance=replace(survey.provenance, rows=drawn.num_rows))


def _key(row: Row) -> tuple[Any, ...]:
    return (row.table, row.level_code, row.level, tuple(row.by.items()))


def _rows(results: Results) -> dict[tuple[Any, ...], Row]:
    return {_key(row): row for table in results.estimates for row in table.rows}


def _doubt(row: Row, true: Row | None, made: Sequence[Row | None]) -> Doubt:
    """What the samples say of one row."""
    if true is None or true.estimate is None or row.ci_low is None or row.ci_high is None:
        return Doubt(row=row)
    if true.level is not None and true.count in (0, true.n):
        return Doubt(row=row)
    ends = [(each.ci_low, each.ci_high) for each in made if each is not None]
    known = np.array([end for end in ends if None not in end], dtype=np.float64).reshape(-1, 2)
    if not len(known):
        return Doubt(row=row)
    slack = 1e-12 * max(abs(true.estimate), 1e-300)
    below = float((known[:, 1] < true.estimate - slack).mean())
    above = float((known[:, 0] > true.estimate + slack).mean())
    return Doubt(row=row, covered=1 - below - above, below=below, above=above, samples=len(known))
