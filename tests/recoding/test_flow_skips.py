"""A flow never names a leg that nobody went: stops that are left out stand as an ellipsis, and a note says so."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STUDY = """
[data]
path = "d.csv"
[[routes]]
name = "journey"
label = "Journey"
stops = ["s1", "s2", "s3", "s4", "s5"]
origin = "o"
destination = "d"
"""
WAYS = [
    ("Afghanistan", ["Iran", "Turkey", "Greece", "Serbia", "Austria"], "Germany"),
    ("Afghanistan", ["Iran", "Turkey", "Italy", "Austria"], "Germany"),
    ("Chad", ["Niger", "Libya", "Italy", "Austria"], "Germany"),
    ("Chad", ["Niger"], "Libya"),
    ("Syria", ["Turkey", "Greece"], "Germany"),
]


def journeys(folder: Path, most: int) -> set[tuple[str, str]]:
    """A file of journeys of up to ``most`` stops; the legs that somebody went."""
    lines, legs = ["o,s1,s2,s3,s4,s5,d"], set()
    for start, stops, end in WAYS:
        kept = stops[:most]
        chain = [start, *kept, end]
        legs |= set(itertools.pairwise(chain))
        lines += [",".join([start, *kept, *[""] * (5 - len(kept)), end])] * 20
    (folder / "d.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "s.toml").write_text(STUDY, "utf-8")
    return legs


@pytest.mark.parametrize("most", [2, 3, 4, 5])
@pytest.mark.parametrize("lang", ["en", "es", "fr"])
def test_every_arrow_is_a_leg_that_somebody_went(run: Callable[..., Any], tmp_path: Path, most: int, lang: str) -> None:
    legs = journeys(tmp_path, most)
    ran = run("chart", tmp_path / "s.toml", "journey", "-o", tmp_path / "f.svg", "--data", "--alt", "--lang", lang)
    assert ran.status == 0, ran.err
    said = "".join(path.read_text("utf-8") for path in tmp_path.glob("f*") if path.suffix in (".txt", ".csv", ".svg"))
    assert said.count("\u2192") >= 3
    for first in ("Afghanistan", "Iran", "Chad", "Niger", "Turkey"):
        for second in ("Austria", "Greece", "Italy", "Germany", "Iran", "Serbia"):
            if (first, second) not in legs:
                assert f"{first} \u2192 {second}" not in said
    skipped = {"en": "are not drawn", "es": "No se dibujan", "fr": "ne sont pas dessin"}[lang]
    assert (skipped in said) == (most > 3)
    assert ("\u2026" in said) == (most > 3)


def test_drawn_and_tabled_paths_are_the_same(run: Callable[..., Any], tmp_path: Path) -> None:
    journeys(tmp_path, 5)
    run("chart", tmp_path / "s.toml", "journey", "-o", tmp_path / "f.svg", "--alt", "--no-protect")
    alt = next(path for path in tmp_path.glob("f*") if path.suffix == ".txt").read_text("utf-8")
    assert "Afghanistan \u2192 Iran \u2026 Austria \u2192 Germany: 40%" in alt
    ran = run("summarize", tmp_path / "s.toml", "journey", "--format", "json", "--no-protect")
    rows = {row["level"]: row["estimate"] for row in json.loads(ran.out)["rows"]}
    assert abs(rows["Afghanistan \u2192 Iran"] - 0.4) < 1e-12 and "Iran \u2192 Austria" not in rows
