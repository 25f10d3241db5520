"""Standard errors, degrees of freedom and intervals of a total: every split of it over its groups is tried."""

from __future__ import annotations

from itertools import product

import numpy as np
from bytes_read import Line, Read
from deduce import Mind
from formulas import Way, agrees, total

MOST = 60_000
KEYS = ("estimate", "se", "df", "deff", "cv", "n_weighted", "ci_low", "ci_high")


def learn_splits(mind: Mind, read: Read) -> set[str]:
    """What the totals' errors and intervals say of the groups; new conditions of the mind. Returns what was read."""
    study = mind.study
    if study.kind in ("personal", "replicate", "routed", "standardised", "rounding", "dominated", "ledger"):
        return set()
    by = study.strata or study.psu or (study.weight[0] if isinstance(study.weight, tuple) else None)
    if by is None or isinstance(by, tuple):
        return set()
    groups = study.spaces[by]
    used: set[str] = set()
    for line in read.lines:
        keys = tuple(key for key in KEYS if key in line.numbers)
        if line.by or line.where or line.flag == "suppressed" or line.statistic != "proportion" or not keys:
            continue
        if line.variable == by:
            continue
        used |= _learn(mind, line, by, groups, keys)
    return used


def _learn(mind: Mind, line: Line, by: str, groups: list[str | None], keys: tuple[str, ...]) -> set[str]:
    base, gave = mind.base(line), mind.gave(line)
    inside = [mind.flags(lambda atom, group=group: atom[by] == group) for group in groups]
    n = [mind.reach(mind.whole(base * each)) for each in inside]
    if any(low != high for low, high in n):
        return set()
    sizes = np.array([low for low, _ in n], dtype=float)
    counts = [mind.reach(mind.whole(base * each * gave)) for each in inside]
    many = np.prod([high - low + 1.0 for low, high in counts])
    if many == 1 or many > 4_000_000:
        return set()
    weights = np.ones(len(groups))
    if isinstance(mind.study.weight, tuple):
        weights = np.array([mind.study.weight[1][group] for group in groups])
    way = Way(weights, strata=mind.study.strata is not None, clusters=mind.study.psu is not None)
    grid = np.array(list(product(*(range(low, high + 1) for low, high in counts))), dtype=float)
    share = grid @ weights / (weights @ sizes)
    value = line.numbers.get("estimate")
    if value is not None:
        grid = grid[(share >= value.low) & (share <= value.high)]
    whole = mind.reach(mind.whole(base * gave))
    grid = grid[(grid.sum(axis=1) >= whole[0]) & (grid.sum(axis=1) <= whole[1])]
    if not 0 < len(grid) <= MOST:
        return set()
    true = total(np.array([(base * each * gave) @ mind.truth[: mind.size] for each in inside]), sizes, way)
    kept = np.array([each for each in grid if _same(total(each, sizes, way), true, line, keys)])
    if not len(kept):
        return set()  # this row is printed by another rule than the formula
    for each, column in zip(inside, kept.T, strict=True):
        mind.know(mind.whole(base * each * gave), column.min(), column.max(), "se")
    return set(keys)


def _same(made: dict[str, float], true: dict[str, float], line: Line, keys: tuple[str, ...]) -> bool:
    """Whether a split would have printed the same: the figures, or the rung of the design effect behind an interval."""
    low = line.numbers.get("ci_low")
    if low is None or low.half < 0.004 or "count" in line.numbers:
        return agrees(made, line.numbers, keys)
    return abs(rung(made) - rung(true)) <= 1  # a step up that nobody outside knows lies between


def rung(figures: dict[str, float]) -> int:
    """Which step of 1, 1.5, 2.25 ... the design effect is rounded up to, as the tool's documentation says."""
    p, n = figures["estimate"], figures["n"]
    effect = figures["se"] ** 2 * n / (p * (1 - p)) if 0 < p < 1 else 1.0
    return max(int(np.ceil(np.log(max(effect, 1e-9)) / np.log(1.5) - 1e-9)), 0)
