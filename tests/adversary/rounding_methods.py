"""Controlled rounding beside the cell key method: what an attacker learns of small counts, and what a reader loses.

python tests/adversary/rounding_methods.py --studies 40

The cell key method adds noise from a table of probabilities to every printed
count by itself (ABS, ONS, R's ptable and cellKey): none is further than D from
the truth, counts of 1 to js are not printed, and sums no longer hold. Its table is
made here from the definition: largest entropy, no bias, variance V. An attacker
knows D, that true sums hold, and every printed count.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from attack import written  # noqa: E402
from bytes_read import Line, Read  # noqa: E402
from deduce import CELL, Found, Mind, Target  # noqa: E402
from respondents import KINDS, study  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

D, V, JS, BASE = 5, 3.0, 2, 5


def noise(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise and its probabilities for a count: largest entropy without bias, of variance ``V`` where that can be."""
    if count == 0:
        return np.zeros(1), np.ones(1)
    steps = np.array([x for x in range(-D, D + 1) if count + x == 0 or count + x > JS], dtype=float)

    def fit(given: np.ndarray) -> float:
        logs = given[0] * steps + given[1] * steps**2
        share = np.exp(logs - logs.max())
        share /= share.sum()
        return float((share @ steps) ** 2 + (share @ steps**2 - V) ** 2)

    best = minimize(fit, np.array([0.0, -0.2]), method="Nelder-Mead").x
    logs = best[0] * steps + best[1] * steps**2
    share = np.exp(logs - logs.max())
    return steps, share / share.sum()


def ranges(mind: Mind, printed: list[tuple[np.ndarray, int, int]], slack: int) -> list[Target]:
    """The ranges of small true counts, where every printed count may be off by ``slack``."""
    mind.conditions.clear()
    mind.know(mind.whole(np.ones(mind.size)), len(mind.study.columns["q"]), len(mind.study.columns["q"]), "rows")
    targets = []
    for line, true, told in printed:
        mind.know(mind.whole(line), max(told - slack, 0), told + slack, "count")
        if 0 < true < CELL:
            targets.append(Target("small", line, true, CELL))
    mind.attack(targets)
    return targets


def counts(mind: Mind, read: Read) -> list[tuple[np.ndarray, int, Line]]:
    """Every printed count and n: its combinations, its true value, its row."""
    found, seen = [], set()
    for line in read.lines:
        base = mind.base(line)
        for own in (base, base * mind.gave(line)):
            if own.tobytes() not in seen:
                seen.add(own.tobytes())
                found.append((own, round(float(own @ mind.truth[: mind.size])), line))
    return found


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--studies", type=int, default=40)
    given.add_argument("--seed", type=int, default=0)
    asked = given.parse_args()
    place = KINDS.index("rounding")
    sums: dict[str, list[float]] = {name: [0.0] * 6 for name in ("controlled rounding", "cell keys")}
    for turn in range(asked.studies):
        made = study((asked.seed + turn) * len(KINDS) + place)
        with tempfile.TemporaryDirectory() as folder:
            read = written(made, Path(folder), Found(made.seed, made.kind))
        mind, random = Mind(made), np.random.default_rng(made.seed)
        mind.learn(read)
        lines = counts(mind, read)
        told = {}
        for line in read.lines:
            base = mind.base(line)
            for own, key in ((base, "n"), (base * mind.gave(line), "count")):
                if key in line.numbers:
                    told[own.tobytes()] = int(line.numbers[key].value)
        lines = [each for each in lines if each[0].tobytes() in told]
        keyed = [int(true + random.choice(_of(true)[0], p=_of(true)[1])) for _, true, _ in lines]
        rounded = [told[own.tobytes()] for own, _, _ in lines]
        for name, values, slack in (("controlled rounding", rounded, BASE - 1), ("cell keys", keyed, D)):
            targets = ranges(mind, [(own, true, x) for (own, true, _), x in zip(lines, values, strict=True)], slack)
            errors = [abs(x - true) for (_, true, _), x in zip(lines, values, strict=True)]
            row = sums[name]
            row[0] += len(targets)
            row[1] += sum(each.range == 0 for each in targets)
            row[2] += sum(each.range < BASE - 1 for each in targets)
            row[3] += sum(errors)
            row[4] += len(errors)
            row[5] += _broken(mind, read, {own.tobytes(): x for (own, _, _), x in zip(lines, values, strict=True)})
    print("| method | small counts | pinned | range under 4 | mean error of a count | groups that do not add up |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, row in sums.items():
        print(f"| {name} | {row[0]:.0f} | {row[1]:.0f} | {row[2]:.0f} | {row[3] / row[4]:.2f} | {row[5]:.0f} |")


def _of(true: int) -> tuple[np.ndarray, np.ndarray]:
    return NOISE.setdefault(min(true, 20), noise(min(true, 20)))


NOISE: dict[int, tuple[np.ndarray, np.ndarray]] = {}


def _broken(mind: Mind, read: Read, told: dict[bytes, int]) -> int:
    """Groups of which the answers' printed counts are not the printed n."""
    groups: dict[tuple[str, bytes], list[int | None]] = {}
    for line in read.lines:
        base = mind.base(line)
        own = (base * mind.gave(line)).tobytes()
        groups.setdefault((line.variable, base.tobytes()), []).append(told.get(own))
    whole = [(base, parts) for (_, base), parts in groups.items() if base in told and None not in parts]
    return sum(sum(x or 0 for x in parts) != told[base] for base, parts in whole)


if __name__ == "__main__":
    main()
