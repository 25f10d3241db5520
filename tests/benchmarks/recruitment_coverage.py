"""How often the printed intervals of samples by recruitment hold the truth of invented networks.

    python tests/benchmarks/recruitment_coverage.py --networks 60 --seed 1

Each network is new; each sample is drawn from it by coupons without replacement, and its interval is the one that
``summarize`` prints. The table goes into ``recruitment_coverage.md`` beside this file.
"""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import surveytool as st

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).with_suffix(".md")
# name: how much likelier ties to one's like are, how many more people those with work know, people, sample, seeds
SCENES: dict[str, tuple[float, float, int, int, int]] = {
    "people mix": (1.0, 1.0, 1200, 300, 6),
    "people know their like": (4.0, 1.0, 1200, 300, 6),
    "their like, and unequal degrees": (4.0, 1.6, 1200, 300, 6),
    "half of all are recruited": (4.0, 1.6, 600, 300, 6),
    "one seed": (4.0, 1.6, 1200, 300, 1),
}
ESTIMATORS = ("rds-i", "rds-ii", "gile-ss")
VARIANCES = ("tree", "neighbourhood", "salganik")


@dataclass
class Tally:
    """What the intervals of one method did."""

    held: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)


def maker() -> ModuleType:
    """The module that invents networks: that of the shipped example."""
    spec = importlib.util.spec_from_file_location("recruited", ROOT / "examples" / "recruited" / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["recruited"] = module
    spec.loader.exec_module(module)
    return module


def simulate(networks: int, seed: int, replicates: int) -> dict[tuple[str, str, str], Tally]:
    """The tallies by scene, estimator and variance."""
    make = maker()
    tallies: dict[tuple[str, str, str], Tally] = {}
    for scene, (alike, active, size, sample, seeds) in SCENES.items():
        generator = np.random.default_rng(seed)
        for _ in range(networks):
            people = make.network(size, generator, alike=alike, active=active)
            known = people.degree > 0
            truth = float(people.work[known].mean())
            data = make.recruited(people, sample, generator, seeds=seeds)
            for estimator in ESTIMATORS:
                for variance in VARIANCES:
                    if (estimator, variance) == ("rds-i", "neighbourhood"):
                        continue
                    row = _yes(data, estimator, variance, int(known.sum()), replicates)
                    tally = tallies.setdefault((scene, estimator, variance), Tally())
                    tally.held.append(row.ci_low <= truth <= row.ci_high)
                    tally.width.append(row.ci_high - row.ci_low)
                    tally.error.append(row.estimate - truth)
    return tallies


def _yes(data: Any, estimator: str, variance: str, population: int, replicates: int) -> Any:
    settings: dict[str, Any] = {"estimator": estimator, "variance": variance, "replicates": replicates}
    recruitment = st.Recruitment(id="id", recruiter="recruiter", degree="degree", population=population, **settings)
    made = st.summarize(st.read(data, design=st.Design(recruitment=recruitment)), "work")
    return next(row for row in made.rows if row.level == "yes")


def page(tallies: dict[tuple[str, str, str], Tally], networks: int, seed: int, replicates: int) -> str:
    """The table in Markdown."""
    lines = [
        "# Coverage of intervals of samples by recruitment",
        "",
        f"Written by `python tests/benchmarks/recruitment_coverage.py --networks {networks} --seed {seed} "
        f"--replicates {replicates}` on {date.today().isoformat()}.",
        f"{networks} networks a line, so a share of 95% is known within {196 * (0.95 * 0.05 / networks) ** 0.5:.0f} "
        "points. Bias and width in points.",
        "",
        "| network | estimator | variance | 95% intervals that hold the truth | mean width | bias |",
        "|---|---|---|---:|---:|---:|",
    ]
    for (scene, estimator, variance), tally in tallies.items():
        lines.append(
            f"| {scene} | {estimator} | {variance} | {100 * np.mean(tally.held):.0f}% | "
            f"{100 * np.mean(tally.width):.1f} | {100 * np.mean(tally.error):+.1f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=60)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tallies = simulate(given.networks, given.seed, given.replicates)
    PAGE.write_text(page(tallies, given.networks, given.seed, given.replicates), encoding="utf-8")


if __name__ == "__main__":
    main()
