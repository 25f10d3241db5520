"""Routes in a study file: declared once, in the study's languages, used by its tables, charts, recodes and commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.study import load_study, open_study

ROUTES = """
[[routes]]
name = "journey"
label = {en = "Journey", es = "Viaje"}
stops = ["route_*"]
origin = "origin"
destination = "destination"
intended = true
other = {en = "Other", es = "Otro"}

[[routes.corridors]]
name = "darien"
label = {en = "Darién", es = "Darién"}
passes = ["PAN"]
unless = {starts = ["NIC"]}

[[routes.corridors]]
name = "northern_ca"
label = {en = "Northern Central America", es = "Norte de Centroamérica"}
starts = ["HND", "SLV", "GTM", "NIC"]
last = ["GTM", "MEX", "SLV"]

[[routes.corridors]]
name = "nicaragua_air"
label = {en = "Nicaragua by air", es = "Nicaragua por aire"}
starts = ["HTI", "CUB", "GIN"]
sequence = ["NIC"]

[[routes.corridors]]
name = "caribbean"
label = {en = "Caribbean", es = "Caribe"}
passes = ["DOM"]
"""
REST = """
[[recodes]]
name = "by_land"
type = "collapse"
from = "journey.corridor"
groups = [{label = {en = "South", es = "Sur"}, levels = ["darien"]}, {label = {en = "Else", es = "Otro"}, rest = true}]

[[tables]]
variable = ["journey", "social_media"]
by = ["by_land"]

[[charts]]
variable = "journey"
file = "streams"
title = {en = "From origin to destination", es = "Del origen al destino"}

[[charts]]
variable = "journey.stops"
by = ["journey.corridor"]
"""


@pytest.fixture
def study(tmp_path: Path, example: Path) -> Callable[..., Path]:
    def write(routes: str = ROUTES, rest: str = REST) -> Path:
        head = f'[study]\nlanguages = ["en", "es"]\n[data]\npath = {str(example / "transit.sav")!r}\n'
        path = tmp_path / "study.toml"
        path.write_text(f'{head}[design]\nweights = "weight"\nsample = "convenience"\n{routes}{rest}', encoding="utf-8")
        return path

    return write


def test_a_study_s_route_reproduces_the_example_s_corridor(run: Callable[..., Any], study: Callable[..., Path]) -> None:
    done = run("summarize", study(), "journey.corridor", "corridor", "--format", "json")
    assert done.status == 0 and done.err == ""
    found = [
        {row["level"]: row["count"] for row in done.json["rows"] if row["table"] == name}
        for name in ("journey.corridor", "corridor")
    ]
    assert found[0] == found[1] and len(found[0]) == 5


def test_tables_and_recodes_use_the_route(run: Callable[..., Any], study: Callable[..., Path]) -> None:
    done = run("summarize", study(), "--lang", "es", "--format", "json")
    assert done.status == 0
    rows = done.json["rows"]
    assert {row["by"].get("by_land") for row in rows} == {None, "Sur", "Otro"}
    assert {"Colombia → Panamá", "Haití → República Dominicana"} <= {row["level"] for row in rows}
    assert done.json["tables"][0]["label"] == "Viaje"


def test_charts_of_a_study_draw_the_streams(
    run: Callable[..., Any], study: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "charts"
    done = run("chart", study(), "-o", folder, "--format", "svg", "--alt", "--lang", "es")
    assert done.status == 0 and "streams: dibujado como alluvial" in done.err
    alt = (folder / "streams.alt.txt").read_text("utf-8")
    assert "Del origen al destino" in alt and "Estados Unidos 53%" in alt and "Última parada" in alt
    assert len(list(folder.glob("*.svg"))) == 2


def test_only_the_columns_that_are_needed_are_read(study: Callable[..., Path]) -> None:
    routes = ROUTES.replace('["route_*"]', '["route_1", "route_2"]')
    survey = open_study(load_study(study(routes)), columns=["journey.origin"])
    assert "journey.stops" in survey.codebook and "education" not in survey.codebook


def test_mistakes_in_routes_are_told_together(study: Callable[..., Path]) -> None:
    wrong = ROUTES.replace("intended = true", "intendid = true").replace('passes = ["DOM"]', 'pases = ["DOM"]')
    with pytest.raises(UsageError) as told:
        load_study(study(wrong))
    said = str(told.value)
    assert "intended" in said and "passes" in said
    routes = ROUTES.replace('["route_*"]', '["rute_1"]') + '\n[[routes]]\nname = "sex"\nstops = ["route_1"]\n'
    with pytest.raises(UsageError) as told:
        open_study(load_study(study(routes, "")))
    said = str(told.value)
    assert "'rute_1'" in said and "'route_1'" in said and "'sex' already" in said
    with pytest.raises(UsageError, match="'a' has no rule"):
        load_study(study(f'{ROUTES}[[routes.corridors]]\nname = "a"\n', ""))


def test_corridors_that_overlap_are_a_problem_with_its_line(study: Callable[..., Path]) -> None:
    path = study(
        ROUTES.replace('unless = {starts = ["NIC"]}', "").replace('last = ["GTM", "MEX", "SLV"]', 'passes = ["PAN"]'),
        "",
    )
    with pytest.raises(UsageError, match=r"'darien' and 'northern_ca' share \d+ travellers"):
        open_study(load_study(path))


def test_the_report_draws_routes(run: Callable[..., Any], study: Callable[..., Path], tmp_path: Path) -> None:
    done = run("report", study(), "-o", tmp_path / "report.html")
    assert done.status == 0, done.err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "From origin to destination" in page and "Trips" not in page.split("</style>")[0]
    assert "Last stop" in page
