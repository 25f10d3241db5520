"""A household survey with its questionnaire's labels in two languages, and 479 published estimates with intervals."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import surveytool as st

# Not reproduced, and why: one column of several answers counted by itself; TRUE and FALSE for 1 and 0;
# an answer list that repeats its codes.
DIFFERENT = {"46": "consistent", "174": "cannot", "206": "consistent", "207": "not reproduced", "209": "not reproduced"}


@pytest.fixture
def study(shared: Path, reach: ModuleType, tmp_path: Path) -> Path:
    folder = shared / "data" / "reach_talafar_2021"
    kinds = {name: each.kind for name, each in st.read(folder / "clean_data.csv").codebook.items()}
    (tmp_path / "claims.csv").write_text(reach.claims_text(folder), encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(reach.study_text(folder, kinds), encoding="utf-8")
    return path


def test_published_estimates_and_intervals_come_out(run: Any, study: Path, shared: Path, reach: ModuleType) -> None:
    done = run("reproduce", study, "--ci", "wald", "--format", "json")
    claims = {each["id"]: each for each in done.json["claims"]}
    assert len(claims) == 479
    assert {name: each["verdict"] for name, each in claims.items() if each["verdict"] != "reproduced"} == DIFFERENT
    assert 'comes out for the answer "0.5"' in claims["206"]["explanation"]
    checked = 0
    for name, row in reach.published(shared / "data" / "reach_talafar_2021"):
        low, high = (float(row[f"mean.pct_{end}"] or "nan") for end in ("low", "upp"))
        inside = not row["choice"] or 0 < low < high < 1
        if name not in DIFFERENT and inside and low < high:
            checked += 1
            assert claims[name]["ci_low"] == pytest.approx(low, rel=1e-6), name
            assert claims[name]["ci_high"] == pytest.approx(high, rel=1e-6), name
    assert checked == 330


def test_labels_of_the_questionnaire_in_both_languages(study: Path) -> None:
    opened = st.load_study(study)
    english, arabic = (st.open_study(opened, language=each).codebook["gender_hoh"] for each in ("en", "ar"))
    assert [each.label for each in english.valid_levels()] == ["Female", "Male"]
    assert {each.label for each in arabic.valid_levels()} == {"انثى", "ذكر"}
    assert english.n == arabic.n == 578
