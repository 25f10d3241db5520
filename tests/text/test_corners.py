"""Where numbers and lists change their form, each side of the edge."""

from __future__ import annotations

import pytest

from surveytool.text import words
from surveytool.text.number import rounded


@pytest.mark.parametrize(("low", "high", "text"), [
    (0.0, 5.0, "0.0–5.0"), (0.5, 3.0, "0.5–3.0"), (-0.5, 3.0, "-0.5 to 3.0"), (-0.04, 3.0, "0.0–3.0"),
])  # fmt: skip
def test_a_word_stands_between_ends_where_one_is_below_zero(low: float, high: float, text: str) -> None:
    assert words("en").interval(low, high, percent=False) == text


@pytest.mark.parametrize(("share", "decimals", "text"), [
    (0.0, 0, "0%"), (0.004, 0, "<1%"), (0.005, 0, "1%"), (0.994, 0, "99%"), (0.995, 0, ">99%"), (1.0, 0, "100%"),
    (0.00049, 1, "<0.1%"), (0.0005, 1, "0.1%"), (0.99949, 1, "99.9%"), (0.9995, 1, ">99.9%"), (-0.0001, 1, "0.0%"),
    (1.004, 0, "100%"), (1.2, 0, "120%"), (float("nan"), 1, "–"), (None, 1, "–"),
])  # fmt: skip
def test_a_share_near_its_ends(share: float | None, decimals: int, text: str) -> None:
    assert words("en").percent(share, decimals) == text


@pytest.mark.parametrize(
    ("level", "text"), [(0.95, "95%"), (0.9, "90%"), (0.999, "99.9%"), (0.975, "97.5%"), (0.5, "50%")]
)
def test_a_level_has_a_decimal_where_it_needs_one(level: float, text: str) -> None:
    assert words("en").level(level) == text


@pytest.mark.parametrize(("many", "most", "text"), [
    (0, 4, ""), (1, 4, "a"), (2, 4, "a and b"), (4, 4, "a, b, c and d"), (5, 4, "a, b, c and 2 more"),
])  # fmt: skip
def test_a_list_ends_where_it_is_too_long(many: int, most: int, text: str) -> None:
    assert words("en").join("abcdefgh"[:many], most=most) == text


def test_fifteen_are_listed_and_of_sixteen_two_are_more() -> None:
    said = words("en")
    assert said.join([str(each) for each in range(15)]).endswith("13 and 14")
    assert said.join([str(each) for each in range(16)]).endswith("13 and 2 more")


@pytest.mark.parametrize(("value", "text"), [
    (999_999_999_999_999.0, "999,999,999,999,999"), (1e15, "1.00e+15"), (-2.5e20, "-2.50e+20"), (1e300, "1.00e+300"),
])  # fmt: skip
def test_long_numbers_have_a_power_of_ten(value: float, text: str) -> None:
    assert words("en").number(value) == text


@pytest.mark.parametrize(("value", "decimals", "power", "text"), [
    (0.285, 0, 2, "29"), (2.5, 0, 0, "3"), (-2.5, 0, 0, "-3"), (0.125, 2, 0, "0.13"), (1.005, 2, 0, "1.01"),
    (-0.0004, 1, 0, "0.0"),
])  # fmt: skip
def test_half_goes_away_from_zero_as_it_is_written(value: float, decimals: int, power: int, text: str) -> None:
    assert str(rounded(value, decimals, power)) == text


def test_numbers_in_sentences_have_two_decimals_or_none() -> None:
    said = words("en")
    assert [said._shown(each) for each in (3, 3.0, 3.456, True, None, "x", (1, 2))] == [
        "3", "3", "3.46", "True", "None", "x", "1 and 2",
    ]  # fmt: skip


def test_a_missing_value_leaves_the_other_end_unsaid() -> None:
    said = words("en")
    assert said.interval(0.1, None) == said.interval(float("inf"), 0.2) == said.interval(0.1, float("inf")) == "–"
    assert said.percent(None, sign=True) == "–"
