"""What tables that are printed say, as conditions on the counts of every combination of answers.

Only what a reader sees becomes a condition: n, counts where they are shown, percentages and means within
half a step. What is withheld becomes a target, and so do the answers of the few who are in no
group of a breakdown, and of those whom a table's condition leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_control.joint_model import (
    BLANK,
    INSIDE,
    OUTSIDE,
    WEIGHTS,
    Axis,
    Joint,
    condition,
    option,
    variable,
)
from surveytool.disclosure_control.published import Family, Group, PublishedCounts
from surveytool.disclosure_control.table_conditions import Frame, Shown, TableConditions

if TYPE_CHECKING:
    from surveytool.arrays import Flags

MOST, MOST_PERSONAL = 1500, 250  # combinations of a model, by what is known of the weights


def models(tables: Sequence[Shown], frame: Frame) -> Iterator[Joint]:
    """The joint models in which something is withheld or could be reckoned, ready to be attacked."""
    seen: set[frozenset[Axis]] = set()
    for axis in dict.fromkeys(axis for table in tables for axis in question_axes(table.seen)):
        mine = [table for table in tables if axis in question_axes(table.seen)]
        for axes in _axes(axis, mine, frame):
            if frozenset(axes) in seen:
                continue
            seen.add(frozenset(axes))
            joint = _joint(axes, tables, frame)
            for table in tables:
                for own in question_axes(table.seen):
                    if own in joint.values and _inside(table.seen.request.where, joint):
                        TableConditions(joint, table, own, frame).take()
            if joint.targets:
                yield joint


def question_axes(seen: PublishedCounts) -> list[Axis]:
    """The axes that a table's answers are on: options one by one, none for numbers."""
    if seen.multiple:
        return [option(seen.request.variable, code) for code in seen.levels]
    if not seen.levels:
        return []
    if (seen.kind == "levels" and seen.request.base == "answered") or seen.binary:
        return [variable(seen.request.variable)]
    return [("question", *map(str, seen.question))]


def _axes(axis: Axis, tables: Sequence[Shown], frame: Frame) -> list[list[Axis]]:
    """The axes of the models that a question is in: all at once, or breakdown by breakdown where that is too many."""
    always = [axis, *_weight_axes(frame)]
    domains = [condition(each) for each in dict.fromkeys(table.seen.request.where for table in tables) if each]
    breakdowns = [
        [variable(name) for name in names]
        for names in dict.fromkeys(name for table in tables for name in table.seen.printed)
        if all((None, (name,)) in frame.families for name in names)
    ]  # fmt: skip
    whole = list(dict.fromkeys([*always, *domains, *chain(*breakdowns)]))
    most = MOST if frame.weights.alike or frame.weights.names else MOST_PERSONAL
    if _size(whole, tables, frame) <= most:
        return [whole]
    made = []
    for extra in [*breakdowns, *([each] for each in domains)]:
        axes = list(dict.fromkeys([*always, *extra]))
        for other in sorted(whole, key=lambda each: _size([each], tables, frame)):
            if other not in axes and _size([*axes, other], tables, frame) <= most:
                axes.append(other)
        if _size(axes, tables, frame) <= 4 * most:
            made.append(axes)
    return made


def _weight_axes(frame: Frame) -> list[Axis]:
    if frame.weights.names:
        return [variable(name) for name in frame.weights.names]
    return [WEIGHTS] if frame.weights.classes else []


def _size(axes: Sequence[Axis], tables: Sequence[Shown], frame: Frame) -> int:
    return prod(len(_values(axis, tables, frame)) for axis in axes)


def _values(axis: Axis, tables: Sequence[Shown], frame: Frame) -> tuple[str, ...]:
    """The values of an axis; a blank where somebody gave none."""
    kind = axis[0]
    if kind == "where":
        return (INSIDE, OUTSIDE)
    if axis == WEIGHTS:
        return tuple(repr(float(each)) for each in frame.weights.classes)
    mine = [table.seen for table in tables if axis in question_axes(table.seen)]
    blank = any(seen.domain > seen.base for seen in mine)
    if kind == "option":
        return ("1", "0", *([BLANK] if blank else []))
    values = dict.fromkeys(level for seen in mine for level in seen.levels)
    group = frame.families.get((None, (axis[1],))) if kind == "variable" else None
    if group is not None:
        values |= dict.fromkeys(label for (label,) in group.groups)
        blank = blank or bool(group.sizes[0])
    return (*(value for value in values if value != BLANK), *([BLANK] if blank else []))


def _inside(where: str | None, joint: Joint) -> bool:
    return where is None or condition(where) in joint.values


def _joint(axes: Sequence[Axis], tables: Sequence[Shown], frame: Frame) -> Joint:
    """The combinations that can be, of as many respondents as there are."""
    joint = Joint({axis: _values(axis, tables, frame) for axis in axes}, frame.weights)
    kept = np.ones(joint.size, dtype=bool)
    for (fine, coarse), places in frame.nests.maps.items():
        if fine[0] is not None or len(fine[1]) != 1 or variable(fine[1][0]) not in joint.values:
            continue
        axis = variable(coarse[1][0]) if coarse[1] else condition(coarse[0] or "")
        if axis in joint.values and not (coarse[0] and coarse[1]):
            kept &= ~_impossible(joint, frame.families, (fine, coarse), places)
    joint.only(kept)
    joint.know(joint.counted(np.ones(joint.size)), frame.rows, frame.rows)
    return joint


def _impossible(
    joint: Joint, families: Mapping[Family, Group], pair: tuple[Family, Family], places: Sequence[int]
) -> Flags:
    """Columns of a group outside of the coarser group that holds it."""
    (fine, coarse), found = pair, np.zeros(joint.size)
    own, whole = families[fine], families[coarse]
    for (label,), size, place in zip(own.groups, own.sizes[1:], places, strict=True):
        inner = joint.flag(variable(fine[1][0]), label)
        if coarse[1] and place:
            found += inner * (1 - joint.flag(variable(coarse[1][0]), whole.groups[place - 1][0]))
        elif not coarse[1] and size:
            found += inner * (1 - joint.flag(condition(coarse[0] or ""), INSIDE if place else OUTSIDE))
    return found > 0
