"""Routes of the shipped example against its own columns and against a plain count, row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UnknownVariable, UsageError
from surveytool.recoding.corridor import Corridor
from surveytool.survey import Variable

SPOKEN = "journey: origin > route_* > destination?"


def respondents(example: Path) -> list[dict[str, str]]:
    with (example / "transit.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def stops_of(row: dict[str, str]) -> list[str]:
    return [row[f"route_{n}"] for n in range(1, 9) if row[f"route_{n}"]]


def surveyed(example: Path, suffix: str = "sav", **design: Any) -> st.Survey:
    return st.read(example / f"transit.{suffix}", design=st.Design(weights="weight", **design))


def answers(survey: st.Survey, name: str) -> list[str | None]:
    """Labels of everybody's answer to a question with one."""
    variable = survey.codebook[name]
    labels = {str(level.code): level.label for level in variable.levels}
    column = survey.frame.column(variable.columns[0]).to_pylist()
    return [None if value is None else labels[str(value)] for value in column]


@pytest.mark.parametrize("suffix", ["sav", "csv"])
def test_rules_reproduce_the_example_s_own_columns(
    example: Path, journey: st.Route, groups: st.Route, suffix: str
) -> None:
    survey = st.add_route(st.add_route(surveyed(example, suffix), journey), groups)
    for made, own in (("journey.corridor", "corridor"), ("main.corridor", "route")):
        assert answers(survey, made) == answers(survey, own)
        for by in (None, "sex"):
            ours, theirs = (st.summarize(survey, name, by=by or ()).rows for name in (made, own))
            figures = [
                {(row.level, *row.by.values()): (row.estimate, row.se, row.ci_low, row.count, row.n) for row in rows}
                for rows in (ours, theirs)
            ]
            assert figures[0] == {key: pytest.approx(values, rel=1e-12) for key, values in figures[1].items()}


def test_legs_and_stops_are_a_plain_count(example: Path, journey: st.Route) -> None:
    rows = respondents(example)
    weights = [float(row["weight"]) for row in rows]
    found = {name: {row.level: row for row in st.summarize(st.add_route(surveyed(example), journey), name).rows}
             for name in ("journey", "journey.legs", "journey.stops")}  # fmt: skip
    legs = [[f"{a} → {b}" for a, b in pairwise([row["origin"], *stops_of(row)])] for row in rows]
    assert {name: row.count for name, row in found["journey"].items()} == Counter(
        leg for path in legs for leg in set(path)
    )
    assert {name: row.trips for name, row in found["journey"].items()} == Counter(leg for path in legs for leg in path)
    for leg, row in found["journey"].items():
        share = sum(w for w, path in zip(weights, legs, strict=True) if leg in path) / sum(weights)
        assert row.estimate == pytest.approx(share, rel=1e-12)
        assert replace(row, table="", variable="", trips=None) == replace(
            found["journey.legs"][leg], table="", variable=""
        )
    stops = Counter(stop for row in rows for stop in set(stops_of(row)))
    assert {name: row.count for name, row in found["journey.stops"].items()} == stops
    assert stops["Unknown"] == 19


def test_ends_and_length_are_those_of_the_data(example: Path, journey: st.Route) -> None:
    survey, rows = st.add_route(surveyed(example), journey), respondents(example)
    assert answers(survey, "journey.origin") == [row["origin"] for row in rows]
    assert answers(survey, "journey.destination") == [row["destination"] for row in rows]
    assert survey.frame.column("journey.length").to_pylist() == [float(row["n_transit"]) for row in rows]
    kinds = {name: survey.codebook[f"journey{name}"].kind for name in ("", ".legs", ".stops", ".corridor", ".length")}
    assert kinds == {"": "route", ".legs": "multiple", ".stops": "multiple", ".corridor": "single", ".length": "number"}


def test_every_frame_gives_the_same(example: Path, groups: st.Route) -> None:
    plain = pd.read_csv(example / "transit.csv")
    frames = [plain, pl.from_pandas(plain), pl.from_pandas(plain).lazy(), pa.Table.from_pandas(plain)]
    design = st.Design(weights="weight")
    made = [
        st.summarize(st.add_route(st.read(frame, design=design), groups), "main", by="main.origin") for frame in frames
    ]
    assert all(each.rows == made[0].rows for each in made[1:])


def test_names_of_countries_are_in_the_reader_s_language(example: Path, journey: st.Route) -> None:
    survey = st.add_route(surveyed(example), journey, "es")
    labels = {level.label for level in survey.codebook["journey.stops"].levels}
    assert {"República Dominicana", "Panamá", "Perú", "Desconocido"} <= labels and "Peru" not in labels
    assert survey.codebook["journey"].label == "Viaje" and survey.codebook["journey.stops"].label == "Viaje: paradas"
    assert [level.code for level in survey.codebook["journey.stops"].levels][:2] == ["PAN", "GTM"]
    kept = st.add_route(surveyed(example), replace(journey, countries=False), "es")
    assert {"Peru", "Dominican Republic"} <= {level.label for level in kept.codebook["journey.stops"].levels}


def test_exclusive_corridors_that_share_travellers_are_refused(example: Path, groups: st.Route) -> None:
    both = (Corridor(name="panama", passes=("PAN",)), Corridor(name="mexico", passes=("MEX",)))
    rows = [stops_of(row) for row in respondents(example)]
    shared = sum("Panama" in path and "Mexico" in path for path in rows)
    with pytest.raises(UsageError, match=rf"'panama' and 'mexico' share {shared} travellers.*exclusive = false"):
        st.add_route(surveyed(example), replace(groups, corridors=both))
    open_survey = st.add_route(surveyed(example), replace(groups, corridors=both, exclusive=False, other=""))
    assert open_survey.codebook["main.corridor"].kind == "multiple"
    count = {row.level: row.count for row in st.summarize(open_survey, "main.corridor").rows}
    assert count == {"panama": sum("Panama" in path for path in rows), "mexico": sum("Mexico" in path for path in rows),
                     "Other": sum(not {"Panama", "Mexico"} & set(path) for path in rows)}  # fmt: skip


def test_who_may_belong_to_a_corridor_is_counted(example: Path, journey: st.Route) -> None:
    nobody = Corridor(name="sea", label="By sea", passes=("Jamaica",))
    survey = st.add_route(surveyed(example), replace(journey, corridors=(*journey.corridors, nobody)))
    told = {note.code: dict(note.values) for note in survey.notes}
    rows = [(row, own) for row, own in zip(respondents(example), answers(survey, "journey.corridor"), strict=True)]
    assert told["route_maybe"]["n"] == sum("Unknown" in stops_of(row) and own == "Other" for row, own in rows) > 0
    assert told["route_empty"]["corridors"] == ("By sea",)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"stops": ("rout_*",)}, UnknownVariable, "rout_"),
        ({"stops": ("route_1", "route_22")}, UnknownVariable, "route_2"),
        ({"stops": ()}, UsageError, "needs the columns of its stops"),
        ({"name": "sex"}, UsageError, "have a variable 'sex' already"),
        ({"destination": None}, UsageError, "intended destination needs its column"),
        ({"separator": ">"}, UsageError, "separator goes with one column"),
        (
            {"corridors": (Corridor(name="a", passes=("Panamaa",)),)},
            UsageError,
            "no place is called 'Panamaa'.*'Panama'",
        ),
        ({"corridors": (Corridor(name="a"),)}, UsageError, "'a' has no rule"),
        ({"corridors": (Corridor(name="a", first=("PAN",)),) * 2}, UsageError, "two corridors are called 'a'"),
    ],
)
def test_mistakes_are_named(example: Path, journey: st.Route, changes: Any, error: type, message: str) -> None:
    if "stops" in changes and len(changes["stops"]) > 1:
        changes = {**changes, "origin": None}
    route = replace(journey, **{"stops": ("route_1", "route_2"), **changes})
    with pytest.raises(error, match=message):
        st.add_route(surveyed(example), route)


def test_the_leg_table_of_the_command_line(run: Callable[..., Any], example: Path) -> None:
    done = run("summarize", example / "transit.sav", "journey", "--route", SPOKEN, "-w", "weight")
    assert done.status == 0 and done.err == ""
    lines = [line.split() for line in done.out.splitlines()]
    assert ["Percent", "95%", "CI", "n", "Weighted", "Trips"] in lines
    assert ["Colombia", "→", "Panama", "53.7", "49.3–58.1", "279", "285", "279"] in lines
    assert "journey: in the file, 19 travellers have an unknown stop" in " ".join(done.out.split())
    assert "no leg leads there" in done.out
    shares = [float(line[-5]) for line in lines if "→" in line]
    assert shares == sorted(shares, reverse=True) and len(shares) == 31


@pytest.mark.parametrize("format", ["json", "csv", "markdown", "html"])
def test_every_format_has_the_trips(run: Callable[..., Any], example: Path, format: str) -> None:
    done = run(
        "summarize", example / "transit.sav", "journey", "sex", "--route", SPOKEN, "-w", "weight", "--format", format
    )
    assert done.status == 0
    if format == "json":
        legs = [row for row in done.json["rows"] if row["table"] == "journey"]
        assert legs[0]["level"] == "Colombia → Panama" and legs[0]["trips"] == 279
        assert all("trips" not in row for row in done.json["rows"] if row["table"] == "sex")
    elif format == "csv":
        found = list(csv.DictReader(done.out.splitlines()))
        assert (found[0]["trips"], found[-1]["trips"]) == ("279", "")
    else:
        assert "Trips" in done.out and "Colombia → Panama" in done.out


def test_breakdowns_by_every_part_of_a_route(run: Callable[..., Any], example: Path) -> None:
    parts = ("journey.origin", "journey.destination", "journey.stops", "journey.legs", "journey", "journey.length")
    by = [word for part in parts[:-1] for word in ("--by", part)]
    done = run(
        "summarize", example / "transit.csv", "social_media", *by, "--route", SPOKEN, "-w", "weight", "--format", "json"
    )
    assert done.status == 0
    rows = [row for row in done.json["rows"] if row["level"] == "Yes"]
    assert {name for row in rows for name in row["by"]} == set(parts[:-1])
    by_origin, by_leg = (
        sum(row["n"] for row in rows if name in row["by"]) for name in ("journey.origin", "journey.legs")
    )
    assert by_origin == 531 < by_leg == sum(int(row["n_transit"]) for row in respondents(example))
    notes = " ".join(done.json["tables"][0]["notes"])
    assert "journey: legs overlap" in notes and "journey: origin overlap" not in notes


def test_a_domain_shows_its_own_legs(run: Callable[..., Any], example: Path) -> None:
    where = "journey.stops == 'Dominican Republic' and sex == 'Male'"
    done = run("summarize", example / "transit.sav", "journey", "--route", SPOKEN, "--where", where, "--format", "json")
    levels = [row["level"] for row in done.json["rows"]]
    chosen = [row for row in respondents(example) if "Dominican Republic" in stops_of(row) and row["sex"] == "Male"]
    assert levels == ["Haiti → Dominican Republic"] and done.json["rows"][0]["n"] == len(chosen)


@pytest.mark.parametrize(
    ("route", "message"),
    [("journey", "is not NAME: ORIGIN > STOPS"), ("a: b > > c", "is not NAME"), ("a: b > c > d > e", "is not NAME"),
     ("journey: orgin > route_*", "no variable named 'orgin'.*'origin'")],
)  # fmt: skip
def test_a_route_that_cannot_be_read_is_refused(
    run: Callable[..., Any], example: Path, route: str, message: str
) -> None:
    done = run("summarize", example / "transit.sav", "journey", "--route", route)
    assert done.status == 2 and done.err.count("\n") == 1
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(done.err)


def test_a_route_is_in_the_codebook_s_kinds(example: Path, journey: st.Route) -> None:
    variable: Variable = st.add_route(surveyed(example), journey).codebook["journey"]
    assert variable.kind == "route" and variable.ranked and len(variable.columns) == 8
    assert sum(level.count for level in variable.levels) == sum(int(row["n_transit"]) for row in respondents(example))


def test_labels_are_known_in_every_language(example: Path, journey: st.Route) -> None:
    """A study speaks another language than its conditions."""
    from surveytool.recoding import speak

    survey = speak(st.add_route(surveyed(example), journey, "en"), "es")
    assert survey.codebook["journey"].label == "Viaje" and survey.codebook["journey.legs"].label == "Viaje: tramos"
    counts = [st.summarize(survey, "sex", where=where).estimates[0].base.base for where in (
        "journey.stops == 'Panama'", "journey.stops == 'Panamá'", "journey.stops == 'PAN'")]  # fmt: skip
    assert counts == [286, 286, 286]
    assert "Colombia → Panamá" in {row.level for row in st.summarize(survey, "journey").rows}


def test_legs_come_by_weight_and_not_by_number() -> None:
    """One heavy traveller outweighs three light ones; ties go by name."""
    frame = pa.table({
        "w": [10.0, 1.0, 1.0, 1.0, 1.5, 1.5],
        "a": ["PAN", "MEX", "MEX", "MEX", "CRI", "BOL"],
        "b": ["CRI", "USA", "USA", "USA", "NIC", "PER"],
    })  # fmt: skip
    route = st.Route(name="way", stops=("a", "b"))
    by_weight = st.add_route(st.read(frame, design=st.Design(weights="w")), route)
    by_number = st.add_route(st.read(frame), route)
    assert [str(each.code) for each in by_weight.codebook["way"].levels] == [
        "PAN>CRI", "MEX>USA", "BOL>PER", "CRI>NIC",
    ]  # fmt: skip
    assert str(by_number.codebook["way"].levels[0].code) == "MEX>USA"
    assert [each.count for each in by_weight.codebook["way"].levels] == [1, 3, 1, 1]
