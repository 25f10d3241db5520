"""A question of a log as a column of the export: by its name, else as the platforms vary it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

SIGNS = re.compile(r"[./:]")


class ColumnLookup:
    """The columns of a sheet by name; ``.`` and ``/`` mean the same, and a group path may be left out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.exact = {name: place for place, name in reversed(list(enumerate(names)))}
        self.plain = _once((SIGNS.sub("/", name), index) for index, name in enumerate(names))
        self.last = _once((name.rpartition("/")[2], index) for index, name in enumerate(names))

    def place(self, question: str) -> int | None:
        """The place of a question's column, None where there is none or more than one."""
        if question in self.exact:
            return self.exact[question]
        plain = self.plain.get(SIGNS.sub("/", question))
        return plain if plain is not None else self.last.get(question)


def _once(pairs: object) -> dict[str, int]:
    """The names that are there once."""
    listed = list(pairs)  # type: ignore[call-overload]
    counts = Counter(name for name, _ in listed)
    return {name: place for name, place in listed if counts[name] == 1}
