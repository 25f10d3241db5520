"""What may be done with answers before they are counted: declared, never programmed.

Each dataclass is one ``[[recodes]]`` entry of a study file; ``Declared`` is one
``[variables.NAME]``. ``key`` in a field's metadata is its name in the file where
Python keeps that word for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from surveytool.frozen import frozen
from surveytool.survey import Code, Kind, Missing, Text


@frozen
class Declared:
    """What a study says of a variable of its file; everything else stays as the file has it.

    ``levels`` are labels by code (by column or option for a question with several
    answers), ``order`` codes or labels in the order to show, the others after
    them. ``missing`` are codes or labels by kind. ``asked_when`` is a condition as in
    ``--where``: who does not fulfil it and has no answer was not asked.
    """

    label: Text | None = None
    kind: Kind | None = None
    levels: Mapping[str, Text] = field(default_factory=dict)
    order: tuple[Code, ...] = ()
    missing: Mapping[Missing, tuple[Code, ...]] = field(default_factory=dict)
    asked_when: str | None = None
    unit: Text | None = None
    sensitive: bool | None = None


@frozen
class Band:
    """Numbers from ``low`` to ``high`` (both in), or up to but without ``below``; None is an open end."""

    low: float | None = field(default=None, metadata={"key": "from"})
    high: float | None = field(default=None, metadata={"key": "to"})
    below: float | None = None
    label: Text | None = None


@frozen
class Bands:
    """A number in bands: ``["18-25", "26-35", "46+"]``, or tables with from, to, below and label."""

    name: str
    type: Literal["bands"]
    source: str = field(metadata={"key": "from"})
    bands: tuple[str | Band, ...]
    label: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)


@frozen
class Group:
    """Levels that become one: codes or labels; ``rest`` takes all that no other group names."""

    label: Text
    levels: tuple[Code, ...] = ()
    rest: bool = False


@frozen
class Collapse:
    """Levels of a question put into groups; of several answers, a group is chosen if one of its levels is."""

    name: str
    type: Literal["collapse"]
    source: str = field(metadata={"key": "from"})
    groups: tuple[Group, ...]
    label: Text | None = None


@frozen
class Multiple:
    """A question with several answers, from one column an option, or from one column of separated answers.

    ``columns`` are names or globs (``q7_*``) whose value ``counted`` says "chosen", or
    where every answer but ``not_chosen`` does; ``source`` is a column whose answers
    ``separator`` takes apart. ``labels`` are by column, or by option.
    """

    name: str
    type: Literal["multiple"]
    columns: tuple[str, ...] = ()
    counted: Code = 1
    not_chosen: Code | None = None
    source: str | None = field(default=None, metadata={"key": "from"})
    separator: str = " "
    label: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)


@frozen
class MissingCodes:
    """Codes that are no answers, in many variables at once (names or globs)."""

    type: Literal["missing"]
    variables: tuple[str, ...]
    missing: Mapping[Missing, tuple[Code, ...]]


@frozen
class Answered:
    """One of these answers was given; of several answers, one of them was chosen."""

    variable: str
    levels: tuple[Code, ...]


@frozen
class Derived:
    """Yes or no, from other answers: any, all or none of the parts hold; exactly one of the three is given.

    A part is a condition as in ``--where``, or a variable with levels. An unknown
    answer stays unknown unless the others decide; why it is missing is carried.
    """

    name: str
    type: Literal["derived"]
    any: tuple[str | Answered, ...] = ()
    all: tuple[str | Answered, ...] = ()
    none: tuple[str | Answered, ...] = ()
    label: Text | None = None
    yes: Text | None = None
    no: Text | None = None


@frozen
class CountOf:
    """Questions, and the answers (codes or labels, or a comparison such as ``">= 2"``) that count in them."""

    of: tuple[str, ...]
    when: Code | tuple[Code, ...]


@frozen
class Case:
    """What a score is where a condition as in ``--where`` holds; without a condition it is what is left.

    ``label`` is the name of a text that readers see.
    """

    then: Code
    when: str | None = None
    label: Text | None = None


@frozen
class FromRoster:
    """Rows of a roster as one number of their interview, by exactly one of its verbs.

    ``share`` and ``count`` hold a condition as in ``--where`` of the roster's own questions; ``sum``, ``max``, ``min``
    and ``mean`` name one of its numbers.
    """

    source: str = field(metadata={"key": "from"})
    share: str | None = None
    count: str | None = None
    sum: str | None = None
    max: str | None = None
    min: str | None = None
    mean: str | None = None


@frozen
class Score:
    """A number reckoned from other answers, by exactly one of its formulas.

    ``sum`` holds the weight of each item; ``mean``, ``max`` and ``min`` name items (names or
    globs); ``count`` counts answers; ``ratio`` divides its first by its second item; ``days`` are
    the days from a first to a second date; ``case`` takes the first condition that holds; ``roster`` brings
    the rows of a roster up to their interview.
    ``missing`` says what an item without an answer does: ``refuse`` leaves the score missing, ``zero``
    takes it as 0, ``mean`` as the mean of the others. Values outside of ``valid`` are no answers.
    """

    name: str
    type: Literal["score"]
    sum: Mapping[str, float] = field(default_factory=dict)
    mean: tuple[str, ...] = ()
    max: tuple[str, ...] = ()
    min: tuple[str, ...] = ()
    count: CountOf | None = None
    ratio: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    case: tuple[Case, ...] = ()
    roster: FromRoster | None = None
    missing: Literal["refuse", "zero", "mean"] = "refuse"
    valid: tuple[float, ...] = ()
    label: Text | None = None
    unit: Text | None = None


@frozen
class Expansion:
    """Weights that raise each stratum to its population: people of the stratum over its respondents.

    ``populations`` holds the people (or households) of each answer of ``source``, by code or label, as a sampling frame
    counts them. Respondents are counted when the data are read, so the weights follow the data.
    """

    name: str
    type: Literal["expansion"]
    source: str = field(metadata={"key": "from"})
    populations: Mapping[str, float]
    label: Text | None = None


Recode = Bands | Collapse | Multiple | MissingCodes | Derived | Score | Expansion
