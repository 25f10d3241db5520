"""Laws of intervals, covariances, differences, quantiles and tests on drawn designs."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from estimate.test_laws import DESIGNS, Data, rows, surveys
from hypothesis import given, settings
from hypothesis import strategies as draw

import surveytool as st
from surveytool.aggregate.distribution import RULES, distribution, quantile
from surveytool.estimate import group_tests as comparing
from surveytool.estimate import interval
from surveytool.estimate.contrast import Groups, adjusted
from surveytool.estimate.group_tests import Comparison
from surveytool.tabulation import compare

SETTINGS = settings(max_examples=25, deadline=None)
ROUNDING = 1e-9


@draw.composite
def shares(choose: Callable[..., Any]) -> interval.Shares:
    """Proportions inside (0, 1) with any design effect from 0.2 to 20 and few or many degrees of freedom."""
    size = 12
    rng = np.random.default_rng(choose(draw.integers(0, 2**32 - 1)))
    p = rng.uniform(0.001, 0.999, size)
    n = rng.integers(5, 5000, size).astype(float)
    deff = np.exp(rng.uniform(np.log(0.2), np.log(20), size))
    df = np.minimum(rng.integers(1, 200, size), n - 1).astype(float)
    return interval.Shares(estimate=p, se=np.sqrt(deff * p * (1 - p) / n), df=df, n=n, level=0.95)


@pytest.mark.parametrize("name", interval.INTERVALS)
@SETTINGS
@given(given_shares=shares(), level=draw.floats(0.5, 0.94))
def test_every_interval(name: str, given_shares: interval.Shares, level: float) -> None:
    """Inside [0, 1], never NaN, around the estimate, wider at a higher level, mirrored for the complement."""
    from dataclasses import replace

    method = interval.INTERVALS[name]
    low, high = method(given_shares)
    assert np.isfinite(low).all() and np.isfinite(high).all()
    assert (low >= 0).all() and (high <= 1).all()
    assert (low <= given_shares.estimate + ROUNDING).all() and (high >= given_shares.estimate - ROUNDING).all()
    less_low, less_high = method(replace(given_shares, level=level))
    if name != "auto":  # auto may take the other method at the other level
        assert (low <= less_low + ROUNDING).all() and (high >= less_high - ROUNDING).all()
    turned_low, turned_high = method(replace(given_shares, estimate=1 - given_shares.estimate))
    np.testing.assert_allclose(turned_low, 1 - high, atol=1e-7)
    np.testing.assert_allclose(turned_high, 1 - low, atol=1e-7)


def _seen(data: Data, design: st.Design, variable: str) -> Groups:
    """The groups' estimates and covariance that a comparison uses."""
    seen: list[Groups] = []
    original = comparing.contrast.groups

    def spy(*asked: Any, **named: Any) -> Groups:
        seen.append(original(*asked, **named))
        return seen[-1]

    comparing.contrast.groups = spy  # type: ignore[assignment]
    try:
        _compared(data, design, variable, "difference")
    finally:
        comparing.contrast.groups = original
    return seen[0]


def _compared(data: Data, design: st.Design, variable: str, *tests: str) -> Any:
    kinds = {"y": "number", "c": "single", "g": "single", "p": "single", "h": "single"}
    survey = st.read(pa.table(data), design=design, kinds=kinds)  # type: ignore[arg-type]
    request = st.Request(variable=variable, by=(("g",),))
    return compare(survey, [request], Comparison(tests=tests, adjust="none")).tests


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@SETTINGS
@given(data=surveys())
def test_a_covariance_is_symmetric_and_never_negative(design: st.Design, data: Data) -> None:
    for variable in ("y", "c"):
        found = _seen(data, design, variable).covariance
        np.testing.assert_allclose(found, found.T, atol=1e-12 * max(1.0, np.abs(found).max()))
        assert np.linalg.eigvalsh(found).min() >= -1e-9 * max(1e-12, np.abs(found).max())


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@SETTINGS
@given(data=surveys())
def test_a_difference_turns_its_sign_and_a_ratio_its_value(design: st.Design, data: Data) -> None:
    """Groups renamed so that they change places."""
    turned = {**data, "g": [{"u": "v", "v": "u"}[g] for g in data["g"]]}
    if len(set(data["g"])) < 2:
        return
    for test in ("difference", "ratio"):
        (one,), (other,) = (_compared(each, design, "y", test) for each in (data, turned))
        first, second = (_mean(data, name) for name in one.groups)
        wanted = first - second if test == "difference" else first / second
        assert one.estimate == pytest.approx(wanted, rel=1e-9, abs=1e-9)
        assert one.se is not None and other.se is not None
        if test == "difference":
            assert one.se == pytest.approx(other.se, rel=1e-8, abs=1e-9)
            assert (one.p is None) == (other.p is None)
            if one.p is not None:
                assert one.p == pytest.approx(other.p, rel=1e-7)


def _mean(data: Data, group: str) -> float:
    inside = [place for place, g in enumerate(data["g"]) if g == group]
    return float(np.average([data["y"][i] for i in inside], weights=[data["w"][i] for i in inside]))


@SETTINGS
@given(data=surveys(), times=draw.floats(0.1, 50), plus=draw.floats(-100, 100))
def test_quantiles_follow_a_rising_line(data: Data, times: float, plus: float) -> None:
    moved = {**data, "y": [times * y + plus for y in data["y"]]}
    for rule in RULES:
        for stat in ("p25", "median"):
            before, after = (
                rows(each, DESIGNS["clustered"], "y", stat=stat, quantile_rule=rule)[0] for each in (data, moved)
            )
            for key in ("estimate", "ci_low", "ci_high"):
                value = getattr(before, key)
                assert getattr(after, key) == pytest.approx(times * value + plus, rel=1e-9, abs=1e-6)


@SETTINGS
@given(seed=draw.integers(0, 2**32 - 1), n=draw.integers(1, 40))
def test_quantiles_rise_with_the_share_and_stay_among_the_values(seed: int, n: int) -> None:
    """And a step rule's quantile of exp(x) is exp of the quantile."""
    rng = np.random.default_rng(seed)
    values, weights = np.round(rng.normal(size=n), 1), rng.uniform(0.1, 5, n)
    made, curved = distribution(values, weights), distribution(np.exp(values), weights)
    for rule in RULES:
        found = [quantile(made, share, rule) for share in np.linspace(0.01, 0.99, 25)]
        assert all(b >= a - 1e-12 for a, b in pairwise(found)), rule
        assert min(values) - 1e-12 <= found[0] and found[-1] <= max(values) + 1e-12, rule
        if rule in ("math", "hf1", "hf3"):
            there = [quantile(curved, share, rule) for share in np.linspace(0.01, 0.99, 25)]
            assert there == pytest.approx(np.exp(found).tolist(), rel=1e-12)


@SETTINGS
@given(p=draw.lists(draw.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values(p: list[float]) -> None:
    """Never below their own, in the same order, Holm never above Bonferroni."""
    holm, bonferroni = adjusted(p, "holm"), adjusted(p, "bonferroni")
    assert all(own <= h + 1e-15 <= b + 2e-15 <= 1 + 3e-15 for own, h, b in zip(p, holm, bonferroni, strict=True))
    assert [holm[place] for place in np.argsort(p)] == sorted(holm)
    assert math.isclose(min(holm), min(1.0, len(p) * min(p)))


@pytest.mark.parametrize("test", ["rao-scott-f", "rao-scott-chisq", "wald"])
@SETTINGS
@given(data=surveys(), factor=draw.floats(0.01, 100))
def test_a_test_does_not_know_names_or_the_scale_of_weights(test: str, data: Data, factor: float) -> None:
    renamed = {
        **data,
        "w": [factor * w for w in data["w"]],
        "c": [{"a": "z", "b": "y", "c": "x"}[c] for c in data["c"]],
    }
    for design in (DESIGNS["stratified"], DESIGNS["clustered"]):
        found = (
            [_compared(each, design, "c", test) for each in (data, renamed)] if len(set(data["g"])) > 1 else [(), ()]
        )
        assert len(found[0]) == len(found[1])
        for one, other in zip(*found, strict=True):
            assert one.statistic == pytest.approx(other.statistic, rel=1e-6, abs=1e-9)
            assert one.p == pytest.approx(other.p, rel=1e-6, abs=1e-12)
