"""A study file with ten mistakes: all of them and what the data show, in one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STUDY = """
[study]
title = "A study"
langages = ["en"]

[data]
path = "data.csv"

[design]
weights = "wieght"
strata = "stratum"
lonely_psu = "ajust"

[variables.sex]
label = "Sex"
kind = "singel"

[variables.agee]
label = "Age"

[[recodes]]
name = "band"
type = "bands"
from = "age"
bands = ["18-30", "25-40"]

[[recodes]]
name = "any"
type = "derived"
any = ["sex = = 'Female'"]

[[tables]]
variable = "trust"
by = ["sexo"]

[[tables]]
variable = "trust"
statistic = "avarage"

[[tables]]
variabel = "trust"
"""


def test_ten_mistakes_and_the_data_in_one_run(
    clean: dict[str, list[Any]], write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    clean["age"][4] = clean["age"][5] = 999
    path = write(clean)
    study = path.with_name("study.toml")
    study.write_text(STUDY.lstrip("\n").replace("\n[study]", "[study]"), encoding="utf-8")
    lines = study.read_text("utf-8").splitlines()
    done = run("check", study, "--format", "json")
    assert done.status == 2
    findings = done.json["findings"]
    problems = [each for each in findings if each["part"] == "study"]
    told = {int(each["where"][0].rpartition("line ")[2]) for each in problems}
    for mistake in ("langages", "wieght", "ajust", "singel", "agee", '"18-30"', "= = ", "sexo", "avarage", "variabel"):
        line = next(at for at, text in enumerate(lines, start=1) if mistake in text)
        assert told & {line, line - 1, line + 1, line - 3}, (mistake, line, told)
    assert all(each["cure"] for each in problems), problems
    assert "missing_codes" in {each["kind"] for each in findings}


def test_a_study_without_mistakes(
    clean: dict[str, list[Any]], write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    clean["trust"] = ["Low" if sex == "Male" else "High" for sex in clean["sex"]]
    path = write(clean)
    study = path.with_name("study.toml")
    study.write_text(
        '[data]\npath = "data.csv"\n[design]\nweights = "weight"\nstrata = "stratum"\npsu = ["site"]\n'
        "[variables.network]\nasked_when = \"phone == 'Yes' and sex == 'Male'\"\n"
        '[[tables]]\nvariable = "network"\nby = ["sex:trust"]\n',
        encoding="utf-8",
    )
    done = run("check", study, "--format", "json")
    kinds = {each["kind"]: each for each in done.json["findings"]}
    assert done.status == 0
    assert kinds["empty_groups"]["where"] == ["sex:trust"] and kinds["empty_groups"]["n"] == 2
    asked = sum(p == "Yes" and s == "Female" for p, s in zip(clean["phone"], clean["sex"], strict=True))
    assert kinds["not_asked"]["n"] == asked and kinds["not_asked"]["severity"] == "warning"
    assert done.json["design"]["weights"] == "weight" and done.json["source"]["rows"] == 120


def test_what_is_typed_wins(clean: dict[str, list[Any]], write: Callable[..., Path], run: Callable[..., Any]) -> None:
    path = write(clean)
    study = path.with_name("study.toml")
    study.write_text('[data]\npath = "data.csv"\n[design]\nweights = "weight"\nlonely_psu = "adjust"\n', "utf-8")
    assert run("check", study, "--weights", "months", "--format", "json").json["design"]["weights"] == "months"


def test_data_that_are_not_there(tmp_path: Path, run: Callable[..., Any]) -> None:
    study = tmp_path / "study.toml"
    study.write_text('[data]\npath = "none.csv"\n', "utf-8")
    assert run("check", study).status == 3
    study.write_text('[study]\ntitel = "x"\n[data]\npath = "none.csv"\n', "utf-8")
    done = run("check", study, "--format", "json")
    assert done.status == 2 and [each["part"] for each in done.json["findings"]] == ["study", "data"]


def test_what_a_study_makes_is_no_fault(
    clean: dict[str, list[Any]], write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    """Bands, and questions put together from dummies, have columns of their own that no file declares."""
    clean |= {f"uses_{place}": [int((row + place) % 3 == 0) for row in range(120)] for place in (1, 2)}
    path = write(clean)
    study = path.with_name("study.toml")
    study.write_text(
        '[data]\npath = "data.csv"\n[design]\nweights = "weight"\n'
        '[[recodes]]\nname = "band"\ntype = "bands"\nfrom = "age"\nbands = ["18-35", "36+"]\n'
        '[[recodes]]\nname = "uses"\ntype = "multiple"\ncolumns = ["uses_1", "uses_2"]\n',
        encoding="utf-8",
    )
    found = run("check", study, "--format", "json").json["findings"]
    assert {each["severity"] for each in found} == {"note"}, found


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_list_that_a_study_translates_for_one_question_stays_one_list(
    language: str, clean: dict[str, list[Any]], write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    import pandas as pd
    import pyreadstat

    rows = pd.DataFrame({"born": [1.0, 2.0] * 30, "lived": [2.0, 3.0] * 30, "age": [*range(18, 78)]})
    countries = {1.0: "Peru", 2.0: "Chile", 3.0: "Haiti"}
    study = write(clean).with_name("study.toml")
    labels = {"born": countries, "lived": countries}
    pyreadstat.write_sav(rows, study.with_name("data.sav"), variable_value_labels=labels)
    study.write_text(
        '[study]\nlanguages = ["en", "es"]\n[data]\npath = "data.sav"\n'
        '[variables.born.levels]\n1 = {en = "Peru", es = "Perú"}\n3 = {en = "Haiti", es = "Haití"}\n', encoding="utf-8"
    )  # fmt: skip
    told = run("check", study, "--format", "json", "--lang", language).json["findings"]
    assert "never_chosen" not in {each["kind"] for each in told}, told
