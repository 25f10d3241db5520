"""The corridor: ids of tables, refusals, notes of the sample, and one pass for many requests."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.survey import Request, Sample
from surveytool.tabulation import table_ids, tabulate

DATA = pa.table({"q": ["a", "b", "a", "b", "a", "a"], "g": ["u", "u", "u", "v", "v", "v"], "y": [1.0, 2, 3, 4, 5, 7]})


def survey(sample: Sample = "probability") -> st.Survey:
    return st.read(DATA, design=st.Design(sample=sample), kinds={"y": "number"})


def test_tables_of_one_name_are_numbered() -> None:
    asked = [Request(variable="q"), Request(variable="q"), Request(variable="y", id="q"), Request(variable="y")]
    assert table_ids(asked) == ["q", "q_2", "q_3", "y"]


@pytest.mark.parametrize("level", [0.49, 1.0, 1.2])
def test_a_level_that_no_interval_has_is_refused(level: float) -> None:
    with pytest.raises(UsageError, match=r"the level .* is not between 0.5 and 1\. Write for example --level 0.95"):
        tabulate(survey(), [Request(variable="q", level=level)])
    assert tabulate(survey(), [Request(variable="q", level=0.5)]).estimates


def test_a_variable_twice_in_a_breakdown_is_refused() -> None:
    with pytest.raises(UsageError, match="g stands twice in one breakdown"):
        tabulate(survey(), [Request(variable="q", by=(("g", "g"),))])


def test_many_requests_are_those_of_each_alone() -> None:
    asked = [Request(variable="q", by=(("g",),)), Request(variable="y"), Request(variable="y", statistic="median")]
    together = tabulate(survey(), asked)
    named = zip(asked, table_ids(asked), strict=True)
    alone = [tabulate(survey(), [replace(each, id=name)]).estimates[0] for each, name in named]
    assert [each.rows for each in together.estimates] == [each.rows for each in alone]
    assert [(dict(row.by), row.level, row.n, row.estimate) for row in alone[0].rows if row.level == "a"] == [
        ({}, "a", 6, pytest.approx(4 / 6)), ({"g": "u"}, "a", 3, pytest.approx(2 / 3)),
        ({"g": "v"}, "a", 3, pytest.approx(2 / 3)),
    ]  # fmt: skip
    assert alone[1].rows[0].estimate == pytest.approx(22 / 6)
    assert alone[2].rows[0].estimate == 3.0


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("probability", None),
        ("census", note("sample_census")),
        ("convenience", note("sample_indicative", sample="convenience")),
        ("quota", note("sample_indicative", sample="quota")),
    ],
)
def test_the_kind_of_sample_is_told(sample: Sample, told: object) -> None:
    notes = [
        each for each in tabulate(survey(sample), [Request(variable="q")]).notes if each.code.startswith("sample_")
    ]
    assert notes == ([told] if told is not None else [])
