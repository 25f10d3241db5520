"""Coverage of the t interval of means, totals, ratios and medians of skewed values in cluster samples, and its note.

    python tests/benchmarks/skewed_coverage.py [--draws 1000] [--seed 531] [--write tests/benchmarks/skewed.md]

Values are a normal number, alike within units, turned into each law: normal (50, sd 10), exponential, lognormal with
sigma 1 and 1.5, and four fifths zeros with an exponential rest. Weights are lognormal (sigma .5). ``noted`` is the
share of samples with the note that a few units decide the interval.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.page import print_page

from surveytool.estimate.lopsided import LEAST, PRODUCT, skewness_of

Array = Any
LAWS: dict[str, tuple[Callable[[Array], Array], float, float]] = {  # the value of a normal number; mean; median
    "normal": (lambda z: 50 + 10 * z, 50.0, 50.0),
    "exponential": (lambda z: -stats.norm.logsf(z), 1.0, float(np.log(2))),
    "lognormal 1": (np.exp, float(np.exp(0.5)), 1.0),
    "lognormal 1.5": (lambda z: np.exp(1.5 * z), float(np.exp(1.125)), 1.0),
    "zeros and exponential": (lambda z: np.maximum(-stats.norm.logsf(z) - np.log(5), 0.0), 0.2, 0.0),
}
ALIKE, UNITS, SIZES = (0.0, 0.1, 0.3), (5, 10, 20, 30, 50), (5, 20)
SPREAD, LEVEL, FLOOR, RIGHT = 0.5, 0.95, 0.93, 0.94


class Line(NamedTuple):
    """One setting and statistic: coverage, misses with the interval below and above the truth, share with a note."""

    law: str
    alike: float
    units: int
    size: int
    statistic: str
    covered: float
    below: float
    above: float
    noted: float


def simulate(law: str, alike: float, units: int, size: int, draws: int, dice: np.random.Generator) -> Iterator[Line]:
    """Every statistic of one setting."""
    shape = (draws, units, size)
    latent = np.sqrt(alike) * dice.standard_normal((draws, units, 1)) + np.sqrt(1 - alike) * dice.standard_normal(shape)
    turn, mean, median = LAWS[law]
    y, w = turn(latent), dice.lognormal(0, SPREAD, shape)
    other, middle, _ = LAWS["lognormal 1"]
    x = 0.5 * y + 0.5 * other(dice.standard_normal(shape))
    weight, first, second = w.sum(axis=2), (w * y).sum(axis=2), (w * x).sum(axis=2)
    whole, total, below = weight.sum(axis=1), first.sum(axis=1), second.sum(axis=1)
    share, ratio = total / whole, total / below
    told = {
        "mean": (share, (first - share[:, None] * weight) / whole[:, None], mean),
        "total": (total, first, units * size * np.exp(SPREAD**2 / 2) * mean),
        "ratio": (ratio, (first - ratio[:, None] * second) / below[:, None], mean / (0.5 * mean + 0.5 * middle)),
    }
    for name, (estimate, parts, truth) in told.items():
        yield Line(law, alike, units, size, name, *judged(estimate, parts, truth))
    if median > 0:
        low, high = woodruff(y.reshape(draws, -1), w.reshape(draws, -1), units)
        missed = float((high < median).mean()), float((low > median).mean())
        yield Line(law, alike, units, size, "median", 1 - sum(missed), *missed, float("nan"))


def judged(estimate: Array, parts: Array, truth: float) -> tuple[float, float, float, float]:
    """What the t interval does, from linearised unit totals [draws, units]."""
    units = parts.shape[1]
    deviations = parts - parts.mean(axis=1, keepdims=True)
    se = np.sqrt(units / (units - 1) * (deviations**2).sum(axis=1))
    reach = stats.t.ppf(0.5 + LEVEL / 2, units - 1) * se
    below, above = float((estimate + reach < truth).mean()), float((estimate - reach > truth).mean())
    lopsided = skewness_of(deviations.T, np.ones(units))
    variation = np.minimum(se / np.abs(estimate), 1.0)
    noted = (lopsided > LEAST) & (lopsided * variation > PRODUCT)
    return 1 - below - above, below, above, float(noted.mean())


def woodruff(values: Array, weights: Array, units: int) -> tuple[Array, Array]:
    """Woodruff's interval of the median [draws], by the share at or below it; units are equal runs of columns."""
    order = np.argsort(values, axis=1)
    ordered, heap = np.take_along_axis(values, order, 1), np.take_along_axis(weights, order, 1).cumsum(axis=1)
    heap = heap / heap[:, -1:]
    median = ordered[np.arange(len(values)), (heap >= 0.5).argmax(axis=1)]
    inside = (values <= median[:, None]) * weights
    whole = weights.sum(axis=1, keepdims=True)
    share = inside.sum(axis=1, keepdims=True) / whole
    parts = ((inside - share * weights) / whole).reshape(len(values), units, -1).sum(axis=2)
    reach = stats.t.ppf(0.5 + LEVEL / 2, units - 1) * np.sqrt(units / (units - 1) * (parts**2).sum(axis=1))
    ends = []
    for end in (share[:, 0] - reach, share[:, 0] + reach):
        at = (heap >= np.clip(end, 0, 1)[:, None] - 1e-12).argmax(axis=1)
        ends.append(ordered[np.arange(len(values)), at])
    return ends[0], ends[1]


def lines(draws: int, seed: int) -> list[Line]:
    """The whole grid."""
    dice = np.random.default_rng(seed)
    return [line for setting in product(LAWS, ALIKE, UNITS, SIZES) for line in simulate(*setting, draws, dice)]


def written(draws: int, seed: int) -> Iterator[str]:
    """The page as markdown."""
    found = lines(draws, seed)
    yield "# Coverage of the t interval for means, totals, ratios and medians of skewed values"
    yield ""
    yield f"`python tests/benchmarks/skewed_coverage.py --draws {draws} --seed {seed}` wrote this page:"
    yield f"{draws} samples a setting of 5 to 50 units of 5 and 20 respondents, 95% intervals, in percent."
    yield "Means, totals and ratios have t with the design's degrees of freedom, medians Woodruff's interval."
    yield "`noted` is how many samples have the note that a few units decide the interval; it cannot be all, for"
    yield "a sample without the rare large value does not show that there is one."
    yield ""
    yield from summary(found)
    yield "By law, statistic and number of units: mean coverage, mean of misses below and above, samples with a note."
    yield ""
    yield "| values | statistic | " + " | ".join(f"{units} units" for units in UNITS) + " | below | above | noted |"
    yield "|---|---|" + "---|" * (len(UNITS) + 3)
    for law, statistic in product(LAWS, ("mean", "total", "ratio", "median")):
        part = [line for line in found if (line.law, line.statistic) == (law, statistic)]
        if part:
            by_units = [np.mean([line.covered for line in part if line.units == units]) for units in UNITS]
            rest = [np.mean([getattr(line, key) for line in part]) for key in ("below", "above", "noted")]
            cells = [f"{100 * each:.1f}" if each == each else "" for each in (*by_units, *rest)]
            yield f"| {law} | {statistic} | " + " | ".join(cells) + " |"


def summary(found: list[Line]) -> Iterator[str]:
    """How often the note stands, by how well the setting is covered."""
    yield "| coverage of the setting | settings | noted, mean | least | most |"
    yield "|---|---|---|---|---|"
    ends = (0.0, 0.9, 0.92, FLOOR, RIGHT, 1.01)
    for low, high in pairwise(ends):
        part = [line.noted for line in found if low <= line.covered < high and line.noted == line.noted]
        said = f"{100 * low:.0f} to {100 * high:.0f}" if low else f"below {100 * high:.0f}"
        said = said if high < 1 else f"{100 * low:.0f} or more"
        if part:
            cells = [np.mean(part), min(part), max(part)]
            yield f"| {said} | {len(part)} | " + " | ".join(f"{100 * each:.0f}" for each in cells) + " |"
    yield ""


if __name__ == "__main__":
    print_page(__doc__, 1000, written)
