"""An SPSS file of 100,000 rows and 200 columns: reading it, a few of its columns and tables from it, against haven.

    python tests/benchmarks/spss.py --data /tmp/bench --write     # with surveytool[fast] and without; writes spss.md

Whole processes in turn, as in ``compare.py``; counts and sums of every column that
was read, and every estimate, are found equal first. The file is made where it is
missing: 190 questions of five labelled answers, weights, incomes and texts.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from compare import HERE, Times, equal, measured

ROWS, QUESTIONS, FEW = 100_000, 190, ("q1", "q50", "q100", "q150", "q190")
OFF = "import sys; sys.modules['readstat_arrow'] = None; import runpy; sys.argv = sys.argv[1:]; "


def make(path: Path) -> None:
    """Write the file; in a process of its own, whose memory would count as that of its later children."""
    import numpy as np
    import pandas as pd
    import pyreadstat

    rng = np.random.default_rng(5)
    columns: dict[str, object] = {"weight": np.round(rng.gamma(4, 0.25, ROWS) + 0.05, 6)}
    for place in range(1, QUESTIONS + 1):
        answers = rng.integers(1, 6, ROWS).astype(float)
        columns[f"q{place}"] = np.where(rng.random(ROWS) < 1 / 30, np.nan, answers)
    columns |= {f"income{place}": np.round(np.exp(rng.normal(6, 0.8, ROWS)), 2) for place in range(1, 5)}
    columns |= {f"town{place}": rng.choice(["Tijuana", "Tapachula", "México", ""], ROWS) for place in range(1, 6)}
    labels = {f"q{place}": {float(n): f"answer {n}" for n in range(1, 6)} for place in range(1, QUESTIONS + 1)}
    pyreadstat.write_sav(pd.DataFrame(columns), str(path), variable_value_labels=labels)


def same(mine: Path, other: Path) -> int:
    """How many counts and sums of columns agree; any that does not ends the run."""
    with mine.open(encoding="utf-8", newline="") as one, other.open(encoding="utf-8", newline="") as two:
        pairs = list(zip(csv.DictReader(one), csv.DictReader(two), strict=True))
    for a, b in pairs:
        near = abs(float(a["sum"]) - float(b["sum"])) <= 1e-9 * abs(float(b["sum"]))
        if (a["name"], a["count"]) != (b["name"], b["count"]) or not near:
            raise SystemExit(f"differs: {a} {b}")
    return 2 * len(pairs)


def cases(data: Path, folder: Path) -> dict[str, dict[str, list[str]]]:
    """For each task the commands that do it; the last word is where the answers go, the same for all of one tool."""
    read = str(HERE / "peers" / "by_surveytool.py")
    tables = ["surveytool", "summarize", str(data), *FEW, "-w", "weight", "--overwrite", "-o"]
    off = [sys.executable, "-c", f"{OFF}runpy.run_path(sys.argv[0], run_name='__main__')", read, str(data)]
    haven = ["Rscript", str(HERE / "peers" / "haven.R"), str(data)]
    by_r = ["Rscript", str(HERE / "peers" / "haven_tables.R"), str(data), ",".join(FEW)]
    convert = [sys.executable, "-m", "surveytool", "convert", str(data), str(folder / "spss.parquet"), "--overwrite"]
    return {
        "read all 200 columns": {
            "surveytool[fast]": [sys.executable, read, str(data), ""], "surveytool": [*off, ""],
            "haven": [*haven, ""]},
        "read 5 of 200 columns": {
            "surveytool": [sys.executable, read, str(data), ",".join(FEW)], "haven": [*haven, ",".join(FEW)]},
        "5 weighted tables": {"surveytool": [sys.executable, "-m", *tables], "haven and survey": by_r},
        "codebook": {"surveytool[fast]": [sys.executable, "-m", "surveytool", "codebook", str(data), "-o"]},
        "convert to Parquet": {"surveytool[fast]": convert},
    }  # fmt: skip


def outputs(task: str, command: list[str], out: Path, check: bool) -> list[str]:
    """The command with where its answers go: reading tells them only when they are checked."""
    if task.startswith("read"):
        return [*command, str(out) if check else ""]
    return [*command, str(out), "--overwrite"] if task == "codebook" else command if "convert" in task else [
        *command, str(out)]  # fmt: skip


def lines(task: str, commands: dict[str, list[str]], folder: Path, runs: int) -> list[str]:
    """One task's lines of the table."""
    checked = dict.fromkeys(commands, 0)
    first = next(iter(commands))
    for name, command in commands.items():
        out = folder / f"spss_{name.replace(' ', '_')}.csv"
        measured(outputs(task, command, out, check=True))
        if name != first:
            judge = equal if "tables" in task else same
            checked[name] = judge(folder / f"spss_{first}.csv", out)
    times = {name: Times() for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            wall, cpu, memory = measured(outputs(task, command, folder / "spss_timed.csv", check=False))
            times[name].wall.append(wall)
            times[name].cpu.append(cpu)
            times[name].memory = max(times[name].memory, memory)
    mine = times.pop(first)
    found = [f"| {task} | {first} | {min(mine.wall):.2f} |  | {min(mine.cpu):.2f} |  | {mine.memory:.0f} |  |"]
    for name, each in times.items():
        wall, cpu = min(each.wall), min(each.cpu)
        ratios = f"{wall / min(mine.wall):.1f}", f"{cpu / min(mine.cpu):.1f}"
        found.append(
            f"| {task} | {name} | {wall:.2f} | {ratios[0]} | {cpu:.2f} | {ratios[1]} | {each.memory:.0f} "
            f"| {checked[name]} |"
        )
    return found


def versions() -> str:
    asked = ["Rscript", "-e", 'cat("haven", as.character(packageVersion("haven")), "survey", '
             'as.character(packageVersion("survey")))']  # fmt: skip
    found = [subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()]
    for name in ("pyreadstat", "readstat-arrow"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("/tmp/surveytool_benchmarks"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write tests/benchmarks/spss.md")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    data = given.data / "spss200.sav"
    if not data.exists():
        command = f"from pathlib import Path; from spss import make; make(Path({str(data)!r}))"
        subprocess.run([sys.executable, "-c", command], check=True, cwd=HERE)
    text = [
        "# A .sav of 100,000 rows and 200 columns", "",
        "Whole processes from start to exit, the fastest of a few runs in turn; haven with `user_na = TRUE`, and with",
        "`col_select` for few columns. Every column's count and sum, or every estimate, was first found equal to 1e-9.",
        "",
        "| task | tool | seconds | times ours | CPU seconds | times ours | memory MB | equal numbers |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for task, commands in cases(data, given.data).items():
        text += lines(task, commands, given.data, given.runs)
        print(text[-1], flush=True)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    text += ["", f"{versions()}; Python {sys.version.split()[0]}; {os.cpu_count()} cores; load when it ended: {load}.",
             "", "`python tests/benchmarks/spss.py --write` measures it again.", ""]  # fmt: skip
    if given.write:
        (HERE / "spss.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
