"""Thresholds and corners of making weights, on data small enough to reckon by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import SurveytoolError, UsageError
from surveytool.weighting import Made, Wanted, make, written_margin
from surveytool.weighting.calibrate import calibrate, factors_of, rake
from surveytool.weighting.margins import margin_of


def people(weights: list[float] | None = None, **columns: list[str]) -> st.Survey:
    some = next(iter(columns.values()))
    table: dict[str, Any] = {**columns, "w": weights or [1.0] * len(some)}
    return st.read(pa.table(table), design=st.Design(weights="w"))


def made(survey: st.Survey, *margins: str, **more: Any) -> Made:
    return make(survey, Wanted(margins=tuple(written_margin(each) for each in margins), **more))


HALVES = {"a": ["x", "x", "y", "y"] * 5, "b": ["u", "v"] * 10}


@pytest.mark.parametrize(("shares", "words"), [
    ({"E": "60.5", "H": "30", "M": "12"}, "sum to 102.5, not to 100"),
    ({"E": "0.5", "H": "0.3", "M": "0.3"}, "sum to 1.1, not to 1."),
])  # fmt: skip
def test_shares_that_do_not_add_up_are_refused(shares: dict[str | None, object], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        margin_of("stype", shares)
    assert words in str(refused.value) and "the shares of stype" in str(refused.value)
    assert refused.value.cure == "Mend them."


def test_numbers_of_people_are_no_shares() -> None:
    people_of = margin_of("stype", {"E": "60.5", "H": "300"})
    assert not people_of.shares and not people_of.amiss
    assert not margin_of("stype", {"E": "60", "H": "43"}).amiss  # whole numbers near 100 may be people


@pytest.mark.parametrize("text", ["=5", " = 5", "sex", ": Male=1"])
def test_a_margin_without_a_name_or_a_value_is_refused(text: str) -> None:
    if text.startswith(":"):
        with pytest.raises(SurveytoolError):
            made(people(**HALVES), text)
        return
    with pytest.raises(UsageError, match="is no margin"):
        written_margin(text)


@pytest.mark.parametrize("option", ["bounds", "trim"])
@pytest.mark.parametrize("pair", [(0.5, 1.0), (1.0, 2.0), (-0.1, 2.0), (0.5, float("inf"))])
def test_limits_lie_on_both_sides_of_one(option: str, pair: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="two numbers, below and above 1"):
        made(people(**HALVES), "a: x=0.6, y=0.4", method="raking", **{option: pair})


@pytest.mark.parametrize(("size", "growth"), [
    (8.0, 0.4), (12.0, 1.0), (20.0, 1.0), (39.0, 1.0), (40.0, 2.0), (60.0, 3.0), (2000.0, 100.0),
])  # fmt: skip
def test_old_weights_grow_first_where_they_stand_for_far_fewer_or_more(size: float, growth: float) -> None:
    """20 respondents of weight 1: beyond half and twice their sum they are multiplied first."""
    result = made(people(**HALVES), "a: x=0.6, y=0.4", size=size)
    assert result.growth == growth
    assert result.factor_high == pytest.approx(0.6 * size / 10 / growth)
    assert result.factor_low == pytest.approx(0.4 * size / 10 / growth)


def test_bounds_hold_over_the_weights_that_have_grown() -> None:
    result = made(
        people(**HALVES), "a: x=0.6, y=0.4", "b: u=0.45, v=0.55", size=2000.0, method="logit", bounds=(0.5, 2.0)
    )
    assert result.growth == 100.0 and result.total == pytest.approx(2000.0)
    assert 0.5 < result.factor_low < result.factor_high < 2.0


def test_numbers_of_people_that_differ_by_rounding_are_one_population() -> None:
    """Within a millionth the first margin's sum counts, and both are met."""
    result = made(people(**HALVES), "a: x=600000, y=400000", "b: u=450000.4, v=550000")
    assert result.total == pytest.approx(1_000_000, rel=1e-11)
    assert result.gap < 1e-6
    with pytest.raises(UsageError, match="different populations: a 1e\\+06, b 1e\\+06"):
        made(people(**HALVES), "a: x=600000, y=400000", "b: u=450002, v=550000")


@pytest.mark.parametrize(("distance", "bounds"), [
    ("linear", None), ("raking", None), ("logit", (0.5, 2.0)), ("logit", (0.1, 8.0)), ("raking", (0.2, 5.0)),
])  # fmt: skip
def test_the_slope_of_a_distance_is_its_derivative(distance: str, bounds: tuple[float, float] | None) -> None:
    u = np.linspace(-1.2, 1.2, 9)
    step = 1e-6
    above, below = (factors_of(u + side, distance, bounds)[0] for side in (step, -step))
    factor, slope = factors_of(u, distance, bounds)
    np.testing.assert_allclose(slope, (above - below) / (2 * step), rtol=1e-6, atol=1e-9)
    assert factors_of(np.zeros(1), distance, bounds)[0][0] == pytest.approx(1.0)
    if bounds is not None:
        assert (factor >= bounds[0]).all() and (factor <= bounds[1]).all()


def test_far_targets_are_met_by_half_steps() -> None:
    """From sums of 10 and 10 to 9,990 and 10: the first full step would multiply by e to the 998."""
    weights = np.ones(20)
    matrix = np.column_stack([np.arange(20) < 10, np.arange(20) >= 10]).astype(float)
    found = calibrate(weights, matrix, np.array([9990.0, 10.0]), "raking")
    np.testing.assert_allclose(found, np.where(np.arange(20) < 10, 999.0, 1.0), rtol=1e-10)


def test_raking_is_the_product_offactors_of() -> None:
    """Deming and Stephan's example in small: weights are row factor times column factor, and both sums are met."""
    rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = rake(np.array([1.0, 2.0, 3.0, 4.0]), [(rows, np.array([6.0, 4.0])), (columns, np.array([5.0, 5.0]))])
    np.testing.assert_allclose(np.bincount(rows, found), [6, 4])
    np.testing.assert_allclose(np.bincount(columns, found), [5, 5])
    assert found[0] * found[3] / (found[1] * found[2]) == pytest.approx(1 * 4 / (2 * 3))  # the odds ratio stays


def test_trimmed_weights_lie_at_their_limits_and_meet_the_margin() -> None:
    """One weight of 9 beside nine of 1, trimmed at twice the mean, to halves: by hand 4 x and 6 y make 10 each."""
    survey = people([9.0] + [1.0] * 9, a=["x"] * 5 + ["y"] * 5)
    result = made(survey, "a: x=0.5, y=0.5", trim=(0.3, 2.0))
    assert result.gap < 1e-9
    assert result.largest == pytest.approx(2.0 * result.total / 10, rel=1e-8)
    assert result.smallest >= 0.3 * result.total / 10 * (1 - 1e-8)
    assert result.calibrated is None


def test_a_weight_at_the_lower_limit_stays_there_and_the_margin_is_met() -> None:
    """A tenth beside nine of 1: it rises to half of the mean, 10/10 of the whole, and the others give it up."""
    survey = people([0.1] + [1.0] * 9, a=["x"] * 5 + ["y"] * 5)
    result = made(survey, "a: x=0.5, y=0.5", trim=(0.5, 3.0), size=10.0)
    assert result.gap < 1e-9
    assert result.smallest == pytest.approx(0.5, rel=1e-8)
    np.testing.assert_allclose(result.weights, [0.5] + [4.5 / 4] * 4 + [1.0] * 5, rtol=1e-8)


def test_percents_are_shares_of_a_hundred() -> None:
    made = margin_of("sex", {"Male": "48%", "Female": "51,5 %", "Other": "0.5%"})
    assert [value for _, value in made.targets] == pytest.approx([0.48, 0.515, 0.005])
    assert made.shares and not made.amiss
    with pytest.raises(UsageError, match="'48%' is no number"):
        margin_of("age", {None: "48%"})
