"""One question looked at: its rows, respondents or classes of them, counted by group and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate import where_language as conditions
from surveytool.aggregate.columns_read import columns_of
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.overlap import split
from surveytool.aggregate.question import Answers, Asked
from surveytool.disclosure_control.group_counts import Counted, Rows, counted
from surveytool.disclosure_control.published import Family, Names, Scope
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.respondent_classes import Told, View
    from surveytool.arrays import Floats, Keys


@frozen
class QuestionCounts:
    """A question with the rows that tell about some breakdowns: respondents, or classes of them (``view``).

    ``numbers`` are the rows' fingerprints, ``units`` the codes of PSUs and sites, how many
    they are, and the names that a reader knows them by.
    """

    run: Grouping
    asked: Asked
    numbers: Floats
    units: Sequence[tuple[Keys, int, Names]]
    view: View | None = None

    def tells(self, columns: Sequence[str]) -> bool:
        """Whether the rows tell these columns."""
        return self.view is None or self.view.covers(columns)


def telling_look(looks: Sequence[QuestionCounts], names: Names) -> QuestionCounts:
    """The look whose rows tell a breakdown; the first tells the question itself."""
    book = looks[0].run.columns.survey.codebook
    columns = [column for name in names for column in book[name].columns or (name,)]
    return next(look for look in looks if look.tells(columns))


def keys_of_family(run: Grouping, family: Family) -> tuple[NDArray[np.int32], tuple[Names, ...]]:
    """The group of each row [rows]: 0 outside of the domain, 1 in no group, then the groups."""
    where, names = family
    keys, breakdown = run.groups(names)
    domain, _ = run.domain(where)
    made: NDArray[np.int32] = np.where(domain, np.maximum(keys, -1) + 2, 0).astype(np.int32)
    return made, breakdown.codes


def told_rows(view: View, family: Family, keys: NDArray[np.int32]) -> Told | None:
    """How groups of a family (keys [rows]) are told of every row of a stream; None where nests are not sought."""
    where, names = family
    book = view.run.columns.survey.codebook
    about = [*names, *(conditions.names(conditions.parse(where)) if where else [])]
    if not about or (where and names) or len(names) > 1:
        return None
    return view.told([column for name in about for column in columns_of(book[name])], keys)


def rows_of(look: QuestionCounts, where: str | None) -> tuple[Keys, Rows]:
    """The rows [N] of a domain with an answer."""
    inside, _ = look.run.domain(where)
    key, sizes = look.asked.ready.key, look.run.columns.sizes
    rows = np.flatnonzero(inside & (key >= 0))
    at = Rows(
        key=key[rows], numbers=look.numbers[rows], weights=look.run.sample.weights[rows],
        units=[(unit[rows], many) for unit, many, _ in look.units], sizes=None if sizes is None else sizes[rows],
    )  # fmt: skip
    return rows, at


def everybody(look: QuestionCounts, where: str | None) -> Counted:
    """Counts of the total."""
    rows, at = rows_of(look, where)
    return counted_by(look.asked.ready, at, at.key * 0 + 1, 2, rows)


def unnamed(look: QuestionCounts, at: Rows, names: Names) -> Rows:
    """Without the units that a breakdown names: its readers know that a figure is about one place."""
    kept = [unit for unit, (_, _, known) in zip(at.units, look.units, strict=True) if not set(known) & set(names)]
    return at if len(kept) == len(at.units) else replace(at, units=kept)


def counted_by(ready: Answers, at: Rows, held: Keys, size: int, rows: Keys) -> Counted:
    """Counts [size, levels] by group (``held`` [N]) and answer; options one by one."""
    if ready.indicators is None:
        return counted(at, held, size, ready.depth if ready.levels else 1)
    whole = counted(replace(at, key=at.key * 0), held, size, 1)
    inside = ready.indicators[rows]
    parts = [counted(replace(at, key=at.key * 0).taken(chosen), held[chosen], size, 1) for chosen in inside.T]
    return replace(
        whole, masses=None, count=np.hstack([part.count for part in parts]),
        prints=np.hstack([part.prints for part in parts]), top=np.hstack([part.top for part in parts]),
    )  # fmt: skip


def overlapping_scope(look: QuestionCounts, family: Family, rows: Keys, at: Rows) -> Scope:
    """Counts of a breakdown whose groups overlap, group by group."""
    found = split(look.run.columns, family[1], look.run.groups)
    assert found is not None
    size, made = len(found.inner.groups), []
    for keys in found.keys:
        mine = np.flatnonzero(keys[rows] >= 0)
        made.append(counted_by(look.asked.ready, at.taken(mine), keys[rows][mine], size, rows[mine]))

    def stacked(name: str) -> Any:
        """The parts' counts in the breakdown's order, after a place for nobody."""
        parts = np.concatenate([getattr(each, name) for each in made])[found.order]
        return np.concatenate([np.zeros_like(parts[:1]), parts])

    fields = ("count", "prints", "top", "n", "n_prints", "n_top")
    joined = Counted(**{name: stacked(name) for name in fields})
    return replace(scope_of(family, found.breakdown.codes, joined), overlapping=True)


def scope_of(family: Family, groups: tuple[Names, ...], counted: Counted) -> Scope:
    """The counts of a breakdown, under its name."""
    return Scope(
        family=family, groups=groups, count=counted.count, prints=counted.prints, top=counted.top, n=counted.n,
        n_prints=counted.n_prints, n_top=counted.n_top,
    )  # fmt: skip
