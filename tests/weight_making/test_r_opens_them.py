"""Replicates of every method, written and opened in R by the lines that are printed: the same standard errors."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from golden.live import available

import surveytool as st
from surveytool.replication_code.design_code import design_code


@pytest.fixture(scope="module")
def table() -> Any:
    """72 people in six strata of two units each, so that every method has what it needs."""
    rows = range(72)
    return pa.table({
        "w0": [1.0 + (row * 7 % 5) / 2 for row in rows], "stratum": [f"s{row // 12}" for row in rows],
        "psu": [f"p{row // 6}" for row in rows], "sex": ["fm"[row * 5 % 7 % 2] for row in rows],
        "y": [float((row * 13 + row // 6) % 11) for row in rows],
    })  # fmt: skip


@pytest.mark.parametrize("method", ["bootstrap:30", "jkn", "brr", "fay", "sdr:16"])
def test_r_has_the_same_standard_errors(method: str, table: Any, tmp_path: Path) -> None:
    if available():
        pytest.skip(available())
    survey = st.read(table, design=st.Design(weights="w0", strata="stratum", psu=("psu",)))
    made = st.weight(survey, ["sex: f=0.5, m=0.5"], replicates=method, fay_rho=0.3, name="w")
    made.save(tmp_path / "d.csv")
    lines, _ = design_code(made.survey.design, made.survey.codebook)
    script = ["library(survey)", f'd <- read.csv("{tmp_path / "d.csv"}")', *lines, "m <- svymean(~y, design)",
              "t <- svytotal(~y, design)", "cat(format(c(coef(m), SE(m), coef(t), SE(t)), digits = 15))"]  # fmt: skip
    (tmp_path / "run.R").write_text("\n".join(script), "utf-8")
    rscript = str(shutil.which("Rscript"))
    done = subprocess.run([rscript, str(tmp_path / "run.R")], capture_output=True, text=True, timeout=600, check=True)
    told = [float(each) for each in done.stdout.split()]
    rows = [st.summarize(made.survey, "y", stat=stat).rows[0] for stat in ("mean", "total")]
    expected = [number for row in rows for number in (row.estimate, row.se)]
    assert told == pytest.approx(expected, rel=1e-9)


def test_the_frame_of_the_jackknife_says_its_scales(table: Any) -> None:
    survey = st.read(table, design=st.Design(weights="w0", strata="stratum", psu=("psu",)))
    given = st.weight(survey, ["sex: f=0.5, m=0.5"], replicates="jkn", name="w").survey.design.replicates
    assert given is not None and given.method == "jkn" and given.rscales == (0.5,)
    _, stata = design_code(st.Design(weights="w", replicates=given), survey.codebook)
    assert "multiplier(0.5)" in stata[-1]
