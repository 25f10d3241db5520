"""Intervals of samples that chance did not choose: printed where somebody asks, in csv and json always."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from surveytool.survey import Calibrated, Design, Replicates
from surveytool.table import report
from surveytool.text import words

ADJUSTED: tuple[dict[str, Any], ...] = (
    {"as_if_random": True}, {"calibrated": Calibrated(margins=("sex",))},
    {"replicates": Replicates(columns=("rw*",), method="bootstrap")},
)  # fmt: skip


def printed(samples: ModuleType, **design: Any) -> str:
    estimates = samples.shapes()["two_levels"].estimates[0]
    made = report(samples.results(estimates, design=Design(**design)), words("en"))
    return str([(table.subtitle, [cell.interval for row in table.rows for cell in row.cells]) for table in made.tables])


@pytest.mark.parametrize("sample", ["quota", "convenience"])
def test_intervals_of_no_random_sample_are_not_printed(samples: ModuleType, sample: str) -> None:
    plain, hidden = printed(samples), printed(samples, sample=sample)
    assert "interval" in plain and "–" in plain
    assert "interval" not in hidden and "–" not in hidden
    for more in ADJUSTED:
        shown = printed(samples, sample=sample, **more)
        assert "indicative 95% interval" in shown and "–" in shown


@pytest.mark.parametrize("sample", ["probability", "census", "time-location"])
def test_intervals_of_other_samples_are(samples: ModuleType, sample: str) -> None:
    assert "–" in printed(samples, sample=sample)
