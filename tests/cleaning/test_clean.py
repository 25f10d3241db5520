"""A cleaning log applied: what is changed, remade and removed, what hits nothing, and the published clean file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

import surveytool as st
from surveytool.cleaning.cleaning_log import LogTable
from surveytool.cli.app import main
from surveytool.errors import UsageError

REACH = Path(__file__).parents[3] / "shared" / "data" / "reach_talafar_2021"
RAW = """_uuid,age,tools,tools/hoe,tools/axe,tools/saw,demo/sex
u1,30,hoe,1,0,0,f
u2,240,hoe axe,1,1,0,m
u3,41,,,,,f
u4,50,saw,0,0,1,m
"""
REACTIONS = ("change_response", "blank_response", "remove_survey")
FORMS = {
    "reach": ("_uuid", "questions", "change_type", "new_value", REACTIONS),
    "cleaningtools": ("uuid", "question", "change_type", "new_value", REACTIONS),
    "4mi": ("Survey UUID", "Question number", "Action taken", "New value", ("recoded", "delete_data_point", "discard")),
}


def written(folder: Path, log: str, raw: str = RAW) -> tuple[Path, Path]:
    (folder / "raw.csv").write_text(raw, encoding="utf-8")
    (folder / "log.csv").write_text(log, encoding="utf-8")
    return folder / "raw.csv", folder / "log.csv"


def rows_of(cleaned: st.Cleaned) -> dict[str, dict[str, str]]:
    sheet = cleaned.export.main
    return {row[0]: dict(zip(sheet.names, row, strict=True)) for row in sheet.rows}


def notes_of(cleaned: st.Cleaned) -> dict[str, dict[str, object]]:
    return {note.code: dict(note.values) for note in cleaned.notes}


@pytest.mark.parametrize("form", FORMS)
def test_the_three_forms_of_a_log_say_the_same(form: str, tmp_path: Path) -> None:
    uuid, question, action, new, (change, blank, remove) = FORMS[form]
    log = f"{uuid},{question},{action},{new}\nu2,age,{change},24\nu1,age,{blank},\nu4,,{remove},\nu3,age,no_action,\n"
    cleaned = st.clean(*written(tmp_path, log))
    rows = rows_of(cleaned)
    assert [rows[key]["age"] for key in ("u1", "u2", "u3")] == ["", "24", "41"]
    assert "u4" not in rows
    assert (cleaned.record.changed, cleaned.record.blanked, cleaned.record.removed, cleaned.record.kept) == (1, 1, 1, 1)


def test_a_list_and_its_columns_are_remade_from_each_other(tmp_path: Path) -> None:
    log = "uuid,question,new_value\nu1,tools,axe saw\nu2,tools.saw,1\nu3,tools/hoe,TRUE\nu4,tools/saw,0\n"
    rows = rows_of(st.clean(*written(tmp_path, log)))
    told = {key: [row[name] for name in ("tools", "tools/hoe", "tools/axe", "tools/saw")] for key, row in rows.items()}
    assert told == {
        "u1": ["axe saw", "0", "1", "1"],
        "u2": ["hoe axe saw", "1", "1", "1"],
        "u3": ["hoe", "1", "0", "0"],
        "u4": ["", "0", "0", "0"],
    }


def test_a_code_without_a_column_is_told_and_stays_in_the_list(tmp_path: Path) -> None:
    cleaned = st.clean(*written(tmp_path, "uuid,question,new_value\nu1,tools,hoe rake\n"))
    assert rows_of(cleaned)["u1"]["tools"] == "hoe rake"
    assert notes_of(cleaned)["log_codes_without_column"] == {"n": 1}


def test_lines_that_hit_nothing_are_told_by_their_rows(tmp_path: Path) -> None:
    log = (
        "uuid,question,change_type,new_value\nu9,age,change_response,3\nu1,agee,change_response,3\nu8,,remove_survey,\n"
    )
    told = notes_of(st.clean(*written(tmp_path, log)))
    assert told["log_no_interview"] == {"n": 2, "rows": "2, 4"}
    assert told["log_no_question"] == {"names": ("agee",), "n": 1, "rows": "3"}


def test_an_old_value_that_differs_is_told_and_the_new_one_written(tmp_path: Path) -> None:
    log = "uuid,question,old_value,new_value\nu2,age,204,24\nu1,age,30.0,31\n"
    cleaned = st.clean(*written(tmp_path, log))
    assert notes_of(cleaned)["log_old_differs"] == {"n": 1, "names": ("age",)}
    assert rows_of(cleaned)["u2"]["age"] == "24"


def test_the_last_of_several_lines_for_a_cell_counts(tmp_path: Path) -> None:
    cleaned = st.clean(*written(tmp_path, "uuid,question,new_value\nu1,age,31\nall,age,1\nu1,age,32\n"))
    assert [row["age"] for row in rows_of(cleaned).values()] == ["32", "1", "1", "1"]
    assert "log_overwritten" in notes_of(cleaned)


def test_a_group_path_may_be_left_out(tmp_path: Path) -> None:
    assert rows_of(st.clean(*written(tmp_path, "uuid,question,new_value\nu1,sex,m\n")))["u1"]["demo/sex"] == "m"


def workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheets = {
        "main": [["_uuid", "age", "_index"], ["u1", 30, 1], ["u2", 40, 2]],
        "children": [
            ["age", "_index", "_parent_index", "_parent_table_name"], [5, 1, 1, "main"], [6, 2, 2, "main"],
            [7, 3, 2, "main"],
        ],
        "illnesses": [
            ["name", "_parent_index", "_parent_table_name"], ["cough", 2, "children"], ["flu", 1, "children"],
        ],
    }  # fmt: skip
    for title, rows in sheets.items():
        page = book.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()


def test_a_removed_interview_takes_the_rows_of_its_rosters_and_theirs(tmp_path: Path) -> None:
    workbook(tmp_path / "raw.xlsx")
    (tmp_path / "log.csv").write_text(
        "uuid,question,change_type,new_value\nu2,,remove_survey,\nu1,age,change_response,31\n"
    )
    cleaned = st.clean(tmp_path / "raw.xlsx", tmp_path / "log.csv")
    assert (cleaned.record.removed, cleaned.record.roster_rows) == (1, 3)
    cleaned.save(tmp_path / "clean.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "clean.xlsx")
    assert book.get_sheet_by_name("main").to_python() == [["_uuid", "age", "_index"], ["u1", 31.0, 1.0]]
    assert [row[0] for row in book.get_sheet_by_name("children").to_python()] == ["age", 5.0]
    assert [row[0] for row in book.get_sheet_by_name("illnesses").to_python()] == ["name", "flu"]


def test_a_line_may_mean_a_row_of_a_roster(tmp_path: Path) -> None:
    workbook(tmp_path / "raw.xlsx")
    (tmp_path / "log.csv").write_text(
        "uuid,sheet,loop_index,question,new_value\nu2,children,3,age,8\nu2,children,,age,9\n"
    )
    cleaned = st.clean(tmp_path / "raw.xlsx", tmp_path / "log.csv")
    assert [row[0] for row in cleaned.export.sheets[1].rows] == [5.0, 6.0, 8.0]
    assert notes_of(cleaned)["log_no_roster_row"] == {"n": 1, "rows": "3"}


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("uuid,new_value\nu1,3\n", "the cleaning log has no column for question"),
        ("uuid,question,change_type,new_value\nu1,age,perhaps,3\n", "row 2: no action is called 'perhaps'"),
    ],
)
def test_a_log_that_cannot_be_read_is_one_line(log: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=told):
        st.clean(*written(tmp_path, log))


def test_columns_of_other_names_are_named(tmp_path: Path) -> None:
    raw, log = written(tmp_path, "who,what,becomes\nu1,age,31\n")
    table = LogTable(path=str(log), uuid="who", question="what", new="becomes")
    assert rows_of(st.clean(raw, table))["u1"]["age"] == "31"


def test_the_command_writes_or_compares(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    raw, log = written(tmp_path, "uuid,question,new_value\nu2,age,24\n")
    clean = tmp_path / "clean.csv"
    assert main(["clean", str(raw), "--log", str(log), "-o", str(clean)]) == 0
    assert b"1 cells changed" in capfdbinary.readouterr().err
    assert list(csv.DictReader(io.StringIO(clean.read_text())))[1]["age"] == "24"
    assert main(["clean", str(raw), "--log", str(log), "--review", str(clean)]) == 0
    assert main(["clean", str(raw), "--log", str(log), "--review", str(raw)]) == 1
    assert b"age: 1 differ" in capfdbinary.readouterr().out
    assert main(["clean", str(raw), "--log", str(log)]) == 2
    assert main(["clean", str(raw), "--log", str(tmp_path / "no.csv"), "-o", str(tmp_path / "x.csv")]) == 3
    assert not (tmp_path / "x.csv").exists()


def test_a_study_reads_its_data_with_the_log_applied(tmp_path: Path) -> None:
    written(tmp_path, "uuid,question,change_type,new_value\nu2,age,change_response,24\nu4,,remove_survey,\n")
    (tmp_path / "s.toml").write_text(
        '[data]\npath = "raw.csv"\nlog = "log.csv"\n[[tables]]\nvariable = "age"\nstat = "max"\n'
    )
    study = st.load_study(tmp_path / "s.toml")
    survey = st.open_study(study)
    assert survey.frame.num_rows == 3
    assert survey.provenance.path == str(tmp_path / "raw.csv")
    assert max(survey.frame.column("age").to_pylist()) == 41
    (tmp_path / "s.toml").write_text('[data]\npath = "raw.csv"\nlog = {path = "log.csv", new = "nothing"}\n')
    with pytest.raises(UsageError, match="nothing"):
        st.open_study(st.load_study(tmp_path / "s.toml"))


def test_check_tells_lines_that_hit_nothing(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    written(tmp_path, "uuid,question,new_value\nu9,age,24\n")
    (tmp_path / "s.toml").write_text('[data]\npath = "raw.csv"\nlog = "log.csv"\n')
    assert main(["check", str(tmp_path / "s.toml"), "--format", "json"]) == 0
    assert b"log_no_interview" in capfdbinary.readouterr().out


@pytest.mark.skipif(not REACH.exists(), reason="the reference data beside the project are not here")
def test_raw_and_log_are_the_published_clean_file_but_for_twelve_cells() -> None:
    cleaned = st.clean(REACH / "raw_data.csv", REACH / "cleaning_log.csv")
    found = cleaned.review(REACH / "clean_data.csv")
    assert len(cleaned.export.main.rows) == 578
    assert (found.only_here, found.only_there) == (0, 0)
    # eight that the published file writes FALSE for 0; four lists that it did not remake after their columns
    assert dict(found.differs) == {"water_sources": 2, "treat_drink_water_how": 2, "spend_tap": 8}


def test_new_answers_are_held_against_the_form(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "form.xlsx")
    sheets = {
        "survey": [["type", "name", "label"], ["select_multiple tools", "tools", "Tools"], ["integer", "age", "Age"]],
        "choices": [["list_name", "name", "label"], *(["tools", code, code] for code in ("hoe", "axe", "saw"))],
    }
    for title, rows in sheets.items():
        page = book.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    raw, log = written(tmp_path, "uuid,question,new_value\nu1,tools,hoe rake\nu2,tools,saw\nu2,age,24\n")
    cleaned = st.clean(raw, log, tool=tmp_path / "form.xlsx")
    assert notes_of(cleaned)["log_codes_outside"] == {"n": 1, "names": ("tools",)}
    line = ["clean", str(raw), "--log", str(log), "--tool", str(tmp_path / "form.xlsx"), "-o", str(tmp_path / "c.csv")]
    assert main(line) == 0
