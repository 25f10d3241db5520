"""What the gate withholds beside an independent optimum: Tau-Argus (pytauargus, HiGHS) on the same two-way tables.

python tests/adversary/price.py --studies 60

Both see a question by one breakdown with all totals, no count under 5, groups of
at least 10. Counted are the cells that are not shown: here the answers by group and
in all, there also n of groups and answers, which stand in the table too.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter
from contextlib import chdir
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from attack import run  # noqa: E402

CELL = 5


def table(seed: int) -> tuple[list[str], list[str]]:
    """Answers and groups of a random survey: some answers are rare in some groups, none is rare in all."""
    random = np.random.default_rng([seed, 31])
    rows, groups, levels = int(random.integers(80, 400)), int(random.integers(2, 6)), int(random.integers(3, 6))
    g = random.integers(0, groups, rows)
    shares = random.dirichlet(np.full(levels, 0.8), groups)
    q = np.array([random.choice(levels, p=shares[x]) for x in g])
    return [f"a{x}" for x in q], [f"g{x}" for x in g]


def usable(q: list[str], g: list[str]) -> bool:
    """Groups of ten, and answers that enough gave."""
    return min(Counter(g).values()) >= 10 and min(Counter(q).values()) >= CELL


def ours(q: list[str], g: list[str], folder: Path) -> tuple[int, float]:
    """Figures that are withheld, and seconds."""
    with (folder / "data.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["q", "g"], *zip(q, g, strict=True)])
    start = perf_counter()
    target = folder / "out.json"
    asked = ["summarize", str(folder / "data.csv"), "q", "--by", "g", "--protect"]
    status, said = run([*asked, "--format", "json", "-o", str(target), "--overwrite"])
    assert not status, said
    seconds = perf_counter() - start
    return sum(row["flag"] == "suppressed" for row in json.loads(target.read_text(encoding="utf-8"))["rows"]), seconds


def theirs(q: list[str], g: list[str], folder: Path) -> tuple[int, float]:
    """Cells that Tau-Argus withholds among answers by group and in all, and seconds."""
    import pandas as pd
    from pytauargus import protect

    frame = pd.DataFrame({"q": q, "g": g, "one": 1.0})
    start = perf_counter()
    with chdir(folder):  # its solver leaves logs where it is called
        made = protect(
            frame, ["q", "g"], response="one", safety_rules=f"FREQ({CELL},100)", suppress="OPT(1)",
            workdir=str(folder / "tau"),
        )  # fmt: skip
    seconds = perf_counter() - start
    return sum(str(state) in GONE for state in made.tables[0].status()), seconds


GONE = {"U", "M"}  # unsafe by itself, and withheld with others


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--studies", type=int, default=60)
    asked = given.parse_args()
    sums, tables, seed = np.zeros(4), 0, 0
    while tables < asked.studies:
        seed += 1
        q, g = table(seed)
        if not usable(q, g):
            continue
        tables += 1
        with tempfile.TemporaryDirectory() as folder:
            sums += [*ours(q, g, Path(folder)), *theirs(q, g, Path(folder))]
    print("| tables | withheld here | by Tau-Argus | ratio | seconds here | Tau-Argus |")
    print("|---:|---:|---:|---:|---:|---:|")
    print(f"| {tables} | {sums[0]:.0f} | {sums[2]:.0f} | {sums[0] / sums[2]:.2f} | {sums[1]:.1f} | {sums[3]:.1f} |")


if __name__ == "__main__":
    main()
