"""What the coefficients rest on: respondents of every group that a term tells apart, and their answers.

The coefficient of a rare category is news of its few members. Where all
predictors are categories, the odds of a group give away who of it gave which
answer. So a gate asks for these counts. A number of two values is a category by
another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.respondents import Factor, Respondents
from surveytool.estimate.result import Support
from surveytool.regression.formula import Formula

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


TWO = 2


@dataclass(frozen=True, slots=True)
class _Groups:
    """The group of each respondent [rows] into names of groups."""

    codes: Keys
    names: tuple[str, ...]


def support(people: Respondents, formula: Formula, rows: Keys, event: Floats | None) -> tuple[Support, ...]:
    """Counts of every group of every term, everybody first; ``event`` [rows] is 1 for the answer that is modelled.

    The answers are counted where they could be reckoned: of everybody, and of the groups
    where no predictor is a number.
    """
    by_name = {name: _groups(name, people.values[name], rows) for name in formula.names()[1:]}
    answers = event if all(groups is not None for groups in by_name.values()) else None
    counts = _counts(_Groups(np.zeros(len(rows), dtype=np.intp), ("",)), event)
    for term in formula.terms:
        parts = [groups for name in term if (groups := by_name[name]) is not None]
        if parts:
            counts += _counts(_crossed(parts), answers)
    return tuple(counts)


def _groups(name: str, value: Factor | Floats, rows: Keys) -> _Groups | None:
    """The groups that a predictor tells apart; None for a number of many values."""
    if isinstance(value, Factor):
        return _Groups(value.codes[rows], tuple(f"{name}: {label}" for label in value.labels))
    values, codes = np.unique(value[rows], return_inverse=True)
    return _Groups(codes, tuple(f"{name}: {value:g}" for value in values)) if len(values) <= TWO else None


def _crossed(parts: list[_Groups]) -> _Groups:
    codes, names = parts[0].codes, parts[0].names
    for part in parts[1:]:
        codes = codes * len(part.names) + part.codes
        names = tuple(f"{one} × {other}" for one in names for other in part.names)
    return _Groups(codes, names)


def _counts(groups: _Groups, event: Any) -> list[Support]:
    """One count a group that occurs."""
    n = np.bincount(groups.codes, minlength=len(groups.names))
    gave = None if event is None else np.bincount(groups.codes, weights=event, minlength=len(n)).astype(int)
    return [
        Support(group=groups.names[at], n=int(n[at]), gave=None if gave is None else int(gave[at]))
        for at in np.flatnonzero(n)
    ]
