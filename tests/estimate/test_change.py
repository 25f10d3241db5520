"""Changes between rounds of the same people, against R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import surveytool as st
from surveytool.errors import UnusableDesign, UsageError
from surveytool.estimate import result
from surveytool.estimate.change import lag
from surveytool.survey import Request
from surveytool.tabulation import tabulate_changes

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden_methods" / "rounds"
needs = pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data are not beside the project")
WAYS = {
    "panel_person_is_psu": st.Design(weights="w", strata="stratum", rounds=st.Rounds(round="round", unit="person")),
    "same_psus_each_round": st.Design(
        weights="w", strata="stratum", psu=("psu",), rounds=st.Rounds(round="round", unit="person")
    ),
}


def changes(data: Any, design: st.Design, variable: str, change: str, by: str = "round") -> dict[Any, result.Test]:
    survey = st.read(data, design=design, kinds={"y": "number"})
    made = tabulate_changes(survey, [Request(variable=variable, by=(tuple(by.split(":")),))], change)
    return {(each.level, *(each.groups or ())): each for each in made.tests if each.test == "change"}


@needs
@pytest.mark.parametrize("way", ["panel_person_is_psu", "same_psus_each_round"])
def test_changes_are_those_of_r(way: str) -> None:
    answers = json.loads((GOLDEN / "rounds.json").read_text())[way]
    made = changes(GOLDEN / "rounds.csv", WAYS[way], "y", "previous")
    for key, name in (((None, "2", "1"), "diff_2_1"), ((None, "3", "2"), "diff_3_2")):
        assert (made[key].estimate, made[key].se) == pytest.approx(
            (answers[name]["diff"], answers[name]["se"]), abs=1e-9
        )
        assert made[key].df2 == answers["df"]
    share = changes(GOLDEN / "rounds.csv", WAYS[way], "work", "first")[("yes", "2", "1")]
    expected = answers["p_diff_2_1"]
    assert (share.estimate, share.se) == pytest.approx((expected["diff"], expected["se"]), abs=1e-9)


@needs
@pytest.mark.parametrize("way", list(WAYS))
def test_rounds_and_what_they_make_together(way: str) -> None:
    answers = json.loads((GOLDEN / "rounds.json").read_text())[way]
    survey = st.read(GOLDEN / "rounds.csv", design=WAYS[way], kinds={"y": "number"})
    rows = st.summarize(survey, "y", by="round").rows
    pooled = next(row for row in rows if not row.by)
    assert (pooled.estimate, pooled.se) == pytest.approx((answers["pooled"]["m"], answers["pooled"]["se"]), abs=1e-9)
    assert [row.se for row in rows if row.by] == pytest.approx(answers["se"], abs=1e-9)


def panel() -> pd.DataFrame:
    return pd.DataFrame({
        "person": [1, 2, 3, 4] * 3, "wave": [1] * 4 + [2] * 4 + [3] * 4, "sex": ["f", "f", "m", "m"] * 3,
        "y": [1.5, 2.25, 3.5, 9.75, 2.5, 2.75, 3.125, 8.5, 2.0, 7.25, 1.875, 9.5],
    })  # fmt: skip


def test_a_change_is_that_of_the_persons_own_differences() -> None:
    data = panel()
    design = st.Design(rounds=st.Rounds(round="wave", unit="person"))
    made = changes(data, design, "y", "first", "wave")
    assert set(made) == {(None, "2", "1"), (None, "3", "1")}
    own = data[data["wave"] == 3]["y"].to_numpy() - data[data["wave"] == 1]["y"].to_numpy()
    assert made[(None, "3", "1")].estimate == pytest.approx(own.mean())
    assert made[(None, "3", "1")].se == pytest.approx((own.var(ddof=1) / 4) ** 0.5)
    assert set(changes(data, design, "y", "2", "wave")) == {(None, "3", "1")}


def test_changes_are_within_the_groups_of_other_variables() -> None:
    design = st.Design(rounds=st.Rounds(round="wave", unit="person"))
    made = changes(panel(), design, "y", "previous", "wave:sex")
    assert {key[1:] for key in made} == {("2, f", "1, f"), ("3, f", "2, f"), ("2, m", "1, m"), ("3, m", "2, m")}


def test_people_who_come_again_need_a_unit() -> None:
    design = st.Design(rounds=st.Rounds(round="wave"))
    with pytest.raises(UnusableDesign, match=r"4 of 4 identifiers stand in several rounds.*--unit person"):
        st.summarize(st.read(panel(), design=design, kinds={"y": "number"}), "y")
    alone = panel().assign(person=range(12))
    notes = st.summarize(st.read(alone, design=design, kinds={"y": "number"}), "y").results.notes
    assert "rounds_independent" in {each.code for each in notes}


def test_a_person_who_moves_between_units_is_told() -> None:
    data = panel().assign(site=[1, 1, 2, 2, 1, 2, 2, 3, 1, 1, 2, 3])
    design = st.Design(psu=("site",), rounds=st.Rounds(round="wave", unit="person"))
    notes = {each.code: dict(each.values) for each in st.summarize(
        st.read(data, design=design, kinds={"y": "number"}), "y").results.notes}  # fmt: skip
    assert notes["rounds_moved"]["n"] == 2


@pytest.mark.parametrize("text", ["last", "0", "-1", "1.5"])
def test_other_changes_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no change is called"):
        lag(text)


def test_a_change_needs_the_round_among_the_breakdowns() -> None:
    with pytest.raises(UsageError, match="Write for example --by wave"):
        changes(panel(), st.Design(rounds=st.Rounds(round="wave", unit="person")), "y", "previous", "sex")


def test_a_study_asks_for_changes_in_its_rounds() -> None:
    design = st.Design(rounds=st.Rounds(round="wave", unit="person", change="previous"))
    survey = st.read(panel(), design=design, kinds={"y": "number"})
    assert [each.test for each in st.summarize(survey, "y", by="wave").results.tests] == ["change", "change"]
    assert not st.summarize(survey, "y", by="sex").results.tests, "no breakdown by the round, and nobody typed it"
    assert not st.summarize(survey, "y", by="wave", stat="median").results.tests, "medians are not compared"
    first = st.summarize(survey, "y", by="wave", change="first").results.tests
    assert [each.groups for each in first] == [("2", "1"), ("3", "1")]
    with pytest.raises(UsageError, match="no change is called"):
        st.Rounds(round="wave", change="last")


def test_large_files_know_who_comes_again() -> None:
    """Enough rows for the way of streams: the same error, the same changes."""
    people = 17_000
    data = pd.DataFrame({
        "person": list(range(people)) * 3, "wave": [w for w in (1, 2, 3) for _ in range(people)],
        "y": [float(person % 7 + wave) for wave in (1, 2, 3) for person in range(people)],
    })  # fmt: skip
    with pytest.raises(UnusableDesign, match="17000 of 17000 identifiers"):
        st.summarize(st.read(data, design=st.Design(rounds=st.Rounds(round="wave")), kinds={"y": "number"}), "y")
    design = st.Design(rounds=st.Rounds(round="wave", unit="person"))
    survey = st.read(data, design=design, kinds={"y": "number"})
    made = tabulate_changes(survey, [Request(variable="y", by=(("wave",),), statistic="mean")], "previous")
    assert [(each.estimate, each.se) for each in made.tests] == [(pytest.approx(1), 0.0), (pytest.approx(1), 0.0)]
    assert "sample_rounds" in {each.code for each in made.notes}
