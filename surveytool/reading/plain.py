"""Text columns given the type that all of their answers have: numbers, dates, or text as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
COMMA_NUMBER = r"^\s*[+-]?\d+(,\d+)?\s*$"
LEADING_ZERO = r"^\s*[+-]?0\d"
LONG_INTEGER = r"^\s*[+-]?\d{16,}\s*$"
DATE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$"
)
TOKEN = r"^(NA|\.|#N/A|NaN|nan|#NULL!)$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A column with its type; ``tags`` keeps the tokens that stood for missing among numbers."""

    column: Any
    tags: Any = None
    decimal_comma: bool = False


def typed(column: Any, *, decimal_comma: bool) -> Typed:
    """Give an Arrow text column its type. ``decimal_comma`` says that "3,5" may be a number."""
    import pyarrow.compute as pc

    codes = column.dictionary_encode().combine_chunks()
    codes = codes.chunk(0) if hasattr(codes, "chunks") and codes.num_chunks else codes
    if not hasattr(codes, "dictionary") or len(codes.dictionary) == 0:
        return Typed(column=column)
    texts = codes.dictionary
    token = pc.match_substring_regex(texts, TOKEN)
    plain = texts.filter(pc.invert(token))
    if len(plain) == 0:
        return Typed(column=column)
    comma = decimal_comma and not _all(plain, NUMBER) and _all(plain, COMMA_NUMBER)
    if _numeric(plain, comma):
        return _numbers(codes, texts, token, comma)
    if len(plain) == len(texts) and _all(texts, DATE):
        return Typed(column=_dates(column))
    return Typed(column=column)


def _all(texts: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def _any(texts: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def _numeric(texts: Any, comma: bool) -> bool:
    """Plain numbers only: no leading zeros, no integers too long to be exact."""
    if not (comma or _all(texts, NUMBER)):
        return False
    return not _any(texts, LEADING_ZERO) and not _any(texts, LONG_INTEGER)


def _numbers(codes: Any, texts: Any, token: Any, comma: bool) -> Typed:
    import pyarrow as pa
    import pyarrow.compute as pc

    cleaned = pc.utf8_trim_whitespace(texts)
    cleaned = pc.replace_substring(cleaned, ",", ".") if comma else cleaned
    values = pc.cast(pc.if_else(token, pa.nulls(len(texts), pa.string()), cleaned), pa.float64())
    whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
    small = pc.max(pc.abs(values)).as_py()
    if whole and small is not None and small < 2**53 and not _any(cleaned.filter(pc.invert(token)), r"[.eE]"):
        values = pc.cast(values, pa.int64())
    column = pa.chunked_array([values.take(codes.indices)])
    if not pc.any(token).as_py():
        return Typed(column=column, decimal_comma=comma)
    tags = pc.if_else(token, texts, pa.nulls(len(texts), pa.string()))
    return Typed(column=column, tags=pa.chunked_array([tags.take(codes.indices)]), decimal_comma=comma)


def _dates(column: Any) -> Any:
    """ISO dates as timestamps of seconds; the text stays where a day does not exist."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(pc.utf8_slice_codeunits(column, 0, 19), pa.timestamp("s"))
    except pa.ArrowInvalid:
        return column
