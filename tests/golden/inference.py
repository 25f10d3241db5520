"""Reference answers on intervals, quantiles, tests, differences and models: R's numbers beside ours, one by one."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from golden.parity import HERE, cases, folder, names, survey_of

import surveytool as st
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.result import Model, Row, Test
from surveytool.regression import Specification, fit
from surveytool.tabulation import compare, tabulate

KINDS = ("proportion_ci", "quantile", "chisq", "difference", "ttest", "glm")
NAMES = {"proportion_ci": "intervals of proportions", "quantile": "quantiles", "chisq": "tests of association",
         "difference": "differences", "ttest": "t tests", "glm": "models"}  # fmt: skip
SHARES = {"logit": "logit", "likelihood": "likelihood", "asin": "arcsine", "beta": "beta", "mean": "wald",
          "xlogit": "logit"}  # fmt: skip
QUANTILES = {"mean": "wald", "beta": "beta", "xlogit": "logit"}  # R's "score" has no counterpart
TESTS = {"F": "rao-scott-f", "Chisq": "rao-scott-chisq", "Wald": "wald", "adjWald": "adjusted-wald"}  # nor has "lincom"
FAMILIES = {"gaussian": "linear", "quasibinomial": "logistic", "quasipoisson": "poisson"}
STATS = {0.1: "p10", 0.25: "p25", 0.5: "median", 0.75: "p75", 0.9: "p90"}
EXACT, CLOSE = 1e-9, 1e-7


@dataclass(frozen=True)
class Number:
    """One of R's numbers and ours; ``relative`` is how near they have to be, to ``size``."""

    case: str
    about: str
    theirs: float
    ours: float | None
    relative: float
    size: float = 0.0

    def apart(self) -> float:
        """The distance, relative to the larger of R's number and the size."""
        if self.ours is None:
            return math.inf
        return abs(self.ours - self.theirs) / max(abs(self.theirs), self.size, 1e-12)

    def agrees(self) -> bool:
        return self.apart() <= self.relative


@lru_cache(maxsize=16)
def numbers(kind: str) -> tuple[Number, ...]:
    """Every number that R has in one kind of case."""
    every = (each for case in cases() if case["request"]["stat"] == kind for each in _ASK[kind](case))
    return tuple(each for each in every if each.theirs is not None)


def _survey(case: dict[str, Any]) -> st.Survey:
    return survey_of(case["dataset"], json.dumps(case["design"]))


def _shares(case: dict[str, Any]) -> Iterator[Number]:
    variable, _, value = case["request"]["expression"].partition("==")
    replicated = "replicate_weights" in case["design"]
    for theirs in case["rows"]:
        method = theirs["method"]
        if replicated and method == "xlogit":
            continue  # R's two logit intervals differ with replicates; ours is "logit", of the replicated log odds
        ours = _share(case, variable, value.strip('"'), SHARES[method])
        near = 2e-3 if method == "likelihood" else CLOSE  # R interpolates the likelihood's profile
        low, high = theirs["ci_low"], theirs["ci_high"]
        if method == "mean":
            low, high = max(0.0, low), min(1.0, high)
        yield Number(case["id"], f"{method} estimate", theirs["estimate"], ours.estimate, near)
        yield Number(case["id"], f"{method} low", low, ours.ci_low, near, 0.01)
        yield Number(case["id"], f"{method} high", high, ours.ci_high, near)


@lru_cache(maxsize=512)
def _rows(dataset: str, design: str, variable: str, asked: tuple[tuple[str, Any], ...], df: float | None) -> Any:
    survey = survey_of(dataset, design)
    given = replace(survey, design=replace(survey.design, df=df)) if df is not None else survey
    return tabulate(given, [st.Request(variable=variable, **dict(asked))]).estimates[0].rows


def _share(case: dict[str, Any], variable: str, value: str, method: str) -> Row:
    rows = _rows(case["dataset"], json.dumps(case["design"]), variable, (("interval", method),), None)
    return next(each for each in rows if each.level == value)


def _quantiles(case: dict[str, Any]) -> Iterator[Number]:
    asked = case["request"]
    for theirs in case["rows"]:
        method = QUANTILES.get(theirs["interval"])
        if method is None:
            continue
        request = (("interval", method), ("quantile_rule", asked["qrule"]), ("statistic", STATS[theirs["q"]]))
        ours = _rows(case["dataset"], json.dumps(case["design"]), asked["variable"], request, None)[0]
        about = f"{theirs['interval']} {theirs['q']}"
        yield Number(case["id"], f"{about} estimate", theirs["estimate"], ours.estimate, EXACT)
        for key in ("ci_low", "ci_high", "se"):
            if theirs[key] is not None:
                yield Number(case["id"], f"{about} {key}", theirs[key], getattr(ours, key), CLOSE)


def _compared(case: dict[str, Any], variable: str, by: str, *tests: str) -> tuple[Test, ...]:
    request = st.Request(variable=variable, by=((by,),))
    return compare(_survey(case), [request], Comparison(tests=tests, adjust="none")).tests


def _chisq(case: dict[str, Any]) -> Iterator[Number]:
    variable, by = case["request"]["variables"]
    found = {test.test: test for test in _compared(case, variable, by, *TESTS.values())}
    for theirs in case["rows"]:
        ours = found.get(TESTS.get(theirs["statistic"], ""))
        if ours is None:
            continue
        about = theirs["statistic"]
        yield Number(case["id"], f"{about} statistic", theirs["value"], ours.statistic, EXACT)
        yield Number(case["id"], f"{about} df1", theirs["df1"], ours.df1, EXACT)
        if theirs["df2"] is not None:
            yield Number(case["id"], f"{about} df2", theirs["df2"], ours.df2, EXACT)
        yield Number(case["id"], f"{about} p", theirs["p"], ours.p, CLOSE)


def _differences(case: dict[str, Any]) -> Iterator[Number]:
    found = _compared(case, case["request"]["variable"], *names(case["request"]["by"]), "difference")
    by_pair = {"_minus_".join(test.groups or ()): test for test in found}
    for theirs in case["rows"]:
        ours = by_pair[theirs["contrast"]]
        yield Number(case["id"], f"{theirs['contrast']} estimate", theirs["estimate"], ours.estimate, EXACT)
        yield Number(case["id"], f"{theirs['contrast']} se", theirs["se"], ours.se, EXACT)
        yield Number(case["id"], f"{theirs['contrast']} df", theirs["df"], ours.df2, EXACT)


def _t(case: dict[str, Any]) -> Iterator[Number]:
    """R takes the first group from the second by the alphabet, surveytool the later from the earlier in the file."""
    (ours,) = _compared(case, case["request"]["variable"], *names(case["request"]["by"]), "t")
    (theirs,) = case["rows"]
    pair = ours.groups or ("", "")
    sign = -1.0 if pair == tuple(sorted(pair)) else 1.0
    ends = (ours.ci_high, ours.ci_low) if sign < 0 else (ours.ci_low, ours.ci_high)
    found = dict(zip(("difference", "t", "ci_low", "ci_high"), (ours.estimate, ours.statistic, *ends), strict=True))
    for key, value in found.items():
        yield Number(case["id"], key, theirs[key], None if value is None else sign * value, EXACT)
    yield Number(case["id"], "df", theirs["df"], ours.df2, EXACT)
    yield Number(case["id"], "p", theirs["p"], ours.p, CLOSE)


def _model(case: dict[str, Any]) -> Model:
    formula = case["request"]["formula"].replace("I(as.numeric(sch.wide=='Yes'))", "sch.wide == 'Yes'")
    return fit(_survey(case), Specification(formula=formula, family=FAMILIES[case["request"]["family"]], effects=False))


def _glm(case: dict[str, Any]) -> Iterator[Number]:
    found = {each.term.replace(": ", ""): each for each in _model(case).terms}
    for theirs in case["rows"]:
        ours = found[theirs["term"]]
        size = abs(theirs["estimate"])
        yield Number(case["id"], f"{theirs['term']} df", theirs["df_resid"], ours.df, EXACT)
        for key, near in (("estimate", EXACT), ("se", EXACT), ("t", EXACT), ("ci_low", EXACT), ("ci_high", EXACT)):
            yield Number(case["id"], f"{theirs['term']} {key}", theirs[key], getattr(ours, key), near, size)
        yield Number(case["id"], f"{theirs['term']} p", theirs["p"], ours.p, CLOSE)


def exact_models() -> Iterator[Number]:
    """The logistic and Poisson models again, against R run to the end (``exact_models.R``)."""
    with (HERE / "exact_models.csv").open(encoding="utf-8", newline="") as file:
        rows = [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]
    for case in cases():
        theirs = [row for row in rows if row["case"] == case["id"]]
        found = {each.term.replace(": ", ""): each for each in _model(case).terms} if theirs else {}
        for row in theirs:
            ours, size = found[row["term"]], abs(float(row["estimate"]))
            for key in ("estimate", "se", "t"):
                yield Number(case["id"], f"{row['term']} {key}", float(row[key]), getattr(ours, key), EXACT, size)
            yield Number(case["id"], f"{row['term']} p", float(row["p"]), ours.p, CLOSE)


def reason(number: Number) -> str:
    """Why R's number is not the one to have; empty for nearly all."""
    if "/glm/quasi" in number.case:
        return "R stops its iterations early (trap 29)"
    if number.case in LOWEST and number.about in ("mean 0.1 ci_low", "mean 0.1 se"):
        return "below the first value's own share R goes on beyond the smallest value of the sample"
    return TIES if number.case in _tied() else ""


TIES = "of equal values with different weights R takes the one first that stands first in the file"


@lru_cache(maxsize=1)
def _tied() -> frozenset[str]:
    """Cases of a rule that looks at single respondents (hf4 to hf9) where equal values have different weights."""
    found = set()
    for case in cases():
        asked = case["request"]
        if asked["stat"] == "quantile" and asked["qrule"] in ("hf4", "hf5", "hf6", "hf7", "hf8", "hf9"):
            with (folder() / f"{case['dataset']}.csv").open(encoding="utf-8", newline="") as file:
                pairs = {(row[asked["variable"]], row["pw"]) for row in csv.DictReader(file)}
            if len({value for value, _ in pairs}) < len(pairs):
                found.add(case["id"])
    return frozenset(found)


LOWEST = ("clus1/quantile/enroll/hf4", "clus1_nofpc/quantile/enroll/hf4")
_ASK = {
    "proportion_ci": _shares, "quantile": _quantiles, "chisq": _chisq, "difference": _differences, "ttest": _t,
    "glm": _glm,
}  # fmt: skip
