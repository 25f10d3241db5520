"""Which change lowers the risk most: ages in bands, rare answers joined, itineraries cut, a variable dropped.

Every change is tried alone on the classes of all quasi-identifiers. ``kept`` is the share of
the variable's own detail that is left: its entropy after the change by its entropy before.
The path tries changes one after the other, the best first, and drops a variable only where
no recode helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.duplicate_rows import groups
from surveytool.checks.raw_survey import RawSurvey
from surveytool.disclosure_risk.classes import sizes
from surveytool.disclosure_risk.quasi import combined
from surveytool.disclosure_risk.risk_measures import Candidate, Change, Quasi
from surveytool.reading import looks_like_design

if TYPE_CHECKING:
    from surveytool.arrays import LongKeys


WIDTHS = (5, 10, 20)
RARE = (0.02, 0.05, 0.1)
STEPS = 5
MANY = 12
ENOUGH = 0.05

Trial = tuple[Candidate, Quasi | None]


def candidates(raw: RawSurvey, quasi: Sequence[Quasi], k: int) -> list[Trial]:
    """Every change of every quasi-identifier with the risk after it, the lowest risk first."""
    trials = [
        trial for index, variable in enumerate(quasi) for change, detail, after in changes(raw, variable)
        for trial in [_try(quasi, index, change, detail, after, k)]
    ]  # fmt: skip
    return sorted(trials, key=lambda trial: (trial[0].below, trial[0].unique, -trial[0].kept))


def path(raw: RawSurvey, quasi: Sequence[Quasi], k: int) -> list[Candidate]:
    """Changes one after the other until under 5% of respondents stand in classes below k."""
    steps: list[Candidate] = []
    now = list(quasi)
    rows = len(quasi[0].keys)
    below = int((sizes(combined(now)) < k).sum())
    while below > ENOUGH * rows and len(steps) < STEPS:
        tried = [candidate for candidate in candidates(raw, now, k) if candidate[0].below < below]
        recodes = [step for step in tried if step[0].change != "drop" and step[0].kept > 0.2]
        best = next(iter(recodes), None) or next(iter(tried), None)
        if best is None:
            break
        step, after = best
        steps.append(step)
        below = step.below
        now = [
            variable
            for variable in (after if variable.name == step.name else variable for variable in now)
            if variable is not None
        ]
        if not now:
            break
    return steps


def changes(raw: RawSurvey, quasi: Quasi) -> Iterator[tuple[Change, int, LongKeys | None]]:
    """What may be done with one quasi-identifier: the change, its detail, the keys after it (None: dropped)."""
    many = _amounts(raw, quasi) and len(np.unique(quasi.keys)) > MANY
    if len(quasi.columns) > 1:
        yield from _itinerary(raw, quasi)
    if many:
        yield from _bands(raw, quasi)
    counts = np.bincount(quasi.keys)
    for share in () if many else RARE:
        rare = (counts > 0) & (counts < share * len(quasi.keys))
        if 1 < rare.sum() < (counts > 0).sum():
            yield "rare", int(rare.sum()), np.where(rare[quasi.keys], len(counts), quasi.keys)
    yield "drop", 0, None


def _amounts(raw: RawSurvey, quasi: Quasi) -> bool:
    """Whether it is one column of amounts, not of codes."""
    if len(quasi.columns) > 1 or not raw.is_number(quasi.columns[0]):
        return False
    variable = raw.variable(quasi.columns[0])
    return quasi.role == "age" or (
        variable is not None and variable.kind == "number" and not looks_like_design(variable.name)
    )


def _bands(raw: RawSurvey, quasi: Quasi) -> Iterator[tuple[Change, int, LongKeys]]:
    """Numbers in bands of 5, 10 and 20; blanks stay apart."""
    values = raw.floats(quasi.columns[0])
    finite = np.isfinite(values)
    if not finite.any() or values[finite].max() - values[finite].min() > 1000:
        return
    for width in WIDTHS:
        banded = np.where(finite, np.floor(np.where(finite, values, 0) / width), np.inf)
        yield "bands", width, np.unique(banded, return_inverse=True)[1].astype(np.int64)


def _itinerary(raw: RawSurvey, quasi: Quasi) -> Iterator[tuple[Change, int, LongKeys]]:
    """The first stop alone, the first and the last, the number of stops."""
    keys = np.stack([raw.keys(column)[0] for column in quasi.columns], axis=1)
    length = (keys >= 0).sum(axis=1)
    last = keys[np.arange(len(keys)), np.maximum(length - 1, 0)]
    yield "first", 1, groups(raw, quasi.columns[:1])
    ends = np.stack([keys[:, 0], last], axis=1)
    yield "ends", 2, np.unique(ends, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    yield "length", 0, length.astype(np.int64)


def _try(quasi: Sequence[Quasi], index: int, change: Change, detail: int, after: LongKeys | None, k: int) -> Trial:
    variable = quasi[index]
    changed = replace(variable, keys=after) if after is not None else None
    others = [*quasi[:index], *([changed] if changed is not None else []), *quasi[index + 1 :]]
    class_sizes = sizes(combined(others)) if others else np.full(len(variable.keys), len(variable.keys))
    before = _entropy(variable.keys)
    kept = _entropy(after) / before if after is not None and before > 0 else 0.0
    candidate = Candidate(
        name=variable.name, change=change, detail=detail, unique=int((class_sizes == 1).sum()),
        below=int((class_sizes < k).sum()), kept=round(kept, 6),
    )  # fmt: skip
    return candidate, changed


def _entropy(keys: LongKeys) -> float:
    _, counts = np.unique(keys, return_counts=True)
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())
