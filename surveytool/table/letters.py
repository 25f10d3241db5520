"""Column letters: which groups a figure is higher than, as market research tables write it.

Every group of a breakdown has a letter; a figure carries the letters of the
groups that it exceeds by a difference whose adjusted p value is below 1 - level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from string import ascii_uppercase

from surveytool.estimate.result import Estimates, Group, Test
from surveytool.frozen import frozen

Place = tuple[Group, str | None]


@frozen
class Letters:
    """``names`` of groups, and for each figure the letters of the groups that it exceeds; ``room`` is left for more."""

    names: Mapping[Group, str] = field(default_factory=dict)
    above: Mapping[Place, str] = field(default_factory=dict)
    room: int = 0

    def label(self, group: Group, text: str) -> str:
        """A group's label with its letter."""
        return f"{text} [{self.names[group]}]" if group in self.names else text

    def mark(self, cell: Place) -> str:
        """A figure's letters, padded so that figures stay aligned; nothing in a table without any."""
        wide = max([self.room, *map(len, self.above.values())])
        return f" {self.above.get(cell, ''):\u2007<{wide}}" if wide else ""


def letters(estimates: Estimates, tests: Iterable[Test]) -> Letters:
    """The letters of one table; none where no pair was tested."""
    pairs = [test for test in tests if test.table == estimates.id and test.test == "difference"]
    names: dict[Group, str] = {}
    above: dict[Place, str] = {}
    for breakdown in estimates.breakdowns:
        breakdown_tests = [test for test in pairs if test.by == breakdown.names and test.pair is not None]
        if not breakdown_tests:
            continue
        names |= {group: _letter(index) for index, (group, _) in enumerate(breakdown.members())}
        for test in breakdown_tests:
            if test.p_adjusted is None or test.p_adjusted >= 1 - estimates.request.level or not test.estimate:
                continue
            assert test.pair is not None
            higher, lower = test.pair if test.estimate > 0 else test.pair[::-1]
            cell = (higher, test.level_code)
            above[cell] = above.get(cell, "") + names[lower]
    return Letters(names=names, above=above)


def _letter(index: int) -> str:
    """A to Z, then AA, AB."""
    first, last = divmod(index, len(ascii_uppercase))
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[last]
