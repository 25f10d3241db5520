"""surveytool against every peer that is installed: same file, same tables, equal answers first, then time and memory.

    python tests/benchmarks/compare.py --data /tmp/bench --peers /tmp/peers/bin/python --write

Whole processes are run in turn, ours and each peer's, so that both meet the same
noise; the ratio is that of the fastest runs. CPU seconds stand beside the clock's,
because they say more on a machine that is shared. Data are generated where they
are missing, outside of the project. R needs its survey package (and haven for
.sav); svy, samplics and pandas are taken from the Python that ``--peers`` names.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
QUESTIONS = [f"q{place}" for place in range(1, 13)]
EXAMPLE = [
    "social_media", "smartphone_internet", "tech_none", "tech_journey", "sm_use",
    "education", "travel_company", "phone_type", "internet_journey", "work_before",
]  # fmt: skip
BREAKDOWNS = ["sex", "age_group"]
# estimates and errors alone; with the intervals and design effects that our tables have
R_SCRIPTS = {"R survey": "survey.R", "R survey, whole tables": "survey_whole.R"}
EARLIER = "## Before and after"
MEASURES = {"estimate": 1e-9, "se": 1e-9, "deff": 1e-9, "ci_low": 1e-7, "ci_high": 1e-7}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One comparison: a file, how it is made, its design, who is compared and how often."""

    name: str
    file: str
    made: tuple[str, ...] = ()
    questions: tuple[str, ...] = tuple(QUESTIONS)
    design: str = "cluster"
    peers: tuple[str, ...] = ()
    runs: int = 3

    @property
    def tables(self) -> int:
        return len(self.questions) * (1 + len(BREAKDOWNS))


@dataclass
class Times:
    """Clock and CPU seconds and memory of every run."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0


CASES = (
    Case(name="531 rows, csv", file="@transit.csv", questions=tuple(EXAMPLE), design="weights",
         peers=("R survey", "R survey, whole tables"), runs=5),
    Case(name="531 rows, sav", file="@transit.sav", questions=tuple(EXAMPLE), design="weights",
         peers=("R survey", "R survey, whole tables"), runs=5),
    Case(name="100,000 rows, csv, 1,000 PSUs", file="k100.csv", made=("--rows", "100000", "--psus", "1000"),
         peers=("R survey", "R survey, whole tables", "svy", "samplics")),
    Case(name="3.3 million rows, Parquet, 4,000 PSUs", file="m3.parquet", made=("--rows", "3300000", "--psus", "4000"),
         peers=("svy", "pandas, no variance")),
    Case(name="3.3 million rows, Parquet, 40,000 PSUs", file="m3_40k.parquet",
         made=("--rows", "3300000", "--psus", "40000"), peers=()),
    Case(name="1 million rows, Parquet, 80 replicate weights", file="rep80.parquet", design="replicates",
         made=("--rows", "1000000", "--psus", "4000", "--replicates", "80"), questions=("q1", "q2"),
         peers=("svy",), runs=2),
    Case(name="1 million rows, Parquet, 80 replicate weights", file="rep80.parquet", design="replicates",
         made=("--rows", "1000000", "--psus", "4000", "--replicates", "80"), peers=("svy",), runs=2),
    Case(name="30 million rows, Parquet, 4,000 PSUs", file="m30.parquet", made=("--rows", "30000000", "--psus", "4000"),
         peers=(), runs=1),
)  # fmt: skip


def measured(command: list[str]) -> tuple[float, float, float]:
    """Clock seconds, CPU seconds and peak memory (MB) of one process, its children's CPU included."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": "/tmp/surveytool_pyc"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    errors = child.stderr.read().decode() if child.stderr else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}\n{errors[-2000:]}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ours(case: Case, data: Path, out: Path, *more: str) -> list[str]:
    by = [part for name in BREAKDOWNS for part in ("--by", name)]
    design = ["-w", "weight"]
    if case.design == "cluster":
        design += ["--strata", "stratum", "--psu", "psu"]
    if case.design == "replicates":
        design += ["--replicate-weights", "rw*", "--replicate-method", "brr"]
    command = [sys.executable, "-m", "surveytool", "summarize", str(data), *case.questions, *by, *design]
    return [*command, *more, "--overwrite", "-o", str(out)]


def theirs(peer: str, case: Case, data: Path, out: Path, python: str) -> list[str]:
    given = [str(data), ",".join(case.questions), ",".join(BREAKDOWNS), str(out), case.design]
    if peer in R_SCRIPTS:
        return ["Rscript", str(HERE / "peers" / R_SCRIPTS[peer]), *given]
    script = {"svy": "by_svy.py", "samplics": "by_samplics.py", "pandas, no variance": "by_pandas.py"}[peer]
    return [python, str(HERE / "peers" / script), *given]


def installed(peer: str, python: str) -> str | None:
    """A peer's version, None where it is not there."""
    if peer in R_SCRIPTS:
        asked = ["Rscript", "-e", 'cat(as.character(packageVersion("survey")))']
        if shutil.which("Rscript") is None:
            return None
    else:
        name = peer.partition(",")[0]
        asked = [python, "-W", "ignore", "-c", f"import importlib.metadata as m; print(m.version({name!r}))"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def equal(mine: Path, other: Path) -> int:
    """How many of a peer's numbers are ours to 1e-9 (limits, which R iterates, to 1e-7); any other ends the run.

    Limits of shares of 0 and 1 are left out: R's logit has none there, ours is of another method and says so.
    """
    with mine.open(encoding="utf-8", newline="") as file:
        rows = {}
        for row in csv.DictReader(file):
            by = next(((name, row[f"by_{name}"]) for name in BREAKDOWNS if row.get(f"by_{name}")), ("", ""))
            rows[row["variable"], *by, row["level"]] = row
    count = 0
    with other.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = rows[row["variable"], row["by"], row["group"], row["level"]]
            for name, tolerance in MEASURES.items():
                if row.get(name, "NA") == "NA" or (name.startswith("ci") and float(row["se"]) < 1e-12):
                    continue
                ours, their = float(found[name]), float(row[name])
                if abs(ours - their) > tolerance * max(abs(their), 1e-3):
                    raise SystemExit(f"differs: {row} {found}")
                count += 1
    return count


def data_of(case: Case, folder: Path) -> Path:
    """The case's file, generated where it is not there yet."""
    if case.file.startswith("@"):
        return ROOT / "examples" / "iom_2023" / case.file[1:]
    path = folder / case.file
    if not path.exists():
        subprocess.run([sys.executable, str(HERE / "generate.py"), str(path), *case.made], check=True)
    return path


def _short(peer: str) -> str:
    return "".join(each for each in peer if each.isalnum())


def timed(case: Case, folder: Path, python: str, runs: int | None) -> tuple[dict[str, Times], dict[str, int]]:
    """Every tool's times in one case, and how many of a peer's numbers are ours."""
    data, out = data_of(case, folder), folder / "ours.csv"
    peers = [peer for peer in case.peers if installed(peer, python)]
    commands = {"surveytool": ours(case, data, out)}
    commands |= {peer: theirs(peer, case, data, folder / f"{_short(peer)}.csv", python) for peer in peers}
    times = {name: Times() for name in commands}
    numbers = dict.fromkeys(commands, 0)
    asked = folder / "asked.csv"
    measured(ours(case, data, asked, "--ci", "logit"))
    for turn in range(runs or case.runs):
        for name, command in commands.items():
            wall, cpu, memory = measured(command)
            times[name].wall.append(wall)
            times[name].cpu.append(cpu)
            times[name].memory = max(times[name].memory, memory)
            if turn == 0 and name != "surveytool":
                numbers[name] = equal(asked, folder / f"{_short(name)}.csv")
    return times, numbers


def lines_of(case: Case, times: dict[str, Times], numbers: dict[str, int]) -> list[str]:
    """One case's lines of the table."""
    lines = []
    mine = times["surveytool"]
    for name, each in times.items():
        wall, cpu = min(each.wall), min(each.cpu)
        lines.append(
            f"| {case.name} | {case.tables} | {name} | {wall:.2f} | {ratio(name, wall, min(mine.wall))} | {cpu:.2f} "
            f"| {ratio(name, cpu, min(mine.cpu))} | {each.memory:.0f} | {numbers[name] or ''} |"
        )
    return lines


def further(found: dict[Case, dict[str, Times]]) -> list[str]:
    """What a further table costs, where one file was asked for few tables and for many: the slope between the two."""
    lines = []
    for few, many in product(found, found):
        if (few.file, few.design) == (many.file, many.design) and few.tables < many.tables:
            before, after, more = found[few], found[many], many.tables - few.tables
            mine = slope(before["surveytool"], after["surveytool"], more)
            for name in before:
                own = slope(before[name], after[name], more)
                cells = [part for a, b in zip(own, mine, strict=True) for part in (f"{a:.3f}", ratio(name, a, b))]
                lines.append(f"| {few.name} | {few.tables} to {many.tables} | {name} | {' | '.join(cells)} |")
    return lines


def slope(before: Times, after: Times, more: int) -> tuple[float, float]:
    """Clock and CPU seconds a further table."""
    return (min(after.wall) - min(before.wall)) / more, (min(after.cpu) - min(before.cpu)) / more


def ratio(name: str, theirs: float, mine: float) -> str:
    """How many times ours a peer's cost is; nothing beside ours, or where noise is larger than the cost."""
    return "" if name == "surveytool" or mine <= 0 else f"{theirs / mine:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("/tmp/surveytool_benchmarks"))
    parser.add_argument("--peers", default=sys.executable, help="the Python that has svy, samplics and pandas")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--runs", type=int, default=None)
    parser.add_argument("--write", action="store_true", help="write tests/benchmarks/results.md")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    lines = [
        "| data | tables | tool | seconds | times ours | CPU seconds | times ours | memory MB | equal numbers |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    found = {}
    for case in CASES:
        if given.only in case.name:
            found[case], numbers = timed(case, given.data, given.peers, given.runs)
            lines += lines_of(case, found[case], numbers)
            print("\n".join(lines[-len(numbers) :]), flush=True)
    slopes = [
        "", "What a further table costs: the slope between a run of few tables and one of many.", "",
        "| data | tables | tool | seconds a table | times ours | CPU seconds a table | times ours |",
        "|---|---|---|---|---|---|---|", *further(found),
    ]  # fmt: skip
    names = ("R survey", "svy", "samplics", "pandas, no variance")
    versions = [f"{name.partition(',')[0]} {found}" for name in names if (found := installed(name, given.peers))]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    text = "\n".join([
        "# surveytool and its peers", "",
        "Weighted percentages with standard errors (pandas: without), whole processes from start to exit, the",
        "fastest of a few runs in turn. The numbers of each peer were first found equal to 1e-9 (R's limits to 1e-7).",
        "Ours has intervals, design effects and bases in each run; `R survey` alone has estimates and errors,",
        "`R survey, whole tables` has logit intervals and design effects too.", "", *lines, *slopes, "",
        f"{', '.join(versions)}; Python {sys.version.split()[0]}; {os.cpu_count()} cores; load when it ended: {load}.",
        "", "`python tests/benchmarks/compare.py --peers PYTHON --write` measures it again.", "",
    ])  # fmt: skip
    if given.write:
        kept = (HERE / "results.md").read_text(encoding="utf-8").partition(EARLIER)  # comparisons of two states stay
        (HERE / "results.md").write_text("\n".join([text, *kept[1:]]) if kept[1] else text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
