"""What a question of numbers tells of single respondents: who holds most of a sum, who gave a quantile.

The p% rule (as in sdcTable and the ESSnet handbook): a sum, or a mean, is told
only where those behind the second largest hold at least p% of the largest;
otherwise the second could reckon the first. A quantile is told in a decimal place so
coarse that at least as many respondents as the smallest count gave an answer inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats


PERCENT = 10.0
COUNT_LIKE = 20
Names = tuple[str, ...]
Place = tuple[Names, Names]  # breakdown, group


@frozen
class NumberFacts:
    """Values [n] and what they are in a sum, weights included [n], of every group of every breakdown of a table."""

    values: dict[Place, Floats]
    parts: dict[Place, Floats]
    whole: bool

    def dominated(self, places: Iterable[Place]) -> bool:
        """Whether one respondent holds nearly all of the sum of some groups together."""
        parts = [self.parts[place] for place in places if place in self.parts]
        ordered = np.sort(np.abs(np.concatenate(parts)))[::-1] if parts else np.zeros(0)
        return bool(len(ordered) and ordered[0] > 0 and ordered[2:].sum() < PERCENT / 100 * ordered[0])


def dominated_groups(facts: NumberFacts, names: Names, groups: Sequence[Names]) -> set[Names]:
    """Groups of a breakdown whose figure is one respondent's, and others so that none comes out by subtraction."""
    gone = {group for group in groups if facts.dominated([(names, group)])}
    rest = sorted((group for group in groups if group not in gone), key=lambda group: len(_of(facts, names, group)))
    while gone and rest and (len(gone) < 2 or facts.dominated([(names, group) for group in gone])):
        gone.add(rest.pop(0))
    return gone


def _of(facts: NumberFacts, names: Names, group: Names) -> Floats:
    return facts.values.get((names, group), np.zeros(0))


def in_steps(value: float, values: Floats, least: int, digits: int) -> float | None:
    """A value in the finest decimal place that holds at least ``least`` respondents' answers.

    None where no place does, up to the whole range.

    >>> in_steps(768.18, np.array([760.0, 762, 765, 768, 768.18, 790]), 3, 2)
    770.0
    """
    span = float(np.ptp(values)) if len(values) else 0.0
    size = 10.0**-digits
    while size <= max(span, 10.0**-digits) * 2:
        rounded = round(value / size) * size
        inside = (values >= rounded - size / 2) & (values <= rounded + size / 2)
        if int(inside.sum()) >= least:
            return None if value and not rounded else round(rounded, max(digits, 0)) + 0.0
        size *= 10
    return None


def two_values(values: Floats) -> tuple[float, float] | None:
    """The two answers of a number [rows] that has no others; None where it has more, or one only."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = float(known.min()), float(known.max())
    return (low, high) if low < high and bool(((known == low) | (known == high)).all()) else None


def count_like(values: Floats) -> bool:
    """Whether numbers [rows] could be counts of answers: small whole numbers."""
    known = values[~np.isnan(values)]
    return bool(len(known) and (known == np.floor(known)).all() and known.min() >= 0 and known.max() <= COUNT_LIKE)
