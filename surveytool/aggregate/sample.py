"""The design, read from its columns: weights, unit codes, stages, replicate weights.

A design that cannot give an honest variance is refused here, with the count and
the first rows' numbers; what a reader must know becomes a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.calibration import Ties, ties
from surveytool.aggregate.cells import Stage, Units
from surveytool.aggregate.classes import Classes
from surveytool.aggregate.encoded_columns import LARGEST, Columns, floats_of, keys_of
from surveytool.aggregate.recruited_sample import Recruited, read_recruitment
from surveytool.aggregate.replicate_rank import alike, rank
from surveytool.aggregate.rounds import round_notes
from surveytool.errors import UnusableDesign, UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.stream.design_combinations import FAULTS, weight_faults
from surveytool.survey import Design, Replicates, code_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats, Keys


@frozen
class Sample:
    """The rows' design: weights [rows], the finest unit that the variance needs [rows], replicates.

    In element designs ``unit`` is the stratum. ``replicates`` [rows, R] are whole
    weights (factors are multiplied out). ``sizes`` [rows] says how many respondents
    a row stands for; None where it is one. ``ties`` are the margins of calibrated
    weights and ``tied`` [U, P] their weighted totals by unit. ``alike`` are the classes
    [rows] of the same replicate factors and these [C, R], where the degrees of freedom
    are ``ranked``: by the rank of the replicate weights; ``ranks`` keeps those of domains.
    """

    weights: Floats
    unit: Keys
    units: Units
    replicates: Floats | None
    scale: float
    rscales: Floats | None
    mse: bool
    df: float | None
    notes: tuple[Note, ...]
    ties: Ties | None = None
    tied: Floats | None = None
    sizes: NDArray[np.int64] | None = None
    alike: tuple[Keys, Floats] | None = None
    ranked: bool = False
    ranks: dict[bytes, float] = field(default_factory=dict, repr=False, compare=False)
    recruited: Recruited | None = None

    def count(self, flags: Flags) -> int:
        """How many respondents the flagged rows [rows] stand for."""
        return int(flags.sum() if self.sizes is None else self.sizes[flags].sum())

    def classes(self, block: slice) -> Classes:
        """Some respondents as classes of one."""
        weights = self.weights[block]
        everyone = np.ones(len(weights))
        return Classes(
            row=block, unit=self.unit[block], n=everyone, first=weights[None], cross=weights[None, None],
            squared=weights**2, present=everyone, alike=None if self.alike is None else self.alike[0][block],
            replicated=None if self.replicates is None else self.replicates[block][None],
        )  # fmt: skip


def replicate_columns(design: Design, names: list[str]) -> tuple[str, ...]:
    """The replicate weights' columns: named ones, or those that match a glob, in file order.

    Raises ``UnusableDesign`` or ``UsageError``.
    """
    if design.replicates is None:
        return ()
    columns = []
    for pattern in design.replicates.columns:
        matches = [name for name in names if name == pattern or fnmatchcase(name, pattern)]
        if not matches:
            raise UsageError(f"no column matches {pattern!r}.", "--replicate-weights", "Give a pattern such as 'rw*'.")
        columns += matches
    kept = tuple(name for name in dict.fromkeys(columns) if name != design.weights)
    if len(kept) < 2:
        raise UnusableDesign("replicate weights need at least two columns.", "--replicate-weights")
    return kept


def read_sample(columns: Columns, replicates: tuple[str, ...], outside: Callable[[], Flags] | None = None) -> Sample:
    """Read the survey's design; raises ``UnusableDesign`` for what cannot be used.

    ``outside`` tells who [rows] is in no domain that is asked for, and needs no weight.
    """
    design = columns.survey.design
    weights, notes = _weights(columns, design, outside)
    if design.recruitment is not None:
        return _recruited(columns, read_recruitment(columns, weights), notes)
    notes = [*notes, *round_notes(columns, design)]
    unit, units, more = read_units(columns, design, float(weights.sum()))
    matrix, scale, rscales, mse, again = _replicates(columns, design, weights, replicates)
    bound = ties(columns, design.calibrated, weights) if design.calibrated is not None and matrix is None else None
    df, same = design.df, None
    if design.replicates is not None and matrix is not None:
        df = design.replicates.df if design.replicates.df is not None else df
        if df is None:
            df, same = rank(matrix) - 1.0, alike(matrix, weights)
    return Sample(
        weights=weights, unit=unit, units=units, replicates=matrix, scale=scale, rscales=rscales,
        mse=mse, df=df, notes=(*notes, *more, *again), ties=bound,
        tied=None if bound is None else _tied(bound, unit, weights, units), alike=same, ranked=same is not None,
    )  # fmt: skip


def _recruited(columns: Columns, recruited: Recruited, notes: list[Note]) -> Sample:
    """A sample of respondents who recruited one another, with the weights and the replicates made of it."""
    weights, matrix = recruited.weights(), recruited.replicates()
    unit, units, _ = read_units(columns, Design(), float(weights.sum()))
    many = recruited.settings.replicates
    df = columns.survey.design.df
    weighted = [each for each in notes if each.code != "no_weights"]
    return Sample(
        weights=weights, unit=unit, units=units, replicates=matrix, scale=1 / (many - 1), rscales=np.ones(many),
        mse=False, df=df if df is not None else float(min(many, columns.rows) - 1), ranked=df is None,
        notes=(*weighted, *recruited.told()), recruited=recruited,
    )  # fmt: skip


def _tied(bound: Ties, unit: Keys, weights: Floats, units: Units) -> Floats:
    """Weighted totals of the margins' columns by the finest unit [U, P]."""
    return np.stack([np.bincount(unit, weights * column, minlength=units.count) for column in bound.matrix.T], axis=1)


def _rows(flags: Flags) -> str:
    """How many rows and the first ones' numbers, counted from 1: never their content."""
    where = np.flatnonzero(flags) + 1
    return rows_text(len(where), where[:5])


def rows_text(count: int, first: Iterable[int]) -> str:
    """A number of rows and the first five ones' numbers, as errors write them."""
    shown = ", ".join(str(row) for row in first)
    shown_count = f"in {count} row{'s' if count != 1 else ''}"
    return f"{shown_count} (data row {shown}{', ...' if count > 5 else ''})" if shown else shown_count


def _number_column(columns: Columns, name: str, role: str) -> Floats:
    """A design column as numbers; text is refused with the cure."""
    variable = columns.survey.codebook[name]
    if len(variable.columns) > 1 or not columns.is_numeric(name):
        raise not_numbers(name, role)
    return floats_of(columns.raw(variable.columns[0] if variable.columns else name))


def not_numbers(name: str, role: str) -> UnusableDesign:
    """The error for a column of texts that ought to hold the ``weights`` and the like."""
    return UnusableDesign(
        f"{name} is not a column of numbers and cannot be the {role}.",
        cure="Name a numeric column; see the columns with: surveytool codebook FILE",
    )


def bad_replicates(rows: str) -> UnusableDesign:
    """The error for rows without usable replicate weights."""
    return UnusableDesign(f"replicate weights are missing, infinite or huge {rows}.", "--replicate-weights")


def bad_weights(name: str, kind: str, rows: str) -> UnusableDesign:
    """The error for weights with a fault, by its key in ``FAULTS``."""
    return UnusableDesign(
        f"weights {FAULTS[kind]} {rows}.",
        where=name,
        cure="Every respondent needs a weight of 0 or more; mend the column or drop those rows."
        if kind != "missing"
        else f"Mend the column, or count those who have a weight: --where '{name} > 0'.",
    )


def missing_unit(name: str, role: str, rows: str) -> UnusableDesign:
    """The error for respondents without stratum or unit."""
    return UnusableDesign(f"{role} is missing {rows}.", where=name, cure="Every respondent needs one; mend the column.")


def _weights(columns: Columns, design: Design, outside: Callable[[], Flags] | None = None) -> tuple[Floats, list[Note]]:
    if design.weights is None:
        return np.ones(columns.rows), [note("no_weights")]
    name = design.weights
    weights = _number_column(columns, name, "weights")
    weights, notes = _outside_is_none(weights, name, outside)
    for kind, bad in weight_faults(weights).items():
        if bad.any():
            raise bad_weights(name, kind, _rows(bad))
    if not (weights > 0).any():
        raise UnusableDesign("every weight is 0.", where=name)
    zeros = int((weights == 0).sum()) - sum(int(str(dict(note.values)["n"])) for note in notes)
    return weights, [*notes, note("zero_weights", n=zeros)] if zeros else notes


def _outside_is_none(weights: Floats, name: str, outside: Callable[[], Flags] | None) -> tuple[Floats, list[Note]]:
    """Weights with 0 for those who have none and are outside of every domain: a subsample's weights are such."""
    blank = np.isnan(weights)
    if outside is None or not blank.any():
        return weights, []
    out = outside()
    if (blank & ~out).any():
        return weights, []
    return np.where(blank, 0.0, weights), [note("blank_weights", column=name, n=int(blank.sum()))]


def _labels_and_keys(columns: Columns, name: str, role: str) -> tuple[list[str], Keys]:
    """A design column as labels and codes [rows]; blanks and declared missing kinds are refused."""
    variable = columns.survey.codebook[name]
    if len(variable.columns) > 1:
        raise UnusableDesign(f"{name} has several columns and cannot be the {role}.")
    keys, values = keys_of(columns.raw(variable.columns[0] if variable.columns else name))
    missing_codes = {code_text(level.code) for level in variable.levels if level.missing is not None}
    gone = [code_text(value) in missing_codes for value in values] if missing_codes else [False] * len(values)
    missing = np.array([*gone, True])[keys]
    if missing.any():
        raise missing_unit(name, role, _rows(missing))
    if variable.sensitive or variable.kind in ("id", "text") or 2 * len(values) > columns.respondents:
        return [f"#{index}" for index in range(1, len(values) + 1)], keys.astype(np.intp)  # respondents, not names
    named = {code_text(level.code): level.label for level in variable.levels}
    return [named.get(code_text(value), code_text(value)) for value in values], keys.astype(np.intp)


def read_units(
    columns: Columns, design: Design, weight: float, sizes: NDArray[np.int64] | None = None
) -> tuple[Keys, Units, list[Note]]:
    """The stages of sampling; the rows' finest unit that carries variance.

    ``sizes`` [rows] says how many respondents each row stands for, where rows are
    distinct combinations of the design's columns; ``weight`` is the sum of weights.
    Raises ``UnusableDesign``.
    """
    everybody = columns.rows if sizes is None else int(sizes.sum())

    notes: list[Note] = []
    labels, stratum = ["all"], np.zeros(columns.rows, dtype=np.intp)
    if design.strata is not None:
        labels, stratum = _labels_and_keys(columns, design.strata, "stratum")
    if len(design.fpc) > len(design.psu) + 1:
        raise UnusableDesign("more --fpc than stages.", cure="Give one --fpc for each --psu, in the same order.")
    parents = [(stratum, len(labels))]
    for index, name in enumerate(design.psu):
        _, key = _labels_and_keys(columns, name, "PSU" if index == 0 else f"unit of stage {index + 1}")
        above, _ = parents[-1]
        if index == 0 and design.strata is not None:
            notes += _reused(design, name, key, above)
        combined = above * (int(key.max(initial=0)) + 1) + key
        distinct, unit = np.unique(combined, return_inverse=True)
        parents.append((unit.astype(np.intp), len(distinct)))
        if not design.fpc:
            break  # later stages matter only where the first one has a finite population
    rows_are_units = len(design.fpc) == len(design.psu) + 1 and len(design.psu) > 0
    if rows_are_units:
        parents.append((np.arange(columns.rows, dtype=np.intp), columns.rows))
    tied = design.calibrated is not None and design.replicates is None
    if tied and len(parents) == 1:
        parents.append((np.arange(columns.rows, dtype=np.intp), columns.rows))  # residuals need every respondent
    element = not tied and (len(parents) == 1 or (len(parents) == 2 and parents[1][1] == everybody))
    stages = _stages(columns, design, parents, element, sizes)
    unit = parents[0][0] if element else parents[-1][0]
    units = Units(
        strata=tuple(labels), stages=stages, lonely_psu=design.lonely_psu, rows=everybody, weight=weight, df=design.df,
    )  # fmt: skip
    return unit, units, notes


def _reused(design: Design, name: str, psu: Keys, stratum: Keys) -> list[Note]:
    """PSU codes that stand in several strata: different PSUs with a note, or an error with --no-nest."""
    many = int(stratum.max(initial=0)) + 1
    pairs = np.unique(psu.astype(np.int64) * many + stratum)
    reused = int((np.bincount(pairs // many) > 1).sum())
    if not reused:
        return []
    if not design.nest:
        raise UnusableDesign(
            f"{reused} PSU codes stand in more than one stratum.",
            where=name,
            cure="If they are different PSUs leave --no-nest out; if not, mend the strata.",
        )
    return [note("nested_psu", n=reused)]


def _stages(
    columns: Columns, design: Design, parents: list[tuple[Keys, int]], element: bool, sizes: NDArray[np.int64] | None
) -> tuple[Stage, ...]:
    if element:
        stratum, count = parents[0]
        sampled = np.bincount(stratum, sizes, minlength=count).astype(np.float64)
        population = _population(columns, design, 0, stratum, sampled)
        return (Stage(parent=None, sampled=sampled, population=population),)
    stages = []
    for index, ((above, above_count), (unit, count)) in enumerate(pairwise(parents)):
        parent = np.zeros(count, dtype=np.intp)
        parent[unit] = above
        sampled = np.bincount(parent, minlength=above_count).astype(np.float64)
        population = _population(columns, design, index, above, sampled)
        stages.append(Stage(parent=parent, sampled=sampled, population=population))
    return tuple(stages)


def _population(columns: Columns, design: Design, stage: int, above: Keys, sampled: Floats) -> Floats:
    """Population sizes [parents] of one stage: given as counts, or as sampling fractions up to 1."""
    if stage >= len(design.fpc):
        return np.full(len(sampled), np.inf)
    name = design.fpc[stage]
    given = _number_column(columns, name, "finite population correction")
    bad = np.isnan(given) | (given <= 0)
    if bad.any():
        rows = _rows(bad) if columns.sizes is None else rows_text(columns.count(bad), ())  # patterns have no rows
        raise UnusableDesign(f"the finite population correction is missing, zero or negative {rows}.", where=name)
    if (given > 1).any() and (given < 1).any():
        raise UnusableDesign(
            "mixes population sizes (above 1) and sampling fractions (below 1).",
            where=name,
            cure="Give one or the other.",
        )
    low, high = np.full(len(sampled), np.inf), np.full(len(sampled), -np.inf)
    np.minimum.at(low, above, given)
    np.maximum.at(high, above, given)
    if ((high - low) > 1e-9 * np.abs(high)).any():
        what = "stratum" if stage == 0 else f"unit of stage {stage}"
        raise UnusableDesign(
            f"the finite population correction varies within a {what}.",
            where=name,
            cure="It must be the same for every respondent of one.",
        )
    population = low if (given > 1).any() else sampled / low
    if (population < sampled * (1 - 1e-9)).any():
        raise UnusableDesign(
            "the population is smaller than the sample in some strata.", where=name, cure="Check the column."
        )
    return population


def _replicates(
    columns: Columns, design: Design, weights: Floats, names: tuple[str, ...]
) -> tuple[Floats | None, float, Floats | None, bool, list[Note]]:
    given = design.replicates
    if given is None:
        return None, 1.0, None, False, []
    matrix = np.empty((columns.rows, len(names)), order="F")
    bad = np.zeros(columns.rows, dtype=bool)
    for index, name in enumerate(names):
        column = _number_column(columns, name, "replicate weights")
        bad |= ~(np.abs(column) <= LARGEST)
        matrix[:, index] = column if given.combined else column * weights
    if bad.any():
        raise bad_replicates(_rows(bad))
    scale, rscales, mse = replicate_scales(given, matrix.shape[1], lambda: largest_factors(matrix, weights))
    return matrix, scale, rscales, mse, replicate_notes(given, matrix.shape[1])


def replicate_notes(given: Replicates, count: int) -> list[Note]:
    """What a reader must know of replicate weights."""
    notes = [note("replicate_method", method=given.method, n=count)]
    if given.method == "jkn" and given.rscales is None:
        notes.append(note("jkn_rscales"))
    return notes


def replicate_scales(
    given: Replicates, count: int, factors: Callable[[], Floats]
) -> tuple[float, Floats, bool]:  # fmt: skip
    """``scale``, ``rscales`` [R] and ``mse``: given, or the method's own (R's svrepdesign).

    ``factors`` gives each replicate's largest factor of the main weight [R].
    Raises ``UnusableDesign`` or ``UsageError``.
    """
    scales = {
        "brr": 1 / count,
        "fay": 1 / (count * (1 - given.fay_rho) ** 2) if given.fay_rho < 1 else np.inf,
        "jk1": (count - 1) / count,
        "jkn": 1.0,
        "bootstrap": 1 / (count - 1),
        "sdr": 4 / count,
        "other": 1.0,
    }
    if given.method == "fay" and not 0 < given.fay_rho < 1:
        raise UsageError("the method fay needs --fay-rho between 0 and 1.", "--fay-rho")
    if given.method == "other" and given.scale is None and given.rscales is None:
        raise UsageError(
            "the method other needs --replicate-scale.", "--replicate-scale", "Or give --replicate-rscales."
        )
    rscales = np.ones(count)
    if given.rscales is not None:
        if len(given.rscales) not in (1, count):
            raise UnusableDesign(f"{len(given.rscales)} rscales for {count} replicate weights.")
        rscales = np.broadcast_to(np.asarray(given.rscales, dtype=np.float64), (count,)).copy()
    elif given.method == "jkn":
        rscales = _jackknife_scales(factors())
    mse = given.method == "sdr" if given.mse is None else given.mse
    return (scales[given.method] if given.scale is None else given.scale), rscales, mse


def largest_factors(matrix: Floats, weights: Floats) -> Floats:
    """The largest factor of the main weight in each replicate [R]."""
    positive = weights > 0
    return np.array([(column[positive] / weights[positive]).max() for column in matrix.T])


def _jackknife_scales(factors: Floats) -> Floats:
    """JKn: the replicate without one PSU of stratum h weights that stratum's others by n_h/(n_h - 1)."""
    units = factors / (factors - 1 + 1e-300)
    if (factors <= 1 + 1e-9).any() or (np.abs(units - np.round(units)) > 1e-3 * units).any():
        raise UnusableDesign(
            "the scale of the jkn replicates cannot be read from the weights.",
            where="--replicate-method",
            cure="Give them with --replicate-rscales.",
        )
    rscales: Floats = 1 / factors
    return rscales
