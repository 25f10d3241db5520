"""The ten things a developer does stand in one file; hooks and CI call them by names that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module

import pytest
from laws.test_structure import ROOT

TASKS = import_module("tasks").TASKS


def test_the_list_says_what_each_task_does() -> None:
    shown = subprocess.run(
        [sys.executable, "tests/tasks.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert len(TASKS) == 10
    for name, task in TASKS.items():
        assert re.search(rf"^  {name} +\w", shown, re.M), name
        assert task.__doc__


def test_an_unknown_task_is_refused() -> None:
    done = subprocess.run([sys.executable, "tests/tasks.py", "nothing"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".ci/run", "docs/contributing.md"])
def test_what_is_called_exists(name: str) -> None:
    called = re.findall(r"tests/tasks\.py (\w+)", (ROOT / name).read_text(encoding="utf-8"))
    assert called and set(called) <= set(TASKS)
