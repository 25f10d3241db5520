"""The files of a language, opened one after the other until a word is found.

A table needs few of the words, and csv none; the parsing of all files would take longer than reading the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PARTS = ("format", "words", "notes")
FIRST = "general.toml"


class Shelf:
    """The files of the languages named: what an earlier language says goes before the same of a later one."""

    def __init__(self, *languages: str) -> None:
        self._languages = list(dict.fromkeys(languages))
        self._files: list[Path] = []
        self.read: dict[str, dict[str, Any]] = {part: {} for part in PARTS}

    def open(self) -> bool:
        """Read one more file; false where there is none."""
        if not self._files and self._languages:
            self._files = sorted((Path(__file__).parent / self._languages.pop(0)).glob("*.toml"), key=_late)
        if not self._files:
            return False
        import tomllib

        parts = tomllib.loads(self._files.pop().read_text(encoding="utf-8"))
        for part in PARTS:
            self.read[part] = {**parts.get(part, {}), **self.read[part]}
        return True


def _late(file: Path) -> tuple[bool, int]:
    """The order in which files are opened, from the last: the general one, then the short ones."""
    return file.name == FIRST, -file.stat().st_size


class Part(Mapping[str, Any]):
    """One part of the files (``format``, ``words``, ``notes``) as a mapping."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf, self._name = shelf, name

    def __getitem__(self, key: str) -> Any:
        while key not in self._shelf.read[self._name]:
            if not self._shelf.open():
                raise KeyError(key)
        return self._shelf.read[self._name][key]

    def __iter__(self) -> Iterator[str]:
        while self._shelf.open():
            pass
        return iter(self._shelf.read[self._name])

    def __len__(self) -> int:
        return sum(1 for _ in self)
