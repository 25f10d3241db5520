"""Coefficients under weights: statsmodels' iterations, sharpened to the last digits, or a refusal.

The matrix is made orthonormal first, so that a year or an income beside 0 and 1
costs no digits. A logistic or Poisson model whose answers the predictors part has
no finite solution; whether they do is a linear program (Albert and Anderson
1984), asked where the fit looks like it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.arrays import Floats


EXTREME = 1e-5  # a mean this near to the end of its range is looked at
SHARPER = 30
SHORT = 1e-10  # what a column says of its own, of its length, below which it says nothing


def mean_of(family: str, linear: Floats) -> Floats:
    """The mean [N] at a linear predictor [N]."""
    if family == "logistic":
        return 1 / (1 + np.exp(-np.clip(linear, -700, 700)))
    return np.exp(np.clip(linear, -700, 700)) if family == "poisson" else linear


def slope_of(family: str, mean: Floats) -> Floats:
    """The derivative of the mean [N], which is also the variance function of a canonical link."""
    if family == "logistic":
        return mean * (1 - mean)
    return mean if family == "poisson" else np.ones_like(mean)


def solve(matrix: Floats, outcome: Floats, weights: Floats, family: str, start: Floats | None = None) -> Floats:
    """Coefficients [P] that maximise the weighted likelihood; raises ``UsageError`` where there are none."""
    coefficients = solution(matrix, outcome, weights, family, start)
    if coefficients is None:
        raise UsageError(
            "the model has no finite solution.", "the formula",
            "A group may have one answer only; merge groups or leave a term out.",
        )  # fmt: skip
    return coefficients


def solution(
    matrix: Floats, outcome: Floats, weights: Floats, family: str, start: Floats | None = None
) -> Floats | None:  # fmt: skip
    """The coefficients [P], or None where there are none: too few rows, a term said twice, answers parted.

    Weights may be below zero, as some replicate weights are; a linear model then has its closed form.
    """
    if len(matrix) < matrix.shape[1] or not weights.sum() > 0:
        return None
    basis, triangle = np.linalg.qr(matrix)
    if (np.abs(np.diag(triangle)) <= SHORT * np.sqrt((matrix**2).sum(axis=0))).any():
        return None
    scaled = weights / np.abs(weights).mean()
    began = None if start is None else triangle @ start
    if family == "linear":
        sharpened = _sharpened(basis, outcome, scaled, family, np.zeros(matrix.shape[1]) if began is None else began)
    elif (weights < 0).any():
        sharpened = _from_start(basis, outcome, scaled, family, began)
    else:
        sharpened = _iterated(basis, outcome, scaled, family, began)
        sharpened = None if sharpened is None else _sharpened(basis, outcome, scaled, family, sharpened)
    if sharpened is None or (_looks_parted(family, basis @ sharpened, outcome) and parted(basis, outcome, family)):
        return None
    coefficients: Floats = np.linalg.solve(triangle, sharpened)
    return coefficients


def _from_start(basis: Floats, outcome: Floats, weights: Floats, family: str, began: Floats | None) -> Floats | None:
    """Newton's steps from the full sample's coefficients: statsmodels takes no weights below zero."""
    coefficients = np.zeros(basis.shape[1]) if began is None else began
    for _ in range(SHARPER):
        step = _step(basis, outcome, weights, family, coefficients)
        if step is None:
            return None
        coefficients = coefficients + step
        if not np.isfinite(coefficients).all():
            return None
        if float(np.abs(step).max()) < 1e-6 * max(1.0, float(np.abs(coefficients).max())):
            return _sharpened(basis, outcome, weights, family, coefficients)
    return None


def _iterated(basis: Floats, outcome: Floats, weights: Floats, family: str, start: Floats | None) -> Floats | None:
    """The coefficients that statsmodels comes to; None where it comes to none."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    families = {"linear": sm.families.Gaussian, "logistic": sm.families.Binomial, "poisson": sm.families.Poisson}
    model = sm.GLM(outcome, basis, family=families[family](), var_weights=weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            params = np.asarray(model.fit(start_params=start, maxiter=100, tol=1e-10).params, dtype=np.float64)
        except (PerfectSeparationError, np.linalg.LinAlgError, ValueError):
            return None
    return params if np.isfinite(params).all() else None


def _step(basis: Floats, outcome: Floats, weights: Floats, family: str, coefficients: Floats) -> Floats | None:
    """Newton's step from coefficients [columns]; None where the curvature has no inverse."""
    mean = mean_of(family, basis @ coefficients)
    curvature = basis.T @ (basis * (weights * slope_of(family, mean))[:, None])
    try:
        step = np.linalg.solve(curvature, basis.T @ (weights * (outcome - mean)))
    except np.linalg.LinAlgError:
        return None
    return np.asarray(step, dtype=np.float64)


def _sharpened(basis: Floats, outcome: Floats, weights: Floats, family: str, coefficients: Floats) -> Floats | None:
    """Newton's steps until they are as small as rounding; None where they do not shrink."""
    least = np.inf
    for _ in range(SHARPER):
        step = _step(basis, outcome, weights, family, coefficients)
        if step is None:
            return None
        size = float(np.abs(step).max()) / max(1.0, float(np.abs(coefficients).max()))
        if not size < least:
            break
        coefficients, least = coefficients + step, size
        if size < 1e-15:
            break
    return coefficients if least < 1e-8 else None


def _looks_parted(family: str, linear: Floats, outcome: Floats) -> bool:
    """Whether some mean is at the end of its range."""
    mean = mean_of(family, linear)
    if family == "logistic":
        return bool(np.minimum(mean, 1 - mean).min() < EXTREME)
    return family == "poisson" and bool(mean.min() < EXTREME * max(float(outcome.mean()), 1e-300))


def parted(matrix: Floats, outcome: Floats, family: str) -> bool:
    """Whether some direction of the matrix [N, P] only ever raises the likelihood: answers are separated.

    Logistic: a direction that is 0 or more for every 1 and 0 or less for every 0, and not 0 for all. Poisson: 0 for
    every count above 0 and 0 or less for every 0.
    """
    from scipy.optimize import linprog

    scale = np.abs(matrix).max(axis=0)
    rows = np.unique(np.column_stack([matrix / np.where(scale > 0, scale, 1), outcome > 0]), axis=0)
    x, positive = rows[:, :-1], rows[:, -1] > 0
    signed = np.where(positive, 1.0, -1.0)[:, None] * x if family == "logistic" else -x[~positive]
    if not len(signed):
        return False
    equal = {} if family == "logistic" else {"A_eq": x[positive], "b_eq": np.zeros(int(positive.sum()))}
    if family == "poisson" and not positive.any():
        return True
    program = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), **equal)
    return bool(program.status == 0 and -program.fun > 1e-6)
