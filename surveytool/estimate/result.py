"""Estimates: long rows, one number a row, and what a reader must know about them.

Every output (terminal, csv, json, documents, charts) reads these rows and
computes nothing anew. Proportions are fractions, never percents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from itertools import groupby

from surveytool.aggregate.cells import BaseCount, Breakdown, Group
from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Design, Provenance, Request

__all__ = ["BaseCount", "Breakdown", "Estimates", "Group", "Results", "Row", "Test", "joint"]


NONE = "none"  # the interval of what has none


@frozen
class Row:
    """One estimate. ``by`` maps a breakdown's variable to the group's label, ``by_code`` to its code; {} is the total.

    A row is known by codes, never by labels: ``group`` and ``level_code``.
    ``count`` are respondents with the level, ``n`` respondents in the base of the
    row, ``n_weighted`` the sum of their weights, ``trips`` how often they went a leg
    of a route (None elsewhere). An undefined number is None and
    ``flag`` says why. ``ci_method`` is the interval that this row has.
    """

    table: str
    variable: str
    level: str | None = None
    level_code: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    by_code: Mapping[str, str] = field(default_factory=dict)
    estimate: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    df: float | None = None
    deff: float | None = None
    cv: float | None = None
    count: int | None = None
    n: int = 0
    n_weighted: float = 0.0
    flag: str | None = None
    ci_method: str | None = None
    trips: int | None = None

    @property
    def group(self) -> Group:
        """The group by the codes of its variables."""
        return tuple(self.by_code.items())


@frozen
class Estimates:
    """One table's numbers: rows of the total first, then breakdown by breakdown.

    Within a breakdown rows run group by group and, inside a group, level by level.
    ``statistic`` and ``ci_method`` are resolved (never None); ``label`` is the
    variable's label, ``levels`` the row levels in order (empty for numbers), ``codes`` what they are known by,
    ``multiple`` says that levels may overlap (percent of respondents); ``stages`` are
    the headings of levels that are paths from place to place. ``decimals`` (of percent, or of
    the number) is what a protected table was rounded to, None where it was not; below 0 are tens.
    """

    id: str
    request: Request
    label: str
    statistic: str
    ci_method: str
    rows: tuple[Row, ...]
    base: BaseCount
    breakdowns: tuple[Breakdown, ...] = ()
    levels: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    multiple: bool = False
    unit: str | None = None
    stages: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    decimals: int | None = None

    def answers(self) -> tuple[tuple[str, str], ...]:
        """Labels and codes of the levels."""
        return tuple(zip(self.levels, self.codes, strict=True))


@frozen
class Test:
    """One test or contrast of a table; ``by`` are the variables of the breakdown.

    ``groups`` are the two labels of a pair, None where all groups are tested at
    once, ``pair`` the same groups by their codes; ``level`` is the answer that a contrast is
    about, ``level_code`` its code. ``estimate`` is a
    difference, a ratio or a slope with its interval, None for tests of association.
    ``order`` are the groups of a trend in the order that counts as steps; ``reason`` says
    why a test that was asked for has no p: "df" (too few degrees of freedom), "singular"
    (the covariance of what is tested has no inverse) or "spread" (no spread to test against).
    """

    table: str
    variable: str
    by: tuple[str, ...]
    test: str
    level: str | None = None
    level_code: str | None = None
    groups: tuple[str, str] | None = None
    pair: tuple[Group, Group] | None = None
    statistic: float | None = None
    df1: float | None = None
    df2: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    estimate: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int = 0
    order: tuple[str, ...] = ()
    reason: str | None = None


@frozen
class Term:
    """One coefficient; ``exponential`` says that its exponential is an odds or rate ratio."""

    term: str
    estimate: float
    se: float
    t: float
    df: float
    p: float
    ci_low: float
    ci_high: float
    exponential: bool = False


@frozen
class TermTest:
    """Wald's F that all coefficients of a whole term are zero."""

    term: str
    statistic: float
    df1: float
    df2: float
    p: float


@frozen
class Effect:
    """An average marginal effect: change of the mean outcome, in its own units."""

    term: str
    estimate: float
    se: float
    p: float | None
    ci_low: float | None
    ci_high: float | None


@frozen
class Support:
    """Respondents of a group that a model tells apart ("" for everybody).

    ``gave`` are those with the answer that is modelled, None where no coefficient tells of it.
    """

    group: str
    n: int
    gave: int | None = None


@frozen
class Model:
    """A fitted model. ``event`` is the answer whose probability a logistic model is about.

    ``support`` is what the coefficients rest on.
    """

    formula: str
    outcome: str
    event: str | None
    family: str
    n: int
    level: float
    where: str | None
    terms: tuple[Term, ...]
    tests: tuple[TermTest, ...]
    effects: tuple[Effect, ...]
    support: tuple[Support, ...] = ()
    notes: tuple[Note, ...] = ()


@frozen
class Attack:
    """What an attack on the printed figures found; ``reads`` names the kinds of figures that it took as conditions.

    ``complete`` is False where time ran out before every count was attacked.
    """

    attacked: int
    pinned: int
    narrowest: int | None
    reads: tuple[str, ...]
    complete: bool = True


@frozen
class Protected:
    """How a run was protected: the method, the decimals of its percentages, the ledger, the attack where asked for."""

    method: str
    decimals: int
    ledger: str | None = None
    audit: Attack | None = None


@frozen
class Results:
    """Everything one run computed, with its source and its design; ``tests`` where groups were compared.

    ``protection`` says how a protected run was made safe, None elsewhere.
    """

    estimates: tuple[Estimates, ...]
    source: Provenance
    design: Design
    notes: tuple[Note, ...] = ()
    tests: tuple[Test, ...] = ()
    models: tuple[Model, ...] = ()
    protection: Protected | None = None


def joint(results: Results) -> list[tuple[Estimates, ...]]:
    """The entries by table: statistics of one question that were asked for together are one table."""
    return [tuple(members) for _, members in groupby(results.estimates, key=_table)]


def _table(estimates: Estimates) -> object:
    request = estimates.request
    return replace(request, statistic=None, id=None, interval=None) if request.joint else estimates.id
