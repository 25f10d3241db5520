"""Totals of categories never go below 0, nor below who was counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import surveytool as st
from surveytool.estimate.interval import log_interval

FRAME = pd.DataFrame({
    "psu": np.repeat(np.arange(12), 6), "w": np.tile([2.0, 3.0, 4.0, 2.5, 3.5, 5.0], 12),
    "c": ["d" if place in (7, 40) else "e" for place in range(72)],
    "g": ["x" if place < 36 else "y" for place in range(72)],
})  # fmt: skip
FRAME.loc[40, "c"] = "f"
DESIGN = st.Design(weights="w", psu=("psu",))


def rows(**asked: object) -> dict[tuple[str | None, str], st.api.Row]:
    found = st.summarize(FRAME, "c", stat="total", design=DESIGN, **asked).rows  # type: ignore[arg-type]
    return {(row.level, row.by.get("g", "")): row for row in found}


def test_the_interval_is_that_of_the_logarithm() -> None:
    row = rows()["e", ""]
    assert row.estimate and row.se and row.ci_low and row.ci_high
    reach = np.exp(stats.t.ppf(0.975, 11) * row.se / row.estimate)
    assert (row.ci_low, row.ci_high) == pytest.approx((row.estimate / reach, row.estimate * reach), rel=1e-10)
    assert row.ci_method == "log"


def test_it_is_cut_at_who_was_counted_only_where_weights_make_a_population() -> None:
    row = rows()["d", ""]
    assert (row.count, row.ci_low) == (1, 1.0)
    few = FRAME.assign(w=FRAME["w"] / FRAME["w"].mean())
    low = next(each for each in st.summarize(few, "c", stat="total", design=DESIGN).rows if each.level == "d").ci_low
    assert low is not None and 0 < low < 1


def test_nobody_is_no_certain_zero() -> None:
    row = rows(by="g")["d", "y"]
    assert (row.estimate, row.ci_low) == (0.0, 0.0)
    assert row.ci_high is not None and 5 < row.ci_high < row.n_weighted


def test_wald_is_symmetric_and_totals_of_numbers_stay_so() -> None:
    row = rows(ci="wald")["d", ""]
    assert row.estimate and row.ci_low and row.ci_high and row.ci_low < 0
    assert row.ci_high - row.estimate == pytest.approx(row.estimate - row.ci_low)
    number = FRAME.assign(v=np.arange(72) * 1.5)
    (total,) = st.summarize(number, "v", stat="total", design=DESIGN).rows
    assert total.ci_low and total.ci_high and total.estimate
    assert total.ci_high - total.estimate == pytest.approx(total.estimate - total.ci_low)


def test_the_interval_of_a_certain_total_is_itself() -> None:
    low, high = log_interval(np.array([5.0, np.nan]), np.array([0.0, 1.0]), np.array([9.0, 9.0]), 0.95)
    assert (low[0], high[0]) == (5.0, 5.0) and np.isnan(low[1]) and np.isnan(high[1])
