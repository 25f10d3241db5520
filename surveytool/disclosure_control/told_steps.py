"""In which steps every figure of a run is told: remembered, so that no later table tells one more finely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveytool.disclosure_control.coarsening import Coarsened, Figure, coarsened
from surveytool.disclosure_control.equations import Key, System
from surveytool.disclosure_control.printed_conditions import Frame, Shown
from surveytool.disclosure_control.printed_precision import Exposure, printed
from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.withheld_rows import place_of
from surveytool.estimate.result import Estimates

Pair = tuple[Estimates, PublishedCounts]


@dataclass(slots=True)
class ToldSteps:
    """Tables as they were printed, and the step of every set of respondents that was told in one."""

    earlier: list[Shown] = field(default_factory=list)
    by_set: dict[Key, float] = field(default_factory=dict)
    steps: dict[Figure, float] = field(default_factory=dict)

    def hold(
        self, pairs: Sequence[Pair], exposures: Mapping[str, Exposure], system: System, frame: Frame | None,
        before: Mapping[Figure, float],
    ) -> Coarsened:  # fmt: skip
        """New tables in steps wide enough, from those ``before`` on; without a ``frame`` in those of other figures."""
        alike = _alike(pairs, system)
        known = {cell: self.by_set[key] for key, cell in system.places.items() if key in self.by_set}
        start = {figure: known[cell] for cell, figures in alike.items() if cell in known for figure in figures}
        start |= {figure: max(step, start.get(figure, 0.0)) for figure, step in before.items()}

        def draw(steps: Mapping[Figure, float]) -> list[Shown]:
            return self.drawn(pairs, exposures, steps)

        if frame is None:
            return Coarsened(shown=draw(start), steps=start)
        groups = {figure: frozenset(figures) for figures in alike.values() for figure in figures}
        return coarsened(draw, self.earlier, frame, start, groups)

    @staticmethod
    def drawn(pairs: Sequence[Pair], exposures: Mapping[str, Exposure], steps: Mapping[Figure, float]) -> list[Shown]:
        """The tables as they would be printed in some steps."""
        return [_shown(pair, exposures[pair[1].id], steps) for pair in pairs]

    def keep(self, made: Coarsened, pairs: Sequence[Pair], system: System) -> None:
        """Remember how tables were told."""
        self.earlier += [replace(table, seen=replace(table.seen, numbers=None)) for table in made.shown]
        self.steps |= made.steps
        keys = {cell: key for key, cell in system.places.items()}
        for cell, figures in _alike(pairs, system).items():
            steps = [made.steps[figure] for figure in figures if figure in made.steps]
            if steps:
                self.by_set[keys[cell]] = max([*steps, self.by_set.get(keys[cell], 0.0)])

    def of(self, table: str) -> dict[int, float]:
        """The steps of a table's rows."""
        return {place: step for (id, place), step in self.steps.items() if id == table}


def cells_of(figures: set[Figure], pairs: Sequence[Pair], system: System) -> set[int]:
    """The cells of some rows."""
    return {cell for cell, alike in _alike(pairs, system).items() if figures & set(alike)}


def _alike(pairs: Sequence[Pair], system: System) -> dict[int, list[Figure]]:
    """The rows of every cell."""
    found: dict[int, list[Figure]] = {}
    for estimates, seen in pairs:
        rows = system.rows_of(seen.id)
        for place, row in enumerate(estimates.rows):
            cell = rows.get(place_of(row, seen))
            if cell is not None:
                found.setdefault(cell, []).append((seen.id, place))
    return found


def _shown(pair: Pair, exposure: Exposure, steps: Mapping[Figure, float]) -> Shown:
    estimates, seen = pair
    made, told = printed(estimates, exposure, {place: step for (id, place), step in steps.items() if id == seen.id})
    return Shown(seen=seen, estimates=made, steps=told, exact=tuple(row.estimate for row in estimates.rows))
