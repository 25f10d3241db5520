"""Tables that have passed the gate, of this run and of earlier ones, and what has to go from new ones beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from surveytool.disclosure_control.complementary_suppression import choose
from surveytool.disclosure_control.equation_system import Place, Rules, System
from surveytool.disclosure_control.equations import build
from surveytool.disclosure_control.nested_groups import Nests, nests
from surveytool.disclosure_control.protection import Protection
from surveytool.disclosure_control.publication_ledger import Earlier
from surveytool.disclosure_control.published import Names, PublishedCounts
from surveytool.disclosure_control.recorder import Recorder
from surveytool.disclosure_control.suppression_search import Choice
from surveytool.survey import Request

# a share at the limit is not above it, in whatever order its weights were added
ROUNDING = 1e-9
MOST_JOINED = 12  # earlier tables that are tried one by one
Tell = Callable[[int], None]


@dataclass(slots=True)
class PassedTables:
    """Tables by their name in this gate, and which of their rows were withheld; ``joined`` are those of earlier runs.

    ``joined`` maps a table to what a reader knows it by; None before the ledger has been asked.
    """

    rules: Protection
    recorder: Recorder
    tell: Tell | None = None
    tables: list[PublishedCounts] = field(default_factory=list)
    withheld: set[Place] = field(default_factory=set)
    nests: Nests = field(default_factory=Nests)
    joined: dict[str, str] | None = None

    def join(self, tables: Sequence[PublishedCounts], earlier: Sequence[Earlier]) -> list[set[Place]]:
        """Take tables of earlier runs as published: their rows are known, the others, which are returned, withheld."""
        hidden = [_not_shown(table, before) for table, before in zip(tables, earlier, strict=True)]
        self.tables += tables
        self.withheld |= {place for places in hidden for place in places}
        self.joined = {table.id: called(table.request) for table in tables}
        return hidden

    def system(self, new: Sequence[PublishedCounts], without: frozenset[str] = frozenset()) -> System:
        """All tables that have passed, but some, and the new ones."""
        rules, families = self.rules, self.recorder.families
        return build(
            [*(table for table in self.tables if table.id not in without), *new], families, nests(families, self.nests),
            Rules(cell=rules.cell, base=rules.base, dominance=rules.dominance + ROUNDING),
        )  # fmt: skip

    def chosen(self, system: System, before: Choice | None = None) -> tuple[Choice, frozenset[int]]:
        """What has to go, and what earlier tables printed."""
        fixed, held = self._settled(system)
        choice = choose(
            system, float(self.rules.cell), self.rules.seconds, float(self.recorder.rows), fixed=fixed, held=held,
            tell=self.tell, before=before,
        )  # fmt: skip
        return choice, fixed

    def opening(self, new: Sequence[PublishedCounts], choice: Choice) -> tuple[str, ...] | None:
        """Which earlier tables would open something of new ones; None where there are too many to try."""
        joined = self.joined or {}
        if choice.long or len(joined) > MOST_JOINED:
            return None
        alone = self._loss(new, frozenset(joined))
        found = [joined[id] for id in joined if self._loss(new, frozenset(joined) - {id}) != alone]
        if not found and self._loss(new, frozenset()) != alone:
            found = list(joined.values())  # only together
        return tuple(dict.fromkeys(found))

    def _loss(self, new: Sequence[PublishedCounts], without: frozenset[str]) -> frozenset[Place]:
        """The rows of new tables that have to go beside some of those that have passed."""
        system = self.system(new, without)
        choice, _ = self.chosen(system, Choice(set(), 0.0))
        rows = {place: cell for table in new for place, cell in system.rows_of(table.id).items()}
        return frozenset(place for place, cell in rows.items() if cell in choice.withheld)

    def keep(self, new: Sequence[PublishedCounts], gone: set[Place]) -> None:
        """Remember new tables and their withheld rows."""
        self.tables += [replace(table, numbers=None) for table in new]
        self.withheld |= gone

    def _settled(self, system: System) -> tuple[frozenset[int], frozenset[int]]:
        """Cells that earlier tables of this gate printed, and those that they withheld."""
        printed: set[int] = set()
        held: set[int] = set()
        shown_bases: set[tuple[str, Names, int]] = set()
        for table in self.tables:
            for place, cell in system.rows_of(table.id).items():
                gone = place in self.withheld
                (held if gone else printed).add(cell)
                if not gone:
                    shown_bases.add(place[:3])
        printed |= {cell for place, cell in system.bases.items() if place in shown_bases}
        return frozenset(printed - held), frozenset(held)


def _not_shown(table: PublishedCounts, before: Earlier) -> set[Place]:
    """Rows of an earlier table that it did not show."""
    places: set[Place] = set()
    levels: Sequence[str | None] = table.levels if table.levels and not table.binary else (None,)
    for scope in table.scopes:
        names = scope.family[1]
        if names not in table.printed:
            continue
        for group, labels in enumerate(scope.groups, 1):
            for level, label in enumerate(levels):
                if (names, labels, label) not in before.shown:
                    places.add((table.id, names, group, level))
                    if table.binary:
                        places.add((table.id, names, group, 1))
    return places


def called(request: Request) -> str:
    """An earlier table in a few words."""
    by = "".join(f" by {':'.join(names)}" for names in request.by)
    return f"{request.variable}{by}" + (f" where {request.where}" if request.where else "")
