"""A repeat of the form is a roster of the study: labels, codes and filters of its questions come from the form."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from collection_form import invented

from surveytool.study import load_study, open_study
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate

SURVEY = [
    ["type", "name", "label::English (en)", "label::French (fr)", "relevant", "calculation"],
    ["select_one yes_no", "has_children", "Children?", "Enfants ?", "", ""],
    ["begin_repeat", "children", "Children", "Enfants", "${has_children} = 'yes'", ""],
    ["integer", "age", "Age of the child", "Âge de l'enfant", "", ""],
    ["calculate", "school_age", "", "", "", "if(${age} >= 6, 1, 0)"],
    ["select_one yes_no", "at_school", "At school?", "À l'école ?", "${school_age} = 1", ""],
    ["end_repeat", "", "", "", "", ""],
]
CHOICES = [["list_name", "name", "label::English (en)", "label::French (fr)"], ["yes_no", "yes", "Yes", "Oui"],
           ["yes_no", "no", "No", "Non"]]  # fmt: skip
MAIN = [["has_children", "_index", "w"], ["yes", 1, 1], ["no", 2, 2], ["yes", 3, 3]]
CHILDREN = [
    ["children/age", "children/at_school", "_parent_index", "_index"],
    [4, "", 1, 1], [7, "yes", 1, 2], [9, "no", 3, 3], [12, "yes", 3, 4], [8, "", 3, 5],
]  # fmt: skip


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    invented.form(tmp_path / "form.xlsx", SURVEY, CHOICES)
    book = xlsxwriter.Workbook(str(tmp_path / "export.xlsx"))
    for name, rows in (("main", MAIN), ("children", CHILDREN)):
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    (tmp_path / "study.toml").write_text(
        '[study]\nlanguages = ["fr", "en"]\n[data]\npath = "export.xlsx"\ntool = "form.xlsx"\n'
        '[design]\nweights = "w"\n[[rosters]]\nname = "children"\n', "utf-8",
    )  # fmt: skip
    return open_study(load_study(tmp_path / "study.toml"), language="fr")


def test_questions_of_a_repeat_speak_the_language_and_know_who_was_asked(survey: Survey) -> None:
    variable = survey.codebook["children.at_school"]
    assert variable.labels["fr"] == "À l'école ?"
    gaps = {level.code: level.count for level in variable.levels if level.missing}
    assert gaps == {".not asked": 1, ".no answer": 1}  # a calculation that was not exported is made again
    assert [level.labels["fr"] for level in variable.valid_levels()] == ["Oui", "Non"]


def test_rows_have_the_weights_of_their_interview(survey: Survey) -> None:
    (table,) = tabulate(survey, [Request(variable="children.at_school")]).estimates
    assert {row.level_code: row.estimate for row in table.rows} == pytest.approx({"yes": 4 / 7, "no": 3 / 7})
