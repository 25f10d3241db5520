"""The few Arrow functions give what pyarrow's own give, nulls and offsets included."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from surveytool import arrow

TEXTS = ["a", None, "Bogotá", "", "x.y"]


def test_texts_are_those_of_pyarrow() -> None:
    assert arrow.texts(TEXTS).equals(pa.array(TEXTS))
    assert arrow.texts([]).equals(pa.array([], pa.string()))
    assert arrow.texts(["\ud800"]).to_pylist() == ["?"]


def test_fixed_numbers_are_null_where_they_are_not_known() -> None:
    values, known = np.arange(9, dtype=np.float64), np.arange(9) % 3 != 1
    assert arrow.fixed(values, known, pa.float64()).to_pylist() == [
        float(value) if value % 3 != 1 else None for value in range(9)
    ]
    assert arrow.fixed(values, np.ones(9, dtype=bool), pa.float64()).null_count == 0


def test_codes_below_zero_are_null() -> None:
    assert arrow.indices(np.array([2, -1, 0], dtype=np.int32)).to_pylist() == [2, None, 0]
    assert arrow.taken(pa.array(["a", "b", "c"]), np.array([2, -1, 0])).to_pylist() == ["c", None, "a"]


@pytest.mark.parametrize("offset", [0, 1, 9])
def test_numbers_and_nulls_are_read_at_any_offset(offset: int) -> None:
    values = [None if row % 4 == 1 else row for row in range(20)]
    array = pa.array(values, pa.int32())[offset:]
    assert arrow.numpy(array, "i4", -7).tolist() == [-7 if value is None else value for value in values[offset:]]
    assert arrow.not_null(array).tolist() == [value is not None for value in values[offset:]]
    assert arrow.numpy(array, "i4", -1, dtype="i2").dtype == np.int16


def test_what_is_empty_or_whole() -> None:
    assert arrow.numpy(pa.array([], pa.int32()), "i4", 0, dtype="i1").dtype == np.int8
    assert arrow.not_null(pa.array([1, 2])).tolist() == [True, True]
    assert arrow.not_null(pa.nulls(2, pa.int64())).tolist() == [False, False]


@pytest.mark.parametrize(
    ("values", "size", "inside"),
    [([0, 1, 2], 3, True), ([0, 1, 3], 3, False), ([-1, 0], 3, False), ([None, 2], 3, True), ([None], 0, True)],
)
def test_indices_lie_within(values: list[int | None], size: int, inside: bool) -> None:
    assert arrow.within(pa.array(values, pa.int32()), size) is inside


def test_what_stands_under_a_null_is_of_no_account() -> None:
    buffers = [pa.py_buffer(bytes([0b01])), pa.py_buffer(np.array([1, 99], dtype=np.int32))]
    hidden = pa.Array.from_buffers(pa.int32(), 2, buffers)
    assert hidden.to_pylist() == [1, None]
    assert arrow.within(hidden, 3) is True
    assert arrow.within(hidden, 1) is False


def test_a_decimal_becomes_the_number_that_is_written_so() -> None:
    column = pa.chunked_array([pa.array([Decimal("0.35"), None, Decimal("1.10")])])
    assert arrow.cast(column, pa.float64()).to_pylist() == [0.35, None, 1.1]


def test_a_whole_number_that_no_float_is_becomes_the_nearest() -> None:
    column = pa.array([2**53 + 1, 3])
    assert arrow.floats(column).to_pylist() == [float(2**53), 3.0]
    with pytest.raises(pa.ArrowInvalid):
        arrow.cast(pa.array([1.5]), pa.int64())


def test_texts_are_matched_cut_and_replaced_as_pyarrow_does() -> None:
    column = pa.array(TEXTS)
    assert arrow.matches(column, "^[a-z]$").equals(pc.match_substring_regex(column, "^[a-z]$"))
    assert arrow.replaced(column, ".", "-").to_pylist() == ["a", None, "Bogotá", "", "x-y"]
    assert arrow.head(column, 2).to_pylist() == ["a", None, "Bo", "", "x."]
    assert arrow.encode(column).dictionary.to_pylist() == ["a", "Bogotá", "", "x.y"]


def test_flags_together() -> None:
    assert arrow.true_for_all(pa.array([True, True])) is True
    assert arrow.true_for_all(pa.array([True, False])) is False
    assert arrow.true_for_any(pa.array([False, True])) is True
    assert arrow.true_for_any(pa.array([False, False])) is False
