"""A bar for long passes: only where somebody looks, only after a moment, gone before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from surveytool.cli import progress_bar, screen
from surveytool.stream import tell


class Recorded:
    """Stands for rich's bar."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *values, **named: self.calls.append((name, *values, *named.values()))


def test_a_bar_comes_late_and_goes_before_results(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    made = Recorded()
    monkeypatch.setattr(screen, "bar", lambda: made)
    monkeypatch.setattr(screen, "watched", lambda: True)
    with progress_bar.progress():
        tell("reading", 10, 100)
        assert made.calls == []
        monkeypatch.setattr(progress_bar, "PATIENCE", 0.0)
        tell("reading", 20, 100)
        assert ("update", None, 20) in made.calls
        screen.out(b"table\n")
        assert made.calls[-1] == ("stop",)
        tell("reading", 30, 100)
        assert made.calls[-1] == ("stop",)
    assert capfdbinary.readouterr() == (b"table\n", b"")


def test_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_bar, "PATIENCE", 0.0)
    monkeypatch.setattr(screen, "bar", lambda: pytest.fail("a bar was shown"))
    with progress_bar.progress():
        tell("reading", 1, 2)


def test_a_note_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the line of a long run goes away before a note is written."""
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with screen.Progress() as steps:
        steps.step("Computing 8 tables")
        screen.remark("a note")
        steps.step("Table 2 of 8")
    assert terminal.getvalue() == "\r\x1b[KComputing 8 tables\r\x1b[Knote: a note\n\r\x1b[KTable 2 of 8\r\x1b[K"
