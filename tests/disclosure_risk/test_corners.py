"""Which columns count, what a change does to blanks, and what is printed where: edges with answers by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveytool import Design, read
from surveytool.disclosure_risk import assess
from surveytool.disclosure_risk.quasi import combined, quasi_of, role_of, without_followers
from surveytool.disclosure_risk.risk_measures import Quasi
from surveytool.disclosure_risk.risk_table import render_risk
from surveytool.errors import UsageError
from surveytool.text import words


def survey(weights: Any = None, **columns: Any) -> Any:
    data = {**columns, **({"w": weights} if weights is not None else {})}
    return read(pd.DataFrame(data), design=Design(weights="w") if weights is not None else Design())


SEX = ["F", "M"] * 20
SITE = ["A", "B", "C", "D"] * 10


@pytest.mark.parametrize(("weights", "fraction"), [
    ([0.5] * 20 + [3.5] * 20, 0.5),  # 40 of 80 people; a weight below 1 is a weight
    ([0.0] * 20 + [4.0] * 20, 0.5),
    ([1.5] * 40, 40 / 60),
    ([1.4] * 40, None),  # too near n to count people
    ([-1.0] + [4.0] * 39, None),
])  # fmt: skip
def test_the_sampling_fraction_is_n_over_the_people(weights: list[float], fraction: float | None) -> None:
    assert assess(survey(weights, sex=SEX, site=SITE)).fraction == pytest.approx(fraction)


def test_one_variable_is_enough_and_twelve_are_the_most() -> None:
    alone = assess(survey(sex=[*SEX, "X"]), ["sex"])
    assert (alone.classes.unique, alone.classes.smallest, alone.suda) == (1, 1, None)
    many = {f"q{place}": ["a", "b"] * 20 for place in range(13)}
    assert len(assess(survey(**{k: v for k, v in many.items() if k != "q12"}), [*many][:12]).names) > 0
    with pytest.raises(UsageError, match="more than 12 variables are named"):
        assess(survey(**many), [*many])


@pytest.mark.parametrize(("k", "fraction", "words"), [
    (1, None, "1 is too small"), (3, 0.0, "0 is no share"), (3, 1.01, "1.01 is no share"),
])  # fmt: skip
def test_numbers_that_make_no_sense(k: int, fraction: float | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        assess(survey(sex=SEX, site=SITE), k=k, fraction=fraction)


def test_two_is_the_smallest_class_size_and_one_the_largest_fraction() -> None:
    risk = assess(survey(sex=SEX, site=SITE), k=2, fraction=1.0)
    assert (risk.classes.k, risk.fraction) == (2, 1.0)


def test_blanks_stay_apart_when_amounts_are_banded() -> None:
    """Incomes of five million: a blank is no band of them, so nobody joins those without an answer."""
    income = [*(5_000_000.0 + np.arange(40) * 5), None, None]
    site = ["A"] * 42
    risk = assess(survey(income=income, site=site), ["income", "site"])
    bands = {each.detail: each for each in risk.candidates if each.change == "bands"}
    assert set(bands) == {5, 10, 20}
    assert bands[5].unique == 40 and bands[5].below == 42  # each alone, and two blanks are fewer than three
    assert bands[10].unique == 0 and bands[10].below == 42
    assert bands[20].below == 2  # fours, and the two blanks


def test_wide_amounts_and_codes_are_not_banded() -> None:
    wide = assess(survey(income=[float(each) for each in range(0, 40 * 26, 26)], site=SITE), ["income", "site"])
    assert "bands" not in {each.change for each in wide.candidates}
    narrow = assess(survey(income=[float(each) for each in range(0, 1001, 25)], site=[*SITE, "A"]), ["income", "site"])
    assert "bands" in {each.change for each in narrow.candidates}


def test_itineraries_are_cut_to_stops() -> None:
    """Five ways of three stops: their first stops, their ends, their lengths, counted by hand."""
    ways = (
        [("A", "B", "C")] * 4
        + [("A", "D", "C")] * 3
        + [("A", "B", None)] * 3
        + [("E", None, None)] * 1
        + [("F", "B", "C")] * 2
    )
    one, two, three = (list(column) for column in zip(*ways, strict=True))
    risk = assess(read(pd.DataFrame({"route_1": one, "route_2": two, "route_3": three})))
    assert risk.names == ("route_1 … route_3",) and risk.classes.unique == 1 and risk.classes.below == 3
    cut = {each.change: each for each in risk.candidates}
    assert (cut["first"].unique, cut["first"].below) == (1, 3)  # A 10, E 1, F 2
    assert (cut["ends"].unique, cut["ends"].below) == (1, 3)  # AC 7, AB 3, E alone, FC 2
    assert (cut["length"].unique, cut["length"].below) == (1, 1)  # three 9, two 3, one 1


@pytest.mark.parametrize(("name", "label", "role"), [
    ("q7", "Age", "age"), ("q7", "How old are you now today", None), ("opinion", "", None), ("sex", "", "sex"),
    ("reason_site", "", None), ("CountryOfBirth", "", "origin"),
])  # fmt: skip
def test_what_a_name_or_a_short_label_tells(name: str, label: str, role: str | None) -> None:
    assert role_of(name, label) == role


def test_a_named_variable_without_a_role_counts_too() -> None:
    risk = assess(survey(opinion=SEX, sex=SITE), ["opinion", "sex"])
    assert risk.names == ("opinion", "sex") and not risk.follows


def keyed(name: str, role: Any, keys: list[int]) -> Quasi:
    return Quasi(name=name, role=role, columns=(name,), keys=np.array(keys, dtype=np.int64))


def test_what_follows_from_another_of_its_role_adds_nothing() -> None:
    fine = keyed("age", "age", [0, 1, 2, 0, 1, 2, 0, 1, 2])
    coarse = keyed("age_group", "age", [0, 0, 1, 0, 0, 1, 0, 0, 1])
    other = keyed("sex", "sex", [0, 0, 1, 0, 0, 1, 0, 0, 1])
    kept, follows = without_followers([coarse, fine, other])
    assert [each.name for each in kept] == ["age", "sex"] and follows == [("age_group", "age")]
    unique = keyed("id", "age", list(range(9)))  # nearly unique values determine nothing
    assert without_followers([coarse, unique])[1] == []


def test_classes_are_the_combinations_that_occur() -> None:
    one, two = keyed("a", "other", [0, 0, 1, 1, 2]), keyed("b", "other", [0, 1, 0, 1, 0])
    assert sorted(combined([one, two]).tolist()) == [0, 1, 2, 3, 4]
    assert combined([one, one]).tolist() == [0, 0, 1, 1, 2]
    assert combined([]).tolist() == []


def test_the_terminal_is_without_colour_unless_asked() -> None:
    risk = assess(survey(sex=[*SEX, "X"], site=[*SITE, "A"]))
    plain = render_risk(risk, "terminal", words("en")).decode()
    assert "\x1b" not in plain
    assert "The variables were proposed by their names; choose others with --risk-on." in plain
    assert "In classes smaller than 3" in plain


def test_csv_starts_with_the_file_as_it_is() -> None:
    risk = assess(survey(sex=[*SEX, "X"], site=[*SITE, "A"]))
    lines = render_risk(risk, "csv", words("en")).decode().splitlines()
    assert lines[0] == "step,name,change,detail,unique,below,rows,kept"
    assert lines[1] == f"0,,none,,{risk.classes.unique},{risk.classes.below},41,1.0"


def test_a_mean_risk_is_the_mean_of_one_over_the_class() -> None:
    """Ten pairs and a respondent alone: (10 * 2 * 1/2 + 1) / 21; expected right matches are 11.0."""
    site = [f"S{place // 2}" for place in range(20)] + ["alone"]
    risk = assess(survey(site=site), ["site"])
    assert risk.classes.mean == pytest.approx(11 / 21)
    plain = render_risk(risk, "terminal", words("en")).decode()
    assert "11.0" in plain and "52.4%" in plain


def test_names_that_follow_and_population_matches_are_said() -> None:
    data = {"age": [20, 31, 42, 53] * 10, "age_group": ["a", "b", "b", "c"] * 10, "sex": SEX}
    plain = render_risk(assess(survey([3.0] * 40, **data)), "terminal", words("en")).decode()
    assert "age_group follows from age and adds nothing." in plain
    assert "Right matches expected in the population" in plain


def test_columns_of_one_question_are_one_name() -> None:
    raw = _raw(a=["x", "y"], b=["x", "x"])
    keys = quasi_of(raw, "both", "route", ["a", "b"]).keys
    assert len(set(keys.tolist())) == 2 and len(set(quasi_of(raw, "b", "route", ["b"]).keys.tolist())) == 1


@pytest.mark.parametrize(("name", "banded"), [("income", True), ("weight", False), ("age", True)])
def test_columns_of_a_design_are_codes_and_no_amounts(name: str, banded: bool) -> None:
    risk = assess(survey(**{name: [float(each) for each in range(20, 60)]}, site=SITE), [name, "site"])
    assert ("bands" in {each.change for each in risk.candidates}) is banded


def _raw(**columns: Any) -> Any:
    from surveytool.checks.raw_survey import RawSurvey

    return RawSurvey(read(pd.DataFrame(columns)))


def test_what_another_role_determines_is_no_follower() -> None:
    """Every age has one sex here; who knows the age need not know the sex."""
    ages = [20, 31, 42, 53] * 10
    risk = assess(survey(age=ages, sex=["F", "M", "F", "M"] * 10), ["age", "sex"])
    assert risk.names == ("age", "sex") and not risk.follows
