"""Slides: native charts with the numbers and intervals of the drawn ones, nothing held back, titles to hear."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

pptx = pytest.importorskip("pptx", reason="python-pptx is not installed: pip install 'surveytool[page]'")

Run = Callable[..., Any]
STUDY = Path(__file__).resolve().parents[2] / "configs" / "iom_2023.toml"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from surveytool.cli.app import main

    file = tmp_path_factory.mktemp("slides") / "report.pptx"
    assert main(["report", str(STUDY), "-o", str(file)]) == 0
    return file.read_bytes()


def charts(content: bytes) -> list[Any]:
    slides = pptx.Presentation(BytesIO(content)).slides
    return [shape for slide in slides for shape in slide.shapes if shape.has_chart]


def test_charts_are_native_with_their_numbers_and_intervals(deck: bytes) -> None:
    shapes = charts(deck)
    assert len(shapes) >= 5
    plot = next(shape.chart.plots[0] for shape in shapes if "Male" in list(shape.chart.plots[0].categories))
    values = dict(zip(plot.categories, plot.series[0].values, strict=True))
    assert 0.2 < values["Male"] < 0.99
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in shapes)
    assert any(b"errBars" in part for part in _parts(deck, "ppt/charts/chart"))


def test_every_slide_has_a_title_and_every_picture_a_description(deck: bytes) -> None:
    for slide in pptx.Presentation(BytesIO(deck)).slides:
        assert slide.shapes.title is not None and slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            if shape.shape_type == 13:
                assert shape._element.nvPicPr.cNvPr.get("descr")


def test_a_deck_names_no_author_and_no_time(deck: bytes) -> None:
    core = b"".join(_parts(deck, "docProps/core"))
    assert b"dcterms:created" not in core and b"<dc:creator></dc:creator>" in core.replace(
        b"<dc:creator/>", b"<dc:creator></dc:creator>"
    )
    with zipfile.ZipFile(BytesIO(deck)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_is_withheld_is_in_no_part_of_a_deck(run: Run, tmp_path: Path) -> None:
    """Rare answers of 47 people: no value of a withheld cell in the charts, their workbooks or the tables."""
    rows = [f"{'ab'[n % 2]},{'xy'[0 if n < 41 else 1]}" for n in range(47)]
    (tmp_path / "d.csv").write_text("group,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "s.toml").write_text(
        '[data]\npath = "d.csv"\n[protect]\nactive = true\n[[tables]]\nvariable = "answer"\nby = ["group"]\n'
        '[[charts]]\nvariable = "answer"\nby = ["group"]\nkind = "bars"\n', encoding="utf-8",
    )  # fmt: skip
    done = run("report", tmp_path / "s.toml", "-o", tmp_path / "s.pptx")
    assert done.status == 0, done.err
    printed = run("summarize", tmp_path / "s.toml", "--format", "json").json["rows"]
    hidden = [row for row in printed if row["flag"] == "suppressed"]
    assert hidden
    shown = {row["estimate"] for row in printed if row["estimate"] is not None}
    for shape in charts((tmp_path / "s.pptx").read_bytes()):
        for series in shape.chart.plots[0].series:
            assert all(value is None or any(abs(value - known) < 0.006 for known in shown) for value in series.values)


def _parts(content: bytes, start: str) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return [package.read(name) for name in package.namelist() if name.startswith(start)]
