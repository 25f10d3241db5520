"""A bar on stderr for passes that take longer than a moment; nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from surveytool.cli import screen

PATIENCE = 1.0


class Bar:
    """Begins to show once a pass has taken ``PATIENCE`` seconds; rich is loaded only then."""

    def __init__(self) -> None:
        self.start = monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._what = ""

    def told(self, what: str, done: int, rows: int) -> None:
        """How far a pass is: ``rows`` is 0 where the end is not known."""
        if self._bar is None:
            if monotonic() - self.start < PATIENCE:
                return
            self._bar = screen.bar()
            self._bar.start()
            screen.before_output(self.stop)
        if what != self._what:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._what, self._task = what, self._bar.add_task(what, total=rows or None)
        self._bar.update(self._task, completed=done)

    def stop(self) -> None:
        """Take the bar away, for good."""
        self.start = float("inf")
        if self._bar is not None:
            self._bar.stop()
            self._bar, self._task = None, None


@contextmanager
def progress() -> Iterator[None]:
    """Show how far passes over the respondents are, where stderr is a terminal."""
    if not screen.watched():
        yield
        return
    from surveytool.stream.pass_progress import listen

    bar = Bar()
    listen(bar.told)
    try:
        yield
    finally:
        listen(None)
        bar.stop()
