"""What check says of a form and its data, on an invented survey with known faults."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from collection_form import invented

from surveytool.checks.finding_table import render_findings
from surveytool.checks.study_checks import check_study
from surveytool.study.load import examine
from surveytool.text import LANGUAGES, words


def findings(folder: Path, language: str = "en") -> dict[str, list[dict[str, Any]]]:
    (folder / "study.toml").write_text('[data]\npath = "kobo.csv"\ntool = "form.xlsx"\n')
    report = check_study(examine(folder / "study.toml"), language=language)
    made: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(render_findings(report, "json", words(language)))["findings"]:
        made.setdefault(each["kind"], []).append(each)
    return made


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Two codes outside of a list, an age of 7, an answer nobody asked for, an early version, a column that is gone."""
    invented.form(tmp_path / "form.xlsx", None, [*invented.CHOICES, ["sex", "m", "Males", "Hommes", ""]])
    path = invented.kobo(tmp_path)
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))
    place = {name: at for at, name in enumerate(rows[0])}
    people = [row for row in rows[1:] if row[place["consent"]] == "yes"]
    people[0][place["sex"]] = people[1][place["sex"]] = "female"
    people[2][place["age"]] = "7"
    nobody = next(row for row in people if row[place["phone"]] == "no")
    nobody[place["often"]] = "1"
    for number, row in enumerate(rows[1:]):
        row.append("v1" if number < 60 else "v2")
        if number < 60:
            row[place["full_name"]] = ""
    rows[0].append("__version__")
    for row in rows:
        del row[place["w"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return tmp_path


def test_every_difference_is_told_with_its_count(faulty: Path) -> None:
    found = findings(faulty)
    assert [(each["where"], each["n"]) for each in found["form_outside"]] == [(["sex"], 2)]
    assert [(each["where"], each["n"]) for each in found["form_constraint"]] == [(["age"], 1)]
    assert ". >= 18 and . <= 99" in found["form_constraint"][0]["what"]
    assert [(each["where"], each["n"]) for each in found["not_asked"]] == [(["often"], 1)]
    assert [each["where"] for each in found["form_absent"]] == [["w"]]
    assert [each["where"] for each in found["form_version"]] == [["full_name"]]
    assert "version v1" in found["form_version"][0]["what"]
    assert found["form_choice_twice"][0]["where"] == ["form.xlsx, sheet choices, row 15"]
    required = {each["where"][0]: each["n"] for each in found["form_required"]}
    assert set(required) == {"phone", "apps"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language_without_an_answer(faulty: Path, language: str) -> None:
    text = json.dumps(findings(faulty, language), ensure_ascii=False)
    assert "form_outside" in text and "check_form" not in text and "cure_form" not in text
    assert "female" not in text and "Name 4" not in text


def test_a_sound_export_has_no_finding_of_the_form(tmp_path: Path) -> None:
    invented.form(tmp_path / "form.xlsx")
    invented.kobo(tmp_path)
    assert {kind for kind in findings(tmp_path) if kind.startswith("form")} == {"form_required"}


def test_a_question_that_a_version_lacks_was_not_asked_there(faulty: Path) -> None:
    from surveytool.study import load_study, open_study

    findings(faulty)
    survey = open_study(load_study(faulty / "study.toml"))
    gaps = {level.code: level.count for level in survey.codebook["full_name"].levels if level.missing}
    refused = sum(person.consent == "no" for person in invented.people())
    early = sum(person.consent == "yes" for person in invented.people()[:60])
    assert gaps[".not asked"] == refused + early
