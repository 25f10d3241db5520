"""Where inference changes its way: units out of order, noise, empty answers, weights that count nobody, decimals."""

from __future__ import annotations

import math
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.aggregate.cells import Stage
from surveytool.errors import UnusableDesign, UsageError
from surveytool.estimate import contrast
from surveytool.estimate.contrast import NOISE
from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.estimate_rows import _total_notes
from surveytool.estimate.freedom import _domain_rank
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.stage_spread import roll, unsampled
from surveytool.notes import note
from surveytool.survey import Request
from surveytool.tabulation import compare, tabulate
from surveytool.text import words

EN = words("en")


def stage(parent: list[int], sampled: list[float], population: list[float] | None = None) -> Stage:
    full = np.full(len(sampled), math.inf) if population is None else np.array(population)
    return Stage(parent=np.array(parent, dtype=np.intp), sampled=np.array(sampled), population=full)


@pytest.mark.parametrize(("parents", "sums"), [
    ([0, 0, 1, 1], [3.0, 7.0]), ([0, 1, 0, 1], [4.0, 6.0]), ([1, 0, 1, 0], [6.0, 4.0]), ([0, 1, 1, 0], [5.0, 5.0]),
    ([1, 1, 1, 1], [0.0, 10.0]),
])  # fmt: skip
def test_units_of_a_parent_may_stand_apart(parents: list[int], sums: list[float]) -> None:
    found = roll(np.array([[1.0], [2.0], [3.0], [4.0]]), stage(parents, [2.0, 2.0]))
    assert found[:, 0].tolist() == sums


@pytest.mark.parametrize(("sampled", "population", "left"), [
    (5.0, 10.0, 0.5), (9.0, 9.0, 0.0), (9.0, 9.0 * (1 + 5e-8), 0.0), (9.0, 9.0 * (1 + 2e-7), 2e-7),
    (9.0, math.inf, 1.0),
])  # fmt: skip
def test_what_is_not_in_the_sample(sampled: float, population: float, left: float) -> None:
    assert unsampled(stage([0], [sampled], [population]))[0] == pytest.approx(left, rel=1e-6)


@pytest.mark.parametrize(("variance", "se"), [
    (4.0, 2.0), (NOISE**2, 0.0), (4 * NOISE**2, 2 * NOISE), (0.0, 0.0), (-NOISE / 2, 0.0), (-2 * NOISE, math.nan),
])  # fmt: skip
def test_a_variance_of_floating_noise_is_none(variance: float, se: float) -> None:
    found = contrast.tested(1.0, variance, 10.0, 0.95, size=1.0)
    assert found.se == pytest.approx(se, nan_ok=True)
    assert math.isnan(found.p) == (not se > 0)


def test_a_t_test_is_the_estimate_over_its_error() -> None:
    from scipy import stats

    found = contrast.tested(3.0, 4.0, 10.0, 0.9)
    half = 2 * stats.t.ppf(0.95, 10)
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half))
    assert found.statistic == 1.5 and found.p == pytest.approx(2 * stats.t.sf(1.5, 10))
    assert math.isnan(contrast.tested(3.0, 4.0, 0.0, 0.9).p)


def people(n: int = 60) -> dict[str, list[Any]]:
    rng = np.random.default_rng(8)
    data = {
        "c": rng.choice(["a", "b", "z"], n).tolist(), "g": rng.choice(["u", "v", "w"], n).tolist(),
        "y": rng.normal(10, 2, n).tolist(), "d": ["in"] * n, "w": rng.uniform(1, 3, n).tolist(),
    }  # fmt: skip
    data["d"] = ["out" if c == "z" or g == "w" else "in" for c, g in zip(data["c"], data["g"], strict=True)]
    return data


def test_answers_and_groups_without_respondents_have_no_degrees_of_freedom() -> None:
    """Three answers by three groups, of which a domain has two by two: one degree of freedom."""
    survey = st.read(pa.table(people()), design=st.Design(weights="w"), kinds={"y": "number"})
    tests = ("rao-scott-chisq", "rao-scott-f", "wald", "adjusted-wald")
    wanted = Comparison(tests=tests)
    found = {}
    for where in (None, "d == 'in'"):
        made = compare(survey, [Request(variable="c", by=(("g",),), where=where)], wanted).tests
        found[where] = {each.test: each for each in made}
    assert found[None]["rao-scott-chisq"].df1 == 4.0 and found["d == 'in'"]["rao-scott-chisq"].df1 == 1.0
    assert found[None]["wald"].df1 == 4.0 and found["d == 'in'"]["wald"].df1 == 1.0


def test_one_group_is_nothing_to_compare() -> None:
    survey = st.read(pa.table(people()), design=st.Design(weights="w"), kinds={"y": "number"})
    with pytest.raises(UsageError) as refused:
        compare(survey, [Request(variable="y", by=(("g",),), where="g == 'u'")], Comparison(tests=("difference",)))
    assert "g has fewer than two groups with respondents." in str(refused.value)
    assert refused.value.cure == "Name another breakdown."


@pytest.mark.parametrize(("rows", "weight", "code"), [
    (3, 0.0, None), (0, 0.0, None), (100, 100.4, "weights_sum_to_n"), (100, 101.0, None),
    (100, 1000.5, "weights_implied_decimals"),
    (100, 1002.0, None), (100, 100.0 * 10**8, "weights_implied_decimals"), (100, 100.0 * 10**9, None),
    (100, 10.0, None),
])  # fmt: skip
def test_weights_that_count_nobody(rows: int, weight: float, code: str | None) -> None:
    cells: Any = SimpleNamespace(units=SimpleNamespace(rows=rows, weight=weight))
    assert [each.code for each in _total_notes(cells)] == ([code] if code is not None else [])


def test_implied_decimals_and_lonely_strata_in_words() -> None:
    assert EN.say(note("weights_implied_decimals", decimals=2, factor=100)) == (
        "The weights sum to the number of respondents times 100: they have 2 implied decimals, "
        "so totals count no people."
    )
    assert EN.say(note("lonely_psu", policy="adjust", strata=("North",), n=1)) == (
        "The stratum North has one PSU only. It is compared with the mean of the whole sample, so intervals tend to be "
        "wide (--lonely-psu adjust)."
    )
    assert EN.say(note("lonely_psu", policy="certainty", strata=("A", "B"), n=2)) == (
        "2 strata have one PSU only (A and B). They are taken as certain to be in the sample and add nothing to the "
        "variance (--lonely-psu certainty)."
    )


def lonely(policy: str, strata: list[str], psus: list[int]) -> Any:
    data = {"y": [float(each) for each in range(len(strata))], "h": strata, "p": psus}
    design = st.Design(strata="h", psu="p", lonely_psu=policy)  # type: ignore[arg-type]
    survey = st.read(pa.table(data), design=design, kinds={"y": "number", "p": "single"})
    return tabulate(survey, [Request(variable="y", statistic="mean")])


def test_one_unit_is_no_design() -> None:
    with pytest.raises(UnusableDesign) as refused:
        lonely("adjust", ["a"] * 6, [1] * 6)
    assert "the whole sample is one PSU, so no variance can be estimated." in str(refused.value)
    assert refused.value.cure == "Check --psu; at least two primary sampling units (or respondents) are needed."


@pytest.mark.parametrize(("strata", "words"), [
    (["a", "b", "b", "b"], "1 stratum has only one PSU: a."),
    (["a", "b", *"c" * 60], "2 strata have only one PSU: a, b."),
    ([*"abcdefgh", *"x" * 60], "8 strata have only one PSU: a, b, c, d, e, f, g, h."),
    ([*"abcdefghi", *"x" * 60], "9 strata have only one PSU: a, b, c, d, e, f, g, h, ...."),
])  # fmt: skip
def test_strata_with_one_unit_are_named(strata: list[str], words: str) -> None:
    with pytest.raises(UnusableDesign) as refused:
        lonely("fail", strata, list(range(len(strata))))
    assert words in str(refused.value)
    assert lonely("remove", strata, list(range(len(strata)))).estimates[0].rows[0].n == len(strata)


@pytest.mark.parametrize(
    ("values", "whole"), [((40.0, 38.0, 41.0), 0), ((40.5, 38.0, 41.0), 1), ((40.0, 38.5, 41.0), 1)]
)
def test_a_quantile_of_whole_numbers_has_no_decimals(samples: ModuleType, values: Any, whole: int) -> None:
    made = samples.means((samples.SEX,))
    rows = tuple(replace(row, estimate=values[0], ci_low=values[1], ci_high=values[2], se=0.5) for row in made.rows)
    assert decimals_of(replace(made, statistic="median", rows=rows), None) == whole * 2
    assert decimals_of(replace(made, statistic="median", rows=rows), 3) == 3


@pytest.mark.parametrize(
    ("error", "decimals"), [(0.5, 2), (0.05, 3), (1.0, 1), (9.9, 1), (10.0, 0), (900.0, 0), (1e-9, 6)]
)
def test_a_mean_shows_two_digits_of_its_error(samples: ModuleType, error: float, decimals: int) -> None:
    made = samples.means((samples.SEX,))
    rows = tuple(replace(row, se=error) for row in made.rows)
    assert decimals_of(replace(made, rows=rows), None) == decimals


@pytest.mark.parametrize(("values", "decimals"), [([3.0, 9.0], 0), ([3.5, 9.9], 1), ([3.5, 10.0], 0), ([0.25], 1)])
def test_small_totals_have_a_decimal(samples: ModuleType, values: list[float], decimals: int) -> None:
    made = samples.means((samples.SEX,))
    rows = tuple(replace(made.rows[0], estimate=value) for value in values)
    assert decimals_of(replace(made, statistic="total", rows=rows), None) == decimals


def test_the_rank_of_a_domain_is_that_of_all_its_weights() -> None:
    """Many respondents alike and a few others: those looked at first do not decide."""
    factors = np.ones((400, 3))
    factors[7], factors[11] = (1.0, 2.0, 3.0), (2.0, 0.0, 1.0)
    assert _domain_rank(factors, 3.0) == 3.0 == np.linalg.matrix_rank(factors)
    assert _domain_rank(factors, 2.0) == 2.0
    assert _domain_rank(factors[:7], 3.0) == 1.0 and _domain_rank(factors[:0], 3.0) == 0.0


def test_a_rank_test_is_of_the_groups_that_have_respondents() -> None:
    """Two groups with numbers are compared as two, though a third was named."""
    rng = np.random.default_rng(8)
    data = {"g": ["x"] * 30 + ["y"] * 30 + ["z"] * 30, "n": [*rng.normal(size=60).tolist(), *[None] * 30]}
    asked, wanted = [Request(variable="n", by=(("g",),), statistic="mean")], Comparison(tests=("rank",))
    pair = {name: values[:60] for name, values in data.items()}
    whole, two = (compare(st.read(pa.table(each)), asked, wanted).tests for each in (data, pair))
    assert len(whole) == 1
    assert [(each.statistic, each.df1, each.p) for each in whole] == [
        (pytest.approx(each.statistic, rel=0.01), each.df1, pytest.approx(each.p, rel=0.01)) for each in two
    ]
