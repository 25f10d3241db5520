"""Standard errors, degrees of freedom and intervals of a total: every split of it over its groups is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from surveytool.arrays import Floats
from surveytool.disclosure_audit.formulas import Way, agreeing, interval_agrees, totals
from surveytool.disclosure_audit.printed_rows import SUPPRESSED, Line
from surveytool.disclosure_audit.readings import Reader
from surveytool.survey import Design

if TYPE_CHECKING:
    from surveytool.disclosure_audit.questionnaire import Questionnaire

MOST = 5_000
GRID = 2_000_000
KEYS = {
    "estimate": "percent", "se": "se", "df": "df", "deff": "deff", "cv": "cv", "n_weighted": "weighted",
    "ci_low": "intervals", "ci_high": "intervals",
}  # fmt: skip
STEP = 1.5


def learn_splits(reader: Reader, lines: Sequence[Line], design: Design, shown: Questionnaire) -> set[str]:
    """What a total's error and interval say of its groups becomes a condition; returns the kinds that were read."""
    space = reader.space
    if space.question.several or reader.truths.noise or design.replicated or design.fpc:
        return set()
    if len(design.psu) > 1 or (design.psu and design.strata is not None):
        return set()
    by = design.strata or (design.psu[0] if design.psu else None) or _weighing(reader)
    if by is None or by not in space.groups:
        return set()
    used: set[str] = set()
    for line in lines:
        keys = tuple(key for key in KEYS if key in line.numbers)
        plain = not line.by and not line.where and line.flag != SUPPRESSED and line.level is not None
        if plain and line.variable == space.question.name and line.statistic == "proportion" and len(keys) > 1:
            used |= _learn(reader, line, by, design, keys)
    return used


def _weighing(reader: Reader) -> str | None:
    """The group that everybody's weight follows from."""
    space = reader.space
    if space.weights is None or np.ptp(space.weights) == 0:
        return None
    for index, name in enumerate(space.names):
        groups: dict[str | None, set[float]] = {}
        for atom, weight in zip(space.atoms, space.weights, strict=True):
            groups.setdefault(atom[index], set()).add(float(weight))
        if all(len(weights) == 1 for weights in groups.values()):
            return name
    return None


def _learn(reader: Reader, line: Line, by: str, design: Design, keys: tuple[str, ...]) -> set[str]:
    space, attacker = reader.space, reader.attacker
    base, gave, groups = space.base(line), space.gave(line), space.groups[by]
    inside = [_of_group(reader, by, group) for group in groups]
    weights, true = _weights_of(reader, inside), _truth(reader, line, by, groups)
    whole = attacker.reach(base), attacker.reach(gave)
    n = [attacker.reach(base * part) for part in inside]
    counts = [attacker.reach(gave * part) for part in inside]
    if weights is None or true is None or None in (*n, *counts, *whole):
        return set()
    candidates = _candidates(n, counts, whole)
    if candidates is None:
        return set()
    way = Way(weights, strata=design.strata is not None, clusters=bool(design.psu))
    sizes, given = _kept(*candidates, true, way, line)
    if not len(given):
        return set()  # this row is printed by another rule than the formula
    for part, n_column, column in zip(inside, sizes.T, given.T, strict=True):
        attacker.among(base * part, n_column, "splits")
        attacker.among(gave * part, column, "splits")
    return {KEYS[key] for key in keys}


def _kept(sizes: Floats, given: Floats, true: tuple[Floats, Floats], way: Way, line: Line) -> tuple[Floats, Floats]:
    """The candidates that would have printed the row."""
    figures = totals(given, sizes, way)
    low, numbers = line.numbers.get("ci_low"), dict(line.numbers)
    coarse = low is not None and low.half >= 0.004 and "count" not in numbers
    if coarse:
        numbers.pop("estimate", None)  # in steps that the conditions know of
    kept = np.flatnonzero(agreeing(figures, numbers))
    real = totals(true[0][None, :], true[1][None, :], way)
    if low is not None and coarse:
        # a step up that nobody outside knows lies between the design effect and the rung
        kept = kept[np.abs(rungs(figures)[kept] - rungs(real)[0]) <= 1]
    elif low is not None and len(kept) <= MOST and interval_agrees(real, 0, numbers):
        kept = np.array([at for at in kept.tolist() if interval_agrees(figures, at, numbers)], dtype=np.intp)
    return sizes[kept], given[kept]


Ends = tuple[int, int]


def _candidates(
    n: Sequence[Ends | None], counts: Sequence[Ends | None], whole: tuple[Ends | None, Ends | None]
) -> tuple[Floats, Floats] | None:
    """Every n and count of the groups that the conditions so far leave; None for one or too many."""
    sizes, given = (_grid([end for end in ends if end is not None]) for ends in (n, counts))
    if sizes is None or given is None:
        return None
    sizes, given = (_adds_up(grid, ends) for grid, ends in zip((sizes, given), whole, strict=True))
    if len(sizes) * len(given) * len(n) > GRID or len(sizes) * len(given) < 2:
        return None
    sizes, given = np.repeat(sizes, len(given), axis=0), np.tile(given, (len(sizes), 1))
    fits = (given <= sizes).all(axis=1)
    return sizes[fits], given[fits]


def _adds_up(grid: Floats, ends: Ends | None) -> Floats:
    assert ends is not None
    sums = grid.sum(axis=1)
    return np.asarray(grid[(sums >= ends[0]) & (sums <= ends[1])])


def _of_group(reader: Reader, by: str, group: str | None) -> Floats:
    space = reader.space
    return space.spread(space.having(by, group), np.ones(space.width))


def _grid(ends: Sequence[Ends]) -> Floats | None:
    """Every combination of whole numbers between ends; None for too many."""
    many = float(np.prod([high - low + 1.0 for low, high in ends]))
    if many > GRID / 4:
        return None
    return np.array(list(product(*(range(low, high + 1) for low, high in ends))), dtype=float)


def _weights_of(reader: Reader, inside: Sequence[Floats]) -> Floats | None:
    """The weight of each group, None where it has several."""
    space = reader.space
    if space.weights is None:
        return None
    spread = np.repeat(space.weights, space.width)
    spreads = [spread[part > 0] for part in inside]
    return None if any(np.ptp(weights) > 0 for weights in spreads) else np.array([weights[0] for weights in spreads])


def _truth(reader: Reader, line: Line, by: str, groups: Sequence[str | None]) -> tuple[Floats, Floats] | None:
    """What the groups truly gave, and their n."""
    facts = [reader.truths.of(replace(line, by={by: group})) for group in groups if group is not None]
    if None in groups or any(fact is None or fact.count is None for fact in facts):
        return None
    given = np.array([fact.count for fact in facts if fact is not None], dtype=float)
    return given, np.array([fact.n for fact in facts if fact is not None], dtype=float)


def rungs(figures: Mapping[str, Floats]) -> Floats:
    """The step [candidates] of 1, 1.5 ... the design effect is rounded up to, as the tool's documentation says."""
    p, n = figures["estimate"], figures["n"]
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where((p > 0) & (p < 1), figures["se"] ** 2 * n / (p * (1 - p)), 1.0)
    return np.asarray(np.maximum(np.ceil(np.log(np.maximum(effect, 1e-9)) / np.log(STEP) - 1e-9), 0))
