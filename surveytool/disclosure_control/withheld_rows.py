"""What is withheld leaves no trace: rows, bases, notes and tests without what may not be known."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Any

from surveytool.aggregate.cells import BaseCount
from surveytool.disclosure_control.equation_system import System
from surveytool.disclosure_control.protection import Protection
from surveytool.disclosure_control.published import Names, PublishedCounts
from surveytool.estimate import quantile_share
from surveytool.estimate.estimate_rows import CLUSTERED, LOPSIDED
from surveytool.estimate.result import Estimates, Row, Test
from surveytool.frozen import frozen
from surveytool.notes import Note, note

SUPPRESSED = "suppressed"
OUTSIDE = ("missing_by", "none_by")
COUNTED = ("none_chosen", "domain_unknown", "infinite_values", *OUTSIDE)


@frozen
class Held:
    """The rows of one table that are withheld, as (table, breakdown, group, level), and whether its base is."""

    places: frozenset[tuple[str, Names, int, int]]
    base: bool

    @classmethod
    def of(cls, system: System, seen: PublishedCounts, withheld: set[int], *, bases: bool = False) -> Held:
        """The rows whose cell, or whose base, is among the cells withheld; ``bases``: only for their base."""
        places = set()
        for place, cell in system.rows_of(seen.id).items():
            if (cell in withheld and not bases) or system.bases[place[:3]] in withheld:
                places.add(place)
        if seen.binary:  # one mean tells both answers
            places |= {(table, names, group, 0) for table, names, group, _ in places}
        base = system.bases.get((seen.id, (), 1))
        hidden = base is not None and (base in withheld or base in system.forced)
        return cls(places=frozenset(places), base=hidden)


def withhold(
    estimates: Estimates, seen: PublishedCounts, held: Held, tests: Sequence[Test], rules: Protection
) -> tuple[Estimates, list[Test]]:
    """One table without what is withheld, and the tests that may still be shown."""
    rows = tuple(_row(row, estimates, seen, held, rules) for row in estimates.rows)
    gone = [row for row in rows if row.flag == SUPPRESSED]
    base = BaseCount(rows=estimates.base.rows, domain=0, base=0, withheld=True) if held.base else estimates.base
    made = replace(estimates, rows=rows, base=base, notes=tuple(kept_notes(estimates, rows, gone, rules)))
    return made, [test for test in tests if test.table != estimates.id or not _tells(test, gone)]


def blank(row: Row) -> Row:
    """A row of which only its place is left."""
    return replace(
        row, estimate=None, se=None, ci_low=None, ci_high=None, df=None, deff=None, cv=None, count=None, n=0,
        n_weighted=0.0, flag=SUPPRESSED, ci_method=None, trips=None,
    )  # fmt: skip


def _row(row: Row, estimates: Estimates, seen: PublishedCounts, held: Held, rules: Protection) -> Row:
    if place_of(row, seen) in held.places:
        return blank(row)
    share = quantile_share(estimates.statistic)
    if share is None or row.n == 0:
        return row
    if row.n * min(share, 1 - share) < rules.cell:
        return blank(row)  # the answer of one of the few at the end
    return replace(row, ci_low=None, ci_high=None) if row.se is None else row


def place_of(row: Row, seen: PublishedCounts) -> tuple[str, Names, int, int]:
    """Where a row stands among the counts of its table."""
    names, codes = tuple(row.by_code), tuple(row.by_code.values())
    scope = next(each for each in seen.scopes if each.family[1] == names)
    level = seen.levels.index(row.level_code) if row.level_code is not None and seen.levels else 0
    return (seen.id, names, scope.groups.index(codes) + 1, level)


def kept_notes(
    estimates: Estimates, rows: Sequence[Row], gone: Sequence[Row], rules: Protection, *, counted: bool = True
) -> Iterable[Note]:
    """Notes that say nothing of what is withheld; those that count figures count the ones shown.

    Where not ``counted``, notes with exact numbers of respondents go as well.
    """
    shown = [row for row in rows if row.flag != SUPPRESSED]
    counts = {
        "ci_at_bounds": sum(row.estimate in (0.0, 1.0) and row.ci_low is not None for row in shown),
        "ci_few": sum(row.ci_method == "nchs" and row.ci_low is not None for row in shown),
        "ci_clustered": sum(row.ci_method in CLUSTERED[:2] and row.ci_low is not None for row in shown),
        "ci_lopsided": sum(row.ci_method == LOPSIDED and row.ci_low is not None for row in shown),
        "no_df": sum(row.flag == "no_df" for row in shown),
        "quantile_open": sum(row.estimate is not None and row.se is None for row in shown),
    }
    for each in estimates.notes:
        values = dict(each.values)
        if each.code in counts:
            if counts[each.code]:
                yield note(each.code, n=counts[each.code])
        elif each.code == "empty_level":
            yield from _without(each, "levels", {row.level_code for row in gone})
        elif each.code == "empty_group":
            yield from _without(each, "groups", {row.group for row in gone})
        elif each.code in COUNTED:
            broken = each.code in OUTSIDE and any(tuple(row.by) == values["names"] for row in gone)
            number = values["n"]
            if counted and not broken and not (isinstance(number, int) and 0 < number < rules.cell and gone):
                yield each
        else:
            yield each


def _without(told: Note, what: str, gone: Container[object]) -> Iterable[Note]:
    """A note of levels or groups without those that are withheld, known by their codes; none where no other is left."""
    values: dict[str, Any] = dict(told.values)
    kept = [pair for pair in zip(values[what], values["codes"], strict=True) if pair[1] not in gone]
    if kept:
        labels, codes = zip(*kept, strict=True)
        yield note(told.code, **{what: labels, "codes": codes})


def _tells(test: Test, gone: Sequence[Row]) -> bool:
    """Whether a test is made of a withheld figure."""
    mine = [row for row in gone if tuple(row.by) == test.by]
    if test.level_code is not None:
        mine = [row for row in mine if row.level_code == test.level_code]
    return bool(mine) if test.pair is None else any(row.group in test.pair for row in mine)
