"""The traps of tests, intervals and models: what others print and what ours does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from golden import parity
from scipy import stats

import surveytool as st
from surveytool.estimate.group_tests import Comparison
from surveytool.regression import Specification, fit
from surveytool.tabulation import compare

CLUS1 = st.Design(weights="pw", psu=("dnum",))


def api(name: str, design: st.Design) -> st.Survey:
    return st.read(parity.folder() / f"{name}.csv", design=design)


def test_7_beta_in_a_domain_uses_the_domains_n() -> None:
    row = next(
        each for each in st.summarize(api("apiclus1", CLUS1), "awards", where="stype == 'H'", ci="beta").rows
        if each.level == "Yes"
    )  # fmt: skip
    assert (row.n, row.df) == (14, 7)
    p, t = row.estimate, stats.t.ppf(0.975, [row.n - 1, row.df])
    effective = p * (1 - p) / row.se**2 * (t[0] / t[1]) ** 2
    low = stats.beta.ppf(0.025, p * effective, (1 - p) * effective + 1)
    high = stats.beta.ppf(0.975, p * effective + 1, (1 - p) * effective)
    assert (row.ci_low, row.ci_high) == pytest.approx((low, high), rel=1e-9)


def test_8_rows_with_a_missing_answer_do_not_scale_a_test() -> None:
    """R's svychisq multiplies Pearson's statistic by all rows of the design, those without an answer too."""
    rng = np.random.default_rng(8)
    people = {"c": rng.choice(["a", "b", "c"], 90).tolist(), "g": rng.choice(["u", "v"], 90).tolist(), "w": [1.0] * 90}
    more = {"c": [*people["c"], *([None] * 60)], "g": [*people["g"], *(["u"] * 60)], "w": [1.0] * 150}
    found = []
    for data in (people, more):
        survey = st.read(pa.table(data), design=st.Design(weights="w"))
        wanted = Comparison(tests=("rao-scott-chisq",))
        found.append(compare(survey, [st.Request(variable="c", by=(("g",),))], wanted).tests[0])
    assert found[0].statistic == pytest.approx(found[1].statistic, rel=1e-12)
    assert (found[0].n, found[1].n) == (90, 90)


def test_12_wilson_is_r_4_5s() -> None:
    survey = api("apiclus1", st.Design(weights="pw", psu=("dnum",), fpc=("fpc",)))
    rows = st.summarize(survey, "awards", where="stype == 'H'", ci="wilson").rows
    row = next(each for each in rows if each.level == "Yes")
    assert (row.ci_low, row.ci_high) == pytest.approx((0.1682336936, 0.73552413), abs=1e-8)


def test_13_the_default_test_is_second_order_and_named(run: Callable[..., Any]) -> None:
    asked = ("compare", parity.HERE / "apistrat.csv", "awards", "--by", "stype", "-w", "pw", "--strata", "stype")
    assert "Rao-Scott F(1.9, 373.3)" in run(*asked).out
    tests = run(*asked, "--format", "json").json["tests"]
    assert [each["test"] for each in tests if each["groups"] is None] == ["rao-scott-f"]
    both = run(*asked, "--test", "rao-scott-f", "--test", "rao-scott-chisq", "--format", "json").json["tests"]
    assert both[0]["df2"] == pytest.approx(373.3, abs=0.05) and both[1]["df2"] is None


def test_27_names_that_the_user_gives_win(run: Callable[..., Any]) -> None:
    """A column called weight may be the stratum."""
    data = pa.table({"y": [1.5, 2.5, 3.5, 4.5] * 5, "weight": [1, 2] * 10, "stratum": [2.0, 3.0, 4.0, 5.0] * 5})
    right = st.summarize(data, "y", design=st.Design(weights="stratum", strata="weight")).rows[0]
    assert right.n_weighted == 70 and right.df == 18


def test_29_a_model_is_fitted_to_the_end() -> None:
    """The estimating equations are zero to rounding; at R's default epsilon they are not."""
    survey = api("apistrat", st.Design(weights="pw", strata="stype"))
    formula = "sch.wide == 'Yes' ~ ell + meals"
    model = fit(survey, Specification(formula=formula, effects=False))
    frame = {name: np.array(survey.frame[name].to_pylist()) for name in ("ell", "meals", "sch.wide", "pw")}
    x = np.column_stack([np.ones(200), frame["ell"], frame["meals"]]).astype(float)
    mean = 1 / (1 + np.exp(-x @ np.array([term.estimate for term in model.terms])))
    score = x.T @ (frame["pw"] * ((frame["sch.wide"] == "Yes") - mean))
    assert np.abs(score).max() < 1e-8 * np.abs(x).max() * frame["pw"].sum()
