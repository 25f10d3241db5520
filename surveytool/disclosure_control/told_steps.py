"""In which steps every figure of a run is told: remembered, so that no later table tells one more finely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveytool.disclosure_control.coarsening import Coarsened, Figure, coarsened
from surveytool.disclosure_control.equation_system import Key, System
from surveytool.disclosure_control.printed_precision import Exposure, printed
from surveytool.disclosure_control.published import Names, PublishedCounts
from surveytool.disclosure_control.table_conditions import Frame, Shown
from surveytool.disclosure_control.withheld_rows import place_of
from surveytool.estimate.result import Estimates
from surveytool.frozen import frozen

Place = tuple[str, Names, int, int]


@frozen
class Ready:
    """A table without what is withheld, its counts, what it could tell, and the rows whose counts are secrets."""

    estimates: Estimates
    seen: PublishedCounts
    exposure: Exposure
    withheld: frozenset[Place]


@dataclass(slots=True)
class ToldSteps:
    """Tables as they were printed, and the step of every set of respondents that was told in one."""

    earlier: list[Shown] = field(default_factory=list)
    by_set: dict[Key, float] = field(default_factory=dict)
    steps: dict[Figure, float] = field(default_factory=dict)

    def hold(
        self, tables: Sequence[Ready], system: System, frame: Frame | None, before: Mapping[Figure, float],
        fixed: frozenset[int] = frozenset(),
    ) -> Coarsened:  # fmt: skip
        """New tables in steps wide enough, from those ``before`` on; without a ``frame`` in those of other figures."""
        alike = _alike(tables, system)
        known = {cell: self.by_set[key] for key, cell in system.places.items() if key in self.by_set}
        start = {figure: known[cell] for cell, figures in alike.items() if cell in known for figure in figures}
        start |= {figure: max(step, start.get(figure, 0.0)) for figure, step in before.items()}

        def draw(steps: Mapping[Figure, float]) -> list[Shown]:
            return drawn(tables, steps)

        if frame is None:
            return Coarsened(shown=draw(start), steps=start)
        groups = {
            figure: frozenset(figures if cell not in fixed else ()) for cell, figures in alike.items()
            for figure in figures
        }  # fmt: skip
        return coarsened(draw, self.earlier, frame, start, groups)

    def keep(self, made: Coarsened, tables: Sequence[Ready], system: System) -> None:
        """Remember how tables were told."""
        self.earlier += [replace(table, seen=replace(table.seen, numbers=None)) for table in made.shown]
        self.steps |= made.steps
        keys = {cell: key for key, cell in system.places.items()}
        for cell, figures in _alike(tables, system).items():
            steps = [made.steps[figure] for figure in figures if figure in made.steps]
            if steps:
                self.by_set[keys[cell]] = max([*steps, self.by_set.get(keys[cell], 0.0)])

    def of(self, table: str) -> dict[int, float]:
        """The steps of a table's rows."""
        return {place: step for (id, place), step in self.steps.items() if id == table}


def drawn(tables: Sequence[Ready], steps: Mapping[Figure, float]) -> list[Shown]:
    """The tables as they would be printed in some steps."""
    return [_shown(table, steps) for table in tables]


def cells_of(figures: set[Figure], tables: Sequence[Ready], system: System) -> set[int]:
    """The cells of some rows."""
    return {cell for cell, alike in _alike(tables, system).items() if figures & set(alike)}


def _alike(tables: Sequence[Ready], system: System) -> dict[int, list[Figure]]:
    """The rows of every cell."""
    found: dict[int, list[Figure]] = {}
    for table in tables:
        rows = system.rows_of(table.seen.id)
        for place, row in enumerate(table.estimates.rows):
            cell = rows.get(place_of(row, table.seen))
            if cell is not None:
                found.setdefault(cell, []).append((table.seen.id, place))
    return found


def _shown(table: Ready, steps: Mapping[Figure, float]) -> Shown:
    own = {place: step for (id, place), step in steps.items() if id == table.seen.id}
    made, told = printed(table.estimates, table.exposure, own)
    return Shown(
        seen=table.seen, estimates=made, steps=told, exact=tuple(row.estimate for row in table.estimates.rows),
        withheld=table.withheld,
    )  # fmt: skip
