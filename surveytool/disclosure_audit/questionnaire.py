"""What an adversary knows before it reads: the questions, their answers, who is in which group, the weights.

The figures without protection are asked for here, for two purposes only: to tell a figure that is
disturbed on purpose from one that is exact, and to say afterwards whether what came out is true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from surveytool.aggregate import where_language as language
from surveytool.arrays import Floats
from surveytool.disclosure_audit.printed_rows import Line
from surveytool.disclosure_audit.readings import LENGTH, STOPS, Fact, Truths
from surveytool.disclosure_audit.respondents import MOST_COLUMNS, Question, Space
from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Results
from surveytool.survey import Request, Survey, code_text
from surveytool.tabulation import tabulate

SAME = 1e-9
MOST_ATOMS = 20_000


class Questionnaire:
    """The questions of a run and of the earlier ones whose figures are known."""

    def __init__(self, survey: Survey, requests: Sequence[Request]) -> None:
        self.survey = replace(survey, gate=None)
        self.results: Results = tabulate(self.survey, list(requests))
        self.estimates = self.results.estimates
        self.facts = {key: fact for estimate in self.estimates for key, fact in _facts(estimate)}
        self.labels = {key: codes for estimate in self.estimates for key, codes in _codes(estimate)}
        self._blank: dict[str, bool] = {}
        self.questions = {name: self._question(name) for name in self._names()}

    def truths(self, noise: float) -> Truths:
        """What rows truly are."""
        standards: dict[tuple[Any, ...], tuple[str, dict[str, float]]] = {}
        for estimate in self.estimates:
            standard = estimate.request.standard
            if standard is not None:
                whole = sum(share for _, share in standard.shares)
                labels = self.questions[standard.variable].labels
                shares = {code: standard.of(code, label) / whole for code, label in labels.items()}
                shares = {code: share for code, share in shares.items() if share}
                standards |= {key: (standard.variable, shares) for key, _ in _facts(estimate)}
        return Truths(self.facts, noise, standards)

    def _names(self) -> Iterator[str]:
        for estimate in self.estimates:
            request = estimate.request
            standard = [request.standard.variable] if request.standard is not None else []
            asked = list(language.names(language.parse(request.where))) if request.where else []
            yield from (request.variable, *(name for by in request.by for name in by), *standard, *asked)

    def _question(self, name: str) -> Question:
        """A question as the questionnaire has it, with the codes that rows know its answers by."""
        variable = self.survey.codebook[name]
        labels: dict[str, str] = {}
        for estimate in self.estimates:
            if estimate.request.variable == name:
                labels |= {code: label for label, code in estimate.answers()}
            for breakdown in estimate.breakdowns:
                if name in breakdown.names:
                    at = breakdown.names.index(name)
                    pairs = zip(breakdown.codes, breakdown.groups, strict=True)
                    labels |= {codes[at]: texts[at] for codes, texts in pairs}
        if variable.kind == "single":
            labels |= {str(code_text(level.code)): level.label for level in variable.valid_levels()}
        several = any(estimate.multiple for estimate in self.estimates if estimate.request.variable == name)
        number = variable.kind == "number" and not labels
        binary = number and self._zero_or_one(name)
        return Question(
            name, tuple(labels) if not binary else ("0", "1"), labels, several=several or name.endswith(STOPS),
            binary=binary, number=number,
        )  # fmt: skip

    def _zero_or_one(self, name: str) -> bool:
        """Whether a number has the values 0 and 1 only."""
        means = [
            row.estimate for estimate in self.estimates for row in estimate.rows
            if estimate.request.variable == name and estimate.statistic == "mean" and row.estimate is not None
        ]  # fmt: skip
        if not means or min(means) < 0 or max(means) > 1:
            return False
        text = f"`{name}` == 0 or `{name}` == 1"
        asked = [Request(variable=name, statistic="mean", where=where) for where in (None, text)]
        try:
            whole, part = (estimate.rows[0].n for estimate in tabulate(self.survey, asked).estimates)
        except UsageError:  # nobody has either
            return False
        return whole == part > 0

    # the unknowns of a question

    def spaces(self, name: str, lines: Sequence[Line]) -> Iterator[Space]:
        """The unknowns that the tables of a question and of its groups are told in.

        One set of unknowns tells all groups apart, if they are few enough; otherwise each
        breakdown has one with as many others as fit. What one set leaves open another may close.
        """
        groups, opaque, breakdowns = self._groups(name, lines)
        left = dict.fromkeys(breakdowns)
        while left or not breakdowns:
            first = next(iter(left), ())
            order = [*first, *(name for names in left for name in names), *groups]
            told = self._fitting(self.questions[name], {each: groups[each] for each in order if each in groups}, first)
            space = Space(self.questions[name], told, self.questions, list(opaque)[:3])
            space.weights = self.weights(space)
            yield space
            left = {names: None for names in left if names != first and not set(names) <= set(told)}
            if not left:
                return

    def _groups(
        self, name: str, lines: Sequence[Line]
    ) -> tuple[dict[str, tuple[str | None, ...]], dict[str, None], list[tuple[str, ...]]]:
        """The variables that a question's tables tell apart with their codes, its opaque conditions, its breakdowns."""
        groups: dict[str, tuple[str | None, ...]] = {}
        opaque: dict[str, None] = {}
        breakdowns: dict[tuple[str, ...], None] = {}
        for line in lines:
            if line.variable != name and name not in line.by and line.variable != _length_of(name):
                continue
            asked = [each for each in (*line.by, *self._standard(line)) if self._listed(each, name)]
            if line.where and self._readable(line.where, name):
                asked += [each for each in language.names(language.parse(line.where)) if each != name]
            elif line.where:
                opaque[line.where] = None
            for each in asked:
                groups.setdefault(each, self._codes_of(each))
            breakdowns[tuple(asked)] = None
        return groups, opaque, sorted((names for names in breakdowns if names), key=len, reverse=True)

    def _listed(self, each: str, name: str) -> bool:
        """Whether another variable's groups can be told apart."""
        same = each in (name, _length_of(name))
        return not same and not self.questions[each].several and not self.questions[each].number

    def _fitting(
        self, question: Question, groups: dict[str, tuple[str | None, ...]], first: tuple[str, ...]
    ) -> dict[str, tuple[str | None, ...]]:
        """The first groups, and as many more as can be told apart together."""
        size, kept = len(question.levels) + 2, dict[str, tuple[str | None, ...]]()
        for name, codes in groups.items():
            if name in first or size * len(codes) <= MOST_COLUMNS:
                size, kept[name] = size * len(codes), codes
        return kept

    def _standard(self, line: Line) -> list[str]:
        return [
            estimate.request.standard.variable for estimate in self.estimates
            if estimate.request.standard is not None and estimate.request.variable == line.variable
        ]  # fmt: skip

    def _readable(self, where: str, name: str) -> bool:
        """Whether a condition asks for answers that are listed."""
        asked = set(language.names(language.parse(where)))
        return all(
            not self.questions[name].several and not self.questions[name].number and self.questions[name].levels
            for name in asked
        ) and not (name in asked and self.questions[name].several)  # fmt: skip

    def _codes_of(self, name: str) -> tuple[str | None, ...]:
        """The groups of a breakdown, and one more for people who are in none of them, where there are any."""
        return (*self.questions[name].levels, *((None,) if self._ungrouped(name) else ()))

    def _ungrouped(self, name: str) -> bool:
        if name not in self._blank:
            self._blank[name] = self._has_ungrouped(name)
        return self._blank[name]

    def _has_ungrouped(self, name: str) -> bool:
        outside = []
        for estimate in self.estimates:
            for breakdown in estimate.breakdowns:
                if name in breakdown.names and not breakdown.overlapping:
                    outside.append(_outside(estimate, breakdown.names))
        return bool(self.survey.codebook[name].n_missing) if not outside else any(n != 0 for n in outside)

    # weights

    def weights(self, space: Space) -> Floats | None:
        """The weight of everybody in an atom [atoms], where all in a group weigh the same; None where they do not."""
        design = self.survey.design
        if not design.weighted:
            return np.ones(len(space.atoms))
        asked = {names for estimate in self.estimates for names in estimate.request.by} | {()}
        for names in sorted(asked, key=len):
            if set(names) <= set(space.names):
                alike = self._alike(names)
                if alike is not None:
                    at = [space.names.index(name) for name in names]
                    usual = float(np.mean(list(alike.values())))
                    return np.array(
                        [alike.get(tuple(atom[position] for position in at), usual) for atom in space.atoms]
                    )
        return None

    def _alike(self, names: tuple[str, ...]) -> dict[tuple[str | None, ...], float] | None:
        """Weights by group, where weighting within groups changes no share."""
        weights: dict[tuple[str | None, ...], float] = {}
        for estimate in self.estimates:
            if estimate.statistic != "proportion" or estimate.request.where or estimate.request.standard is not None:
                continue
            rows = [row for row in estimate.rows if tuple(row.by_code) == names and row.n]
            if any(
                row.count is None or row.estimate is None or abs(row.estimate - row.count / row.n) > SAME
                for row in rows
            ):
                return None
            weights |= {tuple(row.by_code.values()): row.n_weighted / row.n for row in rows}
            whole = next((row for row in estimate.rows if not row.by_code), None)
            if whole is not None and names and rows:
                rest = {tuple(row.by_code.values()): row for row in rows}.values()
                n = whole.n - sum(row.n for row in rest)
                if n:
                    weights[(None,) * len(names)] = (whole.n_weighted - sum(row.n_weighted for row in rest)) / n
        return weights or None


def _length_of(name: str) -> str:
    return f"{name.removesuffix(STOPS)}{LENGTH}" if name.endswith(STOPS) else ""


def _outside(estimates: Estimates, names: tuple[str, ...]) -> float:
    """How many respondents are in the total of a table and in no group of a breakdown."""
    whole = next((row.n for row in estimates.rows if not row.by_code), None)
    groups = {tuple(row.by_code.values()): row.n for row in estimates.rows if tuple(row.by_code) == names}
    return 0 if whole is None else whole - sum(groups.values())


def _facts(estimates: Estimates) -> Iterator[tuple[tuple[Any, ...], Fact]]:
    request = estimates.request
    for row in estimates.rows:
        key = (
            request.variable, estimates.statistic, request.base, request.where, tuple(sorted(row.by_code.items())),
            row.level_code, request.standard is not None,
        )  # fmt: skip
        yield key, Fact(row.count, row.n, row.n_weighted, row.estimate)


def _codes(estimates: Estimates) -> Iterator[tuple[tuple[Any, ...], tuple[dict[str, str], str | None, str]]]:
    """Rows by their labels, which a ledger knows them by: the codes of group and level, and the statistic."""
    request = estimates.request
    for row in estimates.rows:
        standard = request.standard is not None
        key = (
            request.variable,
            request.statistic,
            request.where,
            request.base,
            tuple(row.by.items()),
            row.level,
            standard,
        )
        yield key, (dict(row.by_code), row.level_code, estimates.statistic)


def told_apart(lines: Iterable[Line]) -> list[str]:
    """The questions of rows, those with withheld rows first."""
    withheld: dict[str, int] = defaultdict(int)
    for line in lines:
        withheld[line.variable] += line.flag is not None
    return sorted(withheld, key=lambda name: -withheld[name])
