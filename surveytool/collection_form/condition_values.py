"""A form's condition on the interviews of an export, as the collection tool would have judged it.

In XPath a blank is the text ``''``: ``${q} != 'never'`` is true of somebody without an answer, ``not(...)`` of a
comparison that fails on a blank is true, and a blank is no number, so that every other comparison with one fails.
What an export cannot tell (another interview, today's date, a list in a file) is unknown: -1 in the answer, and a part
of ``and`` or ``or`` that is known may still decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.collection_form.conditions import parse
from surveytool.frozen import frozen
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Truth

UNKNOWN = -1


class Unknowable(Exception):
    """A part of a condition that the export cannot tell; its text says why."""


@frozen
class Texts:
    """Answers as texts: ``codes`` [rows] into ``values``, -1 for a blank; ``days`` where they are dates."""

    codes: Any
    values: tuple[str, ...]

    def among(self, test: Callable[[str], bool]) -> Flags:
        """Where a text passes a test [rows]; a blank is ''."""
        passed = np.array([*map(test, self.values), test("")], dtype=bool)
        flags: Flags = passed[self.codes]
        return flags

    def numbers(self) -> Floats:
        """The texts as numbers [rows]; NaN for what is none."""
        table = np.array([*map(number_of, self.values), np.nan])
        floats: Floats = table[self.codes]
        return floats


@frozen
class Options:
    """Answers of a question with several: ``chosen`` [rows, options] beside the codes of its list."""

    chosen: Any
    codes: tuple[str, ...]
    answered: Any

    def has(self, code: str) -> Flags:
        """Who chose an option."""
        if code not in self.codes:
            return np.zeros(len(self.answered), dtype=bool)
        flags: Flags = self.chosen[:, self.codes.index(code)] & self.answered
        return flags


Value = Any  # Texts, Options, float array [rows], Truth [rows] (int8), or one text, number or bool for all


def number_of(text: str) -> float:
    """A text as a number, a date as its day; NaN for neither.

    >>> number_of("7.50"), number_of("1970-01-11"), number_of("yes")
    (7.5, 10.0, nan)
    """
    try:
        return (
            float(text)
            if text.strip() and not text.strip().lower().startswith(("nan", "inf", "-inf", "+inf"))
            else np.nan
        )
    except ValueError:
        pass
    match = re.match(r"(\d{4}-\d{2}-\d{2})(?:[T ]|$)", text)
    try:
        return float((date.fromisoformat(match[1]) - date(1970, 1, 1)).days) if match else np.nan
    except ValueError:
        return np.nan


class Judge:
    """Conditions on ``rows`` interviews; ``answers`` gives a question's answers, or raises ``Unknowable``.

    ``functions`` are those of forms, ``current`` is the question that ``.`` means, for constraints.
    """

    def __init__(
        self, rows: int, answers: Callable[[str], Value], functions: Mapping[str, Callable[..., Value]],
        current: str = "",
    ) -> None:  # fmt: skip
        self.rows, self.answers, self.functions, self.current = rows, answers, functions, current

    def truth(self, text: str) -> Truth:
        """1, 0 or -1 (unknown) for each interview [rows]. Raises ``UsageError`` for a condition that cannot be read."""
        return self.of(parse(text))

    def value(self, text: str) -> Value:
        """What a calculation gives. Raises ``Unknowable``, or ``UsageError``."""
        return self.evaluate(parse(text))

    def of(self, token: Any) -> Truth:
        """A part as 1, 0 or unknown."""
        symbol = token.symbol
        if symbol in ("and", "or"):
            left, right = self.of(token[0]), self.of(token[1])
            decides = 0 if symbol == "and" else 1
            either = (left == decides) | (right == decides)
            return as_flags(np.where(either, decides, np.where((left < 0) | (right < 0), UNKNOWN, 1 - decides)))
        if symbol == "not" and len(token) == 1:
            inner = self.of(token[0])
            return as_flags(np.where(inner < 0, UNKNOWN, 1 - inner))
        if symbol == "(" and len(token) == 1:
            return self.of(token[0])
        if symbol in COMPARISONS:
            return self.compared(token)
        try:
            return self.as_truth(self.evaluate(token))
        except Unknowable:
            return np.full(self.rows, UNKNOWN, dtype=np.int8)

    def as_truth(self, value: Value) -> Truth:
        """XPath's boolean of a value: a text that is not blank, a number that is not 0."""
        if isinstance(value, Texts):
            return as_flags(value.among(bool))
        if isinstance(value, Options):
            return as_flags(value.answered)
        if isinstance(value, np.ndarray):
            return value if value.dtype == np.int8 else as_flags(~np.isnan(value) & (value != 0))
        return np.full(self.rows, int(bool(value) and value == value), dtype=np.int8)

    def compared(self, token: Any) -> Truth:
        """``= != < <= > >=``: numbers where one side is a number or the sign is an order, else texts."""
        try:
            left, right = self.evaluate(token[0]), self.evaluate(token[1])
        except Unknowable:
            return np.full(self.rows, UNKNOWN, dtype=np.int8)
        sign = token.symbol
        if sign in ("=", "!="):
            if is_truth(left) or is_truth(right):
                one, other = self.as_truth(left), self.as_truth(right)
                same = np.where((one < 0) | (other < 0), UNKNOWN, one == other)
                return as_flags(same if sign == "=" else np.where(same < 0, UNKNOWN, 1 - same))
            if not (is_number(left) or is_number(right)):
                same = self.same_text(left, right)
                return as_flags(same if sign == "=" else ~same)
        with np.errstate(invalid="ignore"):
            return as_flags(COMPARISONS[sign](self.numbers(left), self.numbers(right)))

    def same_text(self, left: Value, right: Value) -> Flags:
        """Where two texts are the same [rows]."""
        if isinstance(left, str):
            left, right = right, left
        if isinstance(left, Options) and isinstance(right, str):
            words = set(right.split())
            same = left.answered if words else ~left.answered
            for index, code in enumerate(left.codes):
                same = same & (left.chosen[:, index] == (code in words)) if words else same
            return np.asarray(same & (words <= set(left.codes)), dtype=np.bool_)
        if isinstance(left, Texts) and isinstance(right, str):
            return left.among(lambda text: text == right)
        if isinstance(left, str) and isinstance(right, str):
            return np.full(self.rows, left == right)
        one, other = self.strings(left), self.strings(right)
        return np.array([a == b for a, b in zip(one, other, strict=True)], dtype=bool)

    def strings(self, value: Value) -> list[str]:
        """A value as texts, one an interview."""
        if isinstance(value, Texts):
            words = [*value.values, ""]
            return [words[code] for code in value.codes]
        if isinstance(value, Options):
            raise Unknowable("the order of several answers")
        if isinstance(value, np.ndarray) and value.dtype != np.int8:
            return ["" if number != number else code_text(float(number)) for number in value]
        if isinstance(value, np.ndarray):
            return ["true" if one == 1 else "false" for one in value]
        return [value if isinstance(value, str) else code_text(value)] * self.rows

    def numbers(self, value: Value) -> Floats:
        """A value as numbers [rows], NaN for what is none."""
        if isinstance(value, Texts):
            return value.numbers()
        if isinstance(value, Options):  # one chosen option may be a number
            table = np.array([number_of(code) for code in value.codes])
            alone = value.chosen.sum(axis=1) == 1
            first: Floats = np.where(alone & value.answered, table[value.chosen.argmax(axis=1)], np.nan)
            return first
        if isinstance(value, np.ndarray):
            floats: Floats = np.where(value < 0, np.nan, value) if value.dtype == np.int8 else value
            return floats
        return np.full(self.rows, number_of(value) if isinstance(value, str) else float(value))

    def evaluate(self, token: Any) -> Value:
        """The value of a part. Raises ``Unknowable``."""
        symbol = token.symbol
        if symbol == "$":
            return self.answers(str(token[0].value))
        if symbol in ("(string)", "(integer)", "(decimal)", "(float)"):
            return str(token.value) if symbol == "(string)" else float(token.value)
        if symbol == "(" and len(token) == 1:
            return self.evaluate(token[0])
        if symbol == "." and self.current:
            return self.answers(self.current)
        if symbol in ("/", "//", "(name)"):
            return self.answers(_last_step(token))
        if symbol in ("and", "or", "not") or symbol in COMPARISONS:
            return self.of(token)
        if symbol in ARITHMETIC:
            return self.arithmetic(token)
        function = self.functions.get(symbol)
        if function is None:
            raise Unknowable(f"{symbol}()")
        return function(self, *token)

    def arithmetic(self, token: Any) -> Floats:
        """``+ - * div mod``, and a minus before a number."""
        numbers = [self.numbers(self.evaluate(part)) for part in token]
        with np.errstate(all="ignore"):
            if len(numbers) == 1:
                return numbers[0] if token.symbol == "+" else -numbers[0]
            return np.asarray(ARITHMETIC[token.symbol](*numbers), dtype=np.float64)


def as_flags(flags: Any) -> Truth:
    made: Truth = np.asarray(flags).astype(np.int8)
    return made


def is_number(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype != np.int8)


def is_truth(value: Value) -> bool:
    return isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == np.int8)


def _last_step(token: Any) -> str:
    """The name at the end of a path of names."""
    last = token[-1] if len(token) else token
    if last.symbol != "(name)":
        raise Unknowable("a path")
    return str(last.value)


COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "div": np.divide, "mod": np.fmod,
}  # fmt: skip


def texts_of(cells: list[str]) -> Texts:
    """Texts, one an interview, by their distinct values; '' is a blank."""
    values = {text: index for index, text in enumerate(dict.fromkeys(text for text in cells if text))}
    codes = np.array([values.get(text, -1) for text in cells], dtype=np.int32)
    return Texts(codes=codes, values=tuple(values))
