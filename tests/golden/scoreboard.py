"""Print, as a markdown table, how many of R's reference answers surveytool gives."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from golden import inference
from golden.parity import STATISTICS, cases, pairs


def lines() -> list[str]:
    """The table's lines."""
    out = ["| statistic | requests | rows | agree | explained |", "|---|---|---|---|---|"]
    for statistic in STATISTICS:
        found = list(pairs(statistic))
        requests = sum(case["request"]["stat"] == statistic for case in cases())
        explained = [pair for pair in found if pair.explained]
        agree = sum(pair.agrees() for pair in found if not pair.explained)
        out.append(f"| {statistic} | {requests} | {len(found)} | {agree} | {len(explained)} |")
    for kind in inference.KINDS:
        numbers = inference.numbers(kind)
        requests = sum(case["request"]["stat"] == kind for case in cases())
        explained_here = [each for each in numbers if inference.reason(each)]
        agree = sum(each.agrees() for each in numbers if not inference.reason(each))
        name = f"{inference.NAMES[kind]} (numbers)"
        out.append(f"| {name} | {requests} | {len(numbers)} | {agree} | {len(explained_here)} |")
    return out


def agrees(method: str, theirs: dict, ours: object) -> bool:
    """Both bounds to 1e-8; R's Wald interval leaves [0, 1] and ours is cut there."""
    low, high = theirs["ci_low"], theirs["ci_high"]
    if method == "wald":
        low, high = max(low, 0.0), min(high, 1.0)
    return abs(ours.ci_low - low) < 1e-8 and abs(ours.ci_high - high) < 1e-8  # type: ignore[attr-defined]


if __name__ == "__main__":
    print("\n".join(lines()))
