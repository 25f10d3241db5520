"""A chart in a terminal: the figures of the drawn one, nothing wider than the screen or held back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize("cells", [40, 80, 120])
def test_no_line_is_wider_than_the_screen(run: Run, example: Path, monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    from surveytool.render.terminal_width import width

    monkeypatch.setenv("COLUMNS", str(cells))
    for variable in ("social_media", "education", "age"):
        done = run("chart", example / "transit.sav", variable, "--by", "sex", "-w", "weight")
        assert done.status == 0
        assert all(width(line) <= cells for line in done.out.splitlines()), done.out


def test_figures_and_intervals_are_those_of_the_table(run: Run, example: Path) -> None:
    command = (example / "transit.sav", "social_media", "--by", "sex", "-w", "weight", "--decimals", "1")
    drawn, table = run("chart", *command).out, run("summarize", *command).out
    for group in ("Male", "Female"):
        figure = re.search(rf"{group}.* ([\d.]+)% \(([\d.–]+)\)", drawn)
        assert figure is not None
        assert f"{figure[1]} ({figure[2]})" in table
    assert "95% confidence intervals in brackets" in " ".join(drawn.split()) and "thin lines" not in drawn


def test_bars_are_as_long_as_their_values(run: Run, example: Path) -> None:
    drawn = run("chart", example / "transit.sav", "social_media", "--by", "sex", "-w", "weight", "--decimals", "1").out
    lengths = {}
    for line in drawn.splitlines():
        parts = re.match(r"  (\S+) +([█▏▎▍▌▋▊▉]+) ([\d.]+)%", line)
        if parts:
            cells = sum(1.0 if sign == "█" else " ▏▎▍▌▋▊▉".index(sign) / 8 for sign in parts[2])
            lengths[parts[1]] = (cells, float(parts[3]))
    (male, a), (female, b) = lengths["Male"], lengths["Female"]
    assert male / female == pytest.approx(a / b, abs=0.02)


def test_what_is_withheld_is_a_mark(run: Run, tmp_path: Path) -> None:
    rows = [f"{'ab'[n % 2]},{'xyz'[0 if n < 30 else 1 + (n % 20 == 0)]}" for n in range(60)]
    (tmp_path / "d.csv").write_text("group,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
    drawn = run("chart", tmp_path / "d.csv", "answer", "--by", "group", "--protect", "--kind", "bars").out
    assert "*" in drawn and "Not shown" in drawn


def test_journeys_are_a_line_each(run: Run, example: Path) -> None:
    route = "journey: origin > route_* > destination?"
    done = run("chart", example / "transit.sav", "journey", "--route", route, "-w", "weight")
    assert done.status == 0 and " → " in done.out and "█" in done.out


def test_several_charts_follow_each_other(run: Run, example: Path) -> None:
    done = run("chart", example / "transit.sav", "social_media", "smartphone_internet", "-w", "weight")
    assert done.out.count("Base: ") == 2


def test_words_are_those_of_the_reader(run: Run, example: Path) -> None:
    done = run("chart", example / "transit.sav", "social_media", "--by", "sex", "-w", "weight", "--lang", "es")
    assert "intervalos de confianza del 95% entre" in " ".join(done.out.split())
