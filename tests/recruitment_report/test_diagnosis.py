"""What ``rds`` tells of a sample: against R's package RDS, by hand, and past the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import UsageError
from surveytool.recruitment_report.question_diagnosis import population_homophily
from surveytool.recruitment_report.recruitment_charts import CHARTS, draw_diagnosis
from surveytool.recruitment_report.recruitment_tables import arrange_diagnosis, diagnosis_record
from surveytool.text import words

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden_methods" / "rds"
DESIGN = st.Design(recruitment=st.Recruitment(id="id", recruiter="recruiter", degree="degree", replicates=30))


def small() -> pd.DataFrame:
    return pd.DataFrame({
        "id": list("abcdefg"), "recruiter": ["", "a", "a", "b", "b", None, "f"],
        "degree": [10, 20, 30, 5, 40, 50, 60], "work": ["yes", "yes", "no", "yes", "no", "no", "no"],
    })  # fmt: skip


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data are not beside the project")
@pytest.mark.parametrize(("file", "key"), [("faux", "faux.X"), ("fauxtime", "fauxtime.var1")])
def test_homophily_activity_and_waves_are_those_of_r(file: str, key: str) -> None:
    survey = st.read(GOLDEN / f"{file}_weights.csv", design=DESIGN, kinds={"outcome": "single"})
    made, answers = st.rds(survey, "outcome"), json.loads((GOLDEN / "rds_estimates.json").read_text())[key]
    question = made.questions[0]
    assert (made.seeds, made.waves) == (answers["seeds"], answers["waves"])
    assert question.homophily == pytest.approx(answers["homophily_population_rds_ii"][0], abs=1e-10)
    assert question.levels[1].activity == pytest.approx(answers["differential_activity_rds_ii"][0], abs=1e-10)
    names = [level.label for level in question.levels]
    counted = [[row[name] for name in names] for row in answers["transitions"]]
    assert [list(row) for row in question.transitions] == counted
    assert [level.settled for level in question.levels] == pytest.approx(list(answers["stationary"].values()), abs=1e-9)
    assert question.by_wave[-1] == pytest.approx([each["estimate"] for each in answers["rds_ii"]], abs=1e-10)


def test_a_small_sample_by_hand() -> None:
    made = st.rds(small(), "work", design=DESIGN)
    assert (made.n, made.seeds, made.waves, made.orphans) == (7, 2, 2, 0)
    assert (made.by_wave, made.by_recruits) == ((2, 3, 2), (4, 1, 2))
    assert made.trees == ((5, 2), (2, 1))
    question = made.questions[0]
    assert [level.label for level in question.levels] == ["yes", "no"]
    assert question.transitions == ((2.0, 2.0), (0.0, 1.0))
    assert question.by_wave[0] == pytest.approx([(1 / 10) / (1 / 10 + 1 / 50), (1 / 50) / (1 / 10 + 1 / 50)])
    assert question.recruitment_homophily == pytest.approx(3 * 5 / (1 * 3 + 4 * 2))
    assert made.degrees is not None
    assert made.degrees.tens == 1.0
    assert made.degrees.harmonic_mean == pytest.approx(7 / sum(1 / each for each in small()["degree"]))


def test_homophily_of_those_who_mind_nobody_is_one() -> None:
    """Everybody has one recruit of each kind, and all the same degree: half of the ties lead to others."""
    own = np.array([True, False] * 4)
    recruiter = np.array([-1, -1, 0, 0, 1, 1, -1, -1])
    made = population_homophily(own, own | True, np.ones(8), np.full(8, 5.0), recruiter)
    assert made == pytest.approx(1.0)


def test_recruiters_who_are_missing_are_counted_and_told() -> None:
    made = st.rds(small().assign(recruiter=["", "a", "zz", "b", "b", None, "f"]), "work", design=DESIGN)
    assert (made.orphans, made.seeds) == (1, 3)
    assert "1 respondent whose recruiter is not in the file" in diagnosis_record(made, words("en"))["notes"][2]


def test_protected_respondents_are_told_by_no_answer() -> None:
    survey = st.guard(st.read(small(), design=DESIGN), st.Protection(active=True))
    made = st.rds(survey, "work")
    record = diagnosis_record(made, words("en"))
    assert made.closed
    assert record["variables"] == []
    assert "Respondents are protected" in " ".join(record["notes"])
    assert set(draw_diagnosis(made, words("en"), "tree", "svg")) == {"tree"}
    assert draw_diagnosis(made, words("en"), "convergence", "svg") == {}


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_tables_and_charts_speak(language: str) -> None:
    made, said = st.rds(small(), "work", design=DESIGN), words(language)
    tables = arrange_diagnosis(made, said).tables
    assert [table.id for table in tables] == ["recruitment", "work", "work_transitions"]
    assert not any("rds_" in str(table) for table in tables)
    pictures: dict[str, Any] = {}
    for kind in CHARTS:
        pictures |= draw_diagnosis(made, said, kind, "svg")
    assert set(pictures) == {"work_convergence", "work_bottleneck", "tree"}
    assert all(b"<svg" in drawn for drawn in pictures.values())
    assert not any(f">{each}<".encode() in pictures["tree"] for each in small()["id"]), "no identifier in the tree"


def test_the_command(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    small().to_csv(tmp_path / "d.csv", index=False)
    options = ["--respondent", "id", "--recruiter", "recruiter", "--degree", "degree", "--format", "json"]
    assert main(["rds", str(tmp_path / "d.csv"), "work", *options, "--charts", str(tmp_path / "c")]) == 0
    made = json.loads(capsysbinary.readouterr().out)
    assert (made["schema"], made["waves"], made["seeds"]) == (1, 2, 2)
    assert made["variables"][0]["name"] == "work"
    assert {level["level"] for level in made["variables"][0]["levels"]} == {"yes", "no"}
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == [
        "tree.svg", "work_bottleneck.svg", "work_convergence.svg",
    ]  # fmt: skip


def test_a_design_without_recruitment_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing says who recruited whom"):
        st.rds(small(), "work")


def test_degrees_are_heaped_where_tens_are_more_than_their_neighbours() -> None:
    generator = np.random.default_rng(3)
    rows = 400
    recruiter = ["seed"] + [str(generator.integers(row)) for row in range(1, rows)]
    exact = np.maximum(generator.poisson(generator.exponential(14, rows)), 1)
    guessed = np.where((generator.random(rows) < 0.4) & (exact > 7), np.round(exact / 10) * 10, exact)
    for degree, heaped in ((exact, False), (guessed, True)):
        data = pd.DataFrame({"id": [str(row) for row in range(rows)], "recruiter": recruiter, "degree": degree,
                             "work": generator.choice(["yes", "no"], rows)})  # fmt: skip
        made = st.rds(data, "work", design=DESIGN)
        assert made.degrees is not None
        assert made.degrees.heaped == heaped


def test_a_report_begins_with_its_sample(tmp_path: Path) -> None:
    small().to_csv(tmp_path / "d.csv", index=False)
    (tmp_path / "s.toml").write_text(
        '[study]\ntitle = "S"\n[data]\npath = "d.csv"\n[design]\nsample = "rds"\n[design.recruitment]\nid = "id"\n'
        'recruiter = "recruiter"\ndegree = "degree"\nreplicates = 30\n[[tables]]\nvariable = "work"\n'
    )
    assert main(["report", str(tmp_path / "s.toml"), "-o", str(tmp_path / "r.html")]) == 0
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "The sample by recruitment" in text and "who recruited whom" in text
    assert "Respondents by wave" in text and "tree bootstrap (30 samples" in text
    assert "linearisation" not in text.lower() and "no weights" not in text.lower()


def test_check_tells_of_a_circle(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    small().assign(recruiter=["b", "a", "a", "b", "b", None, "f"]).to_csv(tmp_path / "d.csv", index=False)
    asked = [str(tmp_path / "d.csv"), "--respondent", "id", "--recruiter", "recruiter", "--degree", "degree"]
    assert main(["check", *asked]) == 4
    assert "in a circle in 2 rows (data row 1, 2)" in " ".join(capfd.readouterr().out.split())
