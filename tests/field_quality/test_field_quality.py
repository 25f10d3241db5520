"""The interviews themselves: planted faults are found, honest teams are left alone, nobody is named unasked."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import SurveytoolError
from surveytool.field_quality import field_quality
from surveytool.field_quality.near_copies import near_copies
from surveytool.field_quality.team_comparison import compared

GOLDEN = Path(__file__).parents[3] / "shared" / "golden_methods" / "quality"


def export(path: Path, *, straight: str = "", few: str = "", teams: int = 8, each: int = 30) -> Path:
    """An invented export: enumerator ``straight`` gives one answer to all, ``few`` has ten interviews only."""
    random = np.random.default_rng(3)
    rows = [["uuid", "enumerator", "start", "end", "age", *(f"q{item}" for item in range(1, 25))]]
    for who in (f"E{number}" for number in range(1, teams + 1)):
        for _ in range(10 if who == few else each):
            day, minutes = int(random.integers(1, 28)), int(random.integers(25, 45))
            answers = random.integers(1, 6, 24)
            answers = np.full(24, 3) if who in (straight, few) else answers
            rows.append([f"u{len(rows)}", who, f"2026-05-{day:02d}T10:00:00", f"2026-05-{day:02d}T10:{minutes}:00",
                         str(random.integers(18, 70)), *map(str, answers)])  # fmt: skip
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_who_answers_for_himself_is_named_by_number(tmp_path: Path) -> None:
    report = field_quality(st.read(export(tmp_path / "d.csv", straight="E4")))
    named = {(each.kind, report.who(each.enumerator)) for each in report.comparisons if each.named}
    assert named == {("straight", "4"), ("copied", "4")}
    assert "E4" not in repr(report) and "E4" not in str(report.record()) and "E4" not in str(report.findings())
    named_ones = field_quality(st.read(tmp_path / "d.csv"), names=True)
    assert "E4" in str(named_ones.findings())


def test_ten_interviews_accuse_nobody(tmp_path: Path) -> None:
    report = field_quality(st.read(export(tmp_path / "d.csv", few="E4")), least=1)
    assert not [each for each in report.comparisons if each.named]
    assert "field_few" in {each.kind for each in report.findings()}


@pytest.mark.parametrize("people", [6, 12, 25])
def test_honest_teams_that_differ_are_left_alone(people: int) -> None:
    """At most one in a thousand: 40 teams whose shares differ by a standard deviation of 0.7 of the log odds."""
    random = np.random.default_rng(people)
    named = 0
    for _ in range(40):
        sizes = random.integers(8, 80, people)
        enumerator = np.repeat(np.arange(people), sizes).astype(np.int32)
        share = float(random.choice([0.01, 0.03, 0.08, 0.2, 0.4]))
        shares = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + random.normal(0, 0.7, people))))
        flags = random.random(len(enumerator)) < shares[enumerator]
        known = np.ones(len(enumerator), dtype=bool)
        named += sum(each.named for each in compared("x", flags, known, enumerator, measures=9, least=15))
    assert named <= max(1, 40 * people / 1000)


def test_equal_answers_are_counted_over_all_questions_and_blanks() -> None:
    answers = np.array([[1, 2, -1, 4], [1, 2, -1, 5], [9, 9, 9, 9]], dtype=np.int32)
    copies = near_copies(answers, 0.7)
    assert copies.most.tolist() == [0.75, 0.75, 0.0]
    assert copies.pairs == ((0, 1, 0.75),)
    many = np.random.default_rng(1).integers(0, 3, (700, 12)).astype(np.int32)
    brute = [max((many[row] == many[other]).mean() for other in range(700) if other != row) for row in range(700)]
    assert np.allclose(near_copies(many, 2.0).most, brute)


def test_few_questions_make_no_copies(tmp_path: Path) -> None:
    survey = st.read(export(tmp_path / "d.csv", straight="E1"), columns=["uuid", "enumerator", "q1", "q2", "q3"])
    assert field_quality(survey).measured.copies.pairs == ()


def test_the_command_tells_writes_and_its_log_goes_back_in(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    data, book = export(tmp_path / "d.csv", straight="E4"), tmp_path / "quality.xlsx"
    assert main(["check", "--field", str(data)]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert "enumerator 4" in told and "E4" not in told
    assert main(["check", "--field", str(data), "--names", "--battery", "q1,q2,q3,q4", "--format", "json"]) == 0
    record = json.loads(capfdbinary.readouterr().out)["field"]
    assert record["batteries"] == [["q1", "q2", "q3", "q4"]]
    assert {each["enumerator"] for each in record["comparisons"] if each["named"]} == {"E4"}
    assert main(["check", "--field", str(data), "-o", str(book)]) == 0
    sheets = CalamineWorkbook.from_path(book)
    assert sheets.sheet_names == ["enumerators", "interviews", "pairs", "cleaning_log"]
    interviews = sheets.get_sheet_by_name("interviews").to_python()
    assert len(interviews) == 31 and "straight" in interviews[1][4]
    assert main(["clean", str(data), "--log", str(book), "-o", str(tmp_path / "clean.csv")]) == 0


def test_a_study_says_which_columns_they_are(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    data = export(tmp_path / "d.csv", straight="E4")
    data.write_text(data.read_text().replace("enumerator", "who", 1).replace("start,end", "a,b", 1))
    text = '[data]\npath = "d.csv"\n[field]\nenumerator = "who"\nstart = "a"\nend = "b"\nbatteries = [["q*"]]\n'
    (tmp_path / "s.toml").write_text(text)
    assert main(["check", "--field", str(tmp_path / "s.toml"), "--format", "json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)["field"]
    assert (told["enumerators"], len(told["batteries"][0])) == (8, 24)
    assert 25 <= told["median_minutes"] <= 45


@pytest.mark.parametrize(
    ("settings", "told"),
    [({"enumerator": "enumm"}, "no variable named 'enumm'"), ({"batteries": (("z1",),)}, "no variable named 'z1'")],
)
def test_a_column_that_there_is_not_is_refused(settings: dict[str, object], told: str, tmp_path: Path) -> None:
    with pytest.raises(SurveytoolError, match=told):
        field_quality(st.read(export(tmp_path / "d.csv")), **settings)


def test_without_an_enumerator_the_cure_is_told(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "d.csv").write_text("sex,age\nf,30\nm,40\n")
    assert main(["check", "--field", str(tmp_path / "d.csv")]) == 2
    assert "no column says who asked. Name it with --enumerator" in capfdbinary.readouterr().err.decode()


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data beside the project are not here")
def test_the_planted_faults_are_found_and_nothing_else() -> None:
    golden = json.loads((GOLDEN / "max_percent_match.json").read_text())
    report = field_quality(st.read(GOLDEN / "field.csv"), names=True)
    copies = report.measured.copies
    assert np.allclose(copies.most, golden["max_match"], atol=1e-9)
    assert (copies.questions, len(copies.rows), len(copies.pairs)) == (47, golden["over_0.85"], golden["pairs"])
    named = {(each.kind, report.who(each.enumerator)) for each in report.comparisons if each.named}
    assert named == {("short", "E03"), ("straight", "E03"), ("heaped", "E07"), ("copied", "E09")}
    assert int(report.measured.outliers["income"].sum()) == 7
