"""What replicate weights tell of who was drawn together: the jackknife, half samples, the bootstrap of Rao and Wu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from laws.designs import draw
from scipy.linalg import hadamard

import surveytool as st
from surveytool.coverage_simulation import simulated
from surveytool.coverage_simulation.population import alike_factors, strata_of
from surveytool.tabulation import tabulate

Run = Callable[..., Any]
STRATA = (4, 2, 6, 3)
Factors = Any


def jackknife(sizes: tuple[int, ...]) -> Factors:
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    size = np.array(sizes)[stratum]
    factors = np.where(stratum[:, None] == stratum, size / (size - 1.0), 1.0)
    np.fill_diagonal(factors, 0.0)
    return factors


def bootstrap(sizes: tuple[int, ...], replicates: int, seed: int) -> Factors:
    dice = np.random.default_rng(seed)
    parts = [dice.multinomial(size - 1, np.ones(size) / size, replicates).T * size / (size - 1) for size in sizes]
    return np.vstack(parts)


def halves(rho: float) -> Factors:
    """Seven strata of two units, by a Hadamard matrix of 8."""
    signs = hadamard(8)[1:].astype(float)
    return 1 + (1 - rho) * np.stack([signs, -signs], axis=1).reshape(14, 8)


@pytest.mark.parametrize(
    ("factors", "sizes"),
    [
        (jackknife((20,)), (20,)), (jackknife(STRATA), STRATA), (bootstrap(STRATA, 40, 1), STRATA),
        (bootstrap((30,), 50, 2), (30,)), (halves(0.0), (2,) * 7), (halves(0.3), (2,) * 7),
        (np.vstack([jackknife((3, 3)), np.ones((1, 6))]), (3, 3, 1)),
    ],
)  # fmt: skip
def test_strata_are_those_that_the_replicates_were_made_of(factors: Factors, sizes: tuple[int, ...]) -> None:
    order = np.random.default_rng(4).permutation(len(factors))
    stratum = np.repeat(np.arange(len(sizes)), sizes)[order]
    told = strata_of(factors[order])
    assert told is not None
    assert sorted(map(tuple, told)) == sorted(tuple(np.flatnonzero(stratum == each)) for each in range(len(sizes)))


def test_factors_that_add_up_to_nothing_tell_nothing() -> None:
    dice = np.random.default_rng(6)
    assert strata_of(dice.uniform(0.3, 1.7, (12, 30))) is None  # of nobody's making
    assert strata_of(bootstrap((30,), 10, 3)) is None  # too few of them
    assert strata_of(np.ones((1, 5))) is None


def test_written_weights_are_rounded_and_still_of_one_unit() -> None:
    dice = np.random.default_rng(7)
    unit = np.repeat(np.arange(12), 5)
    weights = dice.uniform(0.5, 4, 60).round(3)
    written = (weights[:, None] * jackknife((12,))[unit]).round(3)
    place, centres = alike_factors(written / weights[:, None])
    assert (place == unit).all()
    assert np.abs(centres - jackknife((12,))).max() < 0.002


@pytest.mark.parametrize("stratified", [False, True])
def test_a_design_is_doubted_the_same_by_its_psus_and_by_its_jackknife(stratified: bool) -> None:
    """The same seed draws the same units; only the intervals differ, by terms of the second order."""
    survey = draw(5, stratified=stratified, psus=24)
    asked = [st.Request(variable="y", statistic=stat) for stat in ("mean", "total", "median", "ratio:x")]
    asked.append(st.Request(variable="c", by=(("g",),)))
    one, other = (
        simulated(each, tabulate(each, asked), draws=40) for each in (survey.by_psus(), survey.by_replicates())
    )
    assert one.units == other.units == 24
    pairs = [(left, right) for left, right in zip(one.rows, other.rows, strict=True) if left.covered is not None]
    assert len(pairs) > 8
    for left, right in pairs:
        assert left.covered is not None and right.covered is not None
        assert abs(left.covered - right.covered) <= 0.1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Replicates that nobody can read: calibrated, every respondent has factors of his own."""
    dice = np.random.default_rng(9)
    frame = pd.DataFrame({"psu": np.repeat(np.arange(10), 6), "w": dice.uniform(1, 3, 60).round(3)})
    frame["y"] = dice.normal(50, 9, 60).round(2)
    for out in range(10):
        own = np.where(frame["psu"] == out, 0.0, 10 / 9)
        frame[f"r{out}"] = (frame["w"] * own * dice.uniform(0.8, 1.2, 60)).round(4)
    frame.to_csv(tmp_path / "made.csv", index=False)
    return tmp_path / "made.csv"


def test_replicates_that_do_not_tell_are_refused_and_named_units_help(run: Run, path: Path) -> None:
    asked = ("doubt", path, "y", "-w", "w", "--replicate-weights", "r?", "--replicate-method", "jk1", "--draws", 20)
    ran = run(*asked)
    assert ran.status == 2 and "--psu" in ran.err and len(ran.err.strip().splitlines()) == 1
    ran = run(*asked, "--psu", "psu", "--format", "json")
    assert ran.status == 0 and ran.json["simulation"]["units"] == 10
    assert ran.json["rows"][0]["samples"] == 20
