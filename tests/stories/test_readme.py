"""The README is true: its commands run, and print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from golden import parity
from golden.scoreboard import lines
from stories import readme

TEXT = readme.README.read_text(encoding="utf-8")
BLOCKS = [(found["command"], found["output"]) for found in readme.CONSOLE.finditer(TEXT)]


def test_there_are_blocks() -> None:
    assert len(BLOCKS) >= 3
    assert all(output.strip() for _, output in BLOCKS)


@pytest.mark.parametrize(("command", "output"), BLOCKS, ids=[command[:60] for command, _ in BLOCKS])
def test_a_command_prints_what_the_readme_shows(command: str, output: str) -> None:
    assert readme.printed(command) == output


def test_the_guide_tells_what_happens(tmp_path: Path) -> None:
    steps = readme.guided(readme.GUIDE.read_text(encoding="utf-8"), tmp_path)
    assert len(steps) >= 4
    assert [shown for _, shown, _ in steps] == [found for _, _, found in steps]


def test_the_python_block_runs() -> None:
    code = readme.PYTHON.search(TEXT)
    assert code is not None
    done = subprocess.run(
        [sys.executable, "-c", code["code"]], cwd=readme.ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "'variable': 'social_media'" in done.stdout and "'level': 'Yes'" in done.stdout


def test_the_main_command_is_the_first_example() -> None:
    command = readme.block(TEXT, "run").split("&&")[-1].replace(".venv/bin/", "").strip("` \n")
    assert command == BLOCKS[0][0]


def test_the_scoreboard_is_todays() -> None:
    if parity.folder() != parity.SHARED:
        pytest.skip("the full reference answers (../shared/golden_api) are not beside the project")
    assert readme.block(TEXT, "scoreboard").strip() == "\n".join(lines())


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (readme.ROOT / target).exists(), target


def test_every_option_is_told_in_help() -> None:
    environment = {**os.environ, "COLUMNS": "100"}
    told = ""
    for command in ("summarize", "chart", "compare", "check", "weight", "reproduce"):
        told += subprocess.run(
            [sys.executable, "-m", "surveytool", command, "--help"],
            env=environment, capture_output=True, text=True, check=False, timeout=60,
        ).stdout  # fmt: skip
    for option in re.findall(r"`(--[a-z-]+)", TEXT):
        assert option in told, option


def test_the_help_says_what_every_argument_is() -> None:
    environment = {**os.environ, "COLUMNS": "100"}
    for command in ("summarize", "chart", "compare", "codebook"):
        shown = subprocess.run(
            [sys.executable, "-m", "surveytool", command, "--help"],
            env=environment, capture_output=True, text=True, check=False, timeout=60,
        ).stdout  # fmt: skip
        assert "Data file: sav" in shown, command
