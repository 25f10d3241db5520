"""The laws of the numbers on many designs: python tests/laws/run.py [DESIGNS] [SEED]."""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from laws.same_numbers import LAWS, Found


def run(designs: int, first: int) -> tuple[list[str], int]:
    """The table's lines, and how many numbers differ."""
    lines = ["| law | designs | numbers | different | seconds |", "|---|---|---|---|---|"]
    different = 0
    for name, law in LAWS.items():
        began, whole = time.monotonic(), Found()
        for seed in range(first, first + designs):
            found = law(seed)
            whole.numbers += found.numbers
            whole.wrong += [f"seed {seed}: {text}" for text in found.wrong]
        seconds = time.monotonic() - began
        lines.append(f"| {name} | {designs} | {whole.numbers:,} | {len(whole.wrong)} | {seconds:.0f} |")
        lines += [f"  {text}" for text in whole.wrong[:10]]
        different += len(whole.wrong)
    return lines, different


if __name__ == "__main__":
    warnings.simplefilter("error")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    table, wrong = run(count, chosen)
    print("\n".join(table))
    sys.exit(1 if wrong else 0)
