"""Beta and t quantiles against points by mpmath (beta_points.py), and the laws that all quantiles obey.

scipy is no oracle here: at a=2, b=140702, p=0.95 it is 1.3e-12 from the truth and the house 1e-17.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw
from scipy import stats

from surveytool.estimate import beta, student

FOLDER = Path(__file__).parent


def points(name: str) -> list[tuple[float, ...]]:
    """The rows of a file of points; a float reads the 25 digits to its own last one."""
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [tuple(map(float, row)) for row in list(csv.reader(file))[1:]]


BETA = points("beta_points.csv")
STUDENT = points("student_points.csv")


def test_the_points_reach_from_tiny_to_huge_shapes() -> None:
    assert len(BETA) > 700 and len(STUDENT) > 70
    assert min(row[0] for row in BETA) <= 0.01 and max(row[1] for row in BETA) >= 1e8


def test_beta_quantiles_are_those_of_mpmath() -> None:
    for a, b, probability, x in BETA:
        found = float(beta.quantile(np.array([a]), np.array([b]), probability)[0])
        last_digit = 2e-14 / min(a, b)  # what the last digit of the probability is worth where a shape is tiny
        assert found == pytest.approx(x, rel=1e-13 + last_digit, abs=1e-300), (a, b, probability)


def test_t_quantiles_are_those_of_mpmath() -> None:
    for df, level, t in STUDENT:
        assert student.quantile(df, level) == pytest.approx(t, rel=1e-13), (df, level)


SHAPE = draw.one_of(draw.floats(0.01, 1), draw.floats(1, 5000), draw.floats(5000, 1e8))
PROBABILITY = draw.sampled_from([0.0005, 0.005, 0.025, 0.05, 0.95, 0.975, 0.995, 0.9995])


@settings(max_examples=300, deadline=None)
@given(a=SHAPE, b=SHAPE, probability=PROBABILITY)
def test_beta_quantiles_are_near_those_of_scipy_everywhere(a: float, b: float, probability: float) -> None:
    found = float(beta.quantile(np.array([a]), np.array([b]), probability)[0])
    expected = float(stats.beta.ppf(probability, a, b))
    # scipy's own distance to the points is up to 1.1e-9 (a=2, b=1e8), more where a shape is tiny
    assert found == pytest.approx(expected, rel=1e-8 + 2e-14 / min(a, b), abs=1e-300)


@settings(max_examples=150, deadline=None)
@given(df=draw.one_of(draw.integers(1, 10**7).map(float), draw.floats(3, 5000)), level=draw.floats(0.5, 0.999))
def test_t_quantiles_are_near_those_of_scipy_everywhere(df: float, level: float) -> None:
    assert student.quantile(df, level) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)


@pytest.mark.parametrize("df", [0.0, -1.0, float("nan")])
def test_no_degrees_of_freedom_no_quantile(df: float) -> None:
    assert np.isnan(student.quantile(df, 0.95))


@settings(max_examples=200, deadline=None)
@given(a=draw.floats(0.5, 2900), b=draw.floats(0.5, 2900), probability=draw.floats(0.001, 0.999))
def test_a_beta_quantile_mirrors_and_rises(a: float, b: float, probability: float) -> None:
    x, y = beta.split(a, b, probability)
    mirrored, other = beta.split(b, a, 1 - probability)
    assert (x, y) == pytest.approx((other, mirrored), rel=1e-9)
    assert math.isclose(x + y, 1, rel_tol=1e-15)
    assert beta.split(a, b, min(probability * 1.01, 0.9999))[0] >= x


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
    subprocess.run([sys.executable, "-c", code], check=True, timeout=600)
