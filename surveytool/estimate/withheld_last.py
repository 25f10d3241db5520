"""What an order must not tell: levels are listed by share, and a share that is held back has no place among them."""

from __future__ import annotations

from dataclasses import replace

from surveytool.estimate.result import Estimates

SUPPRESSED = "suppressed"


def held_back_last(estimates: Estimates) -> Estimates:
    """Levels of a ranked table with a figure held back come last, by their names."""
    hidden = {row.level for row in estimates.rows if row.flag == SUPPRESSED and row.level is not None}
    if not hidden:
        return estimates
    shown = [level for level in estimates.levels if level not in hidden]
    levels = (*shown, *sorted(level for level in estimates.levels if level in hidden))
    place = {level: number for number, level in enumerate(levels)}
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for number, row in enumerate(estimates.rows):
        groups.setdefault(tuple(row.by.items()), []).append(number)
    order = [n for group in groups.values() for n in sorted(group, key=lambda n: place[str(estimates.rows[n].level)])]
    return replace(estimates, levels=levels, rows=tuple(estimates.rows[number] for number in order))
