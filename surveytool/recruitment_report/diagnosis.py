"""The sample and the questions, measured: waves, recruits, degrees; homophily, activity, transitions, convergence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.grouping import Grouping, start
from surveytool.aggregate.question import Question
from surveytool.aggregate.recruited_sample import Recruited, refuse_question
from surveytool.errors import UsageError
from surveytool.estimate.result import Results
from surveytool.frozen import frozen
from surveytool.recruitment import weights
from surveytool.recruitment.network import Network
from surveytool.recruitment_report.question_diagnosis import QuestionDiagnosis, diagnose_question
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate

if TYPE_CHECKING:
    from surveytool.arrays import Floats

MOST_LEVELS = 12
ROUND = 10  # degrees that people round are multiples of it
HEAPED = 3.0  # standard errors that multiples of ten are above their neighbours


@frozen
class Degrees:
    """How many people respondents know: of how many it is known, the mean, harmonic mean, least, median and most.

    ``tens`` is the share of multiples of ten among degrees of ten and more; ``heaped`` says that they are more than
    the numbers beside them, beyond chance.
    """

    n: int
    mean: float
    harmonic_mean: float
    least: float
    median: float
    most: float
    tens: float
    heaped: bool


@frozen
class Diagnosis:
    """A sample by recruitment. ``by_wave`` counts respondents by wave from the seeds' 0 on, ``by_recruits`` by how many
    they recruited, ``trees`` lists each seed's tree: its size and its last wave. ``closed`` says that nothing made of
    answers is told because respondents are protected."""

    n: int
    seeds: int
    waves: int
    orphans: int
    by_wave: tuple[int, ...]
    by_recruits: tuple[int, ...]
    trees: tuple[tuple[int, int], ...]
    degrees: Degrees | None
    questions: tuple[QuestionDiagnosis, ...]
    results: Results
    network: Network
    closed: bool = False


def diagnose(survey: Survey, variables: Sequence[str] | None = None) -> Diagnosis:
    """The sample that a survey's design describes, and the questions named (all that have few answers).

    Raises ``UsageError`` for a design without recruitment, ``UnusableDesign`` for recruiters in a circle and the like.
    """
    design = survey.design
    if design.recruitment is None:
        raise UsageError(
            "nothing says who recruited whom.", "--recruiter",
            "Write --respondent id --recruiter recruiter --degree degree, or [design.recruitment] in a study.",
        )  # fmt: skip
    survey = replace(survey, design=replace(design, recruitment=replace(design.recruitment, orphans="seed")))
    names = _questions(survey) if variables is None else list(variables)
    run = start(survey, [Request(variable=name) for name in names])
    recruited = run.sample.recruited
    assert recruited is not None
    closed = survey.gate is not None and bool(survey.gate.active)
    results = _estimates(survey, names)
    forest = recruited.network
    return Diagnosis(
        n=len(forest.wave), seeds=len(forest.seeds), waves=int(forest.wave.max()), orphans=int(forest.orphans.sum()),
        by_wave=tuple(np.bincount(forest.wave).tolist()), by_recruits=tuple(np.bincount(forest.recruits).tolist()),
        trees=_trees(forest), degrees=_degrees(forest), network=forest, closed=closed, results=results,
        questions=() if closed else tuple(_question(run, recruited, name) for name in names),
    )  # fmt: skip


def _questions(survey: Survey) -> list[str]:
    """Questions with one of a few answers that are no part of the design."""
    design = set(survey.design.columns())
    return [
        name for name, variable in survey.codebook.items()
        if variable.kind == "single" and name not in design and not variable.sensitive
        and 2 <= len(variable.valid_levels()) <= MOST_LEVELS
    ]  # fmt: skip


def _estimates(survey: Survey, names: Sequence[str]) -> Results:
    """The questions' estimates with their errors, past the survey's gate."""
    return tabulate(survey, [Request(variable=name) for name in names])


def _question(run: Grouping, recruited: Recruited, name: str) -> QuestionDiagnosis:
    """One question by the answers of recruiters and recruits."""
    variable = run.columns.survey.codebook[name]
    if variable.kind != "single":
        raise (
            refuse_question(recruited.settings, name)
            if recruited.settings.by_question
            else UsageError(
                f"{name} is no question with one of several answers.", "rds", "Name others, or make bands of a number."
            )
        )
    asked = run.ask(Question(request=Request(variable=name), id=name, statistic="proportion", measure="levels"))
    labels = tuple((label, code) for label, code in asked.ready.levels)
    return diagnose_question(name, variable.title(), labels, asked.ready.key, recruited.network, _weigh(recruited))


def _weigh(recruited: Recruited) -> weights.Weigh:
    """How respondents count: by the design's estimator, RDS-I as RDS-II since it has no weight of a single answer."""
    if recruited.settings.estimator == "rds-i":
        return weights.Weigh(by=lambda times: weights.by_degree(times, recruited.network.degree))
    return weights.Weigh(by=recruited.weighed)


def _trees(forest: Network) -> tuple[tuple[int, int], ...]:
    """Size and last wave of each seed's tree, the largest first."""
    found = [(int((forest.seed == seed).sum()), int(forest.wave[forest.seed == seed].max())) for seed in forest.seeds]
    return tuple(sorted(found, reverse=True))


def _degrees(forest: Network) -> Degrees | None:
    """The degrees, None where nobody was asked."""
    known: Floats = forest.degree[forest.degree > 0]
    if not len(known):
        return None
    large: Floats = known[known >= ROUND]
    share = float((large % ROUND == 0).mean()) if len(large) else 0.0
    return Degrees(
        n=len(known), mean=float(known.mean()), harmonic_mean=float(1 / np.mean(1 / known)), least=float(known.min()),
        median=float(np.median(known)), most=float(known.max()), tens=share, heaped=_heaped(known),
    )  # fmt: skip


def _heaped(known: Floats) -> bool:
    """Whether multiples of ten are more frequent than the numbers beside them by more than chance gives."""
    last = known % ROUND
    tens = float(((last == 0) & (known >= ROUND)).sum())
    beside = float((((last == 1) & (known > ROUND)) | (last == ROUND - 1)).sum()) / 2
    return bool(tens - beside > HEAPED * (tens + beside / 2) ** 0.5)
