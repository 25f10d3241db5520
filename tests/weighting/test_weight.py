"""Weights made: R's weights, the margins met, the variance that knows them, and the command."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from golden import parity
from hypothesis import given, settings
from hypothesis import strategies as draw

import surveytool as st
from surveytool.weighting import Made, Margin, Wanted, make, read_margins, weighted, written_margin
from surveytool.weighting.calibrate import trimmed

Run = Callable[..., Any]
STYPE = written_margin("stype: E=4421, H=755, M=1018")
WIDE = written_margin("sch.wide: No=1072, Yes=5122")
API99 = written_margin("api99=3914069")
GOLDEN: dict[str, tuple[tuple[Margin, ...], str, tuple[float, float] | None]] = {
    "poststratify": ((STYPE,), "poststratify", None),
    "rake": ((STYPE, WIDE), "rake", None),
    "linear": ((STYPE, API99), "linear", None),
    "raking_ratio": ((STYPE, API99), "raking", None),
    "logit_0.5_2": ((STYPE, API99), "logit", (0.5, 2.0)),
}


def clus1() -> st.Survey:
    path = parity.HERE / "apiclus1.csv"
    return st.read(path, design=st.Design(weights="pw", psu=("dnum",), fpc=("fpc",)), kinds={"api99": "number"})


def made_of(survey: st.Survey, margins: tuple[Margin, ...], method: str = "rake", **more: Any) -> Made:
    return make(survey, Wanted(margins=margins, method=method, **more))


@pytest.mark.parametrize("name", GOLDEN)
def test_the_weights_are_r_s(name: str) -> None:
    margins, method, bounds = GOLDEN[name]
    made = made_of(clus1(), margins, method, bounds=bounds)
    with (parity.HERE / "apiclus1_calibrated_weights.csv").open(encoding="utf-8", newline="") as file:
        theirs = np.array([float(row[name]) for row in csv.DictReader(file)])
    np.testing.assert_allclose(made.weights, theirs, rtol=1e-8)
    assert made.gap < 1e-9
    assert made.deff == pytest.approx(len(theirs) * (theirs**2).sum() / theirs.sum() ** 2)


def test_11_calibrated_weights_are_not_taken_as_fixed() -> None:
    """R's standard errors; with the weights taken as fixed they would be more than twice as large."""
    for case in (each for each in parity.cases() if each["id"].startswith("calibrated/") and "total" in each["id"]):
        (theirs,) = case["rows"]
        pairs = [pair for pair in parity.pairs("total") if pair.case == case["id"]]
        assert [pair.agrees(relative=1e-8) for pair in pairs] == [True]
        survey = parity.survey_of(case["dataset"], json.dumps(case["design"]))
        fixed = replace(survey, design=replace(survey.design, calibrated=None))
        assert st.summarize(fixed, "enroll", stat="total").rows[0].se > 2 * theirs["se"]


def test_30_raked_variance_is_by_weighted_residuals_and_r_s_on_request() -> None:
    """On a sample of unequal base weights the two differ; R's is the unweighted one."""
    rng = np.random.default_rng(30)
    n = 300
    data = {"a": rng.choice(["x", "y", "z"], n), "b": rng.choice(["u", "v"], n), "w": np.exp(rng.normal(0, 1, n))}
    data["y"] = 3.0 * (data["a"] == "x") + 2.0 * (data["b"] == "u") * (data["a"] == "y") + rng.normal(size=n)
    survey = st.read(pa.table(data), design=st.Design(weights="w"), kinds={"y": "number"})
    margins = (written_margin("a: x=0.5, y=0.3, z=0.2"), written_margin("b: u=0.6, v=0.4"))
    made = made_of(survey, margins)
    frame = survey.frame.append_column("new", pa.array(made.weights))
    errors = {}
    for raked in (False, True):
        tied = st.Calibrated(margins=("a", "b"), base_weights="w", raked=raked)
        design = st.Design(weights="new", calibrated=tied)
        errors[raked] = st.summarize(st.read(frame, design=design, kinds={"y": "number"}), "y").rows[0].se
    x = np.column_stack([data["a"] == "x", data["a"] == "y", data["a"] == "z", data["b"] == "u"]).astype(float)
    z = made.weights * (data["y"] - np.average(data["y"], weights=made.weights)) / made.weights.sum()
    for raked, inner in ((False, data["w"]), (True, np.ones(n))):
        root = np.sqrt(inner)[:, None]
        fitted = x @ np.linalg.lstsq(x * root, (z / made.weights)[:, None] * root, rcond=None)[0][:, 0]
        residual = made.weights * (z / made.weights - fitted)
        by_hand = np.sqrt(n / (n - 1) * ((residual - residual.mean()) ** 2).sum())
        assert errors[raked] == pytest.approx(by_hand, rel=1e-6 if raked else 1e-9)  # R stops after ten rounds
    assert errors[False] != pytest.approx(errors[True], rel=1e-4)


def test_from_python_the_margins_stay_in_the_design() -> None:
    made = made_of(clus1(), (STYPE, WIDE))
    row = st.summarize(weighted(clus1(), made, "new"), "enroll", stat="total").rows[0]
    case = next(each for each in parity.cases() if each["id"] == "calibrated/rk/total/enroll")
    assert (row.estimate, row.se) == pytest.approx((case["rows"][0]["estimate"], case["rows"][0]["se"]), rel=1e-8)


@pytest.mark.parametrize("method", ["rake", "linear", "raking", "logit"])
@settings(max_examples=20, deadline=None)
@given(seed=draw.integers(0, 2**32 - 1))
def test_margins_are_met_and_have_no_variance(method: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 120
    data = {"a": np.arange(n) % 3, "b": rng.permutation(np.arange(n) % 2), "w": rng.uniform(0.5, 2, n)}
    data = {"a": [f"a{v}" for v in data["a"]], "b": [f"b{v}" for v in data["b"]], "w": data["w"].tolist()}
    survey = st.read(pa.table(data), design=st.Design(weights="w"))
    margins = (written_margin("a: a0=0.4, a1=0.35, a2=0.25"), written_margin("b: b0=55, b1=45"))
    made = made_of(survey, margins, method, bounds=(0.2, 5.0) if method == "logit" else None)
    assert made.gap < 1e-9 and (made.weights > 0).all()
    assert made.total == pytest.approx(sum(data["w"]))
    frame = survey.frame.append_column("new", pa.array(made.weights))
    tied = st.Design(weights="new", calibrated=st.Calibrated(margins=("a", "b"), base_weights="w"))
    rows = st.summarize(st.read(frame, design=tied), "a").rows
    assert [row.estimate for row in rows] == pytest.approx([0.4, 0.35, 0.25])
    assert max(row.se for row in rows) < 1e-9


@settings(max_examples=50, deadline=None)
@given(seed=draw.integers(0, 2**32 - 1), low=draw.floats(0, 0.9), high=draw.floats(1.1, 6))
def test_trimming_keeps_the_sum_and_the_bounds(seed: int, low: float, high: float) -> None:
    weights = np.exp(np.random.default_rng(seed).normal(0, 1.2, 40))
    found = trimmed(weights, low, high)
    assert found.sum() == pytest.approx(weights.sum())
    mean = weights.mean()
    assert (found >= low * mean * (1 - 1e-9)).all() and (found <= high * mean * (1 + 1e-9)).all()
    assert (np.diff(found[np.argsort(weights)]) >= -1e-12).all()


CLI = ("-w", "pw", "--margin", "stype: E=4421, H=755, M=1018", "--margin", "sch.wide: No=1072, Yes=5122")


@pytest.mark.parametrize("suffix", ["csv", "parquet", "sav", "dta"])
def test_the_command_writes_the_file_with_the_new_column(run: Run, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"weighted.{suffix}"
    new = "w_raked"
    ran = run("weight", parity.HERE / "apiclus1.csv", *CLI, "--name", new, "--with-identifiers", "-o", target)
    assert ran.status == 0, ran.err
    assert "Kish" in ran.err and f"-w {new} --base-weights pw --calibrated-to stype" in ran.err
    back = st.read(target, design=st.Design(weights=new))
    assert sum(back.frame[new].to_pylist()) == pytest.approx(6194)
    if suffix == "csv":
        used = ("-w", new, "--base-weights", "pw", "--calibrated-to", "stype", "--calibrated-to", "sch.wide",
                "--psu", "dnum", "--fpc", "fpc", "--format", "json")  # fmt: skip
        row = run("summarize", target, "enroll", "--stat", "total", *used).json["rows"][0]
        case = next(each for each in parity.cases() if each["id"] == "calibrated/rk/total/enroll")
        assert row["estimate"] == pytest.approx(case["rows"][0]["estimate"], rel=1e-8)
        assert row["se"] == pytest.approx(case["rows"][0]["se"], rel=1e-8)


def test_margins_from_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("variable,level,value\nstype,E,4421\nstype,H,755\nstype,M,1018\napi99,,3914069\n")
    (tmp_path / "m.toml").write_text("api99 = 3914069\n[stype]\nE = 4421\nH = 755\nM = 1018\n")
    one, other = (read_margins(tmp_path / name) for name in ("m.csv", "m.toml"))
    assert sorted(one, key=lambda each: each.variable) == sorted(other, key=lambda each: each.variable)
    asked = ("weight", parity.HERE / "apiclus1.csv", "-w", "pw", "--margins", tmp_path / "m.csv", "--trim", "0.5,1.6",
             "--with-identifiers", "--lang", "es", "-o", tmp_path / "out.csv")  # fmt: skip
    ran = run(*asked)
    assert ran.status == 0 and "recort" in ran.err, ran.err
    assert run(*asked).status == 2  # it exists already


@pytest.mark.parametrize(("asked", "words"), [
    ((), "need a margin"),
    (("--margin", "stype: E=0.5, H=0.5"), "stype = M"),
    (("--margin", "stype: E=0.5, X=0.5"), "no group"),
    (("--margin", "stype"), "no margin"),
    (("--margin", "stype: E=a, H=1, M=1"), "no number"),
    (("--margin", "nosuch: E=1"), "nosuch"),
    (("--margin", "stype: E=0.6, H=0.3, M=0.15"), "sum to 1.05"),
    (("--margin", "api99=1000", "--method", "rake"), "categories only"),
    (("--margin", "stype: E=2, H=1, M=1", "--method", "logit"), "--bounds"),
    (("--margin", "stype: E=2, H=1, M=1", "--method", "ipf"), "poststratify"),
    (("--margin", "stype: E=90, H=1, M=1", "--trim", "2,3"), "--trim"),
    (("--margin", "stype: E=4421, H=755, M=1018", "--margin", "sch.wide: No=10, Yes=10"), "different populations"),
    (("--margin", "stype: E=1, H=1, M=4", "--method", "linear", "--bounds", "0.9,1.1"), "within the bounds"),
])  # fmt: skip
def test_what_cannot_be_is_one_line_and_no_file(run: Run, tmp_path: Path, asked: tuple[str, ...], words: str) -> None:
    target = tmp_path / "out.csv"
    ran = run("weight", parity.HERE / "apiclus1.csv", "-w", "pw", *asked, "--with-identifiers", "-o", target)
    assert ran.status in (2, 3, 4) and words in ran.err, ran.err
    assert not target.exists() and ran.out == ""
