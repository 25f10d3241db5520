"""Replicate factors against what they are for: the variance of a total, by every method, and R's own replicates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from surveytool.errors import UnusableDesign, UsageError
from surveytool.weighting.replicate_factors import (
    Factors,
    ReplicatePlan,
    SampledUnits,
    hadamard_matrix,
    made_factors,
    replicate_plan,
)

Y = np.array([3.0, 5.0, 1.0, 9.0, 4.0, 4.5, 2.0, 8.0])


def units(strata: list[int], fraction: float = 0.0) -> SampledUnits:
    count = max(strata) + 1
    return SampledUnits(
        stratum=np.array(strata), fraction=np.full(count, fraction), strata=tuple(f"h{place}" for place in range(count))
    )


def variance(factors: Factors, y: np.ndarray) -> float:
    totals = factors.matrix.T @ y
    centre = y.sum() if factors.mse else totals.mean()
    return float(factors.scale * (factors.rscales * (totals - centre) ** 2).sum())


def textbook(y: np.ndarray, given: SampledUnits) -> float:
    """sum_h (1 - f_h) n_h / (n_h - 1) sum (y - mean)^2."""
    parts = [y[given.stratum == stratum] for stratum in range(len(given.fraction))]
    return float(
        sum(
            (1 - f) * len(part) / (len(part) - 1) * ((part - part.mean()) ** 2).sum()
            for f, part in zip(given.fraction, parts, strict=True)
        )
    )


@pytest.mark.parametrize("fraction", [0.0, 0.3])
@pytest.mark.parametrize(("method", "strata"), [
    ("jk1", [0] * 8), ("jkn", [0, 0, 0, 1, 1, 1, 1, 1]), ("brr", [0, 0, 1, 1, 2, 2, 3, 3]),
    ("fay", [0, 0, 1, 1, 2, 2, 3, 3]),
])  # fmt: skip
def test_the_spread_of_a_total_is_the_textbook_variance(method: str, strata: list[int], fraction: float) -> None:
    given = units(strata, fraction)
    factors = made_factors(ReplicatePlan(method=method), given)
    if method == "jkn":  # about the whole sample's total: the means of strata differ from that of all replicates
        factors = replace(factors, mse=True)
    assert variance(factors, Y) == pytest.approx(textbook(Y, given), rel=1e-10)


@pytest.mark.parametrize("fraction", [0.0, 0.3])
def test_the_bootstrap_comes_near_the_textbook_variance(fraction: float) -> None:
    given = units([0, 0, 0, 1, 1, 1, 1, 1], fraction)
    factors = made_factors(ReplicatePlan(method="bootstrap", count=20_000, seed=3), given)
    assert variance(factors, Y) == pytest.approx(textbook(Y, given), rel=0.03)
    np.testing.assert_allclose(factors.matrix.mean(axis=1), 1.0, atol=0.03)


def test_successive_differences_are_half_the_squared_differences_of_neighbours() -> None:
    """Fay and Train: with one cycle the spread is half of the sum of squares of y_i - y_(i+1), around the circle."""
    factors = made_factors(ReplicatePlan(method="sdr", count=16), units([0] * 8))
    expected = ((Y - np.roll(Y, -1)) ** 2).sum() / 2
    assert variance(factors, Y) == pytest.approx(expected, rel=1e-10)


def test_hadamard_rows_are_orthogonal() -> None:
    signs = hadamard_matrix(12)
    np.testing.assert_array_equal(signs @ signs.T, 16 * np.eye(16))


def test_the_same_seed_draws_the_same_replicates() -> None:
    plans = [ReplicatePlan(method="bootstrap", count=20, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (made_factors(plan, units([0] * 8)).matrix for plan in plans)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(("text", "words"), [
    ("bootstrp:200", "Did you mean 'bootstrap'"), ("bootstrap:x", "no number of replicates"),
    ("bootstrap:1", "no number of replicates"), ("jkn:20", "as many replicates as it needs"),
    ("sdr:80", "power of two"),
])  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        replicate_plan(text)
    assert words in f"{refused.value}"


def test_a_stratum_with_one_unit_stops_with_its_name_and_a_cure() -> None:
    with pytest.raises(UnusableDesign, match="1 strata have one PSU \\(h1\\)"):
        made_factors(ReplicatePlan(method="jkn"), units([0, 0, 0, 1]))
    certain = made_factors(ReplicatePlan(method="jkn"), units([0, 0, 0, 1]), "certainty")
    np.testing.assert_array_equal(certain.matrix[3], 1.0)


def test_half_samples_need_two_units_a_stratum() -> None:
    with pytest.raises(UnusableDesign, match="1 strata have others \\(h0\\)"):
        made_factors(ReplicatePlan(method="brr"), units([0, 0, 0, 1, 1]))
