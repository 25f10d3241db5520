"""``surveytool chart`` as it is typed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def transit(example: Path) -> Path:
    return example / "transit.csv"


def test_a_chart_with_its_text_and_its_numbers(run: Run, transit: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.svg"
    ran = run("chart", transit, "social_media", "--by", "sex", "-w", "weight", "-o", target, "--alt", "--data",
              "--theme", "iom")  # fmt: skip
    assert ran.status == 0 and ran.out == ""
    assert "drawn as dots" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.alt.txt", "plan.csv", "plan.svg"]
    assert "#0033a0" in target.read_text("utf-8").lower()
    alt = (tmp_path / "plan.alt.txt").read_text("utf-8")
    assert "Male: Yes 47%" in alt and "Female: Yes 35%" in alt and "n = 531" in alt
    with (tmp_path / "plan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["level"] for row in rows} == {"Yes", "No"}
    same = run("summarize", transit, "social_media", "--by", "sex", "-w", "weight", "--format", "csv")
    assert (tmp_path / "plan.csv").read_text("utf-8") == same.out


def test_several_charts_go_into_a_folder(run: Run, transit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    ran = run("chart", transit, "age", "sex", "-w", "weight", "-o", folder, "--format", "pdf")
    assert ran.status == 0, ran.err
    assert sorted(path.name for path in folder.iterdir()) == ["age.pdf", "sex.pdf"]
    again = run("chart", transit, "age", "-w", "weight", "-o", folder, "--format", "pdf")
    assert again.status == 2 and "exists already" in again.err
    assert run("chart", transit, "age", "-w", "weight", "-o", folder, "--format", "pdf", "--overwrite").status == 0


def test_the_suffix_decides_the_format(run: Run, transit: Path, tmp_path: Path) -> None:
    for suffix, start in ((".png", b"\x89PNG"), (".pdf", b"%PDF"), (".svg", b"<?xml")):
        target = tmp_path / f"age{suffix}"
        assert run("chart", transit, "age", "-w", "weight", "-o", target).status == 0
        assert target.read_bytes().startswith(start)


def test_to_a_pipe_with_a_format(run: Run, transit: Path) -> None:
    ran = run("chart", transit, "sex", "-w", "weight", "--format", "svg")
    assert ran.status == 0 and ran.out.startswith("<?xml") and ran.out.endswith("</svg>\n")


def test_a_kind_that_does_not_suit_gives_way_and_says_so(run: Run, transit: Path, tmp_path: Path) -> None:
    ran = run("chart", transit, "age", "--by", "sex", "-w", "weight", "--kind", "stacked", "-o", tmp_path / "a.svg")
    assert ran.status == 0 and "stacked does not suit this table; drawn as dots" in ran.err


def test_kind_still_reads_a_column(run: Run, transit: Path, tmp_path: Path) -> None:
    ran = run("chart", transit, "n_transit", "--by", "sex", "-w", "weight", "--kind", "n_transit=number",
              "--kind", "bars", "-o", tmp_path / "a.svg")  # fmt: skip
    assert ran.status == 0 and ran.err == ""
    assert "Weighted mean" in (tmp_path / "a.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sex", "-o", "x.gif"), ".png, .svg, .pdf"),
        (("sex", "age", "-o", "x.png"), "Name a folder"),
        (("sex", "age", "-o", "x", "--title", "T"), "for one chart"),
        (("sex", "-o", "x.png", "--kind", "bard"), "'bars'"),
        (("sex", "-o", "x.png", "--kind", "bars", "--kind", "dots"), "Name one"),
        (("sex", "-o", "x.png", "--theme", "io"), "'iom'"),
        (("sex", "-o", "x.png", "--answer", "Man"), "Male"),
        (("sex", "-o", "x.png", "--format", "gif"), "png, svg, pdf"),
        (("sexx", "-o", "x.png"), "'sex'"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(
    run: Run, transit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("chart", transit, *arguments, "-w", "weight")
    assert ran.status == 2 and ran.out == ""
    assert said in ran.err and len(ran.err.strip().splitlines()) <= 2
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_the_data_file_is_never_written_over(run: Run, transit: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sex.csv"
    copy.write_bytes(transit.read_bytes())
    ran = run("chart", copy, "sex", "-w", "weight", "-o", tmp_path / "sex.svg", "--data", "--overwrite")
    assert ran.status == 2 and "data file itself" in ran.err
    assert copy.read_bytes() == transit.read_bytes()


def test_words_by_language(run: Run, transit: Path, tmp_path: Path) -> None:
    ran = run("chart", transit, "social_media", "--by", "sex", "-w", "weight", "--lang", "es", "--sample",
              "convenience", "-o", tmp_path / "a.svg")  # fmt: skip
    text = (tmp_path / "a.svg").read_text("utf-8")
    assert ran.status == 0 and "Porcentaje ponderado" in text and "47%" in text and "conveniencia" in text


@pytest.mark.parametrize(
    ("percent", "words"), [("row", "row percent (of each answer)"), ("table", "table percent (of all)")]
)
def test_row_and_table_percentages_are_drawn(run: Run, transit: Path, tmp_path: Path, percent: str, words: str) -> None:
    """The numbers of the chart are those of the table; no stack claims that they are parts of a group."""
    asked = (transit.with_suffix(".sav"), "phone_type", "--by", "sex", "-w", "weight", "--percent", percent)
    rows = {
        (row["level"], row["by"]["sex"]): row["estimate"]
        for row in run("summarize", *asked, "--format", "json").json["rows"] if row["by"]
    }  # fmt: skip
    file = tmp_path / "chart.svg"
    assert run("chart", *asked, "-o", file, "--alt", "--data").status == 0
    alt = file.with_suffix(".alt.txt").read_text("utf-8")
    assert words in alt and alt.startswith("Bar chart")
    assert ("Total" in alt) == (percent == "table")
    for (level, sex), estimate in rows.items():
        said = next(part for part in alt.split("Sex, ") if part.startswith(sex))
        assert f"{level} {estimate * 100:.0f}%" in said


def test_a_chart_is_sorted_where_it_is_asked_for(run: Run, transit: Path, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    asked = (transit.with_suffix(".sav"), "platforms", "-w", "weight", "-o", file, "--alt", "--overwrite")
    run("chart", *asked, "--sort", "value")
    first = file.with_suffix(".alt.txt").read_text("utf-8")
    run("chart", *asked, "--sort=-value")
    second = file.with_suffix(".alt.txt").read_text("utf-8")
    assert first.index("WhatsApp") > first.index("YouTube") and second.index("WhatsApp") < second.index("YouTube")
