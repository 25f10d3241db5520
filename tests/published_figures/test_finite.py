"""Margins of error: the finite population correction and how a margin was rounded; counts that a percentage can be."""

from __future__ import annotations

import math

import pytest

from surveytool.published_figures import Claim, check
from surveytool.published_figures.arithmetic import possible, simple_margin

Z = 1.959963984540054


@pytest.mark.parametrize(("n", "population"), [(819, 5000), (4, 5), (10, 11), (3, 1000)])
def test_the_correction_is_that_of_cochran(n: int, population: int) -> None:
    expected = Z * math.sqrt(0.25 / n * (population - n) / (population - 1))
    assert simple_margin(n, population) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("n", "population"), [(819, None), (1, 1), (50, 0)])
def test_without_a_population_there_is_none(n: int, population: int | None) -> None:
    assert simple_margin(n, population) == pytest.approx(Z / 2 / math.sqrt(n), rel=1e-12)
    assert simple_margin(50, 50) == 0


def claim(margin: float, **more: object) -> Claim:
    return Claim(id="m", text="x", published=0.5, unit="percent", margin=margin, n=819, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("margin", "population", "codes"),
    [
        (0.034, None, ("claim_margin", "claim_margin_rounded")),  # 3.42 points are printed as 3.4
        (0.031, 5000, ("claim_margin", "claim_margin_finite")),
        (0.031, None, ("claim_margin",)),
        (0.025, 5000, ("claim_margin",)),
        (0.035, None, ()),
    ],
)
def test_a_margin_below_that_of_a_simple_random_sample(
    margin: float, population: int | None, codes: tuple[str, ...]
) -> None:
    found = check([claim(margin, population=population)])
    told = [each.code for finding in found for each in (*finding.explanation, *finding.reading)]
    assert tuple(told) == codes
    if codes:
        values = dict(found[0].explanation[0].values)
        assert values["needed"] == math.ceil((Z / 2 / margin) ** 2)
        assert found[0].weight == ("doubt" if len(codes) == 2 else "contradiction")


@pytest.mark.parametrize(
    ("published", "n", "fits"),
    [(0.33, 3, True), (0.34, 3, False), (0.5, 3, False), (0.47, 15, True), (0.48, 15, False)],
)
def test_counts_that_a_percentage_can_be(published: float, n: int, fits: bool) -> None:
    assert possible(Claim(id="c", text="x", published=published, unit="percent", n=n), n) is fits
