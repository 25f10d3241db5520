"""What a simulation refuses, in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.coverage_simulation.simulation import MOST, simulated
from surveytool.errors import UsageError


@pytest.mark.parametrize("draws", [0, 9, MOST + 1])
def test_a_number_of_samples_that_is_none_is_refused(draws: int) -> None:
    data: Any = st.read(pa.table({"q": ["a", "b"] * 20, "w": np.linspace(1, 2, 40)}))
    with pytest.raises(UsageError) as refused:
        simulated(data, st.summarize(data, "q"), draws=draws)
    assert f"{draws} samples are too few or too many." in str(refused.value)
    assert refused.value.cure == f"Write a number of 10 to {MOST}."
