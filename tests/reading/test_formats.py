"""Every format: labels and missing kinds kept, every column in the codebook, broken files one clear error."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import surveytool as st
from surveytool.errors import UnreadableData
from surveytool.reading import FORMATS

SEX = ["Male", "Female", "Female", "Male", "Male", "Female"] * 5
AGE = [20, 31, 42, 53, 64, 25] * 5
Writer = Callable[[Path], None]


def frame() -> Any:
    import pandas as pd

    return pd.DataFrame(
        {"sex": [1.0, 2.0, 2.0, 1.0, 1.0, 2.0] * 5, "age": [float(a) for a in AGE], "t": ["x", "y"] * 15}
    )


def labelled(writer: str, **more: Any) -> Writer:
    def write(path: Path) -> None:
        import pyreadstat

        given = {"column_labels": {"sex": "Sex of respondent"}, **more}
        getattr(pyreadstat, writer)(frame(), str(path), **given)

    return write


def text(separator: str = ",") -> Writer:
    def write(path: Path) -> None:
        rows = [separator.join((s, str(a), t)) for s, a, t in zip(SEX, AGE, ["x", "y"] * 15, strict=True)]
        content = "\n".join([separator.join(("sex", "age", "t")), *rows, ""])
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(content.encode()))
        else:
            path.write_text(content, encoding="utf-8")

    return write


def workbook(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["sex", "age", "t"])
    for row in zip(SEX, AGE, ["x", "y"] * 15, strict=True):
        sheet.append(list(row))
    book.save(path)


def parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"sex": SEX, "age": AGE, "t": ["x", "y"] * 15}), path)


def database(path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(path)) as made:
        made.execute("create table respondents (sex varchar, age bigint, t varchar)")
        made.executemany("insert into respondents values (?, ?, ?)", list(zip(SEX, AGE, ["x", "y"] * 15, strict=True)))


def archive(path: Path) -> None:
    inside = path.with_suffix(".csv")
    text()(inside)
    with zipfile.ZipFile(path, "w") as made:
        made.write(inside, "data.csv")
    inside.unlink()


VALUES = {"variable_value_labels": {"sex": {1: "Male", 2: "Female"}}}
WRITERS: dict[str, Writer] = {
    ".sav": labelled("write_sav", **VALUES),
    ".zsav": labelled("write_sav", compress=True, **VALUES),
    ".por": labelled("write_por"),
    ".dta": labelled("write_dta", **VALUES),
    ".xpt": labelled("write_xport"),
    ".csv": text(),
    ".tsv": text("\t"),
    ".txt": text("|"),
    ".gz": text(),
    ".xlsx": workbook,
    ".xlsm": workbook,
    ".parquet": parquet,
    ".duckdb": database,
    ".ddb": database,
    ".zip": archive,
}
NOT_WRITTEN = {".sas7bdat", ".xls", ".ods"}  # no writer here; .sas7bdat is tested on a real file


def test_every_format_has_its_contract() -> None:
    assert set(WRITERS) | NOT_WRITTEN == set(FORMATS)


@pytest.fixture(params=sorted(WRITERS))
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"data{request.param}"
    WRITERS[request.param](path)
    return path


def test_columns_counts_and_labels(made: Path) -> None:
    survey = st.read(made)
    book = {name.lower(): each for name, each in survey.codebook.items()}
    assert list(book) == ["sex", "age", "t"]
    assert book["sex"].kind == "single"
    assert sorted(level.count for level in book["sex"].levels) == [15, 15]
    assert book["age"].kind == "single" or book["age"].kind == "number"
    assert survey.provenance.rows == 30
    assert survey.provenance.path == str(made)
    assert len(survey.provenance.sha256 or "") == 64
    if made.suffix in (".sav", ".zsav", ".dta"):
        assert book["sex"].label == "Sex of respondent"
        assert [(level.code, level.label) for level in book["sex"].levels] == [(1.0, "Male"), (2.0, "Female")]
    share = next(row for row in st.summarize(survey, next(iter(survey.codebook))).rows if row.level in ("Female", "2"))
    assert share.estimate == pytest.approx(0.5)


def test_only_the_columns_asked_for(made: Path) -> None:
    name = next(each for each in st.read(made).codebook if each.lower() == "age")
    survey = st.read(made, columns=[name])
    assert list(survey.codebook) == [name]
    with pytest.raises(st.SurveytoolError, match=r"no variable named 'aeg'.*Did you mean.*(?i:age)"):
        st.read(made, columns=["aeg"])


@pytest.mark.parametrize("part", [0.0, 0.05, 0.5, 0.97])
def test_a_truncated_file_is_refused_or_whole(made: Path, part: float) -> None:
    """Half a file gives one line; text formats cannot know that lines are missing, but never invent one."""
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * part)])
    try:
        survey = st.read(made)
    except UnreadableData as error:
        assert made.name in str(error)
        assert "\n" not in str(error)
        assert error.exit_status == 3
    else:
        assert made.suffix in (".csv", ".tsv", ".txt", ".xpt") or survey.provenance.rows == 30
        assert survey.provenance.rows <= 30


@pytest.mark.parametrize("suffix", sorted(set(FORMATS) - {".txt", ".csv", ".tsv"}))
def test_text_under_another_suffix_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"text{suffix}"
    path.write_text("sex,age\nM,1\nF,2\n" * 20, encoding="utf-8")
    with pytest.raises(UnreadableData, match="text"):
        st.read(path)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".dta", ".parquet", ".xlsx"])
def test_an_spss_file_under_another_suffix_is_told(tmp_path: Path, example: Path, suffix: str) -> None:
    path = tmp_path / f"spss{suffix}"
    shutil.copy(example / "transit.sav", path)
    with pytest.raises(UnreadableData, match=r"SPSS file.*\.sav"):
        st.read(path)


def test_user_missing_lists_and_ranges_of_spss(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    path = tmp_path / "missing.sav"
    data = pd.DataFrame({"q": [1.0, 2.0, 98.0, 99.0, None, 1.0], "income": [100.0, -5.0, -9.0, 250.0, 300.0, None]})
    pyreadstat.write_sav(
        data, str(path), variable_value_labels={"q": {1: "Yes", 2: "No", 98: "No sabe", 99: "Refused"}},
        missing_ranges={"q": [98, 99], "income": [{"lo": -10, "hi": -1}]},
    )  # fmt: skip
    book = st.read(path).codebook
    assert [(level.label, level.missing, level.count) for level in book["q"].levels] == [
        ("Yes", None, 2), ("No", None, 1), ("No sabe", "dont_know", 1), ("Refused", "refused", 1)]  # fmt: skip
    assert (book["q"].n, book["q"].n_missing) == (3, 3)
    income = st.summarize(path, "income", stat="mean").rows[0]
    assert (income.estimate, income.n) == (pytest.approx(650 / 3), 3)


def test_tagged_missing_of_stata(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    path = tmp_path / "tags.dta"
    data = pd.DataFrame({"q": [1, 2, "a", "b", 1]})
    pyreadstat.write_dta(data, str(path), missing_user_values={"q": ["a", "b"]},
                         variable_value_labels={"q": {1: "Yes", 2: "No", "a": "Don't know"}})  # fmt: skip
    question = st.read(path).codebook["q"]
    assert question.kind == "single"
    assert [(level.code, level.label, level.missing, level.count) for level in question.levels] == [
        (1.0, "Yes", None, 2), (2.0, "No", None, 1), (".a", "Don't know", "dont_know", 1), (".b", ".b", "user", 1),
    ]  # fmt: skip
    assert [(row.level, row.estimate) for row in st.summarize(path, "q").rows] == [
        ("Yes", pytest.approx(2 / 3)), ("No", pytest.approx(1 / 3))]  # fmt: skip
    assert len(st.summarize(path, "q", base="asked").rows) == 4


def test_multiple_response_sets_of_spss(shared: Path) -> None:
    path = shared / "data/formats_spss_stata_sas/pyreadstat/simple_alltypes.sav"
    book = st.read(path).codebook
    assert (book["mymrset"].kind, book["mymrset"].counted, book["mymrset"].columns) == (
        "multiple", 1.0, ("bool1", "bool2", "bool3"))  # fmt: skip
    assert book["categorical_array"].counted is None
    assert [row.level for row in st.summarize(path, "categorical_array").rows] == ["a", "b", "c", "d"]


def test_a_sas_data_set(shared: Path, tmp_path: Path) -> None:
    source = shared / "data/formats_spss_stata_sas/pyreadstat/sample.sas7bdat.gz"
    path = tmp_path / "sample.sas7bdat"
    path.write_bytes(gzip.decompress(source.read_bytes()))
    book = st.read(path).codebook
    assert [name for name, each in book.items() if each.kind == "date"] == ["mydate", "dtime"]


@pytest.mark.parametrize("folder", ["haven", "pyreadstat"])
def test_odd_real_files_are_read(shared: Path, folder: str) -> None:
    files = [
        path for path in sorted((shared / "data/formats_spss_stata_sas" / folder).iterdir()) if path.suffix in FORMATS
    ]
    assert len(files) >= 9
    for path in files:
        if path.suffix != ".gz":
            assert len(st.read(path).codebook) >= 1, path


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("latin-1", "Latin-1")]
)
def test_encodings_are_found_and_said(tmp_path: Path, encoding: str, said: str | None) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes("país,n\nMéxico,1\nPanamá,2\nMéxico,3\n".encode(encoding))
    survey = st.read(path)
    assert [level.label for level in survey.codebook["país"].levels] == ["México", "Panamá"]
    assert [dict(each.values)["encoding"] for each in survey.notes if each.code == "encoding"] == (
        [said] if said else []
    )


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "es.csv"
    path.write_text("sexo;peso;edad\nH;1,5;20\nM;0,5;31\nM;2;40\n", encoding="utf-8")
    survey = st.read(path)
    assert survey.frame["peso"].to_pylist() == [1.5, 0.5, 2.0]
    assert survey.codebook["peso"].kind == "number"
    assert {"delimiter", "decimal_comma"} <= {each.code for each in survey.notes}


def test_text_is_never_made_a_number(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "zip,flag,answer,big\n007,Yes,NA,12345678901234567890\n123,No,,12345678901234567891\n", encoding="utf-8"
    )
    frame_read = st.read(path).frame
    assert frame_read["zip"].to_pylist() == ["007", "123"]
    assert frame_read["flag"].to_pylist() == ["Yes", "No"]
    assert frame_read["answer"].to_pylist() == ["NA", None]
    assert frame_read["big"].to_pylist()[0] == "12345678901234567890"


def test_quoted_newlines_and_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "quoted.csv"
    path.write_text('a,"b\nc"\n"x, y","line\nbreak"\nz,w\n', encoding="utf-8")
    survey = st.read(path)
    assert survey.provenance.rows == 2
    assert survey.frame.column(0).to_pylist() == ["x, y", "z"]


def test_a_ragged_row_is_named_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n1,2\n3,4\nsecret,5,6\n", encoding="utf-8")
    with pytest.raises(UnreadableData, match="data row 3 has 3 fields, the header has 2") as caught:
        st.read(path)
    assert "secret" not in str(caught.value)


def test_blank_and_repeated_names_are_repaired_and_said(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(",a,a,b\n1,x,y,z\n2,x,y,z\n", encoding="utf-8")
    survey = st.read(path)
    assert list(survey.codebook) == ["column_1", "a", "a_2", "b"]
    assert any(each.code == "repaired_names" for each in survey.notes)


def test_a_header_alone_has_no_respondents(tmp_path: Path) -> None:
    path = tmp_path / "head.csv"
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UnreadableData, match="no respondents"):
        st.read(path)


def test_ten_thousand_columns_and_one_row(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"v{n}" for n in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n")
    assert len(st.read(path).codebook) == 10_000


def test_sheets_are_named(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "main"
    book["main"].append(["a"])
    book["main"].append(["007"])
    book.create_sheet("other").append(["b"])
    book["other"].append([1])
    path = tmp_path / "book.xlsx"
    book.save(path)
    survey = st.read(path)
    assert survey.frame["a"].to_pylist() == ["007"]
    assert any(each.code == "other_sheets" for each in survey.notes)
    assert list(st.read(path, sheet="other").codebook) == ["b"]
    with pytest.raises(st.SurveytoolError, match=r"'othr'.*'other'"):
        st.read(path, sheet="othr")


def test_categories_of_frames_keep_order_and_empty_levels() -> None:
    import pandas as pd
    import polars as pl

    texts, order = ["low", "high", "low"], ["low", "mid", "high"]
    for made_of in (
        pd.DataFrame({"q": pd.Categorical(texts, categories=order, ordered=True)}),
        pl.DataFrame({"q": pl.Series(texts, dtype=pl.Enum(order))}),
    ):
        levels = st.read(made_of).codebook["q"].levels
        assert [(level.label, level.count) for level in levels] == [("low", 2), ("mid", 0), ("high", 1)]


def test_columns_of_people_are_marked_and_never_listed(tmp_path: Path, run: Any) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "telefono,first_name,sex\n" + "".join(f"55512{i % 3},Ana{i % 2},{'MF'[i % 2]}\n" for i in range(30))
    )
    book = st.read(path).codebook
    assert [name for name, each in book.items() if each.sensitive] == ["telefono", "first_name"]
    for arguments in (("codebook", path), ("codebook", path, "--format", "json"), ("summarize", path)):
        shown = run(*arguments)
        assert shown.status == 0
        assert "55512" not in shown.out and "Ana" not in shown.out


@pytest.mark.parametrize("beside", [True, False])
def test_a_large_file_is_hashed_beside_its_reading(
    tmp_path: Path, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveytool.reading import file_source

    path = tmp_path / "data.csv"
    WRITERS[".csv"](path)
    threads: list[bool] = []
    own = file_source.sha256
    monkeypatch.setattr(file_source, "LARGE", 0 if beside else 1 << 24)
    monkeypatch.setattr(
        file_source,
        "sha256",
        lambda each: threads.append(threading.current_thread() is threading.main_thread()) or own(each),
    )
    assert st.read(path).provenance.sha256 == sha256(path.read_bytes()).hexdigest()
    assert threads == [not beside]


@pytest.mark.parametrize("rows", [300, 60_000], ids=["in memory", "in blocks"])
def test_a_decimal_is_the_number_that_is_written_so(run: Any, tmp_path: Path, rows: int) -> None:
    """Arrow's own way from decimals to floats gives a neighbour of every fourth: 0.35 was not 0.35."""
    written = [Decimal(place % 100).scaleb(-2) for place in range(rows)]
    kind = pa.decimal128(12, 6)
    assert pa.array(written, kind).cast(pa.float64()).to_pylist() != [float(each) for each in written]
    table = pa.table({"share": pa.array(written, kind), "yes": ["Yes", "No"] * (rows // 2)})
    pq.write_table(table, tmp_path / "d.parquet")
    for value in range(0, 100, 7):
        ran = run("summarize", tmp_path / "d.parquet", "yes", "--where", f"share == {value / 100}", "--format", "json")
        assert json.loads(ran.out)["rows"][0]["n"] == rows // 100, ran.err


def test_options_of_few_respondents_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "kobo.csv"
    path.write_text("why,why/work,why/war\nwork war,1,1\nwork,1,0\n,,\nwar,0,1\nwork,1,0\n")
    book = st.read(path).codebook
    assert book["why/work"].kind == "number"  # too few to be taken for a category
    assert [(each.label, each.count) for each in book["why"].levels] == [("work", 3), ("war", 2)]
