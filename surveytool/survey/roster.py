"""Rosters: sheets with a row for each child, illness or trip of an interview."""

from __future__ import annotations

from typing import Any

from surveytool.frozen import frozen


@frozen
class Roster:
    """``[[rosters]]``: a sheet of the export, and how its rows find their interview.

    ``sheet`` is the name itself where it is not given; ``path`` a file of its own, beside the data. ``parent`` is the
    roster's column that points at ``key`` of the interviews, or of the roster ``of`` that it stands in; all three are
    found where they have the platforms' names (_parent_index and _index, PARENT_KEY and KEY).
    """

    name: str
    sheet: str | None = None
    parent: str | None = None
    key: str | None = None
    of: str | None = None
    path: str | None = None


@frozen
class RosterRows:
    """A roster that was read: its own ``survey``, and for each row [rows] the place of its interview, -1 for none."""

    name: str
    survey: Any
    parent: Any

    @property
    def prefix(self) -> str:
        """What stands before its columns' names where those of the interviews stand beside them."""
        return f"{self.name}."

    def outer(self, name: str) -> str:
        """A question's name beside those of the interviews; the group path ``children/`` is the roster itself."""
        plain = name.removeprefix(f"{self.name}/")
        known = self.survey.codebook
        return f"{self.prefix}{name if plain != name and plain in known else plain}"

    def inner(self, name: str) -> str:
        """A question's name in the roster's own sheet, of one that is written with or without the roster's."""
        plain = name.removeprefix(self.prefix)
        known = self.survey.codebook
        return f"{self.name}/{plain}" if plain not in known and f"{self.name}/{plain}" in known else plain
