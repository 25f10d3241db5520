"""Weights made and refused, as people see them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import TESTS, console, number, same


@pytest.mark.parametrize("name", ["made.txt", "refused.txt"])
def test_commands_print_what_was_read(name: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "bad.csv").write_text("variable,level\nsex,Male\n", "utf-8")
    (tmp_path / "good.csv").write_text("variable,level,share\nsex,Male,0.6\nsex,Female,0.4\n", "utf-8")
    console("weighting", name, run, example=example, out=tmp_path)


def test_the_files_hold_the_weights(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    told = []
    made = (TESTS / "weighting" / "recorded" / "made.txt").read_text("utf-8").splitlines()
    for line in (each for each in made if each.startswith("$ ")):
        words = [word.format(example=example, out=tmp_path) for word in shlex.split(line[2:])]
        assert run(*words).status == 0
        rows = Path(words[words.index("-o") + 1]).read_text("utf-8").splitlines()[1:]
        weights = [float(row.rpartition(",")[2]) for row in rows]
        shown = sorted({number(each, 8) for each in weights}, key=float)
        told.append(f"{line}\n{number(sum(weights), 8)} {len(shown)}: {' '.join(shown[:12])} ... {shown[-1]}")
    same("weighting", "weights.txt", "\n".join(told))
