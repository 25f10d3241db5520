"""The designs of large surveys under their true names: proposed right, none wrong, and nothing applied by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from invented_designs import DESIGNS, Design, write

import surveytool as st
from surveytool.checks.raw_survey import RawSurvey
from surveytool.study_draft.design_guess import guesses
from surveytool.study_draft.drafted_recodes import age_column
from surveytool.study_draft.drafted_tables import breakdowns


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_a_design_is_proposed_as_its_documents_say(design: Design, tmp_path: Path) -> None:
    survey = st.read(write(design, tmp_path))
    raw = RawSurvey(survey)
    proposed = {each.setting: each.value for each in guesses(raw)}
    found = {part: proposed.get(part) for part in ("weights", "strata")}
    found["psu"] = proposed["psu"][0] if proposed.get("psu") else None
    for part, right in (("weights", design.weights), ("strata", design.strata), ("psu", design.psu)):
        assert (found[part] or "") in (right or ("",)), (part, found[part], right)
    if design.replicates:
        assert proposed["replicates"]["columns"] == [design.replicates]
    assert not survey.design.columns()


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_sex_and_age_are_the_respondent_s(design: Design, tmp_path: Path) -> None:
    raw = RawSurvey(st.read(write(design, tmp_path)))
    by, age = breakdowns(raw), age_column(raw)
    if design.sex:
        assert design.sex in by, by
    if design.age:
        assert age == design.age
    assert not {*by, age} & set(design.nobody), (by, age)


@pytest.mark.parametrize("design", [each for each in DESIGNS if each.non_answers], ids=lambda design: design.name)
def test_labelled_non_answers_are_in_no_number(design: Design, tmp_path: Path) -> None:
    book = st.read(write(design, tmp_path)).codebook
    for name, codes in design.non_answers.items():
        gone = {level.code for level in book[name].levels if level.missing is not None}
        assert book[name].kind == "number"
        assert gone == set(codes), name
