"""Figures told so coarsely that what is withheld stays open, though weights tie them to it.

What would be printed is attacked as a reader could attack it. A figure that gives
something away is told in the next wider step, and withheld where no step is wide
enough. Percentages in steps cost a reader less than further figures that are gone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from surveytool.disclosure_control.joint_model import Joint, Solver, Target, narrow
from surveytool.disclosure_control.printed_conditions import Frame, Shown, models
from surveytool.disclosure_control.printed_precision import SHARE_STEPS
from surveytool.disclosure_control.withheld_rows import SUPPRESSED
from surveytool.estimate.result import Row

Figure = tuple[str, int]  # table, row
Draw = Callable[[Mapping[Figure, float]], list[Shown]]
ROUNDS = 14


@dataclass(slots=True)
class Coarsened:
    """How the tables are told: their steps by row, the rows that no step is wide enough for, and what stays narrow."""

    shown: list[Shown]
    steps: dict[Figure, float]
    gone: set[Figure] = field(default_factory=set)
    narrow: int = 0


def coarsened(
    draw: Draw, earlier: Sequence[Shown], frame: Frame, steps: Mapping[Figure, float],
    alike: Mapping[Figure, frozenset[Figure]],
) -> Coarsened:  # fmt: skip
    """The tables in steps wide enough. ``draw`` prints them, ``alike`` are rows about the same respondents."""
    made = Coarsened(shown=draw(steps), steps=dict(steps))
    for turn in range(ROUNDS):
        raised, stuck = _raised(made, earlier, frame, last=turn >= ROUNDS - 2)
        made.narrow = stuck
        if not raised:
            break
        for figure in raised:
            _raise(made, figure, alike.get(figure, frozenset([figure])))
        if made.gone:
            break
        made.shown = draw(made.steps)
    return made


def _raised(made: Coarsened, earlier: Sequence[Shown], frame: Frame, *, last: bool) -> tuple[set[Figure], int]:
    """The rows that give something away, and how many counts nothing can hide any more."""
    rows = {(table.seen.id, place): row for table in made.shown for place, row in _rows(table)}
    raised: set[Figure] = set()
    stuck = 0
    for joint in models([*earlier, *made.shown], frame):
        solver = Solver(joint)
        for target in narrow(joint, solver):
            guilty = _guilty(joint, solver, target, rows, last=last)
            raised |= guilty
            stuck += not guilty and target.value > 0
    return raised, stuck


def _guilty(joint: Joint, solver: Solver, target: Target, rows: Mapping[Figure, Row], *, last: bool) -> set[Figure]:
    """The rows to be told more coarsely: those of the total for people without a group, else those that bind."""
    if not target.withheld and not last:
        mine = {figure for figure in target.rows if figure in rows}
        if mine:
            return mine
    guilty = solver.binding(target.line) if not last else set()
    return {each for each in guilty if each in rows} or {x for x in joint.owners_of(target.line) if x in rows}


def _rows(table: Shown) -> Iterator[tuple[int, Row]]:
    if table.estimates is not None:
        yield from ((place, row) for place, row in enumerate(table.estimates.rows) if row.flag != SUPPRESSED)


def _raise(made: Coarsened, figure: Figure, alike: frozenset[Figure]) -> None:
    """The next step of a row and of those about the same respondents; gone where there is none."""
    tables = {table.seen.id: table for table in made.shown}
    for id, place in alike:
        table = tables.get(id)
        if table is None or table.estimates is None or table.estimates.rows[place].flag == SUPPRESSED:
            continue
        now = max(made.steps.get((id, place), 0.0), table.steps[place])
        step = next_step(table, table.estimates.rows[place], now)
        if step is not None and table.estimates.statistic == "proportion" and _bare(table.exact[place], step):
            step = None
        if step is None:
            made.gone.add((id, place))
        else:
            made.steps[(id, place)] = step


def _bare(share: float | None, step: float) -> bool:
    """Whether a step would make nobody or everybody of a share that is neither."""
    return share is not None and 0 < share < 1 and round(share / step) * step in (0.0, 1.0)


def next_step(table: Shown, row: Row, now: float) -> float | None:
    """The step after this one: of shares up to a tenth, of totals up to half of the total; None after the last."""
    assert table.estimates is not None
    if table.estimates.statistic == "total":
        ladder = [10.0**power * digit for power in range(-1, 12) for digit in (1, 2, 5)]
        most = abs(row.estimate or 0.0) / 2
        return next((step for step in ladder if now * (1 + 1e-9) < step <= most), None)
    scale = 1.0
    if table.seen.binary:
        first, last = map(float, table.seen.levels)
        scale = abs(last - first)
    first_step = next((step for step in SHARE_STEPS[:-1] if step * scale > now * (1 + 1e-9)), None)
    if first_step is None or not math.isfinite(scale):
        return None
    return max(first_step, SHARE_STEPS[1]) * scale
