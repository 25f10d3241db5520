"""A study is the survey everywhere: weights, data files and Python take its recodes, labels and routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import surveytool as st

Run = Callable[..., Any]
Write = Callable[..., Path]

BANDS = """
[design]
weights = "weight"
[variables.sex]
label = {en = "Sex of respondent", es = "Sexo"}
levels = {1 = {en = "Man", es = "Hombre"}, 2 = {en = "Woman", es = "Mujer"}}
[[recodes]]
name = "band"
type = "bands"
from = "age"
bands = ["18-29", "30-44", "45+"]
label = {en = "Age band", es = "Grupo de edad"}
[[recodes]]
name = "north"
type = "collapse"
from = "destination"
label = "Towards"
groups = [{label = "The north", levels = ["Mexico", "United States", "Canada"]}, {label = "Elsewhere", rest = true}]
"""
SHARES = {"18-29": 0.3, "30-44": 0.5, "45+": 0.2}
MARGIN = "band: 18-29=30%, 30-44=50%, 45+=20%"


def test_weights_meet_bands_that_the_study_makes_and_come_back_into_it(run: Run, write: Write, tmp_path: Path) -> None:
    study, made = write(BANDS), tmp_path / "weighted.sav"
    done = run("weight", study, "--margin", MARGIN, "--margin", "sex: Man=0.5, Woman=0.5", "-o", made)
    assert done.status == 0, done.err
    told = re.search(r"from now on: \[data\] (path = .+), \[design\] (weights = .+?), (calibrated = .+)", done.err)
    assert told is not None, done.err
    text = study.read_text(encoding="utf-8")
    text = re.sub(r"^path = .+$", lambda _: told[1], text, flags=re.M)
    text = text.replace('weights = "weight"', f"{told[2]}\n{told[3]}")
    study.write_text(text, encoding="utf-8")
    rows = run("summarize", study, "band", "sex", "--format", "json").json["rows"]
    bands = {row["level"]: row for row in rows if row["table"] == "band"}
    assert {level: row["estimate"] for level, row in bands.items()} == pytest.approx(SHARES)
    assert all(row["se"] == pytest.approx(0, abs=1e-12) for row in rows)  # margins are known, not estimated
    assert [row["level"] for row in rows if row["table"] == "sex"] == ["Man", "Woman"]
    assert run("check", study).status == 0


def test_what_is_written_has_the_file_s_own_columns(run: Run, write: Write, tmp_path: Path, example: Path) -> None:
    made = tmp_path / "weighted.csv"
    assert run("weight", write(BANDS), "--margin", MARGIN, "-o", made).status == 0
    own = list(st.read(example / "transit.sav").codebook)
    assert list(st.read(made).codebook) == [*own, "calibrated_weight"]


@pytest.mark.parametrize("suffix", ["sav", "dta", "xlsx"])
def test_a_labelled_file_goes_home_from_a_study(run: Run, write: Write, tmp_path: Path, suffix: str) -> None:
    made = tmp_path / f"home.{suffix}"
    done = run("convert", write(BANDS), made)
    assert done.status == 0, done.err
    book = st.read(made).codebook
    assert book["sex"].label == "Sex of respondent"
    assert [level.label for level in book["sex"].valid_levels()] == ["Man", "Woman"]
    assert book["band"].label == "Age band"
    levels = book["band"].valid_levels()
    assert [level.label for level in levels] == list(SHARES)
    assert sum(level.count for level in levels) == 531
    assert [level.label for level in book["north"].valid_levels()] == ["The north", "Elsewhere"]


def test_spss_gets_numbers_that_sort_as_the_study_s_answers(run: Run, write: Write, tmp_path: Path) -> None:
    import pyreadstat

    made = tmp_path / "home.sav"
    assert run("convert", write(BANDS), made, "--lang", "es").status == 0
    frame, meta = pyreadstat.read_sav(made)
    assert sorted(frame["band"].unique()) == [1, 2, 3]
    assert meta.variable_value_labels["band"] == {1: "18-29", 2: "30-44", 3: "45+"}
    assert meta.column_names_to_labels["band"] == "Grupo de edad"
    assert meta.variable_value_labels["sex"] == {1: "Hombre", 2: "Mujer"}


def test_neither_writes_over_the_study_s_data(run: Run, tmp_path: Path) -> None:
    data, study = tmp_path / "d.csv", tmp_path / "s.toml"
    data.write_text("a,b\n1,2\n2,1\n", encoding="utf-8")
    study.write_text('[data]\npath = "d.csv"\n', encoding="utf-8")
    before = data.read_bytes()
    for command in (("convert", study, data), ("weight", study, "--margin", "a: 1=0.5, 2=0.5", "-o", data)):
        done = run(*command, "--overwrite")
        assert done.status == 2 and "is the data file itself" in done.err
    assert data.read_bytes() == before


def test_a_design_made_by_the_study_is_not_asked_of_the_file(run: Run, write: Write) -> None:
    """Strata that a recode makes, and only one question read."""
    study = write(BANDS.replace('weights = "weight"', 'weights = "weight"\nstrata = "band"'))
    whole = run("summarize", study, "sex", "smartphone_internet", "--format", "json").json["rows"]
    alone = run("summarize", study, "sex", "--format", "json").json["rows"]
    assert alone == [row for row in whole if row["table"] == "sex"]
    assert all(row["df"] == 531 - 3 for row in alone)


@pytest.mark.parametrize(
    ("margin", "told"),
    [
        ("sex: Male=48%, Female=52", "some groups have a percent sign, Female has none"),
        ("sex: Male=48%, Female=50%", "the shares of sex sum to 0.98, not to 1"),
        ("sex: Male=x%, Female=50%", "'x%' is no number"),
    ],
)
def test_percent_signs_that_do_not_fit_are_told(
    run: Run, example: Path, tmp_path: Path, margin: str, told: str
) -> None:
    done = run("weight", example / "transit.sav", "--margin", margin, "-o", tmp_path / "w.csv")
    assert done.status == 2 and told in done.err and not (tmp_path / "w.csv").exists()


def test_shares_percents_and_hundreds_are_the_same_margin() -> None:
    from surveytool.weighting import written_margin

    texts = ("sex: Male=0.48, Female=0.52", "sex: Male=48%, Female=52 %", "sex: Male=48,0%, Female=52%")
    first = written_margin(texts[0])
    assert written_margin(texts[1]).targets == first.targets
    assert written_margin("sex: Male=48, Female=52").shares


def test_python_recodes_a_survey_as_a_study_does(write: Write, example: Path) -> None:
    survey = st.read(example / "transit.sav", design=st.Design(weights="weight"))
    made = st.recode(
        survey, {"name": "north", "type": "collapse", "from": "destination", "label": "Towards", "groups": [
            {"label": "The north", "levels": ["Mexico", "United States", "Canada"]},
            {"label": "Elsewhere", "rest": True}]},
        name="band", type="bands", source="age", bands=("18-29", "30-44", "45+"),
    )  # fmt: skip
    theirs = st.open_study(st.load_study(write(BANDS)))
    for name in ("band", "north"):
        mine = [(row.by, row.level, row.estimate, row.se) for row in st.summarize(made, name, by="sex").rows]
        same = [(row.estimate, row.se) for row in st.summarize(theirs, name, by="sex").rows]
        assert [row[2:] for row in mine] == same
        assert {row[0].get("sex") for row in mine} == {None, "Male", "Female"}
    assert "band" not in survey.codebook


def test_python_recodes_use_indicators_and_say_what_is_wrong(example: Path) -> None:
    survey = st.read(example / "transit.sav")
    wrong: list[dict[str, Any]] = [
        {"name": "x"}, {"name": "x", "type": "bandz"}, {"name": "x", "type": "bands", "source": "age"},
        {"name": "x", "type": "bands", "source": "age", "bands": "18-29"}, {"use": "no/such"}, {},
        {"name": "sex", "type": "bands", "source": "age", "bands": ["18-29"]},
    ]  # fmt: skip
    for settings in wrong:
        with pytest.raises(st.SurveytoolError):
            st.recode(survey, **settings)
    with pytest.raises(st.SurveytoolError, match="must be a Survey"):
        st.recode("transit.sav", name="x")  # type: ignore[arg-type]


def test_a_study_is_opened_by_its_file() -> None:
    path = Path(__file__).parents[2] / "configs" / "iom_2023.toml"
    assert (
        st.open_study(path).codebook == st.open_study(str(path)).codebook == st.open_study(st.load_study(path)).codebook
    )
