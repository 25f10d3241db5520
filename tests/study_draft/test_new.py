"""A first study loads and works unedited, proposes the design with reasons, and applies none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool import read
from surveytool.checks.raw_survey import RawSurvey
from surveytool.study import load_study, open_study
from surveytool.study.load import examine
from surveytool.study_draft import draft, guesses
from surveytool.study_draft.study_text import Plan
from surveytool.tabulation import tabulate
from surveytool.text import words

REAL = (
    "lapop_r_package/bra23.csv.gz", "lapop_r_package/cm23.csv.gz", "reach_talafar_2021/clean_data.csv",
    "masculinity_538/raw-responses.csv", "pew_dec2013/dec13_excerpt.csv", "impact_humind_kobo/dummy_raw_data.xlsx",
    "formats_platform_exports/qualtrics_sample.csv", "formats_spss_stata_sas/pyreadstat/sample.dta",
    "formats_spss_stata_sas/pyreadstat/missing_test.sav", "formats_spss_stata_sas/pyreadstat/hebrews.sav",
    "formats_spss_stata_sas/haven/tagged-na-double.dta",
)  # fmt: skip


def works(path: Path, requests: int = 6) -> Any:
    """The study of a file: it loads, it opens, its first tables can be computed."""
    study = load_study(path)
    survey = open_study(study)
    asked = [each for entry in study.tables for each in entry.requests(survey.codebook)][:requests]
    if asked and survey.provenance.rows > 1:
        assert tabulate(survey, asked).estimates
    return study


def uncommented(text: str) -> str:
    """Every proposed setting applied; explanations stay comments."""
    kept = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        setting = re.match(r'(\[\[?\w|[\w."-]+ = )', bare)
        kept.append(bare if line.startswith("# ") and setting else line)
    return "\n".join(kept)


@pytest.mark.parametrize("name", ["transit.sav", "transit.csv"])
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_example(
    name: str, language: str, example: Path, tmp_path: Path, run: Callable[..., Any]
) -> None:  # fmt: skip
    target = tmp_path / "study.toml"
    done = run("new", example / name, "-o", target, "--lang", language)
    assert done.status == 0 and done.out == "" and str(target) in done.err
    study = works(target)
    assert study.design.weights is None and study.design.psu == ()
    text = target.read_text("utf-8")
    assert '# weights = "weight"  # ' in text
    if name == "transit.sav":  # there the labels say which columns are the strata and the PSUs
        assert '# psu = ["site"]  # ' in text and '# strata = "country_interview"  # ' in text
    assert 'by = ["sex", "age_group", "route"]' in text
    assert str(tmp_path) not in text and str(example) not in text.replace("../", "")


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str, shared: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    assert run("new", shared / "data" / name, "-o", target).status == 0
    works(target, 3)


def test_what_is_proposed_is_valid_too(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    run("new", example / "transit.sav", "-o", target)
    text = uncommented(target.read_text("utf-8"))
    assert '\nweights = "weight"' in text and "\nasked_when = " in text and "\nmissing = " in text
    target.write_text(text, "utf-8")
    found = examine(target)
    assert [str(each) for each in found.problems] == []
    survey = open_study(found.study)
    assert survey.codebook["journey"].kind == "route" and survey.codebook["journey.corridor"].n == 531
    assert survey.design.weights == "weight" and survey.codebook["fraud_online"].asked_when == "tech_none == 'No'"
    run_done = run("summarize", target, "smuggler_used", "--by", "sex")
    assert run_done.status == 0, run_done.err


def test_accept_applies_what_is_found(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    assert run("new", example / "transit.sav", "-o", target, "--accept").status == 0
    study = works(target)
    assert (study.design.weights, study.design.strata, study.design.psu) == ("weight", "country_interview", ("site",))


@pytest.mark.parametrize("left", ["Not selected", "No seleccionado", "Non coché"])
@pytest.mark.parametrize("own", [("Radio", "TV", "Web"), ("Selected",) * 3])
def test_options_that_were_not_selected_are_one_question(
    left: str, own: tuple[str, ...], tmp_path: Path, run: Callable[..., Any]
) -> None:
    """Put together without being asked: the answers themselves say that they are options."""
    rows = [[own[place] if (row + place) % (2 + place) else left for place in range(3)] for row in range(40)]
    lines = ["q7_1,q7_2,q7_3,sex", *[",".join([*row, "fm"[place % 2]]) for place, row in enumerate(rows)]]
    (tmp_path / "data.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert run("new", tmp_path / "data.csv", "-o", tmp_path / "study.toml").status == 0
    study = works(tmp_path / "study.toml")
    assert [each.variables() for each in study.tables] == [("sex",), ("q7",)]
    question = open_study(study).codebook["q7"]
    chosen = [sum(row[place] != left for row in rows) for place in range(3)]
    assert question.kind == "multiple" and [each.count for each in question.valid_levels()] == chosen
    names = ["q7_1", "q7_2", "q7_3"] if own[0] == own[1] else list(own)
    assert [each.label for each in question.valid_levels()] == names


def test_summarize_and_check_take_it_unedited(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    run("new", example / "transit.sav", "-o", target)
    assert run("check", target).status == 0
    done = run("summarize", target, "--format", "json")
    assert done.status == 0 and len(done.json["tables"]) > 20 and done.json["source"]["rows"] == 531


@pytest.mark.parametrize(("column", "setting"), [
    ("peso", "weights"), ("ponderador", "weights"), ("fexp", "weights"), ("factor_expansion", "weights"),
    ("poids", "weights"), ("peso_amostral", "weights"), ("wt", "weights"), ("pond", "weights"), ("estrato", "strata"),
    ("strate", "strata"), ("stratum", "strata"), ("upm", "psu"), ("conglomerado", "psu"), ("grappe", "psu"),
    ("cluster_id", "psu"),
])  # fmt: skip
def test_names_of_four_languages(column: str, setting: str) -> None:
    import pandas as pd

    rows = 60
    values: list[Any] = [0.5 + (place * 37 % 23) / 17 for place in range(rows)]
    if setting != "weights":
        values = [place % 6 for place in range(rows)]
    frame = pd.DataFrame({column: values, "q1": ["yes", "no"] * 30})
    found = {each.setting: each for each in guesses(RawSurvey(read(frame)))}
    assert setting in found and found[setting].value in (column, [column])


def test_content_decides_against_a_name() -> None:
    import pandas as pd

    rows = 60
    frame = pd.DataFrame({
        "weight": [place % 3 + 1 for place in range(rows)],  # strata under the name of weights
        "upm": [None if place == 3 else place % 5 for place in range(rows)],
        "strata": [place / 7 for place in range(rows)],
        "x7": [0.5 + (place * 37 % 61) / 61 + 0.001 for place in range(rows)],
    })  # fmt: skip
    frame["x7"] = frame["x7"] / frame["x7"].mean()
    found = {each.setting: each.value for each in guesses(RawSurvey(read(frame)))}
    assert found == {"weights": "x7"}


def test_replicate_weights_are_a_pattern() -> None:
    import pandas as pd

    frame = pd.DataFrame({f"repwt{place}": [1.0 + place / 10, 2.0, 0.5, 1.5] * 10 for place in range(1, 21)})
    found = {each.setting: each.value for each in guesses(RawSurvey(read(frame)))}
    assert found["replicates"]["columns"] == ["repwt*"]


def test_ages_get_bands_where_the_file_has_none(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"sex": ["F", "M"] * 40, "edad": [16 + place % 50 for place in range(80)],
                          "q": ["yes", "no", "no", "yes"] * 20})  # fmt: skip
    path = tmp_path / "data.csv"
    frame.to_csv(path, index=False)
    target = tmp_path / "study.toml"
    target.write_text(draft(read(path), Plan(data=path, target=target), words("es")), "utf-8")
    study = works(target)
    assert study.recodes[0].bands == ("0-17", "18-25", "26-35", "36-45", "46-60", "61+")
    assert study.tables[1].by == ("sex", "age_band") and study.data.path == "data.csv"


HOSTILE = ('"]\n[design]\nweights = "x', "a\x00b\x1b[31m", "line\r\nbreak", "\\", "'''", '"""', "é☃\u202e", "=1+1",
           "[[tables]]", "#", "a.b", "\x7f", " ", "levels.1")  # fmt: skip


def test_text_of_the_data_stays_text(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({f"v{place}": [1.0, 2.0] * 15 for place in range(len(HOSTILE))})
    path = tmp_path / "hostile.sav"
    labels = [each.replace("\x00", "") for each in HOSTILE]
    pyreadstat.write_sav(
        frame, str(path), column_labels=labels,
        variable_value_labels={f"v{place}": {1: label or "a", 2: "other"} for place, label in enumerate(labels)},
    )  # fmt: skip
    target = tmp_path / "study.toml"
    target.write_text(draft(read(path), Plan(data=path, target=target), words()), "utf-8")
    study = load_study(target)
    assert study.design.weights is None
    assert [study.variables[f"v{place}"].label for place in range(len(labels))][:1] == [labels[0]]
    assert len(study.tables) == len(HOSTILE)


def test_column_names_that_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    names = ['a "quoted" name', "with space", "dot.ted", "sla/sh", "ünï", "x]\ny", "1", "#"]
    rows = "\n".join(
        ",".join(["yes" if (row + place) % 2 else "no" for place in range(len(names))]) for row in range(20)
    )
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    path.write_text(f"{head}\n{rows}\n", "utf-8")
    target = tmp_path / "study.toml"
    target.write_text(draft(read(path), Plan(data=path, target=target), words()), "utf-8")
    works(target, 20)


def test_nothing_personal_is_written(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = "\n".join(f"Perez{row},+502 5512 {row:04d},{'yes' if row % 2 else 'no'},{row * 7 % 40}" for row in range(40))
    path.write_text(f"apellidos,q2,q3,q4\n{rows}\n", "utf-8")
    text = draft(read(path), Plan(data=path), words())
    assert "Perez" not in text and "5512" not in text
    assert text.count("sensitive = true") == 2


def test_refusals(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    target.write_text("x", "utf-8")
    assert run("new", example / "transit.sav", "-o", target).status == 2
    assert run("new", example / "transit.sav", "-o", target, "--overwrite").status == 0
    assert run("new", example / "transit.sav", "-o", tmp_path / "study.csv").status == 2
    assert run("new", target).status == 2
    assert run("new", tmp_path / "nothing.sav").status == 3
    assert run("new", example / "transit.sav").out == run("new", example / "transit.sav").out
