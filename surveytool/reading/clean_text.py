"""Blanks and Unicode forms: "Female " is "Female", é is one letter however written, a cell of spaces is blank."""

from __future__ import annotations

import unicodedata
from typing import Any

from surveytool import arrow

_AROUND = r"^[\s\p{Z}\x{200B}\x{2060}\x{FEFF}]|[\s\p{Z}\x{200B}\x{2060}\x{FEFF}]$|^$"
_STRIP = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029,
                           0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF]))  # fmt: skip
ERRORS = frozenset({"#NULL!", "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?"})  # a spreadsheet's, no answers


def clean(text: str) -> str | None:
    """A text in one Unicode form without blanks around it; None where nothing is left.

    >>> clean("Female "), clean("   "), clean("Me\u0301xico") == "M\u00e9xico"
    ('Female', None, True)
    """
    return unicodedata.normalize("NFC", text.strip(_STRIP)) or None


def is_clean(texts: Any) -> bool:
    """Whether distinct texts [values] are in one form and without blanks around them."""
    if arrow.true_for_all(arrow.call("string_is_ascii", texts)):
        bare = arrow.call("ascii_trim_whitespace", texts)
        return bool(bare.equals(texts)) and arrow.call("min", arrow.call("binary_length", texts)).as_py() != 0
    if arrow.true_for_any(arrow.matches(texts, _AROUND)):
        return False
    return all(text is None or unicodedata.is_normalized("NFC", text) for text in texts.to_pylist())


def in_one(codes: Any) -> Any:
    """Codes into distinct values as one array; None where there are none."""
    codes = codes.combine_chunks() if hasattr(codes, "combine_chunks") else codes
    codes = codes.chunk(0) if hasattr(codes, "chunks") and codes.num_chunks else codes
    return codes if hasattr(codes, "dictionary") else None


def cleaned(column: Any) -> tuple[Any, int]:
    """A column of texts [rows] made clean, and how many of its distinct texts became one with another."""
    import pyarrow.types as types

    return cleaned_codes(column, in_one(column if types.is_dictionary(column.type) else arrow.encode(column)))[:2]


def cleaned_codes(column: Any, codes: Any) -> tuple[Any, int, Any]:
    """As ``cleaned``, and the codes into the distinct texts; ``codes`` are those before, None where there are none."""
    import pyarrow as pa

    if codes is None or is_clean(codes.dictionary):
        return column, 0, codes
    made = [None if text is None else clean(text) for text in codes.dictionary.to_pylist()]
    filled = [text for text in made if text is not None]
    whole = pa.chunked_array([arrow.call("take", pa.array(made, pa.string()), codes.indices)])
    return whole, len(filled) - len(set(filled)), in_one(arrow.encode(whole))
