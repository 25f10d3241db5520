"""What the gate remembers of the tables: counts and fingerprints of groups, never an answer of a respondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveytool.frozen import frozen
from surveytool.survey import Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from surveytool.aggregate.respondent_classes import Told
    from surveytool.arrays import Counts, Floats
    from surveytool.disclosure_control.number_facts import NumberFacts


Names = tuple[str, ...]
Family = tuple[str | None, Names]


@frozen
class Scope:
    """One breakdown of one table: counts [G + 1, R] of each answer and n [G + 1], place 0 for who is in no group.

    ``groups`` are known by their codes.
    ``prints`` and ``n_prints`` are fingerprints, ``top`` and ``n_top`` the largest
    share of a count (or of its weight) in one PSU or site, 0 where none is named.
    Groups that are ``overlapping`` do not add up to anything.
    """

    family: Family
    groups: tuple[Names, ...]
    count: Counts
    prints: Floats
    top: Floats
    n: Counts
    n_prints: Floats
    n_top: Floats
    overlapping: bool = False


@frozen
class PublishedCounts:
    """One table: its question, its answers (``levels``, by code), its breakdowns, the total first.

    ``printed`` are the breakdowns that the table shows; the others are margins of
    crossed ones. ``wider`` are the same breakdowns without the table's condition. ``binary``
    is a number with two values, whose mean counts the second of its ``levels``. ``guessable`` is the
    heaviest weight where all in a group of a stream weigh the same, so that weights can be reckoned, else 0.
    ``numbers`` are the values behind a table of numbers, for as long as its figures are at hand.
    """

    id: str
    question: tuple[object, ...]
    request: Request
    printed: frozenset[Names]
    levels: tuple[str, ...]
    multiple: bool
    scopes: tuple[Scope, ...]
    wider: tuple[Scope, ...]
    kind: str
    base: int
    domain: int
    binary: bool = False
    guessable: float = 0.0
    numbers: NumberFacts | None = None


@dataclass(slots=True)
class Group:
    """A family of groups of all respondents: the group of each row, 0 for none, sizes and fingerprints.

    ``keys`` are those of all rows, or how those of a stream are told.
    """

    keys: NDArray[np.int32] | Told | None
    groups: tuple[Names, ...]
    sizes: Counts
    prints: Floats
