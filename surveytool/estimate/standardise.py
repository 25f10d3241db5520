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
from surveytool.estimate.covariance import covariance, degrees_of_freedom
from surveytool.estimate.statistic import Statistic
from surveytool.survey import Standard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def shares_of(cells: Cells, standard: Standard) -> Floats:
    """The standard's shares [A] in the order of the crossed cells' last variable, adding up to 1."""
    labels = list(dict.fromkeys(group[-1] for group in cells.breakdown.groups))
    given = dict(standard.shares)
    found = np.array([given.get(label, 0.0) for label in labels])
    shares: Floats = found / found.sum() if len(found) else found
    return shares


def outer(breakdown: Breakdown) -> Breakdown:
    """A crossed breakdown without its last variable."""
    groups = tuple(dict.fromkeys(group[:-1] for group in breakdown.groups))
    return replace(breakdown, names=breakdown.names[:-1], labels=breakdown.labels[:-1], groups=groups)


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


def standardised(cells: Cells, statistic: Statistic, shares: Floats) -> tuple[Floats, Floats, Floats]:
    """Estimate, variance [G, R] and degrees of freedom [G] of the standardised figures."""
    ages = len(shares)
    totals = cells.totals()
    used = shares > 0

    def value(changed: Floats) -> Floats:
        crossed = statistic.value(changed, cells.shift).reshape(len(changed) // max(ages, 1), ages, rows)
        made: Floats = (crossed[:, used] * shares[used][:, None]).sum(axis=1)
        return made

    rows = statistic.value(totals, cells.shift).shape[1]
    estimate = value(totals)
    gradient = np.nan_to_num(statistic.gradient(totals, cells.shift))
    groups = len(estimate)
    spread = np.zeros((groups, rows))
    df = np.zeros(groups)
    for g in range(groups):
        full = np.zeros((rows, *totals.shape))
        for a in np.flatnonzero(used):
            full[:, g * ages + a] = gradient[g * ages + a] * shares[a]
        found = covariance(cells, full, lambda changed, g=g: np.nan_to_num(value(changed)[g]))  # type: ignore[misc]
        spread[g] = np.diag(found)
        chosen = np.zeros(groups * ages, dtype=bool)
        chosen[g * ages : (g + 1) * ages] = True
        df[g] = degrees_of_freedom(cells, chosen)
    return estimate, np.where(np.isnan(estimate), np.nan, spread), df
