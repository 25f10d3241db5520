"""Forms: real ones load, broken ones end in one line that names sheet, row and cure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from collection_form import invented

from surveytool.collection_form import read_form
from surveytool.collection_form.conditions import parse
from surveytool.errors import SurveytoolError, UnreadableData

FORMS = {
    "KoBoXLSFormExamples.xlsx": 15, "demo.xlsx": 69, "demo_adapt1.xlsx": 66, "demo_adapt2.xlsx": 69,
    "pyxform_choice_filter_test.xlsx": 3, "pyxform_extra_columns.xlsx": 1, "pyxform_loop.xlsx": 2,
    "pyxform_or_other.xlsx": 2, "pyxform_specify_other.xlsx": 1, "pyxform_widgets.xls": 32,
    "pyxform_xlsform_spec_test.xlsx": 46,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_real_forms_load_with_every_condition(name: str, shared: Path) -> None:
    form = read_form(shared / "data" / "xlsforms" / name)
    assert len(form.questions) == FORMS[name]
    for question in form.questions:
        for text in (*question.conditions, question.constraint, question.calculation):
            if text:
                parse(text)


def test_the_msna_tool_loads_in_a_second(shared: Path) -> None:
    path = shared / "data" / "impact_humind_kobo" / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx"
    read_form(path)
    start = time.process_time()
    form = read_form(path)
    assert time.process_time() - start < 1
    assert form.languages == ("en", "fr")
    assert sum(question.use == "single" for question in form.questions) == 94
    assert sum(question.use == "multiple" for question in form.questions) == 19
    assert {question.repeat for question in form.questions} == {"", "roster", "edu_ind", "health_ind", "nut_ind"}


def test_labels_lists_groups_and_conditions_of_a_form(tmp_path: Path) -> None:
    form = read_form(invented.form(tmp_path / "form.xlsx"))
    assert form.languages == ("en", "fr", "ar") and form.title == "Invented survey" and form.version == "3"
    keyed = form.keys()
    assert keyed["sex"].labels["en"] == "Sex" and keyed["phone"].labels["en"] == "Do you have a phone, …?"
    assert keyed["apps"].path == ("tech", "apps")
    assert keyed["apps"].conditions == ("${consent} = 'yes'", "${phone} != 'no'")
    assert [choice.code for choice in keyed["apps"].choices] == invented.OPTIONS  # or_other adds the last one
    assert keyed["apps"].choices[-1].labels["fr"] == "Autre"


OTHER_WORDS = [
    ["Type", "Name", "Label:English", "Relevance", "List Name"],
    ["select one from yes_no", "a", "A?", "", ""],
    ["select all that apply from yes_no", "b", "B?", "", ""],
    ["begin group", "g", "", "${a} = 'yes'", ""],
    ["add select multiple prompt using yes_no", "c", "C?", "", ""],
    ["select_one_from_file places.csv", "d", "D?", "", ""],
    ["begin repeat", "people", "", "", ""],
    ["int", "a", "Age", "", ""],
    ["end repeat", "", "", "", ""],
    ["end group", "", "", "", ""],
]
OTHER_CHOICES = [["list name", "name", "label:English"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]


def test_other_spellings_of_the_same_form(tmp_path: Path) -> None:
    form = read_form(invented.form(tmp_path / "form.xlsx", OTHER_WORDS, OTHER_CHOICES))
    assert [(question.name, question.use) for question in form.questions] == [
        ("a", "single"), ("b", "multiple"), ("c", "multiple"), ("d", "single"), ("a", "number"),
    ]  # fmt: skip
    assert list(form.keys()) == ["a", "b", "c", "d", "g/people/a"]
    assert form.questions[3].open_list and form.questions[4].repeat == "people"
    assert form.questions[2].conditions == ("${a} = 'yes'",)


def _changed(number: int, place: int, text: str) -> list[list[str]]:
    rows = [list(row) for row in invented.SURVEY]
    rows[number][place] = text
    return rows


BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no end": (lambda path: invented.form(path, invented.SURVEY[:7]), "row 4: the group 'demo' has no end"),
    "no begin": (lambda path: invented.form(path, [invented.SURVEY[0], *invented.SURVEY[7:]]), "row 2: ends a group"),
    "no list": (lambda path: invented.form(path, _changed(4, 0, "select_one sexx")), "row 5: the list 'sexx'"),
    "no list at all": (lambda path: invented.form(path, _changed(4, 0, "select_one")), "row 5: 'sex' names no list"),
    "no name": (lambda path: invented.form(path, _changed(5, 1, "")), "row 6: a question of type 'integer'"),
    "no type": (lambda path: invented.form(path, _changed(5, 0, "")), "row 6: 'age' has no type"),
    "twice": (lambda path: invented.form(path, _changed(5, 1, "sex")), "row 6: the name 'sex' stands in row 5"),
    "no column": (lambda path: invented.form(path, [["type", "nam"], ["text", "a"]]), "no column 'name'"),
    "no questions": (lambda path: invented.form(path, [["type", "name"], ["note", "a"]][:1]), "no questions"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_is_told_with_sheet_row_and_cure(name: str, tmp_path: Path) -> None:
    make, message = BROKEN[name]
    with pytest.raises(UnreadableData) as told:
        read_form(make(tmp_path / "form.xlsx"))
    assert message in str(told.value) and "form.xlsx" in told.value.where and told.value.cure
    assert "\n" not in str(told.value)


def test_a_workbook_of_data_is_no_form(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "data.xlsx"))
    book.add_worksheet("main").write_row(0, 0, ["a", "b"])
    book.close()
    with pytest.raises(UnreadableData, match="no sheet survey"):
        read_form(tmp_path / "data.xlsx")


def test_damaged_forms_end_in_one_line(tmp_path: Path) -> None:
    """Cells moved, cut and emptied, bytes changed: a form, or an error of ours, never anything else."""
    chance = random.Random(16)
    whole = invented.form(tmp_path / "form.xlsx").read_bytes()
    damaged = tmp_path / "damaged.xlsx"
    outcomes = {True: 0, False: 0}
    for turn in range(150):
        if turn % 3 == 0:
            content = bytearray(whole)
            for _ in range(chance.randint(1, 40)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            damaged.write_bytes(bytes(content[: chance.randint(len(content) // 2, len(content))]))
        else:
            rows = [list(row) for row in invented.SURVEY]
            for _ in range(chance.randint(1, 6)):
                row = chance.randrange(len(rows))
                rows[row][chance.randrange(len(rows[row]))] = chance.choice(
                    [
                        "",
                        "end_group",
                        "begin_repeat",
                        "select_one x",
                        "${",
                        "a b",
                        "\x00"[:0],
                        "9" * 300,
                        "=1+1",
                        "#REF!",
                    ]
                )
            invented.form(damaged, chance.sample(rows, len(rows)) if turn % 5 == 0 else rows)
        try:
            read_form(damaged)
            outcomes[True] += 1
        except SurveytoolError as error:
            assert "\n" not in str(error)
            outcomes[False] += 1
    assert min(outcomes.values()) > 10
