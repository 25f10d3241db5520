"""The models that a plan asks for, fitted once for a sample, and each method's figure with its error in two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.adjustment.estimators import Adjusted, Domain, doubly_robust, impute, ipw
from surveytool.adjustment.nonprobsvy_variance import printed_doubly_robust, printed_ipw
from surveytool.adjustment.outcome_model import OutcomeModel, outcome_model
from surveytool.adjustment.participation import Chances, chances
from surveytool.adjustment.two_samples import TwoSamples
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.weighting.adjust_plan import AdjustPlan

if TYPE_CHECKING:
    from surveytool.arrays import Floats


@frozen
class Asked:
    """An outcome [A]: a number, or who has an answer."""

    outcome: Floats
    share: bool


@frozen
class Fitted:
    """The chances to take part; None where no method needs them."""

    chances: Chances | None


@frozen
class Figure:
    """A mean and its standard error, whole and in parts."""

    estimate: float
    se: float
    se_sample: float
    se_reference: float
    se_linearised: float | None

    def interval(self, level: float, *, share: bool) -> tuple[float, float]:
        """The normal interval; of a share within 0 and 1."""
        from statistics import NormalDist

        half = NormalDist().inv_cdf((1 + level) / 2) * self.se
        low, high = self.estimate - half, self.estimate + half
        return (max(low, 0.0), min(high, 1.0)) if share else (low, high)


def fitted(samples: TwoSamples, plan: AdjustPlan) -> Fitted:
    """The chances to take part, where a method needs them. Raises ``UsageError``."""
    if plan.methods() == ("impute",):
        return Fitted(chances=None)
    calibrated = (plan.participation or ("ml" if samples.reference.rows else "calibrated")) == "calibrated"
    return Fitted(chances=chances(samples, link=plan.link, calibrated=calibrated))


def family_of(plan: AdjustPlan, method: str, asked: Asked, samples: TwoSamples) -> str:
    """The outcome's model: as asked; else logistic of a share that is imputed, linear beside weights and of numbers.

    Totals alone allow a linear model only. Raises ``UsageError``.
    """
    if not samples.reference.rows and plan.family not in (None, "linear"):
        raise UsageError(
            "with totals alone the outcome's model is linear.", "--family", "Write linear, or name --reference."
        )
    if plan.family is not None:
        if plan.family == "logistic" and not asked.share:
            raise UsageError("a logistic model is of answers, not of numbers.", "--family", "Write linear.")
        return plan.family
    return "logistic" if asked.share and method == "impute" and samples.reference.rows else "linear"


def figures(
    samples: TwoSamples, model: Fitted, plan: AdjustPlan, method: str, asked: Asked, domain: Domain
) -> Figure:  # fmt: skip
    """One method's figure in a domain. Raises ``UsageError`` where its model has no solution."""
    if method == "ipw":
        assert model.chances is not None
        found = ipw(samples, model.chances, asked.outcome, domain)
        printed = printed_ipw(samples, model.chances, asked.outcome, found.estimate)
        return _figure(found, printed, plan, domain)
    explained = _explained(samples, plan, method, asked)
    if method == "impute":
        return _figure(impute(samples, explained, asked.outcome, domain), None, plan, domain)
    assert model.chances is not None
    found = doubly_robust(samples, model.chances, explained, asked.outcome, domain)
    printed = printed_doubly_robust(samples, model.chances, explained, asked.outcome, found.estimate)
    return _figure(found, printed, plan, domain)


def _explained(samples: TwoSamples, plan: AdjustPlan, method: str, asked: Asked) -> OutcomeModel:
    return outcome_model(samples.matrix, asked.outcome, family_of(plan, method, asked, samples))


def _figure(found: Adjusted, printed: Adjusted | None, plan: AdjustPlan, domain: Domain) -> Figure:
    """The figure with the variance that is asked for; the linearised error beside one that is not."""
    linear = float(np.sqrt(found.sample_variance + found.reference_variance))
    other = printed is not None and plan.variance == "nonprobsvy" and not domain.relative
    shown = printed if other and printed is not None else found
    return Figure(
        estimate=found.estimate, se=float(np.sqrt(shown.sample_variance + shown.reference_variance)),
        se_sample=float(np.sqrt(shown.sample_variance)), se_reference=float(np.sqrt(shown.reference_variance)),
        se_linearised=linear if other else None,
    )  # fmt: skip
