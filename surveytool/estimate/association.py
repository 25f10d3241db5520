"""Tests of association in a two-way table of weighted counts.

Rao and Scott (1984) correct Pearson's statistic for the design; the second-order
form refers it to an F distribution (Thomas and Rao 1987), as R's ``svychisq``.
The Wald tests ask whether all interactions of the counts are zero (Koch, Freeman
and Freeman 1975). Respondents with both answers are the domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.estimate.covariance import covariance
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


NAMES = ("rao-scott-f", "rao-scott-chisq", "wald", "adjusted-wald")


@frozen
class TwoWay:
    """A table of weighted counts: ``maps`` [rows * columns, G, K, M] makes them from the totals."""

    cells: Cells
    maps: Floats
    rows: int
    columns: int
    n: int
    df: float

    def counts(self, totals: Floats) -> Floats:
        """Weighted counts [rows * columns], row by row."""
        counted: Floats = np.einsum("cgkm,gkm->c", self.maps, totals)
        return counted


@frozen
class Outcome:
    """A statistic and where it stands in its reference distribution; NaN where it cannot be had."""

    statistic: float
    df1: float
    df2: float | None
    p: float


def trimmed(table: TwoWay) -> TwoWay:
    """The table without its empty rows and columns."""
    from dataclasses import replace

    counts = table.counts(table.cells.totals()).reshape(table.rows, table.columns)
    rows, columns = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    shaped = table.maps.reshape(table.rows, table.columns, *table.maps.shape[1:])[rows][:, columns]
    return replace(
        table,
        maps=shaped.reshape(-1, *table.maps.shape[1:]),
        rows=int(np.count_nonzero(rows)),
        columns=int(np.count_nonzero(columns)),
    )


def associations(table: TwoWay, names: tuple[str, ...]) -> dict[str, Outcome]:
    """The tests asked for, by name; none where the table has a single row or column."""
    table = trimmed(table)
    if table.rows < 2 or table.columns < 2:
        return {}
    outcomes: dict[str, Outcome] = {}
    if {"rao-scott-f", "rao-scott-chisq"} & set(names):
        outcomes |= rao_scott(table)
    if {"wald", "adjusted-wald"} & set(names):
        outcomes |= wald(table)
    return {name: outcomes[name] for name in names if name in outcomes}


def why_none(table: TwoWay, name: str) -> str:
    """Why a test has no answer: too few degrees of freedom, or nothing that could be inverted."""
    table = trimmed(table)
    interactions = (table.rows - 1) * (table.columns - 1)
    if interactions < 1:
        return "spread"
    needed = {"wald": interactions, "adjusted-wald": interactions}.get(name, 1)
    return "df" if table.df < needed else "singular"


def rao_scott(table: TwoWay) -> dict[str, Outcome]:
    """Pearson's X2 corrected to second order (F) and to first order (chi-square); R ``svychisq``."""
    from scipy.special import chdtrc, fdtrc

    def shares(totals: Floats) -> Floats:
        counts = table.counts(totals)
        proportions: Floats = counts / counts.sum()
        return proportions

    totals = table.cells.totals()
    p, size = shares(totals), table.counts(totals).sum()
    gradient = np.einsum("qc,cgkm->qgkm", (np.eye(len(p)) - p[:, None]) / size, table.maps)
    spread = covariance(table.cells, gradient, shares)
    square = p.reshape(table.rows, table.columns)
    expected = np.outer(square.sum(axis=1), square.sum(axis=0))
    pearson = float(table.n * ((square - expected) ** 2 / expected).sum())
    delta = _design_effects(table, p, expected.ravel(), spread)
    trace, square_trace = float(np.trace(delta)), float(np.trace(delta @ delta))
    if not (trace > 0 and square_trace > 0):
        return {}
    df = trace**2 / square_trace
    size_of = (table.rows - 1) * (table.columns - 1)
    f = pearson / trace
    first = float(chdtrc(size_of, pearson / (trace / size_of)))
    return {
        "rao-scott-f": Outcome(statistic=f, df1=df, df2=df * table.df, p=float(fdtrc(df, df * table.df, f))),
        "rao-scott-chisq": Outcome(statistic=pearson, df1=float(size_of), df2=None, p=first),
    }


def _design_effects(table: TwoWay, p: Floats, expected: Floats, matrix: Floats) -> Floats:
    """The generalised design effects, as a matrix with them as eigenvalues; ``matrix`` is the covariance of p.

    R's form weighs with the observed shares; it has no inverse where empty cells leave an interaction without
    respondents. There the expected shares weigh: n * diag(1/expected) * J found J' (J: residuals by shares), which has
    the same limit under independence (Rao and Scott 1984).
    """
    contrast = _interaction(table.rows, table.columns)
    inverse = np.diag(np.where(p == 0, 0.0, 1 / np.where(p == 0, 1.0, p)))
    simple = contrast.T @ (inverse / table.n) @ contrast
    if (p > 0).all() or np.linalg.matrix_rank(simple, hermitian=True) == len(simple):
        effects: Floats = np.linalg.solve(simple, contrast.T @ inverse @ matrix @ inverse @ contrast)
        return effects
    jacobian = _residuals_by_counts(p.reshape(table.rows, table.columns))
    weighed: Floats = table.n * (jacobian @ matrix @ jacobian.T) / expected[:, None]
    return weighed


def _residuals_by_counts(counts: Floats) -> Floats:
    """Derivatives of counts minus their expected ones by the counts [rows * columns, rows * columns]."""
    size, down, across = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    row, column = np.divmod(np.arange(counts.size), counts.shape[1])
    jacobian: Floats = np.eye(counts.size)
    jacobian -= (row[:, None] == row) * (across / size)[column][:, None]
    jacobian -= (column[:, None] == column) * (down / size)[row][:, None]
    jacobian += (np.outer(down, across) / size**2).reshape(-1, 1)
    return jacobian


def _interaction(rows: int, columns: int) -> Floats:
    """Interaction contrasts [rows * columns, (rows-1)(columns-1)], orthogonal to the main effects."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    by_row = (row[:, None] == np.arange(1, rows)).astype(float)
    by_column = (column[:, None] == np.arange(1, columns)).astype(float)
    main = np.column_stack([np.ones(rows * columns), by_row, by_column])
    both = (by_row[:, :, None] * by_column[:, None, :]).reshape(rows * columns, -1)
    fitted, *_ = np.linalg.lstsq(main, both, rcond=None)
    contrast: Floats = both - main @ fitted
    return contrast


def wald(table: TwoWay) -> dict[str, Outcome]:
    """Wald's test that no interaction is left in the counts, and its adjusted form; R ``svychisq``."""
    from scipy.special import fdtrc

    totals = table.cells.totals()
    counts = table.counts(totals).reshape(table.rows, table.columns)
    size, down, across = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    left = counts - np.outer(down, across) / size
    row, column = np.divmod(np.arange(counts.size), table.columns)
    jacobian = _residuals_by_counts(counts)
    matrix = covariance(table.cells, table.maps, table.counts)
    matrix = jacobian @ matrix @ jacobian.T
    used = np.flatnonzero((row > 0) & (column > 0))
    block = matrix[np.ix_(used, used)]
    if table.df <= 0 or np.linalg.matrix_rank(block, hermitian=True) < len(used):
        return {}
    statistic = float(left.ravel()[used] @ np.linalg.solve(block, left.ravel()[used]))
    df1 = float(len(used))
    df2 = table.df - df1 + 1
    plain, adjusted = statistic / df1, statistic * df2 / (df1 * table.df)
    outcomes = {"wald": Outcome(statistic=plain, df1=df1, df2=table.df, p=float(fdtrc(df1, table.df, plain)))}
    if df2 > 0:
        outcomes["adjusted-wald"] = Outcome(statistic=adjusted, df1=df1, df2=df2, p=float(fdtrc(df1, df2, adjusted)))
    return outcomes
