"""What a person types as requests: names, crossings, the topline, a standard."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.request_text import requests_for, standard, wanted_columns
from surveytool.survey import Request, breakdown


@pytest.fixture(scope="module")
def survey() -> st.Survey:
    rows = 40
    data: dict[str, Any] = {
        "sex": ["Male", "Female"] * 20,
        "age_group": ["18-25", "26-35", "36+", "26-35"] * 10,
        "age": [18 + row for row in range(rows)],
        "a:b": ["x", "y", "y", "x"] * 10,
        "weight": [1.0 + row % 3 for row in range(rows)],
        "phone": [f"+504 9{row:07}" for row in range(rows)],
        "empty": pa.array([None] * rows, pa.string()),
    }
    return st.read(pa.table(data), design=st.Design(weights="weight"))


def test_a_breakdown_is_a_name_or_several(survey: st.Survey) -> None:
    book = survey.codebook
    assert breakdown("sex", book) == ("sex",)
    assert breakdown("sex:age_group", book) == ("sex", "age_group")
    assert breakdown("a:b", book) == ("a:b",)
    assert breakdown("sex:a:b", book) == ("sex", "a:b") and breakdown("a:b:sex", book) == ("a:b", "sex")
    assert breakdown("x:y", book) == ("x", "y"), "unknown names are told one by one"
    assert breakdown(("a", "b"), {"a", "b", "a:b"}) == ("a", "b"), "names that are apart stay apart"


def test_a_request_a_variable_and_a_breakdown_once(survey: st.Survey) -> None:
    pattern = Request(variable="", statistic="total", level=0.9)
    requests, notes = requests_for(survey, ["age_group", "sex"], ["sex", "sex", "sex:age_group"], pattern)
    assert [each.variable for each in requests] == ["age_group", "sex"]
    assert all(each.by == (("sex",), ("sex", "age_group")) for each in requests)
    assert all((each.statistic, each.level) == ("total", 0.9) for each in requests)
    assert notes == ()


def test_a_topline_shows_questions_and_says_what_it_leaves_out(survey: st.Survey) -> None:
    requests, notes = requests_for(survey, None, ["sex"], Request(variable=""))
    assert [each.variable for each in requests] == ["age_group", "age", "a:b"]
    told = {each.code: dict(each.values)["names"] for each in notes}
    assert "weight" in told["skipped_variables"] and "empty" in told["skipped_variables"]
    assert "sex" not in told["skipped_variables"]
    assert "phone" in (*told.get("skipped_sensitive", ()), *told["skipped_variables"])


def test_a_topline_of_means_shows_numbers(survey: st.Survey) -> None:
    requests, _ = requests_for(survey, None, [], Request(variable="", statistic="mean"))
    assert [each.variable for each in requests] == ["age"]
    with pytest.raises(UsageError, match="no variable is left to show"):
        requests_for(survey, None, ["age"], Request(variable="", statistic="mean"))


def test_the_columns_that_are_read(survey: st.Survey) -> None:
    assert wanted_columns(None, ["sex"], None, None) is None
    assert wanted_columns(["age"], ["sex:age_group", "sex"], "ratio:weight", "empty is missing or age > 3") == [
        "age", "sex:age_group", "sex", "weight", "empty",
    ]  # fmt: skip


def test_a_standard_has_a_share_for_every_group(survey: st.Survey) -> None:
    assert standard(survey, None) is None
    made = standard(survey, "age_group: 18-25=0.2, 26-35=0.5, 36+=0.3")
    assert made is not None
    assert (made.variable, made.shares) == ("age_group", (("18-25", 0.2), ("26-35", 0.5), ("36+", 0.3)))
    assert standard(survey, "age_group: 18-25=0, 26-35=0, 36+=1") is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("age_group", "'age_group' is not VARIABLE: GROUP=SHARE, ..."),
        ("age_group: 18-25=0.2, 26-35=0.5", "no share is given for 36+. Write 0 to leave a group out."),
        ("age_group: 18-26=0.2", "age_group has no group '18-26'. Did you mean '18-25'"),
        ("age_group: 18-25=a", "'a' is no share."),
        ("age_group: 18-25=-1, 26-35=1, 36+=1", "shares must be 0 or more, and some above 0."),
        ("age_group: 18-25=inf, 26-35=1, 36+=1", "shares must be 0 or more, and some above 0."),
        ("age_group: 18-25=0, 26-35=0, 36+=0", "shares must be 0 or more, and some above 0."),
    ],
)
def test_a_standard_that_cannot_be_meant(text: str, told: str, survey: st.Survey) -> None:
    with pytest.raises(UsageError) as refused:
        standard(survey, text)
    assert told in str(refused.value)
    assert str(refused.value).startswith("--standardize: ")
