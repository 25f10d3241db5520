"""Weights of people met at places and times: by hand, unbiased over drawn sessions, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import UsageError
from surveytool.weighting.place_weights import place_weights, registry

ROWS = [
    {"point": "north", "day": "1", "count": "100"}, {"point": "north", "day": "2", "count": "60"},
    {"point": "north", "day": "3", "count": ""}, {"point": "south", "day": "1", "count": "40"},
]  # fmt: skip
MET = [("north", "1"), ("north", "1"), ("north", "2"), ("south", "1")]
DATA = "point,day,times,go\nnorth,1,2,yes\nnorth,1,1,no\nnorth,2,4,yes\nsouth,1,1,no\n"
COUNTS = "point,day,count\nnorth,1,100\nnorth,2,60\nnorth,3,\nsouth,1,40\n"


def test_weights_by_hand() -> None:
    made = place_weights(MET, None, registry(ROWS, ["point", "day"], "counts.csv"), "counts.csv")
    assert made.weights.tolist() == [75.0, 75.0, 90.0, 40.0], "3 sessions, 2 taken; 100 people, 2 interviews"
    assert (made.taken, made.listed, made.crossings) == (3, 4, 280.0)
    assert made.strata == ("north", "north", "north", "south")
    shared = place_weights(MET, np.array([2.0, 1.0, 4.0, 1.0]), registry(ROWS, ["point", "day"], "c"), "c")
    assert shared.weights.tolist() == [37.5, 75.0, 22.5, 40.0]
    given = [{**row, "probability": "0.5"} for row in ROWS]
    assert place_weights(MET, None, registry(given, ["point", "day"], "c"), "c").weights[0] == 100.0


def test_the_sum_of_weights_is_people_on_average() -> None:
    """A population of 300 who pass one to four times in 20 sessions: drawn 400 times, the weights are unbiased."""
    generator = np.random.default_rng(8)
    passes = generator.integers(1, 5, 300)
    where = [generator.choice(20, size=many, replace=False) for many in passes]
    inside = [[person for person in range(300) if session in where[person]] for session in range(20)]
    rows = [{"point": "a" if s < 12 else "b", "day": str(s), "count": str(len(inside[s]))} for s in range(20)]
    listed = registry(rows, ["point", "day"], "c")
    sums, tall = [], []
    for _ in range(400):
        taken = [*generator.choice(12, 4, replace=False), *(12 + generator.choice(8, 3, replace=False))]
        met = [(s, person) for s in taken for person in generator.choice(inside[s], 6, replace=False)]
        sessions = [("a" if s < 12 else "b", str(s)) for s, _ in met]
        people = np.array([person for _, person in met])
        made = place_weights(sessions, passes[people].astype(float), listed, "c")
        sums.append(made.weights.sum())
        tall.append(made.weights[people < 100].sum())
    for drawn, truth in ((sums, 300), (tall, 100)):
        assert np.mean(drawn) == pytest.approx(truth, abs=4 * np.std(drawn) / 20)


@pytest.mark.parametrize(("rows", "met", "words"), [
    (ROWS, [*MET, ("east", "1")], r"does not list the session in 1 row \(row 5\)"),
    (ROWS, [*MET, ("north", "3")], r"count is missing or below the interviews made in 1 row \(row 3\)"),
    ([*ROWS, ROWS[0]], MET, r"lists sessions twice in 1 row \(row 5\)"),
    ([{"point": "north"}], MET, "no column is called 'count'"),
    ([{"place": "north", "count": "3"}], MET, "no column of the data"),
    ([{**ROWS[0], "count": "many"}], MET, r"the count is no number in 1 row \(row 1\)"),
    ([{**row, "probability": "2"} for row in ROWS], MET, "above 1 in 4 rows"),
    ([], MET, "has no sessions"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(rows: list[dict[str, str]], met: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        place_weights(met, None, registry(rows, ["point", "day"], "c"), "c")


def test_crossings_below_one_are_refused() -> None:
    with pytest.raises(UsageError, match=r"crossings are missing or below 1 in 2 rows \(row 1, 3\)"):
        place_weights(MET, np.array([0.0, 1.0, np.nan, 1.0]), registry(ROWS, ["point", "day"], "c"), "c")


def test_the_command_writes_weights_strata_and_sessions(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text(DATA)
    (tmp_path / "c.csv").write_text(COUNTS)
    asked = ["weight", str(tmp_path / "d.csv"), "--counts", str(tmp_path / "c.csv"), "--crossings", "times"]
    assert main([*asked, "-o", str(tmp_path / "o.csv")]) == 0
    told = capfd.readouterr().err
    assert "3 of 4 sessions, sum 175.0 (280.0 crossings)" in told
    assert "--strata place_stratum --psu place_session --sample time-location" in told
    assert "one session with interviews" not in told, "all of south was taken"
    design = st.Design(weights="place_weight", strata="place_stratum", psu=("place_session",), sample="time-location",
                       lonely_psu="adjust")  # fmt: skip
    made = st.summarize(st.read(tmp_path / "o.csv", design=design), "go")
    row = next(each for each in made.rows if each.level == "yes")
    assert row.estimate == pytest.approx((37.5 + 22.5) / 175)
    assert "sampling of places and times" in made.render()
    assert main([*asked, "-o", str(tmp_path / "o.csv")]) == 2, "no file is written over"


def test_python_makes_the_same_weights(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DATA)
    (tmp_path / "c.csv").write_text(COUNTS)
    survey = st.weight_places(tmp_path / "d.csv", tmp_path / "c.csv", crossings="times")
    assert survey.design.sample == "time-location"
    assert survey.frame["place_weight"].to_pylist() == [37.5, 75.0, 22.5, 40.0]
    with pytest.raises(UsageError, match="is a column already"):
        st.weight_places(survey, tmp_path / "c.csv")
