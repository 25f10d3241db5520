"""A chart before it is drawn: words, groups, levels, and one datum where they cross.

Every number comes from the rows of a table, every text from its words. A datum
that may not be shown has a ``mark`` and no number at all, so no kind of chart
can draw one by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from surveytool.frozen import frozen

Pairs = tuple[tuple[str, str], ...]


@frozen
class Datum:
    """One figure: its value and interval as numbers, its ``text``, or a ``mark`` in place of all."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    mark: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is a number to draw."""
        return self.value is not None


@frozen
class Group:
    """The total or one group; ``heads`` are the headings above it, outermost first; ``n`` as text."""

    label: str
    heads: tuple[str, ...] = ()
    pairs: Pairs = ()
    n: str = ""

    @property
    def total(self) -> bool:
        """Whether this is everybody."""
        return not self.pairs


@frozen
class Path:
    """A way that people went: its stops in order, and the weighted share of them; a mark hides the share.

    ``name`` is how it is written: stops that are left out stand in it as an ellipsis.
    """

    stops: tuple[str, ...]
    share: float
    mark: str = ""
    name: str = ""


@frozen
class Axis:
    """How numbers on an axis are written: decimal and thousands marks, percent sign, unit."""

    decimal: str = "."
    thousands: str = ","
    percent: str | None = None


@frozen
class Chart:
    """One chart. ``data`` holds a row a group and in it a datum a level (one for numbers).

    ``whole`` says that the levels of a group add up to all of it, ``zero`` that
    0 belongs on the scale. ``paths`` and
    ``stages`` are those of an alluvial chart; ``sizes`` are the shares of its places
    as text, by stage, and ``rest`` the names that are no single place.
    """

    id: str
    title: str
    kind: str = "dots"
    subtitle: str = ""
    groups: tuple[Group, ...] = ()
    levels: tuple[str, ...] = ()
    data: tuple[tuple[Datum, ...], ...] = ()
    share: bool = True
    zero: bool = True
    whole: bool = False
    axis: Axis = Axis()
    n_label: str = "n"
    notes: tuple[str, ...] = ()
    source: str = ""
    alt: str = ""
    paths: tuple[Path, ...] = ()
    stages: tuple[str, ...] = ()
    sizes: Mapping[tuple[int, str], str] = field(default_factory=dict)
    rest: frozenset[str] = frozenset()

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The headings of the breakdowns, each once."""
        return tuple(dict.fromkeys(group.heads[0] for group in self.groups if group.heads))

    @property
    def parts(self) -> tuple[Group, ...]:
        """The groups without the total."""
        return tuple(group for group in self.groups if not group.total)

    @property
    def crossed(self) -> bool:
        """Whether its one breakdown crosses two variables or more."""
        return len(self.breakdowns) == 1 and all(len(group.pairs) > 1 for group in self.parts)

    def column(self, level: int) -> tuple[Datum, ...]:
        """The data of one level, group by group."""
        return tuple(row[level] for row in self.data)
