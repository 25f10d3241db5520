"""A pattern of names is what the shell knows: ``*``, ``?`` and ``[...]``; a column of that very name goes before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import surveytool as st

Run = Callable[..., Any]


@pytest.fixture
def frame() -> pd.DataFrame:
    columns = {f"r{out}": [0.0 if row % 4 == out else 4 / 3 for row in range(12)] for out in range(4)}
    return pd.DataFrame({"w": 1.0, "y": range(12), **columns})


@pytest.mark.parametrize("pattern", ["r*", "r?", "r[0-3]", "r[0-9]*"])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "dta"])
def test_replicate_weights_by_any_pattern(
    run: Run, tmp_path: Path, frame: pd.DataFrame, pattern: str, suffix: str
) -> None:
    path = tmp_path / f"data.{suffix}"
    write = {"csv": frame.to_csv, "parquet": frame.to_parquet, "xlsx": frame.to_excel}
    frame.to_stata(path, write_index=False) if suffix == "dta" else write[suffix](path, index=False)
    asked = ("-w", "w", "--replicate-weights", pattern, "--replicate-method", "jk1", "--kind", "y=number")
    ran = run("summarize", path, "y", "--stat", "mean", *asked, "--format", "json")
    assert ran.status == 0, ran.err
    means = [sum(row for row in range(12) if row % 4 != out) / 9 for out in range(4)]
    spread = sum((mean - sum(means) / 4) ** 2 for mean in means) * 3 / 4
    assert ran.json["rows"][0]["se"] == pytest.approx(spread**0.5, rel=1e-6)


def test_a_frame_and_its_design_take_a_pattern(frame: pd.DataFrame) -> None:
    design = st.Design(weights="w", replicates=st.Replicates(columns=("r?",), method="jk1"))
    survey = st.read(frame, design=design, kinds={"y": "number"})
    assert st.summarize(survey, "y").rows[0].df == 3


def test_a_pattern_that_means_nothing_and_one_that_is_dropped(run: Run, tmp_path: Path, frame: pd.DataFrame) -> None:
    path = tmp_path / "data.csv"
    frame.to_csv(path, index=False)
    ran = run("summarize", path, "y", "-w", "w", "--replicate-weights", "q?", "--replicate-method", "jk1")
    assert ran.status != 0 and "q?" in ran.err
    ran = run("convert", path, tmp_path / "small.csv", "--drop", "r?")
    assert ran.status == 0, ran.err
    assert (tmp_path / "small.csv").read_text(encoding="utf-8").splitlines()[0] == "w,y"


def test_a_column_of_that_very_name_goes_before_its_pattern(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("q[1],q1\na,b\na,b\na,c\n", encoding="utf-8")
    ran = run("summarize", path, "q[1]", "--format", "json")
    assert ran.status == 0 and {row["level"] for row in ran.json["rows"]} == {"a"}
