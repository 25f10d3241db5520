"""Direct standardisation: every group's figure as if its shares of, say, age were given ones.

``theta_g = sum_a P_a theta_ga``; linear in the estimates of the crossed groups,
so its variance comes from their covariance (R ``svystandardize``, which
post-stratifies; SUDAAN ``STDVAR``). A group in which a standard group with a
share has no respondents has no standardised figure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Breakdown, Cells
from surveytool.estimate.covariance import covariance
from surveytool.estimate.freedom import together
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.statistic import Statistic
from surveytool.estimate.variance import under_replicates
from surveytool.notes import Note
from surveytool.survey import Standard

if TYPE_CHECKING:
    from surveytool.arrays import Floats


def shares_of(cells: Cells, standard: Standard) -> Floats:
    """The standard's shares [A] in the order of the crossed cells' last variable, adding up to 1."""
    breakdown = cells.breakdown
    labels = {codes[-1]: group[-1] for codes, group in zip(breakdown.codes, breakdown.groups, strict=True)}
    weights = np.array([standard.of(code, label) for code, label in labels.items()])
    shares: Floats = weights / weights.sum() if len(weights) else weights
    return shares


def outer(breakdown: Breakdown) -> Breakdown:
    """A crossed breakdown without its last variable."""
    groups = {codes[:-1]: labels[:-1] for codes, labels in zip(breakdown.codes, breakdown.groups, strict=True)}
    return replace(
        breakdown, names=breakdown.names[:-1], labels=breakdown.labels[:-1], groups=tuple(groups.values()),
        codes=tuple(groups),
    )  # fmt: skip


def collapsed(cells: Cells, ages: int) -> Cells:
    """The crossed cells with counts per group for rows; totals stay crossed."""
    count, ages = cells.count, max(ages, 1)
    return replace(
        cells,
        breakdown=outer(cells.breakdown),
        n=cells.n.reshape(-1, ages).sum(axis=1),
        n_weighted=cells.n_weighted.reshape(-1, ages).sum(axis=1),
        weights_squared=cells.weights_squared.reshape(-1, ages).sum(axis=1),
        count=None if count is None else count.reshape(-1, ages, count.shape[1]).sum(axis=1),
    )


def standardised(
    cells: Cells, statistic: Statistic, shares: Floats
) -> tuple[Floats, Floats, Floats, tuple[Note, ...]]:  # fmt: skip
    """Estimate, variance [G, R] and degrees of freedom [G] of the standardised figures, and what to know of them."""
    ages = max(len(shares), 1)
    used = shares > 0

    def value(changed: Floats, shift: float) -> Floats:
        every = statistic.value(changed, shift)
        crossed = every.reshape(len(every) // ages, ages, every.shape[1])
        standardised_value: Floats = (crossed[:, used] * shares[used][:, None]).sum(axis=1)
        return standardised_value

    estimate = value(cells.totals(), cells.shift)
    groups = len(estimate)
    df = np.array([together(cells, np.arange(groups * ages) // ages == group) for group in range(groups)])
    if cells.replication is not None:
        replicates = spread(cells.replication, under_replicates(cells, replace(statistic, value=value)), estimate)
        return (
            estimate,
            np.where(np.isnan(estimate), np.nan, (replicates.deviations**2).sum(axis=0)),
            df,
            replicates.notes,
        )
    return estimate, np.where(np.isnan(estimate), np.nan, _linearised(cells, statistic, shares)), df, ()


def _linearised(cells: Cells, statistic: Statistic, shares: Floats) -> Floats:
    """Variances [G, R] of the standardised figures from the covariances of the crossed ones."""
    totals, ages = cells.totals(), max(len(shares), 1)
    gradient = np.nan_to_num(statistic.gradient(totals, cells.shift))
    rows = gradient.shape[1]
    variances = np.zeros((len(totals) // ages, rows))
    for group in range(len(variances)):
        full = np.zeros((rows, *totals.shape))
        for age in np.flatnonzero(shares > 0):
            full[:, group * ages + age] = gradient[group * ages + age] * shares[age]
        variances[group] = np.diag(covariance(cells, full, lambda changed: changed[0]))
    return variances
