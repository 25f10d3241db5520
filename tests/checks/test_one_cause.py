"""``check`` tells one cause once, and what is no fault is not told."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.checks import check


def kinds(path: Path) -> dict[str, Any]:
    return {finding.kind: finding for finding in check(st.read(path)).findings}


def test_many_columns_with_one_cause_are_one_finding(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = tmp_path / "many.csv"
    frame = {f"q{place}": [1, 2, 3, 4, 5, 99] * 20 for place in range(12)}
    pd.DataFrame(frame).to_csv(path, index=False)
    found = [finding for finding in check(st.read(path)).findings if finding.kind == "missing_codes"]
    assert len(found) == 1 and len(found[0].where) == 12
    said = run("check", path)
    assert "12 columns have the same" in " ".join(said.out.split()) and "surveytool new" in said.out


def test_a_label_that_is_its_code_is_a_label(tmp_path: Path) -> None:
    path = tmp_path / "factor.dta"
    frame = pd.DataFrame({"q": [1, 2, 3] * 20})
    pyreadstat.write_dta(frame, str(path), variable_value_labels={"q": {1: "1", 2: "2", 3: "Residue"}})
    assert "undeclared" not in kinds(path)


def test_equal_labels_of_different_codes_are_no_spellings(tmp_path: Path) -> None:
    path = tmp_path / "names.sav"
    frame = pd.DataFrame({"q": [1.0, 2.0, 3.0] * 20})
    labels = {1: "NAME NOT GIVEN", 2: "NAME NOT GIVEN", 3: "Other name"}
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"q": labels})
    assert "spellings" not in kinds(path)
    pd.DataFrame({"q": ["México", "Mexico", "Peru"] * 20, "l": ["C", "C#", "R"] * 20}).to_csv(tmp_path / "s.csv")
    found = kinds(tmp_path / "s.csv")["spellings"]
    assert found.where == ("q",)


def test_states_are_no_missing_codes_and_missing_labels_that_nobody_has_are_none(tmp_path: Path) -> None:
    path = tmp_path / "states.csv"
    pd.DataFrame({"state": ["NC", "ND", "SD", "CA", "TX", "NY"] * 20}).to_csv(path, index=False)
    assert "missing_codes" not in kinds(path)
    path = tmp_path / "unmet.sav"
    frame = pd.DataFrame({"q": [1.0, 2.0] * 30})
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"q": {1: "Yes", 2: "No", 9: "Missing"}})
    assert "never_chosen" not in kinds(path)
    assert [row.level for row in st.summarize(path, "q").rows] == ["Yes", "No"]


def test_weights_with_implied_decimals_are_told(tmp_path: Path) -> None:
    weights = np.random.default_rng(1).uniform(0.3, 2, 400)
    weights = np.round(weights / weights.mean() * 1e6)
    path = tmp_path / "dhs.csv"
    pd.DataFrame({"q": ["a", "b"] * 200, "v005": weights}).to_csv(path, index=False)
    made = st.summarize(path, "q", stat="total", design=st.Design(weights="v005"))
    notes = [dict(note.values) for note in made.results.estimates[0].notes if note.code == "weights_implied_decimals"]
    assert notes == [{"decimals": 6, "factor": 10**6}]
    assert math.isclose(sum(row.estimate or 0 for row in made.rows if row.level), weights.sum())


@pytest.mark.parametrize("rows", [40, 1200])
def test_a_number_that_begins_with_missing_codes_goes_to_stata(
    rows: int, tmp_path: Path, run: Callable[..., Any]
) -> None:
    path, target = tmp_path / "mostly.sav", tmp_path / "mostly.dta"
    frame = pd.DataFrame({"hours": [99.0] * (rows - 12) + [float(each) for each in range(12)]})
    pyreadstat.write_sav(
        frame, str(path), missing_ranges={"hours": [{"lo": 99, "hi": 99}]},
        variable_value_labels={"hours": {99: "Not applicable"}}, variable_measure={"hours": "scale"},
    )  # fmt: skip
    assert run("convert", path, target).status == 0
    assert [st.read(each).codebook["hours"].n for each in (path, target)] == [12, 12]
    assert st.read(target).codebook["hours"].levels[0].missing == "not_asked"


def test_a_figure_without_codes_that_stand_apart_is_found(tmp_path: Path, run: Callable[..., Any]) -> None:
    pd.DataFrame({"smoke": [1] * 255 + [2] * 400 + [3] * 335 + [9] * 10}).to_csv(tmp_path / "data.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text(
        '[data]\npath = "data.csv"\n[[claims]]\nid = "daily"\nvariable = "smoke"\nlevel = "1"\npublished = "25.8%"\n'
    )
    done = run("reproduce", study, "--format", "json")
    assert "know" in done.json["claims"][0]["explanation"]
