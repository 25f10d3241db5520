"""The invented town: its files are those of its script, and the truth is where the intervals say."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import pytest

import surveytool as st

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "found"


def truth(variable: str, level: str) -> float:
    with (FOLDER / "truth.csv").open(encoding="utf-8") as file:
        return next(
            float(row["value"]) for row in csv.DictReader(file) if (row["variable"], row["level"]) == (variable, level)
        )


def test_the_files_are_made_by_the_script(tmp_path: Path) -> None:
    space = runpy.run_path(str(FOLDER / "make.py"))
    space["write"].__globals__["HERE"] = tmp_path
    space["main"]()
    for name in ("online.csv", "survey.csv", "drawn.csv", "truth.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


@pytest.mark.parametrize("variance", ["linearised", "nonprobsvy"])
def test_the_sample_alone_is_wrong_and_every_method_holds_the_truth(variance: str) -> None:
    made = st.adjust(
        FOLDER / "online.csv", FOLDER / "survey.csv", reference_weights="w", reference_psu="street",
        by=["age", "sex", "legal"], outcome="works", variance=variance,
    )  # fmt: skip
    target = truth("works", "yes")
    for row in (row for row in made.rows if row.level == "yes"):
        assert abs(row.unadjusted - target) > 0.08 and abs(row.estimate - target) < 0.01
        assert row.ci_low < target < row.ci_high


def test_the_drawn_sample_through_its_steps_holds_the_truth() -> None:
    made = st.weight(FOLDER / "drawn.toml")
    row = next(row for row in st.summarize(made.survey, "works").rows if row.level == "yes")
    assert row.ci_low < truth("works", "yes") < row.ci_high
    assert [step.kind for step in made.steps] == ["base", "nonresponse", "calibrate", "trim"]
    assert made.steps[2].largest > made.steps[3].largest


def test_margins_of_the_survey_are_uncertain() -> None:
    def works(**more: object) -> tuple[float, float]:
        made = st.weight(
            FOLDER / "online.csv", ["age", "sex", "legal"], margins_from=FOLDER / "survey.csv", reference_weights="w",
            reference_psu="street", replicates="bootstrap:100", **more,
        )  # fmt: skip
        rows = {(row.variable, row.level): row for row in st.summarize(made.survey, ["works", "legal"]).rows}
        return rows["works", "yes"].se, rows["legal", "permit"].se

    for method in ("fuller", "opsomer"):
        outcome, margin = works(reference_method=method)
        assert 0.022 < outcome < 0.032 and 0.028 < margin < 0.038
