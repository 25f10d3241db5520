"""Reading in a copy of this process: what it hands over, and how its death is told."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hostile.seeds import seed

import surveytool as st
from surveytool.errors import SurveytoolError, UnknownVariable, UnreadableData
from surveytool.reading import sandbox, shared_memory
from surveytool.reading.loaded import Loaded, Options

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="files are read here on other systems")


def read(load: Any, tmp_path: Path, size: int = 10) -> Loaded:
    path = tmp_path / "data.sav"
    path.write_bytes(bytes(size))
    return sandbox.read_aside(load, path, Options())


def test_what_is_read_aside_is_what_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sav", "zsav", "dta", "xpt", "por", "sas7bdat", "xlsx"):
        path = tmp_path / f"data.{name}"
        path.write_bytes(seed(name))
        there = st.read(path)
        with monkeypatch.context() as patch:
            patch.setattr(sandbox, "_can_copy", lambda: False)
            here = st.read(path)
        assert there.codebook == here.codebook
        assert there.frame.equals(here.frame)


def test_large_columns_come_whole(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table({"y": list(range(300_000)), "t": [f"text {place}" for place in range(300_000)]})
    loaded = read(lambda path, options: Loaded(table=table, names=("y", "t")), tmp_path)
    assert loaded.table.equals(table)


def test_large_columns_come_whole_where_no_memory_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "shared_memory", lambda: None)
    test_large_columns_come_whole(tmp_path)


def test_large_columns_do_not_go_through_the_pipe() -> None:
    import pyarrow as pa

    table = pa.table({"y": list(range(300_000)), "t": ["a"] * 300_000})
    shared = shared_memory.shared_memory()
    assert shared is not None
    pipe = BytesIO()
    shared_memory.hand_over(table, pipe, shared)
    assert len(pipe.getvalue()) < 10_000
    pipe.seek(0)
    again = shared_memory.take(pipe, shared)
    os.close(shared)
    assert again.equals(table)


def test_reading_leaves_no_file_open(tmp_path: Path) -> None:
    import pyarrow as pa

    before = len(os.listdir("/proc/self/fd"))
    table = pa.table({"y": list(range(300_000))})
    read(lambda path, options: Loaded(table=table, names=("y",)), tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_errors_come_over_as_they_are(tmp_path: Path) -> None:
    def fails(path: Path, options: Options) -> Loaded:
        raise UnknownVariable("sexx", ["sex"], "data.sav")

    with pytest.raises(UnknownVariable) as caught:
        read(fails, tmp_path)
    assert (caught.value.name, caught.value.near, caught.value.exit_status) == ("sexx", ["sex"], 2)
    assert str(caught.value) == "data.sav: no variable named 'sexx'. Did you mean 'sex'?"


@pytest.mark.parametrize("kind", SurveytoolError.__subclasses__())
def test_every_error_can_be_handed_over(kind: type[SurveytoolError]) -> None:
    error = kind("is odd.", "file", "Mend it.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), again.exit_status) == (str(error), error.exit_status)


def test_a_crash_is_one_error(tmp_path: Path) -> None:
    def crashes(path: Path, options: Options) -> Loaded:
        os.kill(os.getpid(), signal.SIGSEGV)
        raise AssertionError

    with pytest.raises(UnreadableData, match=r"data\.sav: is broken: .* crashed"):
        read(crashes, tmp_path)


def test_a_hang_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(path: Path, options: Options) -> Loaded:
        while True:
            pass

    monkeypatch.setattr(sandbox, "SECONDS", 1)
    start = time.process_time()
    with pytest.raises(UnreadableData, match="could not be read within 1 seconds"):
        read(hangs, tmp_path)
    assert time.process_time() - start < 1


def test_memory_has_an_end(tmp_path: Path) -> None:
    def grows(path: Path, options: Options) -> Loaded:
        held = [bytearray(1 << 28) for _ in range(1000)]
        raise AssertionError(len(held))

    with pytest.raises(UnreadableData, match="asks for more than 512 MB of memory"):
        read(grows, tmp_path)


def test_a_defect_of_ours_is_not_taken_for_a_broken_file(tmp_path: Path) -> None:
    def wrong(path: Path, options: Options) -> Loaded:
        raise KeyError("a defect")

    with pytest.raises(KeyError, match="a defect"):
        read(wrong, tmp_path)


def test_no_copy_is_left_behind(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def slow(path: Path, options: Options) -> Loaded:
        begun.touch()
        time.sleep(600)
        raise AssertionError

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    def interrupt_once_it_reads() -> None:
        while not begun.exists():
            time.sleep(0.02)
        signal.pthread_kill(main, signal.SIGALRM)

    main = threading.get_ident()  # a signal to the process may go to another thread, and would not wake this one
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            threading.Thread(target=interrupt_once_it_reads, daemon=True).start()
            read(slow, tmp_path)
    finally:
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_limits_grow_with_the_file() -> None:
    assert sandbox.allowed_memory(0) == 512 << 20
    assert sandbox.allowed_memory(10**9) <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert sandbox.allowed_memory(10**6) == (512 << 20) + 10**9


def test_a_machine_that_cannot_copy_reads_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(sandbox, "_fork", refuses)
    path = tmp_path / "data.sav"
    path.write_bytes(seed("sav"))
    assert st.read(path).provenance.rows == 40


def test_a_parquet_file_larger_than_the_machine_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveytool.reading.columnar.machine_memory", lambda: 500)
    path = tmp_path / "data.parquet"
    path.write_bytes(seed("parquet"))
    with pytest.raises(UnreadableData, match="more than 0 GB of memory"):
        st.read(path)
    assert st.read(path, columns=["sex"]).provenance.rows == 40
