"""Random designs and requests, answered by R's survey package in one batch and by surveytool.

python tests/golden/live.py [DESIGNS] [SEED]     # prints how many numbers agree
"""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import surveytool as st
from surveytool.errors import UnusableDesign

R = """
suppressMessages(library(survey))
args <- commandArgs(TRUE)
spec <- read.csv(args[1], stringsAsFactors = FALSE, na.strings = "-")
out <- list()
num <- function(x) as.numeric(unlist(x))
one <- function(m) data.frame(level = "", g = "", e = num(coef(m)), s = num(SE(m)))
levels_of <- function(m) data.frame(level = sub("^c", "", names(coef(m))), g = "", e = num(coef(m)), s = num(SE(m)))
groups <- function(m, v) {
  n <- nrow(m)
  lev <- if (v == "") "" else sub(paste0("^", v), "", names(m)[2:(1 + length(coef(m)) / n)])
  data.frame(level = rep(lev, each = n), g = rep(as.character(m$g), length(lev)), e = num(coef(m)), s = num(SE(m)))
}
for (i in seq_len(nrow(spec))) {
  s <- spec[i, ]
  d <- read.csv(s$file, stringsAsFactors = TRUE, na.strings = "")
  f <- function(x) if (is.na(x)) NULL else as.formula(x)
  options(survey.lonely.psu = s$lonely)
  des <- tryCatch(svydesign(id = as.formula(s$id), strata = f(s$strata), weights = ~w, fpc = f(s$fpc), data = d,
    nest = TRUE), error = function(e) NULL)
  if (is.null(des)) next
  if (s$where == "yes") des <- subset(des, dom == "in")
  for (k in c("mean", "total", "ratio", "prop", "count", "bymean", "byprop")) {
    r <- tryCatch({
      if (k == "mean") one(svymean(~y, des, na.rm = TRUE))
      else if (k == "total") one(svytotal(~y, des, na.rm = TRUE))
      else if (k == "ratio") one(svyratio(~y, ~x, des, na.rm = TRUE))
      else if (k == "prop") levels_of(svymean(~c, des, na.rm = TRUE))
      else if (k == "count") levels_of(svytotal(~c, des, na.rm = TRUE))
      else if (k == "bymean") groups(svyby(~y, ~g, des, svymean, na.rm = TRUE), "")
      else groups(svyby(~c, ~g, des, svymean, na.rm = TRUE), "c")
    }, error = function(e) data.frame(level = "error", g = conditionMessage(e), e = NA, s = NA))
    r$case <- s$case; r$kind <- k; out[[length(out) + 1]] <- r
  }
}
write.csv(do.call(rbind, out), args[2], row.names = FALSE, na = "NA")
"""

KINDS = {"mean": ("y", "mean", ()), "total": ("y", "total", ()), "ratio": ("y", "ratio:x", ()),
         "prop": ("c", "proportion", ()), "count": ("c", "total", ()),
         "bymean": ("y", "mean", ("g",)), "byprop": ("c", "proportion", ("g",))}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A drawn design: its rows, how R and surveytool are told of it."""

    number: int
    rows: list[dict[str, object]]
    shape: str
    lonely: str
    where: bool

    def design(self) -> st.Design:
        psu = {"element": (), "strata": ()}.get(self.shape, ("p", "q") if "two" in self.shape else ("p",))
        strata = "h" if self.shape in ("strata", "clusters", "two-stage") else None
        fpc = {"two-stage": ("n1", "n2"), "two-fraction": ("f1", "f2"), "fpc": ("n1",)}.get(self.shape, ())
        return st.Design(weights="w", strata=strata, psu=psu, fpc=fpc, lonely_psu=self.lonely)  # type: ignore[arg-type]

    def told_r(self, file: Path) -> list[object]:
        design = self.design()
        identifier = "~" + ("+".join(design.psu) or "1")
        strata = f"~{design.strata}" if design.strata else "-"
        fpc = "~" + "+".join(design.fpc) if design.fpc else "-"
        return [self.number, file, identifier, strata, fpc, self.lonely, "yes" if self.where else "no"]


def draw(number: int, dice: random.Random) -> Case:
    """One design with its respondents; strata sometimes have one PSU, groups sometimes nobody."""
    shape = dice.choice(["element", "strata", "clusters", "fpc", "two-stage", "two-fraction"])
    lonely = dice.choice(["fail", "remove", "certainty", "adjust", "average"])
    strata = dice.randint(1, 5) if shape in ("strata", "clusters", "two-stage") else 1
    missing = dice.choice([0.0, 0.1])
    rows: list[dict[str, object]] = []
    psus = {h: 1 if dice.random() < 0.12 and strata > 1 else dice.randint(2, 6) for h in range(strata)}
    total = sum(psus.values())
    for h, count in psus.items():
        for p in range(count):
            seconds = dice.randint(2, 4)
            for q in range(seconds):
                for _ in range(dice.randint(1, 4)):
                    y = None if dice.random() < missing else round(dice.gauss(50 + 5 * p, 20), 3)
                    n1 = (count if strata > 1 else total) * 3 + h
                    rows.append({
                        "h": f"s{h}", "p": p, "q": q, "w": round(dice.uniform(0.5, 9), 3),
                        "y": y, "x": round(dice.uniform(5, 9), 3),
                        "c": None if dice.random() < missing else dice.choice("abc"), "g": dice.choice("uvw"),
                        "dom": dice.choice(["in", "in", "out"]), "n1": n1, "n2": seconds * 2 + 1,
                        "f1": 0.25, "f2": 0.5,
                    })  # fmt: skip
    return Case(number, rows, shape, lonely if shape != "element" else "fail", dice.random() < 0.4)


def compare(designs: int, seed: int) -> tuple[int, list[str]]:
    """Numbers that agree to 1e-9 and what differs."""
    dice = random.Random(seed)
    cases = [draw(number, dice) for number in range(designs)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = _ask_r(cases, folder)
        agreed, wrong = 0, []
        for case in cases:
            survey = st.read(folder / f"{case.number}.csv", design=case.design(), kinds={"y": "number", "x": "number"})
            for kind in KINDS:
                for good, text in _one(case, kind, survey, theirs.get((case.number, kind), [])):
                    agreed += good
                    wrong += [] if good else [text]
    return agreed, wrong


def _ask_r(cases: list[Case], folder: Path) -> dict[tuple[int, str], list[dict[str, str]]]:
    told = []
    for case in cases:
        file = folder / f"{case.number}.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(case.rows[0]))
            writer.writeheader()
            writer.writerows(case.rows)
        told.append(case.told_r(file))
    with (folder / "spec.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["case", "file", "id", "strata", "fpc", "lonely", "where"], *told])
    (folder / "ask.R").write_text(R, encoding="utf-8")
    command = ["Rscript", str(folder / "ask.R"), str(folder / "spec.csv"), str(folder / "out.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    found: dict[tuple[int, str], list[dict[str, str]]] = {}
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file_in:
        for row in csv.DictReader(file_in):
            found.setdefault((int(row["case"]), row["kind"]), []).append(row)
    return found


def _one(case: Case, kind: str, survey: st.Survey, theirs: list[dict[str, str]]) -> Iterator[tuple[bool, str]]:
    variable, stat, by = KINDS[kind]
    about = f"{case.number} {case.shape} {case.lonely} where={case.where} {kind}"
    try:
        rows = st.summarize(
            survey, variable, by=by, stat=stat, total=not by, where="dom == 'in'" if case.where else None
        ).rows
    except UnusableDesign:
        refused = all(row["level"] == "error" for row in theirs)
        if not refused and not by:  # R refuses group by group, surveytool the table
            yield False, f"{about}: refused here, answered by R"
        return
    ours = {(row.level or "", row.by.get("g", "")): row for row in rows}
    for row in theirs:
        if row["level"] == "error":
            if not any(each.n == 0 for each in rows):  # R stops where a group has missing answers only
                yield False, f"{about}: refused by R ({row['g']}), answered here"
            continue
        found = ours.get((row["level"], row["g"]))
        if found is None or found.estimate is None:
            continue  # R's zeros and NaN for groups without respondents
        yield _close(found.estimate, row["e"]), f"{about} {row}: {found.estimate}"
        yield _close(found.se, row["s"], abs(found.estimate)), f"{about} {row}: se {found.se}"


def _close(ours: float | None, theirs: str, size: float = 0.0) -> bool:
    if theirs in ("NA", "NaN", "Inf"):
        return ours is None
    number = float(theirs)
    return ours is not None and abs(ours - number) <= 1e-9 * abs(number) + 1e-12 * max(size, 1e-3)


def available() -> str:
    """Why R cannot be asked; empty where it can."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    asked = subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else "R's survey package is not installed"


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    same, differing = compare(count, chosen)
    print(f"seed {chosen}: {same} numbers agree, {len(differing)} differ")
    print("\n".join(differing[:20]))
