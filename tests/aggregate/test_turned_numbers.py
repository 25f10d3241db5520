"""A statistic may turn numbers before they are summed: a geometric mean by its definition, from rows and a stream."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from aggregate.respondents import DESIGNS, differences, results

import surveytool as st
from surveytool.aggregate import collect
from surveytool.estimate import STATISTICS, statistic
from surveytool.estimate.statistic import MEAN, Statistic


@pytest.fixture
def geometric(monkeypatch: pytest.MonkeyPatch) -> Statistic:
    """A geometric mean in the registry, as the tutorial of docs/contributing.md adds it."""

    def value(totals: Any, shift: float) -> Any:
        return np.exp(MEAN.value(totals, shift))

    def gradient(totals: Any, shift: float) -> Any:
        return value(totals, shift)[:, :, None, None] * MEAN.gradient(totals, shift)

    made = replace(MEAN, name="geometric-mean", value=value, gradient=gradient, of=np.log)
    monkeypatch.setattr(statistic, "GEOMETRIC", made, raising=False)
    monkeypatch.setitem(STATISTICS, "geometric-mean", {"values": "statistic:GEOMETRIC"})
    return made


@pytest.mark.parametrize("design", ["weights", "strata and psu", "replicates"])
@pytest.mark.parametrize("variable", ["age", "income"])
def test_it_is_the_definition_and_a_stream_gives_it_too(
    design: str, variable: str, table: pa.Table, geometric: Statistic, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [st.Request(variable=variable, statistic="geometric-mean", by=(("sex",),), where="work != 'none'")]
    survey = st.read(table, design=DESIGNS[design])
    rows = results(survey, asked)
    monkeypatch.setattr(collect, "LARGE", 0)
    assert differences(results(survey, asked), rows) == []
    frame = table.to_pandas()
    frame = frame[(frame["work"] != "none") & frame["work"].notna() & frame[variable].notna() & (frame["w"] > 0)]
    expected = np.exp(np.average(np.log(frame[variable]), weights=frame["w"]))
    assert rows.estimates[0].rows[0].estimate == pytest.approx(expected, rel=1e-12)


def test_numbers_that_cannot_be_turned_leave_the_base_and_are_counted(geometric: Statistic) -> None:
    data = pa.table({"y": [1.0, 2.0, 4.0, 0.0, -3.0, None, 8.0], "c": ["a", "a", "b", "b", "a", "a", "a"]})
    survey = st.read(data, kinds={"y": "number"})
    summary = st.summarize(survey, "y", stat="geometric-mean")
    assert (summary.rows[0].n, summary.rows[0].estimate) == (4, pytest.approx(64 ** (1 / 4)))
    base = "n = 4 of 7 (left out: blank 1, not possible for this statistic 2)"
    assert base in " ".join(summary.render("terminal").split())


def test_the_mean_of_the_same_numbers_is_not_touched(geometric: Statistic, table: pa.Table) -> None:
    survey = st.read(table, design=DESIGNS["weights"])
    both = results(survey, [st.Request(variable="age", statistic=each) for each in ("mean", "geometric-mean")])
    alone = results(survey, [st.Request(variable="age", statistic="mean")])
    assert both.estimates[0].rows == alone.estimates[0].rows
    assert both.estimates[1].rows[0].estimate < both.estimates[0].rows[0].estimate  # type: ignore[operator]
