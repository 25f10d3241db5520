"""Gile's successive sampling: how probable it was that somebody of each degree was recruited (Gile 2011).

Recruitment is seen as drawing without replacement with chances in proportion to degree from a population whose degrees
are those of the sample, each weighted by one over its probability. Population and probabilities are made in turn,
five times as in R's RDS. R finds the probabilities by drawing samples; here they are computed. Successive sampling of n
is the first n of independent exponential clocks that run at the speed of the degrees (Rosén 1972), so the probability
is that a clock of speed d has rung before the n-th one: 1 - exp(-d t), and t is where the expected number that have
rung is n. It is the limit of many draws up to terms of one over the population, and does not change with a seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from surveytool.arrays import Floats

ROUNDS = 5
LARGE = 0.04  # of the population, below which draws are as with replacement (R's SS.infinity)


def weights_by_degree(degrees: Floats, numbers: Floats, population: float) -> Floats:
    """One over the probability of recruitment, by class of degree [B, K].

    ``degrees`` [K] are distinct and above 0, ``numbers`` [B, K] say how many respondents of each are in each sample.
    """
    sampled = numbers.sum(axis=1, keepdims=True)
    chance = degrees * np.ones_like(numbers)
    for step in range(ROUNDS + 1):
        people = _population(numbers / chance, numbers, population)
        if step == 0 and (population * LARGE >= sampled).all():
            return 1 / chance
        chance = _chances(degrees, people, sampled)
    return np.asarray(1 / chance)


def _population(shares: Floats, numbers: Floats, population: float) -> Floats:
    """People of each class [B, K], whole numbers that sum to the population; at least one of a class that was seen."""
    exact = population * shares / shares.sum(axis=1, keepdims=True)
    whole = np.where(numbers > 0, np.maximum(np.round(exact), 1.0), 0.0)
    while (left := np.round(population - whole.sum(axis=1, keepdims=True))).any():
        sign = np.sign(left)
        able = (numbers > 0) & ((sign > 0) | (whole > 1))
        gap = np.where(able, sign * (exact - whole), -np.inf)
        rank = np.argsort(np.argsort(-gap, axis=1, kind="stable"), axis=1)
        moved = able & (rank < np.abs(left))
        if not moved.any():
            break  # a population of as many as were seen
        whole = whole + sign * moved
    return whole


def _chances(degrees: Floats, people: Floats, sampled: Floats) -> Floats:
    """The probability that somebody of each class is among the first ``sampled`` [B, 1] of all people [B, K]."""
    low = np.zeros_like(sampled)
    time = sampled / (people @ degrees)[:, None]
    most = np.minimum(sampled, people.sum(axis=1, keepdims=True) - 1e-9)
    for _ in range(200):
        rung = people * -np.expm1(-degrees * time)
        gap = most - rung.sum(axis=1, keepdims=True)
        step = gap / (people * degrees * np.exp(-degrees * time)).sum(axis=1, keepdims=True)
        time = np.maximum(time + step, (low + time) / 2)  # the sum is concave: Newton's steps come from below
        if (np.abs(gap) < 1e-10 * most).all():
            break
    return np.maximum(-np.expm1(-degrees * time), 1e-300)
