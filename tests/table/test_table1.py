"""Table 1 of the example: every number is R's, and each cell prints it as gtsummary lays it out."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "data" / "table1.csv"
ASKED = ("age", "weeks_travel", "education", "smartphone_internet", "--by", "sex", "-w", "weight", "--layout", "table1")


def theirs() -> dict[tuple[str, str, str, str], tuple[float, float | None]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {
            (row["variable"], row["level"], row["group"], row["statistic"]): (
                float(row["estimate"]), float(row["se"]) if row["se"] else None,
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def test_every_number_is_r_s(run: Run, example: Path) -> None:
    rows = run("summarize", example / "transit.sav", *ASKED, "--format", "json").json["rows"]
    golden = theirs()
    mine = {(row["variable"], row["level"] or "", row["by"].get("sex", ""), row["statistic"]): row for row in rows}
    assert set(golden) == set(mine)
    for key, (estimate, se) in golden.items():
        assert mine[key]["estimate"] == pytest.approx(estimate, rel=1e-9), key
        if se is not None:
            assert mine[key]["se"] == pytest.approx(se, rel=1e-8), key


@pytest.mark.parametrize(
    ("lang", "cells"),
    [
        ("en", ["Mean (SD)", "32.67 (11.10)", "Median (IQR)", "30 (25–37)", "223 (43.0%)", ", n (%)"]),
        ("es", ["Media (DE)", "32.67 (11.10)", "Mediana (RIC)", "30 (25–37)", "223 (43.0%)"]),
        ("es-ES", ["Media (DE)", "32,67 (11,10)", "Mediana (RIC)", "30 (25–37)", "223 (43,0\u00a0%)"]),
        ("fr", ["Moyenne (ET)", "32,67 (11,10)", "Médiane (IIQ)", "30 (25–37)", "223 (43,0\u00a0%)"]),
    ],
)
@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_cells_are_printed_together(run: Run, example: Path, lang: str, cells: list[str], format: str) -> None:
    import html
    import re

    text = run("summarize", example / "transit.sav", *ASKED, "--format", format, "--lang", lang).out
    plain = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\u202f", "\u00a0").replace("\u2007", "")
    plain = re.sub(r"[\u2066-\u2069]", "", plain).replace("\\", "")
    said = " ".join(plain.replace("\u00a0", "\x00").split()).replace("\x00", "\u00a0")
    for cell in cells:
        assert re.sub(r" +", " ", cell) in said, (cell, format)


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "tex", "csv", "json"])
@pytest.mark.parametrize("layout", ["table1", "banner", "topline"])
def test_every_layout_is_written_in_every_format(
    run: Run, example: Path, tmp_path: Path, suffix: str, layout: str
) -> None:
    target = tmp_path / f"t.{suffix}"
    done = run("summarize", example / "transit.sav", *ASKED[:-1], layout, "-o", target)
    assert done.status == 0, done.err
    if suffix == "xlsx":
        import openpyxl

        book = openpyxl.load_workbook(target)
        assert len(book.sheetnames) == 3  # contents, all questions in one sheet, how they were made
        cells = [cell.value for row in book.worksheets[1].iter_rows() for cell in row if cell.value is not None]
        assert {"Male", "Female"} <= set(cells) and any(str(cell).endswith("Age in years") for cell in cells)
        if layout == "table1":
            assert any(isinstance(cell, float) and cell == pytest.approx(32.671, abs=0.01) for cell in cells)
    assert target.stat().st_size > 500


def test_letters_say_which_groups_a_figure_exceeds(run: Run, example: Path) -> None:
    made = run("compare", example / "transit.sav", "smartphone_internet", "age", "--by", "age_group", "-w", "weight",
               "--layout", "banner")  # fmt: skip
    assert made.status == 0 and "Letters: higher than the group with that letter" in made.out
    (mean,) = [line for line in made.out.splitlines() if line.strip().startswith("Mean")]
    assert mean.split()[-1] == "ABC"


def test_a_topline_shows_the_latest_round_first(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_text(
        "year,q\n" + "".join(f"{2019 + row % 3},{'yes' if row % 4 else 'no'}\n" for row in range(300)), "utf-8"
    )
    text = run("summarize", data, "q", "--by", "year", "--kind", "year=single", "--layout", "topline").out
    head = next(line for line in text.splitlines() if "2021" in line)
    assert head.split() == ["2021", "2020", "2019"]
    assert "1. q" in text


def test_r_says_the_same_today(tmp_path: Path) -> None:
    """The golden file is what R's survey package gives where R is."""
    import subprocess

    from golden import live

    why = live.available()
    if why:
        pytest.skip(f"R is not asked: {why}")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        ["Rscript", "tests/golden/table1.R"], cwd=root, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    asked = list(csv.DictReader(done.stdout.splitlines()))
    golden = theirs()
    assert len(asked) == len(golden)
    for row in asked:
        estimate, se = golden[row["variable"], row["level"], row["group"], row["statistic"]]
        assert float(row["estimate"]) == pytest.approx(estimate, rel=1e-9)
        assert se is None or float(row["se"]) == pytest.approx(se, rel=1e-9)
