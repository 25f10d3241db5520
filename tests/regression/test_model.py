"""The story of ``model``: a regression with the design in every standard error."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from golden import parity

import surveytool as st
from surveytool.regression import Specification, fit

Run = Callable[..., Any]
DATA = parity.HERE
STRAT = ("-w", "pw", "--strata", "stype", "--fpc", "fpc")
LOGIT = "sch.wide == 'Yes' ~ ell + stype"


def model(run: Run, formula: str, *asked: str) -> dict[str, Any]:
    ran = run("model", DATA / "apistrat.csv", formula, *STRAT, *asked, "--format", "json")
    assert ran.status == 0, ran.err
    made: dict[str, Any] = ran.json
    return made


@pytest.mark.parametrize(("formula", "family", "asked"), [
    ("api00 ~ ell + meals", "linear", ()),
    (LOGIT, "logistic", ()),
    ("enroll ~ meals + stype", "poisson", ("--family", "poisson")),
])  # fmt: skip
def test_json_has_terms_and_tests_of_whole_terms(run: Run, formula: str, family: str, asked: tuple[str, ...]) -> None:
    made = model(run, formula, *asked)
    assert made["model"]["family"] == family and made["rows"] == []
    for term in made["terms"]:
        assert set(term) >= {"term", "estimate", "se", "t", "df", "p", "ci_low", "ci_high"}
        assert term["ci_low"] < term["estimate"] < term["ci_high"]
        assert term["t"] == pytest.approx(term["estimate"] / term["se"])
        if family != "linear" and term["term"] != "(Intercept)":
            assert term["ratio"] == pytest.approx(math.exp(term["estimate"]))
            assert (term["ratio_low"], term["ratio_high"]) == pytest.approx(
                (math.exp(term["ci_low"]), math.exp(term["ci_high"])))  # fmt: skip
    for test in made["tests"]:
        assert set(test) >= {"test", "term", "statistic", "df1", "df2", "p"} and test["test"] == "wald"
    single = {term["term"]: term for term in made["terms"]}
    for test in made["tests"]:
        if test["df1"] == 1:  # a term with one coefficient: F is t squared
            assert test["statistic"] == pytest.approx(single[test["term"]]["t"] ** 2)
            assert test["p"] == pytest.approx(single[test["term"]]["p"], rel=1e-6)


def test_a_domain_keeps_the_design_and_is_not_a_filter(run: Run) -> None:
    asked = ("model", DATA / "apiclus1.csv", "api00 ~ ell", "-w", "pw", "--psu", "dnum", "--format", "json")
    inside = run(*asked, "--where", "stype == 'E'").json
    whole = run(*asked).json
    assert inside["model"]["where"] == "stype == 'E'" and inside["model"]["n"] < whole["model"]["n"]
    assert inside["terms"][0]["df"] <= whole["terms"][0]["df"] == 13


@pytest.mark.parametrize("family", ["logistic", "poisson"])
def test_average_marginal_effects(family: str) -> None:
    """The effect by hand; its standard error near the jackknife's, which fits and averages again for each cluster."""
    rng = np.random.default_rng(11)
    n, clusters = 600, 40
    x, g = rng.normal(size=n), rng.choice(["u", "v"], n)
    line = -0.3 + 0.8 * x + 0.7 * (g == "v")
    y = rng.random(n) < 1 / (1 + np.exp(-line)) if family == "logistic" else rng.poisson(np.exp(line))
    data = {"y": [float(each) for each in y], "x": x.tolist(), "g": g.tolist(), "w": (0.5 + rng.random(n)).tolist(),
            "p": (np.arange(n) % clusters).tolist()}  # fmt: skip
    kinds = {"y": "number", "x": "number", "g": "single", "p": "single"}

    def effects(weights: list[float], design: st.Design) -> dict[str, Any]:
        survey = st.read(pa.table({**data, "w": weights}), design=design, kinds=kinds)  # type: ignore[arg-type]
        made = fit(survey, Specification(formula="y ~ x + g", family=family))
        terms = [term.estimate for term in made.terms]
        return {**{each.term: each for each in made.effects}, "terms": terms}

    design = st.Design(weights="w", psu=("p",))
    found = effects(data["w"], design)
    b, w = np.array(found["terms"]), np.array(data["w"])

    def mean(xs: Any, v: Any) -> Any:
        line = b[0] + b[1] * xs + b[2] * v
        return 1 / (1 + np.exp(-line)) if family == "logistic" else np.exp(line)

    by_hand = np.average(mean(x, 1.0) - mean(x, 0.0), weights=w)
    assert found["g: v"].estimate == pytest.approx(by_hand, rel=1e-8)
    slope = np.average((mean(x + 1e-5, g == "v") - mean(x - 1e-5, g == "v")) / 2e-5, weights=w)
    assert found["x"].estimate == pytest.approx(slope, rel=1e-6)
    made = []
    for left_out in range(clusters):
        kept = np.where(np.array(data["p"]) == left_out, 0.0, w * clusters / (clusters - 1))
        made.append(effects(kept.tolist(), design))
    for name in ("g: v", "x"):
        values = np.array([each[name].estimate for each in made])
        jackknife = math.sqrt((clusters - 1) / clusters * ((values - values.mean()) ** 2).sum())
        assert found[name].se == pytest.approx(jackknife, rel=0.05)
        assert found[name].ci_low < found[name].estimate < found[name].ci_high


def test_an_interaction_and_a_shift_of_the_zero(run: Run) -> None:
    """A predictor far from zero costs no digits, and the slope does not know where zero is."""
    rng = np.random.default_rng(5)
    n = 200
    year, y = rng.integers(1990, 2024, n).astype(float), rng.random(n) < 0.4
    answers = ["yes" if each else "no" for each in y]
    slopes = []
    for shift in (0.0, 2007.0, -1e6):
        data = pa.table({"y": answers, "year": (year - shift).tolist()})
        made = fit(st.read(data, kinds={"year": "number"}), Specification(formula="y == 'yes' ~ year"))
        slopes.append((made.terms[1].estimate, made.terms[1].se))
    for slope in slopes[1:]:
        assert slope == pytest.approx(slopes[0], rel=1e-7)
    made = model(run, "api00 ~ ell*stype")
    assert [each["term"] for each in made["tests"]] == ["ell", "stype", "ell × stype"]


def test_every_format(run: Run, tmp_path: Any) -> None:
    for suffix in ("csv", "json", "md", "html", "tex", "xlsx", "docx"):
        target = tmp_path / f"model.{suffix}"
        ran = run("model", DATA / "apistrat.csv", LOGIT, *STRAT, "-o", target)
        assert ran.status == 0 and target.stat().st_size > 300, (suffix, ran.err)
        if suffix in ("md", "html", "tex"):
            text = target.read_text(encoding="utf-8")
            assert "Odds ratio" in text and "0.98" in text
        if suffix == "csv":
            assert target.read_text(encoding="utf-8").startswith("term,estimate,se,t,df,p,ci_low,ci_high")
    assert json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))["terms"]


@pytest.mark.parametrize("lang", ["es-ES", "fr"])
def test_other_languages(run: Run, lang: str) -> None:
    out = run("model", DATA / "apistrat.csv", LOGIT, *STRAT, "--lang", lang).out
    assert "Odds ratio" not in out
    assert "0,98" in out or "0,99" in out


@pytest.mark.parametrize(("formula", "words"), [
    ("api00 ~", "ends too early"),
    ("api00 ~ nothere", "nothere"),
    ("stype ~ ell", "Say which one"),
    ("sch.wide == 'Maybe' ~ ell", "Maybe"),
    ("api00 ~ api00 + ell", "both sides"),
    ("api00 ~ ell + ell:stype + meals + nosuch(", "cannot be read"),
    ("stype == 'H' ~ stype", "both sides"),
])  # fmt: skip
def test_a_formula_that_is_none_is_one_line(run: Run, formula: str, words: str) -> None:
    ran = run("model", DATA / "apistrat.csv", formula, *STRAT)
    assert ran.status == 2 and words in ran.err and ran.out == ""


def test_separated_answers_are_refused_and_near_ones_are_not(run: Run) -> None:
    x = [float(each) for each in range(40)]
    apart, near = (["yes" if each > 20 else "no" for each in x] for _ in (0, 1))
    near[10] = "yes"
    for answers, fine in ((apart, False), (near, True)):
        survey = st.read(pa.table({"y": answers, "x": x}), kinds={"x": "number"})
        wanted = Specification(formula="y == 'yes' ~ x")
        if fine:
            assert math.isfinite(fit(survey, wanted).terms[1].se)
        else:
            with pytest.raises(st.SurveytoolError, match="no finite solution"):
                fit(survey, wanted)


def test_a_lonely_psu_stops_a_model_too(run: Run) -> None:
    asked = ("model", DATA / "apistrat_lonely.csv", "api00 ~ ell", "-w", "pw", "--strata", "stype")
    ran = run(*asked)
    assert ran.status == 4 and "only one PSU" in ran.err
    assert run(*asked, "--lonely-psu", "adjust").status == 0


@pytest.mark.parametrize(("codes", "event"), [([0, 1], "Chosen"), ([1, 2], "Not chosen")])
def test_of_0_and_1_the_1_is_modelled_else_the_first_answer(
    run: Run, tmp_path: Any, codes: list[int], event: str
) -> None:
    import pandas as pd
    import pyreadstat

    rows = pd.DataFrame({"app": [float(codes[place % 3 > 0]) for place in range(60)], "age": [*range(20, 80)]})
    labels = {"app": dict(zip(codes, ["Not chosen", "Chosen"], strict=True))}
    pyreadstat.write_sav(rows, tmp_path / "app.sav", variable_value_labels=labels)
    made = run("model", tmp_path / "app.sav", "app ~ age", "--format", "json").json["model"]
    assert (made["event"], made["family"]) == (event, "logistic")
