"""Levels put into groups. Every level belongs to one group, or to the one that takes the rest.

Of a question with several answers a group is chosen where one of its levels is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.recoding.answer_options import options
from surveytool.recoding.level_lookup import level_at
from surveytool.recoding.recode_result import Made, category, gaps_of, level_of
from surveytool.recoding.recode_types import Collapse
from surveytool.survey import Level, Variable, code_text, printed_names
from surveytool.survey.label import said

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns

CURE = 'Write groups = [{label = "Low", levels = ["None", "Primary"]}, {label = "High", rest = true}]'


def faults(recode: Collapse) -> Iterator[UsageError]:
    """Groups without levels, of one name, or two for the rest."""
    if not recode.groups:
        yield UsageError("groups is empty.", "groups", CURE)
    names = [said(group.label) for group in recode.groups]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield UsageError(f"two groups are called {name!r}.", "groups", "Join them, or give each its own label.")
    if sum(group.rest for group in recode.groups) > 1:
        yield UsageError("two groups take the rest.", "groups", "Only one can.")
    taken: list[str] = []
    for each, name in zip(recode.groups, names, strict=True):
        if not each.levels and not each.rest:
            yield UsageError(f"the group {name!r} has no levels.", "groups", CURE)
        for code in map(code_text, each.levels):
            if code in taken:
                yield UsageError(f"the level {code!r} stands in two groups.", "groups", "Leave it in one of them.")
            taken.append(code)


def sources(recode: Collapse) -> tuple[str, ...]:
    """The variable whose levels are put together."""
    return (recode.source,)


def make(columns: Columns, recode: Collapse) -> Made:
    """The question that the groups make."""
    source = columns.survey.codebook[recode.source]
    belongs = _belongs(recode, source)
    levels = [level_of(said(group.label), group.label) for group in recode.groups]
    if source.kind == "multiple":
        return _several(columns, recode, source, belongs, levels)
    return _single(columns, recode, source, belongs, levels)


def _belongs(recode: Collapse, source: Variable) -> list[int]:
    """The group of every valid level; ``UsageError`` where one has none, or two."""
    levels = source.valid_levels()
    if not levels:
        cure = "Make bands of it first." if source.kind == "number" else "Name a question with a choice of answers."
        raise UsageError(f"{source.name} has no levels to put into groups.", "from", cure)
    groups = [-1] * len(levels)
    for number, group in enumerate(recode.groups):
        for code in group.levels:
            index = level_at(source, code, "groups")
            if groups[index] not in (-1, number):
                raise UsageError(
                    f"the level {levels[index].label!r} stands in two groups.", "groups", "Leave it in one of them."
                )
            groups[index] = number
    rest = next((number for number, group in enumerate(recode.groups) if group.rest), None)
    left = [name for name, number in zip(printed_names(levels), groups, strict=True) if number < 0]
    if left and rest is None:
        shown = ", ".join(repr(label) for label in left[:6])
        raise UsageError(
            f"no group has the level{'s' if len(left) > 1 else ''} {shown} of {source.name}.",
            where="groups",
            cure='Name them, or add {label = "Other", rest = true}.',
        )
    return [number if number >= 0 else rest or 0 for number in groups]


def _single(columns: Columns, recode: Collapse, source: Variable, belongs: list[int], levels: Sequence[Level]) -> Made:
    codes, source_levels = columns.codes(source.name)
    valid = iter(belongs)
    table = np.array([*(next(valid) if level.missing is None else -1 for level in source_levels), -1], dtype=np.int32)
    label = recode.label or source.labels or source.label
    collapsed = category(recode.name, label, levels, table[codes], gaps_of(columns, source), columns.sizes)
    return replace(collapsed, notes=_notes(recode, source))


def _notes(recode: Collapse, source: Variable) -> tuple[Note, ...]:
    """A group for the rest also takes answers such as "Don't know", unless another one names them."""
    rest = next((said(group.label) for group in recode.groups if group.rest), None)
    valid = source.valid_levels()
    named = {valid[level_at(source, code, "groups")].code for group in recode.groups for code in group.levels}
    gone = [source.levels[index] for index, _ in source.no_numbers()]
    taken = any(level.missing is None and level.count and level.code not in named for level in gone)
    return (
        (note("rest_non_answers", group=rest, source=source.name, variables=(recode.name,)),)
        if rest is not None and taken
        else ()
    )


def _several(columns: Columns, recode: Collapse, source: Variable, belongs: list[int], levels: Sequence[Level]) -> Made:
    chosen, answered = columns.chosen(source)
    groups = np.array(belongs)
    flags = np.stack([chosen[:, groups == number].any(axis=1) for number in range(len(levels))], axis=1)
    label = recode.label or source.labels or source.label
    return options(recode.name, label, levels, flags, answered, gaps_of(columns, source), sizes=columns.sizes)
