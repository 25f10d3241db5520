"""Days and numbers as people write them, where ``--kind`` says that a column holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.reading.calendar_days import moment, orders_of


def written(tmp_path: Path, lines: Sequence[str], name: str = "data.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def days(path: Path, name: str = "day") -> list[str]:
    survey = st.read(path, kinds={name: "date"})
    return [str(cell)[:10] for cell in survey.frame.column(name).to_pylist()]


def codes(survey: st.Survey) -> list[str]:
    return [each.code for each in survey.notes]


def test_a_day_that_can_be_no_month_decides_for_its_column(tmp_path: Path) -> None:
    path = written(tmp_path, ["day", "03/04/2023", "13/04/2023", "05/12/2023"])
    assert days(path) == ["2023-04-03", "2023-04-13", "2023-12-05"]
    assert "day_first" in codes(st.read(path, kinds={"day": "date"}))


def test_the_month_first_where_the_file_shows_it(tmp_path: Path) -> None:
    path = written(tmp_path, ["day", "03/04/2023", "04/13/2023"])
    assert days(path) == ["2023-03-04", "2023-04-13"]


def test_another_column_decides_that_was_not_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, ["day,born", "03/04/2023,25/12/1980", "01/02/2023,01/01/1990", "05/06/2023,02/03/1970"])
    assert days(path)[0] == "2023-04-03"
    survey = st.read(path, columns=["day"], kinds={"day": "date"})
    assert str(survey.frame.column("day")[0].as_py())[:10] == "2023-04-03"


def test_columns_that_contradict_each_other_are_a_question(tmp_path: Path) -> None:
    path = written(tmp_path, ["day,born", "03/04/2023,25/12/1980", "01/22/2023,01/01/1990", "05/06/2023,02/03/1970"])
    with pytest.raises(UsageError, match="the day comes first in born, and the month in day"):
        st.read(path, kinds={"day": "date"})


def test_where_nothing_decides_it_is_a_question(tmp_path: Path) -> None:
    path = written(tmp_path, ["day", "03/04/2023", "05/06/2023"])
    with pytest.raises(UsageError, match="nothing in the file says whether the day or the month comes first in day"):
        st.read(path, kinds={"day": "date"})


def test_semicolons_are_the_last_evidence(tmp_path: Path) -> None:
    path = written(tmp_path, ["day;w", "03/04/2023;1,5", "05/06/2023;2,5"])
    assert days(path) == ["2023-04-03", "2023-06-05"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-04-13", "2023-04-13"), ("2023/4/3 10:30", "2023-04-03"), ("13.04.2023", "2023-04-13"),
        ("13 de abril de 2023", "2023-04-13"), ("3-août-2023", "2023-08-03"), ("Apr 13, 2023", "2023-04-13"),
        ("13/04/23", "2023-04-13"), ("1/2/70", "1970-02-01"), ("20230413", "2023-04-13"),
    ],
)  # fmt: skip
def test_the_ways_of_writing_a_day(text: str, day: str) -> None:
    assert str(moment(text, "day"))[:10] == day


@pytest.mark.parametrize("text", ["31/02/2023", "13/13/2023", "hello", "2023-02-30", "12", "", "1/2/3/4"])
def test_what_is_no_day(text: str) -> None:
    assert moment(text, "day") is None


def test_hours_are_kept() -> None:
    assert moment("4/13/2023 12:05:09 AM", "month") == datetime(2023, 4, 13, 0, 5, 9)
    assert moment("4/13/2023 1:05 p. m.", "month") == datetime(2023, 4, 13, 13, 5)


def test_a_column_of_both_orders_proves_both() -> None:
    assert orders_of(["13/04/2023", "04/13/2023"]) == {"day", "month"}


def test_days_that_are_none_count_as_missing_and_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, ["day", *["13/04/2023"] * 9, "31/02/2023"])
    survey = st.read(path, kinds={"day": "date"})
    assert survey.codebook["day"].n == 9
    (told,) = [each for each in survey.notes if each.code == "no_days"]
    assert dict(told.values) == {"n": 1, "variables": ("day",)}


def test_a_column_of_something_else_stops(tmp_path: Path) -> None:
    path = written(tmp_path, ["day", "yes", "no", "13/04/2023"])
    with pytest.raises(UsageError, match="only 33% of the answers of day are days of the calendar"):
        st.read(path, kinds={"day": "date"})


def test_days_of_a_workbook_that_are_texts(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [["id", "day"], [1, "13/04/2023"], [2, "01/02/2023"], [3, None]]:
        book.active.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert days(path) == ["2023-04-13", "2023-02-01", "None"]


def test_days_written_as_numbers(tmp_path: Path) -> None:
    assert days(written(tmp_path, ["day", "20230413", "20230201"])) == ["2023-04-13", "2023-02-01"]


def test_one_typing_error_does_not_unmake_a_number(tmp_path: Path) -> None:
    path = written(tmp_path, ["age", *map(str, range(20, 60)), "3O"])
    survey = st.read(path, kinds={"age": "number"})
    (row,) = st.summarize(survey, "age").rows
    assert row.estimate == pytest.approx(39.5)
    (told,) = [each for each in survey.notes if each.code == "no_numbers"]
    assert dict(told.values) == {"n": 1, "variables": ("age",)}


def test_why_a_number_is_missing_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, ["age", *map(str, range(20, 60)), "Don't know", "n/a"])
    survey = st.read(path, kinds={"age": "number"})
    assert [(level.label, level.missing) for level in survey.codebook["age"].levels] == [
        ("Don't know", "dont_know"), ("n/a", "not_asked"),
    ]  # fmt: skip
    assert "no_numbers" not in codes(survey)


def test_nearly_numbers_are_told_without_it(tmp_path: Path) -> None:
    path = written(tmp_path, ["age", *map(str, range(20, 60)), "3O"])
    assert "nearly_numbers" in codes(st.read(path))


def test_numbers_in_the_marks_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, ["income;w", *[f"1.{each};1,5" for each in range(100, 140)], "see remarks;2,5"])
    survey = st.read(path, kinds={"income": "number"})
    (row,) = st.summarize(survey, "income").rows
    assert row.estimate == pytest.approx(1119.5)


def test_a_large_coded_csv_is_read_whole_for_it(tmp_path: Path) -> None:
    path = written(tmp_path, ["day,sex", *["13/04/2023,1", "01/02/2023,2"] * 26_000])
    survey = st.read(path, columns=["day"], kinds={"day": "date"}, stream=True)
    assert survey.codebook["day"].kind == "date"


def test_ages_that_begin_with_0_are_numbers_and_codes_are_not(tmp_path: Path) -> None:
    rows = [f"{age:03d},{age:05d}" for age in range(18, 60)]
    survey = st.read(written(tmp_path, ["age,municipality", *rows]))
    assert survey.codebook["age"].kind == "number"
    assert survey.codebook["municipality"].kind != "number"
    (told,) = [each for each in survey.notes if each.code == "leading_zeros"]
    assert dict(told.values)["variables"] == ("municipality",)


@pytest.mark.parametrize("library", ["arrow", "pandas", "polars", "duckdb"])
def test_texts_of_a_frame_are_read_as_they_are_said_to_be(library: str) -> None:
    table = pa.table({"age": ["015", "n/a", "040", "103", None] * 4, "day": ["13/04/2023", "01/02/2023"] * 10,
                      "income": ["1.234,5", "2.000,0"] * 10})  # fmt: skip
    frame = table if library == "arrow" else table.to_pandas() if library == "pandas" else None
    frame = pytest.importorskip(library).from_arrow(table) if frame is None else frame
    survey = st.read(frame, kinds={"age": "number", "day": "date", "income": "number"})
    (age,) = st.summarize(survey, "age", stat="mean").rows
    assert (age.estimate, age.n) == (pytest.approx((15 + 40 + 103) / 3), 12)
    assert st.summarize(survey, "income", stat="mean").rows[0].estimate == pytest.approx(1617.25)
    assert {row.level for row in st.summarize(survey, "day").rows} == {"2023-04-13", "2023-02-01"}
