"""One case of the corpus: a file and a command, and how the run must end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Content = bytes | Callable[[], bytes]
TABLE = "sex,age,weight,town\n" + "".join(
    f"{'MF'[place % 2]},{20 + place % 37},{1 + place % 3},{'ABCD'[place % 4]}\n" for place in range(60)
)
PLAIN = TABLE.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``file`` holds ``content`` (bytes, or what makes them) and ``command`` is run beside it.

    ``{file}`` in the command is the file's name. With status 0 every text of ``says`` must be on
    stdout or in a note, otherwise in the one line on stderr. ``makes`` are the only new files allowed.
    ``before`` readies the folder. A study may have several problems, up to ``lines`` of them.
    """

    name: str
    file: str
    content: Content = PLAIN
    command: Sequence[str] = ("codebook", "{file}")
    status: int = 3
    says: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    before: Callable[[Path], None] | None = None
    lines: int = 1
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> list[str]:
        """Put the file into the folder; the command line to run there."""
        content = self.content() if callable(self.content) else self.content
        (folder / self.file).write_bytes(content)
        if self.before is not None:
            self.before(folder)
        return [each.replace("{file}", self.file) for each in self.command]


def sheet(*rows: str) -> bytes:
    """Lines of a csv file."""
    return ("\n".join(rows) + "\n").encode()
