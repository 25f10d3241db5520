"""What an order must not tell: levels are listed by share, and a share that is held back has no place among them."""

from __future__ import annotations

from dataclasses import replace

from surveytool.estimate.result import Estimates, Group, Row

SUPPRESSED = "suppressed"


def held_back_last(estimates: Estimates) -> Estimates:
    """Levels of a ranked table with a figure held back come last, by their names."""
    hidden = {row.level_code for row in estimates.rows if row.flag == SUPPRESSED and row.level_code is not None}
    if not hidden:
        return estimates
    shown = [answer for answer in estimates.answers() if answer[1] not in hidden]
    answers = (*shown, *sorted(answer for answer in estimates.answers() if answer[1] in hidden))
    rank = {code: number for number, (_, code) in enumerate(answers)}
    groups: dict[Group, list[Row]] = {}
    for row in estimates.rows:
        groups.setdefault(row.group, []).append(row)
    rows = [row for group in groups.values() for row in sorted(group, key=lambda row: rank[row.level_code or ""])]
    levels, codes = (tuple(parts) for parts in zip(*answers, strict=True))
    return replace(estimates, levels=levels, codes=codes, rows=tuple(rows))
