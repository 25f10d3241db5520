"""What cubes sum by pattern only, for several of them at once.

Respondents and their squared weights need no units. So the axes of a few cubes
are crossed, each block is added to the crossing once, and in the end every cube
gets the margin that is its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cube import Cube, Rows

if TYPE_CHECKING:
    from surveytool.arrays import Floats


MOST_CROSSED = 1 << 13  # sums that stay in the processor's fastest memory


class Crossing:
    """The crossed axes of some plain cubes."""

    def __init__(self) -> None:
        self.cubes: list[Cube] = []
        self.sizes: dict[str, int] = {}

    def takes(self, cube: Cube) -> bool:
        """Take a cube in, if the crossing stays small or it is the first one."""
        both = self.sizes | dict(zip(cube.spec.axes, cube.sizes, strict=True))
        if self.cubes and prod(tuple(both.values())) > MOST_CROSSED:
            return False
        self.cubes.append(cube)
        self.sizes = both
        return True

    def begin(self) -> None:
        """Make the sums: respondents, those with a positive weight, squared weights."""
        self.sums: Floats = np.zeros((3, prod(tuple(self.sizes.values()))))

    def add(self, rows: Rows) -> None:
        """Add a block."""
        key = rows.key(tuple(self.sizes), tuple(self.sizes.values()))
        size = self.sums.shape[1]
        count = np.bincount(key, minlength=size)
        self.sums[0] += count
        self.sums[1] += count if rows.positive is None else np.bincount(key, rows.positive, size)
        self.sums[2] += np.bincount(key, rows.squared, size)

    def share(self) -> None:
        """Give every cube its margin."""
        axes, sizes = list(self.sizes), list(self.sizes.values())
        whole = self.sums.reshape(3, *reversed(sizes))  # the first axis runs fastest
        for cube in self.cubes:
            axis_indices = [len(axes) - axes.index(name) for name in reversed(cube.spec.axes)]
            others = tuple({*range(1, whole.ndim)} - {*axis_indices})
            kept = sorted(axis_indices)
            margin = whole.sum(axis=others).transpose(0, *(1 + kept.index(axis) for axis in axis_indices))
            cube.small[:3] = margin.reshape(3, -1)


def crossings(cubes: Iterable[Cube]) -> list[Crossing]:
    """The plain cubes in as few crossings as stay small."""
    crossed: list[Crossing] = []
    for cube in cubes:
        if cube.plain and not any(crossing.takes(cube) for crossing in crossed[-1:]):
            crossed.append(Crossing())
            crossed[-1].takes(cube)
    for crossing in crossed:
        crossing.begin()
    return crossed
