"""Replicates that have no value for a figure: one rule in tables, contrasts, standardised figures and models.

Every right value is reckoned here from the weights, replicate by replicate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.estimate.group_tests import Comparison
from surveytool.regression import Specification, fit
from surveytool.survey import Standard
from surveytool.tabulation import compare, tabulate

Floats = Any
KINDS = {"y": "number", "k": "number", "bin": "number", "g": "single", "age": "single", "a": "single"}
REPLICATES = 8


def drawn(seed: int = 4, *, negative: bool = False) -> dict[str, Any]:
    """40 respondents in 8 PSUs; the group "rare" lives in two of them, one of them in every replicate of weight 0."""
    dice = np.random.default_rng(seed)
    psu = np.repeat(np.arange(REPLICATES), 5)
    g = np.where(psu < 1, "rare", dice.choice(["u", "v"], 40))
    w = dice.uniform(1, 3, 40).round(2)
    columns: dict[str, Any] = {
        "w": w, "g": g, "psu": psu, "y": dice.normal(50, 10, 40).round(2), "k": dice.poisson(3.0, 40),
        "bin": (dice.random(40) < 0.5).astype(float), "age": dice.choice(["old", "mid", "young"], 40),
        "a": dice.choice(["Yes", "No"], 40),
    }  # fmt: skip
    for replicate in range(REPLICATES):
        factor = np.where(psu == replicate, 0.0, dice.uniform(0.6, 1.9, 40))
        factor = np.where(dice.random(40) < 0.1, -0.3, factor) if negative else factor
        columns[f"r{replicate}"] = (w * factor).round(4)
    return columns


def survey_of(columns: dict[str, Any], **given: Any) -> st.Survey:
    kinds = {name: kind for name, kind in KINDS.items() if name in columns}
    method = given.pop("method", "bootstrap")
    design = st.Design(weights="w", replicates=st.Replicates(columns=("r?",), method=method, **given))
    return st.read(pa.table({name: list(values) for name, values in columns.items()}), design=design, kinds=kinds)


def mean(columns: dict[str, Any], weights: Floats, chosen: Floats) -> float:
    total = weights[chosen].sum()
    return float((weights * columns["y"])[chosen].sum() / total) if total else np.nan


def error(values: Floats, scale: float, centre: float | None = None) -> float:
    """The bootstrap's standard error over the replicates that have a value."""
    known = values[np.isfinite(values)]
    middle = known.mean() if centre is None else centre
    return float(np.sqrt(scale * ((known - middle) ** 2).sum()))


def under_replicates(columns: dict[str, Any], figure: Callable[[Floats], float]) -> Floats:
    return np.array([figure(np.asarray(columns[f"r{replicate}"])) for replicate in range(REPLICATES)])


@pytest.mark.parametrize("mse", [False, True])
def test_a_group_that_is_empty_in_a_replicate_has_no_mean_of_0_there(mse: bool) -> None:
    columns = drawn()
    tests = compare(
        survey_of(columns, mse=mse), [st.Request(variable="y", by=(("g",),))], Comparison(tests=("difference", "ratio"))
    )  # fmt: skip
    here = {name: columns["g"] == name for name in ("rare", "u", "v")}
    without = np.array([mean(columns, np.asarray(columns[f"r{at}"]), here["rare"]) for at in range(REPLICATES)])
    assert np.isnan(without).sum() == 1
    for test in tests.tests:
        a, b = test.groups or ("", "")
        one, other = (under_replicates(columns, lambda w, at=at: mean(columns, w, here[at])) for at in (a, b))  # type: ignore[misc]
        values = one - other
        values[np.isnan(without)] = np.nan  # the groups' covariance has one set of replicates (R svyby, covmat = TRUE)
        full = mean(columns, columns["w"], here[a]) - mean(columns, columns["w"], here[b])
        if test.test == "difference":
            assert test.estimate == pytest.approx(full)
            assert test.se == pytest.approx(error(values, 1 / (REPLICATES - 1), full if mse else None))
    assert any(note.code == "replicates_dropped" for note in tests.estimates[0].notes)


def test_standardised_figures_leave_out_replicates_without_an_age() -> None:
    columns = drawn()
    columns["age"] = np.where(columns["psu"] == 2, "old", np.where(columns["age"] == "old", "mid", columns["age"]))
    shares = {"old": 0.2, "mid": 0.5, "young": 0.3}
    request = st.Request(variable="y", standard=Standard(variable="age", shares=tuple(shares.items())))
    made = tabulate(survey_of(columns, mse=True), [request]).estimates[0]

    def figure(weights: Floats) -> float:
        return sum(share * mean(columns, weights, columns["age"] == age) for age, share in shares.items())

    values = under_replicates(columns, figure)
    assert np.isnan(values).sum() == 1
    assert made.rows[0].se == pytest.approx(error(values, 1 / (REPLICATES - 1), figure(columns["w"])))
    assert any(note.code == "replicates_dropped" for note in made.notes)


def test_complementary_shares_have_one_error_standardised_or_not() -> None:
    columns = drawn()
    columns["age"] = np.where(columns["psu"] == 2, "old", np.where(columns["age"] == "old", "mid", columns["age"]))
    standard = Standard(variable="age", shares=(("old", 0.2), ("mid", 0.5), ("young", 0.3)))
    for given in (None, standard):
        first, second = tabulate(survey_of(columns), [st.Request(variable="a", standard=given)]).estimates[0].rows
        assert first.se == pytest.approx(second.se, rel=1e-12)


def test_a_model_drops_a_replicate_in_which_a_group_is_empty() -> None:
    columns = drawn()
    model = fit(survey_of(columns), Specification(formula="y ~ g"))
    tests = compare(
        survey_of(columns), [st.Request(variable="y", by=(("g",),))], Comparison(tests=("difference",))
    ).tests  # fmt: skip
    terms = {term.term: term for term in model.terms}
    for test in tests:
        if test.groups and test.groups[0] == "rare":
            assert terms[f"g: {test.groups[1]}"].se == pytest.approx(test.se, rel=1e-9)
    assert any(note.code == "replicates_dropped" for note in model.notes)


def test_a_logistic_model_is_not_refused_for_one_separated_replicate() -> None:
    columns = drawn()
    columns["bin"] = np.where(columns["g"] == "rare", [1.0, 0.0, 0.0, 0.0, 0.0] * REPLICATES, columns["bin"])
    columns["r3"] = np.where((columns["g"] == "rare") & (columns["bin"] == 1), 0.0, columns["r3"])
    model = fit(survey_of(columns), Specification(formula="bin ~ g"))
    assert all(np.isfinite(term.se) and term.se > 0 for term in model.terms)
    (note,) = [note for note in model.notes if note.code == "replicates_dropped"]
    assert dict(note.values)["n"] == 2  # one where the group is empty, one where it is separated


def test_weights_below_zero_count_in_models_as_everywhere() -> None:
    columns = drawn(negative=True)
    columns["g"] = np.where(columns["g"] == "rare", "u", columns["g"])
    survey = survey_of(columns, mse=True)
    (test,) = compare(survey, [st.Request(variable="y", by=(("g",),))], Comparison(tests=("difference",))).tests
    terms = {term.term: term for term in fit(survey, Specification(formula="y ~ g")).terms}
    here = {name: columns["g"] == name for name in ("u", "v")}
    values = under_replicates(columns, lambda w: mean(columns, w, here["v"]) - mean(columns, w, here["u"]))
    full = mean(columns, columns["w"], here["v"]) - mean(columns, columns["w"], here["u"])
    assert terms["g: v"].se == pytest.approx(error(values, 1 / (REPLICATES - 1), full))
    assert terms["g: v"].se == pytest.approx(test.se)


@pytest.mark.parametrize(("formula", "family"), [("bin ~ y + g", "logistic"), ("k ~ y*g", "poisson")])
def test_marginal_effects_are_made_anew_under_every_replicate(formula: str, family: str) -> None:
    columns = drawn()
    columns["g"] = np.where(columns["g"] == "rare", "u", columns["g"])
    asked = Specification(formula=formula, family=family)
    effects = fit(survey_of(columns), asked).effects
    again = []
    for replicate in range(REPLICATES):  # as if the replicate's weights were the sample's: another way to the same
        table = pa.table({name: list(values) for name, values in {**columns, "w": columns[f"r{replicate}"]}.items()})
        one = st.read(table, design=st.Design(weights="w"), kinds=KINDS)
        again.append([effect.estimate for effect in fit(one, asked).effects])
    for effect, values in zip(effects, np.array(again).T, strict=True):
        assert effect.se == pytest.approx(error(values, 1 / (REPLICATES - 1)), rel=1e-5)


def jackknife(groups: int = 10) -> dict[str, Any]:
    dice = np.random.default_rng(9)
    psu = np.repeat(np.arange(groups), 6)
    n = len(psu)
    columns: dict[str, Any] = {"w": np.ones(n), "psu": psu, "y": dice.normal(50, 10, n).round(2),
                               "g": np.where(psu == 0, "one", np.where(psu < 4, "three", "rest"))}  # fmt: skip
    for replicate in range(groups):
        columns[f"r{replicate}"] = np.where(psu == replicate, 0.0, groups / (groups - 1))
    return columns


def test_degrees_of_freedom_are_those_of_the_domain_however_the_design_is_said() -> None:
    columns = jackknife()
    table = pa.table({name: list(values) for name, values in columns.items()})
    psus = st.read(table, design=st.Design(weights="w", psu=("psu",)), kinds={"y": "number"})
    found = []
    for survey in (psus, survey_of(columns, method="jk1")):
        rows = st.summarize(survey, "y", by="g").rows
        found.append({row.by.get("g", ""): (row.df, row.flag, row.ci_low is None) for row in rows})
    assert found[0] == found[1]
    assert found[1] == {
        "": (9, None, False),
        "one": (0, "no_df", True),
        "three": (2, None, False),
        "rest": (5, None, False),
    }
    given = st.summarize(survey_of(columns, method="jk1", df=7.0), "y", by="g").rows
    assert {row.df for row in given} == {7}


def test_coefficients_of_replicates_on_the_command_line(run: Any, tmp_path: Any) -> None:
    columns = drawn()
    file = tmp_path / "r.csv"
    names = list(columns)
    rows = zip(*(columns[name] for name in names), strict=True)
    file.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    rscales = [0.2, 0.3, 0.1, 0.4, 0.2, 0.3, 0.5, 0.2]
    asked = ("summarize", file, "y", "--kind", "y=number", "-w", "w", "--replicate-weights", "r*",
             "--replicate-method", "other", "--replicate-mse", "--format", "json")  # fmt: skip
    ran = run(*asked, "--replicate-rscales", ",".join(map(str, rscales)))
    assert ran.status == 0, ran.err
    everybody = np.ones(40, dtype=bool)
    values = under_replicates(columns, lambda w: mean(columns, w, everybody))
    right = np.sqrt((np.array(rscales) * (values - mean(columns, columns["w"], everybody)) ** 2).sum())
    assert ran.json["rows"][0]["se"] == pytest.approx(right)
    assert run(*asked, "--replicate-rscales", "0.2,x").status == 2
    assert run(*asked, "--replicate-rscales", "0.2,0.3").status != 0
