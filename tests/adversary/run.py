"""Attack many random studies and write what came of it.

python tests/adversary/run.py --studies 3000 --seed 0 --write tests/adversary/results.md
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from attack import attack  # noqa: E402
from deduce import Found  # noqa: E402
from respondents import KINDS  # noqa: E402

HEAD = ("kind", "studies", "figures", "withheld", "attacked", "pinned", "under 5", "narrowest", "small printed",
        "single answers", "values", "median s")  # fmt: skip


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--studies", type=int, default=260)
    given.add_argument("--seed", type=int, default=0)
    given.add_argument("--workers", type=int, default=1)
    given.add_argument("--kind", default=None)
    given.add_argument("--write", type=Path, default=None)
    asked = given.parse_args()
    seeds = [seed for seed in range(asked.seed, asked.seed + asked.studies)
             if asked.kind is None or KINDS[seed % len(KINDS)] in asked.kind.split(",")]  # fmt: skip
    start, found = perf_counter(), []
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(max_workers=asked.workers) as pool:
        for each in pool.map(attack, seeds, chunksize=4):
            found.append(each)
            if each.pinned or each.narrow or each.singles or each.values or each.small or each.failed or each.wrong:
                print(f"{each.seed} {each.kind}: {each.failed or each.pins} {sorted(set(each.wrong))}", flush=True)
            if len(found) % 20 == 0:
                print(f"{len(found)} studies, {perf_counter() - start:.0f} s", flush=True)
                if asked.write is not None:
                    asked.write.write_text(report(found, asked.seed), encoding="utf-8")
    text = report(found, asked.seed)
    print(text)
    if asked.write is not None:
        asked.write.write_text(text, encoding="utf-8")


def report(found: list[Found], seed: int) -> str:
    """The table of what was attacked and what came out."""
    kinds: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        kinds[each.kind].append(each)
    lines = ["# Attacks on the printed bytes", "", f"{len(found)} random studies from seed {seed}, {date.today()}; "
             f"{sum(bool(each.failed) for each in found)} did not run.", "",
             "| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1)]  # fmt: skip
    for kind, some in [*kinds.items(), ("all", found)]:
        lines.append(_line(kind, some))
    reads = sorted({x for each in found for x in each.reads})
    wrong = sum(bool(each.wrong) for each in found)
    lines += ["", f"Read: {', '.join(reads)}. Studies in which a printed figure is not what its digits say: {wrong}."]
    return "\n".join(lines) + "\n"


def _line(kind: str, some: list[Found]) -> str:
    figures, withheld = sum(x.figures for x in some), sum(x.withheld for x in some)
    share = f"{withheld / figures:.0%}" if figures else "-"
    narrowest = min((x.narrowest for x in some), default=float("inf"))
    cells = [kind, len(some), figures, share, sum(x.attacked for x in some), sum(x.pinned for x in some),
             sum(x.narrow for x in some), "-" if narrowest == float("inf") else int(narrowest),
             sum(x.small for x in some), sum(x.singles for x in some), sum(x.values for x in some),
             f"{median(x.seconds for x in some):.2f}"]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
