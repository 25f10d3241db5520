"""Coverage and width of every interval for a proportion, by simulation.

    python tests/benchmarks/coverage.py [--draws 20000] [--seed 531] [--write tests/benchmarks/coverage.md]

Samples are drawn with a known share p: simple random ones, ones with unequal
weights, and clusters with unequal weights whose members are alike (intraclass
correlation 0.05; 5 respondents a cluster, 10 where n = 500). Estimates, standard
errors and degrees of freedom are those of the design; each method makes its
interval, and the table says how often p lies in it and how wide it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from surveytool.estimate import interval
from surveytool.estimate.clusters import Clusters

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.cluster_coverage import fast
from benchmarks.cluster_samples import unevenness
from benchmarks.page import print_page

SHARES = (0.02, 0.05, 0.1, 0.3, 0.5)
SIZES = (30, 50, 100, 500)
DESIGNS = ("simple", "weighted", "clustered")
ALIKE = 0.05
FLOOR = 0.93
Array = Any


class Line(NamedTuple):
    """Coverage and mean width of each method for one design, p and n."""

    design: str
    share: float
    size: int
    covered: dict[str, float]
    width: dict[str, float]


def draw(design: str, share: float, size: int, draws: int, dice: np.random.Generator) -> tuple[Array, Array, int]:
    """Answers and weights [draws, clusters, members], and the members of a cluster."""
    members = 1 if design != "clustered" else (10 if size >= 500 else 5)
    clusters = size // members
    if design == "clustered":
        scale = (1 - ALIKE) / ALIKE
        rates = dice.beta(share * scale, (1 - share) * scale, size=(draws, clusters, 1))
        answers = dice.random((draws, clusters, members)) < rates
    else:
        answers = dice.random((draws, clusters, members)) < share
    shape = answers.shape
    weights = np.ones(shape) if design == "simple" else dice.lognormal(0.0, 0.5, shape)
    return answers.astype(float), weights, clusters


def shares_of(answers: Array, weights: Array, clusters: int) -> tuple[interval.Shares, Array, Array]:
    """The estimates of every draw, Kish's effective n, and which draws have nobody or everybody."""
    draws = len(answers)
    n = answers[0].size
    total = weights.sum(axis=(1, 2))
    kish = total**2 / (weights**2).sum(axis=(1, 2))
    estimate = (weights * answers).sum(axis=(1, 2)) / total
    unit = (weights * (answers - estimate[:, None, None])).sum(axis=2) / total[:, None]
    se = np.sqrt(clusters / (clusters - 1) * (unit**2).sum(axis=1))
    counts = answers.sum(axis=(1, 2))
    lift, evenness = unevenness(weights.sum(axis=2) / total[:, None])
    units = Clusters(units=np.full(draws, float(clusters)), kish=kish, lift=lift, evenness=evenness)
    made = interval.Shares(
        estimate=estimate, se=se, df=np.full(draws, clusters - 1.0), n=np.full(draws, float(n)), level=0.95,
        clusters=units,
    )  # fmt: skip
    return made, kish, (counts == 0) | (counts == n)


def simulate(design: str, share: float, size: int, draws: int, dice: np.random.Generator) -> Line:
    """One line of the table."""
    shares, kish, ends = shares_of(*draw(design, share, size, draws, dice))
    ones = shares.estimate > 0.5
    covered, width = {}, {}
    for name, method in interval.INTERVALS.items():
        low, high = np.empty(draws), np.empty(draws)
        low[~ends], high[~ends] = method(shares.where(~ends))
        known = shares if name == "auto" else replace(shares, clusters=None)
        low[ends], high[ends] = interval.at_bounds(known.where(ends), ones[ends], kish[ends])
        covered[name] = float(((low <= share) & (share <= high)).mean())
        width[name] = float((high - low).mean())
    return Line(design, share, size, covered, width)


def table(draws: int, seed: int) -> list[Line]:
    dice = np.random.default_rng(seed)
    with fast():
        return [simulate(d, p, n, draws, dice) for d in DESIGNS for n in SIZES for p in SHARES]


def below(lines: list[Line]) -> list[Line]:
    """Where the default covers less than 93% although another method does not."""
    return [
        line for line in lines if line.covered[interval.DEFAULT] < FLOOR <= max(line.covered.values())
    ]  # fmt: skip


def written(lines: list[Line], draws: int, seed: int) -> Iterator[str]:
    """The page as markdown."""
    names = list(interval.INTERVALS)
    yield "# Coverage of the intervals for a proportion"
    yield ""
    yield f"`python tests/benchmarks/coverage.py --draws {draws} --seed {seed}` wrote this page:"
    yield (
        f"{draws} samples a line, 95% intervals. Each cell is the share of intervals that hold the true p, in percent, "
        "and in brackets their"
    )
    yield "mean width in points. `simple`: simple random sampling. `weighted`: unequal weights (lognormal, sigma 0.5)."
    yield "`clustered`: clusters of 5 (10 where n = 500), intraclass correlation 0.05, unequal weights."
    yield ""
    yield "The default, `auto`, is the logit interval; where fewer than"
    yield f"{interval.FEW:g} effective respondents gave the answer, or gave another, it is Korn-Graubard's with the"
    yield "effective n capped at n (the NCHS form). At 0% and 100% every method is Korn-Graubard's, with Kish's"
    yield "effective n. In clusters `auto` takes the variance and degrees of freedom that they leave, and goes over"
    yield "to Jeffreys' where few are behind a figure; [cluster samples of all kinds](clusters.md) have their own page."
    yield ""
    yield "| design | n | p | " + " | ".join(names) + " |"
    yield "|---|---|---|" + "---|" * len(names)
    for line in lines:
        cells = (f"{line.covered[each] * 100:.1f} ({line.width[each] * 100:.0f})" for each in names)
        yield f"| {line.design} | {line.size} | {line.share:g} | " + " | ".join(cells) + " |"
    yield ""
    worst = {name: min(lines, key=lambda line: line.covered[name]) for name in names}
    yield "Lowest coverage of each method: " + "; ".join(
        f"{name} {line.covered[name] * 100:.1f}% ({line.design}, n = {line.size}, p = {line.share:g})"
        for name, line in worst.items()
    ) + "."  # fmt: skip
    failed = below(lines)
    yield f"Lines where the default is below {FLOOR:.0%} and another method is not: {len(failed)}."


if __name__ == "__main__":
    print_page(__doc__, 20000, lambda draws, seed: written(table(draws, seed), draws, seed))
