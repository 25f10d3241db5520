"""Every way in which what numbers come from may differ between then and now, and what is said of it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from surveytool.manifest.manifest_changes import changes
from surveytool.manifest.manifest_file import Manifest, Mark
from surveytool.manifest.manifest_hashes import _free, plain_command, used

DATA = Mark(name="a.csv", sha256="aa", rows=10)
LIVE = Mark(name="db::t", sha256=None, rows=10, time="2023-02-08")
STUDY = Mark(name="s.toml", sha256="ss", parts={"design": "d1", "study": "w1"})
THEN = Manifest(
    data=DATA, study=STUDY, design={"weights": "w", "psu": ["a", "b"]}, versions={"numpy": "1", "python": "3"},
    tables={"q": {"n": 5, "numbers": "x"}, "r": {"n": None, "numbers": "y"}},
)  # fmt: skip


def told(now: Manifest, then: Manifest = THEN, **more: bool) -> list[tuple[Any, ...]]:
    found = changes(then, now, **more)
    return [(each.kind, each.matters, each.same, each.unseen, dict(each.what.values)) for each in found]


SAME = [("data_same", False, True, False, {"name": "a.csv"}), ("study_same", False, True, False, {"name": "s.toml"})]


def test_nothing_has_changed() -> None:
    assert told(THEN) == SAME
    assert told(THEN, numbers=True) == [*SAME, ("numbers_same", False, True, False, {"n": 2})]
    assert told(Manifest(), Manifest()) == []


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (DATA, None, ("data_gone", True, False, False, {"name": "a.csv"})),
        (LIVE, None, ("data_away", True, False, False, {"name": "db::t"})),
        (
            DATA,
            replace(DATA, sha256="bb"),
            ("data_changed", True, False, False, {"name": "a.csv", "then": 10, "now": 10}),
        ),
        (
            DATA,
            replace(DATA, sha256="bb", rows=9),
            ("data_rows", True, False, False, {"name": "a.csv", "then": 10, "now": 9}),
        ),
        (
            DATA,
            replace(DATA, sha256="bb", rows=None),
            ("data_changed", True, False, False, {"name": "a.csv", "then": 10, "now": 0}),
        ),
        (LIVE, replace(LIVE, time="2023-03-01"), ("data_live", False, False, True, {"name": "db::t", "rows": 10})),
        (LIVE, replace(LIVE, rows=11), ("data_rows", True, False, False, {"name": "db::t", "then": 10, "now": 11})),
        (LIVE, replace(LIVE, rows=None), ("data_live", False, False, True, {"name": "db::t", "rows": 0})),
        (DATA, replace(DATA, time="2023"), ("data_live", False, False, True, {"name": "a.csv", "rows": 10})),
    ],
)
def test_data(then: Mark, now: Mark | None, change: tuple[Any, ...]) -> None:
    assert told(Manifest(data=now), Manifest(data=then)) == [change]


def test_another_name_of_the_same_data() -> None:
    assert told(Manifest(data=replace(DATA, name="b.csv")), Manifest(data=DATA)) == [
        ("data_name", False, False, False, {"then": "a.csv", "now": "b.csv"}),
        ("data_same", False, True, False, {"name": "b.csv"}),
    ]
    assert told(Manifest(data=DATA), Manifest()) == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"design": "d2", "study": "w1"}, [("study_parts", True, ("[design]",))]),
        ({"design": "d1", "study": "w2"}, [("study_words", False, ("[study]",))]),
        (
            {"design": "d2", "study": "w2", "charts": "c"},
            [("study_parts", True, ("[design]",)), ("study_words", False, ("[study]", "[charts]"))],
        ),
        ({"study": "w1"}, [("study_parts", True, ("[design]",))]),
        ({"design": "d1", "study": "w1"}, [("study_comments", False, None)]),
    ],
)
def test_a_study(parts: dict[str, str], expected: list[tuple[Any, ...]]) -> None:
    found = told(Manifest(study=replace(STUDY, sha256="tt", parts=parts)), Manifest(study=STUDY))
    assert [(kind, matters, values.get("parts")) for kind, matters, _, _, values in found] == expected
    assert not any(same or unseen for _, _, same, unseen, _ in found)


def test_a_study_that_is_new_or_gone() -> None:
    assert told(Manifest(), Manifest(study=STUDY)) == [("study_gone", True, False, False, {"name": "s.toml"})]
    assert told(Manifest(study=STUDY), Manifest()) == [("study_new", True, False, False, {"name": "s.toml"})]


def test_claims_design_tables_and_versions() -> None:
    claims = Mark(name="c.csv", sha256="cc")
    assert told(Manifest(claims=replace(claims, sha256="dd")), Manifest(claims=claims)) == [
        ("claims_changed", True, False, False, {"name": "c.csv"})
    ]
    assert told(Manifest(claims=claims), Manifest(claims=claims)) == told(Manifest(claims=claims), Manifest()) == []
    changed = replace(
        THEN, design={"weights": "w", "psu": ["a"], "strata": "h"},
        versions={"numpy": "2", "arrow": "9", "python": "3"},
        tables={"q": {"n": 5, "numbers": "z"}, "new": {"n": 1, "numbers": "y"}},
    )  # fmt: skip
    assert told(changed, numbers=True) == [
        ("design", True, False, False, {"setting": "psu", "then": "a, b", "now": "a"}),
        ("design", True, False, False, {"setting": "strata", "then": "–", "now": "h"}),
        ("numbers_changed", True, False, False, {"tables": ("q",), "n": 1}),
        ("tables_gone", True, False, False, {"tables": ("r",), "n": 1}),
        ("tables_new", False, False, False, {"tables": ("new",), "n": 1}),
        ("version", False, False, False, {"name": "numpy", "then": "1", "now": "2"}),
        ("version", False, False, False, {"name": "arrow", "then": "–", "now": "9"}),
        *SAME,
    ]


def test_the_largest_base() -> None:
    assert used({"a": {"n": 3}, "b": {"n": None}, "c": {"n": 9}}) == 9
    assert used({"b": {"n": None}}) is None


def test_a_command_without_folders() -> None:
    assert plain_command(["summarize", "/home/ana/x.csv", "-o", "out/t.csv"]) == ("summarize", "x.csv", "-o", "t.csv")


def test_tables_of_one_name_are_told_apart() -> None:
    taken: dict[str, int] = {}
    for _ in range(3):
        taken[_free("plan", taken)] = 1
    assert list(taken) == ["plan", "plan (2)", "plan (3)"]


@pytest.mark.parametrize(("typed", "kept"), [
    ("a/b.csv == 1", "a/b.csv == 1"), ("in/data.csv", "data.csv"), ("data.csv", "data.csv"), ("q1/option", "q1/option"),
    ("./q1", "q1"), ("~/x", "x"), ("C:\\data\\x.sav", "x.sav"), ("C:x.sav", "C:x.sav"), ("a/b.c > 'x'", "a/b.c > 'x'"),
    ("--where=a/b.c == 1", "--where=a/b.c == 1"), ("-o", "-o"), ("/", ""), ("sex:age", "sex:age"),
])  # fmt: skip
def test_paths_are_cut_and_conditions_are_not(typed: str, kept: str) -> None:
    assert plain_command([typed]) == (kept,)


@pytest.mark.skipif(os.name == "nt", reason="a name may hold a backslash elsewhere only")
def test_a_backslash_in_a_name_is_a_sign_like_others() -> None:
    assert plain_command(["a\\b.sav"]) == ("a\\b.sav",)
