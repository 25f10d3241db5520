"""The law: the true number, or a stop, or a note that says the doubt; never a fourth thing."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field

from oracle.expected import Figures, same
from oracle.habits import TOLD
from oracle.tool import Said

RIGHT, STOP, NOTED, SILENT, BROKEN = "right", "stop", "told", "SILENT WRONG", "broken"
OUTCOMES = (RIGHT, STOP, NOTED, SILENT, BROKEN)


@dataclass
class Verdict:
    """How one request ended."""

    kind: str
    platform: str
    habits: frozenset[str]
    outcome: str
    words: str = ""
    got: str = ""
    true: str = ""
    seed: int = 0
    details: dict[str, str] = field(default_factory=dict)


def outcome(figures: Figures, truths: list[Figures], said: Said, habits: set[str], columns: set[str]) -> str:
    """Right, told or silently wrong."""
    if any(same(figures, true) for true in truths):
        return RIGHT
    return NOTED if doubted(said, habits, columns) else SILENT


def doubted(said: Said, habits: set[str], columns: set[str]) -> bool:
    """Whether a note is about one of the habits and, if it names columns, about one of these."""
    for habit in habits:
        pattern = re.compile(TOLD.get(habit, "(?!)"), re.IGNORECASE)
        for code, _, named in said.codes:
            if pattern.search(code) and (not named or columns & set(named)):
                return True
        for line in said.words:
            if pattern.search(line) and any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", line) for each in columns):
                return True
    return False


def short(figures: dict[Hashable, float]) -> str:
    """Figures as one line."""
    return ", ".join(f"{key}={value:.6g}" for key, value in list(figures.items())[:12])
