"""Routes drawn: streams from origin to destination, with the table's numbers and nothing that it holds back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import surveytool as st
from surveytool.charts import compose
from surveytool.charts.build import Options, chart_of
from surveytool.charts.chart_data import Chart
from surveytool.charts.scene import Band, Text
from surveytool.notes import Note
from surveytool.tabulation import flows, tabulate
from surveytool.text import words

SPOKEN = "journey: origin > route_* > destination?"
WEIGHTED = ("-w", "weight", "--route", SPOKEN)


def drawn(example: Path, language: str = "en", where: str | None = None) -> Chart:
    survey = st.read(example / "transit.sav", design=st.Design(weights="weight"))
    route = st.Route(name="journey", label="Journey", stops=("route_*",), origin="origin", destination="destination")
    request = st.Request(variable="journey", where=where)
    changed, requests = flows(st.add_route(survey, route, language), [request], language)
    results = tabulate(changed, requests)
    return chart_of(results.estimates[0], results, words(language), Options())


def said(chart: Chart) -> str:
    return " ".join(mark.text for mark in compose(chart).marks if isinstance(mark, Text))


def test_boxes_hold_the_weighted_shares_of_their_stage(example: Path) -> None:
    chart = drawn(example)
    assert chart.kind == "alluvial" and chart.stages == (
        "Origin",
        "First stop",
        "Last stop before destination",
        "Destination",
    )
    assert sum(path.share for path in chart.paths) == pytest.approx(1)
    with (example / "transit.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    weight = sum(float(row["weight"]) for row in rows)
    for stage, column in ((0, "origin"), (3, "destination")):
        named = {stop for own, stop in chart.sizes if own == stage}
        for stop in named - {"Other"}:
            share = sum(float(row["weight"]) for row in rows if row[column] == stop) / weight
            assert sum(path.share for path in chart.paths if path.stops[stage] == stop) == pytest.approx(share)
            assert chart.sizes[stage, stop] == f"{share:.0%}" and f"{stop} {share:.0%}" in chart.alt
    assert "Places with few travellers are drawn together" in chart.notes[0]


def test_bands_between_two_stages_are_as_wide_as_everybody(example: Path) -> None:
    chart = drawn(example)
    bands = [mark for mark in compose(chart).marks if isinstance(mark, Band)]
    steps = {x: sum(band.height for band in bands if band.x == x) for x in {band.x for band in bands}}
    assert len(steps) == 3 and max(steps.values()) == pytest.approx(min(steps.values()))


def test_short_routes_show_every_stop_and_their_own_places(example: Path) -> None:
    chart = drawn(example, "es", "journey.origin == 'Honduras'")
    assert chart.stages == ("Origen", "Parada 1", "Parada 2", "Parada 3", "Destino")
    assert {stop for stage, stop in chart.sizes if stage == 0} == {"Honduras"}
    assert chart.sizes[0, "Honduras"] == "100%" and "Sin más paradas" in {stop for _, stop in chart.sizes}
    assert "Estados Unidos" in said(chart)


def test_what_is_no_place_lies_below_the_places(example: Path) -> None:
    chart = drawn(example)
    assert chart.rest == {"Other", "Unknown"}
    texts = {mark.text: mark.y for mark in compose(chart).marks if isinstance(mark, Text) and mark.x < 60}
    ends = [y for text, y in texts.items() if text.startswith("Other")]
    assert ends and all(ends[0] >= y for text, y in texts.items() if text.endswith("%"))


def test_a_path_held_back_leaves_no_share_of_any_box(samples: ModuleType) -> None:
    results = samples.results(samples.paths())
    rows = list(results.estimates[0].rows)
    rows[1] = replace(rows[1], flag="suppressed", estimate=0.4321)
    results = replace(results, estimates=(replace(results.estimates[0], rows=tuple(rows)),))
    chart = chart_of(results.estimates[0], results, words("en"), Options())
    assert chart.kind == "alluvial" and not chart.sizes
    assert "*" in said(chart) and "43" not in said(chart) + chart.alt and "62%" in chart.alt


def test_auto_draws_a_route_as_streams_and_says_so(run: Callable[..., Any], example: Path, tmp_path: Path) -> None:
    done = run("chart", example / "transit.sav", "journey", *WEIGHTED, "-o", tmp_path / "a.svg", "--alt", "--data")
    assert done.status == 0 and "journey: drawn as alluvial" in done.err
    assert "United States 53%" in (tmp_path / "a.alt.txt").read_text("utf-8")
    found = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    assert sum(float(row["estimate"]) for row in found) == pytest.approx(1)
    assert {row["table"] for row in found} == {"journey"}


def test_a_protected_chart_puts_rare_ways_together(run: Callable[..., Any], example: Path, tmp_path: Path) -> None:
    """Rare ways are merged before anything is withheld, so that what is drawn is nearly everybody."""
    done = run("chart", example / "transit.sav", "journey", *WEIGHTED, "--protect", "-o", tmp_path / "a.svg", "--data")
    assert done.status == 0
    found = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    shown = [row for row in found if row["flag"] != "suppressed"]
    assert all(int(row["count"]) >= 5 for row in shown)
    assert sum(float(row["estimate"]) for row in shown) > 0.9


@pytest.mark.parametrize("protected", [True, False])
def test_notes_count_no_few_travellers_past_the_gate(example: Path, protected: bool) -> None:
    from surveytool.disclosure_control import Protection, guard

    corridor = st.Corridor(name="darien", passes=("PAN",))
    route = st.Route(name="journey", stops=("route_*",), origin="origin", corridors=(corridor,), unknown=("Guinea",))
    survey = st.add_route(st.read(example / "transit.sav"), route)
    told = replace(survey, notes=tuple(
        Note(each.code, tuple((key, 3 if key == "n" else value) for key, value in each.values)) for each in survey.notes
    ))  # fmt: skip
    if protected:
        told = guard(told, Protection(active=True))
    codes = {each.code for each in tabulate(told, [st.Request(variable="journey.corridor")]).notes}
    assert ("route_maybe" in codes) is not protected


@pytest.mark.parametrize("options", [("--by", "sex"), ("--kind", "bars"), ("--answer", "Colombia → Panama")])
def test_other_requests_of_a_route_draw_its_legs(
    run: Callable[..., Any], example: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = run("chart", example / "transit.sav", "journey", *WEIGHTED, *options, "-o", tmp_path / "a.svg", "--alt")
    assert done.status == 0 and "alluvial" not in done.err
    assert "Colombia → Panama" in (tmp_path / "a.alt.txt").read_text("utf-8")


def test_streams_of_a_variable_that_is_no_route_give_way(
    run: Callable[..., Any], example: Path, tmp_path: Path
) -> None:
    done = run("chart", example / "transit.sav", "sex", *WEIGHTED, "--kind", "alluvial", "-o", tmp_path / "a.svg")
    assert done.status == 0 and "alluvial does not suit this table" in done.err
