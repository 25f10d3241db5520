"""A manifest says what numbers come from, the same bytes each time, and finds what has changed since."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.manifest import read_manifest, written
from surveytool.manifest.manifest_hashes import plain_command

STUDY = """
[study]
title = "A study"
[data]
path = "transit.csv"
[design]
weights = "weight"
[[tables]]
variable = "social_media"
by = ["sex"]
"""


@pytest.fixture
def folder(tmp_path: Path, example: Path) -> Path:
    """A study with its data."""
    shutil.copy(example / "transit.csv", tmp_path / "transit.csv")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    return tmp_path


def kinds(done: Any) -> dict[str, bool]:
    return {each["kind"]: each["matters"] for each in done.json["changes"]}


def test_what_it_holds(folder: Path, run: Callable[..., Any]) -> None:
    out, file = folder / "out.csv", folder / "m.json"
    assert run("summarize", folder / "study.toml", "-o", out, "--manifest", file, "--time", "2023-02-08").status == 0
    found = json.loads(file.read_text("utf-8"))
    assert found["data"]["sha256"] == hashlib.sha256((folder / "transit.csv").read_bytes()).hexdigest()
    assert found["study"]["sha256"] == hashlib.sha256((folder / "study.toml").read_bytes()).hexdigest()
    assert found["outputs"][0] == {
        "name": "out.csv", "sha256": hashlib.sha256(out.read_bytes()).hexdigest(), "rows": None, "parts": {},
    }  # fmt: skip
    assert (found["data"]["rows"], found["used"], found["time"]) == (531, 531, "2023-02-08")
    assert found["design"] == {"weights": "weight"} and found["versions"]["surveytool"] and found["versions"]["python"]
    assert str(folder) not in file.read_text("utf-8") and folder.name not in file.read_text("utf-8")


def test_the_same_run_gives_the_same_bytes(folder: Path, run: Callable[..., Any]) -> None:
    made = []
    for _ in range(2):
        run("summarize", folder / "study.toml", "--format", "json", "--manifest", folder / "m.json", "--overwrite")
        made.append((folder / "m.json").read_bytes())
    assert made[0] == made[1] and b'"time": null' in made[0]
    assert written(read_manifest(folder / "m.json")) == made[0]


@pytest.mark.parametrize("command", [
    ("summarize", "social_media"), ("compare", "social_media", "--by", "sex"), ("model", "age ~ sex"),
    ("chart", "social_media", "--by", "sex", "-o", "chart.svg"),
])  # fmt: skip
def test_every_command_that_computes(
    command: tuple[str, ...], folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = run(command[0], "transit.csv", *command[1:], "-w", "weight", "--manifest", "m.json")
    assert done.status == 0, done.err
    found = read_manifest(folder / "m.json")
    assert found.used == 531 and found.tables and found.command[0] == command[0]


def test_a_report_has_one_too(folder: Path, run: Callable[..., Any]) -> None:
    done = run("report", folder / "study.toml", "-o", folder / "report.html", "--manifest", folder / "m.json")
    assert done.status == 0, done.err
    found = read_manifest(folder / "m.json")
    assert [each.name for each in found.outputs] == ["report.html"] and found.tables and found.used == 531


def test_nothing_changed(folder: Path, run: Callable[..., Any]) -> None:
    run("summarize", folder / "study.toml", "--manifest", folder / "m.json")
    done = run("reproduce", "--against", folder / "m.json", folder / "study.toml", "--format", "json")
    assert done.status == 0 and done.json["same"] is True
    assert kinds(done) == {"data_same": False, "study_same": False}
    assert run("reproduce", "--against", folder / "m.json").status == 0  # found by their names


def test_data_that_changed(folder: Path, run: Callable[..., Any]) -> None:
    run("summarize", folder / "study.toml", "--manifest", folder / "m.json")
    data = folder / "transit.csv"
    lines = data.read_text("utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[:-1]), "utf-8")
    done = run("reproduce", "--against", folder / "m.json", folder / "study.toml", "--format", "json")
    assert done.status == 1 and kinds(done)["data_rows"] is True
    assert "531" in done.json["changes"][0]["what"] and "530" in done.json["changes"][0]["what"]
    data.unlink()
    done = run("reproduce", "--against", folder / "m.json", folder / "study.toml", "--format", "json")
    assert done.status == 1 and "data_gone" in kinds(done)


@pytest.mark.parametrize(("old", "new", "kind", "status"), [
    ('weights = "weight"', 'weights = "age"', "study_parts", 1),
    ('by = ["sex"]', 'by = ["age_group"]', "study_parts", 1),
    ('title = "A study"', 'title = "Another"', "study_words", 0),
    ("[study]", "# a comment\n[study]", "study_comments", 0),
    ('path = "transit.csv"', 'path = "./transit.csv"', "study_comments", 0),
])  # fmt: skip
def test_a_study_that_changed(
    old: str, new: str, kind: str, status: int, folder: Path, run: Callable[..., Any]
) -> None:
    run("summarize", folder / "study.toml", "--manifest", folder / "m.json")
    (folder / "study.toml").write_text(STUDY.replace(old, new), "utf-8")
    done = run("reproduce", "--against", folder / "m.json", folder / "study.toml", "--format", "json")
    assert done.status == status and kinds(done)[kind] is (status == 1)


def test_two_manifests_tell_which_tables_differ(folder: Path, run: Callable[..., Any]) -> None:
    data = folder / "transit.csv"
    run("summarize", data, "social_media", "age", "-w", "weight", "--manifest", folder / "a.json")
    run("summarize", data, "social_media", "education", "--manifest", folder / "b.json")
    done = run("reproduce", "--against", folder / "a.json", folder / "b.json", "--format", "json")
    told = {each["kind"]: each["what"] for each in done.json["changes"]}
    assert done.status == 1
    assert "social_media" in told["numbers_changed"] and "age" in told["tables_gone"]
    assert "education" in told["tables_new"] and "weights" in told["design"]
    same = run("reproduce", "--against", folder / "a.json", folder / "a.json", "--format", "json")
    assert same.status == 0 and kinds(same)["numbers_same"] is False


def test_other_versions_are_said_and_pass(folder: Path, run: Callable[..., Any]) -> None:
    run("summarize", folder / "study.toml", "--manifest", folder / "m.json")
    values = json.loads((folder / "m.json").read_text("utf-8"))
    values["versions"]["numpy"] = "1.0"
    (folder / "m.json").write_text(json.dumps(values), "utf-8")
    done = run("reproduce", "--against", folder / "m.json", folder / "study.toml", "--lang", "fr")
    assert done.status == 0 and "numpy était 1.0" in done.out


NO_MANIFEST = (
    "", "[]", "{}", '{"manifest": 2}', '{"manifest": 1, "data": 3}', "\x00", "[" * 5000,
    '{"manifest": 1, "unknown": 1}', '{"manifest": 1, "data": {"name": 1}}',
)  # fmt: skip


@pytest.mark.parametrize("content", NO_MANIFEST)
def test_a_file_that_is_no_manifest(content: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    file = tmp_path / "m.json"
    file.write_text(content, "utf-8")
    done = run("reproduce", "--against", file)
    assert done.status == 2 and len(done.err.splitlines()) == 1 and "manifest" in done.err


def test_a_name_in_a_manifest_leads_nowhere_else(folder: Path, run: Callable[..., Any]) -> None:
    run("summarize", folder / "transit.csv", "sex", "--manifest", folder / "m.json")
    values = json.loads((folder / "m.json").read_text("utf-8"))
    values["data"]["name"] = "../../../../etc/passwd"
    (folder / "m.json").write_text(json.dumps(values), "utf-8")
    done = run("reproduce", "--against", folder / "m.json", "--format", "json")
    assert done.status == 1 and kinds(done) == {"data_gone": True}


def test_refused_before_anything_is_computed(folder: Path, run: Callable[..., Any]) -> None:
    (folder / "m.json").write_text("x", "utf-8")
    for target in (folder / "m.json", folder / "m.txt", folder / "none" / "m.json"):
        done = run("summarize", folder / "transit.csv", "sex", "--manifest", target)
        assert done.status == 2 and done.out == ""


@pytest.mark.parametrize(("typed", "kept"), [
    ("/home/me/My Data/transit.sav", "transit.sav"), ("C:\\Users\\me\\transit.sav", "transit.sav"),
    ("--output=/tmp/x/out.csv", "--output=out.csv"), ("../data/transit.sav", "transit.sav"),
    ("data/transit.sav", "transit.sav"), ("My Data/transit.sav", "transit.sav"), ("y ~ a/b", "y ~ a/b"),
    ("water/tap", "water/tap"), ("age >= 18", "age >= 18"), ("sex:age", "sex:age"),
    ("~/study.toml", "study.toml"),
])  # fmt: skip
def test_no_folder_stays_in_the_command(typed: str, kept: str) -> None:
    assert plain_command([typed]) == (kept,)
