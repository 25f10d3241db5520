"""The cells of a list of analysis: sheets of rows by column, words for yes and no, levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from surveytool.errors import UsageError
from surveytool.frozen import frozen

Row = Mapping[str, str]


@frozen
class ListSheet:
    """A sheet of a list: its columns, and its rows with their number in the file."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]


def yes(text: str, *, default: bool) -> bool:
    """A cell that says yes or no; blank is the default."""
    if not text:
        return default
    return text.strip().lower() in ("true", "yes", "1", "t", "y", "oui", "si", "sí")


def level_of(text: str, where: str) -> float:
    """A confidence level as a share: 0.95, 95 or blank. Raises ``UsageError``."""
    if not text:
        return 0.95
    try:
        level = float(text.rstrip("%"))
    except ValueError:
        level = -1.0
    level = level / 100 if level > 1 else level
    if not 0 < level < 1:
        raise UsageError(f"the level {text!r} is none.", where, "Write 0.95, or leave it blank.")
    return level


def need(columns: Sequence[str], wanted: Sequence[str], where: str) -> None:
    """Refuse a sheet that lacks a column."""
    lacking = [name for name in wanted if name not in columns]
    if lacking:
        raise UsageError(f"has no column {lacking[0]}.", where, f"It has: {', '.join(columns[:8])}")


def cell(row: Row, name: str) -> str:
    """A cell, blank where the sheet has no such column."""
    value: Any = row.get(name, "")
    return str(value)
