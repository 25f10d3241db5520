"""What an attacker may know of rounded counts: the true one is less than a base away, and not a whole one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from surveytool.disclosure_control.controlled_rounding import _hides


def hides(found: list[int], truth: list[int], width: float, base: int = 5) -> bool:
    """Whether 2 + 3 = 5 style tables keep a range of ``width``: parts and their sum, the first part secret."""
    attack = SimpleNamespace(matrix=csr_matrix([[1.0, 1.0, -1.0]]), value=np.array(truth, dtype=float), most=100.0)
    system = SimpleNamespace(hidden=[False] * 3, below={}, known=set(), forced={0}, sensitive=set(), value=truth)
    return _hides(system, attack, np.array(found, dtype=float), base, width)  # type: ignore[arg-type]


@pytest.mark.parametrize(("width", "hidden"), [(4.0, True), (3.9, True)])
def test_a_count_rounded_to_zero_is_between_none_and_one_less_than_the_base(width: float, hidden: bool) -> None:
    assert hides([0, 5, 5], [2, 3, 5], width) is hidden


def test_sums_can_narrow_a_range_below_what_is_promised() -> None:
    """Rounded to 0 + 0 = 5: the parts are at most 4 each and their sum at least 1, so 0 to 4 remains."""
    assert hides([0, 0, 5], [2, 1, 3], 4.0) is True
    # rounded to 0 + 0 = 10: each at most 4, together at least 6, so each is between 2 and 4
    assert hides([0, 0, 10], [3, 3, 6], 2.0) is True
    assert hides([0, 0, 10], [3, 3, 6], 2.1) is False


def test_a_promise_wider_than_the_reach_is_the_reach() -> None:
    assert hides([0, 5, 5], [2, 3, 5], 50.0) is True
