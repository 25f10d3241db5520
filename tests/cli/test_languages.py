"""The language of outputs: typed, else the study's, else the environment's; number marks of regions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.cli.default_language import default_language, language_defaults
from surveytool.errors import UsageError

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "en_ZA.UTF-8"}, None),
        ({"LANG": "de_DE.UTF-8"}, None),
        ({"LANG": "es_HN.UTF-8"}, "es-HN"),
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "es_HN.UTF-8"}, "fr-FR"),
        ({"SURVEYTOOL_LANG": "es", "LANG": "fr_FR"}, "es"),
        ({"SURVEYTOOL_LANG": "en", "LANG": "fr_FR"}, "en"),
    ],
)
def test_the_environment_names_a_language(environment: dict[str, str], language: str | None) -> None:
    assert default_language(environment) == language


def test_a_wrong_language_of_the_environment_is_one_line() -> None:
    with pytest.raises(UsageError, match="SURVEYTOOL_LANG"):
        default_language({"SURVEYTOOL_LANG": "xx"})
    assert language_defaults(["report", "check"], {"SURVEYTOOL_LANG": "fr"})["report"] == {"lang": ["fr"]}


def test_what_is_typed_wins_over_the_environment(run: Run, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEYTOOL_LANG", "es-ES")
    command = ("summarize", example / "transit.sav", "age", "-w", "weight")
    assert "32,67" in run(*command).out and "32.67" in run(*command, "--lang", "en").out


def test_a_study_s_own_language_wins_over_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEYTOOL_LANG", "fr")
    study = Path(__file__).resolve().parents[2] / "configs" / "iom_2023.toml"
    assert "respondents" in run("summarize", study, "sex").out


@pytest.mark.parametrize(
    ("language", "figure"),
    [("es", "32.67"), ("es-HN", "32.67"), ("es-ES", "32,67"), ("fr-CA", "32,67"), ("pt", "32,67")],
)
def test_numbers_are_those_of_the_region(run: Run, example: Path, language: str, figure: str) -> None:
    assert figure in run("summarize", example / "transit.sav", "age", "-w", "weight", "--lang", language).out


def test_labels_of_a_language_without_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("sex\n" + "1\n2\n" * 30, encoding="utf-8")
    (tmp_path / "s.toml").write_text(
        '[study]\nlanguages = ["en", "ar"]\n[data]\npath = "d.csv"\n[variables.sex]\nkind = "single"\n'
        'label = {en = "Sex", ar = "الجنس"}\n'
        'levels = {1 = {en = "Male", ar = "ذكر"}, 2 = {en = "Female", ar = "أنثى"}}\n'
        '[[tables]]\nvariable = "sex"\n', encoding="utf-8",
    )  # fmt: skip
    done = run("summarize", tmp_path / "s.toml", "--lang", "ar")
    assert done.status == 0 and "ذكر" in done.out and "Male" not in done.out
    assert "Labels are those of ar; the words around them are English." in done.err
    assert run("report", tmp_path / "s.toml", "--lang", "ar", "-o", tmp_path / "r.html").status == 0
    assert "الجنس" in (tmp_path / "r.html").read_text(encoding="utf-8")
