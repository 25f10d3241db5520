"""What all questions of a run share: columns, sample, groups of respondents and domains, each made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Breakdown
from surveytool.aggregate.columns_read import columns_needed
from surveytool.aggregate.distribution import Distribution, distribution, quantile
from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.aggregate.overlap import Levels, Overlap, crossing, split
from surveytool.aggregate.question import Answers, Asked, Question, answers
from surveytool.aggregate.question_pass import Job
from surveytool.aggregate.recruited_sample import refuse_question
from surveytool.aggregate.sample import Sample, read_sample
from surveytool.aggregate.sums import Sums
from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.survey import SEVERAL, Request, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Keys, Truth


def start(survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()) -> Grouping:
    """Read the columns that the requests need, and the design."""
    replicates, names = columns_needed(survey, requests, denominators)
    columns = Columns(survey, arrow_table(survey.frame, names))
    return Grouping(columns, read_sample(columns, replicates, lambda: _outside(requests, columns)))


def _outside(requests: Sequence[Request], columns: Columns) -> Flags:
    """The rows [rows] that no request counts, because each has a condition that they do not fulfil."""
    outside = np.full(columns.rows, bool(requests))
    for text in dict.fromkeys(request.where for request in requests):
        outside &= False if text is None else _truth(text, columns)[0] != 1
    return outside


def _truth(text: str, columns: Columns) -> tuple[Truth, list[Note]]:
    """Where a condition holds, and what to say of it."""
    from surveytool.aggregate.domain import counts_non_answers, evaluate
    from surveytool.aggregate.where_language import parse

    condition = parse(text)
    truth = evaluate(condition, columns)
    names = tuple(dict.fromkeys(counts_non_answers(condition, columns)))
    return truth, [note("domain_non_answers", variables=names)] if names else []


class Grouping:
    """What all questions share: columns, sample, groupings and domains, each made once."""

    def __init__(self, columns: Columns, sample: Sample) -> None:
        self.columns, self.sample = columns, sample
        self._groups: dict[tuple[str, ...], tuple[Keys, Breakdown]] = {}
        self._domains: dict[str | None, tuple[Flags, tuple[Note, ...]]] = {}

    def domain(self, text: str | None) -> tuple[Flags, tuple[Note, ...]]:
        """Rows [rows] with a positive weight that fulfil the condition. Raises ``UsageError``."""
        if text not in self._domains:
            inside = self.sample.weights > 0
            notes: tuple[Note, ...] = ()
            if text is not None:
                truth, told = _truth(text, self.columns)
                unknown = self.columns.count(truth < 0)
                notes = (*([note("domain_unknown", n=unknown)] if unknown else []), *told)
                inside = inside & (truth == 1)
                if not inside.any():
                    raise UsageError(
                        "no respondent fulfils the condition.",
                        "--where",
                        "Check the values with: surveytool codebook FILE",
                    )
            self._domains[text] = np.asarray(inside), notes
        return self._domains[text]

    def groups(self, names: tuple[str, ...]) -> tuple[Keys, Breakdown]:
        """Group keys [rows] of a breakdown (crossed where several names), -1 outside of it."""
        if names not in self._groups:
            keys, levels = np.zeros(self.columns.rows, dtype=np.intp), []
            for name in names:
                own_keys, own_levels = self.single(name)
                keys = np.where((keys < 0) | (own_keys < 0), -1, keys * len(own_levels) + own_keys)
                levels.append(own_levels)
            self._groups[names] = keys, crossing(self.columns.survey.codebook, names, levels)
        return self._groups[names]

    def single(self, name: str, option: str = "--by") -> tuple[Keys, Levels]:
        """Group keys [rows] of one variable, its groups' labels and codes; ``option`` is where it was named.

        Raises ``UsageError``.
        """
        variable = self.columns.survey.codebook[name]
        if variable.kind in ("text", "id", "date") and not variable.levels:
            raise UsageError(
                f"{name} is a {variable.kind} and cannot be a breakdown.",
                option,
                "Name a question with few answers.",
            )
        if variable.kind in SEVERAL:
            raise UsageError(
                f"{name} is a question with several answers and cannot be used here.",
                where=option,
                cure=f"Name one of its columns: {', '.join(variable.columns[:6])}",
            )
        ready = answers(self.columns, variable, "levels", "answered", None, self.domain(None)[0])
        return ready.key, ready.levels

    def ask(self, question: Question) -> Asked:
        """A question made ready: its answers, in its domain."""
        request = question.request
        variable = self.columns.survey.codebook[request.variable]
        domain, _ = self.domain(request.where)
        ready = answers(
            self.columns, variable, question.measure, request.base, question.denominator, domain, question.of
        )
        return Asked(question=question, ready=ready, domain=domain)

    def job(self, question: Question) -> Job:
        """A question under way: its answers, and the sums of its breakdowns, not filled yet."""
        asked = self.ask(question)
        own = self._of_question(asked)
        return own._job(question, asked)

    def _of_question(self, asked: Asked) -> Grouping:
        """The run with the sample of one question, where weights or replicates depend on it. Raises ``UsageError``."""
        recruited, ready = self.sample.recruited, asked.ready
        if recruited is None or not recruited.settings.by_question:
            return self
        name = asked.question.request.variable
        if ready.moments or ready.indicators is not None or not ready.levels or asked.question.measure != "levels":
            raise refuse_question(recruited.settings, name)
        weights, replicates = recruited.of_question(ready.key, tuple(label for label, _ in ready.levels), name)
        own = Grouping(self.columns, replace(self.sample, weights=weights, replicates=replicates))
        own._groups, own._domains = self._groups, self._domains
        return own

    def _job(self, question: Question, asked: Asked) -> Job:
        request = question.request
        variable = self.columns.survey.codebook[request.variable]
        ready, (domain, notes) = asked.ready, self.domain(request.where)
        sums: list[Sums | Overlap] = []
        inner = (request.standard.variable,) if request.standard is not None else ()
        everybody = self.groups(inner)
        if request.total or not request.by:
            sums.append(self._sums(question, ready, domain, *everybody))
        for names in request.by:
            counted_sums, covered = self._broken_down(question, ready, domain, (*names, *inner))
            labels = " × ".join(counted_sums.breakdown.labels)
            notes = (*notes, *self._outside(names, labels, domain & (ready.key >= 0) & ~covered))
            overlap = counted_sums.breakdown.overlapping
            notes = (*notes, note("overlapping_groups", variable=labels)) if overlap else notes
            sums.append(counted_sums)
        counted = Job(asked, variable, sums, (*notes, *ready.notes), self.sample)
        if variable.kind == "route":
            counted.trips = tuple(int(n) for n in self.columns.times(variable, domain & (ready.key >= 0)))
        return counted

    def _outside(self, names: Sequence[str], labels: str, outside: Flags) -> list[Note]:
        """Who is in no group of a breakdown: without an answer to it, or with none of its options chosen."""
        book = self.columns.survey.codebook
        asked = np.ones(len(outside), dtype=bool)
        for name in names:
            if book[name].kind in SEVERAL:
                asked &= self.columns.chosen(book[name])[1]
            else:
                asked &= self.groups((name,))[0] >= 0
        lost = (("missing_by", outside & ~asked), ("none_by", outside & asked))
        return [
            note(code, variable=labels, n=n, names=tuple(names))
            for code, flags in lost
            if (n := self.sample.count(flags))
        ]

    def _broken_down(
        self, question: Question, ready: Answers, domain: Flags, names: tuple[str, ...]
    ) -> tuple[Sums | Overlap, Flags]:
        """The sums of a breakdown, and the rows [rows] that are in one of its groups."""
        overlap = split(self.columns, names, self.groups)
        if overlap is None:
            keys, breakdown = self.groups(names)
            return self._sums(question, ready, domain, keys, breakdown), np.asarray(keys >= 0)
        parts = [self._sums(question, ready, domain, keys, overlap.inner) for keys in overlap.keys]
        return Overlap(parts, overlap), overlap.covered()

    def _sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown; for a quantile, of who is at or below it."""
        if question.measure == "rank":
            return self.sums(question, self._ranked(ready, domain, keys), domain, keys, breakdown)
        if question.measure != "quantile":
            return self.sums(question, ready, domain, keys, breakdown)
        distributions, below = self._below(question, ready, domain, keys, len(breakdown.groups))
        return self.sums(question, below, domain, keys, breakdown, distributions)

    def sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (),
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown of ready answers; ``domain`` and ``keys`` are [rows]."""
        return Sums(self.sample, ready, domain, keys, breakdown, distributions)

    def _ranked(self, ready: Answers, domain: Flags, keys: Keys) -> Answers:
        """Values as estimated population ranks over the population's size, ties at their mean (R svyranktest)."""
        inside = np.flatnonzero(domain & (ready.key >= 0) & (keys >= 0))
        values, weights = ready.moments[0][inside], self.sample.weights[inside]
        _, rank = np.unique(values, return_inverse=True)
        order = np.argsort(rank, kind="stable")
        middle = np.empty(len(inside))
        middle[order] = np.cumsum(weights[order]) - weights[order] / 2
        ranks = (np.bincount(rank, middle) / np.bincount(rank))[rank]
        scores = np.zeros(len(ready.key))
        scores[inside] = ranks / weights.sum()
        return replace(ready, moments=(scores,), shift=0.0)

    def _below(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, groups: int
    ) -> tuple[tuple[Distribution, ...], Answers]:
        """Each group's distribution; and as levels, who is at or below the group's quantile and who above."""
        values = ready.moments[0] + ready.shift
        inside = np.flatnonzero(domain & (ready.key >= 0) & (keys >= 0))
        order = inside[np.argsort(keys[inside], kind="stable")]
        ends = np.cumsum(np.bincount(keys[inside], minlength=groups))
        parts = np.split(order, ends[:-1])[:groups]
        spreads = tuple(distribution(values[part], self.sample.weights[part]) for part in parts)
        rule = question.request.quantile_rule
        cuts = np.array([quantile(spread, question.share, rule) for spread in spreads])
        key = ready.key.copy()
        key[order] = (values[order] > cuts[keys[order]]).astype(np.intp)
        return spreads, replace(ready, key=key, depth=2, moments=(), shift=0.0)
