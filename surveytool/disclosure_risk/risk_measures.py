"""What is known of a file's risk: counts and shares, never a respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from surveytool.frozen import frozen
from surveytool.survey import Design, Provenance

if TYPE_CHECKING:
    from surveytool.arrays import LongKeys


Role = Literal["sex", "age", "origin", "place", "route", "other"]
Change = Literal["bands", "rare", "first", "ends", "length", "drop"]


@frozen
class Quasi:
    """Something that others may know of a respondent: ``keys`` [rows], a number a different value (blank is one too).

    ``columns`` are the stops of an itinerary, else one column.
    """

    name: str
    role: Role
    columns: tuple[str, ...]
    keys: LongKeys


@frozen
class Classes:
    """Respondents by their class, that is who is alike in every quasi-identifier.

    ``smallest`` is k of k-anonymity; ``unique`` respondents are alone in their class,
    ``below`` stand in classes smaller than ``k``. ``mean`` is the mean of 1 / class size.
    ``population`` is the expected number of right matches against the population
    (Benedetti and Franconi), None where weights do not count people.
    """

    smallest: int
    unique: int
    below: int
    k: int
    mean: float
    population: float | None = None


@frozen
class Suda:
    """Minimal sample uniques: ``sizes`` maps their number of variables to how many there are.

    ``special`` are respondents unique by fewer variables than all; ``shares`` is each
    variable's part in the scores; ``dis`` is the chance that a unique match is right,
    None where the sampling fraction is not known; ``high`` counts respondents whose
    own chance by DIS-SUDA is above 0.1.
    """

    most: int
    sizes: tuple[tuple[int, int], ...]
    special: int
    shares: tuple[tuple[str, float], ...]
    dis: float | None = None
    high: int | None = None


@frozen
class Candidate:
    """A change of one quasi-identifier, and the risk after it; ``kept`` is the share of detail that is left."""

    name: str
    change: Change
    detail: int
    unique: int
    below: int
    kept: float


@frozen
class Risk:
    """The risk of a file by some quasi-identifiers; ``path`` are the changes that lower it step by step."""

    rows: int
    names: tuple[str, ...]
    proposed: bool
    follows: tuple[tuple[str, str], ...]
    classes: Classes
    suda: Suda | None
    candidates: tuple[Candidate, ...]
    path: tuple[Candidate, ...]
    fraction: float | None
    source: Provenance
    design: Design
