"""Laws of routes, whatever the journeys are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as draw

import surveytool as st
from surveytool.errors import UsageError
from surveytool.estimate.result import Row
from surveytool.recoding.corridor import Corridor, Rule

SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLACES = ["Chad", "Niger", "Mali", "Libya", "Algeria", "Transit camp"]
DESIGNS = [st.Design(weights="w"), st.Design(weights="w", strata="h", psu=("p",))]
Journey = list[str]


@draw.composite
def journeys(choose: Callable[..., Any]) -> dict[str, Any]:
    """8 to 40 travellers with up to five stops, weights, strata and PSUs; some return to where they were."""
    n = choose(draw.integers(8, 40))
    rng = np.random.default_rng(choose(draw.integers(0, 2**32 - 1)))
    paths = [[PLACES[place] for place in rng.integers(0, len(PLACES), rng.integers(1, 6))] for _ in range(n)]
    return {"paths": paths, "w": (0.2 + 3 * rng.random(n)).tolist(), "h": [f"h{k % 2}" for k in range(n)],
            "p": [k // 2 % 4 for k in range(n)], "start": [PLACES[k] for k in rng.integers(0, len(PLACES), n)],
            "answer": rng.choice(["yes", "no"], n).tolist()}  # fmt: skip


def survey_of(data: dict[str, Any], design: st.Design, frame_of: Any, **route: Any) -> st.Survey:
    others = {name: values for name, values in data.items() if name != "paths"}
    survey = st.read(frame_of(data["paths"], **others), design=design, kinds={"answer": "single", "p": "single"})
    return st.add_route(survey, st.Route(**{"name": "r", "stops": ("s_*",), "origin": "start", **route}))


def rows(survey: st.Survey, name: str, **asked: Any) -> dict[tuple[str, ...], Row]:
    return {(str(row.level), *row.by.values()): row for row in st.summarize(survey, name, **asked).rows}


def same(one: dict[Any, Row], other: dict[Any, Row], *names: str) -> None:
    assert one.keys() == other.keys()
    for key, row in one.items():
        for name in names:
            one_value, other_value = getattr(row, name), getattr(other[key], name)
            near = other_value if other_value is None else pytest.approx(other_value, rel=1e-9, abs=1e-12)
            assert one_value == near, (key, name)


@SETTINGS
@given(data=journeys())
def test_legs_add_up_to_travellers_times_legs(frame_of: Any, data: dict[str, Any]) -> None:
    survey = survey_of(data, DESIGNS[0], frame_of)
    whole = [[start, *path] for start, path in zip(data["start"], data["paths"], strict=True)]
    gone = [[(a, b) for a, b in pairwise(path) if a != b] for path in whole]
    found = rows(survey, "r").values()
    assert sum(row.trips or 0 for row in found) == sum(map(len, gone))
    assert sum(row.count or 0 for row in found) == sum(len(set(legs)) for legs in gone)
    weighted = sum(w * len(set(legs)) for w, legs in zip(data["w"], gone, strict=True))
    assert sum((row.estimate or 0) * row.n_weighted for row in found) == pytest.approx(weighted)
    assert all(row.n == len(whole) for row in found)
    lengths = st.summarize(survey, "r.length", stat="total").rows[0]
    assert lengths.estimate == pytest.approx(sum(w * len(p) for w, p in zip(data["w"], data["paths"], strict=True)))


@SETTINGS
@given(data=journeys(), design=draw.sampled_from(DESIGNS))
def test_shares_lie_in_their_range_and_are_ranked(frame_of: Any, data: dict[str, Any], design: st.Design) -> None:
    survey = survey_of(data, design, frame_of)
    for name in ("r", "r.stops"):
        found = list(rows(survey, name).values())
        shares = [row.estimate for row in found]
        assert shares == sorted(shares, reverse=True)
        for row in found:
            assert 0 <= row.ci_low <= row.estimate + 1e-12 <= row.ci_high + 2e-12 <= 1 + 2e-12
            assert 0 < row.count <= row.n and row.count <= (row.trips or row.count)


@SETTINGS
@given(data=journeys())
def test_exclusive_corridors_part_the_travellers(frame_of: Any, data: dict[str, Any]) -> None:
    """Two rules at random: they share travellers and the error counts them, or every traveller has one answer."""
    assume(any("Transit camp" in path for path in data["paths"]))  # a rule about a place that is nowhere is an error
    rules = (Corridor(name="desert", passes=("Libya", "Algeria")), Corridor(name="camp", last=("Transit camp",)))
    desert = [bool({"Libya", "Algeria"} & set(path)) for path in data["paths"]]
    camp = [path[-1] == "Transit camp" for path in data["paths"]]
    both = sum(a and b for a, b in zip(desert, camp, strict=True))
    several = rows(survey_of(data, DESIGNS[0], frame_of, corridors=rules, exclusive=False), "r.corridor")
    assert [several[(name,)].count for name in ("desert", "camp")] == [sum(desert), sum(camp)]
    if both:
        with pytest.raises(UsageError, match=f"'desert' and 'camp' share {both} traveller"):
            survey_of(data, DESIGNS[0], frame_of, corridors=rules)
    apart = (rules[0], Corridor(name="camp", last=("Transit camp",), unless=Rule(passes=("Libya", "Algeria"))))
    found = rows(survey_of(data, DESIGNS[0], frame_of, corridors=apart), "r.corridor")
    assert sum(row.count or 0 for row in found.values()) == len(desert)
    assert sum(row.estimate or 0 for row in found.values()) == pytest.approx(1)
    assert found[("desert",)].count == sum(desert) and found[("camp",)].count == sum(camp) - both


@SETTINGS
@given(data=journeys(), design=draw.sampled_from(DESIGNS), seed=draw.integers(0, 2**31))
def test_other_names_for_places_change_nothing(
    frame_of: Any, data: dict[str, Any], design: st.Design, seed: int
) -> None:
    """Names reversed, and codes of the standard in place of names."""
    numbers = np.random.default_rng(seed).permutation(len(PLACES))
    other = {place: f"place {number}"[::-1] for place, number in zip(PLACES, numbers, strict=True)}
    codes = dict(zip(PLACES, ["TCD", "NER", "MLI", "LBY", "DZA", "Transit camp"], strict=True))
    before = rows(survey_of(data, design, frame_of), "r", by="answer")
    for named in (other, codes):
        changed = {**data, "paths": [[named[p] for p in path] for path in data["paths"]],
                   "start": [named[p] for p in data["start"]]}  # fmt: skip
        after = rows(survey_of(changed, design, frame_of), "r", by="answer")
        if named is other:
            before_named = {
                (" → ".join(other[p] for p in leg.split(" → ")), *by): row for (leg, *by), row in before.items()
            }
        else:
            before_named = dict(before)
        same(before_named, after, "estimate", "se", "ci_low", "ci_high", "count", "n", "trips")


@SETTINGS
@given(data=journeys(), factor=draw.floats(0.01, 1000))
def test_weights_may_be_scaled(frame_of: Any, data: dict[str, Any], factor: float) -> None:
    scaled = {**data, "w": [w * factor for w in data["w"]]}
    for name, by in (("r", ()), ("answer", "r.stops"), ("answer", "r.legs")):
        one, other = (rows(survey_of(each, DESIGNS[1], frame_of), name, by=by) for each in (data, scaled))
        same(one, other, "estimate", "se", "ci_low", "ci_high", "df", "count")


@SETTINGS
@given(data=journeys(), design=draw.sampled_from(DESIGNS))
def test_a_group_of_a_leg_is_its_domain(frame_of: Any, data: dict[str, Any], design: st.Design) -> None:
    survey = survey_of(data, design, frame_of)
    grouped = rows(survey, "answer", by="r.stops", total=False)
    for stop in {key[1] for key in grouped}:
        alone = rows(survey, "answer", where=f"r.stops == '{stop}'")
        same(
            {key[:1]: row for key, row in grouped.items() if key[1] == stop},
            alone,
            "estimate",
            "se",
            "ci_low",
            "n",
            "df",
        )


@SETTINGS
@given(data=journeys())
def test_one_column_with_separators_is_many_columns(frame_of: Any, data: dict[str, Any]) -> None:
    joined = {name: values for name, values in data.items() if name != "paths"}
    joined["way"] = [" > ".join(path) for path in data["paths"]]
    survey = st.read(pa.table(joined), design=DESIGNS[0], kinds={"p": "single"})
    one = st.add_route(survey, st.Route(name="r", stops=("way",), separator=">", origin="start"))
    same(rows(one, "r"), rows(survey_of(data, DESIGNS[0], frame_of), "r"), "estimate", "se", "count", "trips")
