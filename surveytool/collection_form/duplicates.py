"""Interviews that were sent twice, as a study says it."""

from __future__ import annotations

from typing import Literal

from surveytool.frozen import frozen


@frozen
class Duplicates:
    """``duplicates``: interviews with the same answers to ``by`` are one, of which the last or the first counts."""

    by: str | tuple[str, ...]
    keep: Literal["first", "last"] = "last"

    def names(self) -> tuple[str, ...]:
        """The columns that tell interviews apart."""
        return (self.by,) if isinstance(self.by, str) else self.by
