"""Margins that are estimates: R's svrep on the California schools, laws, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import surveytool as st
from surveytool.errors import SurveytoolError, UsageError
from surveytool.weighting.margin_totals import (
    MarginTotals,
    covariance_of,
    linear_covariance,
    replicate_totals,
    uncertain_directions,
)
from surveytool.weighting.margins import Margin, read_margins


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "golden_methods" / "calibrate_to_estimate"


def schools(folder: Path, **more: Any) -> Any:
    given = {"margins_from": folder / "apiclus1.csv", "reference_weights": "pw", "reference_psu": "dnum"}
    given |= {"replicates": "jkn", **more}
    return st.weight(
        folder / "apistrat.csv", ["stype", "enroll"], method="linear",
        design=st.Design(weights="pw", strata="stype"), **given,
    )  # fmt: skip


def test_fuller_agrees_with_svrep(folder: Path) -> None:
    gold = json.loads((folder / "calibrate_to_estimate.json").read_text("utf-8"))
    made = schools(folder)
    np.testing.assert_allclose(made.weighted.met.totals, gold["controls"]["est"], rtol=1e-10)
    np.testing.assert_allclose(made.weighted.met.covariance, gold["controls"]["vcov"], rtol=1e-9)
    for name, key, stat in (("api00", "mean_api00", "mean"), ("api.stu", "total_api_stu", "total")):
        row = next(row for row in st.summarize(made.survey, name, stat=stat).rows if not row.by)
        told = gold["fuller_estimated_controls"][key]
        assert row.estimate == pytest.approx(told["est"], rel=1e-9)
        assert row.se == pytest.approx(told["se"], rel=1e-7)


def test_known_totals_agree_with_r(folder: Path, tmp_path: Path) -> None:
    gold = json.loads((folder / "calibrate_to_estimate.json").read_text("utf-8"))
    names, totals = ["E", "H", "M"], gold["controls"]["est"]
    lines = [f"stype,{name},{total!r}" for name, total in zip(names, totals[:3], strict=True)]
    (tmp_path / "margins.csv").write_text(
        "\n".join(["variable,level,value", *lines, f"enroll,,{totals[3]!r}"]), "utf-8"
    )
    made = st.weight(
        folder / "apistrat.csv", margins=tmp_path / "margins.csv", method="linear", replicates="jkn",
        design=st.Design(weights="pw", strata="stype"),
    )  # fmt: skip
    row = st.summarize(made.survey, "api00", stat="mean").rows[0]
    assert row.estimate == pytest.approx(gold["fixed_controls"]["mean_api00"]["est"], rel=1e-9)
    assert row.se == pytest.approx(gold["fixed_controls"]["mean_api00"]["se"], rel=1e-6)  # about the replicates' mean


def test_the_reference_replicates_bring_about_the_same_variance(folder: Path) -> None:
    """Opsomer and Erciulescu: the spread of a calibrated total is that of the reference survey's."""
    gold = json.loads((folder / "calibrate_to_estimate.json").read_text("utf-8"))
    made = schools(folder, reference_method="opsomer")
    row = st.summarize(made.survey, "enroll", stat="total").rows[0]
    assert row.estimate == pytest.approx(gold["controls"]["est"][3], rel=1e-9)
    assert row.se == pytest.approx(np.sqrt(gold["controls"]["vcov"][3][3]), rel=1e-6)


def test_the_spread_of_the_replicate_totals_is_the_covariance() -> None:
    draw = np.random.default_rng(2)
    root = draw.normal(size=(3, 3))
    covariance = root @ root.T
    margins = MarginTotals(
        matrix=np.eye(3),
        totals=np.array([5.0, 6.0, 7.0]),
        names=(("a", None), ("b", None), ("c", None)),
        covariance=covariance,
    )
    scales = draw.uniform(0.1, 2, 9)
    apart = replicate_totals(margins, scales, 1)[1:] - margins.totals
    np.testing.assert_allclose(apart.T @ (apart * scales[:, None]), covariance, rtol=1e-10)
    with pytest.raises(UsageError, match="3 uncertain margins need as many replicates; there are 2"):
        replicate_totals(margins, scales[:2], 1)


def test_errors_of_shares_hang_together_as_shares_of_a_sample() -> None:
    """Of a multinomial sample of n the variances give back its whole covariance; of two shares both errors are one."""
    shares, n = np.array([0.2, 0.3, 0.5]), 400
    errors = tuple(np.sqrt(shares * (1 - shares) / n))
    margin = Margin(variable="age", targets=(("a", 0.2), ("b", 0.3), ("c", 0.5)), errors=errors)
    made = covariance_of((margin,), [1.0])
    np.testing.assert_allclose(made, (np.diag(shares) - np.outer(shares, shares)) / n, atol=1e-15)
    two = covariance_of((Margin(variable="sex", targets=(("m", 0.4), ("f", 0.6)), errors=(0.02, 0.02)),), [100.0])
    np.testing.assert_allclose(two, 4.0 * np.array([[1, -1], [-1, 1]]), atol=1e-12)


def test_a_total_is_as_uncertain_as_by_hand() -> None:
    made = linear_covariance(np.array([[1.0], [2.0], [6.0]]), np.ones(3), np.zeros(3, dtype=int), np.arange(3))
    assert made[0, 0] == pytest.approx(3 / 2 * (4 + 1 + 9))


@pytest.mark.parametrize(
    "matrix", [[[1.0, 2.0], [0.0, 1.0]], [[1.0, 2.0], [2.0, 1.0]], [[float("nan"), 0.0], [0.0, 1.0]]]
)
def test_what_is_no_covariance_is_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(UsageError, match="covariance of the margins"):
        uncertain_directions(np.array(matrix))


PEOPLE = "sex,yes\n" + "male,1\nmale,1\nfemale,1\nfemale,0\nfemale,0\n" * 40


def weighed(tmp_path: Path, margins: str, **more: Any) -> Any:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "margins.csv").write_text(margins, "utf-8")
    return st.weight(tmp_path / "people.csv", margins=tmp_path / "margins.csv", **more)


def test_a_margin_with_an_error_has_it_in_the_tables(tmp_path: Path) -> None:
    made = weighed(
        tmp_path, "variable,level,value,se\nsex,male,0.5,0.03\nsex,female,0.5,0.03\n", replicates="bootstrap:50"
    )
    rows = {row.level: row for row in st.summarize(made.survey, "sex").rows}
    assert rows["male"].estimate == pytest.approx(0.5) and rows["male"].se == pytest.approx(0.03, rel=1e-6)
    known = weighed(tmp_path, "variable,level,value\nsex,male,0.5\nsex,female,0.5\n", replicates="bootstrap:50")
    assert st.summarize(known.survey, "sex").rows[0].se == pytest.approx(0, abs=1e-9)
    wide, narrow = (st.summarize(each.survey, "yes").rows[0].se for each in (made, known))
    assert wide > narrow


@pytest.mark.parametrize(("margins", "more", "words"), [
    ("variable,level,value,se\nsex,male,0.5,-0.03\nsex,female,0.5,0.03\n", {}, "1 of 2 standard errors are missing"),
    ("variable,level,value,se\nsex,male,0.5,\nsex,female,0.5,0.03\n", {}, "standard errors are missing"),
])  # fmt: skip
def test_errors_that_cannot_be_used_are_refused(tmp_path: Path, margins: str, more: dict[str, Any], words: str) -> None:
    with pytest.raises(SurveytoolError, match=words):
        weighed(tmp_path, margins, **{"replicates": "bootstrap:20", **more})


def test_a_covariance_file_is_read_in_the_margins_order(tmp_path: Path) -> None:
    cov = tmp_path / "cov.csv"
    cov.write_text("margin,sex=male,sex=female\nsex=male,25,-25\nsex=female,-25,25\n", "utf-8")
    margins = "variable,level,value\nsex,male,100\nsex,female,100\n"
    made = weighed(tmp_path, margins, covariance=cov, replicates="bootstrap:30")
    assert {row.level: row for row in st.summarize(made.survey, "sex").rows}["male"].se == pytest.approx(
        0.025, rel=1e-3
    )
    cov.write_text("margin,sex=male\nsex=male,25\n", "utf-8")
    with pytest.raises(UsageError, match="lacks 1 of 2 margins \\(sex=female\\)"):
        weighed(tmp_path, margins, covariance=cov, replicates="bootstrap:30")


def test_a_reference_survey_without_the_margins_or_groups_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "other.csv").write_text("sex,w\n" + "male,2\nfemale,1\nother,1\n" * 20, "utf-8")
    for names, words in ((["yes", "sex"], "lacks 1 of 2 margins \\(yes\\)"), (["sex"], "1 groups of sex .*other")):
        with pytest.raises(UsageError, match=words):
            st.weight(
                tmp_path / "people.csv",
                names,
                margins_from=tmp_path / "other.csv",
                reference_weights="w",
                replicates="jk1",
            )


def test_margins_of_a_file_keep_their_errors(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("variable,level,value,se\nsex,male,48%,2%\nsex,female,52%,2%\nage,,1000,\n", "utf-8")
    sex, age = read_margins(path)
    assert sex.errors == pytest.approx((0.02, 0.02)) and age.errors == ()


def test_replicates_come_by_themselves_where_margins_are_estimates(tmp_path: Path, folder: Path) -> None:
    """A jackknife of few units: the same as the one that is named; of many a bootstrap."""
    made = weighed(tmp_path, "variable,level,value,se\nsex,male,0.5,0.03\nsex,female,0.5,0.03\n")
    assert any(each.code == "weighting_chosen_replicates" for each in made.notes)
    assert made.survey.design.replicates.method == "jkn"
    np.testing.assert_allclose(
        schools(folder, replicates=None).weighted.replicates, schools(folder).weighted.replicates, rtol=1e-12
    )
