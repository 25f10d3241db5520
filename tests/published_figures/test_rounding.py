"""Rounding against exact fractions: floating noise decides nothing."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveytool.published_figures import Claim
from surveytool.published_figures.published_rounding import RULES, gives, places, reproduces, rounded, span


def exact(value: Fraction, decimals: int, rule: str) -> Fraction:
    """A fraction of a percentage rounded without any floating number."""
    steps = value * 100 * 10**decimals
    floor = steps.numerator // steps.denominator
    rest = steps - floor
    if rule == "truncated":
        up = False
    elif rest == Fraction(1, 2):
        up = rule == "half up" or floor % 2 == 1
    else:
        up = rest > Fraction(1, 2)
    return Fraction(floor + up) / 10**decimals


@given(st.integers(1, 100_000), st.data(), st.integers(0, 3), st.sampled_from(sorted(RULES)))
def test_counts_over_n_round_as_exact_fractions_do(n: int, data: st.DataObject, decimals: int, rule: str) -> None:
    count = data.draw(st.integers(0, n))
    found = rounded(count / n, "percent", decimals, rule)
    assert Fraction(found) == exact(Fraction(count, n), decimals, rule)


@given(st.integers(0, 199), st.integers(0, 3), st.floats(-4e-12, 4e-12))
def test_noise_does_not_move_a_tie(half: int, decimals: int, noise: float) -> None:
    value = (half + 0.5) / 100 / 10**decimals
    for rule, decimal_rule in (("half up", ROUND_HALF_UP), ("half even", ROUND_HALF_EVEN)):
        wanted = Decimal(f"{half}.5").quantize(Decimal(1), rounding=decimal_rule).scaleb(-decimals)
        assert rounded(value + noise / 10**decimals, "percent", decimals, rule) == wanted


@given(st.integers(0, 1000), st.integers(0, 2), st.sampled_from(["half up", "half even", "truncated", None]))
def test_a_figure_reproduces_itself_and_no_neighbour(steps: int, decimals: int, rule: str | None) -> None:
    scale = 100 * 10**decimals
    value = min(steps, scale) / scale
    assert gives(value, value, "percent", decimals, rule) is not None
    assert gives(value, value + 1 / scale, "percent", decimals, rule) is None
    assert gives(value, value - 1 / scale, "percent", decimals, rule) is None


@given(st.integers(0, 100_000), st.integers(0, 2), st.sampled_from(["half up", "half even", "truncated", None]))
def test_the_span_holds_whatever_is_printed_so(value: int, decimals: int, rule: str | None) -> None:
    share = value / 100_000
    for each in [rule] if rule else list(RULES):
        printed = float(rounded(share, "percent", decimals, each)) / 100
        low, high = span(Claim(id="x", published=printed, decimals=decimals, rounding=rule))
        assert low - Fraction(1, 10**9) <= Fraction(share) <= high + Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [(0.285, 0, ("29", "28", "28")), (0.00285, 2, ("0.29", "0.28", "0.28")), (0.575, 0, ("58", "58", "57")),
     (0.145, 0, ("15", "14", "14")), (0.46999999999999997, 0, ("47", "47", "47")), (1.0, 0, ("100", "100", "100")),
     (0.0004, 1, ("0.0", "0.0", "0.0"))],
)  # fmt: skip
def test_cases_that_floating_numbers_get_wrong(value: float, decimals: int, printed: tuple[str, ...]) -> None:
    assert tuple(str(rounded(value, "percent", decimals, rule)) for rule in RULES) == printed


def test_a_tie_may_go_either_way_where_no_rule_is_named() -> None:
    claims = [Claim(id="x", published=each) for each in (0.28, 0.29)]
    assert [reproduces(0.285, each) for each in claims] == ["half even", "half up"]
    assert reproduces(0.285, Claim(id="x", published=0.28, rounding="half up")) is None
    assert reproduces(0.289, Claim(id="x", published=0.28)) is None
    assert reproduces(0.289, Claim(id="x", published=0.28, rounding="truncated")) == "truncated"


def test_numbers_and_negative_numbers_round_by_their_own_unit() -> None:
    assert gives(33.05, 33.1, "number", 1, None) == "half up"
    assert gives(-2.5, -3.0, "number", 0, None) == "half up"
    assert str(rounded(-0.2, "number", 0, "half up")) == "0"
    assert places(33.25, "number", 0) == 2
    assert places(0.475, "percent", 0) == 1
