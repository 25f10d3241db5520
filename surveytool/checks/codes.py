"""Codes such as 98, 99 and -9 that look like missing answers and are declared as none.

A code is doubtful if it is one of the usual ones and stands apart from the other
values: beyond their range by more than a tenth of it, or below zero where all
others are not. One or two other values have no range to speak of: there a tenth
of their size stands in for it, so that 97 is a neighbour of 90 and not of 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.labels import labelled
from surveytool.checks.raw_survey import RawSurvey
from surveytool.survey import Variable, code_text
from surveytool.survey.non_answers import among_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL = frozenset(
    sign * number
    for number in (1, 7, 8, 9, 77, 88, 96, 97, 98, 99, 777, 888, 996, 997, 998, 999, 7777, 8888, 9996, 9997, 9998,
                   9999, 99999, 888888, 999999)
    for sign in (1, -1)
    if number * sign not in (1,)
)  # fmt: skip
TEXTS = frozenset({
    "na", "n/a", "n.a.", "nan", "null", "missing", "#", ".", "-", "--", "98", "99", "998", "999", "-9", "-99",
    "sd", "s/d", "nd", "n/d", "ns", "nc", "ns/nc", "nr",
})  # fmt: skip


def codes(raw: RawSurvey) -> Iterator[Finding]:
    """Every question but dates and identifiers."""
    inside = raw.options
    for name, variable in raw.book.items():
        if variable.kind not in ("single", "number") or variable.sensitive or len(variable.columns) > 1:
            continue
        if name in inside or name in raw.design.columns():
            continue
        column = variable.columns[0] if variable.columns else name
        if raw.is_number(column):
            yield from _numbers(raw, variable, column)
        elif variable.kind == "single":
            yield from _texts(variable)


def _numbers(raw: RawSurvey, variable: Variable, column: str) -> Iterator[Finding]:
    keys, values = raw.keys(column)
    declared = {code_text(level.code) for level in variable.levels if level.missing is not None or labelled(level)}
    numbers = np.array(values, dtype=np.float64)
    open_ = np.array([not declared or code_text(value) not in declared for value in values], dtype=bool)
    answered = keys >= 0
    if not answered.any():
        return
    counts = np.bincount(keys[answered], minlength=len(values))
    doubtful = apart(numbers[open_], numbers[~open_])
    times = {value: int(counts[numbers == value].sum()) for value in doubtful}
    doubtful = [value for value in doubtful if _told(value, doubtful, times, labels=bool(declared))]
    if doubtful:
        n = sum(times[value] for value in doubtful)
        yield finding("warning", "missing_codes", variable.name, cure="missing_codes", n=n,
                      codes=tuple(code_text(value) for value in doubtful))  # fmt: skip


def _told(code: float, doubtful: list[float], times: dict[float, int], *, labels: bool) -> bool:
    """Small codes may be amounts (seven days, an age of 77): they need company."""
    if 0 < code < 10:
        return labels or sum(0 < value < 10 for value in doubtful) > 1
    return code < 0 or code >= 96 or times[code] >= 3


def apart(values: NDArray[np.float64], declared: Any = ()) -> list[float]:
    """The usual missing codes among distinct numbers [N] that stand apart from the others.

    >>> import numpy as np
    >>> apart(np.array([18.0, 25.0, 40.0, 99.0, -9.0])), apart(np.array([88.0, 90.0, 97.0]))
    ([-9.0, 99.0], [])
    >>> apart(np.array([1.0, 2.0, 97.0]))
    [97.0]
    """
    values = np.unique(values[np.isfinite(values)])
    doubtful = np.isin(values, np.array(sorted(USUAL), dtype=np.float64))
    while doubtful.any():
        rest = np.concatenate([values[~doubtful], np.asarray(declared, dtype=np.float64)])
        if len(rest) == 0:
            return []
        low, high = float(rest.min()), float(rest.max())
        spread = high - low if len(rest) > 2 else max(high, -low)
        over = (values > high + max(1.0, spread / 10)) & (values > 6)
        under = (values < 0) & (low >= 0)
        kept = doubtful & (over | under)
        if (kept == doubtful).all():
            break
        doubtful = kept
    return [float(value) for value in values[doubtful]]


def _texts(variable: Variable) -> Iterator[Finding]:
    """Texts that stand for no answer; a code of two letters among many such codes is one of them."""
    if among_codes(level.label for level in variable.levels):
        return
    doubtful = [
        level for level in variable.valid_levels()
        if level.count and isinstance(level.code, str) and not labelled(level) and level.code.strip().lower() in TEXTS
    ]  # fmt: skip
    others = sum(1 for level in variable.valid_levels() if level.count) - len(doubtful)
    if doubtful and others:
        yield finding("warning", "missing_codes", variable.name, cure="missing_codes",
                      codes=tuple(level.label for level in doubtful),
                      n=sum(level.count for level in doubtful))  # fmt: skip
