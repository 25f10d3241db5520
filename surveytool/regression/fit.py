"""Generalised linear models of survey data (Binder 1983; Lumley 2010, chapter 5; R ``svyglm``).

The coefficients are found under the weights (``solve``). A respondent's linearised
value is bread * x * (y - mu), as the links are canonical; summed by unit it goes
through the one variance door. With replicate weights the model is fitted again
under each.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.aggregate.respondents import Factor, Respondents, respondents
from surveytool.errors import UnusableDesign, UsageError, unknown
from surveytool.estimate.contrast import two_sided
from surveytool.estimate.covariance import covariance
from surveytool.estimate.freedom import together
from surveytool.estimate.interval import t_quantile
from surveytool.estimate.lonely import design_notes
from surveytool.estimate.replicate_spread import spread
from surveytool.estimate.result import Effect, Model, Term, TermTest
from surveytool.frozen import frozen
from surveytool.notes import Note, note, unique
from surveytool.regression.fitted import Fitted, fit_matrix, refits
from surveytool.regression.formula import Formula, parse
from surveytool.regression.support import support
from surveytool.survey import Survey, Variable, code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats


FAMILIES = ("linear", "logistic", "poisson")
ROUNDING = 1e-10  # the share of its parts below which a standard error is 0 but for rounding


@frozen
class Specification:
    """A model to fit: formula, family (None: by the outcome's kind), domain and confidence level."""

    formula: str
    family: str | None = None
    where: str | None = None
    level: float = 0.95
    effects: bool = True


def fit(survey: Survey, specification: Specification) -> Model:
    """Fit one model; rows with a missing value in any of its variables are left out and counted.

    Raises ``UsageError`` for a formula, family or data that give no model.
    """
    from surveytool.regression.marginal_effects import Sampled, effects
    from surveytool.regression.matrix import Matrix

    formula = parse(specification.formula)
    people = respondents(survey, formula.names(), specification.where)
    outcome, family, event = _outcome(people, formula, specification.family)
    complete = people.inside & ~np.isnan(outcome) & _complete(people, formula)
    rows = np.flatnonzero(complete)
    if not len(rows):
        raise UsageError("no respondent has an answer to every variable.", "the formula")
    matrix = Matrix(survey.codebook, people, formula, rows)
    fitted = fit_matrix(matrix, outcome[rows], people.weights[rows], family)
    cells = people.cells(rows, fitted.influence)
    fits = None if people.replicates is None else refits(fitted, people.replicates[rows])
    covariance, dropped = _covariance(cells, fitted, fits)
    covariance, alone = without_spread(fitted, covariance)
    unsure = (note("no_df", n=int(alone.sum())),) if alone.any() else ()
    on_design = (*design_notes(cells), *dropped, *unsure)
    df = together(cells, np.ones(1, dtype=bool)) + 1 - len(fitted.coefficients)
    if df <= 0:
        raise UnusableDesign(
            f"{len(fitted.coefficients)} coefficients leave no degrees of freedom.",
            cure="Use fewer terms, or give --df.",
        )
    lost = int((people.inside & ~complete).sum())
    notes = [*people.notes, *on_design, *_notes(event, formula, lost, specification.where)]
    margins: tuple[Effect, ...] = ()
    if specification.effects and family != "linear":
        margins = effects(
            matrix, fitted, Sampled(people=people, rows=rows, fits=fits, df=df, level=specification.level)
        )
    return Model(
        formula=formula.text, outcome=formula.outcome, event=event, family=family, n=len(rows),
        level=specification.level, where=specification.where,
        terms=_terms(matrix, fitted, (covariance, alone), df, specification.level),
        tests=_tests(matrix, fitted, covariance, df), effects=margins, notes=unique(notes),
        support=support(people, formula, rows, outcome[rows] if _binary(outcome[rows]) else None),
    )  # fmt: skip


def _binary(outcome: Floats) -> bool:
    """Whether the outcome is 0 and 1 only, in whatever family."""
    return bool(((outcome == 0) | (outcome == 1)).all())


def _complete(people: Respondents, formula: Formula) -> Any:
    complete = np.ones(len(people.weights), dtype=bool)
    for name in formula.names()[1:]:
        value = people.values[name]
        complete &= value.codes >= 0 if isinstance(value, Factor) else np.isfinite(value)
    return complete


def _outcome(people: Respondents, formula: Formula, family: str | None) -> tuple[Floats, str, str | None]:
    """The outcome as numbers [rows], the family, and the answer that counts as 1."""
    value = people.values[formula.outcome]
    if family is not None and family not in FAMILIES:
        raise unknown("family", family, FAMILIES, "--family")
    if isinstance(value, Factor):
        if family == "poisson":
            raise UsageError(f"{formula.outcome} is a category, not a count.", "--family")
        asked = people.grouping.columns.survey.codebook[formula.outcome]
        event = formula.event if formula.event is not None else _default_event(asked, value)
        if event not in value.labels:
            listed = ", ".join(value.labels[:8])
            raise UsageError(f"{formula.outcome} has no answer {event!r}.", "the formula", f"Its answers are: {listed}")
        indicator = (value.codes == value.labels.index(event)).astype(np.float64)
        return np.where(value.codes < 0, np.nan, indicator), family or "logistic", event
    if formula.event is not None:
        number = _number(formula)
        return np.where(np.isnan(value), np.nan, (value == number).astype(float)), family or "logistic", formula.event
    valid = value[~np.isnan(value)]
    binary = len(valid) > 0 and bool(np.isin(valid, (0.0, 1.0)).all())
    family = family or ("logistic" if binary else "linear")
    if family == "logistic" and not binary:
        raise UsageError(f"{formula.outcome} is not 0 and 1.", "--family", "Write the answer: name == 'Yes' ~ ...")
    if family == "poisson" and (valid < 0).any():
        raise UsageError(f"{formula.outcome} has negative values.", "--family")
    return value, family, "1" if family == "logistic" else None


def _number(formula: Formula) -> float:
    """The value of a number that counts as 1; raises ``UsageError`` for a word."""
    try:
        return float(formula.event or "")
    except ValueError:
        name = formula.outcome
        raise UsageError(
            f"{name} is a number, and {formula.event!r} is none.",
            "the formula",
            f"Write for example: {name} == 1 ~ ...",
        ) from None


def _default_event(asked: Variable, value: Factor) -> str:
    """The first of two answers; of the codes 0 and 1 the one that is 1."""
    if len(value.labels) != 2:
        raise UsageError(
            f"{asked.name} has {len(value.labels)} answers.", "the formula",
            f"Say which one is modelled: {asked.name} == '{value.labels[0]}' ~ ..." if value.labels else "",
        )  # fmt: skip
    codes = [code_text(level.code) for level in asked.valid_levels()]
    return value.labels[codes.index("1") if sorted(codes) == ["0", "1"] else 0]


def _covariance(cells: Cells, fitted: Fitted, fits: Floats | None) -> tuple[Floats, tuple[Note, ...]]:
    """Covariance [P, P] of the coefficients: linearised, or of the replicates' own fits."""
    count = len(fitted.coefficients)
    if fits is not None:
        assert cells.replication is not None
        replicates = spread(cells.replication, fits, fitted.coefficients, together=True)
        return replicates.deviations.T @ replicates.deviations, replicates.notes
    gradient = np.zeros((count, 1, 1, count + 1))
    gradient[np.arange(count), 0, 0, np.arange(1, count + 1)] = 1.0
    return covariance(cells, gradient, lambda totals: totals[0, 0, 1:]), ()


def without_spread(fitted: Fitted, matrix: Floats) -> tuple[Floats, Flags]:
    """The covariance [P, P] without what is 0 but for rounding, and which coefficients [P] that is.

    A coefficient of respondents who live in one unit alone has no variance between units, though its residuals vary.
    """
    simple = ((fitted.weights[:, None] * fitted.influence) ** 2).sum(axis=0)
    size = (fitted.weights[:, None] * np.abs(fitted.influence)).sum(axis=0)
    moving = simple > (ROUNDING * np.abs(fitted.coefficients)) ** 2
    alone = moving & (np.diag(matrix) <= (ROUNDING * size) ** 2)
    return np.where(alone[:, None] | alone, 0.0, matrix), alone


def _terms(
    matrix: Any, fitted: Fitted, spread_of: tuple[Floats, Flags], df: float, level: float
) -> tuple[Term, ...]:  # fmt: skip
    spread, alone = spread_of
    reach = float(t_quantile(np.array([df]), level)[0])
    out = []
    for index, name in enumerate(matrix.names):
        value, se = float(fitted.coefficients[index]), math.sqrt(max(float(spread[index, index]), 0.0))
        t, half = value / se if se > 0 else math.nan, math.nan if alone[index] else reach * se
        out.append(
            Term(
                term=name,
                estimate=value,
                se=se,
                t=t,
                df=df,
                p=two_sided(t, df),
                ci_low=value - half,
                ci_high=value + half,
                exponential=fitted.family != "linear" and name != "(Intercept)",
            )
        )
    return tuple(out)


def _tests(matrix: Any, fitted: Fitted, covariance: Floats, df: float) -> tuple[TermTest, ...]:
    """Wald's F of each whole term (R ``regTermTest``)."""
    from scipy.special import fdtrc

    out = []
    for name, columns in matrix.slices:
        block, values = covariance[np.ix_(columns, columns)], fitted.coefficients[columns]
        size = float(len(columns))
        statistic = float(values @ np.linalg.pinv(block, hermitian=True) @ values) / size
        if np.linalg.matrix_rank(block, hermitian=True) == len(columns):
            out.append(TermTest(term=name, statistic=statistic, df1=size, df2=df, p=float(fdtrc(size, df, statistic))))
    return tuple(out)


def _notes(event: str | None, formula: Formula, lost: int, where: str | None) -> list[Note]:
    notes = [note("model_event", event=event, variable=formula.outcome)] if event is not None else []
    notes += [note("subpopulation", where=where)] if where else []
    return [*notes, *([note("model_lost", n=lost)] if lost else [])]
