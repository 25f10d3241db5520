"""The variances that R's nonprobsvy 0.2 prints, for comparison: they are not the linearised ones of ``estimators``.

Three things differ, as its formulas stand: the part of the model is added to the outcome's where it should be taken
off; the squares of the logit's maximum likelihood are over p, not over p squared; and in the doubly robust variance
chances are matched with other people than their own (the reference's rows stand first in one list, the sample's in
the other). The size of the population counts as known. What is said here holds for its versions 0.2.0 to 0.2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.adjustment.estimators import Adjusted
from surveytool.adjustment.outcome_model import OutcomeModel
from surveytool.adjustment.participation import Chances
from surveytool.adjustment.two_samples import TwoSamples

if TYPE_CHECKING:
    from surveytool.arrays import Floats


def printed_ipw(samples: TwoSamples, model: Chances, outcome: Floats, estimate: float) -> Adjusted | None:
    """The variance of the weighted mean of an outcome [A], as printed there; None for links other than the logit."""
    if model.link != "logit":
        return None
    x, p, size = samples.matrix, model.sample, samples.reference.size
    power = 2 if model.calibrated else 1
    pull = _inverse(model) @ (x.T @ ((1 - p) / p * outcome))
    first, second = (1 - p) / p**power, (1 - p) / p ** (power - 1)
    crossed = x.T @ (first * outcome)
    own = float(first @ outcome**2) + 2 * float(pull @ crossed) + float(pull @ (x.T @ (x * second[:, None])) @ pull)
    there = _spread(samples, _reference_slope(samples, model) * (samples.reference.matrix @ pull))
    return Adjusted(estimate=estimate, sample_variance=own / size**2, reference_variance=there / size**2)


def _inverse(model: Chances) -> Floats:
    return np.asarray(np.linalg.pinv(model.information, rcond=1e-13, hermitian=True), dtype=np.float64)


def _reference_slope(samples: TwoSamples, model: Chances) -> Floats:
    return np.ones(samples.reference.rows) if model.calibrated else model.reference


def printed_doubly_robust(
    samples: TwoSamples, chances: Chances, model: OutcomeModel, outcome: Floats, estimate: float
) -> Adjusted | None:
    """The variance of the doubly robust mean of an outcome [A], as printed there; None for other links."""
    if chances.link != "logit":
        return None
    x, reference, size = samples.matrix, samples.reference, samples.reference.size
    p = np.concatenate([chances.sample, chances.reference])[reference.rows :]
    left = outcome - model.predict(x)
    left = left - left.sum() / size
    pull = _inverse(chances) @ (x.T @ ((1 - p) / p * left))
    apart = (left - x @ pull) / p if chances.calibrated else left / p - x @ pull
    own = float(((1 - p) * apart**2).sum()) / size**2
    if not reference.rows:
        return Adjusted(estimate=estimate, sample_variance=own, reference_variance=0.0)
    values = _reference_slope(samples, chances) * (reference.matrix @ pull) + model.predict(reference.matrix)
    return Adjusted(estimate=estimate, sample_variance=own, reference_variance=reference.mean(values)[1])


def _spread(samples: TwoSamples, values: Floats) -> float:
    return float(samples.reference.covariance(values[:, None])[0, 0]) if samples.reference.rows else 0.0
