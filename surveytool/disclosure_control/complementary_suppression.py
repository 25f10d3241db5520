"""Which further counts to withhold, so that none that must be withheld comes back by arithmetic.

The smallest loss is an integer programme with one condition a narrow range: the
cells that would widen it must together give the width that it lacks. Conditions
are found by attacking (a cutting plane a failure). A greedy cover of them is
always carried to a safe end first; HiGHS then looks for a cheaper choice, which
counts only once it has withstood the attack as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.attack import SMALL, Attack
from surveytool.disclosure_control.equation_system import System
from surveytool.disclosure_control.suppression_search import MANY, Choice, Search

if TYPE_CHECKING:
    from surveytool.arrays import Flags


ROUNDS = 2000
BATCH = 20  # counts that are added before all are attacked anew
HOPS = 8
POLISHES = 6
NODES = 2000
POLISH = 0.25  # the part of the time after which the first safe choice is good enough


def choose(
    system: System, width: float, seconds: float, most: float, *, fixed: frozenset[int] = frozenset(),
    held: frozenset[int] = frozenset(), tell: Callable[[int], None] | None = None, before: Choice | None = None,
) -> Choice:  # fmt: skip
    """The cells to withhold; the range of each keeps ``width``.

    ``fixed`` are printed already and cannot be taken back, ``held`` are withheld
    already; no cell is above ``most``. ``seconds`` limits the search. After a choice ``before`` in the same system
    with fewer ``forced`` cells the first choice that is safe is taken; the search goes on from it if it was long.
    """
    start = _closed(system, set(system.forced) - fixed) | held
    if before is not None and before.long:
        start |= before.withheld
    if not start and not system.sensitive:
        return Choice(withheld=set(), cost=0.0, exact=True)
    known = frozenset(system.known | fixed)
    search = Search(system, width, seconds, Attack(system, most), known, tell)
    if fixed:
        search.fixed = known | _told_already(search, set(start))
    chosen, in_time, narrow = _greedy(search, set(start))
    best = Choice(withheld=chosen, cost=_cost(system, chosen), in_time=in_time)
    best.narrow, best.long = narrow, search.late(POLISH)
    if before is None and in_time and not narrow and not best.long:
        _polish(search, best, set(start))
    return best


def _told_already(search: Search, start: set[int]) -> frozenset[int]:
    """Cells that follow from what is printed already, though all else were withheld: to withhold them hides nothing."""
    cells = {cell for cell in range(len(search.system.value)) if search.optional(cell)}
    unknown = unknown_of(search.system, cells | start, search.fixed)
    return frozenset(each.cell for each in search.attack.narrow(unknown, cells - start, search.width))


def _closed(system: System, cells: set[int]) -> set[int]:
    """With a base that may not be shown go all its rows."""
    found, queue = set(), list(cells)
    while queue:
        cell = queue.pop()
        if cell not in found:
            found.add(cell)
            queue += system.below.get(cell, ())
    return found


def _free(system: System, chosen: set[int]) -> set[int]:
    """A base whose rows are all withheld is withheld too: nothing prints it any more."""
    found = set(chosen)
    changed = True
    while changed:
        gone = {
            cell for cell, rows in system.below.items()
            if cell not in found and rows and rows <= found and system.hidden[cell]
        }  # fmt: skip
        found |= gone
        changed = bool(gone)
    return found


def _rows(system: System, cells: set[int]) -> set[int]:
    return {cell for cell in cells if not system.hidden[cell]}


def _cost(system: System, cells: set[int]) -> float:
    return sum(system.cost[cell] for cell in cells)


def unknown_of(system: System, withheld: set[int], known: frozenset[int]) -> Flags:
    """What an attacker does not have [cells]: withheld cells, and those that nobody prints."""
    unknown = np.array(system.hidden, dtype=bool)
    unknown[[cell for cell in system.below if cell not in withheld]] = False
    unknown[list(withheld)] = True
    unknown[list(known)] = False
    return unknown


def needed_of(system: System, withheld: set[int]) -> set[int]:
    """Cells whose range must stay wide: rows that are withheld, and what must not be reckoned.

    Of very many only those of somebody: that nobody gave an answer is no secret.
    """
    needed = _rows(system, withheld) | system.sensitive | (system.forced & withheld)
    return needed if len(needed) <= MANY else {cell for cell in needed if system.value[cell]}


def _greedy(search: Search, chosen: set[int]) -> tuple[set[int], bool, int]:
    """Add the cheapest cells until nothing is narrow; everything that hangs together where time is up."""
    stuck: set[int] = set()
    for turn in range(ROUNDS):
        chosen = _free(search.system, chosen)
        if search.tell is not None:
            search.tell(turn)
        if search.late():
            return _everything(search, chosen, stuck), False, _narrow(search, stuck)
        added, before = False, len(chosen)
        search.later.clear()
        for cell, gains, lacks in _failures(search, chosen, stuck):
            if search.large and len(chosen) >= before + BATCH:
                break
            reached = sum(min(gain, lacks) for other, gain in gains.items() if other in chosen and other != cell)
            if reached >= lacks - SMALL:
                added = True
                continue
            now = set(chosen)
            if not _cover(search, chosen, gains, lacks - reached):
                stuck.add(cell)
            search.later |= search.near(chosen - now) if search.large else set()
            added = True
        if not added:
            return chosen, True, _narrow(search, stuck)
    return _everything(search, chosen, stuck), False, _narrow(search, stuck)


def _narrow(search: Search, stuck: set[int]) -> int:
    """Counts that nothing can hide any more; a zero that cannot be otherwise is no secret."""
    return sum(search.system.value[cell] > 0 for cell in stuck)


def _failures(search: Search, chosen: set[int], stuck: set[int]) -> Iterator[tuple[int, dict[int, float], float]]:
    """Cells that come out too closely: (cell, what each further cell would give, what is lacking)."""
    before = frozenset(chosen)
    quick = list(_plain(search, before, stuck))
    yield from quick
    if quick:
        return
    system = search.system
    unknown = unknown_of(system, set(before), search.fixed)
    needed = needed_of(system, set(before)) - stuck
    for found in search.attack.narrow(unknown, needed, search.width, search.moved_under(before), search.later):
        gains = {cell: gain for cell, gain in found.gain.items() if search.optional(cell)}
        _keep(search, found.cell, gains, sum(g for c, g in found.gain.items() if unknown[c] and not search.optional(c)))
        yield found.cell, {c: g for c, g in gains.items() if c not in before}, search.width - found.width


def _plain(search: Search, chosen: frozenset[int], stuck: set[int]) -> Iterator[tuple[int, dict[int, float], float]]:
    """Single equations that give a needed cell away: alone in it, or with too little company."""
    system, width = search.system, search.width
    needed = needed_of(system, set(chosen)) - stuck
    unknown = unknown_of(system, set(chosen), search.fixed)
    for parent, parts in system.relations:
        if unknown[parent]:
            if parent in needed and not any(unknown[part] for part in parts):
                gains = {part: width for part in parts if search.optional(part)}
                _keep(search, parent, gains, 0.0)
                yield parent, gains, width
            continue
        held = [part for part in parts if unknown[part]]
        slack = sum(system.value[part] for part in held)
        mine = [part for part in held if part in needed]
        if mine and slack < width - SMALL:
            gains = {part: float(system.value[part]) for part in parts if search.optional(part) and system.value[part]}
            gains |= {parent: width} if search.optional(parent) else {}
            constant = sum(float(system.value[part]) for part in held if not search.optional(part))
            for cell in mine:
                _keep(search, cell, gains, constant)
            yield mine[0], {c: g for c, g in gains.items() if c not in chosen}, width - slack


def _keep(search: Search, cell: int, gains: dict[int, float], constant: float) -> None:
    """Remember a condition: if the cell is withheld, these must give the width."""
    lacks = search.width - constant
    if lacks > SMALL:
        capped = tuple(sorted((other, round(min(gain, lacks) / lacks, 6)) for other, gain in gains.items()))
        search.cuts[(cell, capped)] = None


def _cover(search: Search, chosen: set[int], gains: dict[int, float], lacks: float) -> bool:
    """Withhold the cells that give most for their cost until the lack is covered."""
    system = search.system
    left = dict(gains)
    while lacks > SMALL:
        best, best_price = None, 0.0
        for cell, gain in sorted(left.items()):
            extra = _closed(system, {cell}) - chosen
            price = (sum(system.cost[each] for each in extra) + 0.01) / min(gain, lacks)
            if any(each in search.fixed and each not in chosen for each in extra):
                continue
            if best is None or price < best_price:
                best, best_price = cell, price
        if best is None:
            return False
        lacks -= left.pop(best)
        chosen |= _closed(system, {best})
    return True


def _everything(search: Search, chosen: set[int], stuck: set[int]) -> set[int]:
    """The safe way out: whatever stands in an equation with a count that is narrow, then all that hangs together."""
    for _ in range(HOPS):
        search.later.clear()
        narrow = {cell for cell, _, _ in _failures(search, chosen, stuck)}
        more = {cell for cell in search.near(narrow) if search.optional(cell)} - chosen
        if not more:
            return chosen if not narrow else _all_linked(search, chosen)
        chosen = _free(search.system, _closed(search.system, chosen | more) - search.fixed)
    return _all_linked(search, chosen)


def _all_linked(search: Search, chosen: set[int]) -> set[int]:
    """Every cell that hangs together with those chosen."""
    from scipy.sparse.csgraph import connected_components

    matrix = search.attack.matrix
    _, label = connected_components(matrix.T @ matrix, directed=False)
    mine = {label[cell] for cell in chosen}
    found = {cell for cell in range(len(label)) if label[cell] in mine and search.optional(cell)}
    return _free(search.system, _closed(search.system, found | chosen) - search.fixed)


def _polish(search: Search, best: Choice, start: set[int]) -> None:
    """Look for a cheaper choice under the conditions found; only one that withstands the attack is taken."""
    for _ in range(POLISHES):
        if search.late():
            return
        found, proven = _programme(search, start)
        if found is None or _cost(search.system, found) >= best.cost - SMALL:
            best.exact = proven and found is not None
            return
        made, in_time, narrow = _greedy(search, set(found))
        cost = _cost(search.system, made)
        if in_time and not narrow and cost < best.cost - SMALL:
            best.withheld, best.cost = made, cost


def _programme(search: Search, start: set[int]) -> tuple[set[int] | None, bool]:
    """The cheapest cells under the conditions so far (scipy's milp, HiGHS)."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    system = search.system
    named = {other for cell, gains in search.cuts for other in (cell, *(each for each, _ in gains))}
    involved = sorted(_closed(system, set(filter(search.optional, named))) | start)
    if not involved:
        return set(start), True
    place = {cell: index for index, cell in enumerate(involved)}
    rows: list[tuple[dict[int, float], float]] = []
    for cell, gains in search.cuts:
        line = {place[other]: gain for other, gain in gains if other != cell}
        if cell in place and cell not in start and cell not in system.sensitive:
            line[place[cell]] = line.get(place[cell], 0.0) - 1.0 + dict(gains).get(cell, 0.0)
            rows.append((line, 0.0))
        else:
            rows.append((line, 1.0 - dict(gains).get(cell, 0.0)))
    for cell, parts in system.below.items():
        if cell in place:
            rows += [({place[part]: 1.0, place[cell]: -1.0}, 0.0) for part in parts if part in place]
    lines = [index for index, (line, _) in enumerate(rows) for _ in line]
    columns = [column for line, _ in rows for column in line]
    values = [value for line, _ in rows for value in line.values()]
    matrix = csr_matrix((values, (lines, columns)), shape=(len(rows), len(involved)))
    low = np.array([1.0 if cell in start else 0.0 for cell in involved])
    left = max(search.start + search.seconds - process_time(), 0.1)
    done = milp(
        np.array([system.cost[cell] + 0.001 for cell in involved]), integrality=np.ones(len(involved)),
        bounds=Bounds(low, np.ones(len(involved))),
        constraints=LinearConstraint(matrix, lb=np.array([need for _, need in rows])) if rows else (),
        options={"time_limit": left, "node_limit": NODES, "mip_rel_gap": 0.01},
    )  # fmt: skip
    if done.x is None:
        return None, False
    found = {cell for cell in involved if done.x[place[cell]] > 0.5}
    return _closed(system, found), done.status == 0
