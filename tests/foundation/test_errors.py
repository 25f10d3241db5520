"""One line of what went wrong, where, and the cure; near names; exit statuses that scripts rely on."""

from __future__ import annotations

import pickle

import pytest

from surveytool.errors import (
    SurveytoolError,
    UnknownVariable,
    UnreadableData,
    UnusableDesign,
    UsageError,
    did_you_mean,
    near_names,
)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (UsageError("is a folder.", "out", "Name a file."), "out: is a folder. Name a file."),
        (UsageError("is a folder."), "is a folder."),
        (UsageError("two\n  lines", cure="and  a cure"), "two lines and a cure"),
    ],
)
def test_an_error_is_one_line(error: UsageError, line: str) -> None:
    assert str(error) == line
    assert error.lines() == (line,)


def test_each_branch_has_its_exit_status() -> None:
    statuses = {SurveytoolError: 1, UsageError: 2, UnreadableData: 3, UnusableDesign: 4, UnknownVariable: 2}
    assert {kind: kind.exit_status for kind in statuses} == statuses


def test_an_unknown_variable_is_told_with_its_near_names() -> None:
    told = str(UnknownVariable("wieght", ["weight", "sex"], "--weights"))
    assert told == "--weights: no variable named 'wieght'. Did you mean 'weight'?"
    assert str(UnknownVariable("zzz", ["weight", "sex"])).endswith("It has: weight, sex.")
    assert "and 5 more. See them with: surveytool codebook" in str(UnknownVariable("zzz", [f"q{n}" for n in range(20)]))


@pytest.mark.parametrize("error", [UsageError("a", "b", "c"), UnknownVariable("wieght", ["weight"], "--weights")])
def test_an_error_from_another_process_is_as_it_was(error: SurveytoolError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.where, again.cure, again.exit_status) == (
        str(error), error.where, error.cure, error.exit_status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("AGE", ["age", "sex"], ["age"]),
        ("age_grp", ["age", "age_group", "agency"], ["age_group", "age"]),
        ("social", ["social_media", "sex"], ["social_media"]),
        ("qqq", ["age", "sex"], []),
    ],
)
def test_near_names_come_nearest_first_and_at_most_three(name: str, known: list[str], near: list[str]) -> None:
    assert near_names(name, known) == near


def test_at_most_three_near_names_are_told() -> None:
    assert len(near_names("a", ["aa", "ab", "ac", "ad"])) == 3
    assert near_names("a", ["aa", "ab", "ac", "ad"], 1) != []


def test_a_cure_names_them() -> None:
    assert did_you_mean(["sex"]) == "Did you mean 'sex'?"
    assert did_you_mean(["sex", "age"]) == "Did you mean 'sex' or 'age'?"
    assert did_you_mean([]) == "See the names with: surveytool codebook FILE"
