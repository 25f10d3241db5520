"""Text columns given the type that all of their answers have: numbers, dates, or text as it stands."""

from __future__ import annotations

from typing import Any

from surveytool import arrow
from surveytool.frozen import frozen
from surveytool.notes import Note, note

NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
COMMA_NUMBER = r"^\s*[+-]?\d+(,\d+)?\s*$"
LEADING_ZERO = r"^\s*[+-]?0\d"
LONG_INTEGER = r"^\s*[+-]?\d{16,}\s*$"
SIMPLE = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"  # a number whatever else stands in its column
DATE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$"
)
TOKEN = r"^(NA|\.|#N/A|NaN|nan|#NULL!)$"


@frozen
class Typed:
    """A column with its type; ``tags`` keeps the tokens that stood for missing among numbers."""

    column: Any
    tags: Any = None
    decimal_comma: bool = False


def typed(column: Any, *, decimal_comma: bool, coded: bool = False) -> Typed:
    """Give an Arrow text column its type. ``decimal_comma`` says that "3,5" may be a number.

    Where ``coded``, the column comes as codes into its distinct values; numbers that hardly repeat come as they are.
    """
    if coded and _hardly_repeats(column):
        numbers = _simple_numbers(column)
        if numbers is not None:
            return Typed(column=numbers)
    codes = arrow.encode(column).combine_chunks()
    codes = codes.chunk(0) if hasattr(codes, "chunks") and codes.num_chunks else codes
    if not hasattr(codes, "dictionary") or len(codes.dictionary) == 0:
        return Typed(column=column)
    texts = codes.dictionary
    as_text = Typed(column=codes if coded else column)
    token = arrow.matches(texts, TOKEN)
    plain = arrow.call("filter", texts, arrow.call("invert", token))
    if len(plain) == 0:
        return as_text
    comma = decimal_comma and not _all(plain, NUMBER) and _all(plain, COMMA_NUMBER)
    if _numeric(plain, comma):
        return _numbers(codes, texts, token, comma, coded)
    if len(plain) == len(texts) and _all(texts, DATE):
        found = days(column)
        return Typed(column=column if found is None else found)
    return as_text


def _hardly_repeats(column: Any) -> bool:
    """Whether the first thousand texts are mostly different ones."""
    first = column.slice(0, 1000)
    return 2 * len(set(first.to_pylist())) > len(first)


def _simple_numbers(column: Any) -> Any:
    """A column of plain numbers and blanks as whole numbers or floats; None where some text may mean more."""
    import pyarrow as pa

    if column.null_count == len(column) or not _all(column, SIMPLE):
        return None
    try:
        return arrow.cast(column, pa.int64())
    except pa.ArrowInvalid:  # some have decimals
        return arrow.cast(column, pa.float64())


def _all(texts: Any, pattern: str) -> bool:
    return arrow.true_for_all(arrow.matches(texts, pattern))


def _any(texts: Any, pattern: str) -> bool:
    return arrow.true_for_any(arrow.matches(texts, pattern))


def _numeric(texts: Any, comma: bool) -> bool:
    """Plain numbers only: no leading zeros, no integers too long to be exact."""
    if not (comma or _all(texts, NUMBER)):
        return False
    return not _any(texts, LEADING_ZERO) and not _any(texts, LONG_INTEGER)


def _numbers(codes: Any, texts: Any, token: Any, comma: bool, coded: bool) -> Typed:
    import pyarrow as pa

    nothing = pa.nulls(len(texts), pa.string())
    cleaned = arrow.call("utf8_trim_whitespace", texts)
    cleaned = arrow.replaced(cleaned, ",", ".") if comma else cleaned
    cleaned = arrow.call("if_else", token, nothing, cleaned)
    values = arrow.cast(cleaned, pa.float64())
    if not _any(cleaned, r"[.eE]"):
        values = arrow.cast(values, pa.int64())
    made = pa.DictionaryArray.from_arrays(codes.indices, values) if coded else None
    column = pa.chunked_array([arrow.call("take", values, codes.indices) if made is None else made])
    if not arrow.true_for_any(token):
        return Typed(column=column, decimal_comma=comma)
    tags = arrow.call("take", arrow.call("if_else", token, texts, nothing), codes.indices)
    return Typed(column=column, tags=pa.chunked_array([tags]), decimal_comma=comma)


def days(column: Any) -> Any:
    """ISO dates as timestamps of seconds; None where a day does not exist."""
    import pyarrow as pa

    try:
        return arrow.cast(arrow.head(column, 19), pa.timestamp("s"))
    except pa.ArrowInvalid:
        return None


def type_notes(found: list[tuple[str, Typed]]) -> list[Note]:
    """What a reader must know of the types found."""
    commas = tuple(name for name, each in found if each.decimal_comma)
    tokens = tuple(name for name, each in found if each.tags is not None)
    notes = [note("decimal_comma", variables=commas)] if commas else []
    return [*notes, note("missing_tokens", variables=tokens)] if tokens else notes
