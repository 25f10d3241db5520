"""The only file that prints. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.text import Words

LONGEST = 4000
_before: list[Callable[[], None]] = []


def before_output(action: Callable[[], None]) -> None:
    """Do something once, before the next thing that is written: a bar goes away."""
    _before.append(action)


def _clear() -> None:
    while _before:
        _before.pop()()


class ReaderGone(Exception):
    """Whoever read our output has enough of it. No OSError, which typer would make a failure of."""


def out(content: bytes) -> None:
    """Results to stdout, byte for byte; a terminal that is not UTF-8 gets what it can show."""
    _clear()
    stream = sys.stdout
    if stream is None:
        raise UsageError("the output cannot be written (it is closed).")
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(content.decode("utf-8"))
        return
    encoding = (stream.encoding or "utf-8").lower().replace("-", "")
    if stream.isatty() and encoding != "utf8":
        content = content.decode("utf-8").encode(stream.encoding, errors="replace")
    try:
        stream.flush()
        buffer.write(content)
        buffer.flush()
    except BrokenPipeError as gone:
        raise ReaderGone from gone
    except OSError as wrong:
        raise UsageError(f"the output cannot be written ({wrong.strerror or 'unknown reason'}).") from wrong


def error(message: str, *, name: bool = True) -> None:
    """One line on stderr, control characters made visible."""
    _say(f"surveytool: {message}" if name else message)


def remark(message: str) -> None:
    """A note on stderr: about the run, not about a number."""
    _say(f"note: {message}")


def _say(message: str) -> None:
    _clear()
    message = message if len(message) <= LONGEST else f"{message[: LONGEST - 4]} ..."
    # the spaces that Spanish and French put between thousands and before signs are no control characters
    safe = "".join(each if each.isprintable() or each in "\u00a0\u202f\u2009" else repr(each)[1:-1] for each in message)
    if sys.stderr is None:  # closed by who started us
        return
    try:
        print(safe, file=sys.stderr)
    except UnicodeEncodeError:
        print(safe.encode("ascii", "backslashreplace").decode("ascii"), file=sys.stderr)
    except (OSError, ValueError):
        return


def borrowed(said: Words) -> None:
    """Tell that a language has labels of its own, and words of English."""
    from surveytool.text import words_of

    if words_of(said.language) == "en" and not said.language.startswith("en"):
        remark(said.fill("words_borrowed", language=said.language))


def watched() -> bool:
    """Whether stderr is a terminal that can redraw a line."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def bar() -> Any:
    """A progress bar on stderr that leaves no trace."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def width() -> int:
    """Columns of the terminal (COLUMNS, else the terminal's own, else 80), at least 20."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def terminal() -> bool:
    """Whether results go to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def colour() -> bool:
    """Colour only to a terminal that wants it (https://no-color.org)."""
    return terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """Steps of a long run on stderr: one line that changes on a terminal, else a line every few seconds."""

    PATIENCE = 3.0

    def __init__(self) -> None:
        self.last, self.shown = time.monotonic(), False

    def __enter__(self) -> Progress:
        return self

    def step(self, message: str) -> None:
        """Say what is being done now."""
        if not sys.stderr.isatty():
            if time.monotonic() - self.last > self.PATIENCE:
                remark(message)
                self.last = time.monotonic()
            return
        cells = max(width() - 2, 10)
        safe = "".join(each for each in message if each.isprintable() or each in "\u00a0\u202f\u2009")[:cells]
        if not self.shown:
            before_output(self._wipe)
        sys.stderr.write(f"\r\x1b[K{safe}")
        sys.stderr.flush()
        self.shown = True

    def __exit__(self, *_: object) -> None:
        self._wipe()

    def _wipe(self) -> None:
        """The line away, so that a note or an output stands on a line of its own."""
        if self.shown and sys.stderr is not None:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self.shown = False
