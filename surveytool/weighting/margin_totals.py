"""What a calibration has to meet: columns, totals, and how uncertain these are.

Margins that are estimates bring a covariance. Fuller (1998) writes it into the replicates: with the eigenvectors v of
the covariance, replicate k gets the totals t + v_k / sqrt(scale * rscale_k), so that the spread of the replicates
holds the variance of the totals. Opsomer and Erciulescu (2021) take the reference survey's own replicate totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys
    from surveytool.weighting.margins import Margin


@frozen
class MarginTotals:
    """Columns [rows, P], totals [P], and the variable and group of each column.

    ``covariance`` [P, P] is None where the totals are known; ``replicated`` [Q, P] are the totals of a reference
    survey's replicates, which ``spread`` [Q] scales to its variance. ``floating``: the population is the sum of the
    weights themselves, of each replicate its own.
    """

    matrix: Floats
    totals: Floats
    names: tuple[tuple[str, str | None], ...]
    covariance: Floats | None = None
    replicated: Floats | None = None
    spread: Floats | None = None
    floating: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether the totals are estimates."""
        return self.covariance is not None or self.replicated is not None

    def variables(self) -> tuple[str, ...]:
        """The variables, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.names))

    def without(self, variable: str) -> MarginTotals:
        """The same but for one variable's margin, as if the totals were known."""
        kept = np.array([name != variable for name, _ in self.names])
        names = tuple(name for name in self.names if name[0] != variable)
        return MarginTotals(matrix=self.matrix[:, kept], totals=self.totals[kept], names=names)


def covariance_of(margins: tuple[Margin, ...], scales: list[float]) -> Floats | None:
    """The covariance [P, P] of totals whose standard errors are given; None where none is.

    ``scales`` bring each margin's targets to totals. Groups whose sum is fixed hang together as shares of a sample do
    (the correlations of a multinomial), and their errors sum to 0.
    """
    if not any(margin.errors for margin in margins):
        return None
    categories = [margin for margin in margins if not margin.number]
    blocks = []
    for margin, scale in zip(margins, scales, strict=True):
        values = np.array([value for _, value in margin.targets])
        errors = np.array(margin.errors or [0.0] * len(values)) * scale
        fixed = not margin.number and len(values) > 1 and (margin.shares or len(categories) > 1)
        blocks.append(_of_shares(values / values.sum(), errors) if fixed else np.diag(errors**2))
    size = sum(len(block) for block in blocks)
    whole, first = np.zeros((size, size)), 0
    for block in blocks:
        whole[first : first + len(block), first : first + len(block)] = block
        first += len(block)
    return whole


def _of_shares(shares: Floats, errors: Floats) -> Floats:
    """Covariances [K, K] of K shares with these errors, without a part along their sum."""
    odds = np.sqrt(shares / np.maximum(1 - shares, 1e-300))
    correlation = -np.outer(odds, odds)
    np.fill_diagonal(correlation, 1.0)
    centre = np.eye(len(shares)) - 1 / len(shares)
    made: Floats = centre @ (correlation * np.outer(errors, errors)) @ centre
    return made


def replicate_totals(margins: MarginTotals, scales: Floats, seed: int) -> Floats:
    """The totals of the main weight and every replicate [1 + R, P]; ``scales`` [R] are scale times rscales.

    Raises ``UsageError`` where there are fewer replicates than uncertain directions.
    """
    totals = np.repeat(margins.totals[None], len(scales) + 1, axis=0)
    if margins.replicated is not None and margins.spread is not None:
        if len(margins.replicated) > len(scales):
            raise UsageError(
                f"the reference survey has {len(margins.replicated)} replicates, and there are {len(scales)} here.",
                "--replicates", f"Write bootstrap:{len(margins.replicated)}, or the reference method fuller.",
            )  # fmt: skip
        places = np.random.default_rng(seed).permutation(len(scales))[: len(margins.replicated)]
        apart = np.sqrt(margins.spread / scales[places])[:, None] * (margins.replicated - margins.totals)
        totals[1 + places] += apart
        return totals
    if margins.covariance is None or not len(scales):
        return totals
    directions = uncertain_directions(margins.covariance)
    if len(directions) > len(scales):
        raise UsageError(
            f"{len(directions)} uncertain margins need as many replicates; there are {len(scales)}.", "--replicates",
            "Write bootstrap:200.",
        )  # fmt: skip
    count = len(directions)
    totals[1 : 1 + count] += directions / np.sqrt(scales[:count])[:, None]
    return totals


def uncertain_directions(covariance: Floats) -> Floats:
    """Eigenvectors times the root of their eigenvalue [P, P], the largest first; their cross product is the covariance.

    Raises ``UsageError`` for a matrix that is no covariance.
    """
    from scipy.linalg import eigh

    if not np.isfinite(covariance).all() or not np.allclose(covariance, covariance.T, rtol=1e-8, atol=0.0):
        raise UsageError("the covariance of the margins is not symmetric.", "--covariance", "Mend the file.")
    values, vectors = eigh(covariance, driver="evr")
    if values.min(initial=0.0) < -1e-8 * max(values.max(initial=0.0), 1e-300):
        raise UsageError("the covariance of the margins has a negative variance.", "--covariance", "Mend the file.")
    order = np.argsort(-values, kind="stable")
    made: Floats = (vectors[:, order] * np.sqrt(np.maximum(values[order], 0.0))).T
    return made


def linear_covariance(values: Floats, weights: Floats, stratum: Keys, unit: Keys) -> Floats:
    """The covariance [P, P] of weighted totals of values [rows, P] under a design of strata and first-stage units."""
    count = int(unit.max(initial=-1)) + 1
    totals = np.stack([np.bincount(unit, weights * column, minlength=count) for column in values.T], axis=1)
    above = np.zeros(count, dtype=np.intp)
    above[unit] = stratum
    sizes = np.bincount(above).astype(np.float64)
    means = np.stack([np.bincount(above, column) for column in totals.T], axis=1) / np.maximum(sizes, 1)[:, None]
    apart = totals - means[above]
    factor = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)[above]
    made: Floats = apart.T @ (apart * factor[:, None])
    return made


def redistributed(margins: MarginTotals, sums: Flags, totals: Floats) -> Floats:
    """Totals [R, P] where a group without anybody in a replicate gives its share to the others of its margin.

    ``sums`` [R, P] says which groups have somebody.
    """
    made = totals.copy()
    for variable in margins.variables():
        place = np.array([name == variable and label is not None for name, label in margins.names])
        if not place.any():
            continue
        own, here = made[:, place], sums[:, place]
        whole, kept = own.sum(axis=1), np.where(here, own, 0.0).sum(axis=1)
        made[:, place] = np.where(here, own * (whole / np.where(kept > 0, kept, 1.0))[:, None], 0.0)
    return made
