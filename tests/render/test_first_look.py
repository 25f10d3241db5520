"""The codebook's first look: right numbers, in every format, never of people and never past the gate."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import surveytool as st
from surveytool.table.codebook_table import bar

Run = Callable[..., Any]


def test_it_is_what_the_numbers_are(run: Run, example: Path) -> None:
    found = {
        each["name"]: each for each in run("codebook", example / "transit.sav", "--format", "json").json["variables"]
    }
    ages = np.array(st.read(example / "transit.sav").frame["age"], dtype=float)
    summary = found["age"]["summary"]
    assert (summary["min"], summary["max"]) == (ages.min(), ages.max())
    assert summary["mean"] == pytest.approx(ages.mean())
    assert summary["distinct"] == len(set(ages)) and sum(summary["bins"]) == len(ages)
    for key, share in (("p25", 0.25), ("median", 0.5), ("p75", 0.75)):
        assert (ages <= summary[key]).mean() >= share > (ages < summary[key]).mean()
    assert "summary" not in found["sex"] and "summary" not in found["resp_id"]


def test_missing_kinds_are_no_numbers_and_are_told(run: Run, tmp_path: Path) -> None:
    data, study = tmp_path / "d.csv", tmp_path / "s.toml"
    data.write_text(
        "y\n" + "".join(f"{row % 50 + 0.5}\n" for row in range(200)) + "998\n999\n999\n\n", encoding="utf-8"
    )
    study.write_text(
        '[data]\npath = "d.csv"\n[variables.y]\nmissing = {dont_know = [998], refused = [999]}\n', encoding="utf-8"
    )
    (variable,) = run("codebook", study, "--format", "json").json["variables"]
    assert variable["summary"]["max"] == 49.5
    assert {level["missing"]: level["count"] for level in variable["levels"]} == {"dont_know": 1, "refused": 2}


@pytest.mark.parametrize("format", ["terminal", "markdown", "html", "latex", "csv", "json"])
def test_every_format_has_it(run: Run, example: Path, format: str) -> None:
    text = run("codebook", example / "transit.sav", "age", "--format", format).out
    if format == "csv":
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["min"], row["max"], row["distinct"]) == ("18.0", "67.0", "48")
    elif format != "json":
        assert "18 to 67, mean 32.7, quartiles 25, 31 and 37" in " ".join(text.split())


def test_nothing_of_it_is_told_where_small_groups_are_withheld(run: Run, example: Path) -> None:
    done = run("codebook", example / "transit.sav", "age", "--protect", "--format", "json")
    assert done.status == 0 and "summary" not in done.json["variables"][0]


def test_nothing_of_it_is_told_of_people(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    rows = "".join(f"{14.5 + row / 7919:.6f},{-87.2 - row / 7919:.6f},{row % 9}\n" for row in range(100))
    data.write_text(f"gps_latitude,gps_longitude,rooms\n{rows}", encoding="utf-8")
    found = {each["name"]: each for each in run("codebook", data, "--format", "json").json["variables"]}
    assert "summary" not in found["gps_latitude"] and "summary" not in found["gps_longitude"]


def test_bars_show_whoever_is_there() -> None:
    assert bar([0, 1, 1000]) == " ▁█"
    assert bar([0, 0]) == "  "


def test_years_are_written_as_years(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_text("year\n" + "".join(f"{1950 + row % 60}\n" for row in range(300)), encoding="utf-8")
    assert "1950 to 2009, mean 1980" in run("codebook", data, "--lang", "en").out
