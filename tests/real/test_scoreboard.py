"""The scoreboard over real files: 95% of each line, and no guess applied by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import scoreboard

GOAL = 0.95


def test_scoreboard(shared: Path) -> None:
    if not (shared / "real").is_dir():
        pytest.skip("the real files (../shared/real) are not beside the project")
    board = scoreboard.score(shared / "real")
    assert board["applied by itself"].share == 1
    assert board["breakdowns of others"].share == 1
    for name, score in board.items():
        assert score.of, name
        assert score.share >= GOAL, (name, score.wrong)
