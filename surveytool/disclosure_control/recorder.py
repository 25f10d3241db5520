"""What the gate must know of the respondents behind every count, taken while the questions are summed.

Two counts of the same respondents are one secret, whatever tables they stand
in. So every group of respondents gets a fingerprint: each row has a number that
follows from its place in the file, and a group's fingerprint is the sum of its
rows' numbers. Equal groups have equal sums, the sum of disjoint groups is the
sum of their union, and nothing can be read back. Beside it stands the largest
share of a group that one primary sampling unit (or site) holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.question import Answers, Asked, Question
from surveytool.disclosure_control.group_counts import Counted, Rows
from surveytool.disclosure_control.number_facts import NumberFacts, count_like, two_values
from surveytool.disclosure_control.published import Family, Group, Names, PublishedCounts, Scope
from surveytool.disclosure_control.question_counts import (
    QuestionCounts,
    counted_by,
    everybody,
    keys_of_family,
    overlapping_scope,
    rows_of,
    scope_of,
    telling_look,
    told_rows,
    unnamed,
)
from surveytool.disclosure_control.row_fingerprint import numbers
from surveytool.survey import SEVERAL, Design, Survey, code_text

if TYPE_CHECKING:
    from surveytool.aggregate.respondent_classes import View
    from surveytool.arrays import Floats, Keys


SAME = 1e-6


class Recorder:
    """Looks at each question while its answers are at hand; remembers counts and fingerprints only."""

    def __init__(self, site: str | None = None) -> None:
        self.columns: tuple[str, ...] = (site,) if site is not None else ()
        self.site = site
        self.tables: list[PublishedCounts] = []
        self.families: dict[Family, Group] = {}
        self.rows = 0
        self.design: Design | None = None
        self.weights: Floats | None = None
        self._rows: tuple[Grouping, Floats, list[tuple[Keys, int, Names]]] | None = None

    def see(self, run: Grouping, asked: Asked) -> None:
        """Take one question's counts."""
        if asked.question.measure == "rank":
            return
        if self._rows is None:
            self.rows = run.columns.rows
            self.design = self.design or run.columns.survey.design
            self._rows = run, numbers(self.rows), list(self._units(self._sampled(run)))
            self.weights = run.sample.weights
        _, own, units = self._rows
        self._take([QuestionCounts(run=run, asked=asked, numbers=own, units=units)])

    def watch(self, survey: Survey) -> Design:
        """The design whose PSUs are guarded: that of the first question, whatever later ones leave out."""
        self.design = self.design or survey.design
        self.rows = survey.frame.rows
        return self.design

    def number(self, rows: int, first: int, count: int) -> Floats:
        """The numbers of some rows."""
        return numbers(rows, first, count)

    def seen(self, question: Question, views: Sequence[View]) -> None:
        """Take one question's counts from the classes of a stream, each telling some of its breakdowns."""
        self._take(
            [
                QuestionCounts(
                    run=view.run, asked=view.run.ask(question), numbers=view.classes.numbers,
                    units=list(self._units(view.run)), view=view,
                )
                for view in views
            ]
        )  # fmt: skip

    def _take(self, looks: Sequence[QuestionCounts]) -> None:
        """Remember one table."""
        looks, binary = as_levels(looks)
        look, seen = looks[0], looks[0].asked
        question, request, ready = seen.question, seen.question.request, seen.ready
        names = _with_margins(request.by)
        book = look.run.columns.survey.codebook
        asked = {name for each in names for name in each} | {request.variable}
        for name in sorted(name for name in asked if book[name].kind not in SEVERAL):
            if name != request.variable or book[name].kind == "single":
                self._family(telling_look(looks, (name,)), (None, (name,)))
        self._family(look, (request.where, ()))
        kind = kind_of(ready)
        self.tables.append(
            PublishedCounts(
                id=question.id,
                question=(request.variable, request.base if ready.levels else None, kind, question.denominator),
                request=request,
                printed=frozenset([*request.by, *([()] if request.total or not request.by else [])]),
                levels=tuple(code for _, code in ready.levels),
                multiple=ready.indicators is not None,
                scopes=self._scopes(looks, request.where, names),
                wider=self._scopes(looks, None, names) if request.where else (),
                kind=kind,
                base=look.run.columns.count(seen.domain & (ready.key >= 0)),
                domain=look.run.columns.count(seen.domain),
                binary=binary,
                guessable=self._guessable(looks, names),
                numbers=None if ready.levels else number_facts(look, names, self._keys),
            )
        )  # fmt: skip

    def _keys(self, look: QuestionCounts, family: Family) -> tuple[Any, tuple[Names, ...]]:
        """The group of each row (0 outside, 1 in none, then the groups), and the groups."""
        group = self._family(look, family)
        return group.keys, group.groups

    def _guessable(self, looks: Sequence[QuestionCounts], names: Sequence[Names]) -> float:
        """The heaviest weight where everybody in a group of some breakdown of a stream weighs the same, else 0."""
        book = looks[0].run.columns.survey.codebook
        for each in (name for name in names if name and looks[0].view is not None):
            if any(book[name].kind in SEVERAL for name in each):
                continue
            look = telling_look(looks, each)
            keys = keys_of_family(look.run, (None, each))[0]
            found = heaviest(look, keys)
            if found:
                return found
        return 0.0

    def _sampled(self, run: Grouping) -> Grouping:
        """The rows with the design whose PSUs are guarded."""
        own = run.columns.survey
        if self.design is None or own.design == self.design:
            return run
        from surveytool.aggregate.sample import read_units

        columns = Columns(replace(own, design=self.design), run.columns.table)
        unit, units, _ = read_units(columns, self.design, run.sample.units.weight)
        return Grouping(columns, replace(run.sample, unit=unit, units=units))

    def _units(self, run: Grouping) -> Any:
        """PSU codes [rows], how many they are, and the names that a reader knows them by."""
        sample, design = run.sample, run.columns.survey.design
        if design.psu and not sample.units.element:
            unit = sample.unit
            for stage in reversed(sample.units.stages[1:]):
                assert stage.parent is not None
                unit = stage.parent[unit]
            yield unit, int(unit.max(initial=-1)) + 1, (design.psu[0],)
        if self.site is not None and self.site not in design.psu[:1]:
            keys, texts = run.single(self.site, "site")
            yield np.where(keys < 0, len(texts), keys), len(texts) + 1, (self.site,)

    def _family(self, look: QuestionCounts, family: Family) -> Group:
        """The groups of a family, made once."""
        if family not in self.families:
            keys, groups = keys_of_family(look.run, family)
            domain, _ = look.run.domain(family[0])
            inside = np.flatnonzero(domain)
            held, counts = keys[inside].astype(np.intp) - 1, look.run.columns.sizes
            sizes = np.bincount(held, None if counts is None else counts[inside], minlength=len(groups) + 1)
            prints = _weighed(held, look.numbers[inside], len(groups) + 1)
            of_rows = keys if look.view is None else told_rows(look.view, family, keys)
            self.families[family] = Group(keys=of_rows, groups=groups, sizes=sizes.astype(np.int64), prints=prints)
        return self.families[family]

    def _scopes(self, looks: Sequence[QuestionCounts], where: str | None, names: list[Names]) -> tuple[Scope, ...]:
        """Counts of every breakdown in one domain, the total first."""
        scopes: dict[Names, Scope] = {}
        total: Counted | None = None
        ready: dict[int, tuple[Keys, Rows]] = {}
        for name in sorted(names, key=len, reverse=True):
            if name:
                look = telling_look(looks, name)
                rows, at = ready.setdefault(id(look), rows_of(look, where))
                scopes[name], made = self._scope(look, (where, name), rows, at)
                total = total or made
        whole = total.together() if total is not None else everybody(looks[0], where)
        scopes[()] = scope_of((where, ()), ((),), whole)
        return tuple(scopes[name] for name in names)

    def _scope(self, look: QuestionCounts, family: Family, rows: Keys, at: Rows) -> tuple[Scope, Counted | None]:
        """Counts of one breakdown, and those that may be added up to the total."""
        book = look.run.columns.survey.codebook
        if any(book[name].kind in SEVERAL for name in family[1]):
            return overlapping_scope(look, family, rows, at), None
        group = self._family(look, family)
        keys = keys_of_family(look.run, family)[0] if look.view is not None else group.keys
        assert isinstance(keys, np.ndarray)
        held = np.maximum(keys[rows].astype(np.intp) - 1, 0)
        named = unnamed(look, at, family[1])
        counted = counted_by(look.asked.ready, named, held, len(group.groups) + 1, rows)
        add_up = counted.masses is not None and len(named.units) == len(at.units)
        return scope_of(family, group.groups, counted), counted if add_up else None


def as_levels(looks: Sequence[QuestionCounts]) -> tuple[Sequence[QuestionCounts], bool]:
    """A number with two values as a question with two answers: its mean counts who gave the larger."""
    asked, look = looks[0].asked, looks[0]
    if asked.question.measure != "values" or look.view is not None:
        return looks, False
    ready = asked.ready
    values = np.where(ready.key >= 0, ready.moments[0] + ready.shift, np.nan)
    both = two_values(values)
    if both is None:
        return looks, False
    labels = _labels(look, asked.question.request.variable, both)
    made = replace(ready, key=np.where(ready.key < 0, -1, (values == both[1]).astype(np.intp)), depth=2, levels=labels)
    return [replace(look, asked=replace(asked, ready=made))], True


def _labels(look: QuestionCounts, name: str, values: tuple[float, float]) -> tuple[tuple[str, str], ...]:
    """How a table of the answers would call two numbers, so that both tables tell of the same people."""
    levels = look.run.columns.survey.codebook[name].valid_levels()
    known = {str(code_text(level.code)): level.label or code_text(level.code) for level in levels}
    return tuple((str(known.get(code_text(value), code_text(value))), code_text(value)) for value in values)


def heaviest(look: QuestionCounts, keys: Any) -> float:
    """The largest weight where weights differ, but not inside of groups; else 0."""
    weights, sizes = look.run.sample.weights, look.run.columns.sizes
    each = weights if sizes is None else weights / np.maximum(sizes, 1)
    inside = (keys > 1) & (weights > 0)
    if not inside.any():
        return 0.0
    own, held = each[inside], keys[inside]
    low, high = np.full(keys.max() + 1, np.inf), np.zeros(keys.max() + 1)
    np.minimum.at(low, held, own)
    np.maximum.at(high, held, own)
    alike = bool((high[high > 0] <= low[high > 0] * (1 + SAME)).all())
    return float(own.max()) if alike and own.max() > own.min() * (1 + SAME) else 0.0


def number_facts(look: QuestionCounts, names: Sequence[Names], keys_of: Any) -> NumberFacts:
    """The values of a question of numbers by breakdown and group."""
    ready, request = look.asked.ready, look.asked.question.request
    moments = ready.moments[-1] + ready.shift
    inside, _ = look.run.domain(request.where)
    rows = np.flatnonzero(inside & (ready.key >= 0) & (look.run.sample.weights > 0))
    weighted = moments * look.run.sample.weights
    values: dict[tuple[Names, Names], Floats] = {((), ()): moments[rows]}
    parts: dict[tuple[Names, Names], Floats] = {((), ()): weighted[rows]}
    book = look.run.columns.survey.codebook
    for each in names:
        if not each or any(book[name].kind in SEVERAL for name in each):
            continue
        keys, groups = keys_of(look, (request.where, each))
        for index, group in enumerate(groups, 2):
            mine = rows[keys[rows] == index]
            values[(each, group)], parts[(each, group)] = moments[mine], weighted[mine]
    return NumberFacts(values=values, parts=parts, whole=count_like(moments[rows]))


def kind_of(ready: Answers) -> str:
    """What a question's answers are: options (several answers), levels or numbers."""
    return "options" if ready.indicators is not None else "levels" if ready.levels else "numbers"


def _with_margins(by: tuple[Names, ...]) -> list[Names]:
    """The total, the breakdowns, and the margins of crossed ones: nobody prints them, everybody can add up to them."""
    margins = (part for names in by for size in range(1, len(names)) for part in combinations(names, size))
    ordered = {tuple(sorted(names)): names for names in reversed([*by, *margins])}
    return [(), *by, *(names for key, names in reversed(ordered.items()) if names not in by)]


def _weighed(cell: Keys, values: Floats, cells: int) -> Floats:
    """Sums of values by cell."""
    found: Floats = np.bincount(cell, values, minlength=cells).astype(np.float64)
    return found
