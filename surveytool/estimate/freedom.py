"""Degrees of freedom of figures: what the design has in the domain of each.

PSUs minus strata with respondents there; under replicate weights the rank of the domain's own replicate weights minus
one (R ``degf(subset(design))``), so that a jackknife and its PSUs say the same. What the user gives stands for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Replication
from surveytool.aggregate.replicate_rank import rank
from surveytool.estimate.stage_spread import freedom

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats


def by_group(cells: Cells) -> Floats:
    """Degrees of freedom of each group [G]."""
    if cells.replication is not None:
        return _of_domains(cells.replication, cells.n, np.eye(len(cells.n), dtype=bool))
    if cells.units.df is not None:
        return np.full(len(cells.n), float(cells.units.df))
    return freedom(cells.units, cells.present)


def together(cells: Cells, groups: Flags) -> float:
    """Degrees of freedom of the groups [G] as one domain."""
    if cells.replication is not None:
        return float(_of_domains(cells.replication, cells.n, groups[None])[0])
    if cells.units.df is not None:
        return float(cells.units.df)
    present = cells.present[:, groups].sum(axis=1, keepdims=True)
    return float(freedom(cells.units, present)[0])


def _of_domains(given: Replication, n: NDArray[np.int64], domains: Flags) -> Floats:
    """Degrees of freedom [D] of domains that are unions of groups [D, G]."""
    classes = given.classes
    if classes is None and given.bounded:
        return np.asarray(np.maximum(np.minimum(given.df, domains @ n - 1.0), 0.0), dtype=np.float64)
    if classes is None:
        return np.full(len(domains), given.df)
    df = np.zeros(len(domains))
    for index, groups in enumerate(domains):
        members = classes.members[:, groups].any(axis=1)
        key = np.packbits(members).tobytes()
        if not members.all() and key not in classes.ranks:
            classes.ranks[key] = _domain_rank(classes.factors[members], given.df + 1)
        df[index] = given.df if members.all() else classes.ranks[key] - 1
    return np.where(domains @ n > 0, np.maximum(df, 0.0), 0.0)


def _domain_rank(factors: Floats, most: float) -> float:
    """The rank of a domain's replicate weights, which is at most that of the whole sample."""
    if not len(factors):
        return 0.0
    few = 4 * factors.shape[1]
    if len(factors) > 2 * few:
        some = rank(factors[np.linspace(0, len(factors) - 1, few).astype(np.intp)])
        if some >= most:
            return most
    return min(rank(factors), most)
