"""A file has one locale: marks, encodings, blanks, missing marks and the rows around its table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import surveytool as st
from surveytool.reading import delimited
from surveytool.survey import Survey

Answers = list[object]


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Survey:
    path = folder / "data.csv"
    path.write_bytes(text.encode(encoding))
    return st.read(path)


def column(survey: Survey, name: str) -> Answers:
    return list(survey.frame[name].to_pylist())


def said(survey: Survey) -> dict[str, dict[str, object]]:
    return {each.code: dict(each.values) for each in survey.notes}


NUMBERS = [
    ("dots of thousands, decimal commas", "q;income;w\na;2.523;1,5\nb;2.143;0,5\na;12.524;1,0\n", [2523, 2143, 12524]),
    ("both marks", "q;income;w\na;2.523,00;1,5\nb;2.143,50;0,5\n", [2523.0, 2143.5]),
    ("commas of thousands", 'q,income,w\na,"2,523",1.5\nb,143,0.5\na,"12,524",1\n', [2523, 143, 12524]),
    ("commas of decimals", 'q,income,w\na,"2523,00","1,5"\nb,"2143,50","0,5"\n', [2523.0, 2143.5]),
    ("spaces", "q;income;w\na;2 523;1,5\nb;143;0,5\na;12 000;1\n", [2523, 143, 12000]),
    ("no-break spaces", "q;income;w\na;2\u00a0523,5;1,5\nb;143;0,5\n", [2523.5, 143.0]),
    ("apostrophes", "q,income,w\na,2'523.5,1.5\nb,143,0.5\n", [2523.5, 143.0]),
    ("currency", 'q,income,w\na,"$1,200.50",1\nb,$300,1\na,$5,2\n', [1200.5, 300.0, 5.0]),
    ("percent", "q,income,w\na,45%,1\nb,5.5%,1\n", [45.0, 5.5]),
    ("dots of decimals in a Kobo file", "q;income;w\na;1.234;0.5\nb;2.345;1.25\n", [1.234, 2.345]),
    ("dots of decimals between commas", "q,income\na,1.234\nb,2.345\n", [1.234, 2.345]),
    ("dots of thousands between semicolons", "q;income\na;1.234\nb;12.100\n", [1234, 12100]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right"), [case[1:] for case in NUMBERS], ids=[case[0] for case in NUMBERS])
def test_numbers_are_read_in_the_marks_of_the_file(tmp_path: Path, text: str, right: Answers) -> None:
    survey = csv(tmp_path, text)
    assert column(survey, "income") == right
    assert survey.codebook["income"].kind in ("number", "single")


def test_the_marks_are_the_same_whichever_columns_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("q;income;w\na;2.523;1,5\nb;2.143;0,5\n", encoding="utf-8")
    assert st.read(tmp_path / "data.csv", columns=["income"]).frame["income"].to_pylist() == [2523, 2143]


@pytest.mark.parametrize("many", [False, True], ids=["few texts", "many texts"])
def test_a_streamed_file_is_read_in_the_same_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: bool) -> None:
    monkeypatch.setattr(delimited, "LARGE", 1)
    if many:
        monkeypatch.setattr("surveytool.reading.delimited_stream.MOST_TEXTS", 1)
    (tmp_path / "data.csv").write_text(
        "sep=;\nq;income;w;share\na;2.523;1,5;5%\nb ; ;0,5;7%\n ;12.524;1,0;n/a\na;3.000;2,25;9%\n", encoding="utf-8"
    )
    table = st.read(tmp_path / "data.csv").frame
    streamed = st.read(tmp_path / "data.csv", stream=True)
    rows = [row for batch in streamed.frame.batches(["q", "income", "w", "share"]) for row in batch.to_pylist()]
    assert rows == table.select(["q", "income", "w", "share"]).to_pylist()
    assert [row["income"] for row in rows] == [2523, None, 12524, 3000]
    assert [row["q"] for row in rows] == ["a", "b", None, "a"]
    assert {"number_marks", "decimal_comma", "percent_signs"} <= said(streamed).keys()


def test_what_nothing_in_the_file_tells_is_said_or_asked(tmp_path: Path) -> None:
    assert said(csv(tmp_path, "q;income\na;1.234\nb;12.100\n"))["number_doubt"] == {"variables": ("income",)}
    both = csv(tmp_path, "q;income;a;b\nx;1.234;1.5;2,5\ny;12.100;2.25;1,25\n")
    assert both.codebook["income"].kind != "number"
    assert said(both)["number_unclear"] == {"variables": ("income",)}
    pairs = csv(tmp_path, 'q,pair\na,"1,2"\nb,"1,3"\na,3\n')  # options of one person, not 1.2
    assert column(pairs, "pair") == ["1,2", "1,3", "3"]


def test_a_person_may_say_the_decimal_mark(tmp_path: Path) -> None:
    from surveytool.reading import Dialect

    csv(tmp_path, "q;income\na;1.234\nb;12.100\n")
    survey = st.read(tmp_path / "data.csv", dialect=Dialect(decimal_mark="."))
    assert column(survey, "income") == [1.234, 12.1]
    assert "number_doubt" not in said(survey)


LETTERS = [
    ("cp1252", "ciudad;w\nBogotá;1\nSão Paulo;2\nCafé “Sol”;1\n", "Latin-1"),
    ("cp1251", "місто;w\nКиїв;1\nЛьвів;2\nКиїв;1\n", "Windows-1251"),
    ("cp1256", "مدينة;w\nبيروت;1\nدمشق;2\n", "Windows-1256"),
    ("cp932", "都市,w\n東京,1\n大阪,2\n", "Shift-JIS"),
    ("mac-roman", "ciudad;w\nBogotá;1\nSão Paulo;2\nBogotá;1\n", "Mac Roman"),
    ("gb18030", "城市,w\n北京,1\n上海,2\n", "GB 18030"),
]


@pytest.mark.parametrize(("encoding", "text", "name"), LETTERS, ids=[case[0] for case in LETTERS])
def test_letters_tell_the_encoding(tmp_path: Path, encoding: str, text: str, name: str) -> None:
    survey = csv(tmp_path, text, encoding)
    first = next(iter(survey.codebook))
    lines = [line.replace(";", ",").split(",") for line in text.splitlines()]
    assert first == lines[0][0]
    assert column(survey, first) == [line[0] for line in lines[1:]]
    assert said(survey)["encoding"] == {"encoding": name}


def test_one_stray_byte_does_not_turn_a_file(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("ciudad;w\nBogotá;1\nSão Paulo;2\n".encode() + b"Bogot\xe1;1\n")
    survey = st.read(path)
    assert column(survey, "ciudad") == ["Bogotá", "São Paulo", "Bogotá"]
    assert said(survey)["stray_bytes"] == {"n": 1}


def test_letters_that_the_file_has_lost_are_said(tmp_path: Path) -> None:
    assert said(csv(tmp_path, "ciudad,w\nBogot\ufffd,1\nLima,1\n"))["letters_lost"] == {"n": 1}


def test_blanks_and_forms_never_make_two_answers_of_one(tmp_path: Path) -> None:
    survey = csv(tmp_path, "c,q,w\nM\u00e9xico,a,1\nMe\u0301xico,a ,1\nPer\u00fa, ,1\n\u00a0,\u200ba,2\n")
    assert column(survey, "c") == ["México", "México", "Perú", None]
    assert column(survey, "q") == ["a", "a", None, "a"]
    assert said(survey)["texts_merged"] == {"variables": ("c", "q")}


@pytest.mark.parametrize("mark", ["n/a", "NULL", "NA", "nan", "#NULL!", "#N/A", ".", "-"])
def test_missing_marks_are_no_answers(tmp_path: Path, mark: str) -> None:
    rows = "".join(f"{n},{mark if n % 4 == 0 else n * 100},{mark if n % 5 == 0 else 'Yes'}\n" for n in range(1, 21))
    survey = csv(tmp_path, f"id,income,q\n{rows}")
    assert survey.codebook["income"].kind == "number" and survey.codebook["income"].n == 15
    if mark not in (".", "-"):  # among texts these may be answers
        assert [level.label for level in survey.codebook["q"].valid_levels()] == ["Yes"]
        assert survey.codebook["q"].n == 16


def test_namibia_stays_an_answer(tmp_path: Path) -> None:
    survey = csv(tmp_path, "country,age\nNA,20\nZA,31\nBW,NA\nNA,40\n")
    assert [level.label for level in survey.codebook["country"].valid_levels()] == ["BW", "ZA", "NA"]


LAYOUTS = [
    ("a title and a blank line", "Household survey 2023,,\n\nsex,age,w\nM,25,1\nF,31,2\nM,40,1\n", "title_rows"),
    ("Excel's first line", "sep=,\nsex,age,w\nM,25,1\nF,31,2\nM,40,1\n", None),
    ("labels below the names", "sex,age,w\nSex,Age in years,Weight\nM,25,1\nF,31,2\nM,40,1\n", "label_row"),
    ("a total", "sex,age,w\nM,25,1\nF,31,2\nM,40,1\nTotal,,4\n", "rows_below"),
    ("a source", "sex,age,w\nM,25,1\nF,31,2\nM,40,1\nSource: INE,,\n", "rows_below"),
    ("merged cells", "Person,,Design\nsex,age,w\nM,25,1\nF,31,2\nM,40,1\n", "header_rows"),
]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(("text", "code"), [case[1:] for case in LAYOUTS], ids=[case[0] for case in LAYOUTS])
def test_what_stands_around_a_table_is_no_respondent(tmp_path: Path, text: str, code: str | None, suffix: str) -> None:
    if suffix == "csv":
        survey = csv(tmp_path, text)
    elif text.startswith("sep="):
        pytest.skip("a workbook has no such line")
    else:
        survey = st.read(workbook(tmp_path, [[typed(cell) for cell in line.split(",")] for line in text.splitlines()]))
    assert survey.provenance.rows == 3
    assert list(survey.codebook) == ["sex", "age", "w"]
    assert column(survey, "age") == [25, 31, 40] and column(survey, "sex") == ["M", "F", "M"]
    assert code is None or code in said(survey)


def typed(cell: str) -> str | float | None:
    return float(cell) if cell.isdigit() else cell or None


def workbook(folder: Path, rows: Sequence[Sequence[object]], merged: tuple[str, ...] = ()) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place in merged:
        book.active.merge_cells(place)
    book.save(folder / "data.xlsx")
    return folder / "data.xlsx"


def test_no_row_is_left_out_of_a_plain_file(tmp_path: Path) -> None:
    survey = csv(tmp_path, "sex,n\nTotal,5\nM,7\nTotal,1\nF,2\n")
    assert survey.provenance.rows == 4
    blanks = csv(tmp_path, "q,\nYes,1\nNo,2\nNo,3\n")
    assert blanks.provenance.rows == 3
    first = csv(tmp_path, "sex,age,w\nM,about 30,1\nF,31,2\nM,40,1\nF,50,2\n")
    assert first.provenance.rows == 4


def test_a_person_may_say_where_the_table_begins(tmp_path: Path) -> None:
    from surveytool.reading import Dialect

    (tmp_path / "data.csv").write_text("a,b\nnote,here\nsex,age\nSex,Age\nM,25\nF,31\n", encoding="utf-8")
    survey = st.read(tmp_path / "data.csv", dialect=Dialect(skip=2, header=2))
    assert survey.provenance.rows == 2 and survey.codebook["age"].label == "Age"


def test_cells_merged_downwards_count_for_each_row(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["region", "q"],
        ["North", "Yes"],
        [None, "No"],
        [None, "Yes"],
        ["South", "No"],
        [None, "No"],
    ]
    survey = st.read(workbook(tmp_path, rows, ("A2:A4", "A5:A6")))
    assert column(survey, "region") == ["North"] * 3 + ["South"] * 2
    assert said(survey)["merged_down"] == {"variables": ("region",)}


def test_numbers_stored_as_text_are_numbers(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["sex", "age", "code", "w"],
        *[["f", str(20 + n), f"0{n}", f"{n}.5"] for n in range(12)],
    ]
    survey = st.read(workbook(tmp_path, rows))
    assert survey.codebook["age"].kind == "number" and column(survey, "w")[1] == 1.5
    assert column(survey, "code")[3] == "03"
    assert said(survey)["numbers_as_text"] == {"variables": ("age", "w")}


def test_days_among_ranges_are_said(tmp_path: Path) -> None:
    from datetime import date

    rows: list[Sequence[object]] = [["age_band"], ["0-4"], [date(2023, 9, 5)], [date(2023, 10, 14)], ["15-19"]]
    assert said(st.read(workbook(tmp_path, rows)))["excel_dates"] == {"variables": ("age_band",)}
    assert "excel_dates" in said(csv(tmp_path, "age\n1-5\n6-10\n11-15\nMay-10\n"))
