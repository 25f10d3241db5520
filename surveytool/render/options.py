"""What a format may be told beside the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """``width`` in columns and ``colour``: for the terminal; files take no notice of them."""

    width: int = 100
    colour: bool = False
