"""A coefficient of respondents who live in one sampling unit has no interval, however the design is said."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.regression import Specification, fit

Run = Callable[..., Any]
KINDS = {"y": "number", "g": "single", "x": "number"}


def survey(way: str) -> st.Survey:
    """Group "a" lives in unit 0 alone, whose answers vary; the others live in nine more."""
    dice = np.random.default_rng(5)
    psu = np.repeat(np.arange(10), 6)
    columns = {
        "y": dice.normal(50, 9, 60).round(2), "x": dice.normal(0, 1, 60).round(3), "psu": psu, "w": np.ones(60),
        "g": np.where(psu == 0, "a", np.where(psu % 2, "b", "c")),
    }  # fmt: skip
    for out in range(10):
        columns[f"r{out}"] = np.where(psu == out, 0.0, 10 / 9)
    jackknife = st.Replicates(columns=("r[0-9]",), method="jk1")
    design = st.Design(weights="w", psu=("psu",)) if way == "psus" else st.Design(weights="w", replicates=jackknife)
    return st.read(pa.table(columns), design=design, kinds=KINDS)


@pytest.mark.parametrize("way", ["psus", "replicates"])
def test_a_coefficient_of_one_unit_has_no_interval(way: str) -> None:
    model = fit(survey(way), Specification(formula="y ~ g"))
    intercept, *others = model.terms
    assert intercept.se == 0 and all(math.isnan(end) for end in (intercept.ci_low, intercept.ci_high, intercept.p))
    assert all(term.se > 0 and term.ci_low < term.estimate < term.ci_high for term in others)
    assert [each.code for each in model.notes if each.code == "no_df"]
    assert [test.df1 for test in model.tests] == [2]


def test_what_the_answers_themselves_make_certain_keeps_its_interval() -> None:
    numbers = np.arange(40.0)
    exact = st.read(pa.table({"y": 2 * numbers, "x": numbers}), kinds=KINDS)
    model = fit(exact, Specification(formula="y ~ x"))
    assert not [each for each in model.notes if each.code == "no_df"]
    assert model.terms[1].ci_low == pytest.approx(2) and model.terms[1].ci_high == pytest.approx(2)


def test_json_has_nulls_there(run: Run, tmp_path: Any) -> None:
    rows = ["y,g,psu", *(f"{10 + place % 7},{'a' if place < 6 else 'b'},{place // 6}" for place in range(60))]
    path = tmp_path / "one.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    ran = run("model", path, "y ~ g", "--kind", "y=number", "--psu", "psu", "--format", "json")
    assert ran.status == 0, ran.err
    first = json.loads(ran.out)["terms"][0]
    assert first["ci_low"] is first["ci_high"] is first["p"] is first["t"] is None
