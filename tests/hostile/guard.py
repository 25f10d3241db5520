"""A command line run in a copy of this process, with a limit on its memory and time.

A copy by fork costs milliseconds where a new process costs half a second, so
that every case of the corpus can have its own: a crash, a hang or a gigabyte
is seen for what it is and harms nobody.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

MEMORY = 1536 << 20
SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: ``status`` is negative for the signal that ended it; ``peak`` is in bytes."""

    status: int
    out: str
    err: str
    seconds: float
    peak: int

    @property
    def lines(self) -> list[str]:
        """What stderr says beside notes."""
        return [line for line in self.err.splitlines() if not line.startswith("note: ")]


def run_guarded(
    arguments: Sequence[str], folder: Path, *, memory: int = MEMORY, seconds: int = SECONDS,
    environment: Mapping[str, str] | None = None, before: Callable[[], None] | None = None,
) -> Ended:  # fmt: skip
    """Run a command line in a copy of this process; ``folder`` is where it runs."""
    _warm()
    out, err = folder.parent / f"{folder.name}.out", folder.parent / f"{folder.name}.err"
    start = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        _child(arguments, folder, (out, err), memory, seconds, environment or {}, before)
    _, ended, used = os.wait4(child, 0)
    status = -os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
    said = [each.read_bytes().decode("utf-8") for each in (out, err)]
    out.unlink(), err.unlink()
    return Ended(
        status=status, out=said[0], err=said[1], seconds=time.monotonic() - start, peak=used.ru_maxrss * 1024
    )  # fmt: skip


@cache
def _warm() -> None:
    """Load once what the copies share."""
    import numpy
    import pyarrow.csv
    import pyarrow.parquet
    import pyreadstat
    import python_calamine

    from surveytool.cli.app import main
    from surveytool.text import words

    for name in (
        "api",
        "tabulation",
        "reading.sandbox",
        "reading.statistical",
        "reading.workbook",
        "reading.columnar",
        "reading.delimited",
        "aggregate.collect",
        "estimate.estimate_rows",
        "table",
        "render.terminal",
        "render.json",
        "render.csv",
        "render.html",
        "render.markdown",
        "output_files",
        "study",
        "study.study_survey",
        "study.study_tables",
        "study.rules",
        "cli.command_source",
    ):
        import_module(f"surveytool.{name}")
    for language in ("en", "es", "fr"):
        words(language)
    assert all((numpy, pyarrow, pyreadstat, python_calamine, main))


def _child(
    arguments: Sequence[str], folder: Path, outputs: tuple[Path, Path], memory: int, seconds: int,
    environment: Mapping[str, str], before: Callable[[], None] | None,
) -> None:  # fmt: skip
    status = 99
    try:
        for number, path in enumerate(outputs, start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        os.environ.update({"COLUMNS": "80", "NO_COLOR": "1", **environment})
        os.chdir(folder)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(6 * seconds)  # a hang; a busy machine is none
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if before is not None:
            before()
        from surveytool.cli.app import main

        status = main(list(arguments))
    except BaseException as error:
        sys.stderr.write(f"Traceback: {type(error).__name__}: {error}\n")
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # as the console script does
                stream.flush()
        os._exit(status)
