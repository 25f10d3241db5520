"""Files read in a process of their own, so that a broken one cannot crash, hang or fill ours.

The C and Rust libraries behind SPSS, Stata, SAS and Excel trust a file's own
numbers; a damaged file may crash them, or make them ask for any amount of
memory. So a copy of this process reads, within limits of memory and time that
grow with the file, and hands over what it read; its death is one clear error.

A copy costs a few milliseconds where the system can fork. Where it cannot
safely (Windows, macOS), the file is read here, after the same checks of its header.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from surveytool.errors import SurveytoolError, UnreadableData
from surveytool.reading.file_source import machine_memory
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.shared_memory import hand_over, shared_memory, take

Load = Callable[[Path, Options], Loaded]

MEGABYTE = 1 << 20
SPARE = 512 * MEGABYTE
TIMES = 1000
SECONDS = 8
BYTES_A_SECOND = 50_000
DONE, FAILED, NO_MEMORY = 0, 1, 2


def read_aside(load: Load, path: Path, options: Options) -> Loaded:
    """What ``load`` makes of a file, read by a copy of this process where that is safe.

    Raises what ``load`` raises, and ``UnreadableData`` where the copy died or
    passed its limits: 512 MB and 1000 times the file's size of memory, never
    more than four fifths of the machine's, and 8 seconds and one for every 50 kB.
    """
    if not _can_copy():
        return load(path, options)
    receive, send = os.pipe()
    shared = shared_memory()
    try:
        child = _fork()
    except OSError:
        child = None
    if child == 0:
        os.close(receive)
        _work(load, path, options, (send, shared))
    os.close(send)
    try:
        with os.fdopen(receive, "rb") as pipe:
            return load(path, options) if child is None else _answer(child, pipe, shared, path)
    finally:
        if shared is not None:
            os.close(shared)


def _can_copy() -> bool:
    return sys.platform.startswith("linux")


def _fork() -> int:
    with warnings.catch_warnings():  # newer Pythons warn of threads; the copy starts none and takes no lock
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _work(load: Load, path: Path, options: Options, ways: tuple[int, int | None]) -> NoReturn:
    """The copy: read, hand over, leave without unwinding what belongs to the parent."""
    status = FAILED
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.disable()  # the copy is gone before looking for what nothing holds would pay
        quiet = os.open(os.devnull, os.O_WRONLY)
        if "faulthandler" in sys.modules:
            sys.modules["faulthandler"].disable()
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        _limit(path.stat().st_size)
        with os.fdopen(ways[0], "wb", buffering=MEGABYTE) as pipe:
            hand_over(_outcome(load, path, options), pipe, ways[1])
        status = DONE
    except MemoryError:
        status = NO_MEMORY
    finally:
        os._exit(status)


def _outcome(load: Load, path: Path, options: Options) -> Loaded | Exception:
    """What was read, or the error that reading ended in, without the frames that it holds."""
    try:
        return load(path, options)
    except MemoryError:
        raise
    except Exception as error:
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return error


def _limit(size: int) -> None:
    """Memory beyond what this process holds already, and processor time, by the size of the file."""
    import resource

    memory = _held() + allowed_memory(size)
    seconds = SECONDS + size // BYTES_A_SECOND
    for kind, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)
    ):  # fmt: skip
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(kind, (most, hard))


def allowed_memory(size: int) -> int:
    """Bytes that reading a file of this size may take: plenty for an honest file, never the whole machine."""
    return min(SPARE + TIMES * size, machine_memory() * 4 // 5)


def _held() -> int:
    """Address space in use, in bytes; most of it is reserved only."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _answer(child: int, pipe: IO[bytes], shared: int | None, path: Path) -> Loaded:
    """What the copy hands over, or the error that its end means."""
    answer: Any = None
    ended: int | None = None
    try:
        with suppress(EOFError, pickle.UnpicklingError):
            answer = take(pipe, shared)
        ended = os.waitpid(child, 0)[1]
    finally:
        if ended is None:  # interrupted, or out of memory here
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGINT:  # Ctrl-C reaches the copy as well
        raise KeyboardInterrupt
    if ended != 0 or answer is None:
        raise _death(ended, path)
    if isinstance(answer, Exception):
        raise answer
    return answer  # type: ignore[no-any-return]


def _death(ended: int, path: Path) -> SurveytoolError:
    """The error for a copy that did not come back."""
    size = path.stat().st_size
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) in (signal.SIGXCPU, signal.SIGKILL):
        return UnreadableData(
            f"could not be read within {SECONDS + size // BYTES_A_SECOND} seconds.", str(path),
            "It may be broken. Export it again, or convert it to csv or Parquet.",
        )  # fmt: skip
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == NO_MEMORY:
        return UnreadableData(
            f"asks for more than {allowed_memory(size) // MEGABYTE} MB of memory.", str(path),
            "It may be broken. Name fewer variables, or convert it to csv or Parquet.",
        )  # fmt: skip
    return UnreadableData(
        "is broken: the library that reads this format crashed on it.", str(path),
        "Export or download it again, or convert it to csv or Parquet.",
    )  # fmt: skip
