"""Estimators of samples that chose themselves: R's nonprobsvy, laws, and a population whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import surveytool as st
from surveytool.adjustment.estimators import doubly_robust, everybody, impute, ipw
from surveytool.adjustment.links import chance, odds_slope, sample_slope, slope
from surveytool.adjustment.outcome_model import outcome_model
from surveytool.adjustment.participation import _score, chances
from surveytool.adjustment.two_samples import Reference, TwoSamples

COVARIATES = ["region", "private", "nace", "size"]


@pytest.fixture(scope="session")
def vacancies() -> Path:
    folder = Path(__file__).resolve().parents[3] / "shared" / "golden_methods" / "nonprobsvy"
    if not folder.is_dir():
        pytest.skip("the reference data (../shared) are not beside the project")
    return folder


def answer(folder: Path, **more: Any) -> Any:
    made = st.adjust(
        folder / "admin.csv", folder / "jvs.csv", reference_weights="weight", reference_strata="size", by=COVARIATES,
        outcome="single_shift", **more,
    )  # fmt: skip
    return next(row for row in made.rows if row.level == "TRUE" and not row.by), made


@pytest.mark.parametrize(("name", "settings"), [
    ("ipw_mle", {"method": "ipw"}), ("ipw_gee", {"method": "ipw", "participation": "calibrated"}),
    ("mi_glm", {"method": "impute"}), ("dr", {"method": "dr"}),
])  # fmt: skip
def test_figures_agree_with_nonprobsvy(vacancies: Path, name: str, settings: dict[str, str]) -> None:
    gold = json.loads((vacancies / "nonprobsvy.json").read_text("utf-8"))
    row, made = answer(vacancies, **settings)
    told = gold[name]
    assert row.estimate == pytest.approx(told["mean"], abs=1e-7)
    assert row.se == pytest.approx(told["se"], abs=1e-7)
    assert (row.ci_low, row.ci_high) == pytest.approx((told["lower"], told["upper"]), abs=2e-7)
    assert row.unadjusted == pytest.approx(gold["naive"]["mean"], rel=1e-12)
    assert row.se**2 == pytest.approx(row.se_sample**2 + row.se_reference**2)
    if told["sum_weights"] is not None:
        assert made.coverage.weight_sum == pytest.approx(told["sum_weights"], rel=1e-7)


def test_the_linearised_error_stands_beside_the_printed_one(vacancies: Path) -> None:
    printed, _ = answer(vacancies, method="ipw")
    linear, made = answer(vacancies, method="ipw", variance="linearised")
    assert linear.estimate == printed.estimate and linear.se == pytest.approx(printed.se_linearised)
    assert linear.se_linearised is None and not any(note.code == "adjust_variance" for note in made.notes)


def population(draw: np.random.Generator, n: int = 6000) -> tuple[Any, Any, Any]:
    """Columns [N, P], an outcome and chances to take part that depend on the same columns."""
    x = np.column_stack([np.ones(n), draw.uniform(size=n) < 0.4, draw.normal(size=n)]).astype(float)
    y = (draw.uniform(size=n) < 1 / (1 + np.exp(-(-0.5 + x[:, 1] + 0.8 * x[:, 2])))).astype(float)
    return x, y, 1 / (1 + np.exp(-(-2.6 + 0.9 * x[:, 1] + 0.5 * x[:, 2])))


def drawn(draw: np.random.Generator, x: Any, y: Any, p: Any, n: int = 500) -> tuple[TwoSamples, Any]:
    """Who takes part by chance p, and a simple random reference sample."""
    own, there = draw.uniform(size=len(x)) < p, draw.choice(len(x), n, replace=False)
    weights = np.full(n, len(x) / n)
    reference = Reference(
        matrix=x[there], weights=weights, stratum=np.zeros(n, dtype=int), unit=np.arange(n), totals=x[there].T @ weights
    )
    return TwoSamples(matrix=x[own], names=("(1)", "a", "b"), reference=reference, sample=None, there=None), y[own]  # type: ignore[arg-type]


def all_methods(samples: TwoSamples, y: Any) -> dict[str, Any]:
    everyone, own = everybody(samples), everybody(samples, own_size=True)
    ml, calibrated = (chances(samples, link="logit", calibrated=flag) for flag in (False, True))
    logistic, linear = (outcome_model(samples.matrix, y, family) for family in ("logistic", "linear"))
    return {
        "ipw": ipw(samples, ml, y, everyone), "own": ipw(samples, ml, y, own),
        "gee": ipw(samples, calibrated, y, everyone),
        "impute": impute(samples, logistic, y, everyone), "dr": doubly_robust(samples, ml, linear, y, everyone),
        "dr_gee": doubly_robust(samples, calibrated, logistic, y, everyone),
    }  # fmt: skip


def test_errors_are_those_of_samples_drawn_again() -> None:
    """120 samples from one population: no bias, and the linearised errors are the spread of the estimates."""
    draw = np.random.default_rng(11)
    x, y, p = population(draw)
    found: dict[str, list[Any]] = {}
    naive = []
    for _ in range(120):
        samples, own = drawn(draw, x, y, p)
        naive.append(own.mean())
        for name, each in all_methods(samples, own).items():
            found.setdefault(name, []).append(each)
    assert np.mean(naive) - y.mean() > 0.1, "the sample alone is wrong"
    for name, each in found.items():
        estimates = np.array([one.estimate for one in each])
        errors = np.sqrt(np.mean([one.sample_variance + one.reference_variance for one in each]))
        assert abs(estimates.mean() - y.mean()) < 4 * estimates.std() / np.sqrt(len(estimates)) + 0.003, name
        assert 0.82 < errors / estimates.std(ddof=1) < 1.22, name


@pytest.fixture
def some() -> tuple[TwoSamples, Any]:
    draw = np.random.default_rng(3)
    return drawn(draw, *population(draw))


def test_calibrated_chances_meet_the_totals(some: tuple[TwoSamples, Any]) -> None:
    samples, _ = some
    for link in ("logit", "probit", "cloglog"):
        model = chances(samples, link=link, calibrated=True)
        np.testing.assert_allclose(samples.matrix.T @ model.weights, samples.reference.totals, rtol=1e-8)


def test_an_outcome_that_the_covariates_hold_is_met_without_error_of_the_sample(some: tuple[TwoSamples, Any]) -> None:
    samples, _ = some
    target = samples.reference.totals[2] / samples.reference.size
    y = samples.matrix[:, 2]
    model = chances(samples, link="logit", calibrated=True)
    linear = outcome_model(samples.matrix, y, "linear")
    for found in (ipw(samples, model, y, everybody(samples)), impute(samples, linear, y, everybody(samples)),
                  doubly_robust(samples, model, linear, y, everybody(samples))):  # fmt: skip
        assert found.estimate == pytest.approx(target) and found.sample_variance == pytest.approx(0, abs=1e-14)


def test_scaled_reference_weights_scale_chances_of_the_logit_only_in_size(some: tuple[TwoSamples, Any]) -> None:
    """Shares and means by imputation do not depend on the reference's scale."""
    from dataclasses import replace

    samples, y = some
    twice = replace(samples.reference, weights=2 * samples.reference.weights, totals=2 * samples.reference.totals)
    model = outcome_model(samples.matrix, y, "logistic")
    first = impute(samples, model, y, everybody(samples))
    second = impute(replace(samples, reference=twice), model, y, everybody(samples))
    assert first.estimate == pytest.approx(second.estimate)
    assert first.reference_variance == pytest.approx(second.reference_variance)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("calibrated", [False, True])
def test_the_information_is_the_derivative_of_the_score(
    some: tuple[TwoSamples, Any], link: str, calibrated: bool
) -> None:
    samples, _ = some
    at, step = np.array([-1.6, 0.4, 0.3]), 1e-5
    _, information = _score(samples, at, link=link, calibrated=calibrated)
    for place in range(3):
        move = np.eye(3)[place] * step
        above, below = (_score(samples, at + sign * move, link=link, calibrated=calibrated)[0] for sign in (1, -1))
        np.testing.assert_allclose(information[:, place], -(above - below) / (2 * step), rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_the_weights_of_the_score_are_slopes_of_log_chances(link: str) -> None:
    u, step = np.linspace(-3, 1.2, 9), 1e-6
    np.testing.assert_allclose(
        slope(u, link), (chance(u + step, link) - chance(u - step, link)) / (2 * step), rtol=1e-6
    )
    log_rest = (np.log(1 - chance(u + step, link)) - np.log(1 - chance(u - step, link))) / (2 * step)
    np.testing.assert_allclose(odds_slope(u, link), -log_rest, rtol=1e-6)
    log_odds = [np.log(chance(v, link) / (1 - chance(v, link))) for v in (u + step, u - step)]
    np.testing.assert_allclose(sample_slope(u, link), (log_odds[0] - log_odds[1]) / (2 * step), rtol=1e-6)
