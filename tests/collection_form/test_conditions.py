"""XPath as collection tools have it: blanks, words, numbers, what nobody can know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from surveytool.collection_form.condition_functions import judge_of
from surveytool.collection_form.condition_values import Options, Unknowable, texts_of
from surveytool.collection_form.conditions import parse, references
from surveytool.errors import UsageError

ANSWERS: dict[str, Any] = {
    "q": texts_of(["yes", "no", "", "dont_know"]),
    "age": np.array([17.0, 18.0, np.nan, 60.0]),
    "code": texts_of(["7.5", "75", "", "7"]),
    "day": texts_of(["2021-07-12", "2020-01-01", "", "2021-07-13"]),
    "apps": Options(
        chosen=np.array([[True, False], [True, True], [False, False], [False, True]]), codes=("sms", "sms_calls"),
        answered=np.array([True, True, False, True]),
    ),
}  # fmt: skip


def answers(name: str) -> Any:
    if name not in ANSWERS:
        raise Unknowable(name)
    return ANSWERS[name]


CASES = {
    "${q} = 'yes'": [1, 0, 0, 0],
    "${q} != 'yes'": [0, 1, 1, 1],  # a blank is '' and not yes
    "not(${q} = 'yes')": [0, 1, 1, 1],
    "${q} = ''": [0, 0, 1, 0],
    "${q}": [1, 1, 0, 1],
    "selected(${q}, 'dont')": [0, 0, 0, 0],  # a word, never a part of one
    "${age} >= 18": [0, 1, 0, 1],
    "not(${age} >= 18)": [1, 0, 1, 0],
    "${age} != 18": [1, 0, 1, 1],
    "${age} < 18 or ${age} >= 60": [1, 0, 0, 1],
    "${age} + 1 = 19": [0, 1, 0, 0],
    "${age} mod 2 = 0 and ${age} div 2 > 9": [0, 0, 0, 1],
    "${age} = '18'": [0, 1, 0, 0],
    "selected(${code}, '7.5')": [1, 0, 0, 0],
    "selected(${code}, 75)": [0, 1, 0, 0],
    "selected(${apps}, 'sms')": [1, 1, 0, 0],
    "not(selected(${apps}, 'sms'))": [0, 0, 1, 1],
    "${apps} = 'sms'": [1, 0, 0, 0],
    "${apps} != ''": [1, 1, 0, 1],
    "count-selected(${apps}) > 1": [0, 1, 0, 0],
    "count-selected(${apps}) = 0": [0, 0, 1, 0],
    "if(${q} = 'yes', 1, 0) = 1": [1, 0, 0, 0],
    "coalesce(${q}, 'none') = 'none'": [0, 0, 1, 0],
    "string-length(${q}) = 2": [0, 1, 0, 0],
    "regex(${q}, '^(yes|no)$')": [1, 1, 0, 0],
    "${day} > date('2021-01-01')": [1, 0, 0, 1],
    "contains(${q}, 'know')": [0, 0, 0, 1],
    "true() and not(false())": [1, 1, 1, 1],
    "${missing} = 1": [-1, -1, -1, -1],
    "${missing} = 1 and ${q} = 'yes'": [-1, 0, 0, 0],
    "${missing} = 1 or ${q} = 'yes'": [1, -1, -1, -1],
    "pulldata('a', 'b', 'c', ${q}) = 'x' or ${age} > 20": [-1, -1, -1, 1],
    "today() > ${day}": [-1, -1, -1, -1],
    "position(..) = 1": [-1, -1, -1, -1],
    "${q} = ‘yes’": [1, 0, 0, 0],
    "round(${age} div 10) = 2": [1, 1, 0, 0],
}


@pytest.mark.parametrize("text", CASES)
def test_a_condition_is_judged_as_the_collection_tool_does(text: str) -> None:
    assert judge_of(4, answers).truth(text).tolist() == CASES[text]


def test_a_constraint_is_about_its_own_question() -> None:
    assert judge_of(4, answers, "age").truth(". >= 18 and . <= 50").tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("text", ["${q} =", "selected(${q}, 'a'", "${q} == 'yes'", "q ! = 1", "(" * 300, "x" * 30_000])
def test_what_is_no_condition_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_references_are_named_in_their_order() -> None:
    assert list(references("${a} = 1 and selected(${ b.c }, 'x') or ${last-saved#d}")) == ["a", "b.c"]


def test_the_functions_of_forms_do_not_change_the_parser_for_others() -> None:
    from elementpath import XPath1Parser

    parse("position(..) = 1")
    assert XPath1Parser().parse("position()").symbol == "position"
