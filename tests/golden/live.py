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
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from golden.drawn import HEAD, Case, draw
from golden.r_reasons import (
    ALL,
    CONTRASTS,
    INTERVALS,
    KINDS,
    LONELY,
    MODELS,
    SEPARATED,
    TESTS,
    UNKNOWN,
    no_answer,
    nobody,
    passed,
)

import surveytool as st
from surveytool.errors import SurveytoolError, UnusableDesign
from surveytool.estimate.group_tests import Comparison
from surveytool.regression import Specification, fit
from surveytool.tabulation import compare as compare_groups

SKIP = object()
Numbers = tuple[Any, Any, Any, Any]
Answer = dict[tuple[str, str], Numbers] | SurveytoolError
Theirs = list[dict[str, str]]


class Compared(NamedTuple):
    """How many numbers agree by kind and by shape of the design, what differs, and where R has no number to compare."""

    agreed: Counter[str]
    wrong: list[str]
    shapes: Counter[str]
    left: Counter[str]


def compare(designs: int, seed: int, *, asked: int = 6) -> Compared:
    """Random designs answered by R and by surveytool; ``asked`` kinds of request are drawn for each design."""
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
    found = Compared(Counter(), [], Counter(), Counter())
    for case in cases:
        for kind, answer in ours[case.number].items():
            told = theirs[case.number, kind]
            found.left[kind] += bool(no_answer(case, kind, told))
            for good, text in _judged(case, kind, answer, told):
                found.agreed[kind] += good
                found.shapes[f"{case.shape} {case.method}" if case.shape == "replicates" else case.shape] += good
                found.wrong.extend([] if good else [f"{case.about(kind)}: {text}"])
    return found


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
        (each.term.replace(": ", "").replace(" × ", ":"), ""): (each.estimate, each.se, each.ci_low, each.ci_high)
        for each in model.terms
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
    why = no_answer(case, kind, theirs)
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
        if nobody(case, kind, row) or row["e"] == "NA":
            continue
        if found is None:
            yield False, f"no such row here, R has {row}"
            continue
        for key, value in zip(("e", "s", "lo", "hi"), found, strict=True):
            if value is SKIP or row[key] == "NA" or passed(case, kind, key, row, found):
                continue
            yield _near(kind, key, value, row), f"{key}: {value} against {row}"


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


def table(found: Compared) -> str:
    """What was compared, as markdown: numbers by kind, requests that R has no answer to, numbers by shape."""
    lines = ["| asked | numbers | requests without a number of R |", "|---|---|---|"]
    lines += [f"| {kind} | {found.agreed[kind]:,} | {found.left[kind]} |" for kind in ALL]
    lines += ["", "| design | numbers |", "|---|---|"]
    lines += [f"| {shape} | {number:,} |" for shape, number in sorted(found.shapes.items())]
    return "\n".join(lines) + "\n"


def available() -> str:
    """Why R cannot be asked; empty where it can."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    asked = subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else "R's survey package is not installed"


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    compared = compare(count, chosen)
    print(f"seed {chosen}: {compared.agreed.total():,} numbers agree, {len(compared.wrong)} differ\n")
    print(table(compared))
    print("\n".join(compared.wrong[:40]))
    sys.exit(1 if compared.wrong else 0)
