"""Laws of recodes: nobody is lost, counts are those of the answers, missing kinds go through, the frame stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as strategy

import surveytool as st
from surveytool.errors import UnknownVariable, UsageError
from surveytool.recoding import asked, declare, recode, speak
from surveytool.recoding.recode_types import (
    Answered,
    Band,
    Bands,
    Collapse,
    Declared,
    Derived,
    Group,
    MissingCodes,
    Multiple,
)
from surveytool.survey import Survey, Variable

ANSWERS = strategy.sampled_from([1.0, 2.0, 3.0, 8.0, 9.0, None])
PEOPLE = strategy.lists(
    strategy.tuples(ANSWERS, ANSWERS, strategy.integers(0, 90), strategy.sampled_from(["a", "b", "a;c", "", "c;b"])),
    min_size=25, max_size=60,
)  # fmt: skip
REASONS = {8.0: "dont_know", 9.0: "refused"}
KINDS = {"one": "single", "two": "single", "age": "number", "told": "text"}
MISSING = Declared(levels={"1": "1", "2": "2", "3": "3"}, missing={"dont_know": (8,), "refused": (9,)})


def survey_of(people: Sequence[tuple[Any, ...]]) -> Survey:
    """Two questions with missing codes, an age, answers between semicolons."""
    frame = pd.DataFrame(people, columns=["one", "two", "age", "told"])
    frame["told"] = frame["told"].replace("", None)
    read = st.read(frame.astype({"one": float, "two": float, "age": float}), kinds=KINDS)  # type: ignore[arg-type]
    return declare(declare(read, "one", MISSING), "two", MISSING)


def whole(variable: Variable, rows: int) -> None:
    """The counts of a question are those of everybody."""
    valid = sum(level.count for level in variable.valid_levels())
    lost = sum(level.count for level in variable.levels if level.missing is not None)
    assert variable.n + variable.n_missing == rows
    if variable.kind == "single":
        assert valid == variable.n
    assert lost <= variable.n_missing


def counted(survey: Survey, name: str, base: Any = "all") -> dict[str, int]:
    """Respondents by level, as a table of all counts them; levels without respondents left out."""
    made = st.summarize(survey, name, base=base)
    return {row.level or "": row.count or 0 for row in made.rows if row.count}


@settings(max_examples=40, deadline=None)
@given(PEOPLE, strategy.lists(strategy.integers(1, 89), min_size=1, max_size=4, unique=True))
def test_bands_hold_everybody_in_order(people: list[Any], cuts: list[int]) -> None:
    cuts = sorted(cuts)
    bands = [f"<{cuts[0]}", *(f"{low}-{high - 1}" for low, high in pairwise(cuts)), f"{cuts[-1]}+"]
    survey = survey_of(people)
    made = recode(survey, [Bands(name="band", type="bands", source="age", bands=tuple(bands))])
    variable = made.codebook["band"]
    whole(variable, len(people))
    assert [level.label for level in variable.levels] == bands
    ages = [age for _, _, age, _ in people]
    expected = [sum(low <= age < high for age in ages) for low, high in zip([0, *cuts], [*cuts, 91], strict=True)]
    assert [level.count for level in variable.levels] == expected
    assert counted(made, "band") == {label: n for label, n in zip(bands, expected, strict=True) if n}
    assert list(survey.codebook) == [name for name in made.codebook if name != "band"], "what was there stays"


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_collapsing_adds_the_levels_and_keeps_the_reasons(people: list[Any]) -> None:
    survey = survey_of(people)
    groups = (Group(label="low", levels=(1, 2)), Group(label="rest", rest=True))
    made = recode(survey, [Collapse(name="two_groups", type="collapse", source="one", groups=groups)])
    before, after = counted(survey, "one"), counted(made, "two_groups")
    assert after.get("low", 0) == before.get("1", 0) + before.get("2", 0)
    assert after.get("rest", 0) == before.get("3", 0)
    for label in set(before) - {"1", "2", "3"}:
        assert after[label] == before[label], "don't know, refused and blank go through"
    whole(made.codebook["two_groups"], len(people))
    assert {level.missing for level in made.codebook["two_groups"].levels} == {None, "dont_know", "refused"}


@settings(max_examples=40, deadline=None)
@example([(1.0, 1.0, 1.0, "")] * 24 + [(9.0, 8.0, 1.0, "")])  # no row's reason hangs on what other rows have
@given(PEOPLE)
def test_any_all_and_none_are_three_valued(people: list[Any]) -> None:
    survey = survey_of(people)
    parts = (Answered(variable="one", levels=(1,)), "two == 1")
    made = recode(survey, [
        Derived(name="any", type="derived", any=parts), Derived(name="all", type="derived", all=parts),
        Derived(name="none", type="derived", none=parts),
    ])  # fmt: skip
    tables = {name: counted(made, name) for name in ("any", "all", "none")}
    assert tables["any"].get("Yes", 0) == tables["none"].get("No", 0)
    assert tables["any"].get("No", 0) == tables["none"].get("Yes", 0)
    known = {1.0: True, 2.0: False, 3.0: False}
    truths = [(known.get(one), known.get(two)) for one, two, _, _ in people]
    assert tables["any"].get("Yes", 0) == sum(True in pair for pair in truths)
    assert tables["any"].get("No", 0) == sum(pair == (False, False) for pair in truths)
    assert tables["all"].get("No", 0) == sum(False in pair for pair in truths)
    reasons = Counter(_reason(one, two) for one, two, _, _ in people)
    assert made.codebook["any"].n == len(people) - sum(reasons[each] for each in ("dont_know", "refused", "blank"))
    for level in made.codebook["any"].levels:
        if level.missing is not None:
            assert level.count == reasons[level.missing]


def _reason(one: float | None, two: float | None) -> str:
    """Why "any" is unknown: the first question that is missing for a reason."""
    answers = (one, two)
    if 1.0 in answers or all(each in (2.0, 3.0) for each in answers):
        return "known"
    return next((REASONS[each] for each in answers if each in REASONS), "blank")


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_answers_between_separators_are_as_many_as_there_are(people: list[Any]) -> None:
    told = [text.split(";") for *_, text in people if text]
    if not told:
        return
    made = recode(survey_of(people), [Multiple(name="all_told", type="multiple", source="told", separator=";")])
    variable = made.codebook["all_told"]
    assert variable.n == len(told)
    assert {level.label: level.count for level in variable.valid_levels()} == Counter(p for each in told for p in each)
    rows = {row.level: row for row in st.summarize(made, "all_told").rows}
    for label, count in Counter(part for each in told for part in each).items():
        assert rows[label].estimate == pytest.approx(count / len(told))
    again = recode(made, [Multiple(name="again", type="multiple", columns=("all_told/*",))])
    assert [level.count for level in again.codebook["again"].levels] == [
        level.count for level in variable.valid_levels()
    ]
    assert again.codebook["again"].n == len(told)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_who_was_asked_is_told_from_who_did_not_answer(people: list[Any]) -> None:
    survey = declare(survey_of(people), "two", Declared(asked_when="age >= 18"))
    made = asked(survey, "two")
    adults = [two for _, two, age, _ in people if age >= 18]
    variable = made.codebook["two"]
    levels = {level.missing: level.count for level in variable.levels if level.missing is not None}
    blank_children = sum(two is None for _, two, age, _ in people if age < 18)
    assert levels.get("not_asked", 0) == blank_children
    assert levels.get("not_answered", 0) == sum(two is None for two in adults)
    whole(variable, len(people))
    base = sum(counted(made, "two", "asked").values())
    assert base == len(people) - blank_children, "everybody but those who were not asked"
    assert variable.n == survey.codebook["two"].n
    bands = (Group(label="x", levels=(1, 2, 3)),)
    carried = recode(made, [Collapse(name="x", type="collapse", source="two", groups=bands)])
    assert {each.missing: each.count for each in carried.codebook["x"].levels if each.missing} == levels
    assert sum(counted(carried, "x", "asked").values()) == base
    strays = sum(two is not None and two < 8 for _, two, age, _ in people if age < 18)
    told = [dict(each.values)["n"] for each in made.notes if each.code == "recode_answered_unasked"]
    assert told == ([strays] if strays else [])


def test_several_answers_without_a_parent_get_their_base() -> None:
    frame = pd.DataFrame({"used": [1, 0, 1, 0, 1, 0], "q_a": [1, 0, 0, 0, 1, 0], "q_b": [0, 0, 1, 0, 1, 1]})
    read = st.read(pd.concat([frame] * 5, ignore_index=True))
    made = recode(read, [Multiple(name="q", type="multiple", columns=("q_*",))])
    assert made.codebook["q"].n == 30
    several = asked(declare(made, "q", Declared(asked_when="used == 1")), "q").codebook["q"]
    assert (several.n, several.n_missing) == (20, 10), "0 where nobody asked is no answer; the stray answer is one"
    assert [(level.missing, level.count) for level in several.levels if level.missing] == [("not_asked", 10)]


def test_an_option_that_says_chosen_by_its_own_name() -> None:
    """As SurveyMonkey writes them: a column holds its option or "Not selected"; a missing code is neither."""
    options = {"q_1": ["Radio", "No radio", "Refused", None], "q_2": ["No radio", "TV", "Refused", None],
               "q_3": ["No radio", "No radio", "Refused", None]}  # fmt: skip
    read = st.read(pd.DataFrame({name: values * 5 for name, values in options.items()}))
    for name in options:
        read = declare(read, name, Declared(missing={"refused": ("Refused",)}))
    made = recode(read, [Multiple(name="q", type="multiple", columns=("q_*",), not_chosen="No radio")])
    told = made.codebook["q"]
    assert [(each.label, each.count) for each in told.valid_levels()] == [("Radio", 5), ("TV", 5), ("q_3", 0)]
    assert (told.n, told.n_missing) == (10, 10)
    assert [(each.missing, each.count) for each in told.levels if each.missing] == [("refused", 5)]
    same = pd.DataFrame({name: ["Yes", "No", "Yes"] * 5 for name in ("q_a", "q_b")})
    alike = recode(st.read(same), [Multiple(name="q", type="multiple", columns=("q_*",), not_chosen="No")])
    assert [each.label for each in alike.codebook["q"].valid_levels()] == ["q_a", "q_b"], "Yes names no option"
    with pytest.raises(UsageError, match="anything but 'Yes'"):
        recode(st.read(pd.DataFrame({"q_a": ["Yes"] * 9})), [
            Multiple(name="q", type="multiple", columns=("q_a",), not_chosen="Yes")])  # fmt: skip


def test_labels_speak_and_every_name_finds_its_level() -> None:
    survey = survey_of([(1.0, 2.0, 30, "a"), (2.0, 1.0, 40, "b")] * 20)
    levels = {"1": {"en": "Male", "es": "Hombre"}, "2": {"en": "Female", "es": "Mujer"}}
    made = declare(survey, "one", Declared(label={"en": "Sex", "es": "Sexo"}, levels=levels, order=("Female", 1)))
    assert [level.label for level in made.codebook["one"].valid_levels()] == ["Female", "Male", "3"]
    spoken = speak(made, "es")
    assert [level.label for level in spoken.codebook["one"].valid_levels()] == ["Mujer", "Hombre", "3"]
    assert spoken.codebook["one"].label == "Sexo"
    for name in ("Male", "Hombre", "1"):
        (row,) = st.summarize(spoken, "age", where=f"one == '{name}'").rows
        assert row.estimate == 30
    assert speak(speak(made, "es"), "en").codebook == speak(made, "en").codebook
    assert speak(made, "fr").codebook["one"].label == "Sex"


def test_missing_codes_of_many_variables() -> None:
    survey = st.read(pd.DataFrame({"q1": [1, 2, 9] * 10, "q2": [1, 9, 9] * 10, "z": [9, 1, 2] * 10}))
    made = recode(survey, [MissingCodes(type="missing", variables=("q*",), missing={"refused": (9,)})])
    assert [made.codebook[name].n for name in ("q1", "q2", "z")] == [20, 10, 30]
    assert [level.label for level in made.codebook["q1"].levels] == ["1", "2", "refused"], "9 had no name of its own"
    assert [row.n for row in st.summarize(made, ["q1", "q2"]).rows][::2] == [20, 10]


def collapse(source: str, *groups: Group) -> Collapse:
    """A collapse named c."""
    return Collapse(name="c", type="collapse", source=source, groups=groups)


@pytest.mark.parametrize(
    ("wanted", "where", "message"),
    [
        (Bands(name="b", type="bands", source="age", bands=("18-25", "25-30")), "bands", "overlap"),
        (Bands(name="b", type="bands", source="age", bands=("18-25", "27+")), "bands", "gap between"),
        (Bands(name="b", type="bands", source="age", bands=("18-25", "26+", "26+")), "bands", "overlap"),
        (Bands(name="b", type="bands", source="age", bands=("25-18",)), "bands", "ends before it begins"),
        (Bands(name="b", type="bands", source="age", bands=("young",)), "bands", "'young' is no band"),
        (Bands(name="b", type="bands", source="age", bands=(Band(high=2, below=3),)), "bands", "both to and below"),
        (Bands(name="b", type="bands", source="age", bands=(Band(),)), "bands", "neither from nor to"),
        (Bands(name="b", type="bands", source="one", bands=("1-2.2", "2.5-9")), "bands", "gap between"),
        (Bands(name="b", type="bands", source="told", bands=("1+",)), "", "text or dates"),
        (collapse("one", Group(label="x", levels=(1,))), "groups", "no group has the levels '2', '3' of one"),
        (collapse("one", Group(label="x", levels=(7,), rest=True)), "groups", "one has no answer '7'"),
        (collapse("one", Group(label="x", rest=True), Group(label="y", rest=True)), "groups", "groups take the rest"),
        (collapse("one", Group(label="x", levels=(1,)), Group(label="x", rest=True)), "groups", "groups are called"),
        (collapse("age", Group(label="x", rest=True)), "from", "no levels"),
        (Multiple(name="m", type="multiple"), "", "needs columns, or from"),
        (Multiple(name="m", type="multiple", columns=("one", "two"), counted=7), "counted", "holds 7"),
        (Derived(name="d", type="derived", any=("one == 1",), all=("two == 1",)), "", "has any and all"),
        (Derived(name="one", type="derived", any=("one == 1",)), "name", "have a variable 'one' already"),
        (MissingCodes(type="missing", variables=("one",), missing={"refused": (1,), "user": (1,)}), "missing",
         "missing for two reasons"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error_of_its_setting(wanted: Any, where: str, message: str) -> None:
    survey = survey_of([(1.0, 2.0, 30, "a"), (2.0, 1.0, 40, "b"), (3.0, 1.0, 20, "c")] * 10)
    with pytest.raises(UsageError, match=message) as caught:
        recode(survey, [wanted])
    assert caught.value.where == where


def test_a_value_between_two_bands_is_an_error_and_below_its_cure() -> None:
    survey = st.read(pd.DataFrame({"age": [18.0, 25.5, 30.0] * 10}))
    with pytest.raises(UsageError, match="10 values of age lie between two bands"):
        recode(survey, [Bands(name="b", type="bands", source="age", bands=("18-25", "26+"))])
    bands = (Band(low=18, below=26, label="young"), Band(low=26))
    made = recode(survey, [Bands(name="b", type="bands", source="age", bands=bands)])
    assert [(level.label, level.count) for level in made.codebook["b"].levels] == [("young", 20), ("26+", 10)]
    kept = recode(survey, [Bands(name="b", type="bands", source="age", bands=("20-40",), labels={"20-40": "x"})])
    assert kept.codebook["b"].n == 20 and [each.code for each in kept.notes if "bands" in each.code]


def test_an_unknown_name_has_near_names() -> None:
    survey = survey_of([(1.0, 2.0, 30, "a")] * 20)
    for wanted in (
        Bands(name="b", type="bands", source="agee", bands=("1+",)),
        Derived(name="b", type="derived", any=("agee == 1",)),
        Multiple(name="b", type="multiple", columns=("agee",)),
        MissingCodes(type="missing", variables=("agee",), missing={"user": (1,)}),
    ):
        with pytest.raises(UnknownVariable) as caught:
            recode(survey, [wanted])
        assert caught.value.near == ["age"]
