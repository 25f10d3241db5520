"""Two families of groups crossed: how many respondents are in each pair of their groups.

Groups of rows in memory are counted as they stand. Those of a stream are told
block by block, all pairs in one look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.disclosure_control.published import Group

if TYPE_CHECKING:
    from surveytool.aggregate.respondent_classes import Told
    from surveytool.arrays import Codes, Counts


Pair = tuple[Group, Group]


def first_keys(group: Group) -> Codes:
    """The keys [rows] of the first rows."""
    keys: Any = group.keys
    return np.asarray(keys if isinstance(keys, np.ndarray) else keys.head)


def crossed(pairs: Sequence[Pair]) -> list[Counts]:
    """Respondents [inner keys, outer keys] of each pair."""
    shapes = [(len(fine.sizes) + 1, len(coarse.sizes) + 1) for fine, coarse in pairs]
    found: list[Counts] = [np.zeros(shape, dtype=np.int64) for shape in shapes]
    groups = {id(group): group for pair in pairs for group in pair}
    for keys in _blocks(list(groups.values())):
        for (fine, coarse), table in zip(pairs, found, strict=True):
            place = keys[id(fine)].astype(np.intp) * table.shape[1] + keys[id(coarse)]
            table += np.bincount(place, minlength=table.size).reshape(table.shape)
    return found


def _blocks(groups: Sequence[Group]) -> Iterator[dict[int, Codes]]:
    """The keys of each group, some rows at a time; those in memory are cut as the stream's blocks are."""
    here = {id(group): group.keys for group in groups if isinstance(group.keys, np.ndarray)}
    there: dict[int, Any] = {id(group): group.keys for group in groups if id(group) not in here}
    if not there:
        yield here
        return
    first = 0
    for told in zip(*_passes(list(there.values())), strict=True):
        keys = {key: each for some in told for key, each in some.items()}
        keys = {name: keys[id(each)] for name, each in there.items()}
        rows = len(next(iter(keys.values())))
        yield {**keys, **{name: each[first : first + rows] for name, each in here.items()}}
        first += rows


def _passes(told: Sequence[Told]) -> list[Iterator[dict[int, Codes]]]:
    """One pass a stream: recodes of a run may stand in several, all over the same rows."""
    streams = {id(each.stream): each.stream for each in told}
    by_stream = {stream: [each for each in told if id(each.stream) == stream] for stream in streams}

    def keys(place: int) -> Iterator[dict[int, Codes]]:
        own = by_stream[place]
        for block in streams[place].blocks([name for each in own for name in each.names], "protecting"):
            yield {id(each): each.of(block) for each in own}

    return [keys(stream) for stream in streams]
