"""Cells: everything inference needs to know of the respondents, and nothing more.

Microdata stop here. A table of cells holds weighted totals of moments by unit,
group and level; estimates, variances, tests and designs effects are functions
of it. Array axes: ``U`` units, ``G`` groups, ``K`` cell levels, ``M`` moments,
``R`` replicates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from surveytool.aggregate.distribution import Distribution
    from surveytool.arrays import Counts, Flags, Floats

Group = tuple[tuple[str, str], ...]  # a group's variables, each with the code of its level; () is everybody


@frozen
class BaseCount:
    """Who is behind a table, unweighted.

    ``rows`` in the file, ``domain`` of them fulfil ``where``, ``base`` of those
    count in the denominator. ``excluded`` are the others of the domain by reason
    (a level's label, or "blank"), ``included`` the missing kinds that the chosen
    base counts in. Where ``withheld`` the numbers are 0 and may not be shown.
    """

    rows: int
    domain: int
    base: int
    excluded: tuple[tuple[str, int], ...] = ()
    included: tuple[tuple[str, int], ...] = ()
    withheld: bool = False


@frozen
class Breakdown:
    """One ``--by``: its variables' names, labels, and in order the groups' labels and the codes they are known by.

    ``overlapping`` says that a respondent may be in several groups: they do not add up.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    codes: tuple[tuple[str, ...], ...]
    overlapping: bool = False

    def members(self) -> Iterator[tuple[Group, tuple[str, ...]]]:
        """Each group by the codes of its variables, and its labels."""
        for codes, labels in zip(self.codes, self.groups, strict=True):
            yield tuple(zip(self.names, codes, strict=True)), labels


@frozen
class Stage:
    """One stage of sampling.

    ``parent`` [units of this stage] is the stratum (first stage) or the unit of
    the stage before; None where each respondent is a unit of its own (element
    designs). ``sampled`` and ``population`` [parents] count units; the population
    is infinity without finite population correction.
    """

    parent: NDArray[np.intp] | None
    sampled: Floats
    population: Floats


@frozen
class Units:
    """The design as inference sees it.

    ``strata`` are labels; ``rows`` and ``weight`` count and weigh the whole sample;
    ``df`` stands for the degrees of freedom where the user gives them.
    """

    strata: tuple[str, ...]
    stages: tuple[Stage, ...]
    lonely_psu: str
    rows: int
    weight: float
    df: float | None = None

    @property
    def element(self) -> bool:
        """True where every respondent is a primary sampling unit."""
        return self.stages[0].parent is None

    @property
    def count(self) -> int:
        """How many units sums are kept by: strata in element designs, else the finest sampled units."""
        finest = self.stages[-1].parent
        return len(self.strata) if finest is None else len(finest)


@frozen
class ReplicateClasses:
    """Respondents whose replicate weights are the same but for one factor, as those of a PSU are.

    ``factors`` [C, R] are a class's replicate weights over the main weight, ``members`` [C, G] whether a group has
    respondents of it. ``ranks`` keeps the rank of the domains that were asked for: the tables of a run share it, since
    most have the same domains.
    """

    factors: Floats
    members: Flags
    ranks: dict[bytes, float] = field(default_factory=dict, repr=False, compare=False)


@frozen
class Replication:
    """Totals under each replicate weight, [R, G, K, M], and how to add their squares.

    ``df`` are those of the whole sample; ``classes`` tell those of a domain. Without classes they are given and stand
    for every domain; where they are ``bounded`` a domain has no more than its respondents minus one, which is what the
    rank would be where ``generic``: replicates that no two respondents share.
    """

    totals: Floats
    scale: float
    rscales: Floats
    mse: bool
    df: float
    classes: ReplicateClasses | None = None
    bounded: bool = False
    generic: bool = False


@frozen
class Cells:
    """Totals of one variable in one breakdown.

    ``first`` [U, G, K, M] sums w*b_m over the unit (the stratum in element
    designs); ``second`` [U, G, K, M, M] sums w*w*b_m*b_n, element designs only;
    ``cross`` [G, K, M, M] sums w*b_m*b_n; ``weights_squared`` [G] sums w*w in the
    base. ``present`` [U, G] counts respondents in the row's domain, ``count``
    [G, rows] those with the level, ``n`` [G] those in the base. ``shift`` was
    taken from each moment before squaring (numerical safety). For quantiles the two
    levels are "at or below the quantile" and "above", and ``distributions`` holds
    each group's values. ``unexplained`` [U, G, K, M] is ``first`` without what the margins
    of calibrated weights explain; None where the weights are taken as fixed.
    """

    breakdown: Breakdown
    units: Units
    first: Floats
    second: Floats | None
    cross: Floats
    weights_squared: Floats
    present: Counts
    count: Counts | None
    n: Counts
    n_weighted: Floats
    shift: float
    replication: Replication | None = None
    unexplained: Floats | None = None
    distributions: tuple[Distribution, ...] = ()

    def totals(self) -> Floats:
        """Weighted totals [G, K, M] of the whole sample."""
        totals: Floats = self.first.sum(axis=0)
        return totals

    def varying(self) -> Floats:
        """The unit totals [U, G, K, M] whose spread is the variance."""
        return self.first if self.unexplained is None else self.unexplained


@frozen
class Tally:
    """One question's cells: the total first, then one entry a breakdown.

    ``trips`` [levels] counts journeys over each leg of a route, unweighted; ``stages``
    are the headings of levels that are paths.
    """

    request: Request
    id: str
    statistic: str
    label: str
    levels: tuple[tuple[str, str], ...]
    multiple: bool
    unit: str | None
    cells: tuple[Cells, ...]
    base: BaseCount
    notes: tuple[Note, ...]
    trips: tuple[int, ...] = ()
    stages: tuple[str, ...] = ()
