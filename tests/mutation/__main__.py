"""Mutate rooms and see whether their own tests notice.

PYTHONPATH=tests python -m mutation estimate table --each 20 --seed 1      # a table on the screen and in tests/mutation
PYTHONPATH=tests python -m mutation estimate --show "interval.py:190"      # only mutants whose place has that text

A sample of each room's mutants is written, one after the other, into a copy of the project, and the tests that reach
the place run in a fork that has loaded the libraries already. What nobody notices survived: a test is missing, or the
change has no meaning, which equivalent.toml then says with the reason.
"""

from __future__ import annotations

import argparse
import hashlib
import os
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
    """So many of each kind; where a kind has few, the others fill up.

    Every mutant has a lot, drawn from the seed and its own text without the line's number; the lowest lots are taken.
    So the same seed takes the same ones, also after the code around them has changed.
    """
    drawn = sorted(mutants, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.text()}".encode()).digest())
    taken: list[Mutant] = []
    for kind, share in SHARE.items():
        taken += [mutant for mutant in drawn if mutant.kind == kind][: round(many * share)]
    rest = [mutant for mutant in drawn if mutant not in taken]
    return taken[:many] + rest[: max(many - len(taken), 0)]


def equivalents() -> dict[str, str]:
    """Mutants that mean the same, with the reason."""
    with (Path(__file__).parent / "equivalent.toml").open("rb") as file:
        held: dict[str, str] = tomllib.load(file)
    return held


def examined(
    room: str, chosen: list[Mutant], copy: Path, *, most: float, verbose: bool, without: str = ""
) -> list[Outcome]:
    """Every chosen mutant against the room's own tests."""
    reach = own_tests.reached(copy, room, ROOT / ".pytest_cache" / "mutation", worker.forked, without)
    if not reach["seconds"]:
        raise SystemExit(f"{room}: it has no tests of its own that pass")
    if reach["failed"]:  # they would notice every mutant
        print(f"{room}: left out, for they fail without a mutant: {', '.join(reach['failed'])}", file=sys.stderr)
    same = equivalents()
    outcomes = []
    for mutant in chosen:
        if mutant.text() in same:
            outcome = Outcome(room=room, mutant=mutant, verdict="equivalent", by=same[mutant.text()])
        else:
            outcome = tried(room, mutant, copy, reach, most)
        if verbose or outcome.verdict == "survived":
            print(f"  {outcome.verdict:10} {mutant.kind:10} {mutant.key()[:300]}", file=sys.stderr, flush=True)
        outcomes.append(outcome)
    return outcomes


def tried(room: str, mutant: Mutant, copy: Path, reach: dict[str, Any], most: float) -> Outcome:
    """One mutant in the copy, which is as it was afterwards."""
    tests = own_tests.selected(copy, mutant, reach, most)
    path = copy / mutant.path
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(mutant.apply(text), encoding="utf-8")
        seconds = 20 + 3 * sum(reach["seconds"][test] for test in tests)
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
    parser.add_argument("--seconds", type=float, default=20, help="of tests a mutant, the fastest first")
    parser.add_argument("--show", default="", help="only mutants whose place holds this text")
    parser.add_argument("--again", action="store_true", help="only what survived in the room's record, and what is new")
    parser.add_argument("--without", default="", help="leave out files of tests whose names hold this text: slow ones")
    parser.add_argument("--look", action="store_true", help="keep nothing of what is found: another seed, to see")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    os.environ["CI"] = "1"  # the same examples for every mutant
    with tempfile.TemporaryDirectory() as folder:
        copy = worker.copied(ROOT, Path(folder))
        worker.load()
        for room in given.rooms or rooms(ROOT):
            mutants = of_room(copy, room)
            if given.show:
                shown = [mutant for mutant in mutants if given.show in mutant.key()]
                results.told(room, examined(room, shown, copy, most=given.seconds, verbose=given.verbose))
                continue
            chosen = sample(mutants, given.each, f"{given.seed} {room}")
            killed = results.killed(ROOT, room) if given.again else {}
            asked = [mutant for mutant in chosen if mutant.text() not in killed]
            outcomes = examined(room, asked, copy, most=given.seconds, verbose=given.verbose, without=given.without)
            outcomes += [Outcome(room=room, mutant=mutant, verdict="killed", by=killed[mutant.text()])
                         for mutant in chosen if mutant not in asked]  # fmt: skip
            results.told(room, outcomes)
            if given.look:
                continue
            results.kept(ROOT, room, outcomes, seed=given.seed, population=len(mutants))
        results.written(ROOT)


if __name__ == "__main__":
    main()
