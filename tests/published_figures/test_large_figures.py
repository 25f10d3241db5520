"""Figures of many digits: floating noise is a share of what was added up, far less than a printed unit."""

from __future__ import annotations

import pytest

from surveytool.published_figures.claims import Claim
from surveytool.published_figures.published_rounding import gives, reproduces, rounded


@pytest.mark.parametrize("value", [139_726_315.37, 139_726_315.63, 1_234_567_890.4, 987_654_321_012.41])
@pytest.mark.parametrize("decimals", [0, 1])
def test_a_large_total_is_reproduced_by_its_own_digits(value: float, decimals: int) -> None:
    claim = Claim(id="total", published=round(value, decimals), decimals=decimals, unit="number")
    assert reproduces(value, claim) == "half up"
    assert reproduces(value, Claim(id="off", published=round(value, decimals) + 1, unit="number")) is None


def test_noise_of_a_sum_is_still_decided_by_nobody() -> None:
    assert str(rounded(28.499999999999, "number", 0, "half up")) == "29"
    assert str(rounded(139_726_315.49999998, "number", 0, "half up")) == "139726316"
    assert gives(139_726_315.49, 139_726_315, "number", 0, None) == "half up"
