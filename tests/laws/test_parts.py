"""The small parts: gradients against derivatives, distributions against scipy."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw
from scipy import stats

from surveytool.estimate import beta, interval, statistic, student

STATISTICS = [each for each in vars(statistic).values() if isinstance(each, statistic.Statistic)]
assert len(STATISTICS) == 8
SHAPES = {"levels": (2, 4, 1), "options": (2, 1, 5), "values": (2, 1, 2), "pair": (2, 1, 3), "quantile": (2, 2, 1)}


@pytest.mark.parametrize("found", STATISTICS, ids=lambda each: f"{each.name}-{each.measure}")
@pytest.mark.parametrize("shift", [0.0, 3.5])
def test_a_gradient_is_the_derivative(found: statistic.Statistic, shift: float) -> None:
    totals = 5 + 4 * np.random.default_rng(7).random(SHAPES[found.measure])
    gradient = found.gradient(totals, shift)
    for place in np.ndindex(*totals.shape):
        step = np.zeros_like(totals)
        step[place] = 1e-6
        slope = (found.value(totals + step, shift) - found.value(totals - step, shift)) / 2e-6
        expected = np.zeros_like(slope)
        expected[place[0]] = gradient[place[0], :, place[1], place[2]]
        np.testing.assert_allclose(slope, expected, atol=2e-8, rtol=1e-6)


@settings(max_examples=150, deadline=None)
@given(df=draw.one_of(draw.integers(1, 10**7).map(float), draw.floats(3, 5000)), level=draw.floats(0.5, 0.999))
def test_t_quantiles_are_those_of_scipy(df: float, level: float) -> None:
    assert student.quantile(df, level) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)


@pytest.mark.parametrize("df", [0.0, -1.0, float("nan")])
def test_no_degrees_of_freedom_no_quantile(df: float) -> None:
    assert np.isnan(student.quantile(df, 0.95))


@settings(max_examples=100, deadline=None)
@given(trials=draw.integers(1, 2000), share=draw.floats(0, 1), level=draw.floats(0.5, 0.999))
def test_clopper_pearson_is_the_exact_binomial_interval(trials: int, share: float, level: float) -> None:
    successes = round(share * trials)
    low, high = interval.clopper_pearson(np.array([float(successes)]), np.array([float(trials)]), level)
    exact = stats.binomtest(successes, trials).proportion_ci(level, "exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_at_the_bounds_it_is_clopper_pearson_at_the_effective_n() -> None:
    n, df = np.array([40.0, 40.0]), np.array([39.0, 39.0])
    shares = interval.Shares(estimate=np.array([0.0, 1.0]), se=np.zeros(2), df=df, n=n, level=0.95)
    low, high = interval.at_bounds(shares, np.array([False, True]), np.array([33.3, 33.3]))
    exact = interval.clopper_pearson(np.array([0.0, 33.3]), np.array([33.3, 33.3]), 0.95)
    np.testing.assert_allclose([low, high], exact, atol=1e-12)


@pytest.mark.parametrize("name", interval.INTERVALS)
def test_an_interval_holds_its_share_and_stays_inside(name: str) -> None:
    p, se = np.meshgrid([1e-4, 0.03, 0.2, 0.5, 0.8, 0.97, 0.9999], [1e-4, 0.02, 0.1, 0.4])
    p, se = p.ravel(), se.ravel()
    given_df, n = np.full(p.shape, 12.0), np.full(p.shape, 80.0)
    shares = interval.Shares(estimate=p, se=se, df=given_df, n=n, level=0.95)
    low, high = interval.INTERVALS[name](shares)
    assert np.all((low >= 0) & (high <= 1) & (low <= p + 1e-12) & (p <= high + 1e-12))


SHAPE = draw.one_of(draw.floats(0.01, 1), draw.floats(1, 5000), draw.floats(5000, 1e8))


@settings(max_examples=500, deadline=None)
@given(a=SHAPE, b=SHAPE, probability=draw.sampled_from([0.0005, 0.005, 0.025, 0.05, 0.95, 0.975, 0.995, 0.9995]))
def test_beta_quantiles_are_those_of_scipy(a: float, b: float, probability: float) -> None:
    found = float(beta.quantile(np.array([a]), np.array([b]), probability)[0])
    last_digit = 2e-14 / min(a, b)  # what the last digit of the probability is worth where a shape is tiny
    assert found == pytest.approx(stats.beta.ppf(probability, a, b), rel=1e-12 + last_digit, abs=1e-300)


def test_the_median_of_a_symmetric_beta_is_one_half() -> None:
    shapes = np.linspace(0.02, 40, 400)  # scipy's is up to 1e-8 away
    np.testing.assert_allclose(beta.quantile(shapes, shapes, 0.5), 0.5, rtol=1e-13)


def test_a_beta_quantile_without_shapes_is_unknown() -> None:
    shapes = np.array([np.nan, 0.0, -1.0, np.inf, 2.0])
    assert np.isnan(beta.quantile(shapes, np.full(5, 2.0), 0.025)).tolist() == [True, True, True, True, False]


def test_a_beta_quantile_does_not_load_scipy_where_a_shape_is_huge() -> None:
    code = (
        "import sys, numpy; from surveytool.estimate.beta import quantile; "
        "quantile(numpy.array([4.0]), numpy.array([3e6]), 0.025); assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
