"""All replicates at once are what one after another would be."""

from __future__ import annotations

import numpy as np
import pytest

from surveytool.weighting.calibrate import calibrate, rake
from surveytool.weighting.calibrate_replicates import Distance, calibrated
from surveytool.weighting.response import by_cells, by_propensity, propensities
from surveytool.weighting.trimming import TrimmingRule, shared_out

DRAW = np.random.default_rng(5)
ROWS, COLUMNS = 120, 7
A, B = DRAW.integers(0, 3, ROWS), DRAW.integers(0, 2, ROWS)
AGE = DRAW.uniform(18, 80, ROWS)
MATRIX = np.column_stack([*(place == A for place in range(3)), *(place == B for place in range(2))]).astype(float)
WEIGHTS = DRAW.uniform(1, 4, (ROWS, COLUMNS))
TOTALS = np.repeat([[100.0, 120.0, 80.0, 140.0, 160.0]], COLUMNS, axis=0)


@pytest.mark.parametrize(("name", "bounds"), [
    ("linear", None), ("raking", None), ("logit", (0.2, 4.0)), ("raking", (0.3, 3.0)), ("linear", (0.3, 3.0)),
])  # fmt: skip
def test_it_agrees_with_one_column_at_a_time(name: str, bounds: tuple[float, float] | None) -> None:
    made, missed = calibrated(WEIGHTS, MATRIX, TOTALS, Distance(name=name, bounds=bounds))
    assert missed.max() < 1e-9
    for column in range(COLUMNS):
        single = calibrate(WEIGHTS[:, column], MATRIX, TOTALS[column], name, bounds)
        np.testing.assert_allclose(made[:, column], single, rtol=1e-7)


def test_raking_is_iterative_fitting() -> None:
    made, _ = calibrated(WEIGHTS, MATRIX, TOTALS, Distance(name="raking"))
    for column in range(COLUMNS):
        fitted = rake(WEIGHTS[:, column], [(A, TOTALS[column, :3]), (B, TOTALS[column, 3:])])
        np.testing.assert_allclose(made[:, column], fitted, rtol=1e-8)


def test_numbers_are_met_without_classes() -> None:
    matrix = np.column_stack([MATRIX, AGE])
    totals = np.column_stack([TOTALS, np.full(COLUMNS, 300 * 45.0)])
    made, missed = calibrated(WEIGHTS, matrix, totals, Distance(name="linear"))
    assert missed.max() < 1e-9
    np.testing.assert_allclose(made.T @ matrix, totals, rtol=1e-8)


def test_limits_and_margins_both_hold() -> None:
    free, _ = calibrated(WEIGHTS, MATRIX, TOTALS, Distance(name="raking"))
    low, high = TrimmingRule(low=0.5, high=1.6).limits(free)
    made, missed = calibrated(free, MATRIX, TOTALS, Distance(name="raking"), (low, high))
    assert missed.max() < 1e-8
    assert (made <= high * (1 + 1e-9)).all() and (made >= low * (1 - 1e-9)).all()
    assert (free > high).any(), "there was something to cut"


def test_margins_that_cannot_be_met_are_missed_and_said() -> None:
    totals = TOTALS.copy()
    totals[:, 4] += 50  # the two margins sum to different populations
    _, missed = calibrated(WEIGHTS, MATRIX, totals, Distance(name="raking"))
    assert missed.min() > 1e-4


def test_shared_out_weights_keep_their_sum_within_limits() -> None:
    low, high = TrimmingRule(high=1.3).limits(WEIGHTS)
    made = shared_out(WEIGHTS, low, high)
    np.testing.assert_allclose(made.sum(axis=0), WEIGHTS.sum(axis=0), rtol=1e-12)
    assert (made <= high * (1 + 1e-12)).all()


def test_the_range_between_quartiles_is_a_limit() -> None:
    column = np.arange(1.0, 102.0)[:, None]
    _, high = TrimmingRule(iqr=0.5).limits(column)
    assert high[0] == pytest.approx(51 + 0.5 * 50)


def test_cells_raise_respondents_to_everybody() -> None:
    respondent = DRAW.uniform(size=ROWS) < 0.7
    made, failed = by_cells(WEIGHTS, A, respondent, ["a", "b", "c"])
    assert not failed.any() and (made[~respondent] == 0).all()
    for cell in range(3):
        np.testing.assert_allclose(made[cell == A].sum(axis=0), WEIGHTS[cell == A].sum(axis=0))


def test_propensities_are_the_weighted_logistic_regression_of_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    respondent = DRAW.uniform(size=ROWS) < 1 / (1 + np.exp(-(AGE - 45) / 20))
    matrix = np.column_stack([np.ones(ROWS), (AGE - AGE.mean()) / AGE.std()])
    chance, failed = propensities(WEIGHTS, matrix, respondent)
    assert not failed.any()
    for column in range(2):
        fit = sm.GLM(
            respondent.astype(float), matrix, family=sm.families.Binomial(), freq_weights=WEIGHTS[:, column]
        ).fit()
        np.testing.assert_allclose(chance[:, column], fit.predict(matrix), rtol=1e-6)
    made, _ = by_propensity(WEIGHTS, matrix, respondent, None)
    np.testing.assert_allclose(made[respondent], (WEIGHTS / chance)[respondent])
    classes, _ = by_propensity(WEIGHTS, matrix, respondent, 5)
    np.testing.assert_allclose(classes.sum(axis=0), WEIGHTS.sum(axis=0))
