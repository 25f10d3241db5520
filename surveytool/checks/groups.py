"""Groups of the tables that are asked for: empty ones, and those with very few respondents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate import where_language as conditions
from surveytool.aggregate.domain import evaluate
from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.errors import SurveytoolError
from surveytool.survey import Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 30
MOST_CELLS = 2000


def groups(raw: RawSurvey) -> Iterator[Finding]:
    """Every breakdown of every request, each domain once."""
    seen: set[tuple[tuple[str, ...], str | None]] = set()
    for request in raw.requests:
        for names in request.by:
            if (names, request.where) in seen:
                continue
            seen.add((names, request.where))
            try:
                yield from _breakdown(raw, names, request.where)
            except SurveytoolError as error:
                yield finding("error", "said", ":".join(names), part="study", text=str(error))


def _breakdown(raw: RawSurvey, names: tuple[str, ...], where: str | None) -> Iterator[Finding]:
    inside = np.ones(raw.rows, dtype=bool)
    if where is not None:
        inside = evaluate(conditions.parse(where), raw.columns) == 1
    if any(not _listable(raw.book[name]) for name in names):
        return
    coded = [raw.columns.codes(name) for name in names]
    labels = [[level.label for level in levels if level.missing is None] for _, levels in coded]
    if np.prod([float(len(label)) for label in labels]) > MOST_CELLS:
        return
    counts = _counts(coded, inside)
    heads = [" × ".join(cell) for cell in product(*labels)]
    empty = [head for head, count in zip(heads, counts, strict=True) if count == 0]
    few = [head for head, count in zip(heads, counts, strict=True) if 0 < count < FEW]
    breakdown = ":".join(names)
    if empty:
        yield finding("warning", "empty_groups", breakdown, cure="empty_groups", groups=tuple(empty), n=len(empty))
    if few:
        yield finding("note", "small_groups", breakdown, cure="small_groups", groups=tuple(few), n=len(few), least=FEW)


def _listable(variable: Variable) -> bool:
    """Whether its groups may be named: those of texts, identifiers and sensitive questions are people's answers."""
    return variable.kind in ("single", "number") and not variable.sensitive


def _counts(coded: list, inside: NDArray[np.bool_]) -> list[int]:  # type: ignore[type-arg]
    """Respondents of every crossing of valid levels, the last variable running fastest."""
    key, size = np.zeros(len(inside), dtype=np.int64), 1
    for codes, levels in coded:
        valid = [index for index, level in enumerate(levels) if level.missing is None]
        order = np.full(len(levels) + 1, -1, dtype=np.int64)
        order[valid] = np.arange(len(valid))
        ranks = order[codes]
        key = np.where((key < 0) | (ranks < 0), -1, key * len(valid) + ranks)
        size *= len(valid)
    return np.bincount(key[inside & (key >= 0)], minlength=size).tolist()  # type: ignore[no-any-return]
