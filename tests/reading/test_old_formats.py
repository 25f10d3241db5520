"""Letters and periods of old formats: what the file does not say is found, and two texts never become one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.errors import UnreadableData

TOWNS = ["Kyiv!!", "Lviv!!", "Kyiv!!", "Lviv!!"]


def test_letters_of_a_portable_file(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0, 1.0, 1.0], "city": TOWNS})
    path = tmp_path / "towns.por"
    pyreadstat.write_por(frame, str(path))
    content = path.read_bytes()
    for old, new in ((b"Kyiv!!", "Київка"), (b"Lviv!!", "Львівк")):
        content = content.replace(old, new.encode("cp1251"))
    path.write_bytes(content)
    survey = st.read(path)
    assert survey.frame[survey.frame.column_names[1]].to_pylist() == ["Київка", "Львівк"] * 2
    assert {"encoding": "Windows-1251"} in [dict(each.values) for each in survey.notes]
    greek = st.read(path, encoding="cp1253")
    assert len(set(greek.frame[greek.frame.column_names[1]].to_pylist())) == 2
    with pytest.raises(UnreadableData, match="--encoding"):
        st.read(path, encoding="ascii")


def test_letters_of_a_transport_file(tmp_path: Path) -> None:
    path = tmp_path / "towns.xpt"
    pyreadstat.write_xport(pd.DataFrame({"CITY": ["Bagota", "Begota"] * 2}), str(path))
    path.write_bytes(path.read_bytes().replace(b"Bagota", b"B\xe1gota").replace(b"Begota", b"B\xe9gota"))
    assert st.read(path).frame["CITY"].to_pylist() == ["Bágota", "Bégota"] * 2
    with pytest.raises(UnreadableData, match="--encoding"):
        st.read(path, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_of_an_old_stata_file(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "towns.dta"
    word = "Bogotá"
    filler = "x" * len(word.encode(encoding))
    pyreadstat.write_dta(pd.DataFrame({"city": [filler, "Quito"] * 2}), str(path), version=10)
    path.write_bytes(path.read_bytes().replace(filler.encode(), word.encode(encoding)))
    assert st.read(path).frame["city"].to_pylist() == [word, "Quito"] * 2


def test_months_and_quarters_are_categories(tmp_path: Path) -> None:
    stata = tmp_path / "t.dta"
    frame = pd.DataFrame({"tm": [744.0, 746.0, 746.0], "tq": [248.0, 248.0, 251.0], "th": [124.0, 125.0, 124.0]})
    pyreadstat.write_dta(frame, str(stata), variable_format={"tm": "%tm", "tq": "%tq", "th": "%th"})
    book = st.read(stata).codebook
    assert [level.label for level in book["tm"].levels] == ["2022-01", "2022-03"]
    assert [(level.label, level.count) for level in book["tq"].levels] == [("2022-Q1", 2), ("2022-Q4", 1)]
    assert [level.label for level in book["th"].levels] == ["2022-H1", "2022-H2"]
    spss = tmp_path / "t.sav"
    days = [date(2022, 1, 15), date(2022, 3, 1), date(2022, 12, 30)]
    pyreadstat.write_sav(pd.DataFrame({"qyr": days, "month": [1.0, 2.0, 12.0]}), str(spss),
                         variable_format={"qyr": "QYR8", "month": "MONTH9"})  # fmt: skip
    book = st.read(spss).codebook
    assert [(level.label, level.count) for level in book["qyr"].levels] == [("2022-Q1", 2), ("2022-Q4", 1)]
    assert [level.label for level in book["month"].levels] == ["January", "February", "December"]
