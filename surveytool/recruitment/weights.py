"""Weights of respondents who recruited one another: RDS-I, RDS-II and Gile's SS, of the sample and of samples of it.

``times`` [B, N] says how often a respondent stands in each sample; the sample itself is a row of ones. RDS-II (Volz and
Heckathorn 2008) weighs by one over the degree, Gile's SS (2011) by one over the probability of recruitment, RDS-I
(Salganik and Heckathorn 2004) by the groups of one question: where the chain of recruitment between them settles,
over their harmonic mean degrees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UnusableDesign
from surveytool.frozen import frozen
from surveytool.recruitment.successive_sampling import weights_by_degree

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


@frozen
class Weigh:
    """How an estimator weighs samples: ``by`` turns times [B, N] into weights [B, N]."""

    by: Callable[[Floats], Floats]


def by_degree(times: Floats, degree: Floats) -> Floats:
    """RDS-II: weights [B, N] in proportion to one over the degree [N]; 0 where there is none."""
    return times * _inverse(degree)


def by_successive_sampling(times: Floats, degree: Floats, population: float) -> Floats:
    """Gile's SS: weights [B, N]; 0 where there is no degree."""
    known = degree > 0
    degrees, place = np.unique(degree[known], return_inverse=True)
    classes = np.zeros((len(degrees), int(known.sum())))
    classes[place, np.arange(len(place))] = 1.0
    numbers = times[:, known] @ classes.T
    weights = np.zeros_like(times)
    weights[:, known] = times[:, known] * weights_by_degree(degrees, numbers, population)[:, place]
    return weights


def transitions(times: Floats, recruiter: Keys, group: Keys, groups: int) -> Floats:
    """Recruitments from group to group [B, K, K]; ``group`` [N] is -1 where somebody has no answer."""
    child = np.flatnonzero((recruiter >= 0) & (group >= 0))
    child = child[group[recruiter[child]] >= 0]
    pair = group[recruiter[child]] * groups + group[child]
    ones = np.zeros((len(child), groups * groups))
    ones[np.arange(len(child)), pair] = 1.0
    return np.asarray((times[:, child] @ ones).reshape(-1, groups, groups))


def by_transitions(times: Floats, degree: Floats, group: Keys, counted: Floats) -> Floats:
    """RDS-I: weights [B, N] by the transitions [B, K, K]; 0 for who has no answer. Each sample's sum to its size.

    A group of a sample that recruited nobody sends as many to each group, as in R's RDS.
    """
    groups = counted.shape[1]
    member = np.zeros((len(group), groups))
    inside = group >= 0
    member[np.flatnonzero(inside), group[inside]] = 1.0
    count = times @ member
    inverse = times @ (member * _inverse(degree)[:, None])
    share = stationary(counted, count > 0) * np.divide(inverse, count, out=np.zeros_like(count), where=count > 0)
    share = share / share.sum(axis=1, keepdims=True)
    own = np.divide(share, count, out=np.zeros_like(count), where=count > 0) * count.sum(axis=1, keepdims=True)
    return np.asarray(times * (own @ member.T))


def stationary(counted: Floats, present: Flags | None = None) -> Floats:
    """Where chains with these transitions [B, K, K] settle [B, K]; groups that are not ``present`` [B, K] have 0.

    >>> stationary(np.array([[[39.0, 82.0], [79.0, 188.0]]])).round(6)
    array([[0.303914, 0.696086]])
    """
    groups = counted.shape[1]
    there = np.ones(counted.shape[:2], dtype=bool) if present is None else np.asarray(present, dtype=bool)
    rows = np.where(counted.sum(axis=2, keepdims=True) > 0, counted, there[:, None, :] * 1.0)
    rows = np.where(there[:, :, None], rows, np.eye(groups))
    moves = rows / rows.sum(axis=2, keepdims=True)
    system = np.swapaxes(moves, 1, 2) - np.eye(groups)
    system = np.concatenate([system, np.ones((len(system), 1, groups))], axis=1)
    gone = np.where(there[:, None, :], 0.0, np.eye(groups))
    system = np.concatenate([system, gone], axis=1)
    target = np.zeros((*system.shape[:2], 1))
    target[:, groups] = 1.0
    shares = np.linalg.pinv(system) @ target
    return np.asarray(np.maximum(shares[..., 0], 0.0))


def refuse_closed(counted: Floats, labels: tuple[str, ...], question: str) -> None:
    """Raise ``UnusableDesign`` where RDS-I has no value: groups [K, K] that do not reach one another."""
    reach = (counted > 0) | np.eye(len(counted), dtype=bool)
    for _ in range(len(counted)):
        reach = reach @ reach
    if not reach.all():
        at = int(np.argmin(reach.all(axis=1)))
        raise UnusableDesign(
            f"the recruits of respondents who answer {labels[at]!r} to {question} never lead to all other answers: "
            "RDS-I has no value.", "--estimator", "Use --estimator rds-ii, or join answers.",
        )  # fmt: skip


def _inverse(degree: Floats) -> Floats:
    return np.divide(1.0, degree, out=np.zeros(len(degree)), where=degree > 0)
