"""Time to the first tables: surveytool against R's survey package, same file, same tables, same run.

    python tests/benchmarks/first_table.py [--runs 5]

Whole processes are timed, from start to exit; the answers are compared first.
Prints a markdown table with seconds, peak memory and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "iom_2023" / "transit.csv"
VARIABLES = [
    "social_media", "smartphone_internet", "tech_none", "tech_journey", "sm_use",
    "education", "travel_company", "phone_type", "internet_journey", "work_before",
]  # fmt: skip
BREAKDOWNS = ["sex", "age_group"]

R_SCRIPT = """
suppressMessages(library(survey))
args <- commandArgs(TRUE)
d <- read.csv(args[1], check.names = FALSE, na.strings = "", stringsAsFactors = TRUE)
des <- svydesign(id = ~1, weights = ~weight, data = d)
out <- list()
for (v in strsplit(args[2], ",")[[1]]) {
  f <- reformulate(v)
  m <- svymean(f, des, na.rm = TRUE)
  out[[length(out) + 1]] <- data.frame(variable = v, by = "", group = "",
    level = sub(v, "", names(coef(m)), fixed = TRUE), estimate = as.numeric(coef(m)), se = as.numeric(SE(m)))
  for (b in strsplit(args[3], ",")[[1]]) {
    r <- svyby(f, reformulate(b), des, svymean, na.rm = TRUE, keep.names = FALSE)
    g <- as.character(r[[b]]); k <- length(coef(r)) / length(g)
    out[[length(out) + 1]] <- data.frame(variable = v, by = b, group = rep(g, k),
      level = rep(sub(v, "", names(r)[1 + seq_len(k)], fixed = TRUE), each = length(g)),
      estimate = as.numeric(coef(r)), se = as.numeric(unlist(SE(r))))
  }
}
write.csv(do.call(rbind, out), args[4], row.names = FALSE)
"""


def measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of one process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}\n{child.stderr.read().decode() if child.stderr else ''}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def ours(target: Path) -> list[str]:
    by = [part for name in BREAKDOWNS for part in ("--by", name)]
    program = shutil.which("surveytool", path=str(Path(sys.executable).parent)) or "surveytool"
    return [program, "summarize", str(EXAMPLE), *VARIABLES, *by, "-w", "weight", "--overwrite", "-o", str(target)]


def check(json_file: Path, csv_file: Path) -> int:
    """Every number of R's against ours, 1e-9 relative; returns how many."""
    import csv

    rows = json.loads(json_file.read_text(encoding="utf-8"))["rows"]
    mine = {(r["variable"], *(next(iter(r["by"].items()), ("", ""))), r["level"]): r for r in rows}
    count = 0
    with csv_file.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = mine[row["variable"], row["by"], row["group"], row["level"]]
            for name in ("estimate", "se"):
                if abs(found[name] - float(row[name])) > 1e-9 * max(1.0, abs(float(row[name]))):
                    raise SystemExit(f"differs from R: {row} {found}")
                count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    if shutil.which("Rscript") is None:
        raise SystemExit("Rscript is not installed; install R with its survey package.")
    with tempfile.TemporaryDirectory() as folder:
        script, r_out, our_out = (Path(folder) / name for name in ("tables.R", "r.csv", "ours.json"))
        script.write_text(R_SCRIPT, encoding="utf-8")
        r_command = ["Rscript", str(script), str(EXAMPLE), ",".join(VARIABLES), ",".join(BREAKDOWNS), str(r_out)]
        commands = {"surveytool": ours(our_out), "R survey": r_command}
        for command in commands.values():
            measured(command)
        numbers = check(our_out, r_out)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(measured(command))
    paired = sorted(b / a for (a, _), (b, _) in zip(times["surveytool"], times["R survey"], strict=True))
    tables = len(VARIABLES) * (1 + len(BREAKDOWNS))
    print(f"{tables} tables from {EXAMPLE.name}, median of {runs} runs in turn; {numbers} numbers equal to 1e-9\n")
    print("| tool | seconds | fastest | memory MB |\n|---|---|---|---|")
    for name, each in times.items():
        median = sorted(seconds for seconds, _ in each)[len(each) // 2]
        memory = max(peak for _, peak in each)
        print(f"| {name} | {median:.2f} | {min(seconds for seconds, _ in each):.2f} | {memory:.0f} |")
    middle = paired[runs // 2]
    print(f"\nsurveytool is {middle:.1f} times faster (median of pairs; {paired[0]:.1f} to {paired[-1]:.1f}).")


if __name__ == "__main__":
    main()
