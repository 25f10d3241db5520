"""R prints the automatic intervals of clusters: every kind of them, from PSUs, strata and a jackknife."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from golden import live
from scipy.linalg import hadamard

import surveytool as st
from surveytool.estimate.estimate_rows import CLUSTERED
from surveytool.estimate.result import Results, Row
from surveytool.reading import read
from surveytool.replication_code import r_code
from surveytool.request_text import requests_for
from surveytool.survey import Request, Standard
from surveytool.tabulation import tabulate

DESIGNS = {
    "psus": st.Design(weights="w", psu=("psu",)),
    "strata": st.Design(weights="w", strata="stratum", psu=("psu",)),
    "jackknife": st.Design(weights="w", replicates=st.Replicates(columns=("rw*",), method="jk1")),
    "stratified": st.Design(weights="w", replicates=st.Replicates(columns=("sw*",), method="jkn")),
    "halves": st.Design(weights="w", replicates=st.Replicates(columns=("hw*",), method="brr")),
}


def sample(path: Path) -> None:
    """24 unequal sampling units in 6 strata, answers alike within them, one answer that few give, and a jackknife."""
    dice = np.random.default_rng(7)
    psu = np.repeat(np.arange(24), dice.integers(3, 15, 24))
    rate = dice.beta(0.6, 3, 24)[psu]
    frame = pd.DataFrame({"psu": psu, "stratum": psu // 4, "w": dice.lognormal(0, 0.5, len(psu)).round(4)})
    frame["often"] = np.where(dice.random(len(psu)) < 0.2 + rate, "yes", "no")
    frame["rare"] = np.where(dice.random(len(psu)) < rate / 6, "yes", "no")
    frame["none"] = np.where((psu < 3) & (frame["rare"] == "yes"), "yes", "no")
    frame["age"] = np.where(dice.random(len(psu)) < 0.5, "old", "young")
    frame["half"] = np.where(psu < 12, "here", "there")
    for unit in range(24):
        frame[f"rw{unit}"] = frame["w"] * np.where(psu == unit, 0.0, 24 / 23)
        others = np.where(psu // 4 == unit // 4, 4 / 3, 1.0)
        frame[f"sw{unit}"] = frame["w"] * np.where(psu == unit, 0.0, others)
    signs = hadamard(16)[1:13]
    for half in range(16):
        frame[f"hw{half}"] = frame["w"] * (1 + signs[psu // 2, half] * np.where(psu % 2, 1, -1))
    frame.to_csv(path, index=False)


def chosen(path: Path, design: st.Design) -> list[tuple[str, Row]]:
    """The scripts and rows of one design, some of each kind of interval."""
    survey = read(path, design=design)
    pattern = Request(variable="")
    requests, _ = requests_for(survey, ["often", "rare", "none"], ["half"], pattern)
    standard = Standard(variable="age", shares=(("old", 0.3), ("young", 0.7)))
    requests += [replace(each, standard=standard, id=f"standard {each.variable}") for each in requests]
    results: Results = tabulate(survey, requests)
    found = []
    for kind in CLUSTERED:
        for standardised in (False, True):
            rows = [
                (table, row) for table in results.estimates for row in table.rows
                if row.ci_method == kind and (table.request.standard is not None) == standardised
            ]  # fmt: skip
            found += [(r_code.script(results, table, row, survey.codebook), row) for table, row in rows[:3]]
    return found


def test_r_prints_every_kind_of_interval(tmp_path: Path) -> None:
    if why := live.available():
        pytest.skip(f"the R code is not run: {why}")
    path = tmp_path / "sample.csv"
    sample(path)
    cases = [(name, *case) for name, design in DESIGNS.items() for case in chosen(path, design)]
    assert {(name, row.ci_method) for name, _, row in cases} == {(name, kind) for name in DESIGNS for kind in CLUSTERED}
    for place, (_, script, _) in enumerate(cases):
        (tmp_path / f"{place}.R").write_text(script, encoding="utf-8")
    batch = (
        f"for (i in 0:{len(cases) - 1}) {{ e <- new.env(); "
        f"invisible(capture.output(source(file.path('{tmp_path}', paste0(i, '.R')), local = e))); "
        "cat(sprintf('%.15g', c(e$estimate, e$se, e$low, e$high)), '\\n') }\n"
    )
    (tmp_path / "all.R").write_text(batch, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", str(tmp_path / "all.R")], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [[float(each) for each in line.split()] for line in done.stdout.splitlines() if line.strip()]
    for (name, _, row), numbers in zip(cases, printed, strict=True):
        ours = [row.estimate, row.se, row.ci_low, row.ci_high]
        assert numbers == pytest.approx(ours, rel=1e-6, abs=1e-9), (name, row)
