"""``surveytool FILE``: what the file is, and lines that run as they are printed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def desk(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from surveytool.shipped import example_files

    for name, content in example_files().items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(text: str) -> list[str]:
    """The lines that are told, without what they are for."""
    return [line.strip().partition("  ")[0] for line in text.splitlines() if line.startswith("  surveytool ")]


def test_a_data_file_is_told_with_its_weights_and_lines_that_run(run: Run, desk: Path) -> None:
    done = run("transit.sav")
    assert done.status == 0
    assert "531 respondents, 87 questions: one answer 75" in done.out
    assert "Without -w weight each respondent counts alike." in done.out
    lines = commands(done.out)
    assert len(lines) == 4
    for line in lines:
        assert run(*shlex.split(line)[1:]).status == 0, line


def test_a_study_is_told_with_lines_that_run(run: Run, desk: Path) -> None:
    done = run("iom_2023.toml", "--lang", "es")
    assert "iom_2023.toml: un archivo de estudio (Tecnologías en el camino" in done.out
    lines = commands(done.out)
    assert [shlex.split(line)[1] for line in lines] == ["check", "summarize", "reproduce", "report"]
    for line in lines[:3]:
        assert run(*shlex.split(line)[1:]).status in (0, 1), line


def test_a_study_without_data_has_claims_to_compare(run: Run, desk: Path) -> None:
    done = run("iom_2023_release.toml")
    assert "without data; 3 claims" in done.out
    assert commands(done.out) == ["surveytool reproduce iom_2023_release.toml"]


def test_a_form_and_a_document_are_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.create_sheet("choices")
    book.save("form.xlsx")
    Path("release.md").write_text("47% of men", encoding="utf-8")
    assert commands(run("form.xlsx").out) == ["surveytool new EXPORT --tool form.xlsx -o study.toml"]
    assert commands(run("release.md").out)[1] == "surveytool proofread release.md"


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("absent.sav", 3, "absent.sav: there is no such file."),
        ("folder.xyz", 2, "No such command 'folder.xyz'."),
        ("plain", 2, "No such command 'plain'."),
        ("text.xyz", 3, "text.xyz"),
    ],
)
def test_what_is_no_file_of_ours_ends_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, status: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.xyz").mkdir()
    (tmp_path / "text.xyz").write_text("x", encoding="utf-8")
    done = run(typed)
    assert (done.status, done.out) == (status, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_it_is_not_in_the_help(run: Run) -> None:
    assert "look" not in run("--help").out.split()


def test_a_look_prints_no_answer_of_anybody(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"secret name {n},{n % 2},{n % 3}" for n in range(40))
    (tmp_path / "people.csv").write_text(f"full_name,sex,answer\n{rows}\n", encoding="utf-8")
    assert "secret" not in run("people.csv").out
