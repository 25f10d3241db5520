"""Average marginal effects: how much the mean outcome changes with one variable, the others as they are.

For a number the mean slope; for a category the mean difference to the first
group. The interval is unconditional: who is in the sample counts too, as each
respondent's own effect goes through the variance door with the coefficients'
linearised values (Stata ``margins, dydx() vce(unconditional)``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.respondents import Respondents
from surveytool.estimate.contrast import tested
from surveytool.estimate.covariance import covariance
from surveytool.estimate.result import Effect
from surveytool.regression.fitted import Fitted
from surveytool.regression.matrix import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP = 1e-4


def effects(
    matrix: Matrix, fitted: Fitted, people: Respondents, rows: Any, found: Floats, df: float, level: float
) -> tuple[Effect, ...]:
    """The effect of every variable of the formula's right side."""
    return tuple(
        _effect(name, own, slope, fitted, people, rows, found, df, level) for name, own, slope in _each(matrix, fitted)
    )


def _each(matrix: Matrix, fitted: Fitted) -> Iterator[tuple[str, Floats, Floats]]:
    """Name, respondents' own effects [rows] and their derivatives by the coefficients [rows, P]."""
    import pandas as pd

    for name, predictor in matrix.predictors.items():
        column = matrix.safe(name)
        if predictor.labels:
            base = _at(matrix, fitted, column, pd.Categorical([0], categories=range(len(predictor.labels))))
            for place in range(1, len(predictor.labels)):
                value = pd.Categorical([place], categories=range(len(predictor.labels)))
                changed = _at(matrix, fitted, column, value)
                yield f"{name}: {predictor.labels[place]}", changed[0] - base[0], changed[1] - base[1]
        else:
            values = np.asarray(matrix.frame[column], dtype=np.float64)
            step = STEP * max(float(values.std()), 1e-8)
            up, down = (_at(matrix, fitted, column, values + side * step) for side in (1, -1))
            yield name, (up[0] - down[0]) / (2 * step), (up[1] - down[1]) / (2 * step)


def _at(matrix: Matrix, fitted: Fitted, column: str, value: Any) -> tuple[Floats, Floats]:
    """Means [rows] and their derivatives [rows, P] with one variable changed."""
    import pandas as pd

    from surveytool.regression.solve import mean_of, slope_of

    frame = matrix.frame.copy()
    if isinstance(value, pd.Categorical):
        frame[column] = pd.Categorical.from_codes([int(value.codes[0])] * len(frame), categories=value.categories)
    else:
        frame[column] = value
    x = matrix.again(frame)
    mean = mean_of(fitted.family, x @ fitted.coefficients)
    return mean, slope_of(fitted.family, mean)[:, None] * x


def _effect(
    name: str, own: Floats, slope: Floats, fitted: Fitted, people: Respondents, rows: Any, found: Floats,
    df: float, level: float,
) -> Effect:  # fmt: skip
    """The weighted mean of respondents' own effects, its linearised values summed by unit."""
    total = fitted.weights.sum()
    value = float(fitted.weights @ own / total)
    pull = fitted.weights @ slope / total
    if people.replicates is None:
        influence = (own - value) / total + fitted.influence @ pull
        cells = people.cells(rows, influence[:, None])
        gradient = np.array([[[[0.0, 1.0]]]])
        variance = float(covariance(cells, gradient, lambda totals: totals[0, 0, 1:])[0, 0])
    else:
        variance = float(pull @ found @ pull)
    contrast = tested(value, variance, df, level)
    return Effect(
        term=name,
        estimate=value,
        se=contrast.se,
        p=_known(contrast.p),
        ci_low=_known(contrast.low),
        ci_high=_known(contrast.high),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
