"""Answers that are awkward to hold in codes: a stream gives what rows in memory give."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from aggregate.respondents import DESIGNS, differences, results

import surveytool as st
from surveytool.reading import delimited, delimited_stream
from surveytool.stream import Stream, TableSource, coded_column, design_combinations
from surveytool.stream import stream as stream_module
from surveytool.survey import Standard


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "BLOCK", 50)


def as_stream(survey: st.Survey, **options: Any) -> st.Survey:
    table = survey.frame
    return replace(survey, frame=Stream(TableSource(table), table.column_names, survey.design, **options))


def agree(table: pa.Table, *requests: st.Request, design: st.Design | None = None, **options: Any) -> list[str]:
    survey = st.read(table, design=design or st.Design())
    return differences(results(as_stream(survey, **options), requests), results(survey, requests))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ([0, 1_500_000, 5_000_000], [3_000_000, 3_500_000, 5_000_000]),  # a wrong place counted from the table's end
        ([1, 2, 99_999_999], [1, 2, 3]),
        ([-99_999_999, 1], [1, 2]),
    ],
)
def test_whole_numbers_far_apart_keep_their_codes(first: Sequence[int], then: Sequence[int]) -> None:
    values = [*np.resize(first, 50).tolist(), *np.resize(then, 100).tolist()]
    table = pa.table({"x": values})
    assert as_stream(st.read(table)).frame.table(["x"]).to_pydict() == table.to_pydict()
    assert agree(table, st.Request(variable="x", statistic="mean"), st.Request(variable="x", statistic="p90")) == []


BIG = {"signed": pa.array([2**60 + place % 9 for place in range(300)]),
       "unsigned": pa.array([2**63 + 5 + place % 9 for place in range(300)], pa.uint64()),
       "blanks": pa.array([None if place % 7 == 0 else 2**53 + place % 9 for place in range(300)])}  # fmt: skip


@pytest.mark.parametrize("kind", BIG)
@pytest.mark.parametrize("most", [4096, 5], ids=["codes", "numbers"])
def test_whole_numbers_beyond_floats_are_told_apart(kind: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded_column, "MOST_NUMBERS", most)
    values = BIG[kind]
    table = pa.table({"big": values, "psu": values.fill_null(7), "q": np.resize(["a", "b", "b"], 300)})
    value = max(each for each in values.to_pylist() if each is not None)
    wheres = [
        f"big == {value}",
        f"big != {value}",
        f"big < {value}",
        f"big in ({value}, {value})",
        f"not big >= {value}",
    ]
    for where in wheres:
        sign = where.split()
        kept = [each for each in values.to_pylist() if each is not None and _holds(sign, each, value)]
        survey = st.read(table, design=st.Design(psu=("psu",)))
        asked = [st.Request(variable="q", where=where), st.Request(variable="big", statistic="mean", where=where)]
        whole = results(survey, asked)
        assert whole.estimates[0].base.domain == len(kept)
        assert differences(results(as_stream(survey), asked), whole) == []


def _holds(sign: Sequence[str], left: int, right: int) -> bool:
    if sign[0] == "not":
        return left < right
    return {"==": left == right, "!=": left != right, "<": left < right, "in": left == right}[sign[1]]


@pytest.mark.parametrize("rows", [5, 50])
def test_degrees_of_freedom_of_replicates_do_not_depend_on_blocks(
    table: pa.Table, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "BLOCK", rows)
    names = [f"rw{place}" for place in range(8)]
    asked = st.Request(variable="work", by=(("sex",),))
    assert agree(table, asked, design=DESIGNS["replicates"], replicates=names) == []


@pytest.mark.parametrize("options", [45, 30])
def test_a_question_with_very_many_options(options: int) -> None:
    """The places of all combinations are more than a number of 64 bits tells apart."""
    rng = np.random.default_rng(5)
    picks = {f"why/{place}": pa.array(rng.integers(0, 2, 300), mask=rng.random(300) < 0.1) for place in range(options)}
    table = pa.table({"sex": rng.choice(["F", "M"], 300), "why": [" "] * 300, **picks})
    asked = [st.Request(variable="why", by=(("sex",),)), st.Request(variable="sex", by=(("why",),))]
    assert agree(table, *asked) == []


def test_strata_of_a_stream_have_their_names(table: pa.Table) -> None:
    """A few strata and units are many among their combinations, and few among the respondents."""
    few = (
        table.slice(0, 60)
        .append_column("area", pa.array([7] * 10 + [5] * 50))
        .append_column("site", pa.array([1] * 10 + [2, 3] * 25))
    )
    design = st.Design(weights="w", strata="area", psu=("site",), lonely_psu="remove")
    survey = st.read(few, design=design)
    found = results(as_stream(survey), [st.Request(variable="work")])
    assert "7" in [name for note in found.estimates[0].notes for name in dict(note.values).get("strata", ())]
    assert agree(few, st.Request(variable="work"), design=design) == []


def test_a_column_of_nothing_and_a_question_about_days() -> None:
    days = [datetime.date(2023, 1, 1 + place % 3) for place in range(90)]
    table = pa.table({"day": days, "none": pa.nulls(90), "empty": pa.nulls(90, pa.int64()), "q": np.resize([1, 2], 90)})
    asked = [
        st.Request(variable="day"),
        st.Request(variable="q", by=(("empty",),)),
        st.Request(variable="q", where="none is missing"),
    ]
    survey = st.read(table)
    whole = results(survey, asked)
    assert [row.level for row in whole.estimates[0].rows] == ["2023-01-01", "2023-01-02", "2023-01-03"]
    assert whole.estimates[2].base.domain == 90
    assert differences(results(as_stream(survey), asked), whole) == []


def test_a_breakdown_without_answers(table: pa.Table) -> None:
    """Everybody is left out of its groups, and a note says so; under replicate weights too."""
    empty = table.append_column("empty", pa.nulls(table.num_rows, pa.int64()))
    asked = [st.Request(variable="income", by=(("empty",),), statistic=each) for each in ("mean", "median")]
    asked += [replace(asked[0], standard=Standard(variable="sex", shares=(("F", 1.0), ("M", 1.0))))]
    for design in ("weights", "psu", "replicates"):
        found = results(st.read(empty, design=DESIGNS[design]), asked)
        assert len(found.estimates[0].rows) == 1
        assert "missing_by" in [note.code for note in found.estimates[0].notes]


@pytest.mark.parametrize("value", [5, 2.5, 0.1])
@pytest.mark.parametrize("design", ["weights", "psu", "replicates"])
def test_what_is_the_same_for_everybody_has_no_design_effect(table: pa.Table, value: float, design: str) -> None:
    """Its variance under simple random sampling is 0, and rounding would make a huge ratio of it."""
    same = table.append_column("same", pa.array([value] * table.num_rows))
    asked = [st.Request(variable="same", statistic=each, by=(("same",),)) for each in ("total", "mean")]
    found = results(st.read(same, design=DESIGNS[design]), asked)
    assert [row.deff for each in found.estimates for row in each.rows if row.n] == [None] * 4


@pytest.mark.parametrize("name", ["media", "sex"])
def test_a_variable_stands_once_in_a_breakdown(table: pa.Table, name: str) -> None:
    with pytest.raises(st.SurveytoolError, match=f"{name} stands twice"):
        results(st.read(table), [st.Request(variable="work", by=((name, name),))])


@pytest.mark.parametrize("last", ["2023-01-31", "2023-02-31"])
def test_a_csv_with_very_many_days_is_one_of_days(
    last: str, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times of an interview are nearly as many as the respondents; with a day that does not exist they are texts."""
    file = tmp_path / "times.csv"
    times = [f"2023-01-{1 + place % 28:02}T10:{place % 60:02}:00" for place in range(2000)]
    lines = [f"{when},{'ab'[place % 2]}" for place, when in enumerate([*times, last])]
    file.write_text("\n".join(["end,q", *lines]) + "\n", encoding="utf-8")
    asked = ("summarize", file, "q", "--where", "end < '2023-01-15'", "--format", "csv")
    whole = run(*asked)
    assert whole.status == (2 if last == "2023-02-31" else 0)
    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(delimited_stream, "BYTES", 5000)
    monkeypatch.setattr(delimited_stream, "MOST_TEXTS", 20)
    found = run(*asked)
    assert (found.status, found.out, found.err) == (whole.status, whole.out, whole.err)


@pytest.mark.parametrize("units", [7, 8, 9, 40])
def test_more_units_than_a_number_holds_are_taken_from_rows(units: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """21 bits a column hold two million units; with 3 bits seven and the blank are the most."""
    monkeypatch.setattr(design_combinations, "BITS", 3)
    strata = [place % 4 for place in range(400)]
    table = pa.table(
        {"y": [place % 7 for place in range(400)], "s": strata, "p": [place % units for place in range(400)]}
    )
    design = st.Design(strata="s", psu=("p",), lonely_psu="adjust")
    assert agree(table, st.Request(variable="y", statistic="mean", by=(("s",),)), design=design) == []


@pytest.mark.parametrize(("kind", "cure"), [("number", "--stat mean"), ("date", "--where")])
def test_too_many_values_for_a_table_have_a_cure_that_works(kind: str, cure: str) -> None:
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=place) for place in range(1200)]
    survey = st.read(
        pa.table({"x": days if kind == "date" else [each.toordinal() for each in days], "y": [1.0] * 1200})
    )
    with pytest.raises(st.SurveytoolError) as refused:
        results(survey, [st.Request(variable="x", statistic="proportion")])
    assert cure in refused.value.cure
