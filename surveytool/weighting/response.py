"""Respondents stand for those who did not answer: by cells, or by a model of who answers; on [rows, R] weights.

In a cell the weights of respondents grow to those of everybody in it (Oh and Scheuren 1983). A propensity is a
logistic regression of answering under the weights; its inverse is the factor, or its classes are the cells
(Rosenbaum and Rubin 1984). Every replicate is adjusted by its own weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.weighting.calibrate_replicates import Classes, solve_all

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

STEPS = 50
CLOSE = 1e-10
LEAST = 1e-6  # a propensity below it is none
CURE = "Merge cells, or take variables out."


def sums_by(keys: Keys, weights: Floats, count: int) -> Floats:
    """Weights [rows, R] summed by key [count, R]."""
    made = np.zeros((count, weights.shape[1]))
    order = np.argsort(keys, kind="stable")
    present = np.unique(keys)
    if len(present):
        starts = np.searchsorted(keys[order], present)
        made[present] = np.add.reduceat(weights[order], starts, axis=0)
    return made


def by_cells(weights: Floats, cells: Keys, respondent: Flags, names: list[str]) -> tuple[Floats, Flags]:
    """Weights [rows, R] with those of respondents raised to their cell's; others 0.

    ``names`` are the cells'. Also which replicates [R] had a cell without respondents: its weight is shared by all.
    Raises ``UsageError`` where a cell of the main weight (column 0) has no respondent.
    """
    count = len(names)
    everybody = sums_by(cells, weights, count)
    answering = sums_by(cells[respondent], weights[respondent], count)
    bare = (everybody > 0) & ~(answering > 0)
    if bare[:, 0].any():
        empty = [names[place] for place in np.flatnonzero(bare[:, 0])]
        raise UsageError(
            f"{len(empty)} cells of the non-response step have no respondent ({', '.join(empty[:5])}).",
            "cells", CURE,
        )  # fmt: skip
    factor = everybody / np.where(answering > 0, answering, 1.0)
    lost = np.where(bare, everybody, 0.0).sum(axis=0) / everybody.sum(axis=0)
    made = np.where(respondent[:, None], weights * factor[cells] / (1 - lost), 0.0)
    return made, np.asarray(bare.any(axis=0))


def by_propensity(
    weights: Floats, matrix: Floats, respondent: Flags, classes: int | None
) -> tuple[Floats, Flags]:  # fmt: skip
    """Weights [rows, R] of respondents over their propensity to answer; others 0.

    ``matrix`` [rows, P] explains who answers, its first column all 1; with ``classes`` the propensities' quantiles
    under the weights make cells. Also which replicates [R] have no estimate of their own: they take the main one.
    """
    propensity, failed = propensities(weights, matrix, respondent)
    if classes is not None:
        return _by_classes(weights, propensity, respondent, classes), failed
    return np.where(respondent[:, None], weights / propensity, 0.0), failed


def propensities(weights: Floats, matrix: Floats, respondent: Flags) -> tuple[Floats, Flags]:
    """The chance to answer of every row under each column of weights [rows, R], and who failed [R].

    Raises ``UsageError`` where the main weight (column 0) has no estimate.
    """
    groups = Classes(matrix, merge=True)
    sums, answering = groups.sums(weights), groups.sums(np.where(respondent[:, None], weights, 0.0))
    slopes = np.zeros((weights.shape[1], matrix.shape[1]))
    left = np.full(weights.shape[1], np.inf)
    for _ in range(STEPS):
        active = left > CLOSE
        if not active.any():
            break
        chance = _logistic(groups.matrix @ slopes[active].T)
        score = (answering[:, active] - sums[:, active] * chance).T @ groups.matrix
        step = solve_all(groups.jacobians(sums[:, active] * chance * (1 - chance)), score)
        slopes[active] += np.clip(step, -5, 5)
        left[active] = np.abs(step).max(axis=1)
    chance = _logistic(groups.matrix @ slopes.T)
    used = sums > 0
    bad = (left > 1e-6) | (np.where(used, chance, 1.0).min(axis=0) < LEAST)
    if bad[0]:
        raise UsageError(
            "no propensities to answer can be estimated: some answers tell exactly who responded.", "propensity", CURE
        )
    chance[:, bad] = chance[:, :1]
    return chance[groups.place], bad


def _logistic(u: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(u, -40, 40)))


def _by_classes(weights: Floats, propensity: Floats, respondent: Flags, classes: int) -> Floats:
    """Cells of like propensity; a class without respondents joins the one below."""
    made = np.zeros_like(weights)
    for column in range(weights.shape[1]):
        weight, chance = weights[:, column], propensity[:, column]
        order = np.argsort(chance, kind="stable")
        share = np.cumsum(weight[order]) / weight.sum()
        ends = chance[order][np.minimum(np.searchsorted(share, np.arange(1, classes) / classes), len(order) - 1)]
        cell = np.searchsorted(ends, chance, side="left")
        everybody = np.bincount(cell, weight, minlength=classes)
        answering = np.bincount(cell[respondent], weight[respondent], minlength=classes)
        into = np.maximum.accumulate(np.where(answering > 0, np.arange(classes), 0))
        into = np.where(answering[into] > 0, into, np.flatnonzero(answering > 0)[0])
        whole = np.bincount(into, everybody, minlength=classes)
        factor = whole / np.where(answering > 0, answering, 1.0)
        made[:, column] = np.where(respondent, weight * factor[into[cell]], 0.0)
    return made
