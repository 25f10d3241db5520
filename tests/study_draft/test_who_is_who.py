"""Whose sex and age, and which columns are no questions: official pairs, enumerators, other candidates."""

from __future__ import annotations

import pandas as pd
import pytest

import surveytool as st
from surveytool.checks.raw_survey import RawSurvey
from surveytool.study_draft.design_guess import guesses
from surveytool.study_draft.drafted_recodes import age_column
from surveytool.study_draft.drafted_tables import breakdowns, main_questions

AGES = [18 + place % 60 for place in range(120)]
TWO = [1 + place % 2 for place in range(120)]


def raw(**columns: list[int]) -> RawSurvey:
    return RawSurvey(st.read(pd.DataFrame(columns)))


@pytest.mark.parametrize("sex, age", [("P207", "P208A"), ("V2007", "V2009"), ("HL4", "HL6"), ("A_SEX", "A_AGE")])
def test_official_pairs_are_the_respondents(sex: str, age: str) -> None:
    found = raw(**{sex: TWO, age: AGES})
    assert breakdowns(found)[0] == sex and age_column(found) == age


def test_a_pair_needs_its_neighbour_and_its_content() -> None:
    assert breakdowns(raw(P207=TWO, other=AGES)) == []
    assert breakdowns(raw(P207=AGES, P208A=TWO)) == []
    assert breakdowns(raw(d3=TWO, d2=AGES)) == []  # numbers of questions


def test_who_asked_is_no_question() -> None:
    found = raw(enum_gender=TWO, enumerator_age=AGES, resp_gender=TWO, trust=TWO)
    assert main_questions(found, set()) == ["resp_gender", "trust"]


@pytest.mark.parametrize("stem, method", [("jkw_", "jk1"), ("bsrw", "bootstrap"), ("PWGTP", "sdr"), ("brrwt", "brr")])
def test_replicates_by_their_names(stem: str, method: str) -> None:
    weights = {f"{stem}{place}": [0.5 + (place * row) % 7 / 3 for row in range(120)] for place in range(1, 13)}
    frame = pd.DataFrame({"sex": TWO, **weights})
    found = {each.setting: each.value for each in guesses(RawSurvey(st.read(frame)))}
    assert found["replicates"]["method"] == method
