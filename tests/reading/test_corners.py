"""Thresholds of reading: label rows, delimiters, marks of numbers, families of columns, ends of files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UnreadableData
from surveytool.notes import note
from surveytool.reading import columnar, server
from surveytool.reading.dummies import _counted, families
from surveytool.reading.header import _is_label_row, _typed_columns
from surveytool.reading.number_marks import Style, Written
from surveytool.reading.personal_name import _behind_a_group, personal_kind
from surveytool.reading.server import EXTENSION
from surveytool.reading.session import HINT, _places
from surveytool.reading.statistical import _whole
from surveytool.reading.text_layout import _sniff
from surveytool.reading.typed_text import _hardly_repeats
from surveytool.reading.workbook import _column
from surveytool.text import words


def rows(label: list[str], count: int = 6) -> list[list[str]]:
    return [
        ["age", "income", "q"],
        label,
        *([str(20 + at), str(100 * at), "yes" if at % 2 else "no"] for at in range(count)),
    ]


@pytest.mark.parametrize(("label", "count", "is_label"), [
    (["How old?", "How much?", "Do you?"], 6, True), (["33", "How much?", "Do you?"], 6, False),
    (["How old?", "", "Do you?"], 6, False),
    (["How old?", "How much?", "yes"], 6, False), (["How old?", "How much?", "Do you?"], 0, False),
    (["20", "100", "yes"], 6, False),
])  # fmt: skip
def test_a_row_of_texts_over_numbers_holds_labels(label: list[str], count: int, is_label: bool) -> None:
    assert _is_label_row(rows(label, count)) is is_label


def test_columns_of_numbers_need_enough_of_them() -> None:
    from surveytool.reading.header import ENOUGH

    assert _typed_columns([["1", "a"]] * ENOUGH) == {0}
    assert _typed_columns([["1", "a"]] * (ENOUGH - 1)) == set()
    assert _typed_columns([["1", "a"]] * ENOUGH + [["x", "a"]]) == set()
    assert _typed_columns([["1", "2"]] * ENOUGH + [["", "2"]]) == {0, 1}
    head = [["a", "b"], ["Label", "Label"], *([["1", "2"]] * ENOUGH)]
    assert _is_label_row([head[0], ["A label", "B label"], *head[2:]]) and not _is_label_row(head[:-1])


@pytest.mark.parametrize(("lines", "delimiter"), [
    (["a,b;c,d"] * 4, ","), (["a;b;c,d"] * 4, ";"), (["a\tb\tc"] * 4, "\t"), (["a|b|c"] * 4, "|"), (["a"] * 4, ","),
    (["a;b", "c,c;d", "e,e,e;f", "g;h"], ";"),
])  # fmt: skip
def test_the_delimiter_gives_rows_of_one_length(lines: list[str], delimiter: str, tmp_path: Path) -> None:
    assert _sniff(tmp_path / "d.csv", "\n".join(lines) + "\n") == delimiter


@pytest.mark.parametrize(("name", "kind"), [
    ("resp_phone_number", "phone"), ("a_b_phone_number", "phone"), ("first_name", "name"), ("q1_first_name", "name"),
    ("colour", None),
])  # fmt: skip
def test_the_last_words_of_a_name_tell(name: str, kind: str | None) -> None:
    found = personal_kind(name)
    assert (found is None) is (kind is None)
    assert _behind_a_group("phone") is None  # there is no group before it


STYLES = [Style(decimal=".", thousands=","), Style(decimal=",", thousands="")]


@pytest.mark.parametrize(("one", "other", "styles"), [
    ("", "", 1), ("$", "$", 1), ("$", "", 1), ("$", "€", 0), ("%", "%", 1), ("%", "", 0), ("%", "$", 0),
])  # fmt: skip
def test_blocks_of_one_sign_go_together(one: str, other: str, styles: int) -> None:
    """A currency's sign may be left out; a percent sign may not, for it changes the number."""
    first = Written(styles=frozenset(STYLES), sign=one, marked=True)
    second = Written(styles=frozenset(STYLES[:1]), sign=other, strong=True)
    joined = first.joined(second)
    assert len(joined.styles) == styles and joined.marked and joined.strong and not joined.grouped


@pytest.mark.parametrize(("names", "found"), [
    (["q", "q/a", "q/b"], {"q": ["q/a", "q/b"]}), (["q", "q/a"], {}), (["q.a", "q.b"], {}),
    (["q", "q.a", "q.b", "q/"], {"q": ["q.a", "q.b"]}),
    (["g/q", "g/q/a", "g/q/b"], {"g/q": ["g/q/a", "g/q/b"]}),
])  # fmt: skip
def test_two_columns_behind_a_name_are_its_options(names: list[str], found: dict[str, list[str]]) -> None:
    assert families(names) == found


@pytest.mark.parametrize(("content", "suffix", "whole"), [
    (b"<stata_dta>" + b"x" * 600 + b"</stata_dta>", ".dta", True), (b"<stata_dta>" + b"x" * 600, ".dta", False),
    (b"<stata_dta>x</stata_dta>\n", ".dta", True), (b"x" * 160, ".xpt", True), (b"x" * 161, ".xpt", False),
    (b"x" * 600 + b"Z", ".por", True),
    (b"x" * 600, ".por", False), (b"Z" + b"x" * 600, ".por", False), (b"x", ".sav", True),
])  # fmt: skip
def test_a_file_that_marks_its_end_has_it(content: bytes, suffix: str, whole: bool, tmp_path: Path) -> None:
    path = tmp_path / f"d{suffix}"
    path.write_bytes(content)
    assert _whole(path) is whole


@pytest.mark.parametrize(("cells", "kind"), [
    ([1, 2.5, None, ""], pa.float64()), ([True, False], pa.string()), ([1, "x"], pa.string()),
    ([date(2024, 1, 1), None], pa.timestamp("s")),
    ([datetime(2024, 1, 1, 5), date(2024, 1, 2)], pa.timestamp("s")), ([None, ""], pa.string()),
    ([date(2024, 1, 1), "x"], pa.string()),
])  # fmt: skip
def test_a_column_of_a_workbook_is_of_one_kind(cells: list[Any], kind: Any) -> None:
    assert _column(cells).type == kind


def test_days_and_moments_of_a_workbook_as_texts() -> None:
    assert _column([datetime(2024, 1, 1), "x"]).to_pylist() == ["2024-01-01", "x"]
    assert "05" in _column([datetime(2024, 1, 1, 5), "x"]).to_pylist()[0]


def test_values_of_several_types_are_refused() -> None:
    import pandas as pd

    with pytest.raises(UnreadableData) as refused:
        st.read(pd.DataFrame({"a": [1, "x", {"y": 2}]}))
    assert refused.value.cure == "Give each column one type (numbers or text)."
    with pytest.raises(UnreadableData, match="the data frame has no rows"):
        st.read(pd.DataFrame({"a": []}))


def test_addresses_of_spark_and_sentences() -> None:
    assert _places("spark://one:7077,two:7078") == [("one", 7077), ("two", 7078)]
    assert _places("sc://host") == [("host", 15002)] and _places("local[4]") == []
    assert HINT == "Install it with: pip install 'surveytool[spark]' (it needs Java 17 or later)"
    assert words("en").say(note("doubtful_interviews", why="rejected", column="status")) == (
        "Interviews that were not approved (status) are in the file and count here, unless a condition leaves them out."
    )


def test_nobody_at_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from surveytool.reading import session

    monkeypatch.setattr(session, "_answers", lambda host, port: False)
    monkeypatch.setenv("JAVA_HOME", "/")
    with pytest.raises(UnreadableData, match=r"no Spark answers at one, port 7077 or two, port 7078\."):
        session._ready("spark://one:7077,two:7078")
    monkeypatch.setattr(session, "_answers", lambda host, port: host == "two")
    session._ready("spark://one:7077,two:7078")


@pytest.mark.parametrize(("others", "sign"), [(40, ","), (41, ";")])
def test_the_first_sixty_lines_decide_what_parts_columns(others: int, sign: str) -> None:
    """Commas make two columns everywhere, semicolons three in some lines: 40 of 60 weigh the same, 41 of 60 more."""
    lines = ["a,b;c;d"] * others + ["a,b"] * (60 - others) + ["a,b;c;d"] * 40
    assert _sniff(Path("x.csv"), "\n".join(lines) + "\n") == sign


@pytest.mark.parametrize(("first", "found"), [
    ([0, 0], 1.0), (["0", "0"], "1"), ([0, 1], 1), (["no", "yes"], "yes"), (["0", "two"], None), (["1", "yes"], None),
])  # fmt: skip
def test_the_sign_of_chosen_is_that_of_the_columns(first: list[Any], found: Any) -> None:
    other = ["0", "0"] if isinstance(first[0], int) else [0, 0]
    assert _counted(pa.table({"a": first, "b": other}), ["a", "b"]) == found


@pytest.mark.parametrize(("sizes", "whole"), [((20, 5), False), ((5, 20), False), ((10, 5), True), ((3, 2), True)])
def test_row_groups_of_too_many_rows_are_read_in_batches(
    sizes: tuple[int, int], whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(columnar, "MOST_ROWS", 10)
    path = tmp_path / "d.parquet"
    with pq.ParquetWriter(path, pa.schema([("a", pa.int64())])) as writer:
        for size in sizes:
            writer.write_table(pa.table({"a": list(range(size))}), row_group_size=size)
    held = [isinstance(each, columnar.RowGroups) for each in columnar.ParquetSource([path]).chunks(["a"])]
    assert held and all(each is whole for each in held)


@pytest.mark.parametrize(("texts", "rarely"), [(["a", "a", "b"], True), (["a", "a", "b", "b"], False), (["a"], True),
                                               (["a", "a"], False)])  # fmt: skip
def test_texts_hardly_repeat_where_more_than_half_are_different(texts: list[str], rarely: bool) -> None:
    assert _hardly_repeats(pa.chunked_array([texts])) is rarely
    assert _hardly_repeats(pa.chunked_array([[str(at % 501) for at in range(1000)] + ["x"] * 5000]))
    assert not _hardly_repeats(pa.chunked_array([[str(at % 500) for at in range(1000)] + ["x"] * 5000]))


class Connection:
    """A database that can carry out some statements."""

    def __init__(self, able: str) -> None:
        self.able, self.asked = able, []

    def execute(self, query: str) -> None:
        self.asked.append(query)
        if query.startswith(("load", "install")) and not query.startswith(tuple(self.able.split("|"))):
            raise duckdb.Error("no")
        if query.startswith("load") and "install" in self.able and f"install {EXTENSION}" not in self.asked:
            raise duckdb.Error("not installed")


@pytest.mark.parametrize(("able", "last"), [("load", f"load {EXTENSION}"), ("install|load", f"load {EXTENSION}"),
                                            ("nothing", None)])  # fmt: skip
def test_an_extension_is_loaded_installed_or_missed(
    able: str, last: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_packaged", lambda version: None)
    connection = Connection(able)
    address: Any = SimpleNamespace(server="here")
    if last is None:
        with pytest.raises(UnreadableData, match="has no extension for PostgreSQL here, and cannot download it"):
            server._extend(connection, duckdb, address)
    else:
        server._extend(connection, duckdb, address)
        assert connection.asked[-1] == last
    assert (f"install {EXTENSION}" in connection.asked) is (able != "load")
    assert connection.asked[0] == "set allow_community_extensions = false"


def test_only_answers_are_told_as_marks_of_missing(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("q,n\n" + "yes,1.5\nno,2.5\nN/A,N/A\n" * 20, encoding="utf-8")
    marks = [dict(each.values)["marks"] for each in st.read(path).notes if each.code == "missing_marks"]
    assert marks == [("N/A",)]
    path.write_text("q,n\n" + "yes,1.5\nno,2.5\nno,N/A\n" * 20, encoding="utf-8")
    assert not [each for each in st.read(path).notes if each.code == "missing_marks"]


@pytest.mark.parametrize(("said", "message", "cure"), [
    ("ERROR:  permission denied for table a", "this user may not read the table.", "Ask for: GRANT SELECT."),
    ("canceling statement due to statement timeout", "the server stopped the query.",
     "Ask for a longer statement_timeout."),
    ("deadlock detected", "the table is locked by somebody else.", "Try again later."),
    ("division by zero", "the view divides by zero.", "Mend the view, or name the table behind it."),
    ("who knows", "the server answered with an error of its own.", "See it with psql: select * from the table."),
])  # fmt: skip
def test_what_a_server_says_of_a_query_has_a_cure(said: str, message: str, cure: str) -> None:
    source: Any = object.__new__(server.Server)
    source._end, source.shown = lambda: None, "here::t"
    error = source.broken(said)
    assert message in str(error) and error.cure == cure and "here::t" in str(error)


@pytest.mark.parametrize(("why", "who"), [
    ("preview", "Previews or test interviews"), ("unfinished", "Unfinished interviews"),
    ("rejected", "Interviews that were not approved"), ("refused", "People who did not consent"),
])  # fmt: skip
def test_interviews_that_may_not_count_in_words(why: str, who: str) -> None:
    assert words("en").say(note("doubtful_interviews", why=why, column="status")) == (
        f"{who} (status) are in the file and count here, unless a condition leaves them out."
    )
