"""The outcome explained by the covariates in the sample: linear, logistic or Poisson, by maximum likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats

STEPS = 100
CLOSE = 1e-12


@frozen
class OutcomeModel:
    """Coefficients [P] under a family."""

    coefficients: Floats
    family: str

    def predict(self, matrix: Floats) -> Floats:
        """The expected outcome of rows [rows, P]."""
        return _mean(matrix @ self.coefficients, self.family)

    def slope(self, matrix: Floats) -> Floats:
        """The derivative of the expected outcome by the linear predictor [rows]."""
        return _slope(matrix @ self.coefficients, self.family)


def outcome_model(matrix: Floats, outcome: Floats, family: str) -> OutcomeModel:
    """The model of an outcome [rows] by columns [rows, P].

    Raises ``UsageError`` where there is none: groups in which everybody, or nobody, has the outcome.
    """
    if family == "linear":
        solved: Any = np.linalg.lstsq(matrix, outcome, rcond=None)[0]
        return OutcomeModel(coefficients=solved, family=family)
    if family == "poisson" and (outcome < 0).any():
        raise UsageError("a Poisson outcome has no negative values.", "--family", "Write linear.")
    mean = float(outcome.mean())
    made = np.zeros(matrix.shape[1])
    made[0] = np.log(mean) if family == "poisson" else np.log(mean / (1 - mean)) if 0 < mean < 1 else 0.0
    for _ in range(STEPS):
        u = matrix @ made
        weight = _slope(u, family)
        score = matrix.T @ (outcome - _mean(u, family))
        step = np.linalg.pinv(matrix.T @ (matrix * weight[:, None]), rcond=1e-14, hermitian=True) @ score
        made = made + np.clip(step, -5, 5)
        if np.abs(step).max() < CLOSE * max(1.0, np.abs(made).max()):
            return OutcomeModel(coefficients=made, family=family)
    if np.abs(matrix @ made).max() > 20:
        raise UsageError(
            "the outcome's model has no solution: in some groups everybody, or nobody, has the outcome.", "--family",
            "Write --family linear, or merge groups.",
        )  # fmt: skip
    return OutcomeModel(coefficients=made, family=family)


def _mean(u: Floats, family: str) -> Floats:
    if family == "linear":
        return u
    return np.exp(np.clip(u, -500, 500)) if family == "poisson" else 1 / (1 + np.exp(-np.clip(u, -500, 500)))


def _slope(u: Floats, family: str) -> Floats:
    if family == "linear":
        return np.ones_like(u)
    p = _mean(u, family)
    return p if family == "poisson" else p * (1 - p)
