"""Missing codes as SPSS declares them: three of them, or a range that no valid answer lies in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from surveytool.survey import Level
from surveytool.writing.sheet import Column
from surveytool.writing.spss import _ranges


def column(missing: list[float], values: list[float], labelled: Sequence[float] = ()) -> Column:
    levels = [Level(code=code, label=f"m{code:g}", missing="user") for code in missing]
    levels += [Level(code=code, label=f"v{code:g}") for code in labelled]
    held = pa.chunked_array([pa.array([*values, None], pa.float64())])
    return Column(name="q", kind="single", values=held, levels=tuple(levels))


@pytest.mark.parametrize(
    ("missing", "values", "ranges", "left"),
    [
        ([], [1, 2], [], False),
        ([97, 99], [1, 2], [97.0, 99.0], False),
        ([97, 98, 99], [1, 98.5], [97.0, 98.0, 99.0], False),
        ([96, 97, 98, 99], [1, 2], [{"lo": 96.0, "hi": 99.0}], False),
        ([95, 96, 97, 98, 99], [1, 94.9, 99.1], [{"lo": 95.0, "hi": 99.0}], False),
        ([-1, 96, 97, 98], [1, 2], [{"lo": 96.0, "hi": 98.0}, -1.0], False),
        ([6, 7, 8, 99], [1, 50], [{"lo": 6.0, "hi": 8.0}, 99.0], False),
        ([1, 2, 98, 99], [1.5, 98.5], [1.0, 2.0, 98.0], True),
        ([96, 97, 98, 99], [1, 97.5], [96.0, 97.0, 98.0], True),
    ],
)
def test_a_range_swallows_no_valid_answer(
    missing: list[float], values: list[float], ranges: list[Any], left: bool
) -> None:
    assert _ranges(column(missing, values)) == (ranges, left)


@pytest.mark.parametrize("edge", [96.0, 99.0])
def test_a_labelled_answer_at_the_edge_counts_as_valid(edge: float) -> None:
    """A label of a valid answer at the end of a range: SPSS would take it for missing."""
    missing = [code for code in (95.0, 96.0, 97.0, 98.0, 99.0, 100.0) if code != edge]
    found, _ = _ranges(column(missing, [1.0], [edge]))
    for each in found:
        if isinstance(each, dict):
            assert not each["lo"] <= edge <= each["hi"]


def test_a_range_ends_where_the_codes_do() -> None:
    """The valid answer equals an end of the range that would be left after one single code."""
    found, left = _ranges(column([90, 95, 96, 97], [95.0], [90.5]))
    assert not any(isinstance(each, dict) and each["lo"] <= 90.5 <= each["hi"] for each in found)
    assert left is False or len(found) == 3
