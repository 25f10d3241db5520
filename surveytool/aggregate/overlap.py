"""Breakdowns whose groups overlap: each option of a question with several answers is a domain of its own.

A respondent is in every group whose option they chose, so groups are summed one
by one, in the same pass, and stand side by side in the cells at the end. A
group's own variance needs nothing else. Covariances of two groups are in the
cells only where units are clusters or replicates: comparisons refuse them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.cells import Breakdown, Cells
from surveytool.aggregate.encoded_columns import Columns
from surveytool.aggregate.question import option_labels
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import SEVERAL, Codebook

Levels = tuple[tuple[str, str], ...]  # labels and codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.classes import Classes
    from surveytool.aggregate.sums import Sums
    from surveytool.arrays import Keys


def crossing(book: Codebook, names: tuple[str, ...], levels: Sequence[Levels]) -> Breakdown:
    """Every group of variables with these levels, the last variable running fastest."""
    groups = list(product(*levels))
    return Breakdown(
        names=names,
        labels=tuple(book[name].title() for name in names),
        groups=tuple(tuple(label for label, _ in group) for group in groups),
        codes=tuple(tuple(code for _, code in group) for group in groups),
    )


@frozen
class Split:
    """A breakdown in parts without overlap.

    ``keys`` are one array [rows] a combination of options, into the groups of
    ``inner`` (the breakdown's other variables); ``order`` [groups] puts the parts'
    groups into the order of ``breakdown``.
    """

    keys: tuple[Keys, ...]
    inner: Breakdown
    breakdown: Breakdown
    order: Keys

    def covered(self) -> NDArray[np.bool_]:
        """Rows [rows] that are in some group."""
        flags = np.zeros(len(self.keys[0]), dtype=bool) if self.keys else np.zeros(0, dtype=bool)
        for keys in self.keys:
            flags |= keys >= 0
        return flags


def split(
    columns: Columns, names: tuple[str, ...], groups: Callable[[tuple[str, ...]], tuple[Keys, Breakdown]]
) -> Split | None:
    """The parts of a breakdown, None where its groups do not overlap; ``groups`` makes those of the other variables.

    Raises ``UsageError``.
    """
    book = columns.survey.codebook
    several = [name for name in names if book[name].kind in SEVERAL]
    if not several:
        return None
    rest = tuple(name for name in names if name not in several)
    own_keys, inner = groups(rest)
    chosen = [columns.chosen(book[name])[0] for name in several]
    parts = []
    for options in product(*(range(flags.shape[1]) for flags in chosen)):
        inside = np.all([flags[:, option] for flags, option in zip(chosen, options, strict=True)], axis=0)
        parts.append(np.where(inside, own_keys, -1).astype(np.intp))
    levels: dict[str, Levels] = {name: tuple(option_labels(book[name])) for name in several}
    empty = next((name for name in several if not levels[name]), None)
    if empty is not None:
        raise UsageError(f"{empty} has no options, so no groups.", "--by", "Name another breakdown.")
    for index, name in enumerate(rest):
        pairs = ((labels[index], codes[index]) for labels, codes in zip(inner.groups, inner.codes, strict=True))
        levels[name] = tuple(dict.fromkeys(pairs))
    stacked = [*several, *rest]
    places = np.arange(np.prod([len(levels[name]) for name in stacked])).reshape([len(levels[n]) for n in stacked])
    breakdown = replace(crossing(book, names, [levels[name] for name in names]), overlapping=True)
    order = places.transpose([stacked.index(name) for name in names]).ravel()
    return Split(keys=tuple(parts), inner=inner, breakdown=breakdown, order=order)


class Overlap:
    """The running sums of one question in a breakdown whose groups overlap: those of its parts."""

    def __init__(self, parts: list[Sums], split: Split) -> None:
        self.parts, self.found, self.breakdown = parts, split, split.breakdown

    def add(self, classes: Classes) -> None:
        """Add classes of respondents to every part."""
        for part in self.parts:
            part.add(classes)

    def cells(self) -> Cells:
        """The parts' cells side by side, in the breakdown's order of groups."""
        return joined([part.cells() for part in self.parts], self.breakdown, self.found.order)


def joined(parts: list[Cells], breakdown: Breakdown, order: Keys) -> Cells:
    """Cells of several parts as one: their groups one after the other, then put in ``order`` [G]."""

    def groups(name: str, axis: int) -> Any:
        arrays = [getattr(part, name) for part in parts]
        return None if arrays[0] is None else np.concatenate(arrays, axis=axis).take(order, axis=axis)

    one = parts[0]
    spread = [values for part in parts for values in part.distributions]
    replication = one.replication
    if replication is not None:
        totals = [part.replication.totals for part in parts if part.replication is not None]
        members = [part.replication.classes.members for part in parts
                   if part.replication is not None and part.replication.classes is not None]  # fmt: skip
        classes = replication.classes
        if classes is not None:
            classes = replace(classes, members=np.concatenate(members, axis=1).take(order, axis=1))
        replication = replace(
            replication, totals=np.concatenate(totals, axis=1).take(order, axis=1), classes=classes
        )  # fmt: skip
    return replace(
        one,
        breakdown=breakdown,
        **{name: groups(name, 1) for name in ("first", "second", "unexplained", "present")},
        **{name: groups(name, 0) for name in ("cross", "weights_squared", "count", "n", "n_weighted")},
        replication=replication,
        distributions=tuple(spread[index] for index in order) if spread else (),
    )
