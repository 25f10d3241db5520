"""Skip patterns: answers where a question was not asked, as declared or as the data show.

Without a declaration a rule is looked for: a question that is answered by at
least 95% of those with some answers to an earlier question and by at most 2% of
those with the others. The few that break it are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.errors import SurveytoolError
from surveytool.frozen import frozen
from surveytool.survey import Variable

if TYPE_CHECKING:
    from surveytool.arrays import Flags


NOT_ASKED, ASKED = 0.02, 0.95
ENOUGH = 20
FILTERS = 40
MOST_LEVELS = 12


@frozen
class Rule:
    """A filter that the data show: who was asked, and the rows that have an answer all the same."""

    column: str
    labels: tuple[str, ...]
    stray: int


def skips(raw: RawSurvey) -> Iterator[Finding]:
    """Every question with blanks: by its declared condition, else by the rule that the data show."""
    told: dict[tuple[str, tuple[str, ...], int], list[str]] = {}
    for name, variable in raw.book.items():
        if variable.asked_when:
            yield from _declared(raw, name, variable)
    for name, rule in rules(raw).items():
        if rule.stray:
            told.setdefault((rule.column, rule.labels, rule.stray), []).append(name)
    for (column, labels, stray), names in told.items():
        yield finding("note", "skip_broken", *names, cure="skip_broken", column=column, levels=labels, n=stray)


def rules(raw: RawSurvey) -> dict[str, Rule]:
    """Filters that the data show, by the question that was asked only of some."""
    form = raw.survey.form
    inside = raw.options | (frozenset(form.questions) if form is not None else frozenset())  # whose filters are known
    earlier: list[Variable] = []
    rule_by_name: dict[str, Rule] = {}
    for name, variable in raw.book.items():
        asked = not variable.asked_when and name not in inside
        if asked and variable.kind in ("single", "number", "multiple", "date"):
            flags = answered(raw, variable)
            if flags is not None and 0.02 < flags.mean() < 0.98:
                rule = _rule(raw, flags, earlier[-FILTERS:])
                rule_by_name |= {name: rule} if rule is not None else {}
        if variable.kind == "single" and _filters(raw, name, variable):
            earlier.append(variable)
    return rule_by_name


def answered(raw: RawSurvey, variable: Variable) -> Flags | None:
    """Where a question holds something [rows], missing kinds counted in; None where it has no columns."""
    columns = [variable.parent] if variable.parent else list(variable.columns or (variable.name,))
    if any(column not in raw.names for column in columns):
        return None
    flags = np.zeros(raw.rows, dtype=bool)
    for column in columns:
        flags |= raw.keys(column)[0] >= 0
    return flags


def _filters(raw: RawSurvey, name: str, variable: Variable) -> bool:
    """Whether a question can be a filter: few answers, given by most."""
    used = [level for level in variable.valid_levels() if level.count]
    return name in raw.names and 2 <= len(used) <= MOST_LEVELS and variable.n > raw.rows / 2


def _declared(raw: RawSurvey, name: str, variable: Variable) -> Iterator[Finding]:
    from surveytool.aggregate import where_language as conditions
    from surveytool.aggregate.domain import evaluate

    flags = answered(raw, variable)
    assert variable.asked_when is not None
    try:
        truth = evaluate(conditions.parse(variable.asked_when), raw.columns)
    except SurveytoolError as error:
        yield finding("error", "said", name, part="study", text=str(error))
        return
    if flags is None:
        return
    stray = int((flags & (truth == 0)).sum())
    if stray:
        yield finding("warning", "not_asked", name, cure="not_asked", n=stray, condition=variable.asked_when)
    blank = int((~flags & (truth == 1)).sum())
    if blank:
        yield finding("note", "asked_blank", name, n=blank, of=int(np.sum(truth == 1)), condition=variable.asked_when)


def _rule(raw: RawSurvey, flags: Flags, earlier: list[Variable]) -> Rule | None:
    """The nearest earlier question that tells who was asked; one without exceptions wins."""
    best: Rule | None = None
    for variable in reversed(earlier):
        rule = _by(raw, flags, variable)
        if rule is not None and (best is None or rule.stray < best.stray):
            best = rule
        if best is not None and best.stray == 0:
            break
    return best


def _by(raw: RawSurvey, flags: Flags, variable: Variable) -> Rule | None:
    codes, levels = raw.columns.codes(variable.name)
    size = len(levels)
    answered = codes >= 0
    all_ = np.bincount(codes[answered], minlength=size)
    some = np.bincount(codes[answered & flags], minlength=size)
    used = all_ > 0
    share = np.where(used, some / np.maximum(all_, 1), 0.0)
    asked, skipped = used & (share >= ASKED), used & (share <= NOT_ASKED)
    if not (asked | skipped)[used].all() or all_[asked].sum() < ENOUGH or all_[skipped].sum() < ENOUGH:
        return None
    labels = tuple(levels[index].label for index in np.flatnonzero(asked))
    return Rule(column=variable.name, labels=labels, stray=int(some[skipped].sum()))
