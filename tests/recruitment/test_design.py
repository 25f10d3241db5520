"""A survey whose design names its recruitment: every command's corridor, with the weights that it makes."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveytool as st
from surveytool.aggregate.recruited_sample import read_recruitment
from surveytool.errors import SurveytoolError, UnusableDesign, UsageError


def frame(rows: int = 120) -> pd.DataFrame:
    generator = np.random.default_rng(4)
    recruiter = ["seed", "seed"] + [f"p{int(generator.integers(max(row // 2, 1)))}" for row in range(2, rows)]
    return pd.DataFrame({
        "id": [f"p{row}" for row in range(rows)], "recruiter": recruiter, "degree": generator.integers(1, 30, rows),
        "work": generator.choice(["yes", "no"], rows), "sex": generator.choice(["f", "m"], rows),
        "age": generator.integers(18, 70, rows).astype(float),
    })  # fmt: skip


def design(**changed: Any) -> st.Design:
    settings = {"id": "id", "recruiter": "recruiter", "degree": "degree", "replicates": 60} | changed
    return st.Design(recruitment=st.Recruitment(**settings))


def rows(data: pd.DataFrame, how: st.Design, *names: str, **asked: Any) -> dict[Any, Any]:
    made = st.summarize(st.read(data, design=how), list(names), **asked)
    return {(row.variable, row.level, tuple(row.by.items())): row for row in made.rows}


def test_rds_ii_is_the_mean_under_one_over_the_degree() -> None:
    data = frame()
    row = rows(data, design(), "work")[("work", "yes", ())]
    inverse = 1 / data["degree"]
    assert row.estimate == pytest.approx((inverse * (data["work"] == "yes")).sum() / inverse.sum(), rel=1e-12)
    assert row.df == 59
    assert row.se > 0


def test_replicates_are_those_that_columns_would_be() -> None:
    """The same weights as columns of a file give the same figures, of groups and conditions too."""
    from surveytool.aggregate.columns_read import columns_needed
    from surveytool.aggregate.encoded_columns import Columns, arrow_table

    data, how = frame(), design()
    survey = st.read(data, design=how)
    _, names = columns_needed(survey, [])
    recruited = read_recruitment(Columns(survey, arrow_table(data, names)), np.ones(len(data)))
    matrix = recruited.replicates()
    assert matrix is not None
    wide = data.assign(w=recruited.weights(), **{f"rw{at}": column for at, column in enumerate(matrix.T)})
    named = st.Design(weights="w", replicates=st.Replicates(columns=("rw*",), method="bootstrap", df=59))
    asked: dict[str, Any] = {"by": ["sex"], "where": "age >= 30"}
    ours, theirs = rows(data, how, "work", "age", **asked), rows(wide, named, "work", "age", **asked)
    assert set(ours) == set(theirs)
    for key, row in ours.items():
        assert (row.estimate, row.se) == pytest.approx((theirs[key].estimate, theirs[key].se), rel=1e-12)


@pytest.mark.parametrize("variance", ["tree", "neighbourhood", "salganik"])
@pytest.mark.parametrize("estimator", ["rds-i", "rds-ii", "gile-ss", "none"])
def test_every_estimator_goes_with_every_variance_or_is_refused(estimator: str, variance: str) -> None:
    asked = {"estimator": estimator, "variance": variance, "population": 1000}
    if (estimator, variance) == ("rds-i", "neighbourhood"):
        with pytest.raises(UsageError, match="no transitions"):
            design(**asked)
        return
    made = rows(frame(), design(**asked), "work", by=["sex"])
    assert all(0 < row.estimate < 1 and row.se > 0 for row in made.values())
    assert sum(row.estimate for key, row in made.items() if not key[2]) == pytest.approx(1)


def test_rds_i_weighs_each_question_by_its_own_answers() -> None:
    data = frame()
    alone = rows(data, design(estimator="rds-i"), "sex")[("sex", "f", ())]
    both = rows(data, design(estimator="rds-i"), "work", "sex")
    assert both[("sex", "f", ())].estimate == pytest.approx(alone.estimate, rel=1e-12)
    group = (data["sex"] == "m").to_numpy().astype(int)
    place = {name: at for at, name in enumerate(data["id"])}
    counted = np.zeros((2, 2))
    for at, name in enumerate(data["recruiter"]):
        if name in place:
            counted[group[place[name]], group[at]] += 1
    moves = counted / counted.sum(axis=1, keepdims=True)
    settled = moves[1, 0] / (moves[1, 0] + moves[0, 1])
    mean = [1 / (1 / data["degree"][group == code]).mean() for code in (0, 1)]
    share = settled / mean[0] / (settled / mean[0] + (1 - settled) / mean[1])
    assert alone.estimate == pytest.approx(share, rel=1e-10)


def test_the_population_scales_the_weights() -> None:
    row = rows(frame(), design(population=5000), "work", stat="total")
    assert sum(each.estimate for each in row.values()) == pytest.approx(5000)


@pytest.mark.parametrize(("choice", "n"), [("leave-out", 118), ("mean", 120), ("largest", 120)])
def test_missing_degrees_are_a_choice(choice: str, n: int) -> None:
    data = frame()
    data["degree"] = data["degree"].astype(float)
    data.loc[5, "degree"], data.loc[9, "degree"] = 0.0, np.nan
    with pytest.raises(UnusableDesign, match=r"missing, 0 or negative in 2 rows \(data row 6, 10\).*leave-out"):
        rows(data, design(), "work")
    assert rows(data, design(missing_degree=choice), "work")[("work", "yes", ())].n == n


def test_what_cannot_be_is_refused() -> None:
    data = frame()
    with pytest.raises(UnusableDesign, match="population of 50 is smaller than the sample of 120"):
        rows(data, design(population=50), "work")
    with pytest.raises(UnusableDesign, match="nobody has a degree"):
        rows(data.assign(degree=0), design(), "work")
    with pytest.raises(UnusableDesign, match="nobody was recruited"):
        rows(data.assign(recruiter="seed"), design(), "work")
    for wrong in ({"estimator": "gile-ss"}, {"degree": None}, {"recruiter": None}, {"replicates": 3}, {"seed": 1.5}):
        with pytest.raises(UsageError):
            design(**wrong)
    with pytest.raises(UsageError, match="two answers to one question"):
        st.Design(weights="w", recruitment=design().recruitment)
    with pytest.raises(UsageError, match="cannot both make the variance"):
        st.Design(psu=("p",), recruitment=design().recruitment)
    with pytest.raises(UsageError, match="who recruited whom"):
        st.Design(sample="rds")


@pytest.mark.parametrize("changed", [{"estimator": "rds-i"}, {"variance": "salganik"}])
def test_what_needs_the_answers_to_one_question_is_refused_elsewhere(changed: dict[str, str]) -> None:
    with pytest.raises(SurveytoolError, match="answers to one question"):
        rows(frame(), design(**changed), "age", stat="mean")


def test_the_method_stands_under_every_table() -> None:
    text = st.summarize(st.read(frame(), design=design()), "work").render()
    assert "RDS-II" in text
    assert "tree bootstrap (60 samples" in text


def test_no_other_sample_is_drawn_from_one_by_recruitment() -> None:
    with pytest.raises(UsageError, match="who could have recruited whom"):
        st.doubt(frame(), "work", design=design(), draws=20)


@pytest.mark.parametrize(("asked", "words"), [
    ({}, 'weight.type = "RDS-II"'), ({"variance": "salganik"}, 'uncertainty = "Salganik"'),
    ({"estimator": "gile-ss", "population": 900}, "population.size = 900"),
    ({"variance": "neighbourhood"}, "Neighboot"),
])  # fmt: skip
def test_the_script_is_of_package_rds(asked: dict[str, Any], words: str) -> None:
    from surveytool.replication_code import explain
    from surveytool.text import words as language

    survey = st.read(frame(), design=design(**asked))
    told = explain(st.summarize(survey, "work").results, survey.codebook, language("en"))[0]
    assert words in told.r
    assert "library(RDS)" in told.r
    assert "no command for samples by recruitment" in told.stata
    assert any("recruited one another" in line for line in told.lines)
    if rscript := which("Rscript"):
        done = subprocess.run([rscript, "-e", "invisible(parse(file('stdin')))"], input=told.r, text=True,
                              capture_output=True, check=False, timeout=60)  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_compare_model_and_quantiles_take_the_same_weights() -> None:
    from surveytool.estimate.group_tests import Comparison
    from surveytool.regression import Specification
    from surveytool.survey import Request
    from surveytool.tabulation import compare, regress

    survey = st.read(frame(), design=design())
    groups = {row.by["sex"]: row.estimate for row in st.summarize(survey, "age", by="sex", stat="mean").rows if row.by}
    request = Request(variable="age", by=(("sex",),), statistic="mean")
    tests = compare(survey, [request], Comparison(tests=("difference",))).tests
    assert abs(tests[0].estimate or 0) == pytest.approx(abs(groups["f"] - groups["m"]))
    terms = regress(survey, Specification(formula="age ~ sex")).models[0].terms
    assert abs(terms[1].estimate) == pytest.approx(abs(groups["f"] - groups["m"]))
    assert terms[1].se == pytest.approx(tests[0].se, rel=1e-6)
    median = st.summarize(survey, "age", stat="median").rows[0]
    assert median.ci_low < median.estimate < median.ci_high
