"""What the gate must know of the respondents behind every count, taken while the questions are summed.

Two counts of the same respondents are one secret, whatever tables they stand
in. So every group of respondents gets a fingerprint: each row has a number that
follows from its place in the file, and a group's fingerprint is the sum of its
rows' numbers. Equal groups have equal sums, the sum of disjoint groups is the
sum of their union, and nothing can be read back. Beside it stands the largest
share of a group that one primary sampling unit (or site) holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from surveytool.aggregate import where as conditions
from surveytool.aggregate.columns import Columns
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.needed import columns_of
from surveytool.aggregate.overlap import split
from surveytool.aggregate.question import Question
from surveytool.frozen import frozen
from surveytool.protect.count import Counted, Rows, counted
from surveytool.survey import SEVERAL, Design, Request, Survey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from surveytool.aggregate.crowd import Told, View

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
    """A family of groups of all respondents: the group of each row, 0 for none, sizes and fingerprints.

    ``keys`` are those of all rows, or how those of a stream are told.
    """

    keys: NDArray[np.int32] | Told | None
    groups: tuple[Names, ...]
    sizes: Counts
    prints: Floats


@frozen
class Look:
    """A question with the rows that tell about some breakdowns: respondents, or classes of them (``view``).

    ``numbers`` are the rows' fingerprints, ``units`` the codes of PSUs and sites, how many
    they are, and the names that a reader knows them by.
    """

    run: Grouping
    job: Any
    numbers: Floats
    units: Sequence[tuple[Keys, int, Names]]
    view: View | None = None

    def tells(self, columns: Sequence[str]) -> bool:
        """Whether the rows tell these columns."""
        return self.view is None or self.view.covers(columns)


class Witness:
    """Looks at each question while its answers are at hand; remembers counts and fingerprints only."""

    def __init__(self, site: str | None = None) -> None:
        self.columns: tuple[str, ...] = (site,) if site is not None else ()
        self.site = site
        self.tables: list[Seen] = []
        self.families: dict[Family, Group] = {}
        self.rows = 0
        self.design: Design | None = None
        self._rows: tuple[Grouping, Floats, list[tuple[Keys, int, Names]]] | None = None

    def see(self, run: Grouping, job: Any) -> None:
        """Take one question's counts; ``job`` is a question under way in ``aggregate.collect``."""
        if job.question.measure == "rank":
            return
        if self._rows is None:
            self.rows = run.columns.rows
            self.design = self.design or run.columns.survey.design
            self._rows = run, numbers(self.rows), list(self._units(self._sampled(run)))
        _, own, units = self._rows
        self._take([Look(run=run, job=job, numbers=own, units=units)])

    def watch(self, survey: Survey) -> Design:
        """The design whose PSUs are guarded: that of the first question, whatever later ones leave out."""
        self.design = self.design or survey.design
        self.rows = survey.frame.rows
        return self.design

    def number(self, rows: int, first: int, count: int) -> Floats:
        """The numbers of some rows."""
        return numbers(rows, first, count)

    def seen(self, question: Question, views: Sequence[View]) -> None:
        """Take one question's counts from the classes of a stream, each telling some of its breakdowns."""
        self._take(
            [
                Look(
                    run=view.run, job=view.ask(question), numbers=view.classes.numbers,
                    units=list(self._units(view.run)), view=view,
                )
                for view in views
            ]
        )  # fmt: skip

    def _take(self, looks: Sequence[Look]) -> None:
        look, job = looks[0], looks[0].job
        question, request, ready = job.question, job.question.request, job.ready
        names = _with_margins(request.by)
        book = look.run.columns.survey.codebook
        asked = {name for each in names for name in each} | {request.variable}
        for name in sorted(name for name in asked if book[name].kind not in SEVERAL):
            if name != request.variable or book[name].kind == "single":
                self._family(_telling(looks, (name,)), (None, (name,)))
        self._family(look, (request.where, ()))
        kind = kind_of(job)
        self.tables.append(
            Seen(
                id=question.id,
                question=(request.variable, request.base if ready.levels else None, kind, question.denominator),
                request=request,
                printed=frozenset([*request.by, *([()] if request.total or not request.by else [])]),
                levels=tuple(label for label, _ in ready.levels),
                multiple=ready.indicators is not None,
                scopes=self._scopes(looks, request.where, names),
                wider=self._scopes(looks, None, names) if request.where else (),
                kind=kind,
                base=look.run.columns.count(job.domain & (ready.key >= 0)),
                domain=look.run.columns.count(job.domain),
            )
        )  # fmt: skip

    def _sampled(self, run: Grouping) -> Grouping:
        """The rows with the design whose PSUs are guarded."""
        own = run.columns.survey
        if self.design is None or own.design == self.design:
            return run
        from surveytool.aggregate.sample import read_units

        columns = Columns(replace(own, design=self.design), run.columns.table)
        unit, units, _ = read_units(columns, self.design, run.sample.units.weight)
        return Grouping(columns, replace(run.sample, unit=unit, units=units))

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

    def _family(self, look: Look, family: Family) -> Group:
        import numpy as np

        if family not in self.families:
            keys, groups = _keys(look.run, family)
            domain, _ = look.run.domain(family[0])
            inside = np.flatnonzero(domain)
            held, counts = keys[inside].astype(np.intp) - 1, look.run.columns.sizes
            sizes = np.bincount(held, None if counts is None else counts[inside], minlength=len(groups) + 1)
            prints = _weighed(held, look.numbers[inside], len(groups) + 1)
            of_rows = keys if look.view is None else _told(look.view, family, keys)
            self.families[family] = Group(keys=of_rows, groups=groups, sizes=sizes.astype(np.int64), prints=prints)
        return self.families[family]

    def _scopes(self, looks: Sequence[Look], where: str | None, names: list[Names]) -> tuple[Scope, ...]:
        """Counts of every breakdown in one domain, the total first."""
        found: dict[Names, Scope] = {}
        total: Counted | None = None
        ready: dict[int, tuple[Keys, Rows]] = {}
        for each in sorted(names, key=len, reverse=True):
            if each:
                look = _telling(looks, each)
                rows, at = ready.setdefault(id(look), _rows(look, where))
                found[each], made = self._scope(look, (where, each), rows, at)
                total = total or made
        whole = total.together() if total is not None else _everybody(looks[0], where)
        found[()] = _scope_of((where, ()), ((),), whole)
        return tuple(found[each] for each in names)

    def _scope(self, look: Look, family: Family, rows: Keys, at: Rows) -> tuple[Scope, Counted | None]:
        """Counts of one breakdown, and those that may be added up to the total."""
        import numpy as np

        book = look.run.columns.survey.codebook
        if any(book[name].kind in SEVERAL for name in family[1]):
            return _overlapping(look, family, rows, at), None
        group = self._family(look, family)
        keys = _keys(look.run, family)[0] if look.view is not None else group.keys
        assert isinstance(keys, np.ndarray)
        held = np.maximum(keys[rows].astype(np.intp) - 1, 0)
        named = _unnamed(look, at, family[1])
        made = _counted(look.job, named, held, len(group.groups) + 1, rows)
        add_up = made.masses is not None and len(named.units) == len(at.units)
        return _scope_of(family, group.groups, made), made if add_up else None


def _telling(looks: Sequence[Look], names: Names) -> Look:
    """The look whose rows tell a breakdown; the first tells the question itself."""
    book = looks[0].run.columns.survey.codebook
    columns = [column for name in names for column in book[name].columns or (name,)]
    return next(look for look in looks if look.tells(columns))


def _keys(run: Grouping, family: Family) -> tuple[NDArray[np.int32], tuple[Names, ...]]:
    """The group of each row: 0 outside of the domain, 1 in no group, then the groups."""
    import numpy as np

    where, names = family
    keys, breakdown = run.groups(names)
    domain, _ = run.domain(where)
    made: NDArray[np.int32] = np.where(domain, np.maximum(keys, -1) + 2, 0).astype(np.int32)
    return made, breakdown.groups


def _told(view: View, family: Family, keys: NDArray[np.int32]) -> Told | None:
    """How the groups of a family are told of every row of a stream; None of one that nests are not looked for."""
    where, names = family
    book = view.run.columns.survey.codebook
    about = [*names, *(conditions.names(conditions.parse(where)) if where else [])]
    if not about or (where and names) or len(names) > 1:
        return None
    return view.told([column for name in about for column in columns_of(book[name])], keys)


def _rows(look: Look, where: str | None) -> tuple[Keys, Rows]:
    """The rows of a domain with an answer."""
    import numpy as np

    inside, _ = look.run.domain(where)
    key, sizes = look.job.ready.key, look.run.columns.sizes
    rows = np.flatnonzero(inside & (key >= 0))
    at = Rows(
        key=key[rows], numbers=look.numbers[rows], weights=look.run.sample.weights[rows],
        units=[(unit[rows], many) for unit, many, _ in look.units], sizes=None if sizes is None else sizes[rows],
    )  # fmt: skip
    return rows, at


def _everybody(look: Look, where: str | None) -> Counted:
    """Counts of the total."""
    rows, at = _rows(look, where)
    return _counted(look.job, at, at.key * 0 + 1, 2, rows)


def _unnamed(look: Look, at: Rows, names: Names) -> Rows:
    """Without the units that a breakdown names: its readers know that a figure is about one place."""
    kept = [unit for unit, (_, _, known) in zip(at.units, look.units, strict=True) if not set(known) & set(names)]
    return at if len(kept) == len(at.units) else replace(at, units=kept)


def _counted(job: Any, at: Rows, held: Keys, size: int, rows: Keys) -> Counted:
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


def _overlapping(look: Look, family: Family, rows: Keys, at: Rows) -> Scope:
    """Counts of a breakdown whose groups overlap, group by group."""
    import numpy as np

    found = split(look.run.columns, family[1], look.run.groups)
    assert found is not None
    size, made = len(found.inner.groups), []
    for keys in found.keys:
        mine = np.flatnonzero(keys[rows] >= 0)
        made.append(_counted(look.job, at.taken(mine), keys[rows][mine], size, rows[mine]))

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


def numbers(rows: int, first: int = 0, count: int | None = None) -> Floats:
    """A number a row that follows from its place (splitmix64), small enough that sums of all ``rows`` stay exact.

    ``first`` and ``count`` give those of some rows, counted from 0.
    """
    import numpy as np

    bits = MOST_BITS - max(rows, 1).bit_length()
    last = rows if count is None else first + count
    with np.errstate(over="ignore"):
        mixed = (np.arange(first + 1, last + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - bits)).astype(np.float64)
