"""The R code that --explain prints is run, all of it in one batch, and must print the row's own numbers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden import live, parity

DATA = parity.HERE
STRAT = ("apistrat", "-w", "pw", "--strata", "stype", "--fpc", "fpc")
CLUS1 = ("apiclus1", "-w", "pw", "--psu", "dnum")
CLUS2 = ("apiclus2", "-w", "pw", "--psu", "dnum", "--psu", "snum", "--fpc", "fpc1", "--fpc", "fpc2")
SRS = ("apistrat",)
CALIBRATED = ("apiclus1", "-w", "pw", "--psu", "dnum", "--base-weights", "pw", "--calibrated-to", "stype",
              "--calibrated-to", "sch.wide")  # fmt: skip
LONELY = ("apistrat_lonely", "-w", "pw", "--strata", "stype", "--lonely-psu", "adjust")
ASKED: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (STRAT, ("api00",)),
    (STRAT, ("awards", "--by", "sch.wide", "--ci", "logit")),
    (STRAT, ("awards", "--ci", "beta")),
    (STRAT, ("awards", "--ci", "arcsine")),
    (STRAT, ("awards", "--ci", "wald")),
    (STRAT, ("enroll", "--stat", "total", "--by", "stype")),
    (STRAT, ("api00", "--stat", "median", "--quantile-rule", "hf7")),
    (STRAT, ("api00", "--stat", "p90", "--by", "sch.wide")),
    (STRAT, ("api.stu", "--stat", "ratio:enroll", "--where", "comp.imp == 'Yes'")),
    (CLUS1, ("api00", "--where", "not (awards == 'Yes') and api99 > 500")),
    (CLUS1, ("awards", "--where", "stype in ('H', 'M')", "--level", "0.9")),
    (CLUS1, ("stype", "--stat", "total")),
    (CLUS1, ("api00", "--df", "10")),
    (CLUS2, ("api00", "--by", "stype")),
    (CLUS2, ("sch.wide", "--by", "stype:awards", "--ci", "beta")),
    (CLUS2, ("avg.ed", "--where", "api00 >= 600 or comp.imp == 'No'")),
    (SRS, ("meals",)),
    (SRS, ("awards", "--ci", "logit")),
    (CALIBRATED, ("enroll", "--stat", "total")),
    (CALIBRATED, ("api00", "--where", "awards == 'Yes'")),
    (CALIBRATED, ("awards", "--by", "sch.wide", "--ci", "logit")),
    (LONELY, ("api00",)),
    (LONELY, ("awards", "--stat", "total")),
]


def explained(run: Callable[..., Any], design: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """The script and the row that it is about."""
    name, *options = design
    ran = run("summarize", DATA / f"{name}.csv", *asked, *options, "--explain", "--format", "json")
    assert ran.status == 0, ran.err
    (about,) = ran.json["explain"]
    row = next(each for each in ran.json["rows"] if (each["level"], each["by"]) == (about["level"], about["by"]))
    return about["r"], row


def test_r_prints_the_same_numbers(run: Callable[..., Any], tmp_path: Path) -> None:
    why = live.available()
    if why:
        pytest.skip(f"the R code is not run: {why}")
    rows = []
    for place, (design, asked) in enumerate(ASKED):
        script, row = explained(run, design, asked)
        (tmp_path / f"{place}.R").write_text(script, encoding="utf-8")
        rows.append(row)
    batch = (
        f"options(digits = 15)\nfor (i in 0:{len(ASKED) - 1}) {{ e <- new.env(); "
        f"invisible(capture.output(source(file.path('{tmp_path}', paste0(i, '.R')), local = e))); "
        "cat(sprintf('%.15g', unlist(unname(lapply(c('estimate', 'se', 'low', 'high'), "
        "function(k) as.numeric(e[[k]])[1])))), '\\n') }\n"
    )
    (tmp_path / "all.R").write_text(batch, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", str(tmp_path / "all.R")], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [[float(each) for each in line.split()] for line in done.stdout.splitlines() if line.strip()]
    assert len(printed) == len(ASKED)
    for (design, asked), numbers, row in zip(ASKED, printed, rows, strict=True):
        ours = [row[key] for key in ("estimate", "se", "ci_low", "ci_high")]
        assert numbers == pytest.approx(ours, rel=1e-7, abs=1e-9), (design, asked)


def test_an_explanation_names_design_df_effective_n_and_formula(run: Callable[..., Any]) -> None:
    text = run("summarize", DATA / "apiclus1.csv", "awards", "-w", "pw", "--psu", "dnum", "--explain").out
    for word in (
        "dnum",
        "Degrees of freedom: 14",
        "effective n",
        "Binder 1983",
        "svyciprop",
        "svyset",
        "library(survey)",
    ):
        assert word in text


@pytest.mark.parametrize("lang", ["es", "fr"])
def test_an_explanation_in_other_languages_keeps_the_code(run: Callable[..., Any], lang: str) -> None:
    asked = (
        "summarize",
        DATA / "apistrat.csv",
        "awards",
        "-w",
        "pw",
        "--strata",
        "stype",
        "--explain",
        "--format",
        "json",
    )
    here, there = (run(*asked, "--lang", each).json["explain"][0] for each in ("en", lang))
    assert (here["r"], here["stata"]) == (there["r"], there["stata"])
    assert here["text"] != there["text"]
    assert json.dumps(there)
