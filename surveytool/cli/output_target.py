"""Where a command's bytes go: the screen or a file, decided before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.cli import screen
from surveytool.errors import UsageError
from surveytool.survey.setting import choice

if TYPE_CHECKING:
    from surveytool.cli.run_record import RunRecord


class Target:
    """Where a command's bytes go, and in which dress: decided before anything is computed."""

    def __init__(self, format: str | None, path: Path | None, overwrite: bool, lang: str, source: str) -> None:
        from surveytool.text import words

        self.path, self.overwrite = path, overwrite
        self.words = words(lang)
        screen.borrowed(self.words)
        self.source = Path(source)
        self.format = self._format(format)
        self.width = screen.width() if path is None else 100
        self.colour = path is None and screen.colour()
        self.ledger: RunRecord | None = None

    def _format(self, named: str | None) -> str:
        from surveytool.render import FORMATS, format_of

        if named is not None:
            return choice(named, list(FORMATS), "--format")
        return format_of(self.path) if self.path is not None else "terminal"

    def check(self) -> None:
        """Refuse an output that cannot be written."""
        from surveytool.output_files import check_target
        from surveytool.render import BINARY

        if self.path is None and self.format in BINARY and screen.terminal():
            raise UsageError(
                f"{self.format} is no text for a screen.", "--format", f"Write for example -o tables.{self.format}"
            )
        if self.path is not None:
            if str(self.path) in ("", "-"):
                raise UsageError("is no file name.", "-o", "Leave -o out to write to the screen.")
            check_target(self.path, overwrite=self.overwrite, source=self.source)

    def write(self, content: bytes) -> None:
        """To the file, or to the screen."""
        from surveytool.output_files import write

        if self.path is None:
            screen.out(content)
        else:
            write(self.path, content, overwrite=self.overwrite)
            if self.ledger is not None:
                self.ledger.outputs.append(self.path)
