"""Special uniques: who is alone in the sample by few variables (SUDA).

A minimal sample unique (MSU) is a set of variables by which a respondent is unique while no
part of the set makes them so (Elliot, Manning and Ford 2002). The smaller the set, the more
it stands out. An MSU of size s scores prod_{i=s}^{M} (A - i), with A variables and sets of at
most M < A; a respondent's score is the sum over their MSUs.

DIS (Skinner and Elliot 2002): the chance that a unique match is right is
pi U / (pi U + (1 - pi) P), with pi the sampling fraction, U the sample uniques and P the
respondents in classes of two. DIS-SUDA gives each unique respondent a part of it: U times DIS is
shared out in proportion to the scores, at most 1 for anybody. This way to share out is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_risk.classes import sizes
from surveytool.disclosure_risk.quasi import combined
from surveytool.disclosure_risk.risk_measures import Quasi, Suda

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats


LARGEST = 4
HIGH = 0.1


def suda(quasi: Sequence[Quasi], fraction: float | None = None) -> Suda | None:
    """Minimal sample uniques of up to four variables; None where there are fewer than two variables."""
    count = len(quasi)
    if count < 2:
        return None
    most = min(LARGEST, count - 1)
    scores = np.zeros(len(quasi[0].keys))
    parts = np.zeros(count)
    hits_by_size: dict[int, int] = {}
    special = np.zeros(len(scores), dtype=bool)
    before: dict[tuple[int, ...], Flags] = {(): np.zeros(len(scores), dtype=bool)}
    for size in range(1, most + 1):
        now: dict[tuple[int, ...], Flags] = {}
        for chosen in combinations(range(count), size):
            unique, minimal = _minimal(quasi, chosen, before)
            now[chosen] = unique
            hits = int(minimal.sum())
            score = _score(size, most, count)
            scores += score * minimal
            parts[list(chosen)] += score * hits
            hits_by_size[size] = hits_by_size.get(size, 0) + hits
            special |= minimal
        before = now
    total = parts.sum()
    shares = [
        (variable.name, float(part / total) if total else 0.0) for variable, part in zip(quasi, parts, strict=True)
    ]
    dis, high = _dis(sizes(combined(quasi)), scores, fraction)
    return Suda(
        most=most, sizes=tuple((size, n) for size, n in sorted(hits_by_size.items())), special=int(special.sum()),
        shares=tuple(shares), dis=dis, high=high,
    )  # fmt: skip


def _minimal(
    quasi: Sequence[Quasi], chosen: tuple[int, ...], before: dict[tuple[int, ...], Flags]
) -> tuple[Flags, Flags]:
    """Who is unique by these variables [rows], and who of them by no part of them."""
    unique: Flags = sizes(combined([quasi[index] for index in chosen])) == 1
    smaller = np.zeros_like(unique)
    for left in chosen:
        smaller |= before[tuple(index for index in chosen if index != left)]
    return unique, unique & ~smaller


def _score(size: int, most: int, count: int) -> float:
    """The score of one MSU.

    >>> _score(1, 3, 5), _score(3, 3, 5)
    (24.0, 2.0)
    """
    from math import prod

    return float(prod(count - index for index in range(size, most + 1)))


def _dis(class_sizes: NDArray[np.int64], scores: Floats, fraction: float | None) -> tuple[float | None, int | None]:
    """DIS of the file, and how many respondents have a DIS-SUDA above 0.1."""
    if fraction is None:
        return None, None
    unique, pairs = float((class_sizes == 1).sum()), float((class_sizes == 2).sum())
    if unique == 0:
        return 0.0, 0
    dis = fraction * unique / (fraction * unique + (1 - fraction) * pairs) if fraction < 1 or pairs else 1.0
    total = float(scores.sum())
    single = np.minimum(1.0, dis * unique * scores / total) if total else np.where(class_sizes == 1, dis, 0.0)
    return dis, int((single > HIGH).sum())
