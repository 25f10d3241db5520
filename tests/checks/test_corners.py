"""Findings on both sides of their limits: units, groups, codes, levels, copies, and the words for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveytool import Design, read
from surveytool.checks.codes import _told
from surveytool.checks.design_columns import _repeats, look, region_strata
from surveytool.checks.duplicate_rows import duplicates, groups
from surveytool.checks.finding import finding
from surveytool.checks.groups import _counts
from surveytool.checks.levels import levels
from surveytool.checks.raw_survey import RawSurvey
from surveytool.checks.run_checks import _explains
from surveytool.checks.sampling_units import units
from surveytool.checks.weights import _labels, weights
from surveytool.notes import note
from surveytool.survey import Level
from surveytool.text import words

EN = words("en")


def raw(design: Design | None = None, **columns: Any) -> RawSurvey:
    return RawSurvey(read(pd.DataFrame(columns), design=design or Design()))


def kinds(found: Any) -> dict[str, Any]:
    return {each.kind: each for each in found}


@pytest.mark.parametrize(("count", "few"), [(11, True), (12, False)])
def test_twelve_units_are_enough(count: int, few: bool) -> None:
    held = raw(Design(psu="p"), p=[place % count for place in range(48)], q=["a", "b"] * 24)
    assert ("few_psu" in kinds(units(held))) is few


def test_units_are_told_with_their_numbers() -> None:
    held = raw(Design(strata="h", psu="p"), h=["a", "a", "a", "b", "b", None], p=[1, 1, 2, 1, 1, 2], q=list("xyxyxy"))
    found = kinds(units(held))
    assert found["unit_missing"].n == 1 and found["unit_missing"].severity == "error"
    assert (found["psu_reused"].n, found["psu_reused"].severity) == (1, "note")
    lonely = found["lonely_psu"]
    assert (lonely.n, dict(lonely.what.values)["stratum"], lonely.severity) == (2, "b", "error")
    noted = kinds(units(RawSurvey(read(pd.DataFrame({"h": ["a", "b", "b"], "p": [1, 2, 3]}),
                                       design=Design(strata="h", psu="p", lonely_psu="adjust")))))  # fmt: skip
    assert noted["lonely_psu"].severity == "note" and "psu_each_row" in noted


@pytest.mark.parametrize(("code", "found", "times", "labels", "told"), [
    (-9.0, [-9.0], 1, False, True), (96.0, [96.0], 1, False, True), (97.0, [97.0], 1, False, True), (88.0,
    [88.0], 2, False, False),
    (88.0, [88.0], 3, False, True), (9.0, [9.0], 9, False, False), (9.0, [9.0], 1, True, True), (9.0,
    [8.0, 9.0], 1, False, True),
    (77.0, [77.0], 1, True, False),
])  # fmt: skip
def test_a_usual_code_needs_company_unless_it_is_large(
    code: float, found: list[float], times: int, labels: bool, told: bool
) -> None:
    assert _told(code, found, {code: times}, labels=labels) is told


@pytest.mark.parametrize(("values", "kind"), [
    ([1, 3, 5] * 4, "strata"), ([1, 4, 5] * 4, "weights"), ([2, 3] * 4, "strata"), ([0, 2] * 4, "strata"),
    ([3, 5] * 4, "weights"),
])  # fmt: skip
def test_steps_of_two_are_steps(values: list[int], kind: str) -> None:
    assert look(np.array(values, dtype=float)) == kind


def level(code: Any, label: str, count: int) -> Level:
    return Level(code=code, label=label, count=count)


def undeclared(*told: Level) -> Any:
    from dataclasses import replace

    from surveytool.survey import Codebook

    survey = read(pd.DataFrame({"q": ["a", "b"] * 5}))
    variable = replace(survey.codebook["q"], levels=told)
    return kinds(levels(RawSurvey(replace(survey, codebook=Codebook({"q": variable})))))


@pytest.mark.parametrize(("bare", "told"), [
    (("abc",), True), (("abcd",), False), (("abc", "abcd"), False), (("ab", "cd"), True), (("a", "b", "c"), False),
])  # fmt: skip
def test_short_texts_without_a_label_are_undeclared_codes(bare: tuple[str, ...], told: bool) -> None:
    found = undeclared(level("x", "One", 3), level("y", "Two", 3), *(level(each, each, 2) for each in bare))
    assert ("undeclared" in found) is told
    if told:
        assert found["undeclared"].n == 2 * len(bare)


@pytest.mark.parametrize(("code", "told"), [(2.0, False), (5.0, True), (0.0, True)])
def test_a_code_between_labelled_ends_belongs_to_a_scale(code: float, told: bool) -> None:
    found = undeclared(level(1.0, "Never", 3), level(4.0, "Always", 3), level(code, f"{code:g}", 2))
    assert ("undeclared" in found) is told


def test_crossed_groups_are_counted_in_order() -> None:
    missing = Level(code=9.0, label="", missing="user")
    one = np.array([0, 0, 1, 1, -1, 2]), (level(1.0, "a", 1), level(2.0, "b", 1), missing)
    two = np.array([0, 1, 0, 0, 0, 0]), (level(1.0, "u", 1), level(2.0, "v", 1))
    inside = np.array([True, True, True, False, True, True])
    assert _counts([one, two], inside) == [1, 1, 1, 0]
    assert _counts([two], inside) == [4, 1]


@pytest.mark.parametrize(("kind", "severity", "part", "explains"), [
    ("unit_missing", "error", "design", True), ("unit_missing", "note", "design", False),
    ("x", "error", "study", False),
    ("design_refused", "error", "design", False), ("lonely_psu", "error", "design", False),
    ("unknown_column", "note", "study", True),
])  # fmt: skip
def test_an_error_of_the_design_says_more_than_a_refusal(kind: str, severity: Any, part: Any, explains: bool) -> None:
    assert _explains(finding(severity, kind, "x", part=part)) is explains


@pytest.mark.parametrize(("mean", "told"), [
    (10.0, True), (10.009, True), (10.02, False), (1.0, False), (1e8, True), (1e9, False), (20.0, False),
])  # fmt: skip
def test_implied_decimals_are_a_power_of_ten(mean: float, told: bool) -> None:
    values = np.tile([0.8, 1.2], 50) * mean
    found = kinds(weights(raw(Design(weights="w"), w=np.round(values, 9), q=["a"] * 100)))
    assert ("weights_implied" in found) is told


@pytest.mark.parametrize(("words_", "told"), [(6, True), (7, False)])
def test_a_long_label_is_a_question_and_names_no_part_of_a_design(
    words_: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveytool.checks import weights as module

    held = raw(Design(weights="w"), w=[1.0, 2.0], q=["a", "b"])
    monkeypatch.setattr(module, "looks_like_design", lambda text: "strata" if " " in text else None)
    monkeypatch.setattr(RawSurvey, "title", lambda self, name: " ".join(["word"] * words_) if name == "w" else name)
    assert [each.kind for each in _labels(held)] == (["swapped"] if told else [])


def test_copies_are_counted_and_chance_is_none() -> None:
    rng = np.random.default_rng(3)
    data = {f"q{place}": rng.integers(0, 9, 60).astype(str).tolist() for place in range(14)}
    assert not list(duplicates(raw(**data)))
    for column in data.values():
        column[7], column[9] = column[3], column[3]
    (found,) = duplicates(raw(**data))
    assert (found.kind, found.n) == ("same_rows", 2)
    alike = {f"q{place}": rng.choice(["yes", "no"], 60).tolist() for place in range(5)}
    assert not list(duplicates(raw(**alike)))


def test_rows_have_one_number_where_they_are_the_same() -> None:
    held = raw(a=["x", "y", "x", None, None], b=[1, 1, 1, 2, 2])
    assert len(set(groups(held, ["a", "b"]).tolist())) == 3
    assert groups(held, []).tolist() == [0] * 5


def test_a_region_that_holds_whole_units_may_be_strata() -> None:
    data: dict[str, Any] = {"p": [1, 1, 2, 2, 3, 3, 4, 4], "region": ["a"] * 4 + ["b"] * 4, "q": list("xyxyxyxy")}
    assert region_strata(raw(**data), "p") == "region"
    assert region_strata(raw(**{**data, "region": ["a"] * 3 + ["b"] * 5}), "p") is None  # a unit in both
    assert region_strata(raw(**{**data, "region": ["a"] * 2 + ["b"] * 6}), "p") is None  # one unit alone
    blank = {
        "p": [place // 2 for place in range(12)],
        "region": [None] * 4 + ["a"] * 4 + ["b"] * 4,
        "q": list("xy" * 6),
    }
    assert region_strata(raw(**blank), "p") is None
    assert region_strata(raw(**{**data, "region": ["a"] * 8}), "p") is None


@pytest.mark.parametrize(("values", "again"), [
    ([1, 1, 2, 2], True), ([1, 2, 3, 4], False), ([1, 1, None, 2], False), ([1.5, 1.5, 2, 2], False),
    (["a", "a", "b", "c"], True),
    ([1, 1, 1, 1], False),
])  # fmt: skip
def test_codes_that_come_again(values: list[Any], again: bool) -> None:
    assert _repeats(raw(c=values, q=list("abab")), "c") is again


def test_a_blank_or_a_missing_kind_is_no_answer() -> None:
    held = raw(q=["a", None, "b", "a"])
    assert held.answered("q").tolist() == [True, False, True, True]


def test_nothing_wrong_is_said_and_one_cause_has_one_cure(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    rng = np.random.default_rng(5)
    pd.DataFrame({"q": rng.choice(["yes", "no"], 60), "r": rng.choice(["often", "never"], 60)}).to_csv(
        path, index=False
    )
    ran = run("check", path)
    assert ran.status == 0 and "Nothing wrong or suspicious was found." in ran.out
    assert EN.say(note("cure_same_cause", text="Do.")) == (
        "Do. For all of them at once: surveytool new FILE -o study.toml writes a proposal for each."
    )
    assert (
        EN.say(note("numbers_as_text", variables=("a", "b"))) == "Numbers stored as text were read as numbers: a and b."
    )


def test_a_study_that_cannot_be_read_keeps_its_design(tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "s.toml").write_text(
        '[data]\npath = "none.csv"\n[design]\nweights = "w"\n[[tables]]\nvariable = "q"\nlevel = 7\n', encoding="utf-8"
    )
    ran = run("check", tmp_path / "s.toml", "--format", "json")
    assert ran.json["design"]["weights"] == "w" and len(ran.json["findings"]) >= 2
    typed = run("check", tmp_path / "s.toml", "-w", "other", "--format", "json")
    assert typed.json["design"]["weights"] == "other"


def test_strata_that_are_certain_and_people_without_consent_in_words() -> None:
    assert EN.say(note("lonely_psu", policy="certainty", strata=("A", "B"), n=2)) == (
        "2 strata have one PSU only (A and B). They are taken as certain to be in the sample and add nothing to the "
        "variance (--lonely-psu certainty)."
    )
    assert EN.say(note("doubtful_interviews", why="rejected", column="status")) == (
        "Interviews that were not approved (status) are in the file and count here, unless a condition leaves them out."
    )
    assert EN.say(note("doubtful_interviews", why="refused", column="consent")) == (
        "People who did not consent (consent) are in the file and count here, unless a condition leaves them out."
    )
