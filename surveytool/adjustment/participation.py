"""The chance to take part, by maximum likelihood or so that the covariates' totals are met.

Maximum likelihood (Chen, Li and Wu 2020) solves sum_A s(u) x = sum_B d q(u) x, where for the logit s = 1 and q = p; the
calibrated one (Kott and Liao 2012) solves sum_A x / p = the reference's totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.adjustment.links import chance, odds_slope, sample_slope, slope
from surveytool.adjustment.two_samples import TwoSamples
from surveytool.errors import UsageError
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats

STEPS = 200
CLOSE = 1e-11
CURE = "Merge small groups or take variables out: some groups take part always, or never."


@frozen
class Chances:
    """Coefficients [P], the chances of the sample [A] and the reference [B], and the score's slope [P, P], positive."""

    coefficients: Floats
    sample: Floats
    reference: Floats
    information: Floats
    link: str
    calibrated: bool

    @property
    def weights(self) -> Floats:
        """1/p of the sample [A]."""
        return 1 / self.sample


def chances(samples: TwoSamples, *, link: str, calibrated: bool) -> Chances:
    """The model of taking part. Raises ``UsageError`` where it has no solution."""
    x, reference = samples.matrix, samples.reference
    scale = np.maximum(np.abs(x).max(axis=0), 1.0)
    solved = _solve(samples, scale, link=link, calibrated=calibrated)
    u = x @ solved
    _, information = _score(samples, solved, link=link, calibrated=calibrated)
    p = chance(u, link)
    if p.min() < 1e-9:
        raise UsageError("the chances to take part cannot be estimated.", "--by", CURE)
    return Chances(
        coefficients=solved, sample=p, reference=chance(reference.matrix @ solved, link), information=information,
        link=link, calibrated=calibrated,
    )  # fmt: skip


def _solve(samples: TwoSamples, scale: Floats, *, link: str, calibrated: bool) -> Floats:
    """Newton's method with halved steps, from the chance that all have on average."""
    size, count = samples.reference.size, len(samples.matrix)
    if count >= size:
        raise UsageError(
            f"the sample has {count} people and the population {size:.0f}.", "--reference-weights",
            "The weights of the reference have to sum to the population.",
        )  # fmt: skip
    made = np.zeros(samples.matrix.shape[1])
    made[0] = _start(count / size, link)
    score, information = _score(samples, made, link=link, calibrated=calibrated)
    gap = _gap(score, samples, scale)
    for _ in range(STEPS):
        if gap < CLOSE:
            return made
        step = np.linalg.pinv(information, rcond=1e-13, hermitian=True) @ score
        for _ in range(40):
            tried = made + step
            new, steep = _score(samples, tried, link=link, calibrated=calibrated)
            far = _gap(new, samples, scale)
            if np.isfinite(far) and far < gap:
                made, score, information, gap = tried, new, steep, far
                break
            step = step / 2
        else:
            break
    if gap < 1e-8:
        return made
    raise UsageError("the chances to take part cannot be estimated.", "--by", CURE)


def _start(share: float, link: str) -> float:
    from scipy.special import ndtri

    if link == "logit":
        return float(np.log(share / (1 - share)))
    return float(ndtri(share)) if link == "probit" else float(np.log(-np.log1p(-share)))


def _gap(score: Floats, samples: TwoSamples, scale: Floats) -> float:
    return float((np.abs(score) / scale).max() / samples.reference.size)


def _score(samples: TwoSamples, coefficients: Floats, *, link: str, calibrated: bool) -> tuple[Floats, Floats]:
    """What has to become 0 [P], and minus its derivative [P, P]; for calibration with the signs turned."""
    x, reference = samples.matrix, samples.reference
    u = x @ coefficients
    if calibrated:
        p = chance(u, link)
        return x.T @ (1 / p) - reference.totals, x.T @ (x * (slope(u, link) / p**2)[:, None])
    v = reference.matrix @ coefficients
    score = x.T @ sample_slope(u, link) - reference.matrix.T @ (reference.weights * odds_slope(v, link))
    if link == "logit":
        inner = np.zeros_like(u), reference.weights * slope(v, link)
    else:
        inner = -_derivative(sample_slope, u, link), reference.weights * _derivative(odds_slope, v, link)
    information = x.T @ (x * inner[0][:, None]) + reference.matrix.T @ (reference.matrix * inner[1][:, None])
    return score, information


def _derivative(function: object, u: Floats, link: str) -> Floats:
    """The derivative of a weight of the score: analytic for both links that need it."""
    p, s = chance(u, link), slope(u, link)
    second = -u * s if link == "probit" else s * (1 - np.exp(np.clip(u, -500, 6)))
    if function is odds_slope:
        made: Floats = second / (1 - p) + s**2 / (1 - p) ** 2
        return made
    return second / (p * (1 - p)) - s**2 * (1 - 2 * p) / (p * (1 - p)) ** 2
