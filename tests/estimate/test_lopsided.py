"""A note where a few sampling units decide a mean: by brute force over units, and in every design and language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveytool as st
from surveytool.estimate.lopsided import LEAST, PRODUCT

Run = Callable[..., Any]
UNITS, SIZE = 24, 6


def frame(spread: float, seed: int = 3) -> pd.DataFrame:
    """24 units of 6, values lognormal with this sigma, alike within units, and the units' jackknife."""
    dice = np.random.default_rng(seed)
    psu = np.repeat(np.arange(UNITS), SIZE)
    y = np.exp(spread * (0.7 * dice.normal(size=UNITS)[psu] + 0.7 * dice.normal(size=UNITS * SIZE))).round(4)
    made = {"psu": psu, "w": dice.uniform(1, 2, len(psu)).round(3), "y": y, "h": psu // 2, "x": 1.0 + psu % 3}
    for out in range(UNITS):
        made[f"r{out:02d}"] = made["w"] * np.where(psu == out, 0.0, UNITS / (UNITS - 1))
    return pd.DataFrame(made)


def noted(data: pd.DataFrame, design: st.Design, stat: str = "mean") -> bool:
    survey = st.read(data, design=design, kinds={"y": "number", "x": "number"})
    found = st.summarize(survey, "y", stat=stat)
    return any(each.code == "ci_lopsided" for each in found.estimates[0].notes)


def by_hand(data: pd.DataFrame) -> tuple[float, float]:
    """Skewness over the root of the number of units, and the coefficient of variation, of the mean."""
    whole = data["w"].sum()
    mean = (data["w"] * data["y"]).sum() / whole
    parts = (data["w"] * (data["y"] - mean) / whole).groupby(data["psu"]).sum().to_numpy()
    parts = parts - parts.mean()
    se = np.sqrt(UNITS / (UNITS - 1) * (parts**2).sum())
    return float(abs((parts**3).sum()) / (parts**2).sum() ** 1.5), float(se / mean)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("spread", [0.2, 1.3])
def test_the_note_is_the_rule_and_the_jackknife_sees_the_same(spread: float, seed: int) -> None:
    data = frame(spread, seed)
    skewness, variation = by_hand(data)
    wanted = skewness > LEAST and skewness * variation > PRODUCT
    assert noted(data, st.Design(weights="w", psu=("psu",))) == wanted
    if abs(skewness * variation / PRODUCT - 1) > 0.3:  # the jackknife's deviations are of the second order
        replicates = st.Replicates(columns=("r*",), method="jk1")
        assert noted(data, st.Design(weights="w", replicates=replicates)) == wanted


def test_both_sides_of_the_rule_are_tried() -> None:
    told = {noted(frame(1.3, seed), st.Design(weights="w", psu=("psu",))) for seed in range(8)}
    assert told == {True, False} or told == {True}
    assert not any(noted(frame(0.2, seed), st.Design(weights="w", psu=("psu",))) for seed in range(8))


@pytest.mark.parametrize("stat", ["mean", "total", "ratio:x"])
def test_means_totals_and_ratios_of_one_rich_site_are_noted(stat: str) -> None:
    data = frame(0.3)
    data.loc[data["psu"] == 5, "y"] *= 40
    for design in (st.Design(weights="w", psu=("psu",)), st.Design(weights="w", psu=("psu",), strata="h")):
        assert noted(data, design, stat)
    assert not noted(data, st.Design(weights="w"), stat)  # of respondents as units nothing is kept that would tell
    assert not noted(data, st.Design(weights="w", psu=("psu",)), "median")


def test_the_interval_is_t_s_as_before(run: Run, tmp_path: Path) -> None:
    data = frame(0.3)
    data.loc[data["psu"] == 5, "y"] *= 40
    data.to_csv(tmp_path / "rich.csv", index=False)
    asked = ("summarize", tmp_path / "rich.csv", "y", "--stat", "mean", "-w", "w", "--psu", "psu")
    row = run(*asked, "--format", "json").json["rows"][0]
    assert (row["ci_high"] - row["estimate"]) / row["se"] == pytest.approx(2.0686576, abs=1e-6)  # t of 23 df
    for lang, words in (("en", "a few sampling units"), ("es", "unas pocas unidades"), ("fr", "quelques unités")):
        assert words in " ".join(run(*asked, "--lang", lang).out.split())
