# ruff: noqa: E501
"""``surveytool proofread`` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "configs" / "iom_2023.toml"
TEXT = "Used social networks to plan the departure: 49% of men and 35% of women. The <b>boys</b> were 12% & more."


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_json_has_the_words_of_the_interface(run: Callable[..., Any], text: Path) -> None:
    ran = run("proofread", text, "--study", STUDY, "--format", "json")
    assert ran.status == 1
    said = json.loads(ran.out)
    first, second, third = said["figures"]
    assert (
        first["text"].startswith("Used social networks") and first["value"] == 0.49 and first["place"] == "paragraph 1"
    )
    assert [figure["verdict"] for figure in said["figures"]] == ["differs", "agrees", "unknown"]
    assert first["nearest"]["variable"] == "social_media" and first["nearest"]["by"] == {"sex": "Male"}
    assert first["nearest"]["level"] == "Yes" and abs(first["nearest"]["estimate"] - 0.47) < 1e-9
    assert "47.0%" in first["explanation"] and second["nearest"]["by"] == {"sex": "Female"}
    assert third["nearest"] is None


def test_readings_are_written_mended_and_followed(run: Callable[..., Any], text: Path, tmp_path: Path) -> None:
    claims = tmp_path / "readings.toml"
    assert run("proofread", text, "--study", STUDY, "--claims", claims).status == 1
    written = claims.read_text("utf-8")
    assert 'variable = "social_media"' in written
    claims.write_text(
        written.replace(
            'variable = "social_media"\nlevel = "Yes"\nby = {"sex" = "Male"}',
            'variable = "smuggler_used"\nlevel = "Yes"\nby = {"sex" = "Male"}',
        ),
        "utf-8",
    )
    ran = run("proofread", text, "--study", STUDY, "--claims", claims, "--format", "json")
    first = json.loads(ran.out)["figures"][0]
    assert (first["nearest"]["variable"], first["verdict"]) == ("smuggler_used", "agrees")
    claims.write_text(written.replace('"social_media"', '"no_such"'), "utf-8")
    ran = run("proofread", text, "--study", STUDY, "--claims", claims)
    assert ran.status == 2 and "the study has no such number" in ran.err


def test_a_marked_page_marks_and_stays_inert(run: Callable[..., Any], text: Path, tmp_path: Path) -> None:
    page = tmp_path / "marked.html"
    assert run("proofread", text, "--study", STUDY, "-o", page).status == 1
    content = page.read_text("utf-8")
    assert content.count('<mark class="differs"') == 1 and content.count('<mark class="agrees"') == 1
    assert "<b>boys</b>" not in content and "&lt;b&gt;boys&lt;/b&gt;" in content
    ran = run("proofread", text, "--study", STUDY, "-o", page)
    assert ran.status == 2 and "--overwrite" in ran.err


def test_a_word_copy_has_comments(run: Callable[..., Any], tmp_path: Path) -> None:
    import docx

    source, copy = tmp_path / "a.docx", tmp_path / "b.docx"
    document = docx.Document()
    document.add_heading("Used social networks to plan the departure")
    document.add_paragraph("47% of men and 53% of women.")
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows, (("", "Yes", "n"), ("Male", "47.0", "324"), ("Female", "35.0", "270")), strict=True
    ):
        for cell, said in zip(row.cells, texts, strict=True):
            cell.text = said
    document.save(str(source))
    assert run("proofread", source, "--study", STUDY, "-o", copy).status == 1
    comments = [comment.text for comment in docx.Document(str(copy)).comments]
    assert len(comments) == 2
    assert comments[0].startswith("53%") and "35.0%" in comments[0] and comments[1].startswith("270")
    assert not list(docx.Document(str(source)).comments)


def test_without_a_study(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "release.txt"
    path.write_text(
        "47 per cent of men and 35 per cent of women use social networks; 18 per cent do not use them.", "utf-8"
    )
    ran = run("proofread", path)
    assert ran.status == 1 and "cannot be true as well" in ran.out
    assert run("proofread", path, "--claims", tmp_path / "x.toml").status == 2


def test_other_words_of_a_study(run: Callable[..., Any], tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    data = tmp_path / "data.csv"
    data.write_text("used,sex\n" + "yes,m\nno,m\nyes,f\nyes,f\n" * 20, "utf-8")
    study.write_text(
        '[data]\npath = "data.csv"\n[variables.used]\nlabel = "Took a coyote"\n[[tables]]\nvariable = "used"\nby = ["sex"]\n'
        '[proofread]\nwords = {used = ["hired a smuggler"], f = ["mothers"]}\n', "utf-8",
    )  # fmt: skip
    path = tmp_path / "a.txt"
    path.write_text("75% hired a smuggler. 100% of mothers hired a smuggler.", "utf-8")
    ran = run("proofread", path, "--study", study, "--format", "json")
    figures = json.loads(ran.out)["figures"]
    assert [(figure["verdict"], figure["nearest"]["by"]) for figure in figures] == [
        ("agrees", {}),
        ("agrees", {"sex": "f"}),
    ]


def test_python_says_the_same(text: Path) -> None:
    import surveytool as st

    proof = st.proofread(text, STUDY)
    assert [finding.verdict for finding in proof.findings] == ["differs", "agrees", "unknown"] and proof.failed
