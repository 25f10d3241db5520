"""Random designs and requests, answered by R's survey package in one batch and by surveytool.

python tests/golden/live.py [DESIGNS] [SEED]     # prints how many numbers agree

Every number that R gives must be ours, to 1e-9 (1e-7 for tests, intervals and
models), unless a function of this file says why R's is no answer: each of them
decides by the data or by R's own numbers, never by how far we are from R.
"""

from __future__ import annotations

import csv
import math
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from golden.drawn import HEAD, Case, draw

import surveytool as st
from surveytool.errors import SurveytoolError, UnusableDesign
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.student import quantile
from surveytool.regression import Specification, fit
from surveytool.tabulation import compare as compare_groups

KINDS = {"mean": ("y", "mean", ()), "total": ("y", "total", ()), "ratio": ("y", "ratio:x", ()),
         "prop": ("c", "proportion", ()), "count": ("c", "total", ()), "bymean": ("y", "mean", ("grp",)),
         "bytotal": ("y", "total", ("grp",)), "byprop": ("c", "proportion", ("grp",))}  # fmt: skip
INTERVALS = ("logit", "beta", "arcsine", "wald")
TESTS = {"chisq_f": ("c", "grp", "rao-scott-f"), "chisq_first": ("c", "grp", "rao-scott-chisq"),
         "chisq_wald": ("c", "grp", "wald"), "chisq_adjusted": ("c", "grp", "adjusted-wald"),
         "t": ("y", "b", "t"), "rank": ("y", "b", "rank"), "rank_groups": ("y", "grp", "rank"),
         "joint": ("y", "grp", "wald"), "trend": ("y", "grp", "trend")}  # fmt: skip
CONTRASTS = {"difference": "difference", "ratio_of": "ratio"}
MODELS = {"linear": ("y ~ x + grp", "linear"), "logistic": ("c == 'a' ~ x", "logistic"),
          "poisson": ("k ~ x + b", "poisson"), "term_test": ("y ~ x + grp", "linear")}  # fmt: skip
ALL = (*KINDS, "deff", *INTERVALS, "quantile", *TESTS, *CONTRASTS, *MODELS)
SKIP = object()
SEPARATED = "the answers are separated"
ALONE = "has only one PSU"
LONELY = "a stratum has one PSU"
UNKNOWN = "R stops for a reason that is not listed"
STOPS = (  # the reasons for which R stops, beside the lonely PSU
    ALONE, "singular", "a group has nobody",
    "contrasts can be applied only to factors",  # a table of one row or column
    "All replicates contained NAs",  # a group of whom nobody answered
    "length of 'start' should equal",  # a term that the others make up: it has no coefficient to start from again
    "missing value where TRUE/FALSE needed",  # R's rank test of several groups with some replicates
)  # fmt: skip
# svyby in designs of several stages, where a group's matrix of one row or unit falls into a vector
GROUPED_STOPS = ("arguments must have same length", "non-conformable arguments")
SINGULAR = 1e7  # a statistic beyond this is a division by floating noise
Numbers = tuple[Any, Any, Any, Any]
Answer = dict[tuple[str, str], Numbers] | SurveytoolError
Theirs = list[dict[str, str]]


def compare(designs: int, seed: int, *, asked: int = 6) -> tuple[Counter[str], list[str]]:
    """How many numbers agree by kind, and what differs; ``asked`` kinds of request are drawn for each design."""
    dice = random.Random(seed)
    cases = [draw(number, dice, ALL, asked) for number in range(designs)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asking = _ask_r(cases, folder)
        ours = {case.number: _answers(case, folder) for case in cases}
        _, err = asking.communicate(timeout=900)
        assert asking.returncode == 0, err[-2000:]
        theirs: dict[tuple[int, str], Theirs] = {}
        with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                theirs.setdefault((int(row["case"]), row["kind"]), []).append(row)
    agreed: Counter[str] = Counter()
    wrong: list[str] = []
    for case in cases:
        for kind, answer in ours[case.number].items():
            for good, text in _judged(case, kind, answer, theirs[case.number, kind]):
                agreed[kind] += good
                wrong += [] if good else [f"{case.about(kind)}: {text}"]
    return agreed, wrong


def _ask_r(cases: list[Case], folder: Path) -> subprocess.Popen[str]:
    """R at work on every case, in one batch beside us."""
    told = []
    for case in cases:
        file = folder / f"{case.number}.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(case.rows[0]))
            writer.writeheader()
            writer.writerows(case.rows)
        told.append(case.told_r(file))
    with (folder / "spec.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEAD, *told])
    script = Path(__file__).with_name("live.R")
    command = ["Rscript", str(script), str(folder / "spec.csv"), str(folder / "out.csv")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


# Ours


def _answers(case: Case, folder: Path) -> dict[str, Answer]:
    kinds = {"y": "number", "x": "number", "k": "number", "c": "single", "grp": "single", "b": "single"}
    survey = st.read(folder / f"{case.number}.csv", design=case.design(), kinds=kinds)
    found: dict[str, Answer] = {}
    for kind in case.kinds:
        try:
            found[kind] = _ours(case, kind, survey)
        except SurveytoolError as error:
            found[kind] = error
    return found


def _ours(case: Case, kind: str, survey: st.Survey) -> dict[tuple[str, str], Numbers]:
    where = case.condition
    if kind in KINDS:
        variable, stat, by = KINDS[kind]
        rows = st.summarize(survey, variable, by=by, stat=stat, total=not by, where=where).rows
        return {(row.level or "", row.by.get("grp", "")): (row.estimate, row.se, SKIP, SKIP) for row in rows}
    if kind == "deff":
        row = st.summarize(survey, "y", stat="mean", where=where).rows[0]
        return {("", ""): (row.deff, row.df, SKIP, SKIP)}
    if kind in INTERVALS:
        rows = st.summarize(survey, "c", where=where, ci=kind).rows
        return {(str(r.level), ""): _numbers(r) for r in rows if 0 < (r.estimate or 0) < 1}
    if kind == "quantile":
        asked = {"where": where, "quantile_rule": case.rule, "ci": case.quantile_ci}
        named = (("p25", "p25"), ("p50", "median"), ("p90", "p90"))
        return {(name, ""): _numbers(st.summarize(survey, "y", stat=stat, **asked).rows[0]) for name, stat in named}
    return _model(kind, survey, where) if kind in MODELS else _tests(case, kind, survey)


def _model(kind: str, survey: st.Survey, where: str | None) -> dict[tuple[str, str], Numbers]:
    formula, family = MODELS[kind]
    model = fit(survey, Specification(formula=formula, family=family, where=where, effects=False))
    if kind == "term_test":
        test = next(each for each in model.tests if each.term == "grp")
        return {("", ""): (test.statistic, test.p, test.df1, test.df2)}
    return {
        (each.term.replace(": ", ""), ""): (each.estimate, each.se, each.ci_low, each.ci_high) for each in model.terms
    }


def _tests(case: Case, kind: str, survey: st.Survey) -> dict[tuple[str, str], Numbers]:
    variable, by, name = TESTS.get(kind) or ("y", "grp", CONTRASTS[kind])
    request = st.Request(variable=variable, by=((by,),), where=case.condition)
    tests = compare_groups(survey, [request], Comparison(tests=(name,), adjust="none")).tests
    if kind in CONTRASTS:
        return {("-".join(each.groups or ()), ""): (each.estimate, each.se, SKIP, SKIP) for each in tests}
    if not tests or (tests[0].estimate is None and tests[0].statistic is None):
        return {}
    (test,) = tests
    if kind == "t":  # R subtracts the first group, surveytool the second
        return {("", ""): (_minus(test.estimate), test.p, _minus(test.ci_high), _minus(test.ci_low))}
    if kind == "trend":
        return {("", ""): (test.estimate, test.se, test.ci_low, test.ci_high)}
    if kind == "rank":
        return {("", ""): (_minus(test.estimate), test.p, SKIP, SKIP)}
    if kind == "rank_groups":
        statistic = test.statistic if test.groups is None or test.statistic is None else test.statistic**2
        return {("", ""): (statistic, test.p, SKIP, SKIP)}  # two groups with respondents: F is t squared
    return {("", ""): (test.statistic, test.p, test.df1, SKIP if test.df2 is None else test.df2)}


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _numbers(row: Any) -> Numbers:
    return row.estimate, row.se, row.ci_low, row.ci_high


# Ours against R's


def _judged(case: Case, kind: str, ours: Answer, theirs: Theirs) -> Iterator[tuple[bool, str]]:
    why = _no_answer(case, kind, theirs)
    if why == UNKNOWN:
        yield False, f"{why}: {theirs[0]['g']}"
        return
    if why in (SEPARATED, LONELY):
        yield isinstance(ours, SurveytoolError), f"answered although {why}"
        return
    if isinstance(ours, SurveytoolError):
        if not why and not (isinstance(ours, UnusableDesign) and KINDS.get(kind, ("", "", ()))[2]):
            yield False, f"refused here ({ours}), answered by R: {theirs[0]}"
        return  # a table of groups is refused as a whole, R's group by group
    if why:
        return
    for row in theirs:
        found = ours.get((row["level"], row["g"]))
        if _nobody(case, kind, row):
            continue
        if found is None:
            yield False, f"no such row here, R has {row}"
            continue
        for key, value in zip(("e", "s", "lo", "hi"), found, strict=True):
            if value is SKIP or row[key] == "NA" or _passed(case, kind, key, row, found):
                continue
            yield _near(kind, key, value, row), f"{key}: {value} against {row}"


def _no_answer(case: Case, kind: str, theirs: Theirs) -> str:
    """Why R's answer is none at all; empty where it is one."""
    known = _stopped(kind, theirs) or _nothing(theirs)
    return known or _separated(case, kind) or _no_df(kind, theirs) or _no_test(kind, theirs)


def _nothing(theirs: Theirs) -> str:
    """R answers without one number."""
    return "" if any(row[key] not in ("NA", "NaN") for row in theirs for key in ("e", "s", "lo", "hi")) else "no number"


def _stopped(kind: str, theirs: Theirs) -> str:
    """R stops for one of the known reasons; any other one is an error of this comparison."""
    if theirs[0]["level"] != "error":
        return ""
    why = theirs[0]["g"]
    grouped = kind in CONTRASTS or bool(KINDS.get(kind, ("", "", ()))[2])
    if not any(re.search(known, why) for known in (*STOPS, *(GROUPED_STOPS if grouped else ()))):
        return UNKNOWN
    return LONELY if re.search(ALONE, why) else why


def _separated(case: Case, kind: str) -> str:
    """A logistic model whose one predictor parts the answers has no finite coefficients; R prints its last step."""
    if kind != "logistic":
        return ""
    people = case.inside("c")
    one, other = ([row["x"] for row in people if (row["c"] == "a") == answer] for answer in (True, False))
    parted = not one or not other or max(one) <= min(other) or max(other) <= min(one)
    return SEPARATED if parted else ""


def _no_df(kind: str, theirs: Theirs) -> str:
    """A model without degrees of freedom: R has coefficients but no interval, surveytool asks for fewer terms."""
    return "no interval" if kind in MODELS and kind != "term_test" and theirs[0]["lo"] in ("NA", "NaN") else ""


def _no_test(kind: str, theirs: Theirs) -> str:
    """R's test has a statistic but no p value, as no degrees of freedom are left; or its variance is singular."""
    if (kind not in TESTS and kind != "term_test") or kind == "trend":
        return ""
    if theirs[0]["s"] in ("NA", "NaN"):
        return "no p value"
    statistic = float(theirs[0]["e"])
    return "singular" if abs(statistic) > SINGULAR or (statistic < 0 and kind not in ("t", "rank")) else ""


def _nobody(case: Case, kind: str, row: dict[str, str]) -> bool:
    """A group without respondents, where R has 0 or NaN; a share of nobody or everybody, where R's interval fails."""
    if kind in KINDS and row["g"]:
        return not any(each["grp"] == row["g"] for each in case.inside(KINDS[kind][0]))
    if kind in INTERVALS:
        return len({each["c"] == "a" for each in case.inside("c")}) < 2
    return False


def _passed(case: Case, kind: str, key: str, row: dict[str, str], found: Numbers) -> bool:
    """Whether one number of R's is not to be compared."""
    if kind == "quantile":
        return _open(key, row) or _lowest(case, key, row, found) or (key != "e" and _highest(case, found))
    return kind == "arcsine" and _turned(key, row)


def _open(key: str, row: dict[str, str]) -> bool:
    """No end where the share's interval leaves [0, 1], so no standard error either; ours is the outermost value."""
    return row[key] in ("NA", "NaN") or (key == "s" and row["s"] in ("NA", "NaN"))


def _lowest(case: Case, key: str, row: dict[str, str], found: Numbers) -> bool:
    """Below the first value's own share R gives the second value, or one beyond the first; ours is the first."""
    values = sorted({each["y"] for each in case.inside("y")})
    if key == "s":
        return _lowest(case, "lo", row, found)
    place = ("e", "s", "lo", "hi").index(key)
    theirs = float(row[key])
    return found[place] == values[0] and (theirs in values[1:2] or (case.rule == "hf4" and theirs < values[0]))


def _highest(case: Case, found: Numbers) -> bool:
    """Everybody is at or below the highest value: R's interval has no length there, ours is Korn-Graubard's."""
    return bool(found[0] == max(each["y"] for each in case.inside("y")))


def _turned(key: str, row: dict[str, str]) -> bool:
    """Where the arcsine interval leaves its range R's sine comes back on the other side; ours stops at 0 and 1."""
    share = float(row["e"])
    middle = math.asin(math.sqrt(share))
    half = quantile(float(row["df"]), 0.95) * float(row["s"]) / (2 * math.sqrt(share * (1 - share)))
    return (key == "lo" and middle - half < 0) or (key == "hi" and middle + half > math.pi / 2)


def _near(kind: str, key: str, ours: Any, row: dict[str, str]) -> bool:
    """Agreement relative to the size of what was added up; shares' Wald intervals are cut to [0, 1] here."""
    number = float(row[key])
    if not math.isfinite(number):
        return ours is None
    if kind == "wald":
        number = min(max(number, 0.0), 1.0)
    size = max(abs(number), abs(float(row["e"])) if key != "e" and kind not in TESTS else 0.0)
    relative = 1e-9 if kind in KINDS or kind in CONTRASTS or kind == "deff" else 1e-7
    return ours is not None and abs(float(ours) - number) <= relative * size + 1e-12


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
    print(f"seed {chosen}: {same.total()} numbers agree, {len(differing)} differ")
    print("\n".join(differing[:40]))
