"""Places and paths: codes and names of countries, unknown stops, gaps, one column with all stops."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.recoding import country
from surveytool.recoding.column_patterns import matching, natural, parsed
from surveytool.survey import Codebook, Level, Variable

COLUMNS: dict[str, Any] = {"name": "r", "stops": ("s_*",)}


def routed(paths: Any, frame_of: Any, language: str = "en", kinds: Any = None, **route: Any) -> st.Survey:
    survey = st.read(frame_of(paths) if isinstance(paths, list) else paths, kinds=kinds)
    return st.add_route(survey, st.Route(**{**COLUMNS, **route}), language)


def legs(survey: st.Survey) -> dict[str, tuple[int, int]]:
    """Travellers and trips by leg."""
    return {str(row.level): (row.count, row.trips) for row in st.summarize(survey, "r").rows}


def notes(survey: st.Survey) -> dict[str, Any]:
    return {note.code: dict(note.values).get("n") for note in survey.notes if note.code.startswith("route_")}


@pytest.mark.parametrize(
    ("codes", "language", "shown"),
    [
        (["MX", "gt", "HN"], "en", ["Mexico", "Guatemala", "Honduras"]),
        (["MEX", "GTM", "DOM"], "es", ["México", "Guatemala", "República Dominicana"]),
        (["484", "320", "84"], "fr", ["Mexique", "Guatemala", "Belize"]),
        (["Mexique", "republica dominicana", "Viet Nam"], "en", ["Mexico", "Dominican Republic", "Vietnam"]),
        (["Bolivia, Plurinational State of", "Atlantis", "Türkiye"], "es", ["Bolivia", "Atlantis", "Turquía"]),
        (["LA", "SF", "DC", "NY"], "en", ["LA", "SF", "DC", "NY"]),  # cities, and Laos is no neighbour of theirs
        (["1", "2", "4"], "en", ["1", "2", "4"]),  # 4 is Afghanistan only among codes of countries
        (["NA", "ZA", "BW", "ZM"], "en", ["Namibia", "South Africa", "Botswana", "Zambia"]),  # NA is not missing here
    ],
)  # fmt: skip
def test_codes_and_names_of_countries(frame_of: Any, codes: list[str], language: str, shown: list[str]) -> None:
    survey = routed([codes, codes[:1]], frame_of, language, {f"s_{n + 1}": "single" for n in range(len(codes))})
    labels = {level.label for level in survey.codebook["r.stops"].levels}
    assert labels == set(shown)
    assert set(legs(survey)) == {f"{a} → {b}" for a, b in pairwise(shown)}


def test_numbers_with_labels_are_their_labels() -> None:
    levels = (Level(code=484.0, label="Border camp"), Level(code=320.0, label="Guatemala", order=1))
    book = {name: Variable(name=name, kind="single", levels=levels, columns=(name,)) for name in ("s_1", "s_2")}
    survey = st.Survey(frame=pa.table({"s_1": [484.0, 320.0], "s_2": [320.0, None]}), codebook=Codebook(book))
    made = st.add_route(survey, st.Route(**COLUMNS), "es")
    assert [level.label for level in made.codebook["r.stops"].levels] == ["Guatemala", "Border camp"]


def test_every_name_of_the_standard_is_read() -> None:
    for each in country._countries():
        assert country.named(each.name) == country.coded(each.alpha_3) == country.coded(each.numeric) == each.alpha_2
        for language in ("en", "es", "fr", "pt"):
            assert country.named(country.label(each.alpha_2, language)) == each.alpha_2
            assert country.label(each.alpha_2, language)


def test_unknown_stops_stay_and_gaps_are_unknown(frame_of: Any) -> None:
    paths = [
        ["A", "Unknown", "C"],
        ["A", None, "C"],
        ["A", "x9", "C"],
        ["A", "Don't know"],
        [None, None, None],
        ["A", "B", "C"],
    ]
    survey = routed(paths, frame_of, unknown=("x9",))
    assert legs(survey) == {"A → Unknown": (4, 4), "Unknown → C": (3, 3), "A → B": (1, 1), "B → C": (1, 1)}
    assert notes(survey) == {"route_gaps": 1, "route_unknown_stops": 4}
    assert survey.frame.column("r.length").to_pylist() == [3, 3, 3, 2, None, 3]
    table = st.summarize(survey, "r.stops")
    assert {row.level: row.count for row in table.rows} == {"A": 5, "C": 4, "Unknown": 4, "B": 1}
    assert table.estimates[0].base.base == 5 and table.estimates[0].base.excluded == (("(blank)", 1),)


def test_declared_missing_kinds_are_unknown_and_not_asked_is_nothing() -> None:
    levels = (Level(code=1.0, label="Ghana"), Level(code=2.0, label="Niger"),
              Level(code=98.0, label="DK", missing="dont_know"),
              Level(code=97.0, label="No stop", missing="not_asked"))  # fmt: skip
    book = {name: Variable(name=name, kind="single", levels=levels, columns=(name,)) for name in ("s_1", "s_2")}
    survey = st.Survey(frame=pa.table({"s_1": [1.0, 1.0, 98.0], "s_2": [2.0, 97.0, 2.0]}), codebook=Codebook(book))
    made = st.add_route(survey, st.Route(**COLUMNS))
    assert made.frame.column("r.length").to_pylist() == [2, 1, 2]
    assert set(legs(made)) == {"Ghana → Niger", "Unknown → Niger"}


def test_tagged_missing_values_are_unknown() -> None:
    levels = (Level(code=1.0, label="Ghana"), Level(code=".a", label="Don't know", missing="dont_know"),
              Level(code=".b", label="No further stop", missing="not_asked"))  # fmt: skip
    book = {"s_1": Variable(name="s_1", kind="single", levels=levels, columns=("s_1",)),
            "s_2": Variable(name="s_2", kind="single", levels=levels, columns=("s_2",), tags="s_2//tags")}  # fmt: skip
    nothing = pa.nulls(3, pa.float64())
    frame = pa.table({"s_1": [1.0, 1.0, 1.0], "s_2": nothing, "s_2//tags": [".a", ".b", None]})
    made = st.add_route(st.Survey(frame=frame, codebook=Codebook(book)), st.Route(**COLUMNS))
    assert made.frame.column("r.length").to_pylist() == [2, 1, 1]


def test_a_leg_gone_twice_counts_once_a_person_and_twice_as_a_trip(frame_of: Any) -> None:
    survey = routed([["A", "B", "A", "B"], ["A", "B"], ["C", "C", "A"]], frame_of)
    assert legs(survey) == {"A → B": (2, 3), "B → A": (1, 1), "C → A": (1, 1)}
    assert notes(survey) == {"route_stays": 1}
    told = st.summarize(survey, "r").render("markdown")
    assert "Trips count every time" in told


@pytest.mark.parametrize(
    ("separator", "texts"),
    [(">", ["MEX > USA", "GTM>MEX>USA"]), (" ", ["MEX USA", "GTM MEX  USA"]), (";", ["MEX;USA", "GTM; MEX;USA;"])],
)
def test_all_stops_in_one_column(separator: str, texts: list[str]) -> None:
    survey = st.read(pa.table({"way": texts, "s": [1, 2]}))
    made = st.add_route(survey, st.Route(name="r", stops=("way",), separator=separator))
    assert legs(made) == {"Mexico → United States": (2, 2), "Guatemala → Mexico": (1, 1)}


def test_a_gap_in_one_column_is_unknown() -> None:
    survey = st.read(pa.table({"way": ["MEX;;USA", None], "s": [1, 2]}))
    made = st.add_route(survey, st.Route(name="r", stops=("way",), separator=";"))
    assert set(legs(made)) == {"Mexico → Unknown", "Unknown → United States"} and notes(made)["route_gaps"] == 1


def test_travellers_without_stops_between_known_ends(frame_of: Any) -> None:
    frame = frame_of(
        [[None], ["PAN"], [None], [None]], start=["COL", "COL", "VEN", None], end=["USA", "USA", None, None]
    )
    survey = routed(frame, frame_of, origin="start", destination="end")
    assert survey.frame.column("r.length").to_pylist() == [0, 1, None, None]
    assert legs(survey) == {
        "Colombia → Panama": (1, 1),
        "Colombia → United States": (1, 1),
        "Panama → United States": (1, 1),
    }
    stops = st.summarize(survey, "r.stops")
    assert [row.estimate for row in stops.rows] == [0.5]
    assert "1 respondent has none of these and is in the base." in stops.render("markdown")


def test_arrows_in_names_do_not_break_legs(frame_of: Any) -> None:
    survey = routed([["Camp → north", "B"]] * 2, frame_of)
    assert list(legs(survey)) == ["Camp - north → B"]


def test_codes_and_names_of_one_country_are_one_place(frame_of: Any) -> None:
    frame = pa.table({"s_1": ["Mexico", "Guatemala", "Honduras"], "s_2": ["USA", "MEX", "GTM"]})
    made = routed(frame, frame_of)
    assert set(legs(made)) == {"Mexico → United States", "Guatemala → Mexico", "Honduras → Guatemala"}
    assert len(made.codebook["r.stops"].levels) == 4


def test_columns_come_in_natural_order() -> None:
    assert sorted(["s_10", "s_9", "s_1"], key=natural) == ["s_1", "s_9", "s_10"]
    assert matching(("s_*", "t"), ["t", "s_10", "s_2"], "") == ("s_2", "s_10", "t")


def test_a_spoken_route() -> None:
    assert parsed("j: a > s_* > b?") == {
        "name": "j",
        "origin": "a",
        "stops": ("s_*",),
        "destination": "b",
        "intended": True,
    }
    assert parsed("j: s_1, s_2") == {"name": "j", "stops": ("s_1", "s_2")}
    with pytest.raises(UsageError, match="--route"):
        parsed("j a > b")
