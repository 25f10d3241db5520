"""Column letters: which groups a figure is higher than, as market research tables write it.

Every group of a breakdown has a letter; a figure carries the letters of the
groups that it exceeds by a difference whose adjusted p value is below 1 - level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from string import ascii_uppercase

from surveytool.estimate.result import Breakdown, Estimates, Test
from surveytool.frozen import frozen

Group = tuple[tuple[str, str], ...]
Place = tuple[Group, str | None]


@frozen
class Letters:
    """``names`` of groups, and for each figure the letters of the groups that it exceeds."""

    names: Mapping[Group, str] = field(default_factory=dict)
    above: Mapping[Place, str] = field(default_factory=dict)

    def label(self, group: Group, text: str) -> str:
        """A group's label with its letter."""
        return f"{text} [{self.names[group]}]" if group in self.names else text

    def mark(self, place: Place) -> str:
        """A figure's letters, padded so that figures stay aligned; nothing in a table without any."""
        wide = max(map(len, self.above.values()), default=0)
        return f" {self.above.get(place, ''):\u2007<{wide}}" if wide else ""


def letters(estimates: Estimates, tests: Iterable[Test]) -> Letters:
    """The letters of one table; none where no pair was tested."""
    pairs = [each for each in tests if each.table == estimates.id and each.test == "difference"]
    names: dict[Group, str] = {}
    above: dict[Place, str] = {}
    for breakdown in estimates.breakdowns:
        groups = _groups(breakdown)
        own = [pair for pair in pairs if pair.by == breakdown.names and pair.groups is not None]
        if not own:
            continue
        named = {label: _letter(index) for index, label in enumerate(groups)}
        names |= {group: named[label] for label, group in groups.items()}
        for test in own:
            if test.p_adjusted is None or test.p_adjusted >= 1 - estimates.request.level or not test.estimate:
                continue
            assert test.groups is not None
            higher, lower = test.groups if test.estimate > 0 else test.groups[::-1]
            place = (groups[higher], test.level)
            above[place] = above.get(place, "") + named[lower]
    return Letters(names=names, above=above)


def _groups(breakdown: Breakdown) -> dict[str, Group]:
    return {", ".join(group): tuple(zip(breakdown.names, group, strict=True)) for group in breakdown.groups}


def _letter(place: int) -> str:
    """A to Z, then AA, AB."""
    first, last = divmod(place, len(ascii_uppercase))
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[last]
