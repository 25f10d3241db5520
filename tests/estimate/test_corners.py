"""Corners of inference: nearly whole samples, the place where `auto` changes, the ends at 0 and 100%."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.estimate import interval


def shares(p: Any, se: Any, n: float, df: float | None = None, level: float = 0.95) -> interval.Shares:
    p, se = np.atleast_1d(np.asarray(p, dtype=float)), np.atleast_1d(np.asarray(se, dtype=float))
    full = np.full(p.shape, n)
    return interval.Shares(estimate=p, se=se, df=full - 1 if df is None else np.full(p.shape, df), n=full, level=level)


@pytest.mark.parametrize("population", [200, 2000, 20_000_000])
def test_a_sample_of_nearly_all_has_a_small_variance_and_not_none(population: int) -> None:
    sampled = 199
    y = np.arange(sampled, dtype=float)
    data = pa.table({"y": y, "size": np.full(sampled, float(population)), "id": np.arange(sampled)})
    survey = st.read(data, design=st.Design(psu=("id",), fpc=("size",)), kinds={"y": "number", "size": "number"})
    row = st.summarize(survey, "y", stat="mean").rows[0]
    assert row.se == pytest.approx(math.sqrt((1 - sampled / population) * y.var(ddof=1) / sampled), rel=1e-9)


def test_a_sample_of_all_has_no_variance() -> None:
    data = pa.table({"y": np.arange(9.0), "size": np.full(9, 9.0), "id": np.arange(9)})
    survey = st.read(data, design=st.Design(psu=("id",), fpc=("size",)), kinds={"y": "number", "size": "number"})
    assert st.summarize(survey, "y", stat="mean").rows[0].se == 0


@pytest.mark.parametrize(("effective", "few"), [(9.99, True), (10.01, False)])
@pytest.mark.parametrize("p", [0.1, 0.9])
def test_auto_leaves_the_logit_below_ten_effective_respondents(effective: float, few: bool, p: float) -> None:
    """Ten on the rarer side: of an effective n of 100, one in ten."""
    held = shares(p, math.sqrt(p * (1 - p) / (effective * 10)), n=1000.0)
    assert interval.extreme(held).tolist() == [few]
    chosen = interval.nchs(held) if few else interval.logit(held)
    np.testing.assert_allclose(interval.auto(held), chosen, rtol=1e-12)


def test_the_effective_n_is_never_above_the_respondents() -> None:
    held = shares(0.1, math.sqrt(0.09 / 500), n=90.0)  # an effective n of 500, but 9 of 90 respondents
    assert interval.extreme(held).tolist() == [True]
    np.testing.assert_allclose(interval.nchs(held), interval.clopper_pearson(np.array([9.0]), np.array([90.0]), 0.95))


def test_effective_n_is_corrected_for_degrees_of_freedom() -> None:
    from scipy import stats

    held = shares([0.2, 0.5], [0.05, 0.0], n=60.0, df=8.0)
    ratio = (stats.t.ppf(0.975, 59) / stats.t.ppf(0.975, 8)) ** 2
    found = interval.effective_n(held)
    assert found[0] == pytest.approx(0.2 * 0.8 / 0.05**2 * ratio, rel=1e-9)
    assert np.isnan(found[1])


@pytest.mark.parametrize(("df", "corrected"), [(8.0, True), (500.0, False)])
def test_at_the_ends_more_degrees_of_freedom_than_respondents_add_nothing(df: float, corrected: bool) -> None:
    from scipy import stats

    held = shares([0.0, 1.0], [0.0, 0.0], n=12.0, df=df)
    low, high = interval.at_bounds(held, np.array([False, True]), np.array([10.0, 50.0]))
    ratio = (stats.t.ppf(0.975, 11) / stats.t.ppf(0.975, df)) ** 2 if corrected else 1.0
    reach = [1 - 0.025 ** (1 / (kish * ratio)) for kish in (10.0, 12.0)]
    np.testing.assert_allclose(low, [0.0, 1 - reach[1]], rtol=1e-9)
    np.testing.assert_allclose(high, [reach[0], 1.0], rtol=1e-9)


def test_the_logit_takes_the_replicates_own_error_where_there_is_one() -> None:
    held = interval.Shares(estimate=np.array([0.3, 0.3]), se=np.array([0.05, 0.05]), df=np.array([20.0, 20.0]),
                           n=np.array([99.0, 99.0]), level=0.9, logit_se=np.array([0.4, np.nan]))  # fmt: skip
    low, high = interval.logit(held)
    t = 1.7247182429207857
    middle = math.log(0.3 / 0.7)
    for place, se in enumerate((0.4, 0.05 / 0.21)):
        assert low[place] == pytest.approx(1 / (1 + math.exp(-(middle - t * se))), rel=1e-9)
        assert high[place] == pytest.approx(1 / (1 + math.exp(-(middle + t * se))), rel=1e-9)


def test_wilson_is_the_score_interval() -> None:
    """Solves (p - q)^2 = t^2 q (1 - q) / n_eff for q."""
    held = shares(0.3, 0.06, n=400.0, df=25.0)
    t, n_eff = 2.059538552753294, 0.21 / 0.06**2
    for q in np.concatenate(interval.wilson(held)):
        assert (0.3 - q) ** 2 == pytest.approx(t**2 * q * (1 - q) / n_eff, rel=1e-8)


def test_likelihood_ends_where_the_deviance_reaches_t_squared() -> None:
    p, se, n, df = 0.3, 0.06, 120.0, 25.0
    held = shares(p, se, n=n, df=df)
    t = 2.059538552753294
    reach = t**2 * se**2 * n / (p * (1 - p)) * n / (n - 1)
    for q in np.concatenate(interval.likelihood(held)):
        deviance = 2 * n * (p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)))
        assert deviance == pytest.approx(reach, rel=1e-8)


def test_arcsine_is_turned_back_and_cut() -> None:
    held = shares([0.3, 0.01], [0.06, 0.3], n=120.0, df=25.0)
    t = 2.059538552753294
    half = t * 0.06 / (2 * math.sqrt(0.21))
    middle = math.asin(math.sqrt(0.3))
    low, high = interval.arcsine(held)
    assert (low[0], high[0]) == pytest.approx((math.sin(middle - half) ** 2, math.sin(middle + half) ** 2), rel=1e-8)
    assert (low[1], high[1]) == pytest.approx((0.0, 1.0))


def test_an_unknown_interval_gets_near_names() -> None:
    assert (interval.method(None), interval.method(None, quantile=True), interval.method("auto", quantile=True)) == (
        "auto", "wald", "wald",
    )  # fmt: skip
    with pytest.raises(st.errors.UsageError, match=r"no interval is called 'wilsn'\. Did you mean 'wilson'"):
        interval.method("wilsn")
    with pytest.raises(st.errors.UsageError, match=r"no interval of a quantile is called 'zzz'\. Write one of: wald"):
        interval.method("zzz", quantile=True)
