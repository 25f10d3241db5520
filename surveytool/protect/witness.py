"""What the gate must know of the respondents behind every count, taken while the questions are summed.

Two counts of the same respondents are one secret, whatever tables they stand
in. So every group of respondents gets a fingerprint: each row has a number that
follows from its place in the file, and a group's fingerprint is the sum of its
rows' numbers. Equal groups have equal sums, the sum of disjoint groups is the
sum of their union, and nothing can be read back. Beside it stands the largest
share of a group that one primary sampling unit (or site) holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from surveytool.aggregate.collect import Grouping
from surveytool.aggregate.overlap import split
from surveytool.frozen import frozen
from surveytool.protect.count import Counted, Rows, counted
from surveytool.survey import SEVERAL, Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]
    Flags = NDArray[np.bool_]

MOST_BITS = 52
Names = tuple[str, ...]
Family = tuple[str | None, Names]


@frozen
class Scope:
    """One breakdown of one table: counts [G + 1, R] of each answer and n [G + 1], place 0 for who is in no group.

    ``prints`` and ``n_prints`` are fingerprints, ``top`` and ``n_top`` the largest
    share of a count (or of its weight) in one PSU or site, 0 where none is named.
    Groups that are ``overlapping`` do not add up to anything.
    """

    family: Family
    groups: tuple[Names, ...]
    count: Counts
    prints: Floats
    top: Floats
    n: Counts
    n_prints: Floats
    n_top: Floats
    overlapping: bool = False


@frozen
class Seen:
    """One table: its question, its answers, its breakdowns, the total first.

    ``printed`` are the breakdowns that the table shows; the others are margins of
    crossed ones. ``wider`` are the same breakdowns without the table's condition.
    """

    id: str
    question: tuple[object, ...]
    request: Request
    printed: frozenset[Names]
    levels: tuple[str, ...]
    multiple: bool
    scopes: tuple[Scope, ...]
    wider: tuple[Scope, ...]
    kind: str
    base: int
    domain: int


@dataclass(slots=True)
class Group:
    """A family of groups of all respondents: the group of each row, 0 for none, sizes and fingerprints."""

    keys: NDArray[np.int32]
    groups: tuple[Names, ...]
    sizes: Counts
    prints: Floats


class Witness:
    """Looks at each question while its answers are at hand; remembers counts and fingerprints only."""

    def __init__(self, site: str | None = None) -> None:
        self.columns: tuple[str, ...] = (site,) if site is not None else ()
        self.site = site
        self.tables: list[Seen] = []
        self.families: dict[Family, Group] = {}
        self.rows = 0
        self._numbers: Floats | None = None
        self._places: list[tuple[Keys, int, Names]] | None = None

    def see(self, run: Grouping, job: Any) -> None:
        """Take one question's counts; ``job`` is a question under way in ``aggregate.collect``."""
        question = job.question
        if question.measure == "rank":
            return
        request, ready = question.request, job.ready
        self._start(run)
        names = _with_margins(request.by)
        book = run.columns.survey.codebook
        asked = {name for each in names for name in each} | {request.variable}
        for name in sorted(name for name in asked if book[name].kind not in SEVERAL):
            if name != request.variable or book[name].kind == "single":
                self._family(run, (None, (name,)))
        self._family(run, (request.where, ()))
        kind = kind_of(job)
        self.tables.append(
            Seen(
                id=question.id,
                question=(request.variable, request.base if ready.levels else None, kind, question.denominator),
                request=request,
                printed=frozenset([*request.by, *([()] if request.total or not request.by else [])]),
                levels=tuple(label for label, _ in ready.levels),
                multiple=ready.indicators is not None,
                scopes=self._scopes(run, job, request.where, names),
                wider=self._scopes(run, job, None, names) if request.where else (),
                kind=kind,
                base=int((job.domain & (ready.key >= 0)).sum()),
                domain=int(job.domain.sum()),
            )
        )  # fmt: skip

    def _start(self, run: Grouping) -> None:
        if self._places is not None:
            return
        self.rows = run.columns.rows
        self._numbers = numbers(self.rows)
        self._places = list(self._units(run))

    def _units(self, run: Grouping) -> Any:
        """PSU codes [rows], how many they are, and the names that a reader knows them by."""
        import numpy as np

        sample, design = run.sample, run.columns.survey.design
        if design.psu and not sample.units.element:
            unit = sample.unit
            for stage in reversed(sample.units.stages[1:]):
                assert stage.parent is not None
                unit = stage.parent[unit]
            yield unit, int(unit.max(initial=-1)) + 1, (design.psu[0],)
        if self.site is not None and self.site not in design.psu[:1]:
            keys, texts = run.single(self.site, "site")
            yield np.where(keys < 0, len(texts), keys), len(texts) + 1, (self.site,)

    def _family(self, run: Grouping, family: Family) -> Group:
        import numpy as np

        if family not in self.families:
            where, names = family
            keys, breakdown = run.groups(names)
            domain, _ = run.domain(where)
            held = np.where(domain & (keys >= 0), keys + 1, 0)
            groups = len(breakdown.groups)
            inside = np.flatnonzero(domain)
            sizes = np.bincount(held[inside], minlength=groups + 1)
            assert self._numbers is not None
            prints = _weighed(held[inside], self._numbers[inside], groups + 1)
            of_rows: Any = np.where(domain, held + 1, 0).astype(np.int32)
            self.families[family] = Group(keys=of_rows, groups=breakdown.groups, sizes=sizes, prints=prints)
        return self.families[family]

    def _scopes(self, run: Grouping, job: Any, where: str | None, names: list[Names]) -> tuple[Scope, ...]:
        """Counts of every breakdown in one domain, the total first."""
        import numpy as np

        inside, _ = run.domain(where)
        rows = np.flatnonzero(inside & (job.ready.key >= 0))
        assert self._numbers is not None and self._places is not None
        units = [(unit[rows], many) for unit, many, _ in self._places]
        at = Rows(key=job.ready.key[rows], numbers=self._numbers[rows], weights=run.sample.weights[rows], units=units)
        found: dict[Names, Scope] = {}
        total: Counted | None = None
        for each in sorted(names, key=len, reverse=True):
            if each:
                found[each], made = self._scope(run, job, (where, each), rows, at)
                total = total or made
        whole = total.together() if total is not None else self._counted(job, at, at.key * 0 + 1, 2, rows)
        found[()] = _scope_of((where, ()), ((),), whole)
        return tuple(found[each] for each in names)

    def _scope(self, run: Grouping, job: Any, family: Family, rows: Keys, at: Rows) -> tuple[Scope, Counted | None]:
        """Counts of one breakdown, and those that may be added up to the total."""
        import numpy as np

        book = run.columns.survey.codebook
        if any(book[name].kind in SEVERAL for name in family[1]):
            return self._overlapping(run, job, family, rows, at), None
        group = self._family(run, family)
        held = np.maximum(group.keys[rows].astype(np.intp) - 1, 0)
        named = self._unnamed(at, family[1])
        made = self._counted(job, named, held, len(group.groups) + 1, rows)
        add_up = made.masses is not None and len(named.units) == len(at.units)
        return _scope_of(family, group.groups, made), made if add_up else None

    def _unnamed(self, at: Rows, names: Names) -> Rows:
        """Without the units that a breakdown names: its readers know that a figure is about one place."""
        assert self._places is not None
        kept = [unit for unit, (_, _, known) in zip(at.units, self._places, strict=True) if not set(known) & set(names)]
        return at if len(kept) == len(at.units) else replace(at, units=kept)

    def _counted(self, job: Any, at: Rows, held: Keys, size: int, rows: Keys) -> Counted:
        """Counts by group and answer; options one by one."""
        import numpy as np

        ready = job.ready
        if ready.indicators is None:
            return counted(at, held, size, ready.depth if ready.levels else 1)
        whole = counted(replace(at, key=at.key * 0), held, size, 1)
        inside = ready.indicators[rows]
        parts = [counted(replace(at, key=at.key * 0).taken(chosen), held[chosen], size, 1) for chosen in inside.T]
        return replace(
            whole, masses=None, count=np.hstack([each.count for each in parts]),
            prints=np.hstack([each.prints for each in parts]), top=np.hstack([each.top for each in parts]),
        )  # fmt: skip

    def _overlapping(self, run: Grouping, job: Any, family: Family, rows: Keys, at: Rows) -> Scope:
        """Counts of a breakdown whose groups overlap, group by group."""
        import numpy as np

        found = split(run.columns, family[1], run.groups)
        assert found is not None
        size, made = len(found.inner.groups), []
        for keys in found.keys:
            mine = np.flatnonzero(keys[rows] >= 0)
            made.append(self._counted(job, at.taken(mine), keys[rows][mine], size, rows[mine]))

        def stacked(name: str) -> Any:
            parts = np.concatenate([getattr(each, name) for each in made])[found.order]
            return np.concatenate([np.zeros_like(parts[:1]), parts])

        fields = ("count", "prints", "top", "n", "n_prints", "n_top")
        joined = Counted(**{name: stacked(name) for name in fields})
        return replace(_scope_of(family, found.breakdown.groups, joined), overlapping=True)


def _scope_of(family: Family, groups: tuple[Names, ...], made: Counted) -> Scope:
    return Scope(
        family=family, groups=groups, count=made.count, prints=made.prints, top=made.top, n=made.n,
        n_prints=made.n_prints, n_top=made.n_top,
    )  # fmt: skip


def kind_of(job: Any) -> str:
    """What a question's answers are: options (several answers), levels or numbers."""
    return "options" if job.ready.indicators is not None else "levels" if job.ready.levels else "numbers"


def _with_margins(by: tuple[Names, ...]) -> list[Names]:
    """The total, the breakdowns, and the margins of crossed ones: nobody prints them, everybody can add up to them."""
    margins = (part for names in by for size in range(1, len(names)) for part in combinations(names, size))
    ordered = {tuple(sorted(names)): names for names in reversed([*by, *margins])}
    return [(), *by, *(names for key, names in reversed(ordered.items()) if names not in by)]


def _weighed(cell: Keys, values: Floats, cells: int) -> Floats:
    """Sums of values by cell."""
    import numpy as np

    found: Floats = np.bincount(cell, values, minlength=cells).astype(np.float64)
    return found


def numbers(rows: int) -> Floats:
    """A number a row that follows from its place (splitmix64), small enough that sums of all rows stay exact."""
    import numpy as np

    bits = MOST_BITS - max(rows, 1).bit_length()
    with np.errstate(over="ignore"):
        mixed = (np.arange(1, rows + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - bits)).astype(np.float64)
