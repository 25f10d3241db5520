"""The table of mutants: one line a room in results.md, every survivor below it; results.json holds the samples."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

FILE = "tests/mutation/results.json"
TABLE = "tests/mutation/results.md"
KINDS = ("arithmetic", "threshold", "sentence")
HEAD = """# Mutants and the tests that notice them

Written by `python tests/tasks.py mutate`; [how it works](../../docs/decisions/mutation-driver.md). A mutant
is one small change of meaning in a room's code or words; it is killed if a test of the room's own folder, or
a doctest of its files, fails. The sample of a room is drawn with the seed that stands beside it. Equivalent
mutants mean the same and are not counted; each has its reason in equivalent.toml.

The columns: all mutants of the room, how many were drawn and of which kind, and what became of them; killed is the
share of those that are not equivalent. The goal is 90% of at least 400. Tests were written for what survived this
sample, so another seed kills somewhat less;
`python tests/tasks.py mutate ROOM --seed 99 --look` shows a room with fresh eyes.

| room | date | commit | seed | all | drawn | arithmetic | thresholds | sentences | killed | equivalent | survived |
|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def told(room: str, outcomes: list[Any]) -> None:
    """One line on the screen."""
    counts = Counter(each.verdict for each in outcomes)
    print(f"{room}: {dict(counts)}", file=sys.stderr, flush=True)


def killed(root: Path, room: str) -> dict[str, str]:
    """The mutants that the room's record calls killed, and by which test."""
    path = root / FILE
    record = (
        json.loads(path.read_text(encoding="utf-8")).get(room, {"mutants": []}) if path.exists() else {"mutants": []}
    )
    return {each["text"]: each["by"] for each in record["mutants"] if each["verdict"] == "killed" and "text" in each}


def commit(root: Path) -> str:
    """The short name of the commit that the project stands at."""
    asked = ["git", "rev-parse", "--short=8", "HEAD"]
    return subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def kept(root: Path, room: str, outcomes: list[Any], *, seed: str, population: int) -> None:
    """The room's record in results.json, in the place of an older one."""
    path = root / FILE
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    held[room] = {
        "date": date.today().isoformat(),
        "seed": seed,
        "commit": commit(root),
        "population": population,
        "mutants": [
            {
                "key": each.mutant.key(),
                "text": each.mutant.text(),
                "kind": each.mutant.kind,
                "verdict": each.verdict,
                "by": each.by,
            }
            for each in outcomes
        ],
    }
    path.write_text(json.dumps(dict(sorted(held.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def written(root: Path) -> None:
    """results.md from results.json."""
    path = root / FILE
    if not path.exists():
        return
    held = json.loads(path.read_text(encoding="utf-8"))
    lines = [row(room, record) for room, record in held.items()]
    everything = [each for record in held.values() for each in record["mutants"]]
    population = sum(record["population"] for record in held.values())
    lines.append(
        row("**all**", {"date": "", "commit": "", "seed": "", "population": population, "mutants": everything})
    )
    survivors = [f"- `{' '.join(each['key'].split())}`" for each in everything if each["verdict"] == "survived"]
    text = HEAD + "\n".join(lines) + "\n\n## Survivors\n\n" + ("\n".join(survivors) or "None.") + "\n"
    (root / TABLE).write_text(text, encoding="utf-8")


def row(room: str, record: dict[str, Any]) -> str:
    mutants = record["mutants"]
    verdicts = Counter(each["verdict"] for each in mutants)
    kinds = Counter(each["kind"] for each in mutants)
    counted = len(mutants) - verdicts["equivalent"]
    share = f"{verdicts['killed']} ({100 * verdicts['killed'] / counted:.0f}%)" if counted else "0"
    cells = [room, record["date"], record["commit"], record["seed"], str(record["population"]), str(len(mutants)),
             *(str(kinds[kind]) for kind in KINDS), share, str(verdicts["equivalent"]),
             str(verdicts["survived"])]  # fmt: skip
    return "| " + " | ".join(cells) + " |"
