"""What the gate costs: a study of 40 tables from a csv to printed tables, with and without, in processor time.

    python tests/benchmarks/gate.py [ROWS]...

prints a line a size and writes ``gate.md`` beside this file. The optimiser
(choosing what else to withhold) is timed apart: it is as long as the tables are thorny.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

import surveytool.disclosure_control.passed_tables as gate
from surveytool.disclosure_control import Protection, guard
from surveytool.estimate.result import Results
from surveytool.reading import read
from surveytool.render import render
from surveytool.survey import Design, Request
from surveytool.table import report
from surveytool.tabulation import tabulate
from surveytool.text import words

TABLES, TIMES = 40, 3


def data(folder: Path, rows: int) -> Path:
    """40 questions with four answers, three breakdowns, 60 PSUs, weights."""
    random = np.random.default_rng(1)
    columns: dict[str, list[str]] = {}
    for place in range(TABLES):
        codes = random.choice(4, size=rows, p=random.dirichlet(np.full(4, 2.0)))
        columns[f"q{place}"] = ["" if gap else f"answer {c}" for c, gap in zip(codes, random.random(rows) < 0.02)]  # noqa: B905
    for name, many in (("sex", 2), ("age", 5), ("nationality", 8)):
        codes = random.choice(many, size=rows, p=random.dirichlet(np.full(many, 2.0)))
        columns[name] = [f"{name} {code}" for code in codes]
    columns["psu"] = [f"psu {code}" for code in random.integers(0, 60, rows)]
    columns["w"] = [f"{weight:.4f}" for weight in random.uniform(0.5, 2.0, rows)]
    path = folder / f"study{rows}.csv"
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def study(path: Path, *, protected: bool) -> tuple[float, Results]:
    """Processor seconds from the file to the printed tables."""
    start = process_time()
    survey = read(path, design=Design(weights="w", psu=("psu",)))
    if protected:
        survey = guard(survey, Protection(active=True, seconds=60))
    by = (("sex",), ("age",), ("nationality",))
    results = tabulate(survey, [Request(variable=f"q{place}", by=by) for place in range(TABLES)])
    render(report(results, words("en")), "terminal", words("en"))
    return process_time() - start, results


def measured(path: Path) -> tuple[float, float, float, int, int]:
    """Seconds without the gate, with it (the optimiser apart), of the optimiser; figures, and those withheld."""
    real, spent = gate.choose, [0.0]

    def timed(*values: Any, **named: Any) -> Any:
        start = process_time()
        made = real(*values, **named)
        spent[0] += process_time() - start
        return made

    gate.choose = timed
    study(path, protected=True)
    plain = min(study(path, protected=False)[0] for _ in range(TIMES))
    best, optimiser = float("inf"), 0.0
    for _ in range(TIMES):
        spent[0] = 0.0
        seconds, results = study(path, protected=True)
        if seconds - spent[0] < best:
            best, optimiser = seconds - spent[0], spent[0]
    rows = [row for each in results.estimates for row in each.rows]
    return plain, best, optimiser, len(rows), sum(row.flag == "suppressed" for row in rows)


def command(path: Path) -> float:
    """Processor seconds of the whole command without the gate, as a user runs it."""
    asked = [f"q{place}" for place in range(TABLES)]
    by = [text for name in ("sex", "age", "nationality") for text in ("--by", name)]
    words_ = [sys.executable, "-m", "surveytool", "summarize", str(path), *asked, *by, "-w", "w", "--psu", "psu"]
    found = []
    for _ in range(TIMES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words_, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def main(sizes: list[int]) -> None:
    lines = []
    with TemporaryDirectory() as folder:
        for rows in sizes:
            path = data(Path(folder), rows)
            plain, with_gate, optimiser, figures, withheld = measured(path)
            whole = command(path)
            lines.append(
                f"| {rows:,} | {whole:.2f} | {plain:.2f} | {with_gate:.2f} | {(with_gate - plain) / whole:.1%} "
                f"| {with_gate / plain - 1:.1%} | {optimiser:.2f} | {withheld} of {figures:,} |"
            )
            print(lines[-1], flush=True)
    text = f"""# What the gate costs

A study of {TABLES} tables by sex, age and nationality with weights and PSUs: read from a csv, computed, arranged and
printed ("study"), and the whole command without the gate as a user runs it. Processor seconds, best of {TIMES}; the
optimiser is timed apart.

| respondents | command | study in it | with the gate | more of command | more of study | optimiser | withheld |
|---:|---:|---:|---:|---:|---:|---:|---:|
{chr(10).join(lines)}

Made by `python tests/benchmarks/gate.py {" ".join(map(str, sizes))}`.
"""
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [531, 2000, 20000])
