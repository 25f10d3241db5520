"""What a reader can know of the weights: that they follow from one or two variables, or only their bounds.

Weights of post-stratification are the same for all in a group, raked ones in a
crossing of two; both can be reckoned from margins that are published. Where few
weights occur without such a rule (household sizes) a reader may know which they
are, not who has which.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.published import Family, Group, Names
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


SAME = 1e-6
MOST_CROSSED = 12
MOST_CLASSES = 8


@frozen
class KnownWeights:
    """``names`` determine the weight, ``by_group`` says which; without names ``classes`` are the weights that occur.

    Classes are empty where there are too many to be told apart; ``low`` and ``high`` are their bounds.
    """

    low: float = 1.0
    high: float = 1.0
    names: Names = ()
    by_group: Mapping[Names, float] | None = None
    classes: tuple[float, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether everybody weighs the same."""
        return self.high <= self.low * (1 + SAME)


def known_weights(weights: Floats, families: Mapping[Family, Group]) -> KnownWeights:
    """The rule that the weights [rows] follow; rows without a weight count nowhere."""
    rows = np.flatnonzero(weights > 0)
    own = weights[rows]
    low, high = float(own.min(initial=np.inf)), float(own.max(initial=0.0))
    plain = KnownWeights(low=low, high=high)
    if not len(rows) or plain.alike:
        return KnownWeights()
    single = {
        names[0]: group for (where, names), group in families.items()
        if where is None and len(names) == 1 and isinstance(group.keys, np.ndarray)
    }  # fmt: skip
    some = sorted(single, key=lambda name: len(single[name].groups))
    for names in [*((name,) for name in some), *combinations(some[:MOST_CROSSED], 2)]:
        groups = [single[name] for name in names]
        found = _constant(own, [np.asarray(group.keys)[rows] for group in groups], groups)
        if found is not None:
            return KnownWeights(low=low, high=high, names=tuple(names), by_group=found)
    classes = np.unique(np.round(own / low, 6)) * low
    return KnownWeights(low=low, high=high, classes=tuple(classes) if len(classes) <= MOST_CLASSES else ())


def _constant(own: Floats, keys: list[Keys], groups: list[Group]) -> dict[Names, float] | None:
    """The weight of every group, where all of a group weigh the same; None elsewhere, and where groups are single."""
    place = np.zeros(len(own), dtype=np.intp)
    for key, group in zip(keys, groups, strict=True):
        place = place * (len(group.groups) + 2) + key
    kept, first, inverse = np.unique(place, return_index=True, return_inverse=True)
    if len(kept) * 2 > len(own) or not np.allclose(own, own[first][inverse], rtol=SAME, atol=0):
        return None
    labels = [[None, "", *(label for (label,) in group.groups)] for group in groups]
    return {tuple(str(label[key[at]]) for label, key in zip(labels, keys, strict=True)): float(own[at]) for at in first}
