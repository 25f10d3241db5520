"""Text columns given the type that all of their answers have: numbers, dates, or text as it stands.

Two steps, since marks are facts of the file: every column is examined, then typed
in the marks that all of them decide (``number_marks``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from surveytool import arrow
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.clean_text import cleaned_codes, in_one
from surveytool.reading.excel_days import MOST, days_among_ranges
from surveytool.reading.hints import looks_like_design, looks_like_identifier
from surveytool.reading.number_marks import (
    NOTHING,
    PLAIN,
    STYLES,
    Marks,
    Style,
    Written,
    dotted,
    plainly,
    signs,
    written,
)

NUMBER = PLAIN.pattern
LEADING_ZERO = r"^\s*[+-]?0\d"
LONG_INTEGER = r"^\s*[+-]?\d{16,}\s*$"
SIMPLE = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"  # a number whatever else stands in its column
DATE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$"
)
ERROR = r"#N/A|#NULL!|#VALUE!|#REF!|#DIV/0!|#NUM!|#NAME\?"  # what a spreadsheet writes where it has no value
TOKEN = rf"^(NA|N/A|n/a|N/D|n/d|<NA>|NULL|null|NaN|nan|\.|-|--|\*|\?|\\N|{ERROR})$"


_AMOUNTS = (
    "age ages edad edades âge âges idade idades years anios años anos yrs income ingreso ingresos revenu revenus renda "
    "salary salario salaire amount monto montant hours horas heures minutes minutos days dias días jours months meses "
    "mois children hijos enfants members"
)
_GROUPS = "group groups grupo grupos groupe band bands range rango tramo tranche cat category code codigo"
MANY_CODES = 10
LOOKED_AT = 1000


@frozen
class Typed:
    """A column with its type; ``tags`` keeps the tokens that stood for missing among numbers."""

    column: Any
    tags: Any = None
    style: Style | None = None


@frozen
class Examined:
    """A text column looked at: its ``codes`` into distinct texts, which ``token`` stand for missing (None: none).

    ``numbers`` are its values where they are plain beyond doubt; ``merged`` counts
    distinct texts that were one but for blanks and Unicode forms.
    """

    column: Any
    codes: Any = None
    token: Any = None
    written: Written = NOTHING
    numbers: Any = None
    merged: int = 0


def examined(column: Any, *, coded: bool = False) -> Examined:
    """Look at an Arrow text column. Where ``coded``, numbers that hardly repeat are not made codes of."""
    if coded and _hardly_repeats(column):
        numbers = _simple_numbers(column)
        if numbers is not None:
            return Examined(column=column, numbers=numbers, written=_as_written(numbers, column))
    codes = in_one(arrow.encode(column))
    if codes is not None and len(codes.dictionary) and _all(codes.dictionary, SIMPLE):
        return Examined(column=column, codes=codes, written=dotted(codes.dictionary))
    column, merged, codes = cleaned_codes(column, codes)
    if codes is None or len(codes.dictionary) == 0:
        return Examined(column=column)
    token = arrow.matches(codes.dictionary, TOKEN)
    found = number_texts(codes.dictionary, token)
    return Examined(column=column, codes=codes, token=token, written=found, merged=merged)


def number_texts(texts: Any, token: Any) -> Written:
    """How distinct texts may be written as numbers: no integers too long to be exact."""
    plain = arrow.call("filter", texts, arrow.call("invert", token))
    if len(plain) == 0:
        return NOTHING
    found = written(plain)
    if not found.styles or _any(plain, LONG_INTEGER):
        return NOTHING
    return replace(found, zeros=True) if _any(plain, LEADING_ZERO) else found


def without_codes(columns: Mapping[str, Written]) -> dict[str, Written]:
    """How the numbers of columns are written; those that begin with 0 are codes unless the name says an amount."""
    return {name: NOTHING if column.zeros and not names_amount(name) else column for name, column in columns.items()}


def names_amount(name: str) -> bool:
    """Whether a column's name says that it counts or measures: an age, an income, hours.

    >>> names_amount("EDADm"), names_amount("edad_anios"), names_amount("age_group"), names_amount("region")
    (True, True, False, False)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{3})(?=[a-z]$)", " ", name)
    words = set(re.split(r"[\W_\d]+", spaced.lower()))
    return bool(words & set(_AMOUNTS.split())) and not words & set(_GROUPS.split())


def _as_written(numbers: Any, column: Any) -> Written:
    import pyarrow.types as types

    return Written(styles=frozenset(STYLES)) if types.is_integer(numbers.type) else written(column)


def typed(each: Examined, style: Style | None, *, coded: bool = False) -> Typed:
    """Give an examined column its type: numbers written in ``style``, dates, or texts where it is None.

    Where ``coded``, the column comes as codes into its distinct values; numbers that hardly repeat come as they are.
    """
    if each.numbers is not None:
        if style in (None, PLAIN):
            return Typed(column=each.numbers, style=PLAIN)
        return typed(examined(each.column), style, coded=coded)
    if each.codes is None:
        return Typed(column=each.column)
    texts = each.codes.dictionary
    if style is not None:
        return _numbers(each, style, coded)
    if _all(texts, DATE):
        found = days(each.column)
        return Typed(column=each.column if found is None else found)
    if _any(texts, f"^({ERROR})$"):
        return _without_errors(each, coded)
    return Typed(column=each.codes if coded else each.column)


def _without_errors(each: Examined, coded: bool) -> Typed:
    """Texts without what a spreadsheet writes where it has no value."""
    import pyarrow as pa

    texts = each.codes.dictionary
    nothing = pa.nulls(len(texts), pa.string())
    kept = arrow.call("if_else", arrow.matches(texts, f"^({ERROR})$"), nothing, texts)
    column = pa.chunked_array([arrow.call("take", kept, each.codes.indices)])
    return Typed(column=examined(column).codes if coded else column)


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


def _numbers(examined: Examined, style: Style, coded: bool) -> Typed:
    import pyarrow as pa

    texts, token, codes = examined.codes.dictionary, examined.token, examined.codes
    nothing = pa.nulls(len(texts), pa.string())
    plain = texts if token is None else arrow.call("if_else", token, nothing, texts)
    values = arrow.cast(plainly(plain, style), pa.float64())
    if not _any(plain, rf"[{style.decimal}eE]"):
        values = arrow.cast(values, pa.int64())
    made = pa.DictionaryArray.from_arrays(codes.indices, values) if coded else None
    column = pa.chunked_array([arrow.call("take", values, codes.indices) if made is None else made])
    if token is None or not arrow.true_for_any(token):
        return Typed(column=column, style=style)
    tags = arrow.call("take", arrow.call("if_else", token, texts, nothing), codes.indices)
    return Typed(column=column, tags=pa.chunked_array([tags]), style=style)


def days(column: Any) -> Any:
    """ISO dates as timestamps of seconds; None where a day does not exist."""
    import pyarrow as pa

    try:
        return arrow.cast(arrow.head(column, 19), pa.timestamp("s"))
    except pa.ArrowInvalid:
        return None


def type_notes(found: Mapping[str, Typed], columns: Mapping[str, Written], marks: Marks) -> list[Note]:
    """What a reader must know of the types found."""
    notes = _mark_notes({name: each.style for name, each in found.items() if each.style}, columns)
    signed = signs(columns, (name for name, each in found.items() if each.style))
    for sign in dict.fromkeys(signed.values()):
        names = tuple(name for name, own in signed.items() if own == sign)
        notes.append(note("percent_signs" if sign == "%" else "currency_signs", sign=sign, variables=names))
    for code, names in (("number_doubt", marks.doubtful), ("number_unclear", marks.unclear)):
        notes += [note(code, variables=names)] if names else []
    tokens = tuple(name for name, each in found.items() if each.tags is not None)
    return [*notes, note("missing_tokens", variables=tokens)] if tokens else notes


def _mark_notes(styles: Mapping[str, Style], columns: Mapping[str, Written]) -> list[Note]:
    """One note on decimal commas, and one on each other way of writing."""
    marked = {name: style for name, style in styles.items() if style != PLAIN and columns[name].marked}
    notes = []
    for style in dict.fromkeys(marked.values()):
        names = tuple(name for name, own in marked.items() if own == style)
        plain = style == Style(",")
        notes.append(
            note("decimal_comma", variables=names) if plain
            else note("number_marks", example=style.example, variables=names)
        )  # fmt: skip
    return notes


def text_notes(found: Iterable[tuple[str, Examined]]) -> list[Note]:
    """Which questions had answers that differed only by blanks or by Unicode form, and which have days among ranges."""
    listed = list(found)
    names = tuple(name for name, each in listed if each.merged)
    days = tuple(name for name, each in listed if _has_days(each))
    notes = [note("texts_merged", variables=names)] if names else []
    nearly = tuple(name for name, each in listed if _nearly_numbers(each))
    notes += [note("nearly_numbers", variables=nearly)] if nearly else []
    zeros = tuple(name for name, each in listed if _are_codes(name, each))
    notes += [note("leading_zeros", variables=zeros)] if zeros else []
    return [*notes, note("excel_dates", variables=days)] if days else notes


def _nearly_numbers(examined: Examined) -> bool:
    """Whether a column of texts is one of many numbers but for a few texts."""
    if examined.codes is None or examined.written.styles or len(examined.codes.dictionary) <= MANY_CODES:
        return False
    texts = examined.codes.dictionary.slice(0, LOOKED_AT)
    if not _any(texts.slice(0, MANY_CODES), r"^\s*[+-]?[\d.,]+\s*$"):
        return False
    numbers = int(arrow.call("sum", arrow.matches(texts, r"^\s*[+-]?\d[\d.,]{0,14}\s*$")).as_py() or 0)
    return 0.8 * len(texts) <= numbers < len(texts)


def _are_codes(name: str, examined: Examined) -> bool:
    """Whether a column's numbers begin with 0, are many and were taken for codes."""
    design = looks_like_design(name) or looks_like_identifier(name) or names_amount(name)
    return examined.written.zeros and not design and len(examined.codes.dictionary) > MANY_CODES


def _has_days(examined: Examined) -> bool:
    if examined.codes is None or len(examined.codes.dictionary) > MOST:
        return False
    return days_among_ranges(examined.codes.dictionary.to_pylist())
