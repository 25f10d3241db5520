"""Rare answers are put together before anything is counted, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control.protected_codebook import protected_codebook
from surveytool.reading import read
from surveytool.recoding import Route, add_route, recode
from surveytool.recoding.recode_types import Multiple
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate

RULES = Protection(active=True, cell=5, base=10, dominance=1.0)


def levels(survey: Survey, name: str, **more: Any) -> dict[str | None, int | None]:
    made = tabulate(survey, [Request(variable=name, **more)])
    return {row.level: row.count for row in made.estimates[0].rows if not row.by}


def countries(**more: Any) -> Survey:
    return read(pa.table({"nat": ["CO"] * 40 + ["VE"] * 30 + ["ER"] * 3 + ["ET"] * 4, **more}))


def test_rare_answers_are_one_answer_without_a_name() -> None:
    assert levels(guard(countries(), RULES), "nat") == {"CO": 40, "VE": 30, "Other answers": 7}


@pytest.mark.parametrize(("language", "name"), [("es", "Otras respuestas"), ("fr", "Autres réponses")])
def test_they_are_named_in_the_language_of_the_reader(language: str, name: str) -> None:
    assert name in levels(guard(countries(), RULES, language=language), "nat")


def test_groups_of_a_breakdown_are_put_together_as_well() -> None:
    made = tabulate(guard(countries(q=["a", "b"] * 38 + ["a"]), RULES), [Request(variable="q", by=(("nat",),))])
    assert {row.by.get("nat") for row in made.estimates[0].rows} == {None, "CO", "VE", "Other answers"}


@pytest.mark.parametrize("values", [
    ["yes"] * 3 + ["no"] * 70,  # the questionnaire names both
    ["1"] * 3 + ["2"] * 50 + ["3"] * 20,  # numbers are no names
    ["a"] * 5 + ["b"] * 30 + ["c"] * 30,  # five are enough
])  # fmt: skip
def test_other_questions_stay_as_they_are(values: list[str]) -> None:
    made = guard(read(pa.table({"q": values})), RULES).codebook["q"]
    assert {level.label for level in made.levels} == set(values)


def test_options_of_several_answers_are_put_together_and_a_person_counts_once() -> None:
    rows = ["a b"] * 40 + ["b"] * 20 + ["c d"] * 2 + ["c"] * 2 + ["d"] * 2
    frame = {f"q/{x}": [float(x in row.split()) for row in rows] for x in "abcd"}
    plain = recode(read(pa.table(frame)), [Multiple(name="q", type="multiple", columns=("q/*",))])
    survey = guard(plain, RULES)
    assert survey.codebook["q"].kind == "multiple"
    assert levels(survey, "q") == {"q/a": 40, "q/b": 60, "Other answers": 6}
    assert "q/c" not in survey.codebook and "q/a" in survey.codebook


def test_a_route_is_counted_from_the_columns_of_the_file() -> None:
    """Panama is rare as a second stop and common as a first: both are counted."""
    first = ["PA"] * 40 + ["CR"] * 30 + ["CO"] * 10
    second = [None] * 40 + ["EC"] * 36 + ["PA"] * 4
    columns = {"o": ["VE"] * 80, "r1": first, "r2": second, "d": ["US"] * 40 + ["MX"] * 40}
    plain = add_route(
        read(pa.table(columns)), Route(name="j", origin="o", stops=("r1", "r2"), destination="d", intended=True)
    )
    asked = levels(plain, "j.stops")
    assert asked["Panama"] == 44
    assert levels(guard(plain, RULES), "j.stops") == asked


def test_a_codebook_names_no_rare_answer_and_the_columns_of_the_file() -> None:
    made = protected_codebook(guard(countries(), RULES)).codebook["nat"]
    assert [level.label for level in made.levels] == ["CO", "VE", "Other answers"]
    assert made.columns == ("nat",)
