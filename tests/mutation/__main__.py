"""Mutate rooms and see whether their own tests notice.

PYTHONPATH=tests python -m mutation estimate table --each 20 --seed 1      # a table on the screen and in tests/mutation
PYTHONPATH=tests python -m mutation estimate --show "interval.py:190"      # only mutants whose place has that text

A sample of each room's mutants is written, one after the other, into a copy of the project, and the tests that reach
the place run in a fork that has loaded the libraries already. What nobody notices survived: a test is missing, or the
change has no meaning, which equivalent.toml then says with the reason.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation import own_tests, results, worker
from mutation.mutants import ARITHMETIC, SENTENCE, THRESHOLD, Mutant, of_room

ROOT = Path(__file__).resolve().parents[2]
SHARE = {ARITHMETIC: 0.4, THRESHOLD: 0.4, SENTENCE: 0.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a mutant: killed (by which test), survived, or equivalent with the reason."""

    room: str
    mutant: Mutant
    verdict: str
    by: str = ""


def rooms(root: Path) -> list[str]:
    """Every room with a folder, and the files beside them."""
    package = root / "surveytool"
    found = [each.name for each in package.iterdir() if each.is_dir() and each.name != "__pycache__"]
    found += [each.stem for each in package.glob("*.py") if not each.stem.startswith("__")]
    return sorted(found)


def sample(mutants: list[Mutant], many: int, seed: str) -> list[Mutant]:
    """So many of each kind; where a kind has few, the others fill up. The same seed takes the same ones."""
    draw = random.Random(seed)
    taken: list[Mutant] = []
    for kind, share in SHARE.items():
        kin = [each for each in mutants if each.kind == kind]
        taken += draw.sample(kin, min(len(kin), round(many * share)))
    left = [each for each in mutants if each not in taken]
    taken += draw.sample(left, min(len(left), max(many - len(taken), 0)))
    return taken[:many]


def equivalents() -> dict[str, str]:
    """Mutants that mean the same, with the reason."""
    with (Path(__file__).parent / "equivalent.toml").open("rb") as file:
        held: dict[str, str] = tomllib.load(file)
    return held


def examined(room: str, chosen: list[Mutant], copy: Path, *, most: float, verbose: bool) -> list[Outcome]:
    """Every chosen mutant against the room's own tests."""
    asked = own_tests.arguments(copy, room)
    reach = worker.forked(copy, lambda: own_tests.Reach(copy).run(asked), 1800) if asked else None
    if reach is None or reach["failed"]:
        raise SystemExit(f"{room}: its own tests do not pass: {asked} {reach and reach['failed']}")
    same = equivalents()
    found = []
    for mutant in chosen:
        if mutant.key() in same:
            outcome = Outcome(room=room, mutant=mutant, verdict="equivalent", by=same[mutant.key()])
        else:
            outcome = tried(room, mutant, copy, reach, most)
        if verbose or outcome.verdict == "survived":
            print(f"  {outcome.verdict:10} {mutant.kind:10} {mutant.key()[:150]}", file=sys.stderr, flush=True)
        found.append(outcome)
    return found


def tried(room: str, mutant: Mutant, copy: Path, reach: dict[str, Any], most: float) -> Outcome:
    """One mutant in the copy, which is as it was afterwards."""
    tests = own_tests.selected(copy, mutant, reach, most)
    path = copy / mutant.path
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(mutant.apply(text), encoding="utf-8")
        seconds = 20 + 4 * sum(reach["seconds"][each] for each in tests)
        killer = worker.forked(copy, lambda: worker.first_failure(tests), seconds) if tests else ""
    finally:
        path.write_text(text, encoding="utf-8")
    verdict = "survived" if killer == "" else "killed"
    return Outcome(room=room, mutant=mutant, verdict=verdict, by=killer or ("out of time" if killer is None else ""))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", help="rooms; all where none is named")
    parser.add_argument("--each", type=int, default=20, help="mutants a room")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=float, default=30, help="of tests a mutant, the fastest first")
    parser.add_argument("--show", default="", help="only mutants whose place holds this text")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    os.environ["CI"] = "1"  # the same examples for every mutant
    with tempfile.TemporaryDirectory() as folder:
        copy = worker.copied(ROOT, Path(folder))
        worker.load()
        for room in given.rooms or rooms(ROOT):
            mutants = [each for each in of_room(copy, room) if given.show in each.key()]
            chosen = mutants if given.show else sample(mutants, given.each, f"{given.seed} {room}")
            outcomes = examined(room, chosen, copy, most=given.seconds, verbose=given.verbose)
            results.told(room, outcomes)
            if not given.show:
                results.kept(ROOT, room, outcomes, seed=given.seed, tests=len(own_tests.arguments(copy, room)))
        results.written(ROOT)


if __name__ == "__main__":
    main()
