"""The order of answers and groups that a reader asked for: that of the file, by value, by value downwards, by name.

What is withheld has no place among values: it comes last, in the file's order, so that the order tells nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from surveytool.estimate.result import Breakdown, Estimates, Group, Results, Row, joint

Rows = Mapping[tuple[Group, str | None], Row]


def ordered(results: Results) -> Results:
    """The results with answers (``sort``) and groups (``sort_by``) in the order of each request.

    The statistics of one table have one order: that of the first.
    """
    arranged: list[Estimates] = []
    for table in joint(results):
        first = table[0]
        rows = {(row.group, row.level_code): row for row in first.rows}
        codes = _answers(first, rows)
        breakdowns = [_groups(breakdown, first, rows, codes) for breakdown in first.breakdowns]
        arranged += [_arranged(estimates, codes, breakdowns) for estimates in table]
    return replace(results, estimates=tuple(arranged))


def _answers(first: Estimates, rows: Rows) -> list[str]:
    """The codes of the answers in their order: of the total, of the first group where there is none."""
    sort = first.request.sort
    if sort is None or sort == "file" or not first.codes:
        return list(first.codes)
    group = () if any(not row.by for row in first.rows) else next(iter(first.rows)).group
    names = dict(zip(first.codes, first.levels, strict=True))
    return _sorted(first.codes, sort, lambda code: rows[group, code].estimate, lambda code: names[code])


def _groups(breakdown: Breakdown, first: Estimates, rows: Rows, codes: Sequence[str]) -> Breakdown:
    """A breakdown with its groups in their order; those of crossed variables inside of the outer ones."""
    sort = first.request.sort_by
    if sort is None or sort == "file":
        return breakdown
    level = codes[0] if codes else None
    places = range(len(breakdown.groups))
    members = list(breakdown.members())

    def value(index: int) -> float | None:
        row = rows.get((members[index][0], level))
        return None if row is None else row.estimate

    ordered_places = _sorted(places, sort, value, lambda index: breakdown.groups[index][-1])
    outer = list(dict.fromkeys(codes[:-1] for codes in breakdown.codes))
    ordered_places.sort(key=lambda index: outer.index(breakdown.codes[index][:-1]))
    return replace(
        breakdown, groups=tuple(breakdown.groups[index] for index in ordered_places),
        codes=tuple(breakdown.codes[index] for index in ordered_places),
    )  # fmt: skip


def _sorted(
    items: Sequence[Any], sort: str, value: Callable[[Any], float | None], name: Callable[[Any], str]
) -> list[Any]:
    """Items by their names, or by their values with those that have none last; equal ones stay as they are."""
    if sort == "label":
        return sorted(items, key=lambda item: name(item).casefold())
    sign = -1 if sort.startswith("-") else 1
    values = {item: value(item) for item in items}
    return sorted(items, key=lambda item: (values[item] is None, sign * (values[item] or 0.0)))


def _arranged(estimates: Estimates, codes: Sequence[str], breakdowns: Sequence[Breakdown]) -> Estimates:
    """The entry with its answers, groups and rows in an order."""
    if list(estimates.codes) == list(codes) and list(estimates.breakdowns) == list(breakdowns):
        return estimates
    names = dict(zip(estimates.codes, estimates.levels, strict=True))
    rows = {(row.group, row.level_code): row for row in estimates.rows}
    groups: list[Group] = [(), *(group for breakdown in breakdowns for group, _ in breakdown.members())]
    levels: Sequence[str | None] = codes or (None,)
    return replace(
        estimates, codes=tuple(codes), levels=tuple(names[code] for code in codes), breakdowns=tuple(breakdowns),
        rows=tuple(rows[group, level] for group in groups for level in levels if (group, level) in rows),
    )  # fmt: skip
