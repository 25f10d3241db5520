"""Broken files by the thousand through the command line; every one must end in a result or in one line.

    python tests/hostile/fuzz_files.py --count 10000

Each file is made from its number (``mutate.broken``), so that a find can be made
again with ``--first N --count 1``. The work is done in child processes: a crash,
a hang of ten seconds, a traceback, a second line, or more memory than the limit
is a find, and its file is kept in ``--keep``. Exit status 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile.mutate import broken  # noqa: E402

SECONDS = 10
MEMORY = 4 << 30
BATCH = 250
ALLOWED = {0, 2, 3, 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one file did: the exit status, or what went wrong."""

    number: int
    status: int
    wrong: str = ""
    seconds: float = 0.0


def command(number: int, path: Path) -> list[str]:
    """What is asked of a broken file: a codebook, or a table of everything."""
    return ["codebook" if number % 3 else "summarize", str(path), "--format", "json"]


def attempt(number: int, folder: Path, arguments: list[str] | None = None, content: bytes | None = None) -> Outcome:
    """Run one broken file in this process, its output going to a file."""
    from surveytool.cli.app import main

    suffix, made = broken(number)
    path = folder / f"broken_{number}.{suffix}"
    path.write_bytes(made if content is None else content)
    kept = os.dup(1), os.dup(2)
    start = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        try:
            status, wrong = main(arguments or command(number, path)), ""
        except BaseException as error:
            status, wrong = -1, f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            for place, copy in enumerate(kept, start=1):
                (sys.stdout, sys.stderr)[place - 1].flush()
                os.dup2(copy, place)
                os.close(copy)
    seconds = time.monotonic() - start
    said = (folder / "err").read_bytes().decode("utf-8", "replace")
    wrong = wrong or _complaint(status, said, (folder / "out").stat().st_size)
    path.unlink()
    return Outcome(number=number, status=status, wrong=wrong, seconds=seconds)


def _complaint(status: int, said: str, size: int) -> str:
    """What is wrong with how a run ended; empty if nothing is."""
    lines = [line for line in said.splitlines() if not line.startswith("note: ")]
    if status not in ALLOWED:
        return f"status {status}: {said[:200]!r}"
    if "Traceback" in said:
        return "traceback"
    if status and (len(lines) != 1 or not lines[0].startswith("surveytool: ") or size):
        return f"{len(lines)} lines and {size} bytes: {said[:200]!r}"
    return f"said {said[:200]!r}" if not status and lines else ""


def _child(numbers: range, report: int) -> None:
    """Attempt the numbers, each announced before it starts."""
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder, os.fdopen(report, "w", buffering=1) as pipe:
        for number in numbers:
            pipe.write(f"start {number}\n")
            signal.alarm(SECONDS)
            found = attempt(number, Path(folder))
            signal.alarm(0)
            wrong = " ".join(found.wrong.split())
            pipe.write(f"end {number} {found.status} {found.seconds:.3f} {wrong}\n")
        pipe.write(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


def batch(numbers: range) -> tuple[list[Outcome], int]:
    """Outcomes of the numbers, from as many child processes as die on the way; the peak memory in KB."""
    found: list[Outcome] = []
    peak = 0
    while len(found) < len(numbers):
        receive, report = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            os.close(receive)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            try:
                _child(numbers[len(found) :], report)
            finally:
                os._exit(0)
        os.close(report)
        started = None
        with os.fdopen(receive) as pipe:
            for line in pipe:
                word, _, rest = line.strip().partition(" ")
                if word == "start":
                    started = int(rest)
                elif word == "end":
                    number, status, seconds, *wrong = rest.split(" ", 3)
                    found.append(
                        Outcome(number=int(number), status=int(status), seconds=float(seconds), wrong="".join(wrong))
                    )
                    started = None
                else:
                    peak = max(peak, int(rest))
        _, ended = os.waitpid(child, 0)
        if started is not None:
            number = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
            name = "hang" if number == signal.SIGALRM else f"crash ({number})"
            found.append(Outcome(number=started, status=-1, wrong=name))
        elif len(found) < len(numbers):
            raise RuntimeError(f"the child stopped after {len(found)} files")
    return found, peak


def outcomes(first: int, count: int) -> Iterator[tuple[list[Outcome], int]]:
    """Batches of outcomes."""
    for start in range(first, first + count, BATCH):
        yield batch(range(start, min(start + BATCH, first + count)))


def main() -> int:
    """Run, print what was found, keep the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    statuses, wrong, slowest, peak = Counter[int](), [], 0.0, 0
    for found, memory in outcomes(given.first, given.count):
        peak = max(peak, memory)
        for each in found:
            statuses[each.status] += 1
            slowest = max(slowest, each.seconds)
            if each.wrong:
                wrong.append(each)
                suffix, content = broken(each.number)
                print(f"{each.number} .{suffix}: {each.wrong}", flush=True)
                if given.keep:
                    given.keep.mkdir(exist_ok=True)
                    (given.keep / f"{each.number}.{suffix}").write_bytes(content)
    print(f"{given.count} files, exit statuses {dict(sorted(statuses.items()))}, {len(wrong)} finds, "
          f"slowest {slowest:.2f} s, most memory {peak // 1024} MB")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
