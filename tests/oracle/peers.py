"""The same files and tables through other programs: R's haven and survey, and pyreadstat with svy.

    python tests/oracle/peers.py --surveys 20 --seed 1 --svy /path/to/a/python/that/has/svy

Both are asked what their users ask: the weighted shares of a labelled question and the weighted mean of a number,
with the labels that the file brings and no cleaning by hand. SPSS and Stata files only, as both read them.
A warning that they print counts as told; an error as a stop.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

import numpy as np  # noqa: E402
from oracle import expected  # noqa: E402
from oracle.ask import Asker  # noqa: E402
from oracle.judge import BROKEN, NOTED, OUTCOMES, RIGHT, SILENT, STOP  # noqa: E402
from oracle.platforms import PLATFORMS  # noqa: E402
from oracle.sheet import Column, Sheet  # noqa: E402
from oracle.tool import Book, Broken, Stopped  # noqa: E402
from oracle.truth import survey  # noqa: E402

READ = ("SPSS .sav", "SPSS .zsav", "Stata .dta", "DHS style")
R_SCRIPT = r"""
suppressMessages({library(haven); library(survey); library(jsonlite)})
jobs <- fromJSON(file("stdin"), simplifyVector = FALSE)
answers <- lapply(jobs, function(job) {
  told <- character()
  out <- tryCatch(withCallingHandlers({
    data <- if (grepl("dta$", job$path)) read_dta(job$path) else read_sav(job$path)
    lapply(job$asked, function(one) {
      tryCatch({
        x <- data[[one$column]]
        w <- as.numeric(data[[job$weights]])
        if (one$kind == "mean") {
          d <- svydesign(ids = ~1, weights = ~w, data = data.frame(x = as.numeric(x), w = w))
          list(figures = list(`a number` = as.numeric(coef(svymean(~x, d, na.rm = TRUE)))))
        } else {
          f <- as_factor(x)
          d <- svydesign(ids = ~1, weights = ~w, data = data.frame(f = f, w = w))
          found <- svymean(~f, d, na.rm = TRUE)
          list(figures = as.list(setNames(as.numeric(coef(found)), sub("^f", "", names(coef(found))))))
        }
      }, error = function(e) list(error = conditionMessage(e)))
    })
  }, warning = function(w) { told <<- c(told, conditionMessage(w)); invokeRestart("muffleWarning") }),
  error = function(e) list(list(error = conditionMessage(e))))
  list(answers = out, told = as.list(told))
})
cat(toJSON(answers, auto_unbox = TRUE, digits = 15))
"""
SVY_SCRIPT = r"""
import json, sys, warnings
import polars as pl, pyreadstat, svy
answers = []
for job in json.load(sys.stdin):
    told, out = [], []
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            read = pyreadstat.read_dta if job["path"].endswith("dta") else pyreadstat.read_sav
            frame, meta = read(job["path"], apply_value_formats=False, output_format="polars")
            labelled, _ = read(job["path"], apply_value_formats=True, output_format="polars")
            for one in job["asked"]:
                try:
                    source = frame if one["kind"] == "mean" else labelled
                    x = [None if v is None or v != v else v for v in source[one["column"]].to_list()]
                    x = [v if v is None else float(v) if one["kind"] == "mean" else str(v) for v in x]
                    data = pl.DataFrame({"x": x, "w": [float(v) for v in frame[job["weights"]].to_list()]})
                    sample = svy.Sample(data, svy.Design(wgt="w"))
                    kind = sample.estimation.mean if one["kind"] == "mean" else sample.estimation.prop
                    rows = kind("x", drop_nulls=True).to_dicts()
                    name = lambda row: "a number" if one["kind"] == "mean" else str(row["y_level"])
                    out.append({"figures": {name(row): row["est"] for row in rows}})
                except Exception as error:
                    out.append({"error": f"{type(error).__name__}: {error}"})
        except Exception as error:
            out = [{"error": f"{type(error).__name__}: {error}"}]
        told = [str(each.message) for each in seen]
    answers.append({"answers": out, "told": told})
print(json.dumps(answers))
"""


def files(surveys: int, seed: int, folder: Path) -> list[tuple[Path, Sheet]]:
    """The same files that surveytool is asked."""
    made = []
    for place in range(surveys):
        for platform in READ:
            own = folder / f"{place}-{platform.replace(' ', '')}"
            own.mkdir()
            number = seed * 1_000_000 + place
            rng = np.random.default_rng([number, crc32(platform.encode())])
            path, sheet = PLATFORMS[platform](survey(number), rng, own)
            if "blank weights" not in sheet.habits:
                made.append((path, sheet))
    return made


def asked(sheet: Sheet) -> list[tuple[str, Column]]:
    """Every labelled question and every number."""
    return [("mean" if each.kind == "number" else "table", each)
            for each in sheet.columns if each.kind in ("single", "number") and each.question]  # fmt: skip


def jobs(made: list[tuple[Path, Sheet]]) -> str:
    """What is asked, for the other program."""
    return json.dumps([
        {"path": str(path), "weights": sheet.weights,
         "asked": [{"kind": kind, "column": column.name} for kind, column in asked(sheet)]}
        for path, sheet in made
    ])  # fmt: skip


def judged(made: list[tuple[Path, Sheet]], answers: list[Any]) -> Counter[str]:
    """Outcomes of another program's answers."""
    counts: Counter[str] = Counter()
    for (path, sheet), answer in zip(made, answers, strict=True):
        asker = Asker(path, sheet, np.random.default_rng(0))
        wanted = asked(sheet)
        given = answer["answers"] if len(answer["answers"]) == len(wanted) else answer["answers"] * len(wanted)
        for (kind, column), one in zip(wanted, given, strict=True):
            if "error" in one:
                counts[STOP] += 1
            elif _right(asker, kind, column, one["figures"]):
                counts[RIGHT] += 1
            else:
                counts[NOTED if any(column.name in line for line in answer["told"]) else SILENT] += 1
    return counts


def _right(asker: Asker, kind: str, column: Column, figures: dict[str, float]) -> bool:
    """Whether figures by printed names are true; two answers of one name are one wrong one."""
    if kind == "mean":
        assert column.numbers is not None
        true = expected.mean(column.numbers, asker.everybody, asker.weights)
        return len(figures) == 1 and expected.close(float(next(iter(figures.values()))), true)
    found = {asker._token(column, _plain(name), None): float(value) for name, value in figures.items()}
    return any(expected.same(found, true) for true in asker._shares(column, asker.everybody))


def _plain(name: str) -> str:
    """A code as text, without the zero that a float brings."""
    return name.removesuffix(".0") if name.removesuffix(".0").lstrip("-").isdigit() else name


def ours(made: list[tuple[Path, Sheet]]) -> Counter[str]:
    """surveytool, asked the same tables and means."""
    counts: Counter[str] = Counter()
    for path, sheet in made:
        asker = Asker(path, sheet, np.random.default_rng(0))
        try:
            asker.book = Book(path, sheet.weights)
        except (Stopped, Broken) as error:
            counts[STOP if isinstance(error, Stopped) else BROKEN] += len(asked(sheet))
            continue
        for kind, column in asked(sheet):
            stat = "mean" if kind == "mean" else "proportion"
            truths = asker._shares(column, asker.everybody) if kind == "table" else []
            if kind == "mean":
                assert column.numbers is not None
                true: expected.Figures = {"a number": expected.mean(column.numbers, asker.everybody, asker.weights)}
                truths = [true]
            verdict = asker._judge(kind, "", [column], truths, partial(asker._asked, column, stat=stat))
            counts[verdict.outcome] += 1
    return counts


def ask(command: list[str], text: str) -> list[Any]:
    """Another program's answers."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=1800)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def line(name: str, counts: Counter[str]) -> str:
    """A row of the table."""
    whole = max(1, counts.total())
    cells = " | ".join(str(counts[each]) for each in OUTCOMES)
    return f"| {name} | {whole} | {cells} | {10_000 * counts[SILENT] / whole:.0f} |"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--surveys", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--svy", default="", help="a Python that has svy and pyreadstat")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peers") as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = files(given.surveys, given.seed, Path(place))
        text = jobs(made)
        print(f"Seed {given.seed}, {len(made)} SPSS and Stata files, the same tables and means of each.\n")
        print(f"| program | requests | {' | '.join(OUTCOMES)} | silent per 10,000 |\n{'|---' * 8}|")
        print(line("surveytool", ours(made)))
        if shutil.which("Rscript"):
            print(line("haven + R survey", judged(made, ask(["Rscript", "-e", R_SCRIPT], text))))
        if given.svy:
            print(line("pyreadstat + svy", judged(made, ask([given.svy, "-c", SVY_SCRIPT], text))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
