"""The functions of a form's conditions, each on the answers of all interviews [rows] at once.

A function that is not here (another interview, today, a list in a file) is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.collection_form.condition_values import (
    Judge,
    Options,
    Texts,
    Unknowable,
    Value,
    as_flags,
    is_number,
    is_truth,
    number_of,
    texts_of,
)
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Truth


def judge_of(rows: int, answers: Callable[[str], Value], current: str = "") -> Judge:
    """Who judges conditions on ``rows`` interviews, with the functions of forms."""
    return Judge(rows, answers, FUNCTIONS, current)


def _selected(judge: Judge, question: Any, code: Any) -> Truth:
    """Whether an answer is among those chosen: a whole word, never a part of one."""
    value, wanted_code = judge.evaluate(question), judge.evaluate(code)
    if not isinstance(wanted_code, str):
        if not isinstance(wanted_code, float):
            raise Unknowable("selected() of an answer")
        wanted_code = code_text(wanted_code)
    if isinstance(value, Options):
        return as_flags(value.has(wanted_code))
    if isinstance(value, Texts):
        return as_flags(value.among(lambda text: wanted_code in text.split() or text == wanted_code))
    return as_flags([wanted_code in text.split() for text in judge.strings(value)])


def _count_selected(judge: Judge, question: Any) -> Floats:
    value = judge.evaluate(question)
    if isinstance(value, Options):
        counts: Floats = (value.chosen & value.answered[:, None]).sum(axis=1).astype(float)
        return counts
    return np.array([float(len(text.split())) for text in judge.strings(value)])


def _if(judge: Judge, condition: Any, then: Any, otherwise: Any) -> Value:
    truth = judge.of(condition)
    left, right = judge.evaluate(then), judge.evaluate(otherwise)
    if (truth < 0).any():
        raise Unknowable("if()")
    if _numeric(left) and _numeric(right):
        return np.where(truth == 1, judge.numbers(left), judge.numbers(right))
    if is_truth(left) and is_truth(right):
        return as_flags(np.where(truth == 1, judge.as_truth(left), judge.as_truth(right)))
    one, other = judge.strings(left), judge.strings(right)
    return texts_of([a if yes else b for yes, a, b in zip(truth == 1, one, other, strict=True)])


def _numeric(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and value == "")


def _coalesce(judge: Judge, first: Any, second: Any) -> Value:
    left, right = judge.evaluate(first), judge.evaluate(second)
    if is_number(left) and is_number(right):
        return np.where(np.isnan(judge.numbers(left)), judge.numbers(right), judge.numbers(left))
    return texts_of([a or b for a, b in zip(judge.strings(left), judge.strings(right), strict=True)])


def _on_texts(test: Callable[[str, str], bool]) -> Callable[..., Truth]:
    """A test of a text against one that is the same for all."""

    def function(judge: Judge, question: Any, pattern: Any) -> Truth:
        value, text = judge.evaluate(question), judge.evaluate(pattern)
        if not isinstance(text, str):
            raise Unknowable("a pattern of answers")
        if isinstance(value, Texts):
            return as_flags(value.among(lambda answer: test(answer, text)))
        return as_flags([test(answer, text) for answer in judge.strings(value)])

    return function


def _matches(answer: str, pattern: str) -> bool:
    try:
        return re.fullmatch(pattern, answer) is not None if len(answer) < 1000 else False
    except re.error:
        raise Unknowable("regex()") from None


def _numbers(function: Callable[..., Any]) -> Callable[..., Floats]:
    """A function of numbers."""

    def made(judge: Judge, *parts: Any) -> Floats:
        with np.errstate(all="ignore"):
            result: Floats = function(*(judge.numbers(judge.evaluate(part)) for part in parts))
        return result

    return made


def _length(judge: Judge, question: Any) -> Floats:
    value = judge.evaluate(question)
    if isinstance(value, Texts):
        lengths: Floats = np.array([*map(len, value.values), 0], dtype=float)[value.codes]
        return lengths
    return np.array([float(len(text)) for text in judge.strings(value)])


def _concat(judge: Judge, *parts: Any) -> Texts:
    return texts_of(
        ["".join(row) for row in zip(*(judge.strings(judge.evaluate(part)) for part in parts), strict=True)]
    )


def _round(numbers: Any, decimals: Any = 0.0) -> Any:
    factor = 10.0 ** np.asarray(decimals)
    return np.floor(numbers * factor + 0.5) / factor


def _date(judge: Judge, part: Any) -> Value:
    value = judge.evaluate(part)
    if isinstance(value, str):
        day = number_of(value)
        if day != day:
            raise Unknowable("date()")
        return float(day)
    return judge.numbers(value)


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "selected": _selected,
    "count-selected": _count_selected,
    "if": _if,
    "coalesce": _coalesce,
    "true": lambda judge: np.ones(judge.rows, dtype=np.int8),
    "false": lambda judge: np.zeros(judge.rows, dtype=np.int8),
    "boolean": lambda judge, part: judge.as_truth(judge.evaluate(part)),
    "number": _numbers(lambda numbers: numbers),
    "int": _numbers(np.trunc),
    "floor": _numbers(np.floor),
    "ceiling": _numbers(np.ceil),
    "abs": _numbers(np.abs),
    "round": _numbers(_round),
    "pow": _numbers(np.power),
    "sqrt": _numbers(np.sqrt),
    "string": lambda judge, part: texts_of(judge.strings(judge.evaluate(part))),
    "string-length": _length,
    "concat": _concat,
    "contains": _on_texts(lambda answer, text: text in answer),
    "starts-with": _on_texts(lambda answer, text: answer.startswith(text)),
    "ends-with": _on_texts(lambda answer, text: answer.endswith(text)),
    "regex": _on_texts(_matches),
    "date": _date,
    "once": lambda judge, part: judge.evaluate(part),
    "min": _numbers(lambda *numbers: np.fmin.reduce(numbers)),
    "max": _numbers(lambda *numbers: np.fmax.reduce(numbers)),
}
