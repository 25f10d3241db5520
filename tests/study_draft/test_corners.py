"""Whose column it is and how surely, options that were not selected, bands of children, comments at their length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveytool import read
from surveytool.checks.raw_survey import RawSurvey
from surveytool.study_draft.design_guess import guesses
from surveytool.study_draft.drafted_recodes import Family, _left, bands, families, several
from surveytool.study_draft.drafted_tables import breakdowns, examples
from surveytool.study_draft.respondent import by_role, respondent_role
from surveytool.study_draft.study_text import Plan, _data, draft
from surveytool.study_draft.toml_text import LONGEST, comment, setting, value
from surveytool.survey import Level, Variable
from surveytool.text import words

EN = words("en")


def raw(**columns: Any) -> RawSurvey:
    return RawSurvey(read(pd.DataFrame(columns)))


def variable(name: str, label: str = "") -> Variable:
    return Variable(name=name, kind="single", label=label, columns=(name,))


@pytest.mark.parametrize(("name", "label", "role", "sure"), [
    ("riagendr", "", "sex", 3.0),  # official
    ("sex", "", "sex", 3.0),  # its name alone: 2, and 1 for saying nothing else
    ("group/sex", "", "sex", 3.0),
    ("q7", "Sex", "sex", 2.5),
    ("q7", "Age in years", "age", 2.5),
    ("sex_resp", "", "sex", 2.5),  # half more for the respondent
    ("sex_hoh", "", "sex", 0.5),  # one and a half less for the head
    ("opinion", "", None, 0),
    ("enumerator_sex", "", None, 0),
    ("age_first_marriage", "", None, 0),
])  # fmt: skip
def test_how_surely_a_column_is_the_respondents(name: str, label: str, role: str | None, sure: float) -> None:
    assert respondent_role(variable(name, label)) == (role, sure)


def test_the_likeliest_column_of_a_role_comes_first() -> None:
    found = by_role(raw(sex_hoh=["F", "M"] * 20, sex=["M", "F"] * 20))
    assert found == {"sex": ["sex", "sex_hoh"]}


def test_roles_that_are_no_breakdowns_and_too_many_groups_are_left_out() -> None:
    frame = {"religion": ["a", "b"] * 30, "sex": ["F", "M"] * 30, "site": [f"s{place % 9}" for place in range(60)],
             "nationality": [f"n{place % 8}" for place in range(60)]}  # fmt: skip
    assert breakdowns(raw(**frame)) == ["sex", "nationality"]


NOT = "Not selected"


@pytest.mark.parametrize(("answers", "left"), [
    (([NOT, "Work"], [NOT, "War"], [NOT, NOT]), NOT),
    (([NOT, "Work"], ["War", "War"], [NOT, NOT]), NOT),  # chosen by everybody
    (([NOT, NOT], [NOT, NOT], [NOT, NOT]), None),  # nobody chose anything: no options
    (([NOT, "Work"], ["War", "Famine"], [NOT, "Other"]), None),  # two answers, none of them "Not selected"
    ((["No", "Work"], ["No", "War"], ["No", "No"]), None),
])  # fmt: skip
def test_columns_that_say_not_selected(answers: tuple[list[str], ...], left: str | None) -> None:
    frame = {f"q1_{place}": pair * 10 for place, pair in enumerate(answers)}
    assert _left(raw(**frame), list(frame)) == left


def test_a_third_answer_is_no_option() -> None:
    frame = {f"q1_{place}": [NOT, "Work", "War"] * 10 for place in range(3)}
    assert _left(raw(**frame), list(frame)) is None


def test_three_columns_of_yes_are_proposed_as_one_question_in_comments() -> None:
    survey = raw(**{f"q1_{name}": ["Yes", "No"] * 10 for name in "abc"})
    (family,) = families(survey)
    assert (family.stem, family.setting, family.value, family.certain) == ("q1", "counted", "Yes", False)
    lines = [line for line in several(survey, EN) if line]
    assert lines[0] == "# These 3 columns look like the options of one question. Give it a label."
    assert all(line.startswith("#") for line in lines)
    assert Family(stem="q", columns=("a",), setting="counted", value=1.0).certain is False
    assert families(raw(q1_a=["Yes", "No"] * 10, q1_b=["Yes", "No"] * 10)) == []


def test_columns_that_are_certain_are_put_together() -> None:
    survey = raw(**{f"q1_{name}": [NOT, name] * 10 for name in "abc"})
    lines = [line for line in several(survey, EN) if line]
    assert lines[1] == "[[recodes]]" and 'not_chosen = "Not selected"' in lines


def labelled(titles: dict[str, str]) -> RawSurvey:
    """Four columns of 0 and 1 whose answers have labels, and whose questions have these."""
    from dataclasses import replace

    from surveytool.survey import Codebook

    frame = {f"q1_{name}": [0.0, 1.0] * 10 for name in "abcd"}
    survey = read(pd.DataFrame(frame), kinds=dict.fromkeys(frame, "single"))  # type: ignore[arg-type]
    levels = (Level(code=0.0, label="No", count=10), Level(code=1.0, label="Yes", count=10))
    book = {name: replace(each, levels=levels, label=titles.get(name, "")) for name, each in survey.codebook.items()}
    return RawSurvey(replace(survey, codebook=Codebook(book)))


@pytest.mark.parametrize(("titles", "proposed"), [({}, False), ({"q1_a": "Work"}, True)])
def test_labels_of_answers_alone_make_no_options(titles: dict[str, str], proposed: bool) -> None:
    assert any("type" in line for line in several(labelled(titles), EN)) is proposed


@pytest.mark.parametrize(("ages", "made"), [
    (list(range(18)), '["0-4", "5-9", "10-14", "15+"]'),
    (list(range(5, 20)), '["5-9", "10-14", "15-17", "18+"]'),
    (list(range(18, 70)), '["18-25", "26-35", "36-45", "46-60", "61+"]'),
    (list(range(12, 27)), '["0-17", "18-25", "26+"]'),
])  # fmt: skip
def test_bands_of_children_and_of_adults(ages: list[int], made: str) -> None:
    lines = list(bands(raw(age=ages * 4), EN))
    assert f"bands = {made}" in lines


@pytest.mark.parametrize("extra", [0, 1])
def test_a_long_comment_is_cut_at_its_length(extra: int) -> None:
    said = comment("x" * (LONGEST + extra))
    assert len(said) == LONGEST + 2
    assert said.endswith("…" if extra else "x")
    assert comment("a\nb\x1b[1m  c") == "# a b [1m c"


@pytest.mark.parametrize(("given", "text"), [
    (True, "true"), (3.0, "3"), (2.0**53, "9007199254740992.0"), (2.0**52, "4503599627370496"), (0.5, "0.5"),
    ({"a b": [1, "x"]}, '{"a b" = [1, "x"]}'), ("é", '"é"'),
])  # fmt: skip
def test_values_as_toml_writes_them(given: object, text: str) -> None:
    assert value(given) == text
    assert setting("k", given) == f"k = {text}"


def test_the_example_of_a_chart_has_one_breakdown() -> None:
    survey = raw(sex=["F", "M"] * 20, nationality=["A", "B", "C", "D"] * 10, plan=["yes", "no", "no", "yes"] * 10)
    lines = list(examples(survey, EN, set()))
    assert '# by = ["sex"]' in lines and '# variable = "plan"' in lines


def test_numbered_columns_of_texts_are_no_replicates() -> None:
    numbers = {f"repwt{place}": [1.0 + place / 10, 2.0, 0.5, 1.5] * 10 for place in range(1, 21)}
    other = {f"item{place}": [1.0 + place / 10, 2.0, 0.5, 1.5] * 10 for place in range(1, 21)}
    texts = {name: [str(each) + "x" for each in column] for name, column in numbers.items()}
    made = [{guess.setting for guess in guesses(raw(**each))} for each in (numbers, texts, other)]
    assert ["replicates" in each for each in made] == [True, False, False]


def test_population_sizes_are_said_to_be_so() -> None:
    at = np.arange(60)
    columns = {"stratum": at // 20 + 1, "psu": at // 4 + 1, "fpc": np.full(60, 900.0), "q": ["a", "b"] * 30}
    found = {each.setting: each for each in guesses(raw(**columns))}
    assert found["fpc"].value == ["fpc"]
    assert EN.say(found["fpc"].why) == "by its name: population sizes or sampling fractions"


def test_codes_of_units_that_come_in_several_strata_are_counted() -> None:
    at = np.arange(80)
    columns = {"stratum": at // 40 + 1, "psu": at % 40 // 8 + 1, "q": ["a", "b"] * 40}
    found = {each.setting: each for each in guesses(raw(**columns))}
    assert EN.say(found["psu"].why) == "5 different codes, 5 of them in several strata: taken as different PSUs"


def test_a_draft_begins_with_how_to_use_it_and_names_its_data(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    pd.DataFrame({"sex": ["F", "M"] * 20}).to_csv(path, index=False)
    plan = Plan(data=path, target=tmp_path / "study.toml")
    text = draft(read(path), plan, EN)
    assert "# Lines that begin with # are explanations or proposals: take the # away to use one." in text
    assert list(_data(plan, EN))[1] == 'path = "data.csv"'
    address = "postgresql://me@host/db::people"
    assert list(_data(Plan(data=path, target=plan.target, address=address), EN))[1] == f'path = "{address}"'
