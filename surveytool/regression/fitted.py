"""A fitted model as a value: the coefficients, and what each respondent has to do with them.

A respondent's linearised value is bread * x * (y - mu), as the links are canonical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen
from surveytool.regression.matrix import Matrix
from surveytool.regression.solve import mean_of, slope_of, solution, solve

if TYPE_CHECKING:
    from surveytool.arrays import Floats


@frozen
class Fitted:
    """Coefficients [P], what made them, and respondents' linearised values [rows, P] (weights left out)."""

    coefficients: Floats
    matrix: Floats
    outcome: Floats
    weights: Floats
    mean: Floats
    family: str
    influence: Floats


def fit_matrix(matrix: Matrix, outcome: Floats, weights: Floats, family: str) -> Fitted:
    """The coefficients [P] of outcome [N] under weights [N], and each respondent's linearised values [N, P]."""
    x = matrix.values
    coefficients = solve(x, outcome, weights, family)
    mean = mean_of(family, x @ coefficients)
    basis, triangle = np.linalg.qr(x)  # as in ``solve``: nothing is lost to a predictor far from zero
    information = basis.T @ (basis * (weights * slope_of(family, mean))[:, None])
    bread = np.linalg.solve(triangle, np.linalg.inv(information))
    influence = (basis * (outcome - mean)[:, None]) @ bread.T
    return Fitted(
        coefficients=coefficients, matrix=x, outcome=outcome, weights=weights, mean=mean, family=family,
        influence=influence,
    )  # fmt: skip


def refits(fitted: Fitted, replicates: Floats) -> Floats:
    """The coefficients [R, P] under each replicate weight [rows, R]; NaN where one gives no model.

    Replicate weights below zero count as they are, as in every other figure.
    """
    coefficients = np.full((replicates.shape[1], len(fitted.coefficients)), np.nan)
    for index, column in enumerate(replicates.T):
        used = column != 0
        solved = solution(fitted.matrix[used], fitted.outcome[used], column[used], fitted.family, fitted.coefficients)
        if solved is not None:
            coefficients[index] = solved
    return coefficients
