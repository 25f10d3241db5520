"""One column, seen block by block: its distinct values get codes in the order in which they come.

A column with too many distinct values for codes is kept as numbers (float64, NaN
for blank); a text column of that kind has no values at all, only a count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from surveytool import arrow
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Counts, Floats


Role = Literal["auto", "coded", "plain"]
MOST_NUMBERS = 4096
MOST_TEXTS = 65_536
FIRST_ROWS = 5
FAR = 1 << 22
LARGEST_WHOLE = 2**63 - 1


@frozen
class Column:
    """What a pass learned of a column.

    ``values`` is an Arrow array of the distinct values in the order of their codes,
    ``counts`` how often each comes; both None where there are too many. ``known``
    rows hold an answer, ``blank`` do not (the first ones' numbers in ``blank_rows``).
    """

    type: Any
    values: Any
    counts: Counts | None
    known: int
    blank: int
    blank_rows: tuple[int, ...] = ()

    def distinct(self) -> dict[Any, int]:
        """Distinct values with their counts; dates as the integers that Arrow stores. Empty where too many."""
        if self.values is None or self.counts is None:
            return {}
        values = _plain_values(self.values)
        return {value: int(count) for value, count in zip(values, self.counts, strict=True) if count}

    @property
    def lost(self) -> bool:
        """Whether blocks do not tell the values themselves: texts and whole numbers with too many for codes."""
        import pyarrow.types as types

        return not self.coded and not types.is_floating(self.type)

    @property
    def coded(self) -> bool:
        """Whether the column's blocks are codes into ``values``."""
        return self.values is not None

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        import pyarrow.types as types

        return bool(types.is_integer(self.type) or types.is_floating(self.type))


def _plain_values(values: Any) -> list[Any]:
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_temporal(values.type):
        values = values.view(pa.int64() if values.type.bit_width == 64 else pa.int32())
    plain: list[Any] = values.to_pylist()
    return [str(value) for value in plain] if types.is_boolean(values.type) else plain


def plain_type(kind: Any) -> Any:
    """The type that a column's values have here: dictionaries opened, decimals as floats, no type as text."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if types.is_decimal(kind):
        return pa.float64()
    is_text = types.is_null(kind) or types.is_large_string(kind) or str(kind) == "string_view"
    return pa.string() if is_text else kind


class Encoder:
    """Codes for one column, the same value always the same code."""

    def __init__(self, kind: Any, role: Role = "auto") -> None:
        import pyarrow.types as types

        self.type, self.role = plain_type(kind), role
        self.number = types.is_integer(self.type) or types.is_floating(self.type)
        self.coded = role != "plain" or not self.number
        self.known, self.blank = 0, 0
        self.blank_rows: list[int] = []
        self._codes: dict[Any, int] = {}
        self._counts: Counts = np.zeros(0, dtype=np.int64)
        self._last: tuple[Any, Codes] | None = None
        self._whole = _WholeNumbers() if types.is_integer(self.type) and self.coded else None

    def add(self, array: Any, count: bool, first: int = 0) -> NDArray[Any]:
        """A block's codes [rows] (-1 blank), or its numbers [rows]; ``count`` in the first pass only."""
        block: NDArray[Any] = self._encode(array) if self.coded else self._numbers(array)
        if not count:
            return block
        empty = self._count(block) if self.coded else int(np.isnan(block).sum())
        self.blank, self.known = self.blank + empty, self.known + len(block) - empty
        if empty and len(self.blank_rows) < FIRST_ROWS:
            blank = block < 0 if self.coded else np.isnan(block)
            more = np.flatnonzero(blank)[: FIRST_ROWS - len(self.blank_rows)] + first + 1
            self.blank_rows += [int(row) for row in more]
        self._limit()
        return block

    def _count(self, block: NDArray[Any]) -> int:
        """Count a block's codes; returns how many are blank. Small codes are counted as they are, -1 the largest."""
        size = block.dtype.itemsize
        if size < 4:
            counted = np.bincount(block.view(f"u{size}"), minlength=1 << 8 * size)
            counts, empty = counted[: len(self._codes)], int(counted[-1])
        else:
            counted = np.bincount(block.astype(np.intp) + 1, minlength=len(self._codes) + 1)
            counts, empty = counted[1:], int(counted[0])
        counts[: len(self._counts)] += self._counts
        self._counts = counts.copy()
        return empty

    def _limit(self) -> None:
        """Give up codes where they have become too many."""
        most = MOST_NUMBERS if self.number else MOST_TEXTS
        if self.role != "coded" and len(self._codes) > most:
            self.role = "plain"

    def flipped(self) -> bool:
        """Whether the column has just become plain: blocks of codes kept so far must be opened."""
        return self.role == "plain" and self.coded

    def open(self, block: NDArray[Any]) -> NDArray[Any]:
        """A block of codes as numbers; nothing is kept of a text."""
        if not self.number:
            return np.where(block < 0, np.nan, 0.0)
        opened: Floats = np.array([*(float(value) for value in self._codes), np.nan])[block]
        return opened

    def settle(self) -> None:
        """Become plain for good."""
        self.coded, self._last = False, None
        self._codes = {}

    def column(self) -> Column:
        """What is known of the column by now."""
        return Column(
            type=self.type, values=self.values() if self.coded else None, counts=self._counts if self.coded else None,
            known=self.known, blank=self.blank, blank_rows=tuple(self.blank_rows),
        )  # fmt: skip

    def values(self) -> Any:
        """The distinct values as an Arrow array, in the order of their codes."""
        import pyarrow as pa
        import pyarrow.types as types

        codes = list(self._codes)
        if types.is_string(self.type):
            return arrow.texts(codes)
        kind = pa.float64() if types.is_floating(self.type) else pa.int64()
        if types.is_uint64(self.type) or not (
            self.number or types.is_temporal(self.type) or types.is_boolean(self.type)
        ):
            return pa.array(codes, self.type)
        numbers = np.array(codes, dtype="f8" if types.is_floating(self.type) else "i8")
        numbers_array = arrow.fixed(numbers, np.ones(len(codes), dtype=bool), kind)
        if types.is_temporal(self.type) and self.type.bit_width == 32:
            numbers_array = arrow.cast(numbers_array, pa.int32())
        return numbers_array.view(self.type) if types.is_temporal(self.type) else arrow.cast(numbers_array, self.type)

    def _numbers(self, array: Any) -> Floats:
        import pyarrow.types as types

        if types.is_dictionary(array.type):
            array = arrow.cast(array, array.type.value_type)
        if not self.number:
            return np.where(arrow.not_null(array), 0.0, np.nan)
        numbers: Floats = arrow.numpy(arrow.floats(array), "f8", np.nan)
        return numbers

    def _encode(self, array: Any) -> Codes:
        import pyarrow.types as types

        if self._whole is not None and types.is_integer(array.type):
            codes = self._whole.codes(array, self._codes)
            if codes is not None:
                return codes
        if not types.is_dictionary(array.type):
            array = arrow.encode(arrow.cast(array, self.type))
        table = self._table(array.dictionary)
        kind = f"i{array.indices.type.bit_width // 8}"
        if len(table) - 1 == len(self._codes) and (table[:-1] == np.arange(len(table) - 1)).all():
            small: Codes = arrow.numpy(array.indices, kind, -1, table.dtype.str)
            return small
        placed: Codes = table[arrow.numpy(array.indices, kind, -1)]
        return placed

    def _table(self, dictionary: Any) -> Codes:
        """Codes of a block's own dictionary, -1 last: the place that a blank looks up."""
        import pyarrow.types as types

        if self._last is not None and self._last[0].equals(dictionary):
            return self._last[1]
        if not types.is_temporal(self.type):
            dictionary = arrow.cast(dictionary, self.type)
        codes = self._codes
        table_codes = [codes.setdefault(value, len(codes)) if _is_value(value) else -1 for value in _keys(dictionary)]
        table = np.array([*table_codes, -1], dtype=_smallest(len(codes)))
        self._last = dictionary, table
        return table


class _WholeNumbers:
    """Whole numbers that lie close together: a place for each, so that a code is one look-up."""

    def __init__(self) -> None:
        self.low = 0
        self.table = np.zeros(0, dtype=np.int32)

    def codes(self, array: Any, code_of_value: dict[Any, int]) -> Codes | None:
        """Codes [rows] of an array of integers, new ones added to ``known``; None where they lie too far apart."""
        kind = array.type
        sign = "i" if str(kind).startswith("i") else "u"
        values = arrow.numpy(array, f"{sign}{kind.bit_width // 8}", 0)
        blank = ~arrow.not_null(array) if array.null_count else None
        valid = values if blank is None else values[~blank]
        if not len(valid):
            return np.full(len(values), -1, dtype=np.int32)
        low, high = int(valid.min()), int(valid.max())
        if not self._reach(low, high, code_of_value):
            return None
        offsets = values if self.low == 0 and blank is None else values.astype(np.int64) - self.low
        offsets = offsets if blank is None else np.where(blank, 0, offsets)
        array_codes = self.table[offsets]
        new = np.unique(valid[(array_codes if blank is None else array_codes[~blank]) < 0])
        for value in new.tolist():
            self.table[value - self.low] = code_of_value.setdefault(value, len(code_of_value))
        array_codes = self.table[offsets] if len(new) else array_codes
        if len(code_of_value) < 32_767:
            array_codes = array_codes.astype(_smallest(len(code_of_value)))
        return array_codes if blank is None else np.where(blank, -1, array_codes).astype(array_codes.dtype)

    def _reach(self, low: int, high: int, code_of_value: dict[Any, int]) -> bool:
        """Whether the table has, or gets, a place for every value between."""
        if len(self.table):
            low, high = min(low, self.low), max(high, self.low + len(self.table) - 1)
        low = min(low, 0) if low > -FAR and high < FAR else low
        if high - low >= FAR or high > LARGEST_WHOLE:
            return False
        if low != self.low or high - low + 1 > len(self.table):
            self.low, self.table = low, np.full(high - low + 1, -1, dtype=np.int32)
            for value, code in code_of_value.items():
                if low <= value <= high:  # others came in blocks whose values lie too far apart for a table
                    self.table[value - low] = code
        return True


def _keys(dictionary: Any) -> list[Any]:
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_temporal(dictionary.type):
        dictionary = dictionary.view(pa.int64() if dictionary.type.bit_width == 64 else pa.int32())
    keys: list[Any] = dictionary.to_pylist()
    return keys


def _is_value(value: Any) -> bool:
    return value is not None and value == value


def _smallest(count: int) -> str:
    return "i1" if count < 127 else "i2" if count < 32_767 else "i4"
