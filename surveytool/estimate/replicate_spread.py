"""The one formula of replicate weights: deviations of a figure under each replicate, scaled.

``Var = scale * sum_r rscales_r (theta_r - centre)^2`` (Wolter 2007; R ``svrVar``). A replicate under which the
figure has no value (a group whose members all have the replicate weight 0) says nothing of its spread: it is left
out, of the centre too, and counted. Where figures are set against one another it is left out for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Replication
from surveytool.frozen import frozen
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from surveytool.arrays import Floats


@frozen
class Spread:
    """``deviations`` [replicates, ...], scaled: sums of their products are (co)variances; ``dropped`` replicates."""

    deviations: Floats
    dropped: int

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know of it."""
        return (note("replicates_dropped", n=self.dropped),) if self.dropped else ()


def spread(given: Replication, values: Floats, estimate: Floats, *, together: bool = False) -> Spread:
    """The spread of ``values`` [replicates, ...] about the estimate [...] (mse) or about their own mean.

    ``together``: a replicate without a value of one figure is without a value of all. Figures that have no estimate
    do not count. Where no replicate has a value the deviations are NaN.
    """
    asked = np.isfinite(estimate)
    finite = np.isfinite(values) & asked
    if together:
        axes = tuple(range(1, values.ndim))
        finite &= (finite | ~asked).all(axis=axes, keepdims=True)
    active = finite & (given.rscales > 0).reshape(-1, *(1 for _ in estimate.shape))
    filled = np.where(finite, values, 0.0)
    centre = estimate if given.mse else _divide(np.where(active, filled, 0.0).sum(axis=0), active.sum(axis=0))
    scale = np.sqrt(given.scale * given.rscales).reshape(-1, *(1 for _ in estimate.shape))
    deviations = np.where(finite, (filled - centre) * scale, 0.0)
    deviations = np.where(asked & ~finite.any(axis=0), np.nan, deviations)
    missing = (~finite & asked).reshape(len(values), -1).any(axis=1)
    return Spread(deviations=deviations, dropped=int(missing.sum()))


def _divide(above: Floats, below: Floats) -> Floats:
    return np.where(below > 0, above / np.maximum(below, 1), np.nan)
