"""Three estimators of a population mean from a sample that chose itself, with linearised variances in two parts.

``ipw`` weighs participants by the inverse of their chance (Chen, Li and Wu 2020), ``impute`` gives the reference's
respondents the outcome that the sample's model expects (Kim and others 2021), ``dr`` does both. The sample's part
of a variance is that of who took part (Poisson sampling with the chances), the reference's that of its design.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.adjustment.links import odds_slope, sample_slope, slope
from surveytool.adjustment.outcome_model import OutcomeModel
from surveytool.adjustment.participation import Chances
from surveytool.adjustment.two_samples import TwoSamples
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


@frozen
class Adjusted:
    """A mean, and its variance from who took part and from the reference's sampling."""

    estimate: float
    sample_variance: float
    reference_variance: float


@frozen
class Domain:
    """Who is counted, 0 or 1: of the sample [A] and of the reference [B]; ``whole`` where everybody is.

    ``own_size`` divides weighted sums by the sum of their own weights, not by the reference's.
    """

    sample: Floats
    reference: Floats
    whole: bool = True
    own_size: bool = False

    @property
    def relative(self) -> bool:
        """Whether sums are divided by their own weights."""
        return self.own_size or not self.whole


def everybody(samples: TwoSamples, *, own_size: bool = False) -> Domain:
    """All of the population."""
    return Domain(sample=np.ones(len(samples.matrix)), reference=np.ones(samples.reference.rows), own_size=own_size)


def ipw(samples: TwoSamples, model: Chances, outcome: Floats, domain: Domain) -> Adjusted:
    """The mean of an outcome [A] weighted by 1/p: over the reference's size, or over the weights' own."""
    weights = model.weights * domain.sample
    size = float(weights.sum()) if domain.relative else samples.reference.size
    mean = float(weights @ outcome) / size
    left = (outcome - mean) * domain.sample if domain.relative else outcome
    own, there = _pulled(samples, model, left)
    if not domain.relative:
        there = there - mean
    return Adjusted(
        estimate=mean, sample_variance=float(((1 - model.sample) * own**2).sum()) / size**2,
        reference_variance=_spread(samples, there) / size**2,
    )  # fmt: skip


def _pulled(samples: TwoSamples, model: Chances, left: Floats) -> tuple[Floats, Floats]:
    """What a participant [A] and a respondent of the reference [B] add to sum_A left / p, the model's part included."""
    x, reference = samples.matrix, samples.reference
    u, v = x @ model.coefficients, reference.matrix @ model.coefficients
    steep = slope(u, model.link) / model.sample**2
    pull = np.linalg.pinv(model.information, rcond=1e-13, hermitian=True) @ (x.T @ (steep * left))
    if model.calibrated:
        return (left - x @ pull) / model.sample, reference.matrix @ pull
    return left / model.sample - sample_slope(u, model.link) * (x @ pull), odds_slope(v, model.link) * (
        reference.matrix @ pull
    )


def impute(samples: TwoSamples, model: OutcomeModel, outcome: Floats, domain: Domain) -> Adjusted:
    """The mean of what the model of an outcome [A] expects of the reference's respondents, or at totals alone."""
    x, reference, count = samples.matrix, samples.reference, len(samples.matrix)
    if not reference.rows:
        share = reference.totals / reference.size
        mean, spread, far = float(share @ model.coefficients), 0.0, share
    else:
        inside = reference.weights * domain.reference
        size = float(inside.sum())
        expected = model.predict(reference.matrix)
        mean = float(inside @ expected) / size
        spread = _spread(samples, domain.reference * (expected - mean)) / size**2
        far = reference.matrix.T @ (inside * model.slope(reference.matrix)) / size
    near = x.T @ (x * model.slope(x)[:, None]) / count
    pull = np.linalg.pinv(near, rcond=1e-13, hermitian=True) @ far
    left = outcome - model.predict(x)
    return Adjusted(
        estimate=mean, sample_variance=float((left**2) @ (x @ pull) ** 2) / count**2, reference_variance=spread
    )


def doubly_robust(
    samples: TwoSamples, chances: Chances, model: OutcomeModel, outcome: Floats, domain: Domain
) -> Adjusted:
    """The imputed mean plus the weighted mean of what the outcome's model leaves of the outcome [A]."""
    x, reference = samples.matrix, samples.reference
    left = outcome - model.predict(x)
    imputed = impute(samples, model, outcome, domain)
    rest = ipw(samples, chances, left, domain)
    weights = chances.weights * domain.sample
    size = float(weights.sum()) if domain.relative else reference.size
    lost = (left - rest.estimate) * domain.sample if domain.relative else left
    own, there = _pulled(samples, chances, lost)
    slopes = model.slope(x)
    if reference.rows:
        inside = reference.weights * domain.reference
        whole = float(inside.sum())
        far = reference.matrix.T @ (inside * model.slope(reference.matrix)) / whole
        expected = domain.reference * (model.predict(reference.matrix) - imputed.estimate) / whole
        values = there / size + expected - (0.0 if domain.relative else rest.estimate / size)
        spread = _spread(samples, values)
    else:
        far, spread = reference.totals / reference.size, 0.0
    apart = far - x.T @ (weights * slopes) / size
    near = np.linalg.pinv(x.T @ (x * slopes[:, None]), rcond=1e-13, hermitian=True)
    influence = own / size + left * (x @ (near @ apart))
    return Adjusted(
        estimate=imputed.estimate + rest.estimate,
        sample_variance=float(((1 - chances.sample) * influence**2).sum()), reference_variance=spread,
    )  # fmt: skip


def _spread(samples: TwoSamples, values: Floats) -> float:
    """The variance of a weighted total of values [B]; 0 where only totals are known."""
    if not samples.reference.rows:
        return 0.0
    return float(samples.reference.covariance(values[:, None])[0, 0])
