"""What somebody published, and what became of it.

A claim names what is measured (variable, level), of whom (by, where, base) and
either the printed figure or a comparison in words. Fields are plain, so that a
claim is also one ``[[claims]]`` entry of a study file and one row of a csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Base

Unit = Literal["percent", "number"]
Rounding = Literal["half up", "half even", "truncated"]
PercentOf = Literal["column", "all"]
Outcome = Literal["reproduced", "consistent", "not reproduced", "cannot"]
Weight = Literal["contradiction", "doubt"]


@frozen
class Comparison:
    """A claim in words. Every field that is set must hold.

    ``more_than`` and ``less_than`` name another group (``{"sex": "Female"}``; ``{}``
    is everybody), or another answer under the claim's own variable. ``highest_of``
    and ``lowest_of`` name the variable of the groups, or the claim's own variable
    for its answers. ``most`` is more than half, ``about`` a fraction (or a number)
    give or take ``tolerance``.
    """

    more_than: Mapping[str, str] | None = None
    less_than: Mapping[str, str] | None = None
    highest_of: str | None = None
    lowest_of: str | None = None
    most: bool = False
    about: float | None = None
    tolerance: float = 0.03


@frozen
class Claim:
    """One published statement.

    ``published`` is a fraction for percentages (0.47 for 47%), the number itself
    else; ``decimals`` count those printed. ``rounding`` None means the nearest, ties
    either way. ``level`` is an answer's label or code; ``not X`` is every answer but
    X. ``percent_of`` tells whether a group's figure is a share of the group
    (``column``) or of all respondents (``all``). ``n`` is the published base,
    ``margin`` a published margin of error (0.03), ``population`` the size of the
    population behind it. Claims of one ``set`` were published together.
    ``ambiguous`` says that the source leaves open of whom the figure is a share.
    """

    id: str
    text: str = ""
    published: float | None = None
    unit: Unit = "percent"
    decimals: int = 0
    rounding: Rounding | None = None
    page: str | None = None
    variable: str | None = None
    level: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    base: Base = "answered"
    stat: str | None = None
    comparison: Comparison | None = None
    n: int | None = None
    set: str | None = None
    percent_of: PercentOf = "column"
    margin: float | None = None
    population: int | None = None
    ambiguous: bool = False


@frozen
class Verdict:
    """What the data say of a claim; ``explanation`` are notes, put into words by ``claim.wording``.

    ``rounding`` is the rule by which the estimate gives the published figure.
    ``plain`` is True where there is nothing to add to the numbers.
    """

    claim: Claim
    verdict: Outcome
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int | None = None
    rounding: Rounding | None = None
    explanation: tuple[Note, ...] = ()
    plain: bool = False


@frozen
class Finding:
    """What the published figures say of each other, without data.

    A ``contradiction`` cannot be true as it stands; a ``doubt`` depends on
    something that the claims leave open. ``reading`` says how the figures would
    hold after all.
    """

    kind: str
    weight: Weight
    claims: tuple[str, ...]
    explanation: tuple[Note, ...]
    reading: tuple[Note, ...] = ()
