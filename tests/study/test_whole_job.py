"""The whole job of a survey from its data file: eight commands, forty lines, R's numbers, no program beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
STUDY = Path(__file__).with_name("illinois.toml")
# R survey: svyby(~I(voter == 1), ~band, svymean, na.rm = TRUE), and svymean under rake(~band, ~sex)
BY_BAND = {
    "18-29": (0.427568252014, 0.00663140200879), "30-44": (0.602641694782, 0.00540899159068),
    "45-64": (0.735573214756, 0.00439423186917), "65+": (0.746927044302, 0.00580461136867),
}  # fmt: skip
RAKED = (0.639384204875, 0.00272782340113)
MARGINS = ("--margin", "band: 18-29=21%, 30-44=27%, 45-64=33%, 65+=19%", "--margin", "sex: Man=48.5%, Woman=51.5%")


def test_the_job_from_data_to_report(run: Run, shared: Path, tmp_path: Path) -> None:
    text = STUDY.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    study = tmp_path / "illinois.toml"
    study.write_text(text.replace("DATA", str(shared / "data/cps_illinois_cc0/illinois.csv.gz")), encoding="utf-8")
    commands = 0

    def job(*arguments: object) -> Any:
        nonlocal commands
        commands += 1
        done = run(*arguments)
        assert done.status == 0, (arguments, done.err)
        return done

    job("check", study)
    tables = job("summarize", study, "--format", "json").json
    assert len(tables["tables"]) == 20
    bands = {
        row["by"]["band"]: row for row in tables["rows"]
        if row["variable"] == "voter" and row["level"] == "Yes" and "band" in row["by"]
    }  # fmt: skip
    for band, (estimate, se) in BY_BAND.items():
        assert bands[band]["estimate"] == pytest.approx(estimate, rel=1e-10)
        assert bands[band]["se"] == pytest.approx(se, rel=1e-7)
    assert len(list((job("chart", study, "-o", tmp_path / "charts"), tmp_path / "charts")[1].iterdir())) == 2
    told = job("weight", study, *MARGINS, "-o", tmp_path / "weighted.csv").err
    letters = job("compare", study, "voter", "--by", "band", "--layout", "banner").out
    assert "ABC" in letters or "AB" in letters
    model = job("model", study, "voter ~ band + sex", "--format", "json").json
    assert [term["term"] for term in model["terms"]][:2] == ["(Intercept)", "band: 30-44"]
    claims = job("reproduce", study, "--format", "json").json["claims"]
    assert [claim["verdict"] for claim in claims] == ["reproduced"] * 10
    job("report", study, "-o", tmp_path / "report.html")
    assert commands <= 8

    settings = re.search(r"\[data\] (path = .+), \[design\] (weights = .+?), (calibrated = .+)", told)
    assert settings is not None
    raked = re.sub(r"^path = .+$", lambda _: settings[1], study.read_text(encoding="utf-8"), flags=re.M)
    study.write_text(raked.replace('weights = "weight"', f"{settings[2]}\n{settings[3]}"), encoding="utf-8")
    row = next(
        row for row in run("summarize", study, "voter", "--format", "json").json["rows"] if row["level"] == "Yes"
    )
    assert (row["estimate"], row["se"]) == pytest.approx(RAKED, rel=1e-4)
    assert row["estimate"] == pytest.approx(RAKED[0], rel=1e-9)
