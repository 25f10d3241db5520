"""The sums behind every figure against the same sums by pandas, and the rules of quantiles against numpy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from aggregate.respondents import DESIGNS

import surveytool as st
from surveytool.aggregate.collect import collect
from surveytool.aggregate.distribution import RULES, distribution, quantile, rule_named
from surveytool.aggregate.question import Question
from surveytool.errors import UsageError
from surveytool.survey import Request


def tally(table: pa.Table, measure: str, design: str = "weights", **asked: Any) -> Any:
    survey = st.read(table, design=DESIGNS[design])
    request = Request(**asked)
    statistic = {"levels": "proportion", "values": "mean", "options": "proportion"}[measure]
    question = Question(request=request, id="q", statistic=statistic, measure=measure)  # type: ignore[arg-type]
    tallies, _ = collect(survey, [question])
    return next(iter(tallies))


@pytest.mark.parametrize("design", ["weights", "strata and psu"])
def test_sums_of_answers_are_those_of_pandas(table: pa.Table, design: str) -> None:
    frame = table.to_pandas()
    frame = frame[frame["work"].notna() & (frame["w"] > 0)]
    whole, by_sex = tally(table, "levels", design, variable="work", by=(("sex",),)).cells
    assert whole.weights_squared == pytest.approx([(frame["w"] ** 2).sum()])
    assert whole.n.tolist() == [len(frame)]
    assert whole.n_weighted == pytest.approx([frame["w"].sum()])
    known = frame[frame["sex"].notna()]
    for place, (sex,) in enumerate(by_sex.breakdown.groups):
        group = known[known["sex"] == sex]
        assert by_sex.weights_squared[place] == pytest.approx((group["w"] ** 2).sum())
        assert by_sex.n[place] == len(group)
        sums = group.groupby("work")["w"].sum()
        levels = tally(table, "levels", design, variable="work").levels
        assert by_sex.totals()[place, :, 0] == pytest.approx([sums[label] for label, _ in levels])
        assert by_sex.count[place].tolist() == [int((group["work"] == label).sum()) for label, _ in levels]


def test_sums_of_squares_of_respondents_as_units(table: pa.Table) -> None:
    frame = table.to_pandas()
    frame = frame[frame["age"].notna() & (frame["w"] > 0)]
    (cells,) = tally(table, "values", variable="age").cells
    w, y = frame["w"].to_numpy(), frame["age"].to_numpy() - cells.shift
    second = np.array([[(w**2).sum(), (w**2 * y).sum()], [(w**2 * y).sum(), (w**2 * y**2).sum()]])
    cross = np.array([[w.sum(), (w * y).sum()], [(w * y).sum(), (w * y**2).sum()]])
    np.testing.assert_allclose(cells.second.sum(axis=0)[0, 0], second, rtol=1e-10)
    np.testing.assert_allclose(cells.cross[0, 0], cross, rtol=1e-10)


def test_sums_of_options_and_of_their_pairs(table: pa.Table) -> None:
    frame = table.to_pandas()
    frame = frame[frame["media"].notna() & (frame["w"] > 0)]
    made = tally(table, "options", variable="media")
    (cells,) = made.cells
    flags = frame[[f"media/{code}" for _, code in made.levels]].to_numpy(dtype=float)
    some = flags.any(axis=1)  # who chose none is told in a note and not in the base
    flags, w = flags[some], frame["w"].to_numpy()[some]
    held = np.column_stack([np.ones(len(flags)), flags])
    np.testing.assert_allclose(cells.totals()[0, 0], w @ held, rtol=1e-12)
    np.testing.assert_allclose(cells.cross[0, 0], (held * w[:, None]).T @ held, rtol=1e-12)
    np.testing.assert_allclose(cells.second.sum(axis=0)[0, 0], (held * (w**2)[:, None]).T @ held, rtol=1e-12)
    assert cells.count[0].tolist() == flags.sum(axis=0).tolist()


def test_replicates_sum_under_every_weight(table: pa.Table) -> None:
    frame = table.to_pandas()
    frame = frame[frame["age"].notna() & (frame["w"] > 0)]
    (cells,) = tally(table, "values", "replicates", variable="age").cells
    expected = [frame[f"rw{place}"].sum() for place in range(8)]
    np.testing.assert_allclose(cells.replication.totals[:, 0, 0, 0], expected, rtol=1e-12)


NUMPYS = {
    "hf1": "inverted_cdf", "hf2": "averaged_inverted_cdf", "hf4": "interpolated_inverted_cdf", "hf5": "hazen",
    "hf6": "weibull", "hf7": "linear", "hf8": "median_unbiased", "hf9": "normal_unbiased", "math": "inverted_cdf",
    "school": "averaged_inverted_cdf",
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"hf3"}))  # R's svyquantile has a rule of its own there
@pytest.mark.parametrize("n", [1, 2, 7, 10])
def test_with_equal_weights_a_rule_is_that_of_hyndman_and_fan(rule: str, n: int) -> None:
    values = np.random.default_rng(n).permutation(np.arange(n) ** 2 + 3.0)
    held = distribution(values, np.ones(n))
    for share in (0.0, 0.1, 0.25, 1 / 3, 0.5, 0.62, 0.9, 1.0):
        expected = float(np.quantile(values, share, method=NUMPYS[rule]))  # type: ignore[call-overload]
        assert quantile(held, share, rule) == pytest.approx(expected, rel=1e-12), share


@pytest.mark.parametrize("rule", ["math", "hf1", "hf2", "school"])
def test_a_weight_of_two_is_two_respondents(rule: str) -> None:
    once = distribution(np.array([1.0, 2.0, 4.0, 8.0]), np.array([2.0, 1.0, 3.0, 1.0]))
    each = distribution(np.array([1.0, 1, 2, 4, 4, 4, 8]), np.ones(7))
    for share in np.linspace(0, 1, 29):
        assert quantile(once, share, rule) == quantile(each, share, rule), share


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("hf5", 2.5), ("hf6", 2 + 2 / 3), ("hf7", 3.0), ("hf8", 2.5641025641025643), ("hf9", 2.547169811320755)],
)
def test_plotting_positions_of_unequal_weights(rule: str, expected: float) -> None:
    """Worked by hand: weights 1, 2, 3, 2 of 1, 2, 4, 8; positions of a rule are k of n where weights are 1."""
    w = np.array([1.0, 2.0, 3.0, 2.0])
    c, total, last = np.cumsum(w), w.sum(), w[-1]
    before = c - w
    by_hand = {
        "hf5": (c - w / 2) / total, "hf6": c / (total + last), "hf7": np.r_[0.0, c[:-1]] / c[-2],
        "hf8": (before + 2 * c) / 3 / (total + last / 3), "hf9": (3 * before + 5 * c) / 8 / (total + last / 4),
    }  # fmt: skip
    found = quantile(distribution(np.array([1.0, 2.0, 4.0, 8.0]), w), 0.35, rule)
    assert found == pytest.approx(float(np.interp(0.35, by_hand[rule], [1.0, 2.0, 4.0, 8.0])), rel=1e-12)


def test_without_respondents_or_share_there_is_no_quantile() -> None:
    assert np.isnan(quantile(distribution(np.array([]), np.array([])), 0.5, "math"))
    assert np.isnan(quantile(distribution(np.array([1.0]), np.array([1.0])), float("nan"), "math"))


def test_an_unknown_rule_gets_near_names() -> None:
    assert rule_named("hf7") == "hf7"
    with pytest.raises(UsageError, match=r"--quantile-rule: no quantile rule is called 'hf77'\. Did you mean 'hf7'"):
        rule_named("hf77")
    with pytest.raises(UsageError, match="Write one of: math, school, hf1"):
        rule_named("zzz")
