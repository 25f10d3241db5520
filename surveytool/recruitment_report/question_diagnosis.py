"""One question in a sample by recruitment: who recruits whom by answer, and whether its estimate has settled.

Homophily of the population is how many ties there would be between a group and all others if nobody minded, over how
many there are (R's RDS ``homophily.estimates``): 1 where nobody minds, more where people know their like. Homophily of
recruitment is the same of recruitments alone. Differential activity is the mean degree of a group over that of the
others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen
from surveytool.recruitment.network import Network
from surveytool.recruitment.weights import Weigh, stationary, transitions

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

NEAR = 0.02  # of a share, within which an estimate has settled
MOST_STEPS = 200


@frozen
class LevelDiagnosis:
    """One answer. ``recruited`` is the share of its recruits who give it too; NaN is told as null."""

    label: str
    code: str
    n: int
    estimate: float
    mean_degree: float
    homophily: float
    activity: float
    recruited: float
    settled: float


@frozen
class QuestionDiagnosis:
    """One question. ``transitions`` [K][K] count recruitments from answer to answer, ``by_wave`` [waves][K] are the
    estimates of all up to a wave, ``by_seed`` those of each seed's tree with its respondents.

    ``homophily`` is that of a question with two answers. ``recruitment_homophily`` is of all answers.
    ``equilibrium`` is how many waves lead within .02 of where recruitment settles whoever the seed is, None for never;
    ``settled_wave`` the wave after which the estimates stay within .02 of the last one.
    """

    name: str
    title: str
    levels: tuple[LevelDiagnosis, ...]
    homophily: float
    recruitment_homophily: float
    transitions: tuple[tuple[float, ...], ...]
    by_wave: tuple[tuple[float, ...], ...]
    by_seed: tuple[tuple[int, tuple[float, ...]], ...]
    equilibrium: int | None
    settled_wave: int


def diagnose_question(
    name: str, title: str, labels: tuple[tuple[str, str], ...], group: Keys, forest: Network, weigh: Weigh
) -> QuestionDiagnosis:
    """A question with ``labels`` of answers [K] and their codes; ``group`` [N] is -1 for no answer."""
    many = len(labels)
    ones = np.ones((1, len(group)))
    weight = weigh.by(ones)[0]
    counted = transitions(ones, forest.recruiter, group, many)[0]
    there = np.bincount(group[group >= 0], minlength=many) > 0
    settled = stationary(counted[None], there[None])[0]
    every = _shares(group, weight, many, np.ones(len(group), dtype=bool))
    levels = tuple(
        _level(labels[at], group == at, group >= 0, weight, forest, counted[at], settled[at], every[at], at)
        for at in range(many) if there[at]
    )  # fmt: skip
    waves = [_shares(group, weigh.by(ones * up)[0], many, up)[there] for up in _up_to(forest)]
    by_seed = [
        (int(own.sum()), tuple(_shares(group, weight, many, own)[there].tolist()))
        for own in (forest.seed == seed for seed in forest.seeds)
    ]
    kept = counted[np.ix_(there, there)]
    return QuestionDiagnosis(
        name=name, title=title, levels=levels, homophily=levels[0].homophily if len(levels) == 2 else np.nan,
        recruitment_homophily=_recruitment(kept), transitions=tuple(tuple(row) for row in kept.tolist()),
        by_wave=tuple(tuple(row.tolist()) for row in waves), by_seed=tuple(sorted(by_seed, reverse=True)),
        equilibrium=_equilibrium(kept), settled_wave=_settled(np.array(waves)),
    )  # fmt: skip


def _up_to(forest: Network) -> list[Flags]:
    """Who [N] was recruited up to each wave."""
    return [forest.wave <= wave for wave in range(int(forest.wave.max()) + 1)]


def _shares(group: Keys, weight: Floats, many: int, inside: Flags) -> Floats:
    """The weighted share [K] of each answer among those inside who gave one."""
    kept = inside & (group >= 0)
    sums = np.bincount(group[kept], weight[kept], minlength=many)
    return np.asarray(sums / sums.sum() if sums.sum() > 0 else np.full(many, np.nan))


def _level(
    label: tuple[str, str], own: Flags, known: Flags, weight: Floats, forest: Network, row: Floats, settled: float,
    share: float, at: int,
) -> LevelDiagnosis:  # fmt: skip
    degree = np.nan_to_num(forest.degree)
    rest = known & ~own
    mean = [_mean(degree, weight * inside) for inside in (own, rest)]
    return LevelDiagnosis(
        label=label[0], code=label[1], n=int(own.sum()), estimate=float(share), mean_degree=mean[0],
        homophily=population_homophily(own, known, weight, degree, forest.recruiter),
        activity=mean[0] / mean[1] if mean[1] > 0 else np.nan,
        recruited=float(row[at] / row.sum()) if row.sum() > 0 else np.nan, settled=float(settled),
    )  # fmt: skip


def population_homophily(own: Flags, known: Flags, weight: Floats, degree: Floats, recruiter: Keys) -> float:
    """Ties to all others that there would be by degree alone, over those that there are.

    The ties of a recruiter to others are the share of others among the recruits times the degree; those who recruited
    nobody with an answer do not count.
    """
    child = np.flatnonzero((recruiter >= 0) & known)
    parent = recruiter[child]
    recruits = np.bincount(parent, minlength=len(own)).astype(np.float64)
    alike = np.bincount(parent, own[child], minlength=len(own))
    counts = weight * (known & (recruits > 0))
    across = np.where(own, recruits - alike, alike) * np.divide(degree, recruits, out=np.zeros_like(degree),
                                                              where=recruits > 0)  # fmt: skip
    share = _mean(own.astype(np.float64), counts)
    ties, total = _mean(across, counts), _mean(degree, counts)
    inside, outside = _mean(degree, counts * own), _mean(degree, counts * ~own)
    if not (ties > 0 and total > 0):
        return float("nan")
    return float(2 * share * outside * (1 - share) * inside / (ties * total))


def _mean(values: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    return float((values * weight).sum()) / total if total > 0 else float("nan")


def _recruitment(counted: Floats) -> float:
    """Recruitments of one's like over those that there would be if nobody minded."""
    expected = (counted.sum(axis=1) * counted.sum(axis=0)).sum()
    return float(np.trace(counted) * counted.sum() / expected) if expected > 0 else float("nan")


def _equilibrium(counted: Floats) -> int | None:
    """How many waves from any one group until all shares are within .02 of where they settle (Heckathorn 1997)."""
    sums = counted.sum(axis=1, keepdims=True)
    if not (sums > 0).all():
        return None
    moves = counted / sums
    settled = stationary(counted[None])[0]
    now = np.eye(len(counted))
    for step in range(MOST_STEPS):
        if (np.abs(now - settled) < NEAR).all():
            return step
        now = now @ moves
    return None


def _settled(waves: Floats) -> int:
    """The first wave from which on all estimates stay within .02 of the last."""
    far = ~(np.abs(waves - waves[-1]) <= NEAR).all(axis=1)
    return int(np.flatnonzero(far).max()) + 1 if far.any() else 0
