"""A design said in two ways gives the same numbers; ``run.py`` asks the same of many more designs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw
from laws.same_numbers import LAWS


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str) -> None:
    @settings(max_examples=6, deadline=None, derandomize=True, database=None)
    @given(seed=draw.integers(0, 2**31))
    def holds(seed: int) -> None:
        found = LAWS[law](seed)
        assert found.numbers > 0
        assert found.wrong == [], f"seed {seed}"

    holds()
