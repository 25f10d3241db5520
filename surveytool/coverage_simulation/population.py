"""A sample as a population: its first-stage units by stratum, and samples of them drawn anew.

Without replicate weights the design names the units. Replicate weights tell of them without a name: the members of a
unit have the same factors (replicate weight over weight), and the factors of the units of a stratum add up to their
number under every replicate, as jackknife, half samples and the bootstrap of Rao and Wu are made. So the strata are
the blocks of the null space of the units' factors minus 1. Where it has no blocks (calibrated replicates, too few of
them) nobody can say what was drawn together, and the design has to be named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import Request, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

NEAR = 0.02  # factors of written weights that differ by less are the same
MOST_UNITS = 3000  # units of replicate weights, beyond which their strata are not looked for
NULL = (1e-9, 1e-6, 1e-3, 1e-2, 5e-2)  # the share of the largest singular value below which one is 0, tried in turn
BLOCK = 0.1  # how far from a block's own number the null space may be


@frozen
class Population:
    """The columns needed, the rows of each unit, and each stratum's units.

    ``factors`` [units, replicates] are what replicate weights make of the weights of each unit's place; None without.
    """

    frame: Any
    units: Sequence[Keys]
    strata: Sequence[Keys]
    replicates: tuple[str, ...] = ()
    factors: Floats | None = None


def population(survey: Survey, requests: Sequence[Request]) -> Population:
    """The sample of a survey as a population of its sampling units.

    Raises ``UsageError`` where replicate weights do not tell who was drawn together.
    """
    from surveytool.aggregate.columns_read import columns_needed
    from surveytool.aggregate.encoded_columns import arrow_table

    below = [table.statistic.partition(":")[2] for table in requests if table.statistic and ":" in table.statistic]
    replicates, names = columns_needed(survey, requests, below)
    frame, design = arrow_table(survey.frame, names), survey.design
    if not replicates:
        return Population(frame=frame, **_named(frame, survey))
    weights = np.ones(frame.num_rows) if design.weights is None else _floats(frame, design.weights)
    factors = np.stack([_floats(frame, name) for name in replicates], axis=1)
    if design.replicates is not None and design.replicates.combined:
        factors = factors / np.where(weights > 0, weights, np.nan)[:, None]
    told = _named(frame, survey) if design.psu else _told(factors, weights > 0)
    unit_factors = np.stack([np.nanmean(factors[unit], axis=0) for unit in told["units"]])
    return Population(frame=frame, replicates=replicates, factors=unit_factors, **told)


def drawn(survey: Survey, people: Population, dice: np.random.Generator) -> Survey:
    """One sample: as many units of each stratum as there are, with replacement, each a unit of its own.

    A unit takes the replicate factors of the place that it is drawn for: they are the design's, not its members'.
    """
    import pyarrow as pa

    chosen = np.concatenate([dice.choice(stratum, len(stratum)) for stratum in people.strata])
    places = np.concatenate(list(people.strata))
    taken = [people.units[unit] for unit in chosen]
    sizes = [len(unit) for unit in taken]
    frame = people.frame.take(pa.array(np.concatenate(taken)))
    if survey.design.psu:
        frame = _with(frame, survey.design.psu[0], np.repeat(np.arange(1, len(taken) + 1), sizes))
    given = survey.design.replicates
    if people.factors is not None and given is not None:
        factors = np.repeat(people.factors[places], sizes, axis=0)
        if given.combined and survey.design.weights is not None:
            factors = factors * _floats(frame, survey.design.weights)[:, None]
        for name, column in zip(people.replicates, factors.T, strict=True):
            frame = _with(frame, name, column)
    return replace(survey, frame=frame, provenance=replace(survey.provenance, rows=frame.num_rows))


def _with(frame: Any, name: str, values: Any) -> Any:
    import pyarrow as pa

    return frame.set_column(frame.column_names.index(name), name, pa.array(values))


def _floats(frame: Any, name: str) -> Floats:
    column = frame.column(name).combine_chunks()
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _named(frame: Any, survey: Survey) -> dict[str, Any]:
    """Units and strata of a design that names them; without PSUs each respondent is a unit."""
    rows, design = frame.num_rows, survey.design
    stratum = _codes(frame, design.strata) if design.strata else np.zeros(rows, dtype=np.intp)
    psu = _codes(frame, design.psu[0]) if design.psu else np.arange(rows, dtype=np.intp)
    pairs, unit = np.unique(np.stack([stratum, psu], axis=1), axis=0, return_inverse=True)
    strata = [np.flatnonzero(pairs[:, 0] == number) for number in np.unique(pairs[:, 0])]
    return {"units": _rows_of(unit.reshape(-1), len(pairs)), "strata": strata}


def _rows_of(unit: Keys, count: int) -> list[Keys]:
    """The rows of each of ``count`` units, by their places [rows]; a place below 0 is none."""
    order = np.argsort(unit, kind="stable")
    starts = np.searchsorted(unit[order], np.arange(count + 1))
    return [order[start:end] for start, end in pairwise(starts)]


def _codes(frame: Any, name: str) -> Keys:
    """A column as whole numbers, one for each distinct value."""
    column = frame.column(name).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    return np.asarray(np.nan_to_num(codes, nan=-1.0), dtype=np.intp)


def _told(factors: Floats, counted: Flags) -> dict[str, Any]:
    """Units and strata as replicate factors [rows, R] tell of them; rows without a weight are in no unit."""
    counted_rows = np.flatnonzero(counted)
    unit = np.full(len(factors), -1, dtype=np.intp)
    unit[counted_rows], centres = alike_factors(factors[counted_rows])
    strata = strata_of(centres)
    if strata is None:
        raise UsageError(
            "these replicate weights do not say which respondents were drawn together.", "--replicate-weights",
            "Name the sampling units too, with --psu and --strata; doubt draws them anew.",
        )  # fmt: skip
    return {"units": _rows_of(unit, len(centres)), "strata": strata}


def alike_factors(factors: Floats) -> tuple[Keys, Floats]:
    """Each row's unit [rows] by its factors [rows, R], in the order of rows, and the units' mean factors [units, R].

    Written weights are rounded, so factors within ``NEAR`` are the same. Too many units come back as they are.
    """
    exact, first, inverse = np.unique(np.round(factors, 6), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    unit, count = np.full(len(exact), -1, dtype=np.intp), 0
    for row in order:
        if unit[row] < 0 and count <= MOST_UNITS:
            open_rows = np.flatnonzero(unit < 0)
            apart = np.abs(exact[open_rows] - exact[row]) - NEAR * np.maximum(1.0, np.abs(exact[row]))
            unit[open_rows[(apart <= 0).all(axis=1)]] = count
            count += 1
    unit[unit < 0] = count
    group = unit[inverse.reshape(-1)]
    count = int(group.max(initial=-1)) + 1
    sums = np.stack([np.bincount(group, column, minlength=count) for column in factors.T], axis=1)
    return group, sums / np.bincount(group, minlength=count)[:, None]


def strata_of(factors: Floats) -> list[Keys] | None:
    """The units of each stratum, by the units' factors [units, R]; None where these do not tell.

    >>> half = np.array([[2.0, 0, 2, 0], [0, 2, 0, 2], [2, 2, 0, 0], [0, 0, 2, 2]])
    >>> [each.tolist() for each in strata_of(half)]
    [[0, 1], [2, 3]]
    """
    if not 2 <= len(factors) <= MOST_UNITS:
        return None
    left, values, _ = np.linalg.svd(factors - 1.0, full_matrices=True)
    values = np.pad(values, (0, len(factors) - len(values)))
    for tolerance in NULL:
        null = left[:, values <= tolerance * max(float(values[0]), 1e-12)]
        blocks = _blocks(null @ null.T)
        if blocks is not None:
            return blocks
    return None


def _blocks(shared: Floats) -> list[Keys] | None:
    """The blocks of a projection that is 1 over their size within each and 0 between; None where it is not."""
    from scipy.sparse.csgraph import connected_components

    count, block = connected_components(np.abs(shared) > 0.5 * np.diag(shared)[:, None], directed=False)
    size = np.bincount(block, minlength=count)[block]
    asked = (block[:, None] == block[None, :]) / size[:, None]
    if (np.abs(shared - asked) > BLOCK / size[:, None]).any():
        return None
    return _rows_of(block.astype(np.intp), count)
