"""The few Arrow functions that reading and counting need.

They are called by name through Arrow's registry. ``pyarrow.compute`` wraps the
same registry, but making its three hundred wrappers takes longer than reading a
small file; methods such as ``Array.cast`` load it too.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def call(name: str, *arguments: Any, options: Any = None) -> Any:
    """Call an Arrow function on arrays; ``name`` as in Arrow's list of compute functions."""
    from pyarrow._compute import call_function

    return call_function(name, list(arguments), options)


def cast(column: Any, kind: Any) -> Any:
    """A column as another type; raises ``pyarrow.ArrowInvalid`` where a value does not fit.

    A decimal becomes the number that is written so: Arrow's own way may give its neighbour.
    """
    import pyarrow as pa
    import pyarrow.types as types
    from pyarrow._compute import CastOptions

    if column.type == kind:
        return column
    if types.is_decimal(column.type) and types.is_floating(kind):
        column = call("cast", column, options=CastOptions.safe(pa.string()))
    return call("cast", column, options=CastOptions.safe(kind))


def floats(column: Any) -> Any:
    """A column of numbers as floats; a whole number that none of them is becomes the nearest."""
    import pyarrow as pa
    import pyarrow.types as types
    from pyarrow._compute import CastOptions

    if not types.is_integer(column.type):
        return cast(column, pa.float64())
    return call("cast", column, options=CastOptions(pa.float64(), allow_float_truncate=True))


def encode(column: Any) -> Any:
    """A column as codes into its distinct values (dictionary encoding)."""
    return call("dictionary_encode", column)


def matches(texts: Any, pattern: str) -> Any:
    """Which texts match a regular expression somewhere."""
    from pyarrow._compute import MatchSubstringOptions

    return call("match_substring_regex", texts, options=MatchSubstringOptions(pattern))


def replaced(texts: Any, old: str, new: str) -> Any:
    """Texts with a part replaced."""
    from pyarrow._compute import ReplaceSubstringOptions

    return call("replace_substring", texts, options=ReplaceSubstringOptions(old, new))


def head(texts: Any, length: int) -> Any:
    """The first characters of each text."""
    from pyarrow._compute import SliceOptions

    return call("utf8_slice_codeunits", texts, options=SliceOptions(0, length, 1))


def fixed(values: Any, valid: Any, kind: Any) -> Any:
    """A numpy array of 8-byte values as an Arrow array of ``kind``, null where not ``valid`` [rows].

    ``pyarrow.array`` does the same, and loads pandas to look at what it is given.
    """
    import pyarrow as pa

    return pa.Array.from_buffers(kind, len(values), [_bits(valid), pa.py_buffer(np.ascontiguousarray(values))])


def indices(codes: Any) -> Any:
    """Codes [rows] as Arrow integers, null where they are below 0."""
    import pyarrow as pa

    whole = np.ascontiguousarray(codes, dtype=np.int64)
    return fixed(whole, whole >= 0, pa.int64())


def taken(values: Any, codes: Any) -> Any:
    """The values behind codes [rows], null for codes below 0."""
    return call("take", values, indices(codes))


def texts(values: Any) -> Any:
    """Texts or None as an Arrow array of strings."""
    import pyarrow as pa

    encoded = [b"" if value is None else value.encode("utf-8", errors="replace") for value in values]
    ends = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=ends[1:])
    valid = np.array([value is not None for value in values], dtype=bool)
    buffers = [_bits(valid), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return cast(pa.Array.from_buffers(pa.large_string(), len(encoded), buffers), pa.string())


def _bits(valid: Any) -> Any:
    import pyarrow as pa

    return None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))


def true_for_all(flags: Any) -> bool:
    """Whether every flag holds; true where there is none."""
    return bool(call("all", flags).as_py())


def true_for_any(flags: Any) -> bool:
    """Whether some flag holds."""
    return bool(call("any", flags).as_py())


def numpy(array: Any, kind: str, null: float, dtype: str | None = None) -> Any:
    """A fixed-width Arrow array as numpy, nulls filled; ``dtype`` a smaller type. pyarrow's own way loads pandas."""
    validity, data = array.buffers()
    size, start = len(array), array.offset
    if size == 0:
        return np.empty(0, dtype=dtype or kind)
    values = np.frombuffer(data, dtype=kind)[start : start + size]
    values = values if dtype is None else values.astype(dtype)
    if array.null_count == 0:
        return values
    return np.where(_unpacked(validity, start, size), values, np.asarray(null, dtype=values.dtype))


def within(indices: Any, size: int) -> bool:
    """Whether Arrow integers, nulls aside, are 0 or more and below ``size``."""
    if indices.null_count == len(indices):
        return True
    kind = f"i{indices.type.bit_width // 8}"
    raw = np.frombuffer(indices.buffers()[1], dtype=kind)[indices.offset : indices.offset + len(indices)]
    if raw.min() < 0 or raw.max() >= size:  # what stands under a null is of no account
        raw = numpy(indices, kind, 0)
    return bool(raw.min() >= 0 and raw.max() < size)


def not_null(array: Any) -> Any:
    """Which rows of an Arrow array are not null, as numpy flags."""
    validity = array.buffers()[0]
    if array.null_count == 0 or validity is None:
        return np.full(len(array), array.null_count == 0)
    return _unpacked(validity, array.offset, len(array))


def _unpacked(validity: Any, start: int, size: int) -> Any:
    bits = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), bitorder="little")
    return bits[start : start + size] == 1
