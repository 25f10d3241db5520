"""``new --frame``: strata and people of a sampling frame become weights that follow the data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.errors import UsageError

Run = Callable[..., Any]
DATA = "place,q\n" + "A1,yes\n" * 3 + "B2,no\n" * 5 + "c,yes\n" * 2


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "frame.csv").write_text("Place name,Total HH\na1 ,20\nA1,10\nB2,10\nC,60\n", encoding="utf-8")
    return tmp_path


def test_two_commands_make_a_weighted_table(run: Run, desk: Path) -> None:
    """30, 10 and 60 households: nine tenths say yes; the same stratum in two rows is added up."""
    assert run("new", "d.csv", "--frame", "frame.csv", "--accept", "-o", "s.toml").status == 0
    study = tomllib.loads((desk / "s.toml").read_text(encoding="utf-8"))
    assert study["design"]["weights"] == "frame_weight" and study["design"]["strata"] == "place"
    (made,) = [entry for entry in study["recodes"] if entry["type"] == "expansion"]
    assert made["populations"] == {"A1": 30, "B2": 10, "c": 60}
    rows = run("summarize", "s.toml", "q", "--format", "json").json["rows"]
    (yes,) = [row for row in rows if row["level"] == "yes"]
    assert yes["estimate"] == pytest.approx(0.9) and yes["n_weighted"] == pytest.approx(100)


def test_more_interviews_change_the_weights(run: Run, desk: Path) -> None:
    """Respondents are counted when the data are read: an export that has grown keeps the people of each stratum."""
    run("new", "d.csv", "--frame", "frame.csv", "--accept", "-o", "s.toml")
    (desk / "d.csv").write_text(DATA + "A1,yes\n" * 7, encoding="utf-8")
    (yes,) = [row for row in run("summarize", "s.toml", "q", "--format", "json").json["rows"] if row["level"] == "yes"]
    assert yes["estimate"] == pytest.approx(0.9) and yes["n"] == 17


def test_a_frame_is_proposed_unless_accepted(run: Run, desk: Path) -> None:
    text = run("new", "d.csv", "--frame", "frame.csv").out
    assert '# weights = "frame_weight"' in text and "populations of frame.csv" in text


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ("Site,Total HH\nX,1\nY,2\n", "no column of the frame holds the answers of a question of the data."),
        ("Place,pop,households\nA1,1,2\nB2,3,4\nc,5,6\n", "columns that may count people: pop, households."),
        ("Place,name\nA1,x\nB2,y\nc,z\n", "columns that may count people: none."),
    ],
)
def test_a_frame_that_does_not_fit_is_one_line(run: Run, desk: Path, frame: str, told: str) -> None:
    (desk / "other.csv").write_text(frame, encoding="utf-8")
    done = run("new", "d.csv", "--frame", "other.csv", "--accept", "-o", "s.toml")
    assert done.status == 2 and told in done.err and len(done.err.splitlines()) == 1
    assert not (desk / "s.toml").exists()


def test_python_takes_the_same(desk: Path) -> None:
    import surveytool as st

    assert 'weights = "frame_weight"' in st.new("d.csv", frame="frame.csv", accept=True)


def test_a_stratum_that_names_two_answers_stops(run: Run, desk: Path) -> None:
    """The label of one answer is the code of another: which people are meant cannot be known."""
    from surveytool.study_draft.sampling_frame import _matched
    from surveytool.survey import Level, Variable

    levels = (Level(code="1", label="2", order=0, count=4), Level(code="2", label="1", order=1, count=5))
    variable = Variable(name="place", kind="single", levels=levels, columns=("place",), n=9, n_missing=0)
    with pytest.raises(UsageError, match="'1' names several answers of place"):
        _matched(Path("frame.csv"), ["1", "2"], [30.0, 40.0], variable)


def test_a_text_with_commas_is_no_count_of_people(run: Run, desk: Path) -> None:
    """1,5 may be one and a half or fifteen: it is read by the file's own marks, or not at all."""
    (desk / "frame.csv").write_text("Place;people\nA1;1,5\nB2;2,5\nC;3,5\n", encoding="utf-8")
    run("new", "d.csv", "--frame", "frame.csv", "--accept", "-o", "s.toml")
    study = tomllib.loads((desk / "s.toml").read_text(encoding="utf-8"))
    (made,) = [entry for entry in study["recodes"] if entry["type"] == "expansion"]
    assert made["populations"] == {"A1": 1.5, "B2": 2.5, "c": 3.5}
