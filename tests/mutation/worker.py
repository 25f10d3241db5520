"""Runs tests in forks of a process that has loaded the heavy libraries: a fork starts in milliseconds."""

from __future__ import annotations

import compileall
import gc
import os
import pickle
import py_compile
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from mutation.own_tests import FLAGS, FewerExamples

LIBRARIES = ("numpy", "pandas", "pyarrow.parquet", "pyarrow.csv", "scipy.stats", "scipy.optimize", "hypothesis",
             "matplotlib.figure", "typer", "rich.table", "docx", "openpyxl", "xlsxwriter", "pyreadstat", "narwhals",
             "babel.numbers", "pycountry", "statsmodels.api", "html5lib")  # fmt: skip


def copied(root: Path, folder: Path) -> Path:
    """The project's files as git knows them, with what is not committed yet, in a folder of their own."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    copy = folder / "project"
    for name in listed:
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    held = py_compile.PycInvalidationMode.CHECKED_HASH  # a file that is written back is as compiled as before
    compileall.compile_dir(copy, quiet=2, invalidation_mode=held)
    return copy


def load() -> None:
    """Libraries that every fork needs, but not the package: that is what changes."""
    for name in LIBRARIES:
        import_module(name)
    gc.collect()
    gc.freeze()  # pytest collects garbage several times; what is loaded here is none


class Failures:
    """A pytest plugin that remembers the first failure."""

    def __init__(self) -> None:
        self.first = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.first:
            self.first = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.first:
            self.first = report.nodeid


def first_failure(tests: list[str]) -> str:
    """The first of the tests that fails, in their order; empty where all pass."""
    failures = Failures()
    status = int(pytest.main([*FLAGS, *tests], plugins=[failures, FewerExamples()]))
    return failures.first or ("" if status in (0, 5) else f"status {status}")


def forked(copy: Path, work: Callable[[], Any], seconds: float) -> Any:
    """What the work returns, done in a fork that stands in the copy; None where it took too long.

    The seconds are of processor time, so that a busy machine changes no verdict; a fork that waits for nothing ends
    after ten times as many on the clock.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        _child(copy, work, writer)
    os.close(writer)
    held = _received(reader, time.monotonic() + 10 * seconds)
    if held is None:
        os.killpg(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    os.close(reader)
    if held is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return None
    done, answer = pickle.loads(held) if held else (True, "died")
    if not done:
        raise RuntimeError(answer)
    return answer


def _received(reader: int, end: float) -> bytes | None:
    """Everything that a child writes until it closes; None where the time is over."""
    parts = []
    while True:
        ready, _, _ = select.select([reader], [], [], max(end - time.monotonic(), 0))
        if not ready:
            return None
        part = os.read(reader, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _child(copy: Path, work: Callable[[], Any], writer: int) -> None:
    os.setsid()
    try:
        os.chdir(copy)
        here = str(Path(__file__).resolve().parents[1])
        sys.path[:] = [str(copy), *(each for each in sys.path if each not in ("", here) and "surveytool" not in each)]
        os.environ["PYTHONPATH"] = str(copy)
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        answer = pickle.dumps((True, work()))
    except BaseException:
        answer = pickle.dumps((False, traceback.format_exc()))
    with os.fdopen(writer, "wb") as file:
        file.write(answer)
    os._exit(0)
