"""A sample of respondents who recruited one another: weights and replicate weights made while the design is read.

Who recruited whom and whom everybody knows are columns; what comes out is what the columns of a weighted file with
bootstrap weights would be, so that whatever works on these works here. Where weights or samples depend on the question
(RDS-I, Salganik's chains) they are made anew for each question by its answers.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, floats_of, keys_of
from surveytool.errors import UnusableDesign, UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.recruitment import resampling, weights
from surveytool.recruitment.network import (
    Network,
    network,
    recruiters_by_coupon,
    recruiters_by_id,
    rows_told,
)
from surveytool.survey import Recruitment

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


@frozen
class Recruited:
    """The forest of a sample, its settings, the weights that were given [N] (ones where none were) and its notes."""

    network: Network
    settings: Recruitment
    given: Floats
    notes: tuple[Note, ...] = ()

    def weights(self) -> Floats:
        """Weights [N] that do not depend on a question; of RDS-I those before the question is known, ones."""
        if self.settings.estimator == "rds-i":
            return np.ones(len(self.given))
        return np.asarray(self._scaled(self.weighed(np.ones((1, len(self.given)))))[0])

    def replicates(self) -> Floats | None:
        """Replicate weights [N, B]; None where they depend on a question."""
        if self.settings.by_question:
            return None
        return self._columns(self.weighed(self._drawn().times))

    def of_question(self, group: Keys, labels: tuple[str, ...], name: str) -> tuple[Floats, Floats]:
        """Weights [N] and replicate weights [N, B] by the answers to a question, ``group`` [N] with -1 for none.

        Raises ``UnusableDesign`` where RDS-I has no value.
        """
        ones, forest = np.ones((1, len(group))), self.network
        counted = weights.transitions(ones, forest.recruiter, group, len(labels))
        if self.settings.variance == "salganik":
            drawn = resampling.chain(forest, group, counted[0], self.settings.replicates, self.settings.seed)
        else:
            drawn = self._drawn()
        if self.settings.estimator != "rds-i":
            return self.weights(), self._columns(self.weighed(drawn.times))
        answered = np.bincount(group[group >= 0], minlength=len(labels)) > 0
        kept = tuple(label for label, there in zip(labels, answered, strict=True) if there)
        weights.refuse_closed(counted[0][np.ix_(answered, answered)], kept, name)
        again = drawn.transitions
        if again is None:
            again = weights.transitions(drawn.times, forest.recruiter, group, len(labels))
        whole = weights.by_transitions(ones, forest.degree, group, counted)
        return self._scaled(whole)[0], self._columns(weights.by_transitions(drawn.times, forest.degree, group, again))

    def _drawn(self) -> resampling.Drawn:
        """The samples that are drawn anew, the same for every question."""
        forest, settings = self.network, self.settings
        return _drawn(forest.recruiter.tobytes(), settings.variance, settings.replicates, settings.seed)

    def weighed(self, times: Floats) -> Floats:
        """Weights [B, N] of samples that do not depend on a question."""
        degree, settings = self.network.degree, self.settings
        if settings.estimator == "gile-ss":
            assert settings.population is not None
            return weights.by_successive_sampling(times, degree, settings.population)
        return times * self.given if settings.estimator == "none" else weights.by_degree(times, degree)

    def _columns(self, whole: Floats) -> Floats:
        """Weights of samples [B, N] as columns [N, B]."""
        return np.ascontiguousarray(self._scaled(whole).T)

    def _scaled(self, whole: Floats) -> Floats:
        """Weights [B, N] that sum to the population, else to the respondents who count, or what was given."""
        total = self.settings.population
        if total is None:
            by_degree = self.settings.estimator != "none"
            total = float((self.network.degree > 0).sum() if by_degree else self.given.sum())
        sums = whole.sum(axis=1, keepdims=True)
        return np.asarray(whole * np.divide(total, sums, out=np.zeros_like(sums), where=sums > 0))

    def told(self) -> tuple[Note, ...]:
        """By what the figures are weighed, and what their intervals rest on."""
        settings = self.settings
        size = "" if settings.population is None else f"{settings.population:g}"
        return (
            note("recruitment_estimator", estimator=settings.estimator, population=size),
            note("recruitment_variance", variance=settings.variance, n=settings.replicates, seed=settings.seed),
            *self.notes,
        )


@lru_cache(maxsize=2)
def _drawn(recruiter: bytes, variance: str, samples: int, seed: int) -> resampling.Drawn:
    """Bootstrap samples of a forest, kept for the next table of the same run."""
    rows = np.frombuffer(recruiter, dtype=np.intp)
    none = np.zeros(len(rows))
    forest = Network(recruiter=rows, wave=rows, seed=rows, degree=none, orphans=none > 0)
    return (resampling.neighbourhood if variance == "neighbourhood" else resampling.tree)(forest, samples, seed)


def read_recruitment(columns: Columns, given: Floats) -> Recruited:
    """The recruitment that a survey's design names, read from its columns; ``given`` are the design's weights [N].

    Raises ``UnusableDesign`` or ``UsageError``.
    """
    settings = columns.survey.design.recruitment
    assert settings is not None
    place, unseen = _recruiters(columns, settings)
    column = settings.recruiter or settings.coupon or ""
    forest = network(place, unseen, np.full(columns.rows, np.nan), column, orphans=settings.orphans)
    if len(forest.seeds) == columns.rows:
        raise UnusableDesign(
            "nobody was recruited by anybody: every respondent is a seed.", column,
            "Check the column, or leave the recruitment out of the design.",
        )  # fmt: skip
    if settings.population is not None and settings.population < columns.rows:
        raise UnusableDesign(
            f"the population of {settings.population:g} is smaller than the sample of {columns.rows}.", "--population",
            "Give the size of the whole population.",
        )  # fmt: skip
    notes = [note("recruitment_orphans", n=int(unseen.sum()))] if unseen.any() else []
    if settings.degree is None:
        return Recruited(network=forest, settings=settings, given=given, notes=tuple(notes))
    degree, more = _degrees(columns, settings)
    return Recruited(network=replace(forest, degree=degree), settings=settings, given=given, notes=(*notes, *more))


def _recruiters(columns: Columns, settings: Recruitment) -> tuple[Keys, Any]:
    """The row of each one's recruiter, and who was recruited by somebody not in the file."""
    if settings.recruiter is not None and settings.id is not None:
        ids, recruiters = _values(columns, settings.id), _values(columns, settings.recruiter)
        return recruiters_by_id(ids, recruiters, settings.id, settings.recruiter)
    assert settings.coupon is not None
    handed_out = [_values(columns, name) for name in settings.coupons]
    return recruiters_by_coupon(_values(columns, settings.coupon), handed_out, settings.coupon)


def _values(columns: Columns, name: str) -> list[Any]:
    """The values of a column [N], None for blanks."""
    variable = columns.survey.codebook[name]
    keys, values = keys_of(columns.raw(variable.columns[0] if variable.columns else name))
    listed = [*values, None]
    return [listed[key] for key in keys.tolist()]


def _degrees(columns: Columns, settings: Recruitment) -> tuple[Floats, list[Note]]:
    """How many people each one knows [N], what is missing treated as the settings say. Raises ``UnusableDesign``."""
    name = settings.degree or ""
    if not columns.is_numeric(name):
        raise UnusableDesign(f"{name} is not a column of numbers and cannot be the degree.", "--degree",
                             "Name a numeric column; see the columns with: surveytool codebook FILE")  # fmt: skip
    variable = columns.survey.codebook[name]
    degree = floats_of(columns.raw(variable.columns[0] if variable.columns else name))
    missing = [level.code for level in variable.levels if level.missing is not None]
    for code in missing:
        if isinstance(code, (int, float)):
            degree = np.where(degree == code, np.nan, degree)
    bad = ~(degree > 0) | np.isinf(degree)
    if bad.all():
        raise UnusableDesign("nobody has a degree above 0.", name, "Name another column, or use --estimator none.")
    if not bad.any():
        return degree, []
    choice = settings.missing_degree
    if choice == "fail":
        raise UnusableDesign(
            f"the degree is missing, 0 or negative {rows_told(np.flatnonzero(bad).tolist())}.", name,
            "Say what they count for: --missing-degree leave-out (the respondents do not count), mean (the harmonic "
            "mean of the others), largest (the largest degree, as R's RDS does).",
        )  # fmt: skip
    known = degree[~bad]
    value = {"leave-out": np.nan, "mean": 1 / np.mean(1 / known), "largest": known.max()}[choice]
    return np.where(bad, value, degree), [note("recruitment_degrees", choice=choice, n=int(bad.sum()))]


def refuse_question(settings: Recruitment, name: str) -> UsageError:
    """The error for figures that are not made of the answers to one question."""
    if settings.estimator == "rds-i":
        return UsageError(f"rds-i weighs by the answers to one question, and {name} has none of its kind.",
                          "--estimator", "Use --estimator rds-ii or gile-ss, or make bands of a number.")  # fmt: skip
    return UsageError(f"salganik draws samples by the answers to one question, and {name} has none of its kind.",
                      "--recruitment-variance", "Use tree or neighbourhood, or make bands of a number.")  # fmt: skip
