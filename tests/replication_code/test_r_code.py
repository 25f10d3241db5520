"""The R code that --explain prints is run, all of it in one batch, and must print the row's own numbers."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden import live, parity

from surveytool.aggregate.distribution import RULES

DATA = parity.HERE
STRAT = ("apistrat", "-w", "pw", "--strata", "stype", "--fpc", "fpc")
CLUS1 = ("apiclus1", "-w", "pw", "--psu", "dnum")
CLUS2 = ("apiclus2", "-w", "pw", "--psu", "dnum", "--psu", "snum", "--fpc", "fpc1", "--fpc", "fpc2")
SRS = ("apistrat",)
CALIBRATED = ("apiclus1", "-w", "pw", "--psu", "dnum", "--base-weights", "pw", "--calibrated-to", "stype",
              "--calibrated-to", "sch.wide")  # fmt: skip
LONELY = ("apistrat_lonely", "-w", "pw", "--strata", "stype", "--lonely-psu", "adjust")
STYPES = "stype: E=0.5, H=0.3, M=0.2"
REPLICATES = [
    ("api_replicates", "-w", "w", "--replicate-weights", "r[0-9]*", "--replicate-method", *asked)
    for asked in (
        ("jk1",), ("bootstrap",), ("bootstrap", "--replicate-mse"), ("brr", "--replicate-mse"), ("sdr",),
        ("fay", "--fay-rho", "0.3"), ("other", "--replicate-scale", "0.4"),
        ("other", "--replicate-rscales", ",".join(["0.2", "0.3"] * 5)),
    )
]  # fmt: skip
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
    (CLUS1, ("awards", "--by", "stype")),
    (CLUS1, ("stype", "--no-total", "--by", "sch.wide")),
    (CLUS1, ("sch.wide", "--where", "stype == 'E' and api00 > 700")),
    (CLUS2, ("stype", "--by", "awards")),
    (CLUS2, ("api00", "--by", "stype")),
    (CLUS2, ("sch.wide", "--by", "stype:awards", "--ci", "beta")),
    (CLUS2, ("avg.ed", "--where", "api00 >= 600 or comp.imp == 'No'")),
    (SRS, ("meals",)),
    (SRS, ("awards", "--ci", "logit")),
    (CALIBRATED, ("enroll", "--stat", "total")),
    (CALIBRATED, ("api00", "--where", "awards == 'Yes'")),
    (CALIBRATED, ("awards", "--by", "sch.wide", "--ci", "logit")),
    (LONELY, ("api00",)),
    (STRAT, ("api00", "--stat", "sd")),
    (STRAT, ("api00", "--stat", "sd", "--by", "sch.wide", "--where", "api00 > 450")),
    (CLUS2, ("api00", "--stat", "sd")),
    (CLUS1, ("api00", "--stat", "geometric-mean", "--by", "stype")),
    (REPLICATES[0], ("api00", "--stat", "sd", "--by", "awards")),
    (REPLICATES[1], ("api00", "--stat", "geometric-mean")),
    (STRAT, ("api00", "--stat", "min", "--by", "stype")),
    (STRAT, ("api00", "--stat", "max")),
    (CLUS1, ("api00", "--stat", "iqr", "--by", "stype")),
    (CLUS1, ("awards", "--stat", "count", "--by", "stype")),
    (CLUS1, ("awards", "--by", "stype", "--percent", "row", "--ci", "logit")),
    (CLUS2, ("awards", "--by", "stype", "--percent", "table", "--ci", "logit")),
    (STRAT, ("awards", "--by", "sch.wide", "--percent", "row", "--ci", "beta", "--where", "api00 > 500")),
    (STRAT, ("stype", "--by", "awards", "--percent", "table", "--ci", "wilson")),
    (LONELY, ("awards", "--stat", "total")),
    (STRAT, ("api00", "--standardize", STYPES)),
    (STRAT, ("awards", "--by", "sch.wide", "--standardize", STYPES, "--ci", "logit")),
    (STRAT, ("awards", "--by", "sch.wide", "--standardize", STYPES, "--ci", "wilson", "--where", "api00 > 500")),
    (STRAT, ("api.stu", "--stat", "ratio:enroll", "--standardize", STYPES)),
    (CLUS2, ("api00", "--by", "sch.wide", "--standardize", STYPES)),
    (CALIBRATED, ("api00", "--standardize", STYPES)),
    *((STRAT, ("api00", "--stat", "p25", "--by", "awards", "--quantile-rule", rule)) for rule in RULES),
    *((STRAT, ("awards", "--by", "sch.wide", "--ci", ci)) for ci in ("likelihood", "wilson", "logit", "beta")),
    (("apistrat_lonely", "-w", "pw", "--strata", "stype", "--lonely-psu", "average"), ("api00",)),
    (("apistrat_lonely", "-w", "pw", "--strata", "stype", "--lonely-psu", "certainty"), ("api00", "--base", "all")),
    *((method, ("api00", "--by", "sch.wide")) for method in REPLICATES),
    *((method, ("awards", "--by", "sch.wide", "--ci", "logit", "--where", "api00 > 500")) for method in REPLICATES),
    *((method, ("awards", "--standardize", STYPES, "--ci", "beta")) for method in REPLICATES),
    *((method, ("api00", "--stat", "median", "--by", "awards", "--ci", "wald")) for method in REPLICATES),
    *((method, ("enroll", "--stat", "total", "--df", "9", "--level", "0.9")) for method in REPLICATES[:2]),
]


def replicate_weights(folder: Path) -> Path:
    """The clusters of apiclus1 in ten groups of clusters, each left out once; weights above and below each other."""
    target = folder / "api_replicates.csv"
    with (DATA / "apiclus1.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    clusters = sorted({person["dnum"] for person in people})
    for person in people:
        place = clusters.index(person["dnum"]) % 10
        person["w"] = person["pw"]
        for number in range(10):
            factor = 0.0 if number == place else 1.0 + ((3 * place + number) % 7) / 20
            person[f"r{number}"] = repr(float(person["pw"]) * factor)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    return folder


def explained(
    run: Callable[..., Any], folder: Path, design: tuple[str, ...], asked: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The script and the row that it is about."""
    name, *options = design
    ran = run("summarize", folder / f"{name}.csv", *asked, *options, "--explain", "--format", "json")
    assert ran.status == 0, ran.err
    (about,) = ran.json["explain"]
    row = next(each for each in ran.json["rows"] if (each["level"], each["by"]) == (about["level"], about["by"]))
    return about["r"], row


def test_r_prints_the_same_numbers(run: Callable[..., Any], tmp_path: Path) -> None:
    why = live.available()
    if why:
        pytest.skip(f"the R code is not run: {why}")
    rows = []
    replicates = replicate_weights(tmp_path)
    for place, (design, asked) in enumerate(ASKED):
        script, row = explained(run, replicates if design[0] == "api_replicates" else DATA, design, asked)
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
        ["Rscript", str(tmp_path / "all.R")], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [
        [float(each.replace("NA", "nan")) for each in line.split()] for line in done.stdout.splitlines() if line.strip()
    ]
    assert len(printed) == len(ASKED)
    for (design, asked), numbers, row in zip(ASKED, printed, rows, strict=True):
        ours = [row[key] for key in ("estimate", "se", "ci_low", "ci_high")]
        near = 1e-5 if "likelihood" in asked else 1e-7  # where R looks for a root
        here = [float("nan") if number is None else number for number in ours]
        assert numbers == pytest.approx(here, rel=near, abs=1e-9, nan_ok=True), (design, asked)


def test_an_explanation_names_design_df_effective_n_and_formula(run: Callable[..., Any]) -> None:
    text = run("summarize", DATA / "apiclus1.csv", "awards", "-w", "pw", "--psu", "dnum", "--explain").out
    for word in (
        "dnum",
        "Degrees of freedom: 14",
        "effective n",
        "Binder 1983",
        "qlogis",
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
