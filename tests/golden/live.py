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
from typing import Any

import surveytool as st
from surveytool.errors import SurveytoolError, UnusableDesign
from surveytool.estimate.compare import Comparison
from surveytool.model import Specification, fit
from surveytool.run import compare as compare_groups

R = """
suppressMessages(library(survey))
args <- commandArgs(TRUE)
spec <- read.csv(args[1], stringsAsFactors = FALSE, na.strings = "-")
out <- list()
num <- function(x) as.numeric(unlist(x))
frame <- function(level, g, e, s, lo = NA, hi = NA) data.frame(level = level, g = g, e = e, s = s, lo = lo, hi = hi)
one <- function(m) frame("", "", num(coef(m)), num(SE(m)))
levels_of <- function(m) frame(sub("^c", "", names(coef(m))), "", num(coef(m)), num(SE(m)))
groups <- function(m, v) {
  n <- nrow(m)
  lev <- if (v == "") "" else sub(paste0("^", v), "", names(m)[2:(1 + length(coef(m)) / n)])
  frame(rep(lev, each = n), rep(as.character(m$g), length(lev)), num(coef(m)), num(SE(m)))
}
share <- function(method, des) {
  d <- subset(des, !is.na(c))
  r <- svyciprop(~I(c == "a"), d, method = method, df = degf(d))
  frame("a", "", num(r), num(SE(svymean(~I(c == "a"), d)))[2], attr(r, "ci")[[1]], attr(r, "ci")[[2]])
}
quant <- function(rule, des) {
  d <- subset(des, !is.na(y))
  q <- svyquantile(~y, d, c(0.25, 0.5, 0.9), qrule = rule, df = degf(d))[[1]]
  frame(c("p25", "p50", "p90"), "", q[, 1], q[, 4], q[, 2], q[, 3])
}
test <- function(r, p1 = NA, p2 = NA) frame("", "", num(r$statistic), num(r$p.value), p1, p2)
chisq <- function(kind, des) {
  r <- svychisq(~c + g, subset(des, !is.na(c)), statistic = kind)
  test(r, num(r$parameter)[1], num(r$parameter)[2])
}
model <- function(f, fam, des) {
  m <- svyglm(f, des, family = fam, control = glm.control(epsilon = 1e-15, maxit = 200))
  ci <- confint(m)
  frame(names(coef(m)), "", num(coef(m)), num(SE(m)), ci[, 1], ci[, 2])
}
ask <- function(k, des) switch(k,
  mean = one(svymean(~y, des, na.rm = TRUE)),
  total = one(svytotal(~y, des, na.rm = TRUE)),
  ratio = one(svyratio(~y, ~x, des, na.rm = TRUE)),
  prop = levels_of(svymean(~c, des, na.rm = TRUE)),
  count = levels_of(svytotal(~c, des, na.rm = TRUE)),
  bymean = groups(svyby(~y, ~g, des, svymean, na.rm = TRUE), ""),
  byprop = groups(svyby(~c, ~g, des, svymean, na.rm = TRUE), "c"),
  logit = share(if (inherits(des, "svyrep.design")) "logit" else "xlogit", des), beta = share("beta", des), arcsine = share("asin", des),
  quantile_math = quant("math", des), quantile_hf7 = quant("hf7", des),
  chisq_f = chisq("F", des), chisq_first = chisq("Chisq", des),
  chisq_wald = chisq("Wald", des), chisq_adjusted = chisq("adjWald", des),
  t = { r <- svyttest(y ~ b, subset(des, !is.na(y))); frame("", "", num(r$estimate), num(r$p.value), num(r$conf.int[1]), num(r$conf.int[2])) },
  rank = { r <- svyranktest(y ~ b, subset(des, !is.na(y))); frame("", "", num(r$estimate), num(r$p.value)) },
  rank_groups = { r <- svyranktest(y ~ g, subset(des, !is.na(y))); frame("", "", num(r$parameter) / num(r$statistic), num(r$p.value)) },
  linear = model(y ~ x + g, gaussian(), subset(des, !is.na(y))),
  logistic = model(I(c == "a") ~ x, quasibinomial(), subset(des, !is.na(c))))
for (i in seq_len(nrow(spec))) {
  s <- spec[i, ]
  d <- read.csv(s$file, stringsAsFactors = TRUE, na.strings = "")
  f <- function(x) if (is.na(x)) NULL else as.formula(x)
  options(survey.lonely.psu = s$lonely)
  des <- tryCatch(if (s$id == "replicates") svrepdesign(data = d, weights = ~w, repweights = "^r[0-9]+$",
      type = "other", scale = 0.3, rscales = 1, combined.weights = TRUE)
    else svydesign(id = as.formula(s$id), strata = f(s$strata), weights = ~w, fpc = f(s$fpc), data = d, nest = TRUE),
    error = function(e) NULL)
  if (is.null(des)) next
  if (s$where == "yes") des <- subset(des, dom == "in")
  for (k in strsplit(args[3], ",")[[1]]) {
    r <- tryCatch(suppressWarnings(ask(k, des)),
      error = function(e) frame("error", conditionMessage(e), NA, NA))
    r$case <- s$case; r$kind <- k; out[[length(out) + 1]] <- r
  }
}
write.csv(do.call(rbind, out), args[2], row.names = FALSE, na = "NA")
"""

KINDS = {"mean": ("y", "mean", ()), "total": ("y", "total", ()), "ratio": ("y", "ratio:x", ()),
         "prop": ("c", "proportion", ()), "count": ("c", "total", ()),
         "bymean": ("y", "mean", ("g",)), "byprop": ("c", "proportion", ("g",))}  # fmt: skip
INTERVALS = ("logit", "beta", "arcsine")
QUANTILES = {"quantile_math": "math", "quantile_hf7": "hf7"}
TESTS = {"chisq_f": ("c", "g", "rao-scott-f"), "chisq_first": ("c", "g", "rao-scott-chisq"),
         "chisq_wald": ("c", "g", "wald"), "chisq_adjusted": ("c", "g", "adjusted-wald"),
         "t": ("y", "b", "t"), "rank": ("y", "b", "rank"), "rank_groups": ("y", "g", "rank")}  # fmt: skip
MODELS = {"linear": ("y ~ x + g", "linear"), "logistic": ("c == 'a' ~ x", "logistic")}
ALL = (*KINDS, *INTERVALS, *QUANTILES, *TESTS, *MODELS)


@dataclass(frozen=True)
class Case:
    """A drawn design: its rows, how R and surveytool are told of it."""

    number: int
    rows: list[dict[str, object]]
    shape: str
    lonely: str
    where: bool

    def design(self) -> st.Design:
        if self.shape == "replicates":
            given = st.Replicates(columns=("r*",), method="other", scale=0.3, rscales=(1.0,), combined=True)
            return st.Design(weights="w", replicates=given)
        psu = {"element": (), "strata": ()}.get(self.shape, ("p", "q") if "two" in self.shape else ("p",))
        strata = "h" if self.shape in ("strata", "clusters", "two-stage") else None
        fpc = {"two-stage": ("n1", "n2"), "two-fraction": ("f1", "f2"), "fpc": ("n1",)}.get(self.shape, ())
        return st.Design(weights="w", strata=strata, psu=psu, fpc=fpc, lonely_psu=self.lonely)  # type: ignore[arg-type]

    def told_r(self, file: Path) -> list[object]:
        design = self.design()
        if self.shape == "replicates":
            return [self.number, file, "replicates", "-", "-", self.lonely, "yes" if self.where else "no"]
        identifier = "~" + ("+".join(design.psu) or "1")
        strata = f"~{design.strata}" if design.strata else "-"
        fpc = "~" + "+".join(design.fpc) if design.fpc else "-"
        return [self.number, file, identifier, strata, fpc, self.lonely, "yes" if self.where else "no"]


def draw(number: int, dice: random.Random) -> Case:
    """One design with its respondents; strata sometimes have one PSU, groups sometimes nobody."""
    shape = dice.choice(["element", "strata", "clusters", "fpc", "two-stage", "two-fraction", "replicates"])
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
                        "f1": 0.25, "f2": 0.5, "b": dice.choice("mn"),
                    })  # fmt: skip
    if shape == "replicates":
        for row in rows:
            row |= {f"r{each}": round(row["w"] * dice.uniform(0.3, 1.7), 4) for each in range(8)}  # type: ignore[operator]
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
            for kind in (*INTERVALS, *QUANTILES, *TESTS, *MODELS):
                for good, text in _inference(case, kind, survey, theirs.get((case.number, kind), [])):
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
    command = ["Rscript", str(folder / "ask.R"), str(folder / "spec.csv"), str(folder / "out.csv"), ",".join(ALL)]
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


def _inference(case: Case, kind: str, survey: st.Survey, theirs: list[dict[str, str]]) -> Iterator[tuple[bool, str]]:
    """Intervals, quantiles, tests and models; what R cannot answer is passed over."""
    about = f"{case.number} {case.shape} {case.lonely} where={case.where} {kind}"
    if not theirs or theirs[0]["level"] == "error":
        return
    try:
        ours = _ours(case, kind, survey)
    except SurveytoolError as error:
        yield _degenerate(theirs), f"{about}: refused here ({error}), answered by R: {theirs[0]}"
        return
    for row in theirs:
        found = ours.get(row["level"])
        if found is None:
            yield kind == "rank_groups" or _degenerate([row]), f"{about}: none here, R has {row}"
            continue
        for key, value in zip(("e", "s", "lo", "hi"), found, strict=True):
            if value is SKIP or _open(kind, row, key) or _lowest(case, kind, key, found) or _turned(kind, found):
                continue
            if kind in QUANTILES and row["s"] in ("0", "NA", "NaN"):
                continue  # R's interval of no length, where everybody is at or below
            yield _near(value, row[key], kind), f"{about} {key}: {value} {row}"


SKIP = object()


def _open(kind: str, row: dict[str, str], key: str) -> bool:
    """R gives no end of a quantile's interval, or no interval, where the share's leaves (0, 1); ours does."""
    if row[key] in ("NA", "NaN", "Inf", "-Inf"):
        return True
    return kind in QUANTILES and key != "e" and (row["lo"] in ("NA", "NaN") or row["hi"] in ("NA", "NaN"))


def _lowest(case: Case, kind: str, key: str, found: tuple[Any, ...]) -> bool:
    """Below the first value's own share R's rules give the second value; surveytool gives the first."""
    if kind not in QUANTILES:
        return False
    values = [row["y"] for row in case.rows if row["y"] is not None and (not case.where or row["dom"] == "in")]
    least = min(values)  # type: ignore[type-var]
    return (found[2] == least and key in ("s", "lo")) or found[0] == least


def _turned(kind: str, found: tuple[Any, ...]) -> bool:
    """Where the arcsine interval leaves its range R's sine comes back on the other side; surveytool stops at 0 and 1."""
    return kind == "arcsine" and (found[2] == 0 or found[3] == 1)


def _degenerate(theirs: list[dict[str, str]]) -> bool:
    """R's answer is none: no number, a variance of nothing, or a fit that went to infinity."""
    return any(
        row["s"] in ("NA", "NaN", "Inf") or abs(float(row["s"])) < 1e-9 or abs(float(row["e"])) > 1e6 for row in theirs
    ) or all(row["hi"] in ("NA", "NaN") for row in theirs)


def _near(ours: Any, theirs: str, kind: str) -> bool:
    number = float(theirs)
    relative = 1e-7 if kind in TESTS or kind in MODELS else 1e-8
    return ours is not None and abs(float(ours) - number) <= relative * abs(number) + 1e-10


def _ours(case: Case, kind: str, survey: st.Survey) -> dict[str, tuple[Any, Any, Any, Any]]:
    where = "dom == 'in'" if case.where else None
    if kind in INTERVALS:
        rows = st.summarize(survey, "c", where=where, ci=kind).rows
        return {str(r.level): _numbers(r) for r in rows if 0 < (r.estimate or 0) < 1}
    if kind in QUANTILES:
        found = {}
        for name, stat in (("p25", "p25"), ("p50", "median"), ("p90", "p90")):
            row = st.summarize(survey, "y", where=where, stat=stat, quantile_rule=QUANTILES[kind]).rows[0]
            found[name] = _numbers(row)
        return found
    if kind in MODELS:
        formula, family = MODELS[kind]
        model = fit(survey, Specification(formula=formula, family=family, where=where, effects=False))
        return {
            each.term.replace(": ", ""): (each.estimate, each.se, each.ci_low, each.ci_high) for each in model.terms
        }
    variable, by, name = TESTS[kind]
    request = st.Request(variable=variable, by=((by,),), where=where)
    tests = [each for each in compare_groups(survey, [request], Comparison(tests=(name,))).tests if each.test == name]
    if not tests:
        return {}
    test = tests[0]
    if kind == "t":  # R subtracts the first group, surveytool the second
        if test.estimate is None or test.ci_low is None or test.ci_high is None:
            return {}
        return {"": (-test.estimate, test.p, -test.ci_high, -test.ci_low)}
    if kind == "rank":
        return {"": (-test.estimate if test.estimate is not None else None, test.p, SKIP, SKIP)}
    if kind == "rank_groups":
        if test.groups is not None:
            return {}  # two groups have respondents: R's t test, compared above
        return {"": (test.statistic, test.p, SKIP, SKIP)}
    return {"": (test.statistic, test.p, test.df1, SKIP if test.df2 is None else test.df2)}


def _numbers(row: Any) -> tuple[Any, Any, Any, Any]:
    return row.estimate, row.se, row.ci_low, row.ci_high


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
