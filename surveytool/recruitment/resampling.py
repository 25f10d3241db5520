"""Samples drawn anew from a forest of recruitment: how often each respondent stands in each of them.

``tree`` (Baraff, McCormick and Raftery 2016, with the fixed size that R's package RDS gives it): seeds with
replacement, the recruits of each with replacement, and so on, tree after tree until as many are drawn as there were;
the last tree loses its outermost waves. ``neighbourhood`` (Yauck, Moodie, Apelian, Peet and Hatzakis 2022, as in R's
Neighboot): respondents with replacement, and of each his recruiter and his recruits, he himself left out. ``chain``
(Salganik 2006): one chain of recruitment whose groups follow the observed transitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.frozen import frozen
from surveytool.recruitment.network import Network

if TYPE_CHECKING:
    from numpy.random import Generator

    from surveytool.arrays import Floats, Keys


@frozen
class Drawn:
    """``times`` [B, N] says how often each respondent is in each sample; ``transitions`` [B, K, K] are those of
    groups where a chain was drawn by them, else None."""

    times: Floats
    transitions: Floats | None = None


def tree(network: Network, samples: int, seed: int) -> Drawn:
    """Bootstrap samples of trees, each as large as the sample."""
    generator = np.random.default_rng(seed)
    size, seeds = len(network.recruiter), network.seeds
    recruits, starts = network.children()
    times = np.zeros((samples, size))
    short = np.arange(samples)
    missing = np.full(samples, size)
    while short.size:
        most = max(int(np.ceil(len(seeds) * missing.max() / size)), 1) + 1
        roots = seeds[generator.integers(len(seeds), size=(len(short), most))]
        rows, trees, waves = _grown(roots.ravel(), recruits, starts, generator)
        ends = np.bincount(trees, minlength=roots.size).reshape(roots.shape).cumsum(axis=1)
        whole = ends <= missing[:, None]
        last = np.minimum(whole.sum(axis=1), most - 1) + most * np.arange(len(short))  # the tree that is too large
        room = missing - np.where(whole, ends, 0).max(axis=1, initial=0)
        inside = whole.ravel()[trees]
        cut = np.flatnonzero((trees == last[trees // most]) & ~inside)
        order = cut[np.lexsort((generator.random(len(cut)), waves[cut], trees[cut]))]
        owner = trees[order] // most
        first = np.searchsorted(owner, np.arange(len(short)))
        inside[order[np.arange(len(order)) - first[owner] < room[owner]]] = True
        rows, sample = rows[inside], trees[inside] // most
        place = short[sample] * size + rows
        times += np.bincount(place, minlength=samples * size).reshape(samples, size)
        missing = missing - np.bincount(sample, minlength=len(short))
        short, missing = short[missing > 0], missing[missing > 0]
    return Drawn(times=times)


def _grown(roots: Keys, recruits: Keys, starts: Keys, generator: Generator) -> tuple[Keys, Keys, Keys]:
    """Trees grown anew from their roots [T]: rows, trees and waves of all who are in them."""
    rows, trees = roots, np.arange(len(roots))
    parts = [(rows, trees, np.zeros(len(rows), dtype=np.intp))]
    wave = 0
    while True:
        many = starts[rows + 1] - starts[rows]
        if not many.any():
            return tuple(np.concatenate(part) for part in zip(*parts, strict=True))  # type: ignore[return-value]
        wave += 1
        begin, choices = np.repeat(starts[rows], many), np.repeat(many, many)
        trees = np.repeat(trees, many)
        rows = recruits[begin + (generator.random(len(begin)) * choices).astype(np.intp)]
        parts.append((rows, trees, np.full(len(rows), wave, dtype=np.intp)))


def neighbourhood(network: Network, samples: int, seed: int) -> Drawn:
    """Bootstrap samples of neighbourhoods: N over the mean number of neighbours are drawn, and the neighbours of each.

    The respondent himself is left out, as in the published program.
    """
    generator = np.random.default_rng(seed)
    size = len(network.recruiter)
    child = np.flatnonzero(network.recruiter >= 0)
    parent = network.recruiter[child]
    mean = 2 * len(child) / size
    draws = max(int(np.round(size / mean)), 1) if mean else size
    chosen = generator.integers(size, size=(samples, draws))
    centre = np.bincount((np.arange(samples)[:, None] * size + chosen).ravel(), minlength=samples * size)
    centre = centre.reshape(samples, size).astype(np.float64)
    times = np.zeros((samples, size))
    times[:, child] += centre[:, parent]
    upward = np.zeros((size, samples))
    np.add.at(upward, parent, centre.T[child])
    return Drawn(times=times + upward.T)


def chain(network: Network, group: Keys, counted: Floats, samples: int, seed: int) -> Drawn:
    """Chains of groups [N] (-1 of none) by ``counted`` transitions [K, K]; who of a group is drawn by degree."""
    generator = np.random.default_rng(seed)
    groups, size = len(counted), len(group)
    member = group >= 0
    length = int((member & (network.wave > 0)).sum()) + 1
    total = counted.sum(axis=1, keepdims=True)
    moves = np.cumsum(np.where(total > 0, counted, counted.sum(axis=0)), axis=1)
    ladder = (
        np.arange(groups)[:, None] + np.minimum(moves / moves[:, -1:], 1.0)
    ).ravel()  # a group's rungs are in turn
    able = np.flatnonzero(member)
    now = group[able[generator.integers(len(able), size=samples)]]
    path = np.empty((length, samples), dtype=np.intp)
    for step, chance in enumerate(generator.random((length, samples))):
        path[step] = now
        now = np.searchsorted(ladder, now + chance, side="right") - now * groups
    visits = np.bincount((np.arange(samples) * groups + path).ravel(), minlength=samples * groups)
    times = np.zeros((samples, size))
    for code, visited in enumerate(visits.reshape(samples, groups).T):
        rows = np.flatnonzero((group == code) & (network.degree > 0))
        if len(rows) and visited.any():
            chances = network.degree[rows] / network.degree[rows].sum()
            times[:, rows] = generator.multinomial(visited, chances)
    pair = (np.arange(samples) * groups + path[:-1]) * groups + path[1:]
    counts = np.bincount(pair.ravel(), minlength=samples * groups * groups).reshape(samples, groups, groups)
    return Drawn(times=times, transitions=counts.astype(np.float64))
