"""The small parts: gradients against derivatives, intervals against the exact binomial ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw
from scipy import stats

from surveytool.estimate import interval, statistic

STATISTICS = [each for each in vars(statistic).values() if isinstance(each, statistic.Statistic)]
assert len(STATISTICS) >= 8  # all of them are found
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
