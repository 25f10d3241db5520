"""The story: two commands from an export to a report, nothing typed; and what every command says of such a study."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from collection_form import invented

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    invented.form(tmp_path / "form.xlsx")
    invented.kobo(tmp_path, sign="/")
    return tmp_path


def test_two_commands_make_a_report_in_french(folder: Path, run: Run) -> None:
    study = folder / "study.toml"
    made = run("new", folder / "kobo.csv", "--tool", folder / "form.xlsx", "--accept", "--lang", "fr", "-o", study)
    assert made.status == 0, made.err
    written = tomllib.loads(study.read_text("utf-8"))
    assert written["study"] == {"title": "Invented survey", "languages": ["fr", "en", "ar"]}
    assert written["data"] == {"path": "kobo.csv", "tool": "form.xlsx", "keep": "consent != 'no'"}
    assert written["design"]["weights"] == "w"
    assert [table["variable"] for table in written["tables"]][:1] == [["sex", "age_band"]]
    assert "apps" in [table["variable"] for table in written["tables"]]
    report = run("report", study, "-o", folder / "report.html")
    assert report.status == 0, report.err
    page = (folder / "report.html").read_text("utf-8")
    for text in ("Quelles applications ?", "SMS, appels", "Femme", "14 lignes ont été écartées", "226 lignes comptent"):
        assert text in page, text
    assert "Name 4" not in page and "full_name" not in page


def test_the_same_figures_stand_in_json_with_the_ledger(folder: Path, run: Run) -> None:
    study = folder / "study.toml"
    run("new", folder / "kobo.csv", "--tool", folder / "form.xlsx", "--accept", "-o", study)
    out = json.loads(run("summarize", study, "apps", "--format", "json").out)
    truth = invented.truth(invented.people())
    assert {row["level_code"]: row["estimate"] for row in out["rows"]} == pytest.approx(truth["shares"], abs=1e-12)
    assert out["ledger"] == [
        {"what": "dropped", "rule": "not consent != 'no'", "rows": 14},
        {"what": "kept", "rule": "consent != 'no'", "rows": 226},
    ]
    assert out["source"]["rows"] == 226


def test_without_accept_rules_are_only_proposed(folder: Path, run: Run) -> None:
    text = run("new", folder / "kobo.csv", "--tool", folder / "form.xlsx").out
    assert "# keep = \"consent != 'no'\"" in text and "# weights" in text
    assert "keep" not in tomllib.loads(text)["data"]


@pytest.mark.parametrize("command", [
    ("check",), ("codebook",), ("compare", "apps", "--by", "sex"), ("model", "age ~ sex"),
    ("chart", "apps", "-o", "c.svg"),
    ("convert", "out.sav", "--drop", "full_name"), ("doubt", "sex"), ("summarize", "age", "--stat", "mean"),
])  # fmt: skip
def test_every_command_takes_such_a_study(command: tuple[str, ...], folder: Path, run: Run) -> None:
    study = folder / "study.toml"
    run("new", folder / "kobo.csv", "--tool", folder / "form.xlsx", "--accept", "-o", study)
    first, *rest = (folder / each if each.endswith((".svg", ".sav")) else each for each in command)
    done = run(str(first), study, *rest)
    assert done.status == 0, done.err


BROKEN = {
    "tool that is none": ('tool = "kobo.csv"', "kobo.csv: sheet survey has no column 'type'"),
    "tool that is not there": ('tool = "forms.xlsx"', "forms.xlsx: there is no such file. Did you mean 'form.xlsx'?"),
    "keep that is none": ('keep = "consent = 1"', "equality is written =="),
    "keep of no column": ('keep = "consents == \'yes\'"', "no variable named 'consents'. Did you mean 'consent'"),
    "keep of nobody": ('keep = "consent == \'maybe\'"', "keeps none of 240 rows"),
    "duplicates of no column": ('duplicates = {by = "uuid"}', "no variable named 'uuid'"),
    "no answer of no kind": ('no_answer = {never = ["x"]}', "never"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_one_line_with_its_cure(name: str, folder: Path, run: Run) -> None:
    line, message = BROKEN[name]
    invented.kobo(folder)
    (folder / "study.toml").write_text(f'[data]\npath = "kobo.csv"\n{line}\n')
    told = run("summarize", folder / "study.toml", "sex")
    assert told.status in (2, 3) and message in " ".join(told.err.split()), told.err
    assert "Traceback" not in told.err and told.out == ""
