"""Edges of bands, weights of places, divisions by nothing, countries, and the cures of what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.recoding import recode
from surveytool.recoding.country import alpha_3, coded, label, named, reader
from surveytool.recoding.flow import LEAST_SHARE, MOST_PLACES, Stage, _few
from surveytool.recoding.path import NOTHING, UNKNOWN, compact
from surveytool.recoding.recode_types import (
    Band,
    Bands,
    Collapse,
    CountOf,
    Derived,
    Group,
    MissingCodes,
    Multiple,
    Score,
)  # fmt: skip
from surveytool.text import words

EN = words("en")


def survey(**columns: Any) -> st.Survey:
    kinds = {name: "number" for name in columns if name.startswith("n_")}
    return st.read(pa.table(columns), kinds=kinds)  # type: ignore[arg-type]


def made(source: st.Survey, *wanted: Any) -> list[Any]:
    done = recode(source, list(wanted))
    return list(done.frame.column(wanted[-1].name).to_pylist())


def told(source: st.Survey, *wanted: Any) -> dict[str, dict[str, Any]]:
    return {each.code: dict(each.values) for each in recode(source, list(wanted)).notes}


AGES = survey(n_age=[17.0, 17.9, 18.0, 25.0, 26.0, None])


@pytest.mark.parametrize(("bands", "codes"), [
    (("<18",), ["<18", "<18", None, None, None, None]),
    (("<18", "18-25", "26+"), ["<18", "<18", "18-25", "18-25", "26+", None]),
    ((Band(low=17.0, below=18.0), Band(low=18.0, high=25.0)), ["17-18", "17-18", "18-25", "18-25", None, None]),
    ((Band(high=17.9),), ["≤17.9", "≤17.9", None, None, None, None]),
    ((Band(below=17.9),), ["<17.9", None, None, None, None, None]),
    ((Band(low=25.0),), [None, None, None, "25+", "25+", None]),
])  # fmt: skip
def test_a_band_holds_its_ends_or_not(bands: tuple[Any, ...], codes: list[str | None]) -> None:
    wanted = Bands(name="b", type="bands", source="n_age", bands=bands)
    assert [None if code in (None, ".outside") else code for code in made(AGES, wanted)] == codes
    lost = sum(code is None for code in codes) - 1
    notes = told(AGES, wanted)
    assert notes.get("recode_outside_bands", {}).get("n", 0) == lost


def test_a_value_between_bands_is_refused_with_its_cure() -> None:
    with pytest.raises(UsageError) as refused:
        made(survey(n_age=[17.0, 25.5, 26.0]), Bands(name="b", type="bands", source="n_age", bands=("18-25", "26+")))
    assert "1 values of n_age lie between two bands." in str(refused.value)
    assert refused.value.cure == "Give bands of numbers with decimals as {from = 18, below = 26}."


def score(**given: Any) -> Score:
    return Score(name="score", type="score", **given)


@pytest.mark.parametrize(("missing", "n", "values"), [
    ("refuse", 1, [2.0, None, None, None, None]), ("zero", 2, [2.0, None, 0.0, None, None]),
])  # fmt: skip
def test_a_division_by_nothing_is_counted_where_a_score_was_possible(
    missing: str, n: int, values: list[float | None]
) -> None:
    """Below 0; above missing and below 3; above 1 and below missing, which counts as 0; both missing."""
    source = survey(n_a=[4.0, 1.0, None, 1.0, None], n_b=[2.0, 0.0, 3.0, None, None])
    wanted = score(ratio=("n_a", "n_b"), missing=missing)
    assert made(source, wanted) == values
    assert told(source, wanted)["score_division"]["n"] == n


@pytest.mark.parametrize(("formula", "values"), [
    ({"max": ("n_a", "n_b", "n_c")}, [4.0, 9.0]), ({"min": ("n_a", "n_b", "n_c")}, [1.0, -3.0]),
])  # fmt: skip
def test_extremes_are_taken_respondent_by_respondent(formula: Any, values: list[float]) -> None:
    assert made(survey(n_a=[1.0, 9.0], n_b=[4.0, -3.0], n_c=[2.0, 0.0]), score(**formula)) == values


def test_numbers_that_count_among_texts_and_among_codes() -> None:
    texts = survey(q=["1", "2", "1", None], r=["2", "2", "1", "1"])
    assert made(texts, score(count=CountOf(of=("q", "r"), when=1))) == [1.0, 0.0, 2.0, None]
    with pytest.raises(UsageError) as refused:
        made(survey(n_a=[1.0, 2.0]), score(count=CountOf(of=("n_a",), when="often")))
    assert "n_a is a number." in str(refused.value)
    assert refused.value.cure == "Write when = 1, or when = '>= 2'."
    never = told(survey(n_a=[1.0, 2.0]), score(count=CountOf(of=("n_a",), when=(7, 8))))
    assert list(never["score_never"]["answers"]) == ["7", "8"]


@pytest.mark.parametrize(("kind", "values"), [
    ("any", ["yes", "yes", "yes", "no", None, None]), ("all", ["yes", "no", None, "no", None, "no"]),
    ("none", ["no", "no", "no", "yes", None, None]),
])  # fmt: skip
def test_parts_of_yes_and_no(kind: str, values: list[str | None]) -> None:
    source = survey(n_a=[1.0, 1.0, 1.0, 0.0, None, None], n_b=[1.0, 0.0, None, 0.0, None, 0.0])
    wanted = Derived(**{"name": "d", "type": "derived", kind: ("n_a == 1", "n_b == 1")})  # type: ignore[arg-type]
    assert made(source, wanted) == values


def test_stops_are_closed_up_to_the_last() -> None:
    stops = np.array([[0, -1, 2, -1], [-1, -1, -1, -1], [3, 1, -1, -1], [-1, 5, -1, -1]], dtype=np.int32)
    closed, gaps = compact(stops)
    assert gaps == 2 and closed.tolist() == [
        [0, UNKNOWN, 2], [NOTHING, NOTHING, NOTHING], [3, 1, NOTHING], [UNKNOWN, 5, NOTHING],
    ]  # fmt: skip


def stage(codes: list[int], many: int) -> Stage:
    places = tuple((f"p{place}", f"Place {place}") for place in range(many))
    return Stage(title="t", codes=np.array(codes, dtype=np.int32), places=places)


def test_places_come_by_weight_and_light_respondents_count() -> None:
    codes = [0, 1, 1, 2, -1]
    found = _few(stage(codes, 4), np.array([0.9, 0.5, 0.2, 0.1, 5.0]), EN)
    assert [code for code, _ in found.places] == ["p0", "p1", "p2"] and found.codes.tolist() == [0, 1, 1, 2, NOTHING]
    silent = _few(stage(codes, 4), np.array([0.9, 0.5, 0.2, 0.0, 5.0]), EN)
    assert [code for code, _ in silent.places] == ["p0", "p1"] and silent.codes.tolist() == [0, 1, 1, NOTHING, NOTHING]


@pytest.mark.parametrize(("many", "kept"), [(7, 7), (8, 8), (9, 7), (12, 7)])
def test_eight_places_stand_alone_and_of_nine_two_are_others(many: int, kept: int) -> None:
    assert (MOST_PLACES, LEAST_SHARE) == (7, 0.01)
    found = _few(stage(list(range(many)), many), np.arange(many, 0, -1.0), EN)
    others = [code for code, _ in found.places if code == "other"]
    assert len(found.places) - len(others) == kept and bool(others) == (many > kept)


def test_places_of_less_than_a_hundredth_are_put_together() -> None:
    found = _few(stage([0, 1, 2, 3], 4), np.array([98.0, 1.02, 0.49, 0.49]), EN)
    assert [code for code, _ in found.places] == ["p0", "p1", "other"] and found.codes.tolist() == [0, 1, 2, 2]


@pytest.mark.parametrize(("texts", "read"), [
    (["MX", "GT", "HN"], ["MX", "GT", "HN"]), (["MEX", "gtm"], ["MX", "GT"]), (["484", "320"], ["MX", "GT"]),
    (["1", "2"], [None, None]), (["MX", "ZZ"], [None, None]), (["Mexico", "Guatemala"], ["MX", "GT"]),
    (["MX", "GT", "HN", "SV", "NI", "CR", "PA", "CO", "EC", "ZZ"],
    ["MX", "GT", "HN", "SV", "NI", "CR", "PA", "CO", "EC", None]),
])  # fmt: skip
def test_codes_are_countries_where_nearly_all_are(texts: list[str], read: list[str | None]) -> None:
    one = reader(texts)
    assert [one(text) for text in texts] == read


def test_names_and_codes_of_countries() -> None:
    assert label("MX", "es") == "México" and label("MX", "zz") == "Mexico" and label("QQ", "en") == "QQ"
    assert (alpha_3("MX"), coded("4"), coded("mex"), named("méxico")) == ("MEX", "AF", "MX", "MX")


def test_what_is_refused_has_a_cure() -> None:
    source = survey(n_age=[1.0, 2.0, 3.0], q=["a", "b", "a"])
    for wanted, words_, cure in (
        (Collapse(name="c", type="collapse", source="n_age", groups=(Group(label="x", rest=True),)),
         "n_age has no levels to put into groups.", "Make bands of it first."),
        (MissingCodes(type="missing", variables=("n_age",), missing={"refused": ("never",)}),
         "n_age has no answer 'never'.", "Write its code."),
    ):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            recode(source, [wanted])
        assert words_ in str(refused.value) and refused.value.cure == cure
    empty = note("route_empty", n=2, corridors=("North", "South"))
    assert EN.say(empty) == "Nobody is in the corridors North and South."


def test_options_of_columns_are_counted() -> None:
    source = survey(q7_work=[1, 0, 1], q7_war=[0, 0, 1], q7_water=[1, 1, 0])
    wanted = Multiple(name="q7", type="multiple", columns=("q7_work", "q7_war", "q7_water"), counted=1)
    book = recode(source, [wanted]).codebook["q7"]
    assert len(book.levels) == 3
    assert [level.count for level in book.levels] == [2, 1, 2]


def test_a_group_of_the_rest_that_takes_those_who_do_not_know_is_told() -> None:
    source = survey(q=["yes", "no", "Don't know", "Refused"] * 3)
    named = Group(label="Refusers", levels=("Refused",))
    wanted = Collapse(name="c", type="collapse", source="q", groups=(named, Group(label="Others", rest=True)))
    assert told(source, wanted)["rest_non_answers"]["group"] == "Others"
    both = Group(label="No answer", levels=("Refused", "Don't know"))
    apart = Collapse(name="c", type="collapse", source="q", groups=(both, Group(label="Others", rest=True)))
    assert "rest_non_answers" not in told(source, apart)
