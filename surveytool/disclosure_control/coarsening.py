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
from surveytool.disclosure_control.printed_conditions import models
from surveytool.disclosure_control.printed_precision import SHARE_STEPS
from surveytool.disclosure_control.table_conditions import Frame, Shown
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
    safe: set[bytes] = field(default_factory=set)


def coarsened(
    draw: Draw, earlier: Sequence[Shown], frame: Frame, steps: Mapping[Figure, float],
    alike: Mapping[Figure, frozenset[Figure]],
) -> Coarsened:  # fmt: skip
    """The tables in steps wide enough. ``draw`` prints them, ``alike`` are rows about the same respondents.

    A row without such rows was published before as it is: it cannot be taken back, so others are.
    """
    made = Coarsened(shown=draw(steps), steps=dict(steps))
    for turn in range(ROUNDS):
        guilty, made.narrow = _found(made, earlier, frame, alike, last=turn >= ROUNDS - 2)
        if not guilty:
            break
        for figures in guilty:
            _answer(made, figures, alike)
        if made.gone:
            break
        made.shown = draw(made.steps)
    return made


def _found(
    made: Coarsened, earlier: Sequence[Shown], frame: Frame, alike: Mapping[Figure, frozenset[Figure]], *, last: bool
) -> tuple[list[set[Figure]], int]:
    """The rows that give something away, target by target, and how many counts nothing can hide any more."""
    rows = {(table.seen.id, place): row for table in made.shown for place, row in _rows(table)}
    rows = {figure: row for figure, row in rows.items() if alike.get(figure, True)}
    found: list[set[Figure]] = []
    stuck = 0
    for joint in models([*earlier, *made.shown], frame):
        mark = joint.mark()
        if mark in made.safe:
            continue
        solver = Solver(joint)
        closed = narrow(joint, solver)
        made.safe |= set() if closed else {mark}
        for target in closed:
            guilty = _guilty(joint, solver, target, rows, last=last)
            found += [guilty] if guilty else []
            stuck += not guilty and target.value > 0
    return found, stuck


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


def _answer(made: Coarsened, guilty: set[Figure], alike: Mapping[Figure, frozenset[Figure]]) -> None:
    """Tell the finest of some rows in their next step; where none has one, the row that costs least is gone."""
    tables = {table.seen.id: table for table in made.shown}
    now = {figure: _step(made, tables, figure) for figure in guilty}
    after = {figure: _after(tables[figure[0]], figure[1], step) for figure, step in now.items()}
    open_ = [figure for figure in guilty if after[figure] is not None]
    if not open_:
        cheapest = min(guilty, key=lambda figure: _price(tables[figure[0]], figure[1]))
        made.gone |= alike.get(cheapest, frozenset([cheapest]))
        return
    finest = min(now[figure] for figure in open_)
    for figure in open_:
        step = after[figure]
        if step is not None and now[figure] <= finest * (1 + 1e-9):
            for other in alike.get(figure, frozenset([figure])):
                made.steps[other] = max(step, made.steps.get(other, 0.0))


def _step(made: Coarsened, tables: Mapping[str, Shown], figure: Figure) -> float:
    """The step that a row has, also where it was raised in this round already."""
    return max(made.steps.get(figure, 0.0), tables[figure[0]].steps[figure[1]])


def _after(table: Shown, place: int, now: float) -> float | None:
    assert table.estimates is not None
    step = next_step(table, table.estimates.rows[place], now)
    bare = step is not None and table.estimates.statistic == "proportion" and _bare(table.exact[place], step)
    return None if bare else step


def _price(table: Shown, place: int) -> tuple[bool, int]:
    """What a row that is gone costs: a total takes fewest others with it."""
    assert table.estimates is not None
    row = table.estimates.rows[place]
    return (bool(row.by), row.n)


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
