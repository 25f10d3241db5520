"""The shipped example is what its script makes, says what the study published, and is one thing in both files."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import surveytool as st


@pytest.fixture(scope="module")
def people(example: Path) -> list[dict[str, str]]:
    with (example / "transit.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_makes_the_committed_files(example: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(example / "make.py"), "--to", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("transit.csv", "labels.csv"):
        assert (tmp_path / name).read_bytes() == (example / name).read_bytes()
    made, kept = (st.read(folder / "transit.sav") for folder in (tmp_path, example))
    assert made.frame.equals(kept.frame)
    assert made.codebook == kept.codebook


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("name", "sex", "percent"),
    [
        ("smartphone_internet", None, 64),
        ("social_media", "Male", 47),
        ("social_media", "Female", 35),
        ("tech_none", None, 18),
    ],
)
def test_published_percentages(
    people: list[dict[str, str]], name: str, sex: str | None, percent: int, weighted: bool
) -> None:
    group = [row for row in people if sex in (None, row["sex"])]
    weights = [float(row["weight"]) if weighted else 1.0 for row in group]
    share = sum(w for w, row in zip(weights, group, strict=True) if row[name] == "Yes") / sum(weights)
    assert len(people) == 531
    assert int(100 * share + 0.5) == percent
    design = st.Design(weights="weight") if weighted else st.Design()
    rows = st.summarize(people_file(), name, by=["sex"], design=design).rows
    ours = next(row for row in rows if row.level == "Yes" and row.by == ({"sex": sex} if sex else {}))
    assert ours.estimate == pytest.approx(share, rel=1e-12)


def people_file() -> Path:
    return Path(__file__).resolve().parents[2] / "examples" / "iom_2023" / "transit.csv"


@pytest.mark.parametrize("question", ["tech_journey", "tech_none"])
def test_age_claims(question: str) -> None:
    rows = st.summarize(people_file(), question, by=["age_group"], design=st.Design(weights="weight")).rows
    wanted = "Yes" if question == "tech_journey" else "No"
    use = {row.by["age_group"]: row.estimate for row in rows if row.by and row.level == wanted}
    assert list(use) == ["18-25", "26-35", "36-45", "46 and over"]
    assert max(use, key=lambda band: use[band] or 0) == "26-35"
    assert (use["26-35"] or 0) > 0.5
    assert min(use, key=lambda band: use[band] or 0) == "46 and over"


def test_answers_do_not_contradict_each_other(people: list[dict[str, str]]) -> None:
    for row in people:
        if row["tech_none"] == "Yes":
            assert row["tech_used"] == "none"
            assert row["sm_use"] == row["social_media"] == row["tech_journey"] == row["smartphone_internet"] == "No"
        if row["social_media"] == "Yes":
            assert row["sm_use"] == "Yes"
        smart = row["phone_type"] in ("Own smartphone", "Shared smartphone")
        assert (row["smartphone_internet"] == "Yes") == (smart and row["internet_journey"] != "Never")
        assert bool(row["platforms"]) == (row["sm_use"] == "Yes")
        assert bool(row["smuggler_contact"]) == (row["smuggler_used"] == "Yes")
        stops = [row[f"route_{n}"] for n in range(1, 9)]
        filled = [stop for stop in stops if stop]
        assert stops[: len(filled)] == filled
        assert all(a != b for a, b in pairwise(filled))
        assert int(row["n_transit"]) == len(filled)
        low, high = {"18-25": (18, 25), "26-35": (26, 35), "36-45": (36, 45), "46 and over": (46, 99)}[row["age_group"]]
        assert low <= int(row["age"]) <= high
    assert sum(row["sex"] == "Male" and int(row["age"]) < 40 for row in people) >= 266


def test_both_files_say_the_same(example: Path) -> None:
    """Every single question from the .sav and from the .csv; missing kinds of the .sav are answers in the .csv."""
    sav = st.read(example / "transit.sav", design=st.Design(weights="weight"))
    text = st.read(example / "transit.csv", design=st.Design(weights="weight"))
    names = [
        name for name, each in sav.codebook.items()
        if each.kind == "single" and name in text.codebook and text.codebook[name].kind == "single"
        and not any(level.missing for level in each.levels)
    ]  # fmt: skip
    assert len(names) > 15

    def shares(survey: st.Survey) -> dict[tuple[str, str | None], float | None]:
        rows = st.summarize(survey, names).rows
        return {(row.variable, row.level): row.estimate for row in rows if row.count}

    assert shares(sav) == pytest.approx(shares(text))


def test_missing_kinds_and_sets_are_in_the_sav(example: Path) -> None:
    book = st.read(example / "transit.sav").codebook
    kinds = {level.label: level.missing for level in book["smuggler_used"].levels}
    assert kinds == {"Yes": None, "No": None, "Don't know": "dont_know", "Refused": "refused"}
    for name in (
        "platforms",
        "phone_purpose",
        "reasons",
        "tech_used",
        "info_before",
        "info_during",
        "smuggler_services",
    ):
        assert book[name].kind == "multiple"
        assert book[name].counted == 1.0
        assert len(book[name].columns) == len(book[name].levels) >= 4


def test_the_questionnaire_names_every_column_in_two_languages(example: Path, people: list[dict[str, str]]) -> None:
    with (example / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    known = {row["name"] for row in labels} | {f"{row['name']}/{row['level']}" for row in labels}
    assert set(people[0]) <= known
    assert all(row["label_en"] and row["label_es"] for row in labels)


def test_it_is_called_synthetic_wherever_it_is_shown(run: Callable[..., Any], example: Path) -> None:
    for name in ("transit.csv", "transit.sav"):
        for form in ("terminal", "json", "markdown", "html"):
            ran = run("summarize", example / name, "sex", "-w", "weight", "--format", form)
            assert "ynthetic" in ran.out, (name, form)
        assert "ynthetic" in run("codebook", example / name).out
    assert "ynthetic" in (example / "README.md").read_text(encoding="utf-8")
