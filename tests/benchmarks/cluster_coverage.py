"""Coverage of the default interval in cluster samples, before and after it knew of clusters.

    python tests/benchmarks/cluster_coverage.py [--draws 2000] [--seed 531] [--write tests/benchmarks/clusters.md]

`before` is the interval of the same estimates without their clusters, as it was until the simulation was extended.
The grid: 5 to 50 sampling units of 5 to 50 respondents, intraclass correlations of 0 to .3, shares of 1 to 50%,
equal and unequal units, weights within and between units; then two units a stratum, logit-normal rates, and JK1
replicates. scipy's quantiles stand in for the product's, which the tests hold together; that is for speed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from scipy import special, stats

from surveytool.estimate import interval

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.cluster_samples import Setting, drawn, shares_of
from benchmarks.page import print_page

KINDS = ("equal", "unequal", "weighted")
UNITS, SIZES = (5, 10, 20, 30, 50), (5, 10, 20, 50)
ALIKE, SHARES = (0.0, 0.05, 0.1, 0.2, 0.3), (0.01, 0.02, 0.05, 0.1, 0.3, 0.5)
FLOOR, RIGHT = 0.93, 0.945
GRID = [Setting(*each) for each in product(KINDS, UNITS, SIZES, ALIKE, SHARES)]
VARIANTS: dict[str, tuple[int, dict[str, Any]]] = {  # every how-manieth setting, and what is other
    "one stratum": (1, {}),
    "two units a stratum": (2, {"paired": True}),
    "logit-normal rates": (3, {"law": "logit-normal"}),
    "JK1 replicates": (3, {"jackknife": True}),
}
Array = Any


class Line(NamedTuple):
    """One setting: coverage and mean width, before and after."""

    setting: Setting
    covered: tuple[float, float]
    width: tuple[float, float]


def simulate(setting: Setting, draws: int, dice: np.random.Generator, **other: Any) -> Line:
    """Coverage and width of the default with and without the clusters."""
    strata = setting.units // 2 if other.get("paired") else 1
    samples = drawn(setting, draws, dice, strata=strata, law=other.get("law", "beta"))
    shares, kish, ends = shares_of(samples, jackknife=bool(other.get("jackknife")))
    covered, width = [], []
    for known in (replace(shares, clusters=None), shares):
        low, high = np.empty(draws), np.empty(draws)
        low[~ends], high[~ends] = interval.auto(known.where(~ends))
        low[ends], high[ends] = interval.at_bounds(known.where(ends), known.estimate[ends] > 0.5, kish[ends])
        covered.append(float(((low <= setting.share) & (setting.share <= high)).mean()))
        width.append(float((high - low).mean()))
    return Line(setting, (covered[0], covered[1]), (width[0], width[1]))


def lines(draws: int, seed: int, step: int = 1, **other: Any) -> list[Line]:
    """The grid, or every ``step``-th setting of it in a shuffled order."""
    dice = np.random.default_rng(seed)
    order = dice.permutation(len(GRID))[::step] if step > 1 else range(len(GRID))
    chosen = [GRID[place] for place in order]
    if other.get("paired"):
        chosen = [each for each in chosen if each.units % 2 == 0]
    with fast():
        return [simulate(each, draws, dice, **other) for each in chosen]


@contextmanager
def fast() -> Iterator[None]:
    """scipy's quantiles for the product's, while it lasts."""
    beta = mock.patch("surveytool.estimate.beta.quantile", special.betaincinv)
    student = mock.patch.object(interval, "t_quantile", lambda df, level: stats.t.ppf(0.5 + level / 2, df))
    with beta, student:
        yield


def summary(found: list[Line]) -> tuple[str, ...]:
    """Settings, those below the floor and the least coverage before and after, and how much wider it is."""
    right = [line for line in found if line.covered[0] >= RIGHT]
    below = [sum(line.covered[when] < FLOOR for line in found) for when in (0, 1)]
    least = [min(line.covered[when] for line in found) for when in (0, 1)]
    mean = sum(line.width[1] for line in right) / sum(line.width[0] for line in right)
    ratio = sum(line.width[1] / line.width[0] for line in right) / len(right)
    wider = (f"{100 * (each - 1):+.1f}%" for each in (mean, ratio))
    return (*map(str, (len(found), *below)), *(f"{100 * each:.1f}" for each in least), *wider)


def grouped(found: list[Line], name: str, key: Callable[[Setting], Any]) -> Iterator[str]:
    """Mean and least coverage by one property of the settings."""
    yield f"| {name} | mean before | mean after | least before | least after |"
    yield "|---|---|---|---|---|"
    for value in sorted({key(line.setting) for line in found}):
        part = np.array([line.covered for line in found if key(line.setting) == value]) * 100
        cells = [*part.mean(axis=0), *part.min(axis=0)]
        yield f"| {value} | " + " | ".join(f"{each:.1f}" for each in cells) + " |"
    yield ""


def written(draws: int, seed: int) -> Iterator[str]:
    """The page as markdown."""
    yield "# Coverage of the default interval for a proportion in cluster samples"
    yield ""
    yield f"`python tests/benchmarks/cluster_coverage.py --draws {draws} --seed {seed}` wrote this page:"
    yield f"{draws} samples a setting, 95% intervals, coverage in percent; `before` is the same without clusters."
    yield f"Wider: where coverage was {100 * RIGHT:g}% or more before, by mean widths and by the mean of their ratios."
    yield ""
    yield "| samples | settings | below 93% before | after | least before | after | wider (widths) | wider (ratios) |"
    yield "|---|---|---|---|---|---|---|---|"
    everything: list[Line] = []
    for name, (step, other) in VARIANTS.items():
        found = lines(draws, seed, step, **other)
        everything = everything or found
        yield f"| {name} | " + " | ".join(summary(found)) + " |"
    yield ""
    for name, key in (
        ("share", 4),
        ("intraclass correlation", 3),
        ("units", 1),
        ("respondents a unit", 2),
        ("kind", 0),
    ):
        yield from grouped(everything, name, lambda setting, key=key: setting[key])  # type: ignore[misc]
    yield "The settings that are covered least, after; with more samples most of them come nearer to 95:"
    yield ""
    yield "| kind | units | size | intraclass correlation | share | before | after |"
    yield "|---|---|---|---|---|---|---|"
    for line in sorted(everything, key=lambda line: line.covered[1])[:12]:
        cells = [*map(str, line.setting), *(f"{100 * each:.1f}" for each in line.covered)]
        yield "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print_page(__doc__, 2000, written)
