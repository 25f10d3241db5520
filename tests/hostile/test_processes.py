"""What happens to a run from outside: interrupts, closed and full streams, full disks, other runs, poor locales."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hostile.case import TABLE
from hostile.guard import Ended, run_guarded
from hostile.seeds import seed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals and limits of Linux")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "small.csv").write_text(TABLE, encoding="utf-8")
    (folder / "small.sav").write_bytes(seed("sav"))
    return folder


def left(box: Path) -> list[str]:
    return sorted(each.name for each in box.iterdir() if not each.name.startswith("small."))


def one_line(ran: Ended, status: int, *words: str) -> None:
    assert ran.status == status, ran
    assert len(ran.lines) == 1, ran.err
    assert ran.lines[0].startswith("surveytool: ")
    for word in words:
        assert word in ran.err


def interrupt_after(steps: int) -> Callable[[], None]:
    """Ctrl-C after so many calls and returns, whatever the machine's speed."""

    def ready() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        left = count(steps, -1)

        def step(*_: object) -> None:
            if next(left) == 0:
                sys.setprofile(None)
                os.kill(os.getpid(), signal.SIGINT)

        sys.setprofile(step)

    return ready


@pytest.mark.parametrize("file", ["small.csv", "small.sav"])
def test_an_interrupt_at_any_moment_leaves_nothing_half_written(box: Path, file: str) -> None:
    command = ("summarize", file, "sex", "age", "--by", "sex", "--format", "html", "-o", "out.html")
    whole = run_guarded(command, box)
    assert whole.status == 0
    expected = (box / "out.html").read_bytes()
    statuses = set()
    for step in range(21):
        (box / "out.html").unlink(missing_ok=True)
        ran = run_guarded(command, box, before=interrupt_after(int(50 * 1.6**step)))
        statuses.add(ran.status)
        if ran.status == 0 or left(box):
            assert (box / "out.html").read_bytes() == expected
        else:
            one_line(ran, 130, "interrupted")
        assert left(box) in ([], ["out.html"])
    assert statuses == {0, 130}


def test_an_interrupt_while_writing_keeps_what_was_there(box: Path) -> None:
    (box / "out.csv").write_text("before\n")

    def ready() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        replace = os.replace

        def late(*names: Any) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
            replace(*names)

        os.replace = late  # type: ignore[assignment]

    ran = run_guarded(("summarize", "small.csv", "sex", "-o", "out.csv", "--overwrite"), box, before=ready)
    one_line(ran, 130, "interrupted")
    assert left(box) == ["out.csv"]
    assert (box / "out.csv").read_text() == "before\n"


@pytest.mark.parametrize("form", ["csv", "html", "xlsx", "docx"])
def test_a_full_disk(box: Path, form: str) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))

    ran = run_guarded(("summarize", "small.csv", "sex", "--by", "town", "-o", f"out.{form}"), box, before=full)
    assert ran.status == 2
    assert left(box) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["terminal", "csv", "json"])
def test_full_standard_output(box: Path, form: str) -> None:
    def full() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    ran = run_guarded(("summarize", "small.csv", "sex", "--format", form), box, before=full)
    one_line(ran, 2, "No space left on device")


@pytest.mark.parametrize("asked", [("summarize", "small.csv", "sex"), ("summarize", "--help"), ("--help",)])
def test_standard_output_whose_reader_went_away(box: Path, asked: tuple[str, ...]) -> None:
    def closed() -> None:
        reading, writing = os.pipe()
        os.dup2(writing, 1)
        os.close(reading)

    ran = run_guarded(asked, box, before=closed)
    assert (ran.status, ran.lines) == (141, [])  # never 1: that is a claim that is not reproduced


def test_closed_streams(box: Path) -> None:
    command = f"'{sys.executable}' -m surveytool summarize small.csv"
    for request, status in (("sex >&-", 2), ("sex 2>&-", 0), ("nope 2>&-", 2), ("sex <&- >/dev/null", 0)):
        done = subprocess.run(
            ["sh", "-c", f"{command} {request}"], cwd=box, capture_output=True, timeout=600, check=False
        )
        assert done.returncode == status, (request, done)
        assert b"Traceback" not in done.stderr
        assert done.stderr.count(b"\n") <= 1
        if "nope" in request:
            assert done.stdout == b""


@pytest.mark.parametrize("target", ["/proc/out.csv", "/sys/out.csv"])
def test_a_folder_that_takes_no_files(box: Path, target: str) -> None:
    one_line(run_guarded(("summarize", "small.csv", "sex", "-o", target), box), 2, "cannot be written")


@pytest.mark.parametrize("overwrite", [True, False])
def test_runs_at_the_same_time_into_one_file(box: Path, overwrite: bool) -> None:
    """The file is one run's whole answer; without --overwrite only one of them says that it wrote."""
    variables = ("sex", "age", "weight", "town", "sex", "age")
    expected = set()
    for name in variables:
        assert run_guarded(("summarize", "small.csv", name, "-o", f"{name}.csv"), box).status in (0, 2)
        expected.add((box / f"{name}.csv").read_bytes())
        (box / f"{name}.csv").rename(box / f"small.{name}") if (box / f"{name}.csv").exists() else None
    option = ["--overwrite"] if overwrite else []
    waiting, go = os.pipe()
    children = [
        _start(box, waiting, go, ["summarize", "small.csv", name, "-o", "out.csv", *option]) for name in variables
    ]
    os.close(waiting)
    os.close(go)  # all of them start now
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(statuses) == ([0] * 6 if overwrite else [0, 2, 2, 2, 2, 2])
    assert left(box) == ["out.csv"]
    assert (box / "out.csv").read_bytes() in expected


def _start(box: Path, waiting: int, go: int, command: list[str]) -> int:
    from surveytool.cli.app import main

    child = os.fork()
    if child == 0:
        os.close(go)
        os.chdir(box)
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        os.read(waiting, 1)
        os._exit(main(command))
    return child


@pytest.mark.parametrize("forced", [{}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_a_poor_locale(tmp_path: Path, shell: Callable[..., Any], forced: dict[str, str]) -> None:
    """Results are UTF-8 in any locale; a name that the locale cannot hold is one clear error."""
    (tmp_path / "acentos.csv").write_text("año,n\n" + "sí,1\nno,2\n" * 20, encoding="utf-8")
    own = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    environment = {**own, "LC_ALL": "C", **forced}
    good = shell("summarize", "acentos.csv", "--lang", "es", cwd=tmp_path, env=environment)
    assert good.status == 0, good.err
    assert "sí" in good.out
    bad = shell("summarize", "acentos.csv", "añoo", cwd=tmp_path, env=environment)
    assert (bad.status, bad.err.count("\n")) == (2, 1)
    assert "Traceback" not in bad.err


def wait_for(done: Callable[[], bool]) -> None:
    """Until something is so, however slow the machine is."""
    end = time.monotonic() + 600
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(group: int) -> bool:
    """Whether a process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_reader_that_is_slow_can_be_interrupted(box: Path) -> None:
    """Ctrl-C goes to the whole process group: the copy that reads ends too, and nothing is said twice."""
    (box / "small.zsav").write_bytes(seed("zsav"))
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from surveytool.reading import statistical\n"
        "def load(path, options):\n"
        "    Path('begun').touch()\n"
        "    time.sleep(600)\n"
        "statistical.load = load\n"
        "from surveytool.cli.app import main\n"
        "sys.exit(main(['codebook', 'small.zsav']))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=box, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for((box / "begun").exists)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=600)
    assert child.returncode == 130
    assert err == b"surveytool: interrupted; nothing was written.\n"
    wait_for(lambda: not alive(child.pid))
