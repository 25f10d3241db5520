"""Decimals of figures by default: one for shares, two digits of the median error for means, whole totals."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from surveytool.table.figure import decimals_of


@pytest.mark.parametrize(
    ("errors", "decimals"),
    [
        ([0.43, 0.43, 0.43], 2),
        ([0.043, 0.051, 0.9], 3),
        ([0.43, 0.9, 95.0], 2),
        ([4.3, 4.3, 0.01], 1),
        ([43.0], 0),
        ([4300.0], 0),
        ([0.1], 2),
        ([0.0999], 3),
        ([1e-9], 6),
        ([0.0, None, 0.43], 2),
    ],
)
def test_a_mean_shows_two_digits_of_its_median_error(
    samples: ModuleType, errors: list[float | None], decimals: int
) -> None:
    made = samples.means(statistic="mean")
    rows = tuple(replace(made.rows[0], se=error, estimate=31.42) for error in errors)
    assert decimals_of(replace(made, rows=rows), None) == decimals
    assert decimals_of(replace(made, rows=rows), 4) == 4


@pytest.mark.parametrize(
    ("statistic", "estimates", "decimals"),
    [
        ("total", [3.0, 4.0], 0),
        ("total", [3.5, 9.9], 1),
        ("total", [3.5, 10.0], 0),
        ("total", [-3.5, -10.0], 0),
        ("mean", [3.0, 4.0], 0),
        ("mean", [3.5, 4.0], 2),
        ("proportion", [0.5], 1),
    ],
)
def test_without_errors_the_figures_decide(
    samples: ModuleType, statistic: str, estimates: list[float], decimals: int
) -> None:
    made = samples.means(statistic=statistic)
    rows = tuple(replace(made.rows[0], se=None, estimate=value) for value in estimates)
    assert decimals_of(replace(made, rows=rows), None) == decimals


@pytest.mark.parametrize(("high", "decimals"), [(40.0, 0), (40.5, 2)])
def test_a_quantile_of_whole_numbers_is_whole(samples: ModuleType, high: float, decimals: int) -> None:
    made = samples.means(statistic="median")
    rows = (replace(made.rows[0], estimate=31.0, ci_low=30.0, ci_high=high),)
    assert decimals_of(replace(made, rows=rows), None) == decimals
