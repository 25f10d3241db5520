"""What all tests share: where the real data are, and a way to run the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

# A shared machine is slow at times, and a change is judged by the same examples each time; at home they are new.
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")

ROOT = Path(__file__).resolve().parents[1]


class Ran(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    """Run a command line in this process; the same entry that the console script calls."""
    from surveytool.cli.app import main

    def runner(*arguments: object) -> Ran:
        capfdbinary.readouterr()
        status = main([str(each) for each in arguments])
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode("utf-8"), err.decode("utf-8"))

    return runner


@pytest.fixture
def shell() -> Callable[..., Ran]:
    """Run a command line as a process of its own."""

    def runner(*arguments: object, **options: Any) -> Ran:
        command = [sys.executable, "-m", "surveytool", *(str(each) for each in arguments)]
        done = subprocess.run(command, capture_output=True, timeout=600, check=False, **options)
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return runner


@pytest.fixture(scope="session")
def example() -> Path:
    """The folder of the shipped, synthetic example."""
    return ROOT / "examples" / "iom_2023"


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The hand-made estimates: tables of every shape."""
    return import_module("table.samples")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and reference answers beside the project; skipped where absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the reference data (../shared) are not beside the project")
    return folder


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What a test wants to be told at the end of a run, whichever process it ran in (record_property "told")."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "told" and getattr(report, "when", "") == "call":
                    terminalreporter.write_line(str(text))
