"""A manifest and what has changed since, as people see them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import console, same

STUDY = """
[study]
title = "A study"
[data]
path = "transit.csv"
[design]
weights = "weight"
strata = "country_interview"
psu = ["site"]
lonely_psu = "adjust"
[[tables]]
variable = "social_media"
by = ["sex"]
[[claims]]
id = "men"
variable = "social_media"
level = "Yes"
by = {sex = "Male"}
published = "47%"
"""


@pytest.fixture
def folder(tmp_path: Path, example: Path, run: Callable[..., Any]) -> Path:
    shutil.copy(example / "transit.csv", tmp_path / "transit.csv")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    (tmp_path / "claims.csv").write_text("id,published,variable,level\na,42%,social_media,Yes\n", "utf-8")
    made = run(
        "summarize",
        tmp_path / "study.toml",
        "-o",
        tmp_path / "out.csv",
        "--manifest",
        tmp_path / "m.json",
        "--time",
        "2023-02-08",
    )
    assert made.status == 0
    return tmp_path


def test_the_file(folder: Path) -> None:
    text = (folder / "m.json").read_text("utf-8")
    held = json.loads(text)
    held["versions"] = sorted(held["versions"])
    text = re.sub(r"[0-9a-f]{64}", lambda found: "hash-" + found[0][:6], json.dumps(held, indent=1))
    same("manifest", "manifest.json", text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "data": lambda folder: (folder / "transit.csv").write_text(
        "\n".join((folder / "transit.csv").read_text("utf-8").splitlines()[:-3]) + "\n", "utf-8"
    ),
    "study": lambda folder: (folder / "study.toml").write_text(STUDY.replace("47%", "48%"), "utf-8"),
    "design": lambda folder: (folder / "study.toml").write_text(STUDY.replace('"adjust"', '"remove"'), "utf-8"),
    "tables": lambda folder: (folder / "study.toml").write_text(STUDY.replace('["sex"]', '["age_group"]'), "utf-8"),
    "output": lambda folder: (folder / "out.csv").write_text("x", "utf-8"),
    "gone": lambda folder: (folder / "transit.csv").unlink(),
    "output_gone": lambda folder: (folder / "out.csv").unlink(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_changed_since(name: str, folder: Path, run: Callable[..., Any]) -> None:
    CHANGES[name](folder)
    console("manifest", f"since-{name}.txt", lambda *words: without_hashes(run(*words)), folder=folder)


def without_hashes(ran: Any) -> Any:
    """Hashes by their first digits, versions left out."""
    text = re.sub(r"[0-9a-f]{12,64}", lambda found: "hash-" + found[0][:4], ran.out)
    return ran._replace(out=re.sub(r'"(python|numpy|pyarrow|surveytool)": "[^"]*"', r'"\1": "..."', text))


def test_what_is_no_manifest(folder: Path, run: Callable[..., Any]) -> None:
    (folder / "bad.json").write_text("{", "utf-8")
    (folder / "list.json").write_text("[1]", "utf-8")
    (folder / "other.json").write_text('{"manifest": 99}', "utf-8")
    console("manifest", "refused.txt", run, folder=folder)
