"""The README and the pages below docs/ are true: commands print what is shown, links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from golden import parity
from golden.scoreboard import lines
from stories import readme

from surveytool.cli.app import COMMANDS

TEXTS = {page: page.read_text(encoding="utf-8") for page in readme.PAGES}
README = TEXTS[readme.README]
SHOWN = [(shown["command"], shown["output"]) for text in TEXTS.values() for shown in readme.CONSOLE.finditer(text)]
BLOCKS = list(dict.fromkeys(SHOWN))


def test_there_are_blocks() -> None:
    assert len(BLOCKS) >= 5
    assert all(output.strip() for _, output in BLOCKS)


def test_the_readme_is_short() -> None:
    assert len(README.split()) <= 1500


@pytest.mark.parametrize(("command", "output"), BLOCKS, ids=[command[:60] for command, _ in BLOCKS])
def test_a_command_prints_what_the_pages_show(command: str, output: str) -> None:
    assert readme.printed(command) == output


def test_the_guide_tells_what_happens(tmp_path: Path) -> None:
    steps = readme.guided(readme.GUIDE.read_text(encoding="utf-8"), tmp_path)
    assert len(steps) >= 4
    assert [shown for _, shown, _ in steps] == [output for _, _, output in steps]


def test_the_python_block_runs() -> None:
    blocks = {shown["code"] for text in TEXTS.values() for shown in readme.PYTHON.finditer(text)}
    assert blocks
    for code in blocks:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=readme.ROOT, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr
        assert "'variable': 'social_media'" in done.stdout and "'level': 'Yes'" in done.stdout


def test_the_main_command_is_the_first_example() -> None:
    command = readme.block(README, "run").split("&&")[-1].replace(".venv/bin/", "").strip("` \n")
    assert command == BLOCKS[0][0]


def test_the_scoreboard_is_todays() -> None:
    if parity.folder() != parity.SHARED:
        pytest.skip("the full reference answers (../shared/golden_api) are not beside the project")
    assert readme.block(TEXTS[readme.INFERENCE], "scoreboard").strip() == "\n".join(lines())


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", TEXTS[page]):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize(
    "page", [page for page in TEXTS if page.parent != readme.README.parent], ids=lambda page: page.name
)
def test_every_page_is_reached_from_another(page: Path) -> None:
    named = {(other.parent / target).resolve() for other, text in TEXTS.items() if other != page
             for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)}  # fmt: skip
    assert page.resolve() in named


@cache
def told_in_help() -> str:
    """The help of every command."""
    environment = {**os.environ, "COLUMNS": "100"}
    return "".join(
        subprocess.run(
            [sys.executable, "-m", "surveytool", command, "--help"],
            env=environment, capture_output=True, text=True, check=False, timeout=600,
        ).stdout
        for command in COMMANDS
    )  # fmt: skip


@pytest.mark.parametrize(
    "page", [readme.README, *sorted(readme.INFERENCE.parent.glob("*.md"))], ids=lambda page: page.name
)
def test_every_option_is_told_in_help(page: Path) -> None:
    if page.name in ("glossary.md", "contributing.md"):  # they name options of other programs
        pytest.skip("the page names options of other programs")
    for option in re.findall(r"`(--[a-z-]+)", TEXTS[page]):
        assert option in told_in_help() or option in ("--version", "--install-completion"), option


def test_the_help_says_what_every_argument_is() -> None:
    environment = {**os.environ, "COLUMNS": "100"}
    for command in ("summarize", "chart", "compare", "codebook"):
        shown = subprocess.run(
            [sys.executable, "-m", "surveytool", command, "--help"],
            env=environment, capture_output=True, text=True, check=False, timeout=600,
        ).stdout  # fmt: skip
        assert "Data file: sav" in shown, command
