"""Files broken at their seams, by the thousand: never a traceback, a hang, a crash, nor other numbers without a word.

    python tests/hostile/fuzz_structure.py --count 3000 --write tests/hostile/structure_results.md

Each case is made from its number (``structure.broken``); ``--first N --count 1 --keep DIR`` makes one again. Every
fifth is a ledger or a manifest. Exit status 1 if there is a find.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile.case import TABLE  # noqa: E402
from hostile.guard import Ended, run_guarded  # noqa: E402
from hostile.structure import broken, broken_record, whole_file  # noqa: E402

ALLOWED = {0, 2, 3, 4}
RECORDS = 5  # every fifth case


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one case did; ``wrong`` is empty where nothing is."""

    number: int
    kind: str
    status: int
    wrong: str
    peak: int


def attempt(number: int, folder: Path) -> Finding:
    """Make a case, run it, judge how it ended."""
    if number % RECORDS == 0:
        return _record(number, folder)
    name, change, content, seen = broken(number)
    path = folder / f"broken.{name.removeprefix('old.')}"
    path.write_bytes(content)
    ran = run_guarded(("summarize", path.name, "--format", "json"), folder)
    wrong = complaint(ran)
    if not wrong and seen and not ran.status and silent(told(ran), whole(name, folder)):
        wrong = f"other numbers without a word: {difference(told(ran), whole(name, folder))}"
    path.unlink()
    return Finding(number=number, kind=f"{name} {change}", status=ran.status, wrong=wrong, peak=ran.peak)


def _record(number: int, folder: Path) -> Finding:
    """A broken ledger or manifest beside good data."""
    (folder / "small.csv").write_text(TABLE, encoding="utf-8")
    ledger = number % (2 * RECORDS) == 0
    path = folder / ("ledger.json" if ledger else "manifest.json")
    path.write_text(broken_record(records(folder)[ledger], number), encoding="utf-8", errors="surrogatepass")
    command = ("summarize", "small.csv", "sex", "--ledger", path.name) if ledger else (
        "reproduce", "--against", path.name, "small.csv")  # fmt: skip
    before = path.read_bytes()
    ran = run_guarded(command, folder)
    wrong = complaint(ran, {1} if not ledger else set())
    if not wrong and ran.status and path.read_bytes() != before:
        wrong = "refused, and changed all the same"
    path.unlink()
    return Finding(
        number=number, kind="ledger" if ledger else "manifest", status=ran.status, wrong=wrong, peak=ran.peak
    )


_RECORDS: dict[bool, str] = {}


def records(folder: Path) -> dict[bool, str]:
    """A good manifest (False) and a good ledger (True)."""
    if not _RECORDS:
        command = (
            "summarize",
            "small.csv",
            "sex",
            "--by",
            "age",
            "--ledger",
            "l.json",
            "--manifest",
            "m.json",
            "-o",
            "o.txt",
        )
        ran = run_guarded(command, folder)
        assert ran.status == 0, ran.err
        for ledger, name in ((True, "l.json"), (False, "m.json")):
            _RECORDS[ledger] = (folder / name).read_text(encoding="utf-8")
    return _RECORDS


def complaint(ran: Ended, more: set[int] = frozenset()) -> str:  # type: ignore[assignment]
    """What is wrong with how a run ended."""
    if ran.status not in ALLOWED | set(more):
        return f"status {ran.status}: {ran.err[:200]!r}"
    if "Traceback" in ran.err or "internal error" in ran.err:
        return f"traceback: {ran.err[:200]!r}"
    if ran.status > 1 and (len(ran.lines) != 1 or not ran.lines[0].startswith("surveytool: ") or ran.out):
        return f"{len(ran.lines)} lines: {ran.err[:200]!r}"
    return ""


Told = tuple[dict[Any, Any], frozenset[str]]


def told(ran: Ended) -> Told:
    """The numbers of a run by what they are of, and what it says beside them."""
    made = json.loads(ran.out)
    rows = {
        (row["variable"].lower(), row["level"]): (row["count"], row["n"], row["estimate"] and round(row["estimate"], 9))
        for row in made["rows"]
    }
    notes = frozenset(note for table in made["tables"] for note in table["notes"])
    return rows | {"rows": made["source"]["rows"]}, notes | frozenset(ran.err.splitlines())


@cache
def whole(name: str, folder: Path) -> Told:
    """What the file tells before it is broken."""
    path = folder / f"whole.{name.removeprefix('old.')}"
    path.write_bytes(whole_file(name))
    ran = run_guarded(("summarize", path.name, "--format", "json"), folder)
    path.unlink()
    assert ran.status == 0, ran.err
    return told(ran)


def difference(one: Told, other: Told) -> str:
    """What two runs say differently; nothing where the first says why."""
    changed = [key for key in {**one[0], **other[0]} if one[0].get(key) != other[0].get(key)]
    return f"{changed[:3]}"


def silent(one: Told, other: Told) -> bool:
    """Whether other numbers come without a word that the whole file does not call for."""
    return one[0] != other[0] and one[1] <= other[1]


def main() -> int:
    """Run, print what was found, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    start, statuses, kinds, wrong, peak = time.monotonic(), Counter[int](), Counter[str](), [], 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "box"
        folder.mkdir()
        (folder / "small.csv").write_text(TABLE, encoding="utf-8")
        for number in range(given.first, given.first + given.count):
            found = attempt(number, folder)
            statuses[found.status] += 1
            kinds[found.kind.partition(" ")[0]] += 1
            peak = max(peak, found.peak)
            if found.wrong:
                wrong.append(found)
                print(f"{number} {found.kind}: {found.wrong}", flush=True)
                if given.keep and number % RECORDS:
                    given.keep.mkdir(exist_ok=True)
                    (given.keep / f"{number}.{broken(number)[0]}").write_bytes(broken(number)[2])
    text = (
        f"{given.count} cases from number {given.first} ({time.strftime('%Y-%m-%d')}): "
        f"{', '.join(f'{name} {count}' for name, count in sorted(kinds.items()))}. "
        f"Exit statuses {dict(sorted(statuses.items()))}; {len(wrong)} finds; most memory {peak >> 20} MB; "
        f"{time.monotonic() - start:.0f} s.\n"
    )
    print(text)
    if given.write:
        head = (
            "# Files broken at their seams\n\n`python tests/hostile/fuzz_structure.py`, each case from its number.\n\n"
        )
        lines = "".join(f"- {each.number} {each.kind}: {each.wrong}\n" for each in wrong)
        given.write.write_text(head + text + lines, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
