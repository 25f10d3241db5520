"""The whole assessment of a survey's file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.raw_survey import RawSurvey
from surveytool.disclosure_risk.classes import describe
from surveytool.disclosure_risk.lower import candidates, path
from surveytool.disclosure_risk.quasi import chosen, combined, propose, without_followers
from surveytool.disclosure_risk.risk_measures import Risk
from surveytool.disclosure_risk.suda import suda
from surveytool.errors import UsageError
from surveytool.survey import Survey

if TYPE_CHECKING:
    from surveytool.arrays import Floats


EXPANDS = 1.5


def assess(survey: Survey, names: Sequence[str] = (), *, k: int = 3, fraction: float | None = None) -> Risk:
    """The risk by the named quasi-identifiers, else by those that names suggest.

    ``k`` is the class size below which respondents count as at risk. ``fraction`` is the
    sampling fraction; without it n over the sum of weights, where weights count people.
    Raises ``UsageError`` where there is no quasi-identifier, or a number makes no sense.
    """
    if k < 2:
        raise UsageError(f"{k} is too small.", "--k", "Write for example --k 3")
    if fraction is not None and not 0 < fraction <= 1:
        raise UsageError(f"{fraction:g} is no share.", "--fraction", "Write for example --fraction 0.05")
    raw = RawSurvey(survey)
    quasi, follows = without_followers(chosen(raw, names) if names else propose(raw))
    if not quasi:
        raise UsageError("no column is known to tell who a respondent is.", "--risk", "Name some with --risk-on NAME.")
    people = _people(raw)
    if fraction is None and people is not None:
        fraction = raw.rows / float(people.sum())
    return Risk(
        rows=raw.rows, names=tuple(variable.name for variable in quasi), proposed=not names, follows=tuple(follows),
        classes=describe(combined(quasi), k, people), suda=suda(quasi, fraction),
        candidates=tuple(candidate for candidate, _ in candidates(raw, quasi, k)), path=tuple(path(raw, quasi, k)),
        fraction=fraction, source=survey.provenance, design=survey.design,
    )  # fmt: skip


def _people(raw: RawSurvey) -> Floats | None:
    """The weights, where they count people of the population and can be used."""
    name = raw.design.weights
    if name is None or name not in raw.names or not raw.is_number(name):
        return None
    weights = raw.floats(name)
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() < EXPANDS * raw.rows:
        return None
    return weights
