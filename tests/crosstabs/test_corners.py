"""Row percentages at their corners: one row alone, what cannot be asked, and their words."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.crosstabs.asked_as import _whole
from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.survey import Request
from surveytool.text import words


@pytest.mark.parametrize(("flag", "n", "estimate"), [(None, 40, 1.0), ("suppressed", 40, None), (None, 0, None)])
def test_all_who_gave_an_answer_are_a_hundred_percent(
    samples: ModuleType, flag: str | None, n: int, estimate: float | None
) -> None:
    row = replace(samples.share("sex", "Male", {"q": "Yes"}, 0.4, n), by_code={"q": "Yes"}, flag=flag)
    table: Any = samples.shares("sex", "Sex", ("Male", "Female"), (), rows=[row])
    made = _whole(Request(variable="q", by=(("sex",),), percent="row"), table, ("Yes", "Yes"), [row])
    assert (made.estimate, made.n, made.level) == (estimate, n, "Yes")


@pytest.mark.parametrize("percent", ["row", "table"])
def test_percentages_are_of_those_who_answered(percent: Any) -> None:
    data = st.read(pa.table({"q": ["a", "b", None] * 10, "g": ["x", "y"] * 15}))
    with pytest.raises(UsageError, match=f"{percent} percentages are of those who answered, as they are"):
        st.summarize(data, "q", by="g", percent=percent, base="asked")


@pytest.mark.parametrize(("key", "values", "said"), [
    ("missing_by", {"n": 1, "variable": "q"}, "1 respondent without an answer to q is in the total but in no group."),
    ("ci_clustered", {"n": 1}, "For 1 figure that rests on few respondents in clusters the interval allows for answers "
     "that are alike within a cluster, since the sample cannot tell how alike they are."),
    ("ci_clustered", {"n": 3}, "For 3 figures that rest on few respondents in clusters the interval allows for answers "
     "that are alike within a cluster, since the sample cannot tell how alike they are."),
])  # fmt: skip
def test_words(key: Any, values: dict[str, Any], said: str) -> None:
    assert words("en").say(note(key, **values)) == said


def test_a_number_has_no_row_percentages_but_its_means() -> None:
    """The mean of a number by groups is what it was without."""
    data = st.read(pa.table({"n": [1.5, 2.5, 4.0] * 10, "g": ["x", "y"] * 15}))
    plain, row = (st.summarize(data, "n", by="g", percent=each).rows for each in ("column", "row"))
    assert [each.estimate for each in row] == [each.estimate for each in plain]
