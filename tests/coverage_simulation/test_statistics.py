"""Doubt of every statistic: of skewed values t lies below the truth too often, medians hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

import surveytool as st
from surveytool.coverage_simulation import simulated
from surveytool.tabulation import tabulate


def test_means_totals_and_ratios_of_one_rich_site_lie_below_and_medians_do_not() -> None:
    dice = np.random.default_rng(12)
    psu = np.repeat(np.arange(16), 8)
    y = np.exp(dice.normal(0, 0.5, 128)) * np.where(psu == 3, 30, 1)
    table = pa.table({"psu": psu, "w": np.ones(128), "y": y.round(4), "x": dice.uniform(5, 9, 128).round(3)})
    kinds = {"y": "number", "x": "number"}
    survey = st.read(table, design=st.Design(weights="w", psu=("psu",)), kinds=kinds)
    asked = [st.Request(variable="y", statistic=stat) for stat in ("mean", "total", "ratio:x", "median")]
    found = simulated(survey, tabulate(survey, asked), draws=150)
    *skewed, median = found.rows
    for row in skewed:  # of 16 draws with replacement a third have no rich site
        assert row.covered is not None and row.covered < 0.8, row.row.table
        assert row.below is not None and row.above is not None and row.below > row.above
    assert median.covered is not None and median.covered >= 0.85
    assert all(row.samples == 150 for row in found.rows)
