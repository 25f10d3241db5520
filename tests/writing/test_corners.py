"""Cells, names and levels as files hold them, at the edges of formats."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pytest

from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.survey import Level, Variable
from surveytool.text import words
from surveytool.writing import stata, workbook
from surveytool.writing.cell_values import cells
from surveytool.writing.delimited import stream
from surveytool.writing.names import allowed
from surveytool.writing.pandas_frame import bytes_of
from surveytool.writing.sheet import Column, Sheet, _told, _without
from surveytool.writing.spss import _days, _not_asked, _ranges, is_tag
from surveytool.writing.spss_sets import cut, dictionary, with_sets
from surveytool.writing.workbook import save


def column(values: list[Any], type: Any = None, **more: Any) -> Column:
    return Column(**{"name": "x", "values": pa.array(values, type), **more})


DAY, NOON = datetime(2024, 5, 1), datetime(2024, 5, 1, 12)


@pytest.mark.parametrize(("values", "days"), [
    ([DAY, None], True), ([DAY, NOON], False), ([datetime(2024, 5, 1, 0, 30)], False), ([date(2024, 5, 1)], True),
    ([None], True),
])  # fmt: skip
def test_moments_without_a_time_are_days(values: list[Any], days: bool) -> None:
    kind = pa.date32() if type(values[0]) is date else pa.timestamp("us")
    assert _days(column(values, kind)) is days


def test_numbers_are_no_days() -> None:
    assert not _days(column([1.0]))


@pytest.mark.parametrize(("moment", "shown"), [(DAY, "yyyy-mm-dd"), (NOON, "yyyy-mm-dd hh:mm:ss"),
                                               (datetime(2024, 5, 1, 0, 0, 1), "yyyy-mm-dd hh:mm:ss")])  # fmt: skip
def test_excel_shows_the_time_where_there_is_one(moment: datetime, shown: str) -> None:
    import openpyxl

    made = save(Sheet(columns=(column([moment], pa.timestamp("us")),), rows=1, sets=()))
    book = openpyxl.load_workbook(BytesIO(made.content))
    assert book["data"]["A2"].number_format == shown and book["data"]["A2"].value == moment
    assert book.properties.created == datetime(2000, 1, 1)


@pytest.mark.parametrize(("rows", "columns", "fits"), [(3, 2, True), (4, 2, False), (3, 3, False)])
def test_a_sheet_has_room_for_its_head_too(
    rows: int, columns: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 2)
    sheet = Sheet(columns=tuple(column([1.0] * rows, name=f"c{place}") for place in range(columns)), rows=rows, sets=())
    if fits:
        assert save(sheet).content
        return
    with pytest.raises(UsageError) as refused:
        save(sheet)
    assert "Excel has no room for so many rows or columns." in str(refused.value)
    assert refused.value.cure == "Write .parquet or .csv."


def test_excel_has_1048576_rows() -> None:
    assert (workbook.MOST_ROWS, workbook.MOST_COLUMNS, workbook.LONGEST) == (1_048_576, 16_384, 32_767)


@pytest.mark.parametrize(("values", "kind", "shown"), [
    ([1.0, 2.5, None], pa.float64(), [1, 2.5, None]), ([2**53 + 1], pa.int64(), [2**53 + 1]),
    (["a", None], None, ["a", None]),
])  # fmt: skip
def test_cells_are_what_people_would_write(values: list[Any], kind: Any, shown: list[Any]) -> None:
    made = list(cells(column(values, kind)))
    assert made == shown and [type(cell) for cell in made] == [type(cell) for cell in shown]


@pytest.mark.parametrize(("names", "ascii_only", "made"), [
    (["sex"], True, "sex"), (["_x"], True, "_x"), (["1st"], True, None), (["a b"], True, None), (["é"], False, "é"),
])  # fmt: skip
def test_a_name_begins_with_a_letter(names: list[str], ascii_only: bool, made: str | None) -> None:
    (found,) = allowed(names, longest=32, ascii_only=ascii_only).values()
    assert found == made if made is not None else found != names[0]
    assert found[0].isalpha() or found[0] in "_@"


def test_names_are_cut_and_told_apart() -> None:
    made = allowed(["x" * 40, "x" * 41, "X" * 40], longest=32, ascii_only=True)
    assert all(len(name) <= 32 for name in made.values())
    assert len({name.lower() for name in made.values()}) == 3


MISSING = Level(code=99.0, label="Refused", missing="refused")


@pytest.mark.parametrize(("level", "told"), [
    (Level(code=1.0, label="Male", count=3), True), (Level(code=1.0, label="1", count=3), False),
    (Level(code=1.0, label="1", count=0), True), (Level(code=1.0, label="1", count=3, labels={"": "1"}), True),
    (Level(code=1.0, label="1", count=3, labels={"es": "1"}), False), (replace(MISSING, label="99", count=3), True),
    (Level(code=1.0, label="Male", count=3, labels={"": "other"}), True),
])  # fmt: skip
def test_a_level_is_declared_where_its_label_says_more_than_its_code(level: Level, told: bool) -> None:
    assert _told(level) is told


def test_a_question_without_a_dropped_column_keeps_the_other_answers() -> None:
    levels = (Level(code="a", label="A"), Level(code="b", label="B"), Level(code="c", label="C"))
    whole = Variable(name="q", kind="multiple", columns=("q/a", "q/b", "q/c"), counted=1, levels=levels, parent="q")
    left = _without(whole, ["q/a", "q/c"])
    assert left.columns == ("q/a", "q/c") and [level.label for level in left.levels] == ["A", "C"]
    assert left.parent is None and _without(whole, ["q", "q/a"]).parent == "q"
    several = replace(whole, counted=None)
    assert len(_without(several, ["q/a"]).levels) == 3


@pytest.mark.parametrize(("missing", "valid", "ranges", "lost"), [
    ([97.0, 98.0, 99.0], [1.0], [97.0, 98.0, 99.0], False),
    ([96.0, 97.0, 98.0, 99.0], [1.0], [{"lo": 96.0, "hi": 99.0}], False),
    ([-1.0, 97.0, 98.0, 99.0], [1.0], [{"lo": 97.0, "hi": 99.0}, -1.0], False),
    ([-3.0, -2.0, -1.0, 99.0], [1.0], [{"lo": -3.0, "hi": -1.0}, 99.0], False),
    ([-2.0, -1.0, 98.0, 99.0], [1.0], [-2.0, -1.0, 98.0], True),
])  # fmt: skip
def test_missing_codes_as_spss_declares_them(
    missing: list[float], valid: list[float], ranges: list[Any], lost: bool
) -> None:
    levels = tuple(Level(code=code, label="-", missing="user") for code in missing)
    assert _ranges(column([*valid, *missing], levels=levels)) == (ranges, lost)


def test_who_was_not_asked_is_blank_in_spss() -> None:
    dummy, other = column([1.0, 0.0, 0.0], name="q/a"), column(["a", None, " "], name="q")
    question = Variable(name="q", kind="multiple", columns=("q/a",), counted=1, parent="q")
    sheet = Sheet(columns=(other, dummy), rows=3, sets=(question,))
    assert _not_asked(dummy, sheet).values.to_pylist() == [1.0, None, None]
    assert _not_asked(other, sheet) is other
    assert _not_asked(dummy, replace(sheet, columns=(dummy,))) is dummy
    assert _not_asked(dummy, replace(sheet, sets=(replace(question, counted=None),))) is dummy


@pytest.mark.parametrize(("level", "holds"), [
    (Level(code=2.0**31 - 2, label="x"), True), (Level(code=2.0**31 - 1, label="x"), False),
    (Level(code=1.5, label="x"), False),
    (Level(code=-3.0, label="x"), True), (Level(code=".a", label="x"), True), (Level(code="a", label="x"), False),
])  # fmt: skip
def test_stata_labels_whole_numbers_of_32_bits_and_tags(level: Level, holds: bool) -> None:
    assert stata._holds(column([1.0]), level) is holds
    assert stata._holds(column(["a"]), level) is False
    assert is_tag(Level(code=".a", label="")) and not is_tag(Level(code=".ab", label=""))


def records(*parts: bytes) -> bytes:
    """A dictionary as SPSS writes it: 176 bytes of head, records, and the end."""
    return b"$FL2" + bytes(172) + b"".join(parts) + struct.pack("<2i", 999, 0)


def variable_record(name: bytes, label: bytes = b"") -> bytes:
    """Record 2: type, label?, missing values, two formats, the short name; then the label filled up to fours."""
    head = struct.pack("<6i", 2, 0, int(bool(label)), 0, 0, 0) + name.ljust(8)
    return head + (struct.pack("<i", len(label)) + label.ljust(-len(label) % 4 + len(label)) if label else b"")


def labels_record(*labels: bytes) -> bytes:
    """Records 3 and 4: values of eight bytes, each label with its length filled up to eights; then the variables."""
    made = struct.pack("<2i", 3, len(labels))
    for label in labels:
        made += struct.pack("<d", 1.0) + (bytes([len(label)]) + label).ljust((len(label) + 1 + 7) // 8 * 8)
    return made + struct.pack("<3i", 4, 1, 1)


def long_names(text: bytes) -> bytes:
    return struct.pack("<4i", 7, 13, 1, len(text)) + text


@pytest.mark.parametrize("label", [b"", b"abc", b"abcd", b"abcde"])
@pytest.mark.parametrize("answer", [b"x", b"seven77", b"eight888", b"fifteen15151515", b"sixteen161616161"])
def test_the_dictionary_is_read_record_by_record(label: bytes, answer: bytes) -> None:
    content = records(
        variable_record(b"V1", label), labels_record(answer, b"y"), struct.pack("<4i", 7, 3, 4, 2) + bytes(8),
        variable_record(b"V2"), long_names(b"V1=question_one\tV2=two"),
    )  # fmt: skip
    end, short = dictionary(content)
    assert short == {"V1": "V1", "V2": "V2", "question_one": "V1", "two": "V2"}
    assert content[end:] == struct.pack("<2i", 999, 0)


def test_sets_stand_before_the_end_of_the_dictionary() -> None:
    content = records(variable_record(b"V1"), variable_record(b"V2"), long_names(b"V1=a\tV2=b"))
    question = Variable(name="why", kind="multiple", label="Why  so", columns=("a", "b"), counted=1)
    made = with_sets(content, [question], {"a": "a", "b": "b"})
    line = b"$why=D1 1 6 Why so V1 V2\n"
    assert made == content[:-8] + struct.pack("<4i", 7, 7, 1, len(line)) + line + content[-8:]
    assert with_sets(content, [], {}) == content
    several = with_sets(content, [replace(question, counted=None)], {"a": "a", "b": "b"})
    assert b"$why=C 6 Why so V1 V2\n" in several


def test_a_text_is_cut_between_letters() -> None:
    assert [cut("añb", size) for size in (0, 1, 2, 3, 4)] == ["", "a", "a", "añ", "añb"]


def test_blocks_are_written_as_they_come() -> None:
    """What was written is in the file before the next block is asked for."""
    out = BytesIO()
    seen: list[bytes] = []

    def blocks() -> Any:
        for values in (["a"], ["b"]):
            seen.append(out.getvalue())
            yield Sheet(columns=(column(values),), rows=1, sets=())
        seen.append(out.getvalue())

    stream(blocks(), out)
    assert seen == [b"", b"x\na\n", b"x\na\nb\n"] and out.getvalue() == b"x\na\nb\n"


def test_what_a_format_cannot_hold_is_one_line() -> None:
    def fails(path: str) -> None:
        raise ValueError("a respondent's answer")

    with pytest.raises(UsageError) as refused:
        bytes_of(fails, ".x")
    assert "the format cannot hold these data (ValueError)." in str(refused.value)
    assert refused.value.cure == "Write .parquet or .csv." and "answer" not in str(refused.value)


@pytest.mark.parametrize(("many", "text"), [
    (1, "1 column got a name that the format allows: a."), (2, "2 columns got names that the format allows: a and b."),
])  # fmt: skip
def test_new_names_are_told(many: int, text: str) -> None:
    assert words("en").say(note("convert_renamed", names=("a", "b")[:many], n=many)) == text
