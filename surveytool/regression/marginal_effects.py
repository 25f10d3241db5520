"""Average marginal effects: how much the mean outcome changes with one variable, the others as they are.

For a number the mean slope; for a category the mean difference to the first
group. The interval is unconditional: who is in the sample counts too, as each
respondent's own effect goes through the variance door with the coefficients'
linearised values, and under each replicate weight the effect is computed anew
(Stata ``margins, dydx() vce(unconditional)``; R ``withReplicates``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.respondents import Respondents
from surveytool.estimate.contrast import tested
from surveytool.estimate.covariance import covariance
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.result import Effect
from surveytool.frozen import frozen
from surveytool.regression.fitted import Fitted
from surveytool.regression.matrix import Matrix
from surveytool.regression.solve import mean_of, slope_of

if TYPE_CHECKING:
    from surveytool.arrays import Floats


STEP = 1e-4


@frozen
class Sampled:
    """What the variance of an effect needs: respondents, their rows, the replicates' coefficients [R, P] if any."""

    people: Respondents
    rows: Any
    fits: Floats | None
    df: float
    level: float


@frozen
class Change:
    """A change of one variable: the matrices [rows, P] after and before, and its size."""

    term: str
    after: Floats
    before: Floats
    size: float

    def own(self, family: str, coefficients: Floats) -> Floats:
        """Every respondent's own effect [rows]."""
        apart = mean_of(family, self.after @ coefficients) - mean_of(family, self.before @ coefficients)
        return apart / self.size

    def slope(self, family: str, coefficients: Floats) -> Floats:
        """Its derivatives by the coefficients [rows, P]."""
        parts = [slope_of(family, mean_of(family, x @ coefficients))[:, None] * x for x in (self.after, self.before)]
        return (parts[0] - parts[1]) / self.size


def effects(matrix: Matrix, fitted: Fitted, sampled: Sampled) -> tuple[Effect, ...]:
    """The effect of every variable of the formula's right side."""
    return tuple(_effect(change, fitted, sampled) for change in _changes(matrix))


def _changes(matrix: Matrix) -> Iterator[Change]:
    """A number a little up and down; a category at each later group and at the first."""
    for name, predictor in matrix.predictors.items():
        column = matrix.safe(name)
        if predictor.labels:
            groups = len(predictor.labels)
            first = _at(matrix, column, _all_of(matrix, 0, groups))
            for index in range(1, groups):
                after = _at(matrix, column, _all_of(matrix, index, groups))
                yield Change(term=f"{name}: {predictor.labels[index]}", after=after, before=first, size=1.0)
        else:
            values = np.asarray(matrix.frame[column], dtype=np.float64)
            step = STEP * max(float(values.std()), 1e-8)
            up, down = (_at(matrix, column, values + side * step) for side in (1, -1))
            yield Change(term=name, after=up, before=down, size=2 * step)


def _all_of(matrix: Matrix, index: int, groups: int) -> Any:
    """A column in which everybody is in one group."""
    import pandas as pd

    return pd.Categorical.from_codes([index] * len(matrix.frame), categories=range(groups))


def _at(matrix: Matrix, column: str, values: Any) -> Floats:
    """The design matrix with one variable changed."""
    frame = matrix.frame.copy()
    frame[column] = values
    return matrix.again(frame)


def _effect(change: Change, fitted: Fitted, sampled: Sampled) -> Effect:
    """The weighted mean of respondents' own effects, and its interval."""
    changes = change.own(fitted.family, fitted.coefficients)
    value = float(fitted.weights @ changes / fitted.weights.sum())
    if sampled.fits is None:
        variance = _linearised(change, fitted, sampled, changes - value)
    else:
        variance = _replicated(change, fitted, sampled, value)
    outcome = tested(value, variance, sampled.df, sampled.level)
    return Effect(
        term=change.term, estimate=value, se=outcome.se, p=_finite(outcome.p), ci_low=_finite(outcome.low),
        ci_high=_finite(outcome.high),
    )  # fmt: skip


def _linearised(change: Change, fitted: Fitted, sampled: Sampled, deviations: Floats) -> float:
    """The variance of the linearised values, summed by unit."""
    total = fitted.weights.sum()
    pull = fitted.weights @ change.slope(fitted.family, fitted.coefficients) / total
    influence = deviations / total + fitted.influence @ pull
    cells = sampled.people.cells(sampled.rows, influence[:, None])
    gradient = np.array([[[[0.0, 1.0]]]])
    return float(covariance(cells, gradient, lambda totals: totals[0, 0, 1:])[0, 0])


def _replicated(change: Change, fitted: Fitted, sampled: Sampled, value: float) -> float:
    """The variance of the effect under each replicate weight, from the replicate's own coefficients."""
    assert sampled.fits is not None and sampled.people.replicates is not None
    given = sampled.people.cells(sampled.rows, np.zeros((len(sampled.rows), 0))).replication
    assert given is not None
    weights = sampled.people.replicates[sampled.rows]
    pairs = zip(weights.T, sampled.fits, strict=True)
    values = [column @ change.own(fitted.family, fit) / column.sum() for column, fit in pairs]
    replicates = spread(given, np.array(values)[:, None], np.array([value]), together=True)
    return float((replicates.deviations**2).sum())


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
