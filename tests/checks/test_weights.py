"""What is told of weights: Kish's worth, extreme ones, codes in their place; each on both sides of its limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveytool import Design, read
from surveytool.checks.design_columns import look, weights_score
from surveytool.checks.raw_survey import RawSurvey
from surveytool.checks.weights import swapped, unnamed, weights


def raw(design: Design | None = None, **columns: Any) -> RawSurvey:
    return RawSurvey(read(pd.DataFrame(columns), design=design or Design(weights="w")))


def told(values: Any) -> dict[str, dict[str, Any]]:
    held = raw(w=np.asarray(values, dtype=float), q=["a"] * len(values))
    return {each.kind: {"severity": each.severity, "n": each.n, **dict(each.what.values)} for each in weights(held)}


def test_the_worth_of_respondents_is_that_of_kish() -> None:
    values = np.r_[np.full(50, 1.1), np.full(50, 3.7)]
    worth = values.sum() ** 2 / (values**2).sum()
    found = told(values)["weights_kish"]
    assert (found["worth"], found["of"], found["loss"]) == (round(worth), 100, round(100 / worth, 2))
    assert found["severity"] == "note"


@pytest.mark.parametrize(("large", "severity"), [(2.4, None), (2.45, "note"), (5.9, "note"), (6.2, "warning")])
def test_a_loss_is_told_above_a_fifth_and_warned_of_above_a_half(large: float, severity: str | None) -> None:
    values = np.r_[np.full(80, 1.1), np.full(20, 1.1 * large)]
    loss = len(values) * (values**2).sum() / values.sum() ** 2
    assert (loss > 1.2, loss > 2) == (severity is not None, severity == "warning")
    assert told(values).get("weights_kish", {}).get("severity") == severity


@pytest.mark.parametrize(("times", "extreme"), [(4.95, False), (5.05, True), (5.4, True)])
def test_a_weight_is_extreme_above_five_times_the_mean(times: float, extreme: bool) -> None:
    rest = np.full(999, 1.1)
    values = np.r_[rest, times * rest.sum() / (1000 - times)]
    assert values[-1] / values.mean() == pytest.approx(times)
    found = told(values).get("weights_extreme")
    assert (found is not None) is extreme
    if found is not None:
        assert (found["ratio"], found["above"]) == (round(times, 1), 1)


def test_what_cannot_be_a_weight_is_counted() -> None:
    found = told([1.5, -2.0, -1.0, np.nan, 0.0, 0.0, 0.0, 2.5, 1.7, np.inf, -np.inf, 1e80])
    faults = ("weights_negative", "weights_missing", "weights_infinite", "weights_huge")
    assert {kind: found[kind]["n"] for kind in faults} == {
        "weights_negative": 2, "weights_missing": 1, "weights_infinite": 2, "weights_huge": 1,
    }  # fmt: skip
    assert found["weights_zero"]["n"] == 3
    assert [found[kind]["severity"] for kind in ("weights_negative", "weights_zero")] == ["error", "warning"]
    assert set(told([0.0, 0.0])) == {"weights_all_zero"}


@pytest.mark.parametrize(("mean", "sums"), [(1.0, True), (1.0009, True), (1.0011, False), (0.9985, False)])
def test_weights_that_sum_to_n(mean: float, sums: bool) -> None:
    values = np.tile([0.8, 1.2], 50) * mean
    assert ("weights_sum_to_n" in told(values)) is sums


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([2.0] * 9, "constant"),
        (list(range(101, 150)), "identifier"),
        ([0, 89, *range(20, 27)], "identifier"),
        ([0, 90, *range(20, 27)], "weights"),
        ([1, 2, 3] * 3, "strata"),
        ([1, 2, 3] * 2 + [1, 2], "weights"),
        ([2, 4, 6] * 4, "strata"),
        ([3, 4, 5] * 4, "weights"),
        ([1, 4, 5] * 4, "weights"),
        ([1.5, 2, 3] * 4, "weights"),
    ],
)
def test_what_numbers_look_like(values: list[float], kind: str) -> None:
    assert look(np.array(values, dtype=float)) == kind


@pytest.mark.parametrize(
    ("name", "values", "like"),
    [
        ("weight", [1.2, 0.8, 1.5, 0.9, 2.0] * 4, True),
        ("x", [1.2001, 0.7999, 1.1003, 0.8997, 1.0, 0.5001, 1.4999] * 4, True),
        ("x", [1.2, 0.8, 1.1, 0.9, 1.0, 0.5, 1.5] * 4, False),
        ("x", [1.2001, 0.7999, 1.1003, 0.8997, 1.0] * 4, False),
        ("x", [1.2501, 0.7999, 1.1003, 0.8997, 1.0, 0.5001, 1.4999] * 4, False),
        ("weight", [1.2, 0.8, 1.5, -0.9, 2.0] * 4, False),
        ("weight", [1.2, 0.8, 1.5, 0.9], False),
        ("weight", [1.2, 0.8, 1.5, 0.9, None] * 4, False),
    ],
)  # fmt: skip
def test_a_column_that_looks_like_weights(name: str, values: list[float], like: bool) -> None:
    held = raw(Design(), **{name: values, "q": ["a"] * len(values)})
    assert (weights_score(held, name) > 0) is like
    assert [each.where for each in unnamed(held)] == ([(name,)] if like else [])


def test_strata_that_hold_fractions_are_told() -> None:
    held = raw(Design(weights="w", strata="s"), w=[1.0, 2.0, 3.0], s=[0.5, 1.5, 1.5])
    (found,) = swapped(held)
    assert (found.kind, found.n) == ("strata_like_weights", 2)
    assert not list(swapped(raw(Design(weights="w", strata="s"), w=[1.5, 2.5, 3.0], s=[1.0, 2.0, 2.0])))
