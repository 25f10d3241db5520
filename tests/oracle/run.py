"""The oracle at large: many surveys, each written as a file of every platform, and asked.

python tests/oracle/run.py --requests 100000 --seed 1 --write tests/oracle/results.md
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

import numpy as np  # noqa: E402
from oracle.ask import Asker  # noqa: E402
from oracle.judge import BROKEN, OUTCOMES, SILENT, STOP, Verdict  # noqa: E402
from oracle.platforms import BY_R, PLATFORMS  # noqa: E402
from oracle.truth import survey  # noqa: E402

EACH = 20  # requests of a file


def file_verdicts(seed: int, platform: str, keep: Path | None, count: int = EACH) -> list[Verdict]:
    """One file of one survey, asked; with ``keep`` the files of failures stay there."""
    rng = np.random.default_rng([seed, crc32(platform.encode())])
    with tempfile.TemporaryDirectory(prefix="oracle") as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(place)
        path, sheet = {**PLATFORMS, **BY_R}[platform](survey(seed), rng, folder)
        verdicts = list(Asker(path, sheet, rng).verdicts(count))
        if keep is not None and any(each.outcome in (SILENT, BROKEN) for each in verdicts):
            stay = keep / f"{seed}-{platform.replace(' ', '_').replace(',', '')}"
            stay.mkdir(parents=True, exist_ok=True)
            for each in folder.iterdir():
                if each.is_file():
                    shutil.copy(each, stay / each.name)
    return verdicts


def _work(job: tuple[int, str, str | None, int]) -> list[Verdict]:
    seed, platform, keep, count = job
    try:
        return file_verdicts(seed, platform, Path(keep) if keep else None, count)
    except Exception:
        sys.stderr.write(f"the oracle itself failed: seed {seed}, {platform}\n{traceback.format_exc()}\n")
        return []


def jobs(
    requests: int, seed: int, platforms: list[str], keep: Path | None
) -> Iterator[tuple[int, str, str | None, int]]:
    """So many files that the requests are reached."""
    files = -(-requests // EACH)
    for place in range(files):
        yield (
            seed * 1_000_000 + place // len(platforms),
            platforms[place % len(platforms)],
            str(keep) if keep else None,
            EACH,
        )


def run(
    requests: int, seed: int, platforms: list[str], keep: Path | None, workers: int, minutes: float = float("inf")
) -> list[Verdict]:
    """Every verdict; workers are forked once and read file after file, until the minutes are over."""
    wanted = list(jobs(requests, seed, platforms, keep))
    end = time.monotonic() + 60 * minutes
    verdicts: list[Verdict] = []
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for found in pool.imap_unordered(_work, wanted, chunksize=4):
            verdicts += found
            if time.monotonic() > end:
                pool.terminate()
                break
    return verdicts


def rate(verdicts: Iterable[Verdict]) -> float:
    """Silent wrong figures per 10,000 requests."""
    counted = [each for each in verdicts if each.kind != "check"]
    return 10_000 * sum(each.outcome == SILENT for each in counted) / max(1, len(counted))


def table(verdicts: list[Verdict], of: str) -> list[str]:
    """Outcomes by platform, by kind or by habit, as Markdown."""
    groups: dict[str, Counter[str]] = {}
    for each in verdicts:
        names = sorted(each.habits) or ["none"] if of == "habit" else [getattr(each, of)]
        for name in names:
            groups.setdefault(name, Counter())[each.outcome] += 1
    lines = [f"| {of} | requests | {' | '.join(OUTCOMES)} | silent per 10,000 |", "|---" * 8 + "|"]
    for name, counts in sorted(groups.items(), key=lambda pair: (-pair[1][SILENT] / pair[1].total(), pair[0])):
        whole = counts.total()
        cells = " | ".join(str(counts[each]) for each in OUTCOMES)
        lines.append(f"| {name} | {whole} | {cells} | {10_000 * counts[SILENT] / whole:.0f} |")
    return lines


def distinct(verdicts: list[Verdict]) -> list[tuple[str, frozenset[str], list[Verdict]]]:
    """Failures put together: one of more habits belongs to one of fewer of them, if that fails alone."""
    found: dict[tuple[str, frozenset[str]], list[Verdict]] = {}
    wrong = sorted((each for each in verdicts if each.outcome in (SILENT, BROKEN)), key=lambda each: len(each.habits))
    for each in wrong:
        key = next((known for known in found if known[0] == each.outcome and known[1] and known[1] <= each.habits),
                   (each.outcome, each.habits))  # fmt: skip
        found.setdefault(key, []).append(each)
    ordered = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return [(ended, habits, held) for (ended, habits), held in ordered]


def report(verdicts: list[Verdict], seed: int, seconds: float) -> str:
    """What a person reads."""
    counts = Counter(each.outcome for each in verdicts)
    needless = sum(each.outcome == STOP and not each.habits for each in verdicts)
    lines = [
        "# The oracle of reading, naming and writing", "",
        f"Seed {seed}, {len(verdicts):,} requests of {len({(each.seed, each.platform) for each in verdicts}):,} files, "
        f"{seconds:.0f} seconds.",
        "", f"**Silent wrong figures per 10,000 requests: {rate(verdicts):.1f}**", "",
        ", ".join(f"{name} {counts[name]:,}" for name in OUTCOMES) + f"; stops where no habit is on {needless:,}.", "",
        "A request counts in the row of every habit that its columns or its file have.", "",
    ]  # fmt: skip
    for of in ("platform", "kind", "habit"):
        lines += [*table(verdicts, of), ""]
    return "\n".join(lines)


def failures(verdicts: list[Verdict]) -> str:
    """Each distinct failure with ones that can be made again, one of each kind of request."""
    lines = ["# Distinct failures, the most frequent first", ""]
    for ended, habits, held in distinct(verdicts):
        kinds, platforms = (Counter(getattr(each, of) for each in held).most_common() for of in ("kind", "platform"))
        lines += [
            f"## {len(held)} x {ended}: {', '.join(sorted(habits)) or 'no habit'}",
            f"- kinds: {', '.join(f'{name} {count}' for name, count in kinds)}",
            f"- platforms: {', '.join(f'{name} {count}' for name, count in platforms[:8])}",
        ]  # fmt: skip
        for kind, _ in kinds[:3]:
            one = min(
                (each for each in held if each.kind == kind), key=lambda each: (len(each.habits), len(each.words))
            )
            lines += [
                f"- `{one.words}` of `--survey {one.seed} --platform '{one.platform}'`",
                f"  - got: {one.got[:300]}", f"  - true: {one.true[:300]}",
            ]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--platform", action="append", help="only this platform; repeat it")
    parser.add_argument("--survey", type=int, help="only the file of this survey, every request shown")
    parser.add_argument("--keep", type=Path, help="a folder for the files of failures")
    parser.add_argument("--write", type=Path, help="a file for the tables")
    parser.add_argument("--failures", type=Path, help="a file for the distinct failures")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop then, and report what was asked")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--with-r", action="store_true", help="also what R's haven writes: SAS data sets")
    given = parser.parse_args()
    platforms = given.platform or [*PLATFORMS, *(BY_R if given.with_r else ())]
    if given.survey is not None:
        for platform in platforms:
            for each in file_verdicts(given.survey, platform, given.keep):
                print(json.dumps([each.outcome, each.kind, sorted(each.habits), each.words, each.got, each.true],
                                 ensure_ascii=False))  # fmt: skip
        return 0
    began = time.monotonic()
    verdicts = run(given.requests, given.seed, platforms, given.keep, given.workers, given.minutes)
    text = report(verdicts, given.seed, time.monotonic() - began)
    print(text)
    if given.write:
        given.write.write_text(text + "\n", encoding="utf-8")
    if given.failures:
        given.failures.write_text(failures(verdicts) + "\n", encoding="utf-8")
    return 1 if any(each.outcome in (SILENT, BROKEN) for each in verdicts) else 0


if __name__ == "__main__":
    raise SystemExit(main())
