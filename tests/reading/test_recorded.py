"""Codebooks of files of every format and of odd columns, and what is told of broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from recorded import plain, same

import surveytool as st
from surveytool.errors import SurveytoolError
from surveytool.reading.hints import looks_like_design, looks_like_identifier, looks_personal


def book_text(survey: st.Survey) -> str:
    told = [plain(survey.notes), f"rows {survey.provenance.rows} {type(survey.frame).__name__}"]
    for variable in survey.codebook.values():
        shown = plain(variable)
        told.append(shown if len(shown) < 900 else f"{shown[:900]} ...")
        column = survey.frame.column(variable.columns[0])
        told.append(f"  {column.type} {[str(each)[:16] for each in column.to_pylist()[:8]]}")
    return "\n".join(told)


CSVS: dict[str, str] = {
    "kinds": "id,sex,age,when,text,flag,mixed,empty\n"
    + "".join(
        f"{1000 + row},{'MF'[row % 2]},{18 + row},2023-0{1 + row % 9}-1{row % 9},words of person {row},{row % 2},{'n/a' if row % 9 == 3 else row * 1.5},\n"
        for row in range(60)
    ),
    "semicolons": "a;b;c\n" + "".join(f"{row},5;x;{row % 3}\n" for row in range(30)),
    "tabs": "a\tb\n" + "".join(f"{row % 4}\tyes\n" for row in range(30)),
    "quotes": 'a,b\n"x, y","say ""z"""\n"line\nbreak",2\n',
    "names": "a,a,,b c,B C\n1,2,3,4,5\n2,3,4,5,6\n",
    "numbers": "a,b,c,d\n" + "".join(f"1.234,{row}%,{row}e3,0{row:02}\n" for row in range(30)),
    "missing": "q,r\n"
    + "".join(f"{[1, 2, 3, 98, 99][row % 5]},{['yes', 'no', 'NA', '', 'dk'][row % 5]}\n" for row in range(50)),
    "dummies": "p/a,p/b,p/c,p\n"
    + "".join(f"{row % 2},{row % 3 % 2},{row % 5 % 2},{'a' if row % 2 else ''}\n" for row in range(40)),
    "long": "t\n" + "".join(f"{'x' * 300}{row}\n" for row in range(5)),
    "excel": "sep=;\na;b\n1;2\n3;4\n",
    "dates": "d,e,f\n"
    + "".join(f"1{row % 9}/0{1 + row % 9}/2023,2023-01-0{1 + row % 9} 10:00,{20230101 + row}\n" for row in range(30)),
    "many": "m,n\n" + "".join(f"{row},{row % 37}\n" for row in range(400)),
}


@pytest.mark.parametrize("name", CSVS)
def test_a_csv_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text(CSVS[name], "utf-8")
    same("reading", f"csv-{name}.txt", book_text(st.read(path)))


def labelled(path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(
        {"sex": [1.0, 2.0, 9.0, None] * 8, "income": [100.5, 99.0, 7.25, 3.0] * 8, "t": ["x", "", "y", "z"] * 8}
    )
    more: dict[str, Any] = {"column_labels": {"sex": "Sex of respondent", "income": "Income", "t": "Words"}}
    if path.suffix in (".sav", ".zsav"):
        more |= {
            "variable_value_labels": {"sex": {1: "Male", 2: "Female", 9: "Refused"}},
            "missing_ranges": {"sex": [9], "income": [{"lo": 98, "hi": 99}]},
        }
        pyreadstat.write_sav(frame, str(path), compress=path.suffix == ".zsav", **more)
    elif path.suffix == ".dta":
        pyreadstat.write_dta(
            frame, str(path), variable_value_labels={"sex": {1: "Male", 2: "Female", 9: "Refused"}}, **more
        )
    elif path.suffix == ".xpt":
        pyreadstat.write_xport(frame, str(path), **more)
    elif path.suffix == ".por":
        pyreadstat.write_por(frame, str(path), **more)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_parquet(path)


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".xpt", ".por", ".xlsx", ".parquet"])
def test_a_file_of_each_format_is_read_as_it_was(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    labelled(path)
    name = "INCOME" if suffix == ".por" else "income"
    told = [
        book_text(st.read(path)),
        book_text(st.read(path, columns=[name])),
        book_text(st.read(path, kinds={name: "single"})),
    ]
    same("reading", f"file{suffix}.txt", "\n\n".join(told))


@pytest.mark.parametrize(
    "suffix", [".csv", ".sav", ".dta", ".xlsx", ".parquet", ".por", ".xpt", ".sas7bdat", ".duckdb", ".nothing"]
)
def test_what_is_told_of_a_broken_file(suffix: str, tmp_path: Path) -> None:
    told = []
    for name, content in (("empty", b""), ("noise", bytes(range(256)) * 3), ("text", b"hello there\n" * 9)):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content)
        try:
            told.append(f"{name}: {book_text(st.read(path))}")
        except SurveytoolError as error:
            told.append(f"{name}: {type(error).__name__}: {error}".replace(str(tmp_path), "FOLDER"))
    for path in (tmp_path / f"none{suffix}", tmp_path):
        try:
            st.read(path)
        except SurveytoolError as error:
            told.append(f"{type(error).__name__}: {error}".replace(str(tmp_path), "FOLDER"))
    same("reading", f"broken{suffix}.txt", "\n".join(told))


NAMES = (
    "weight",
    "peso",
    "pw",
    "fexp",
    "strata",
    "estrato",
    "psu",
    "upm",
    "cluster",
    "site",
    "id",
    "uuid",
    "_id",
    "resp_id",
    "caseid",
    "name",
    "nombre",
    "full_name",
    "phone",
    "telefono",
    "email",
    "correo",
    "lat",
    "longitude",
    "gps",
    "address",
    "direccion",
    "ip",
    "weights_of_child",
    "weightlifting",
    "identity",
    "idea",
    "age",
    "strategy",
    "phone_used",
    "device",
    "nombre_hijo",
    "rw1",
)


def test_what_names_look_like() -> None:
    told = [f"{name}: {looks_like_design(name)} {looks_like_identifier(name)} {looks_personal(name)}" for name in NAMES]
    same("reading", "names.txt", "\n".join(told))


def test_commands_on_odd_sources(tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "w1.csv").write_text("a,b\n1,x\n2,y\n" * 1, "utf-8")
    (tmp_path / "w2.csv").write_text("a,b\n3,x\n2,z\n", "utf-8")
    (tmp_path / "w3.csv").write_text("a,c\n3,x\n", "utf-8")
    told = []
    for source in ("w[12].csv", "w*.csv", "x*.csv", "", "w1.csv::table", "none/"):
        ran = run("codebook", str(tmp_path / source) if source else str(tmp_path), "--format", "csv")
        told.append(f"{source}: {ran.status}\n{ran.out}{ran.err}".replace(str(tmp_path), "FOLDER"))
    same("reading", "sources.txt", "\n".join(told))
