"""A number reckoned from other answers: sums, means, counts, ratios, days, cases.

An item without an answer leaves the score missing, and a note counts whom that
concerns; the two other rules are chosen by name and counted as well. So no score
stands on fewer items than its formula says without telling it. What is reckoned
hangs on a respondent's own answers alone: rows of a file, combinations of a stream
and answers counted on a cluster go through the same lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.recoding.level_lookup import matching
from surveytool.recoding.recode_result import Made, level_of
from surveytool.recoding.recode_types import Score
from surveytool.recoding.roster_score import of_roster, roster_faults
from surveytool.recoding.score_items import Items, dates_of, items_of
from surveytool.recoding.score_variable import category_score, number_score
from surveytool.survey import Text, code_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Flags, Floats


FORMULAS = ("sum", "mean", "max", "min", "count", "ratio", "days", "case", "roster")
FILLED = ("sum", "mean")  # formulas in which the mean of the other items can stand for a missing one
COMPARISONS = ("==", "!=", ">=", "<=", ">", "<")
CURE = "Write one of sum = {ITEM = WEIGHT}, mean, max, min, count, ratio, days, case or roster."


def faults(recode: Score) -> Iterator[UsageError]:
    """None of the formulas or several; items of the wrong number; a rule for missing items that does not fit."""
    given = formulas(recode)
    if len(given) != 1:
        told = f"has {' and '.join(given)}." if given else "has no formula."
        yield UsageError(told, "", CURE)
        return
    formula = given[0]
    if formula in ("ratio", "days") and len(getattr(recode, formula)) != 2:
        cure = "Write ratio = [ABOVE, BELOW]" if formula == "ratio" else "Write days = [FROM, TO]"
        yield UsageError(f"{formula} needs two names.", formula, cure)
    if recode.missing == "mean" and formula not in FILLED:
        yield UsageError(
            f"missing is mean, which {formula} cannot have.", "missing", "Write missing = 'refuse' or 'zero'."
        )
    yield from _valid_faults(recode, formula)
    yield from _case_faults(recode)
    yield from roster_faults(recode)
    if recode.count is not None and not recode.count.of:
        yield UsageError("count names no questions.", "count", 'Write count = {of = ["q1", "q2"], when = "yes"}')


def _valid_faults(recode: Score, formula: str) -> Iterator[UsageError]:
    if not recode.valid:
        return
    if len(recode.valid) != 2 or not recode.valid[0] <= recode.valid[1]:
        yield UsageError("valid is no range.", "valid", "Write valid = [LOWEST, HIGHEST]")
    if formula in ("days", "case", "count", "roster"):
        yield UsageError(f"valid says nothing to {formula}.", "valid", "Leave it out.")


def _case_faults(recode: Score) -> Iterator[UsageError]:
    from surveytool.aggregate.where_language import parse

    for index, case in enumerate(recode.case):
        if case.when is None:
            if index + 1 < len(recode.case):
                yield UsageError("a case without a condition is not the last.", "case", "Put it at the end.")
            continue
        try:
            parse(case.when)
        except UsageError as error:
            yield UsageError(error.message, "case", error.cure)
    if recode.case and len({isinstance(case.then, str) for case in recode.case}) > 1:
        yield UsageError("then is a text in one case and a number in another.", "case", "Write all as one of them.")


def formulas(recode: Score) -> list[str]:
    """The formulas that are given."""
    return [name for name in FORMULAS if getattr(recode, name)]


def sources(recode: Score) -> tuple[str, ...]:
    """The variables, columns or globs that the score is made of; none of a condition that cannot be read."""
    from contextlib import suppress

    from surveytool.aggregate.where_language import names, parse

    named = dict.fromkeys((*recode.sum, *recode.mean, *recode.max, *recode.min, *recode.ratio, *recode.days))
    named |= dict.fromkeys(recode.count.of if recode.count is not None else ())
    for case in recode.case:
        with suppress(UsageError):
            named |= dict.fromkeys(names(parse(case.when)) if case.when is not None else ())
    return tuple(named)


def make(columns: Columns, recode: Score) -> Made:
    """The score as a variable; of cases with texts a category."""
    formula = formulas(recode)[0]
    if formula == "case":
        return _cases(columns, recode)
    if formula == "roster":
        values, told = of_roster(columns, recode)
        return number_score(columns, recode, values, (), told)
    reckoned = _RECKONED[formula](columns, recode)
    return number_score(columns, recode, reckoned.values, reckoned.names, reckoned.notes)


@frozen
class Reckoned:
    """Values [rows] with the names they were made of and what must be told."""

    values: Floats
    names: tuple[str, ...]
    notes: tuple[Note, ...]


def _sum(columns: Columns, recode: Score) -> Reckoned:
    items = items_of(columns, recode, list(recode.sum))
    weights = np.array(list(recode.sum.values()), dtype=float)
    valid = ~np.isnan(items.values)
    total = np.where(valid, items.values, 0.0) @ weights
    if recode.missing == "mean":
        given = valid @ weights
        with np.errstate(divide="ignore", invalid="ignore"):
            total = np.where(valid.all(axis=1), total, total * weights.sum() / given)
        total = np.where(np.isfinite(total), total, np.nan)
    return _settled(columns, recode, items, total)


def _mean(columns: Columns, recode: Score) -> Reckoned:
    items = items_of(columns, recode, _meant(columns, recode.mean))
    valid = ~np.isnan(items.values)
    total = np.where(valid, items.values, 0.0).sum(axis=1)
    below = valid.sum(axis=1) if recode.missing == "mean" else np.full(len(total), items.values.shape[1])
    return _settled(columns, recode, items, total / np.maximum(below, 1))


def _extreme(columns: Columns, recode: Score) -> Reckoned:
    greatest = bool(recode.max)
    items = items_of(columns, recode, _meant(columns, recode.max or recode.min))
    filled = np.where(np.isnan(items.values), 0.0, items.values)
    return _settled(columns, recode, items, filled.max(axis=1) if greatest else filled.min(axis=1))


def _settled(columns: Columns, recode: Score, items: Items, values: Floats) -> Reckoned:
    """Values of those whose items allow one, with notes that count the others."""
    lacking = np.isnan(items.values)
    none, some = np.all(lacking, axis=1), np.any(lacking, axis=1)
    partly: Flags = some & ~none
    gone = some if recode.missing == "refuse" else none
    notes = [*items.notes]
    if partly.any():
        notes.append(note(f"score_{recode.missing}", name=recode.name, n=columns.count(partly)))
    return Reckoned(values=np.where(gone, np.nan, values), names=items.names, notes=tuple(notes))


def _ratio(columns: Columns, recode: Score) -> Reckoned:
    items = items_of(columns, recode, list(recode.ratio))
    lacking = np.isnan(items.values)
    above, below = np.where(lacking, 0.0, items.values).T
    refused = lacking.any(axis=1) if recode.missing == "refuse" else lacking.all(axis=1)
    nothing = (below == 0) & ~refused
    reckoned = _settled(columns, recode, items, np.where(below == 0, np.nan, above / np.where(below == 0, 1.0, below)))
    told = (note("score_division", name=recode.name, below=recode.ratio[1], n=columns.count(nothing)),)
    return Reckoned(
        values=reckoned.values, names=items.names, notes=(*reckoned.notes, *(told if nothing.any() else ()))
    )


def _days(columns: Columns, recode: Score) -> Reckoned:
    first, last = (dates_of(columns, name) for name in recode.days)
    values = last - first
    before = columns.count(values < 0)
    lacking = np.isnan(values)
    some = columns.count(lacking & ~(np.isnan(first) & np.isnan(last)))
    notes = (note("score_refuse", name=recode.name, n=some),) if some else ()
    backward = (note("score_backward", name=recode.name, n=before),) if before else ()
    return Reckoned(values=values, names=recode.days, notes=(*notes, *backward))


def _count(columns: Columns, recode: Score) -> Reckoned:
    assert recode.count is not None
    names = _meant(columns, recode.count.of)
    truths = np.stack([_counts(columns, name, recode.count.when) for name in names], axis=1)
    values = np.where(truths < 0, np.nan, truths.astype(float))
    listed = recode.count.when if isinstance(recode.count.when, tuple) else (recode.count.when,)
    never = (note("score_never", name=recode.name, answers=[code_text(answer) for answer in listed]),)
    items = Items(values=values, names=tuple(names), notes=() if (truths == 1).any() else never)
    return _settled(columns, recode, items, np.where(np.isnan(values), 0.0, values).sum(axis=1))


def _counts(columns: Columns, name: str, when: Any) -> NDArray[np.int8]:
    """Whether an answer counts: 1, 0, or -1 where there is none [rows]."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import parse

    answers = when if isinstance(when, tuple) else (when,)
    compared = [text for text in answers if isinstance(text, str) and text.strip().startswith(COMPARISONS)]
    if compared:
        if len(answers) > 1:
            raise UsageError(f"when has {compared[0]!r} beside answers.", "count", "Write one comparison, or answers.")
        return evaluate(parse(f"`{name}` {compared[0]}"), columns)
    return _given(columns, name, answers)


def _given(columns: Columns, name: str, answers: Sequence[Any]) -> NDArray[np.int8]:
    from surveytool.recoding.derived import truth
    from surveytool.recoding.recode_types import Answered

    variable = columns.survey.codebook[name]
    coded = variable.kind == "single" and not any(isinstance(answer, str) for answer in answers)
    if variable.kind == "number" or (coded and columns.is_numeric(name)):
        values = columns.numbers(name)
        try:
            numbers = [float(answer) for answer in answers]
        except ValueError:
            raise UsageError(f"{name} is a number.", "count", "Write when = 1, or when = '>= 2'.") from None
        return np.where(np.isnan(values), -1, np.isin(values, numbers)).astype(np.int8)
    return truth(columns, Answered(variable=name, levels=tuple(answers)))


def _meant(columns: Columns, patterns: Sequence[str]) -> list[str]:
    book = columns.survey.codebook
    return list(dict.fromkeys(name for pattern in patterns for name in matching(pattern, book)))


def _cases(columns: Columns, recode: Score) -> Made:
    """The first case whose condition holds; an unknown condition before it leaves the score unknown."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import parse

    chosen = np.full(columns.rows, -1, dtype=np.int32)
    doubtful = np.zeros(columns.rows, dtype=bool)
    for index, case in enumerate(recode.case):
        truth = np.ones(columns.rows, dtype=np.int8) if case.when is None else evaluate(parse(case.when), columns)
        open_rows = (chosen < 0) & ~doubtful
        chosen[open_rows & (truth == 1)] = index
        if recode.missing == "refuse":
            doubtful |= open_rows & (truth < 0)
    none = (chosen < 0) & ~doubtful
    notes = (note("score_no_case", name=recode.name, n=columns.count(none)),) if none.any() else ()
    if isinstance(recode.case[0].then, str):
        labels: dict[str, Text] = {}
        for case in recode.case:
            labels.setdefault(str(case.then), case.label or str(case.then))
        texts = list(labels)
        places = np.array([texts.index(str(case.then)) for case in recode.case] + [-1], dtype=np.int32)
        return category_score(
            columns, recode, [level_of(text, labels[text]) for text in texts], places[chosen], sources(recode), notes
        )
    numbers = np.array([float(case.then) for case in recode.case] + [math.nan])
    return number_score(columns, recode, numbers[chosen], sources(recode), notes)


_RECKONED = {
    "sum": _sum, "mean": _mean, "max": _extreme, "min": _extreme, "count": _count, "ratio": _ratio, "days": _days,
}  # fmt: skip
